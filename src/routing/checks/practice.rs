//! Rules that did nothing for long, as the call log tells.

use chrono::TimeDelta;

use super::board::Board;
use super::finding::{FindingKind, Findings, Level, Place, names};
use super::repair::Repair;

/// How long a rule must have been live before it is spoken of.
const LONG: TimeDelta = TimeDelta::days(60);

pub(super) fn find(board: &Board<'_>, findings: &mut Findings<'_>) {
    for laid in &board.rules {
        let Some(practice) = board.knowledge.rules.get(&laid.rule.id) else { continue };
        let is_long = findings.now - practice.since >= LONG;
        // Of rules that go on the log does not tell.
        let is_known = laid.ends() && *laid.rule == practice.rule;
        if !is_long || !is_known || practice.matched > 0 || findings.is_dead(laid.rule) {
            continue;
        }
        let takers: Vec<_> = practice.shadowed.keys().filter_map(|id| board.table.rule(id)).collect();
        let count: u64 = practice.shadowed.values().sum();
        let (kind, message) = if takers.is_empty() {
            (FindingKind::NeverMatched, format!("matched no call in the last {} days", LONG.num_days()))
        } else {
            let all = names(takers.iter().map(|rule| rule.name.as_str()));
            let calls = if count == 1 { "the one call".to_owned() } else { format!("all {count} calls") };
            let message =
                format!("never had its turn of late: {all} above took {calls} that it would have matched");
            (FindingKind::OnlyShadowed, message)
        };
        let place = Place::Rule(laid.rule.id.clone());
        let finding = findings.say(Level::Hint, kind, place, message);
        finding.others = takers.iter().map(|rule| rule.id.clone()).collect();
        finding.repairs = vec![Repair::Delete(laid.rule.id.clone())];
    }
}
