//! Finds a call that rules were computed to match, and asks their conditions whether it is so.

use chrono::{DateTime, Utc};

use super::board::{Board, Laid};
use super::cells::Cells;
use crate::routing::{Aspect, Call, Caller, CallerKey, Facts};

/// How many callers, lines and times are tried.
const TRIED: usize = 4;

/// Whether some call of these, with no facts known, is matched by all of `rules`.
pub(super) fn exists(board: &Board<'_>, cells: &Cells, rules: &[&Laid<'_>]) -> bool {
    let facts = Facts::default();
    let (callers, lines, times) = (callers(board, cells), lines(board, cells), times(board, cells));
    callers.iter().any(|from| {
        lines.iter().any(|to| {
            times.iter().any(|at| {
                [None, Some("agent".to_owned())].into_iter().any(|default_agent| {
                    let call = Call { default_agent, ..Call::new(from.clone(), to.clone()) };
                    rules.iter().all(|rule| rule.matches(&call, &facts, *at))
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
        [start.to_owned(), format!("{start}{}", &"555267100000"[..missing])]
    });
    let lines = board.table.lines.iter().map(|line| line.number.clone()).take(TRIED);
    let usual = ["+14155552671", "+4930901820", "+442079460000"].map(str::to_owned);
    let numbers = filled.chain(usual).chain(lines).map(Caller::Number);
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
    spans
        .take(TRIED)
        .filter_map(|(from, until)| DateTime::from_timestamp(from + (until - from) / 2, 0))
        .collect()
}
