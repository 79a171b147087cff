//! Rules that go by a fact that nobody gives, so that it is never known.

use super::finding::{FindingKind, Findings, Level, Place};
use crate::routing::Vocabulary;
use crate::routing::diff::listed;

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
}
