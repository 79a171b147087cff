//! Rules that go by a fact that nobody gives, so that it is never known, and texts with such a fact in
//! them, so that the agent never gets it.

use std::collections::BTreeSet;

use super::finding::{FindingKind, Findings, Level, Place};
use crate::routing::diff::listed;
use crate::routing::{Action, Template, Vocabulary};

pub(super) fn find(vocabulary: &dyn Vocabulary, findings: &mut Findings<'_>) {
    let unknown = vocabulary.unknown_facts(findings.table);
    for rule in findings.table.rules.iter().filter(|rule| rule.enabled) {
        let Some(facts) = unknown.get(&rule.id) else { continue };
        let facts = listed(&facts.iter().collect::<Vec<_>>(), |fact| format!("“{fact}”"));
        let message = format!(
            "goes by the fact {facts}, which no plugin and no look-up that is on gives, so it is never known; add the \
             plugin or switch the look-up on, or choose another fact"
        );
        findings.say(Level::Warning, FindingKind::FactUnknown, Place::Rule(rule.id.clone()), message);
    }
    if let Some(given) = vocabulary.facts_given(findings.table) {
        in_texts(&given, findings);
    }
}

fn in_texts(given: &BTreeSet<String>, findings: &mut Findings<'_>) {
    let table = findings.table;
    let rules = table.rules.iter().filter(|rule| rule.enabled);
    let outcomes = rules.map(|rule| (Place::Rule(rule.id.clone()), &rule.then));
    for (place, then) in outcomes.chain([(Place::Fallback, &table.fallback)]) {
        // With a call that is rejected nobody is told anything.
        if then.action != Action::Reject {
            say(findings, place, missing(then.variables.values(), given));
        }
    }
    for agent in &table.agents {
        let defaults = agent.needs.iter().filter_map(|needed| needed.default.as_ref());
        say(findings, Place::Agent(agent.id.clone()), missing(defaults, given));
    }
}

/// The facts in these texts that are not given.
fn missing<'t>(texts: impl Iterator<Item = &'t String>, given: &BTreeSet<String>) -> BTreeSet<String> {
    let read: Vec<Template> = texts.filter_map(|text| Template::parse(text).ok()).collect();
    read.iter().flat_map(Template::facts).filter(|fact| !given.contains(*fact)).map(str::to_owned).collect()
}

fn say(findings: &mut Findings<'_>, place: Place, unknown: BTreeSet<String>) {
    if unknown.is_empty() {
        return;
    }
    let facts = listed(&unknown.into_iter().collect::<Vec<_>>(), |fact| format!("{{{{{fact}}}}}"));
    let message = format!(
        "puts {facts} into what the agent is told, which no plugin and no look-up that is on gives, so it stays \
         empty; mend the name of the fact, or switch the look-up on"
    );
    findings.say(Level::Warning, FindingKind::TextUnknown, place, message);
}
