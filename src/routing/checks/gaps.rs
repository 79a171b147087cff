//! Times of the week at which no rule takes calls to a line, so that only the fallback answers. Rules
//! about single callers, such as a block list, close no gap for all others.

use super::board::{Board, Somebody};
use super::cells::{Bits, Cells};
use super::finding::{FindingKind, Findings, Level, Place};
use super::repair::Repair;
use super::space::TIMES;
use super::week::{WeekSpan, weekly};
use super::words::spans_words;
use crate::routing::Line;

pub(super) fn find(board: &Board<'_>, findings: &mut Findings<'_>) {
    // A rule that is not finished may be the one that answers then.
    if !board.is_complete || board.rules.iter().all(|laid| !laid.ends()) {
        return;
    }
    for line in &board.table.lines {
        let strangers = gap(board, line, Some(&board.stranger(line)));
        if strangers.is_empty() {
            continue;
        }
        let for_all = gap(board, line, None) == strangers;
        let others = if for_all { "" } else { ", but for callers that a rule is about" };
        let message = if strangers == [WeekSpan::WHOLE] {
            format!("has no rule{others}: its calls go to the fallback")
        } else {
            format!("has no rule for {}{others}: then only the fallback answers", spans_words(&strangers))
        };
        let place = Place::Line(line.id.clone());
        let finding = findings.say(Level::Hint, FindingKind::Gap, place, message);
        finding.repairs = vec![Repair::AddRule { line: line.id.clone(), hours: strangers }];
    }
}

/// When no rule can match a call to this line, by this caller or by any, in most weeks.
fn gap(board: &Board<'_>, line: &Line, caller: Option<&Somebody>) -> Vec<WeekSpan> {
    let mut taken: Bits = board.space.no_time();
    for cells in board.rules.iter().filter(|laid| laid.ends()).flat_map(|laid| &laid.boxes) {
        let mut here: Option<Cells> = board.to_line(cells.clone(), line);
        if let Some(caller) = caller {
            here = here.and_then(|here| board.by(here, caller));
        }
        match here.as_ref().map(|here| here.atoms(TIMES)) {
            None => {}
            Some(Some(atoms)) => taken = taken.or(atoms),
            Some(None) => return Vec::new(),
        }
    }
    let free = board.space.times_with(Some(&taken.complement()));
    weekly(&free, board.zone, board.from, board.until)
}
