//! What can take calls to a line besides the ordinary ones: rules about some callers, and whatever else
//! is not decided by line and time alone.

use super::shifts::OnBoard;
use crate::routing::checks::{Bits, Board, Cells, TIMES, meet, minus};
use crate::routing::{Line, Times};

/// More pieces than this of a rule's calls are not followed. Then a rule may be named that rules above
/// leave no call.
const PIECES: usize = 100;

/// For the rules that end, in order, and then the fallback: when each can take some calls to the line.
pub(super) struct Others(Vec<(usize, Times)>);

impl Others {
    /// Within `times`.
    pub(super) fn of(board: &Board<'_>, rules: &[OnBoard<'_>], line: &Line, times: &Times) -> Self {
        let here = |boxes: &[Cells]| -> Vec<Cells> {
            boxes.iter().filter_map(|cells| board.to_line(cells.clone(), line)).collect()
        };
        let boxes: Vec<(Vec<Cells>, bool)> =
            rules.iter().map(|(laid, is_exact)| (here(&laid.boxes), *is_exact)).collect();
        let rest = here(&[Cells::default()]);
        let all = boxes.iter().map(|(boxes, _)| boxes).chain([&rest]).enumerate();
        let when = all.filter(|(_, boxes)| !boxes.is_empty()).filter_map(|(place, own)| {
            let above = boxes[..place].iter().filter(|(_, is_exact)| *is_exact);
            let left = above.fold(own.clone(), |left, (above, _)| {
                // Most rules are about other callers, and finding that out is quicker than cutting.
                let less = meet(&left, above).then(|| minus(&left, above, PIECES)).flatten();
                less.unwrap_or(left)
            });
            let when = when(board, &left).and(times);
            (!when.is_empty()).then_some((place, when))
        });
        Self(when.collect())
    }

    /// The places of all that can take calls at a moment, but for one.
    pub(super) fn at(&self, moment: i64, but: usize) -> Vec<usize> {
        let can = self.0.iter().filter(|(place, times)| *place != but && times.contains(&moment));
        can.map(|(place, _)| *place).collect()
    }

    /// When anything changes.
    pub(super) fn bounds(&self) -> impl Iterator<Item = &i64> {
        self.0.iter().flat_map(|(_, times)| times.bounds())
    }
}

fn when(board: &Board<'_>, boxes: &[Cells]) -> Times {
    let mut any: Bits = board.space.no_time();
    for cells in boxes {
        match cells.atoms(TIMES) {
            Some(atoms) => any = any.or(atoms),
            None => return board.space.times_with(None),
        }
    }
    board.space.times_with(Some(&any))
}
