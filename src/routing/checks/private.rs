//! Facts about a person that an agent is told because of a number, which can be faked.

use std::collections::BTreeSet;

use super::finding::{FindingKind, Findings, Level, Place};
use crate::routing::diff::listed;
use crate::routing::{Outcome, Table, Template, Vocabulary};

pub(super) fn find(vocabulary: &dyn Vocabulary, findings: &mut Findings<'_>) {
    let table = findings.table;
    let rules = table.rules.iter().filter(|rule| rule.enabled);
    let outcomes = rules.map(|rule| (Place::Rule(rule.id.clone()), &rule.then));
    for (place, then) in outcomes.chain([(Place::Fallback, &table.fallback)]) {
        let facts = private_facts(then, vocabulary, table);
        if facts.is_empty() {
            continue;
        }
        let message = format!(
            "tells the agent {} because of the caller's number, and a number can be faked; \
             let the agent ask for something that only this person knows before it says more",
            listed(&facts.into_iter().collect::<Vec<_>>(), |fact| format!("{{{{{fact}}}}}"))
        );
        findings.say(Level::Hint, FindingKind::PrivateFacts, place, message);
    }
}

fn private_facts(then: &Outcome, vocabulary: &dyn Vocabulary, table: &Table) -> BTreeSet<String> {
    let templates = then.variables.values().filter_map(|text| Template::parse(text).ok());
    let facts = templates.flat_map(|template| template.facts().map(str::to_owned).collect::<Vec<_>>());
    facts.filter(|fact| vocabulary.is_private(fact, table)).collect()
}
