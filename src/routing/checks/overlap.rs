//! Rules that take each other's calls in part, and rules that do the same.
//!
//! An exception above a general rule is as it should be. So is a rule about callers above a rule
//! about hours. What may be a slip is when two rules overlap within the same dimension, and each
//! has a part of its own there, such as hours that run into each other.

use super::board::{Board, Laid};
use super::cells::{self, Cells};
use super::finding::{FindingKind, Findings, Level, Place};
use super::hidden::Reach;
use super::repair::{Repair, do_the_same, joint};
use super::{sample, words};

/// More pieces than this are not followed.
const PIECES: usize = 200;
/// How many pairs of rules are looked at closely in one check.
const PAIRS: usize = 500;

pub(super) fn find(
    board: &Board<'_>,
    reach: &Reach,
    findings: &mut Findings<'_>,
    cancelled: &dyn Fn() -> bool,
) -> Option<()> {
    let mut pairs = 0;
    for (index, laid) in board.rules.iter().enumerate() {
        if cancelled() {
            return None;
        }
        if findings.is_dead(laid.rule) {
            continue;
        }
        let above = &board.rules[..index];
        order_decides(board, reach, index, &mut pairs, findings);
        if board.is_complete {
            not_needed(board, index, findings);
        }
        could_be_one(laid, above.last(), findings);
    }
    Some(())
}

/// A rule above takes a part of the calls, and both have a part of their own in the same dimension.
fn order_decides(
    board: &Board<'_>,
    reach: &Reach,
    index: usize,
    pairs: &mut usize,
    findings: &mut Findings<'_>,
) {
    let laid = &board.rules[index];
    for (other, reached) in board.met_above(index).map(|above| (&board.rules[above], &reach[above])) {
        let is_same = !other.ends() || other.rule.then == laid.rule.then;
        if is_same || *pairs >= PAIRS || findings.is_dead(other.rule) {
            continue;
        }
        let torn = other.boxes.iter().find_map(|a| {
            let b = laid.boxes.iter().find(|b| a.meets(b) && is_torn(a, b))?;
            // What rules further above take is not shared.
            let both = a.and(b)?;
            let both = reached.iter().flatten().find_map(|reached| both.and(reached))?;
            Some((a, b, both))
        });
        let Some((a, b, both)) = torn else { continue };
        *pairs += 1;
        let Some(part) = words::part_words(board, a, b, &both) else { continue };
        // Only what a call was seen to do is told.
        if !sample::exists(board, &both, &[other, laid]) {
            continue;
        }
        let message = format!("shares calls with “{}” above, which takes them: {part}", other.rule.name);
        let place = Place::Rule(laid.rule.id.clone());
        let finding = findings.say(Level::Hint, FindingKind::OrderDecides, place, message);
        finding.others = vec![other.rule.id.clone()];
        let (rule, above) = (laid.rule.id.clone(), other.rule.id.clone());
        finding.repairs = vec![Repair::MoveAbove { rule, above }];
        return;
    }
}

/// Whether in some dimension each has atoms that the other has not.
fn is_torn(a: &Cells, b: &Cells) -> bool {
    a.common(b).any(|(_, a, b)| !a.is_within(b) && !b.is_within(a))
}

/// A rule below would do the same with all calls, and no rule between has to do with them.
fn not_needed(board: &Board<'_>, index: usize, findings: &mut Findings<'_>) {
    let laid = &board.rules[index];
    // The first below that has to do with its calls decides: it takes them all, or it is in between.
    let Some(other) = board.first_met_below(index).map(|below| &board.rules[below]) else { return };
    let covers = laid.ends() && other.ends() && do_the_same(laid.rule, other.rule);
    let covers = covers && !findings.is_dead(other.rule);
    if covers && cells::minus(&laid.boxes, &other.boxes, PIECES).is_some_and(|left| left.is_empty()) {
        let name = &other.rule.name;
        let message = format!("is not needed: “{name}” below does the same with all of its calls");
        let place = Place::Rule(laid.rule.id.clone());
        let finding = findings.say(Level::Hint, FindingKind::NotNeeded, place, message);
        finding.others = vec![other.rule.id.clone()];
        finding.repairs = vec![Repair::Delete(laid.rule.id.clone())];
    }
}

/// The rule just above does the same, and differs in one group of conditions only.
fn could_be_one(laid: &Laid<'_>, above: Option<&Laid<'_>>, findings: &mut Findings<'_>) {
    let Some(above) = above.filter(|above| above.place + 1 == laid.place && !findings.is_dead(above.rule))
    else {
        return;
    };
    if !laid.ends() || joint(above.rule, laid.rule).is_none() {
        return;
    }
    let message = format!("could be one rule with “{}” just above, which does the same", above.rule.name);
    let place = Place::Rule(laid.rule.id.clone());
    let finding = findings.say(Level::Hint, FindingKind::CouldBeOne, place, message);
    finding.others = vec![above.rule.id.clone()];
    let (rule, with) = (above.rule.id.clone(), laid.rule.id.clone());
    finding.repairs = vec![Repair::Join { rule, with }];
}
