//! Rules that can match no call: their time is over, or their conditions exclude each other.

use super::board::{Board, Laid, LaidTest};
use super::cells;
use super::finding::{FindingKind, Findings, Level, Place};
use super::repair::Repair;
use crate::routing::{Calendar, Period, Phase, moment_words};

/// Rules whose time is over.
pub(super) fn expired(findings: &mut Findings<'_>) {
    let Ok(zone) = findings.table.zone.parse() else { return };
    for rule in findings.table.rules.iter().filter(|rule| rule.enabled) {
        let (period, _) = Period::of(rule, zone);
        if let (Phase::Expired, Some(until)) = (period.phase(findings.now), period.until) {
            let message = format!("takes no calls any more: its time was over on {}", moment_words(&until));
            let place = Place::Rule(rule.id.clone());
            let finding = findings.say(Level::Hint, FindingKind::Expired, place, message);
            finding.repairs = vec![Repair::Delete(rule.id.clone())];
        }
    }
}

/// Rules that no call of the coming year fits.
pub(super) fn find<'a>(board: &Board<'a>, findings: &mut Findings<'a>) {
    for laid in board.rules.iter().filter(|laid| laid.boxes.is_empty()) {
        let (level, message) = reason(laid);
        let finding = findings.say_dead(level, FindingKind::NeverMatches, laid.rule, message);
        finding.repairs = vec![Repair::Delete(laid.rule.id.clone())];
    }
}

fn reason(laid: &Laid<'_>) -> (Level, String) {
    let words = |test: &LaidTest| format!("“{}”", test.prepared.condition.words(test.not));
    let all_words = |group: &[LaidTest]| group.iter().map(words).collect::<Vec<_>>().join(" or ");
    let boxes = |group: &[LaidTest]| group.iter().flat_map(|test| test.boxes.clone()).collect::<Vec<_>>();
    if let Some(group) = laid.when.iter().find(|group| boxes(group).is_empty()) {
        // What nobody fits at any time waits to be filled in: an empty list.
        let calendar = Calendar::boundless();
        let is_empty =
            group.iter().all(|test| !test.not && test.prepared.condition.region(&calendar).yes.is_empty());
        return if is_empty {
            (Level::Hint, format!("matches no call yet, as nobody fits {}", all_words(group)))
        } else {
            (Level::Warning, format!("can never match: no call of the coming year fits {}", all_words(group)))
        };
    }
    for (place, group) in laid.when.iter().enumerate() {
        let excluded = |other: &&Vec<LaidTest>| !cells::meet(&boxes(group), &boxes(other));
        if let Some(other) = laid.when[..place].iter().find(excluded) {
            let (a, b) = (all_words(other), all_words(group));
            return (Level::Warning, format!("can never match: no call fits {a} and also {b}"));
        }
    }
    let period = laid.period.words();
    let within = if period.is_empty() { String::new() } else { format!(" {period}") };
    (Level::Warning, format!("can never match: no call fits all of its conditions at once{within}"))
}
