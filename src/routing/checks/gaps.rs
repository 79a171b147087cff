//! Times of the week at which no rule takes calls to a line, so that only the fallback answers.

use super::board::Board;
use super::cells::{Bits, Cells};
use super::finding::{FindingKind, Findings, Level, Place};
use super::repair::Repair;
use super::space::TIMES;
use super::week::{WeekSpan, weekly};
use super::words::spans_words;
use crate::routing::{Aspect, Line, Values};

pub(super) fn find(board: &Board<'_>, findings: &mut Findings<'_>) {
    // A rule that is not finished may be the one that answers then.
    if !board.is_complete || board.rules.iter().all(|laid| !laid.ends()) {
        return;
    }
    for line in &board.table.lines {
        let gap = gap(board, line);
        if gap.is_empty() {
            continue;
        }
        let message = if gap == [WeekSpan::WHOLE] {
            "has no rule: all of its calls go to the fallback".to_owned()
        } else {
            format!("has no rule for {}: then only the fallback answers", spans_words(&gap))
        };
        let place = Place::Line(line.id.clone());
        let finding = findings.say(Level::Hint, FindingKind::Gap, place, message);
        finding.repairs = vec![Repair::AddRule { line: line.id.clone(), hours: gap }];
    }
}

/// When no rule can match a call to this line, in most weeks.
fn gap(board: &Board<'_>, line: &Line) -> Vec<WeekSpan> {
    let this = Values::of([line.number.as_str()]);
    let mut taken: Bits = board.space.no_time();
    for cells in board.rules.iter().filter(|laid| laid.ends()).flat_map(|laid| &laid.boxes) {
        let Some(here): Option<Cells> = board.space.with(cells.clone(), Aspect::Line, &this) else {
            continue;
        };
        match here.atoms(TIMES) {
            Some(atoms) => taken = taken.or(atoms),
            None => return Vec::new(),
        }
    }
    let free = board.space.times_with(Some(&taken.complement()));
    weekly(&free, board.zone, board.from, board.until)
}
