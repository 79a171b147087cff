//! Rules that never decide, as rules above take all of their calls.

use super::board::{Board, Laid};
use super::cells::{self, Cells};
use super::finding::{FindingKind, Findings, Level, names};
use super::repair::{Repair, do_the_same};

/// More pieces than this of a rule's calls are not followed.
const PIECES: usize = 200;

/// For each rule of the board the calls that reach it; `None` where they could not be followed.
pub(super) type Reach = Vec<Option<Vec<Cells>>>;

pub(super) fn find<'a>(
    board: &Board<'a>,
    findings: &mut Findings<'a>,
    cancelled: &dyn Fn() -> bool,
) -> Option<Reach> {
    let mut reach = Vec::with_capacity(board.rules.len());
    for (index, laid) in board.rules.iter().enumerate() {
        if cancelled() {
            return None;
        }
        let above = &board.rules[..index];
        let (left, takers) = left_of(board, index);
        if !laid.boxes.is_empty() && left.as_ref().is_some_and(Vec::is_empty) {
            say(laid, above, &needed(laid, takers), board, findings);
        }
        reach.push(left);
    }
    Some(reach)
}

/// The calls that reach the rule at this place of the board; `None` where they could not be followed.
pub(super) fn reach_of(board: &Board<'_>, index: usize) -> Option<Vec<Cells>> {
    left_of(board, index).0
}

/// What rules above leave of a rule's calls, and which of them take some.
fn left_of<'b, 'a>(board: &'b Board<'a>, index: usize) -> (Option<Vec<Cells>>, Vec<&'b Laid<'a>>) {
    let met = board.met_above(index).map(|above| &board.rules[above]);
    let mut takers = Vec::new();
    let mut left = board.rules[index].boxes.clone();
    for taker in met.filter(|taker| taker.ends()) {
        if cells::meet(&left, &taker.boxes) {
            takers.push(taker);
            match cells::minus(&left, &taker.boxes, PIECES) {
                Some(less) => left = less,
                None => return (None, takers),
            }
        }
    }
    (Some(left), takers)
}

/// Of rules that together take all calls, one that does so alone, or else only those that are needed.
fn needed<'b, 'a>(laid: &Laid<'_>, takers: Vec<&'b Laid<'a>>) -> Vec<&'b Laid<'a>> {
    let take_all = |takers: &[&Laid<'_>]| {
        let all = takers
            .iter()
            .try_fold(laid.boxes.clone(), |left, taker| cells::minus(&left, &taker.boxes, PIECES));
        all.is_some_and(|left| left.is_empty())
    };
    if let Some(one) = takers.iter().find(|taker| take_all(&[taker])) {
        return vec![one];
    }
    let mut needed = takers;
    let mut place = 0;
    while place < needed.len() {
        let mut fewer = needed.clone();
        fewer.remove(place);
        if take_all(&fewer) { needed = fewer } else { place += 1 }
    }
    needed
}

fn say<'a>(
    laid: &Laid<'a>,
    above: &[Laid<'_>],
    takers: &[&Laid<'_>],
    board: &Board<'_>,
    findings: &mut Findings<'a>,
) {
    let adds = board.rules.iter().any(|other| !other.ends() && cells::meet(&other.boxes, &laid.boxes));
    let does_the_same = !adds && takers.iter().all(|taker| do_the_same(taker.rule, laid.rule));
    let all = names(takers.iter().map(|taker| taker.rule.name.as_str()));
    let (take, does) = if takers.len() == 1 { ("takes", "does") } else { ("together take", "do") };
    let (level, kind, message) = if does_the_same {
        let message = format!("is not needed: {all} above {take} all of its calls and {does} the same");
        (Level::Hint, FindingKind::NotNeeded, message)
    } else {
        let verb = if laid.ends() { "decides" } else { "takes part" };
        let message = format!("never {verb}: {all} above {take} all of its calls");
        (Level::Warning, FindingKind::Hidden, message)
    };
    let id = &laid.rule.id;
    let higher = higher_place(laid, above, takers).filter(|_| !does_the_same);
    let move_there = higher.map(|above| Repair::MoveAbove { rule: id.clone(), above });
    let finding = findings.say_dead(level, kind, laid.rule, message);
    finding.others = takers.iter().map(|taker| taker.rule.id.clone()).collect();
    finding.repairs = move_there.into_iter().chain([Repair::Delete(id.clone())]).collect();
}

/// The rule above which this one gets calls and leaves some to those that took them all.
fn higher_place(laid: &Laid<'_>, above: &[Laid<'_>], takers: &[&Laid<'_>]) -> Option<String> {
    let first = takers.iter().min_by_key(|taker| taker.place)?;
    let higher: Vec<Cells> = above
        .iter()
        .filter(|rule| rule.ends() && rule.place < first.place)
        .flat_map(|rule| rule.boxes.clone())
        .collect();
    let is_some = |boxes: &[Cells], taken: &[Cells]| {
        cells::minus(boxes, taken, PIECES).is_some_and(|left| !left.is_empty())
    };
    let fits = is_some(&laid.boxes, &higher) && takers.iter().all(|taker| is_some(&taker.boxes, &laid.boxes));
    fits.then(|| first.rule.id.clone())
}
