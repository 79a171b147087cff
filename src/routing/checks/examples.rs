//! Calls that reach a rule, to begin test cases with.

use chrono::{DateTime, Utc};

use super::board::{Board, Kept, Laid};
use super::cells::Cells;
use super::{Knowledge, hidden, sample};
use crate::routing::{Calendar, Call, Table, Vocabulary};

/// So many stretches of calls are looked into, and so many calls of each.
const PIECES: usize = 12;
const OF_EACH: usize = 48;

/// Calls of the coming year that a rule can match and none above it takes, as far as conditions state
/// which calls they match, with the time of each, the soonest first. What they do not state is left to
/// whoever asks them.
#[must_use]
pub fn examples(
    table: &Table,
    vocabulary: &dyn Vocabulary,
    rule: &str,
    now: DateTime<Utc>,
) -> Vec<(Call, DateTime<Utc>)> {
    let (knowledge, calendar) = (Knowledge::default(), Calendar::year_from(now));
    let mut kept = Kept::default();
    let Some(board) = Board::of(table, vocabulary, &knowledge, &calendar, now, &mut kept) else {
        return Vec::new();
    };
    let is_it = |laid: &&Laid<'_>| laid.rule.id == rule;
    let mut pieces: Vec<Cells> = match board.rules.iter().position(|laid| is_it(&laid)) {
        Some(place) => hidden::reach_of(&board, place).unwrap_or_else(|| board.rules[place].boxes.clone()),
        None => board.too_odd.iter().find(is_it).map(|laid| laid.boxes.clone()).unwrap_or_default(),
    };
    pieces.sort_by_cached_key(|cells| board.space.times_of(cells).bounds().first().copied());
    let mut calls: Vec<(Call, DateTime<Utc>)> = Vec::new();
    for cells in pieces.iter().take(PIECES) {
        let enough = calls.len() + OF_EACH;
        sample::find(&board, cells, |call, at| {
            calls.push((call.clone(), at));
            calls.len() == enough
        });
    }
    calls.sort_by_key(|(_, at)| *at);
    calls
}
