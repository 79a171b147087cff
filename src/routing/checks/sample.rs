//! Finds calls that rules were computed to match, and asks their conditions whether it is so.

use chrono::{DateTime, Utc};

use super::board::{Board, Laid};
use super::cells::Cells;
use crate::routing::{Aspect, Call, Caller, CallerKey, Facts, number};

/// How many callers, lines and times are tried.
const TRIED: usize = 4;

/// Of longer times, only so much from the beginning counts, in seconds.
const DAY_OF_WORK: i64 = 8 * 3600;

/// Numbers of several countries and kinds.
const USUAL: [&str; 5] = ["+14155552671", "+4930901820", "+442079460000", "+4915123456789", "+18002345678"];

/// Whether some call of these, with no facts known, is matched by all of `rules`.
pub(super) fn exists(board: &Board<'_>, cells: &Cells, rules: &[&Laid<'_>]) -> bool {
    let facts = Facts::default();
    find(board, cells, |call, at| rules.iter().all(|rule| rule.matches(call, &facts, at)))
}

/// Whether some call of these is a wanted one.
pub(super) fn find(
    board: &Board<'_>,
    cells: &Cells,
    mut is_wanted: impl FnMut(&Call, DateTime<Utc>) -> bool,
) -> bool {
    let (callers, lines, times) = (callers(board, cells), lines(board, cells), times(board, cells));
    times.iter().any(|at| {
        lines.iter().any(|to| {
            callers.iter().any(|from| {
                [None, Some("agent".to_owned())].into_iter().any(|default_agent| {
                    is_wanted(&Call { default_agent, ..Call::new(from.clone(), to.clone()) }, *at)
                })
            })
        })
    })
}

fn callers(board: &Board<'_>, cells: &Cells) -> Vec<Caller> {
    let wanted = board.space.callers_of(cells);
    let is_wanted = |caller: &Caller| wanted.contains(&CallerKey::from(caller));
    // Beginnings are filled up to whole numbers.
    let starts = wanted.spans().filter_map(|(from, _)| from?.text()).take(TRIED);
    let filled = starts.flat_map(|start| {
        let missing = 12_usize.saturating_sub(start.len());
        [format!("{start}{}", &"555267100000"[..missing]), start.to_owned()]
    });
    let filled = filled.filter(|number| number.bytes().all(|byte| byte == b'+' || byte.is_ascii_digit()));
    let countries = match board.space.values_of(cells, Aspect::Country) {
        Some((countries, false)) => countries,
        _ => Vec::new(),
    };
    let abroad = countries.into_iter().take(TRIED).filter_map(number::example);
    let lines = board.table.lines.iter().map(|line| line.number.clone()).take(TRIED);
    let numbers = abroad.chain(filled).chain(USUAL.map(str::to_owned)).chain(lines).map(Caller::Number);
    numbers.chain([Caller::Withheld]).filter(is_wanted).take(2 * TRIED).collect()
}

fn lines(board: &Board<'_>, cells: &Cells) -> Vec<String> {
    let known = || board.table.lines.iter().map(|line| line.number.clone()).take(TRIED);
    match board.space.values_of(cells, Aspect::Line) {
        Some((values, false)) => values.iter().take(TRIED).map(|value| (*value).to_owned()).collect(),
        Some((values, true)) => values.iter().map(|value| (*value).to_owned()).chain(known()).collect(),
        None => known().chain(["+15550000000".to_owned()]).collect(),
    }
}

fn times(board: &Board<'_>, cells: &Cells) -> Vec<DateTime<Utc>> {
    let times = board.space.times_of(cells);
    let at = |bound: Option<&i64>, or: DateTime<Utc>| bound.map_or(or.timestamp(), |bound| *bound);
    let spans = times.spans().map(|(from, until)| (at(from, board.from), at(until, board.until)));
    spans.take(TRIED).filter_map(|(from, until)| DateTime::from_timestamp(within(from, until), 0)).collect()
}

/// A time in the middle of a day's work that begins then: a full hour where there is one, or at least a
/// full minute.
fn within(from: i64, until: i64) -> i64 {
    let middle = from + (until - from).min(DAY_OF_WORK) / 2;
    let rounded = [3600, 900, 60].map(|step| middle - middle.rem_euclid(step));
    rounded.into_iter().find(|at| from <= *at).unwrap_or(middle)
}
