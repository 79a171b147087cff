//! Facts about a person that an agent is told because of a number, which can be faked.

use std::collections::BTreeSet;

use super::finding::{FindingKind, Findings, Level, Place};
use crate::routing::diff::listed;
use crate::routing::{Action, Outcome, Period, Phase, Rule, Table, Template, Vocabulary};

/// Comes last: of rules that take no part nothing is said.
pub(super) fn find(vocabulary: &dyn Vocabulary, findings: &mut Findings<'_>) {
    let table = findings.table;
    let zone = table.zone.parse().ok();
    let is_over = |rule: &Rule| {
        let period = zone.map(|zone| Period::of(rule, zone).0);
        period.is_some_and(|period| period.phase(findings.now) == Phase::Expired)
    };
    let rules = table.rules.iter().filter(|rule| rule.enabled && !findings.is_dead(rule) && !is_over(rule));
    let told = rules.map(|rule| (Place::Rule(rule.id.clone()), of_outcome(&rule.then, vocabulary, table)));
    let told = told.chain([(Place::Fallback, of_outcome(&table.fallback, vocabulary, table))]);
    let told: Vec<_> = told.filter(|(_, facts)| !facts.is_empty()).collect();
    for (place, facts) in told {
        let message = format!(
            "tells the agent {} because of the caller's number, and a number can be faked; \
             let the agent ask for something that only this person knows before it says more",
            listed(&facts.into_iter().collect::<Vec<_>>(), |fact| format!("{{{{{fact}}}}}"))
        );
        findings.say(Level::Hint, FindingKind::PrivateFacts, place, message);
    }
}

fn of_outcome(then: &Outcome, vocabulary: &dyn Vocabulary, table: &Table) -> BTreeSet<String> {
    // With a call that is rejected nobody is told anything.
    let is_told = then.action != Action::Reject;
    let texts = then.variables.values().filter(|_| is_told);
    let facts = texts.filter_map(|text| Template::parse(text).ok()).flat_map(|template| {
        let facts: Vec<String> = template.facts().map(str::to_owned).collect();
        facts
    });
    facts.filter(|fact| vocabulary.is_private(fact, table)).collect()
}
