//! Agents that nothing connects.

use std::collections::HashSet;

use super::dismiss::texts_in;
use super::finding::{FindingKind, Findings, Level, Place};
use super::repair::Repair;
use crate::routing::{Action, Agent, Table};

pub(super) fn find(findings: &mut Findings<'_>) {
    let table = findings.table;
    // Whoever has not made a rule yet has not forgotten an agent either.
    if table.rules.is_empty() {
        return;
    }
    for agent in unused(table) {
        let place = Place::Agent(agent.id.clone());
        let message = "is not used: no rule connects it, and the fallback does not".to_owned();
        let finding = findings.say(Level::Hint, FindingKind::AgentNotUsed, place, message);
        finding.repairs = vec![Repair::DeleteAgent(agent.id.clone())];
    }
}

fn unused(table: &Table) -> Vec<&Agent> {
    let outcomes = table.rules.iter().map(|rule| &rule.then).chain([&table.fallback]);
    let connected: HashSet<&str> = outcomes
        .filter_map(|then| match &then.action {
            Action::Connect { agent, .. } => Some(agent.as_str()),
            _ => None,
        })
        .collect();
    let mut unused: Vec<&Agent> =
        table.agents.iter().filter(|agent| !connected.contains(agent.id.as_str())).collect();
    if !unused.is_empty() {
        // What else names it counts too, whatever it is.
        let (agents, lists, dismissed) = (Vec::new(), Vec::new(), Vec::new());
        let rest = serde_json::to_value(Table { agents, lists, dismissed, ..table.clone() });
        let rest = rest.unwrap_or_default();
        let mut texts = std::collections::BTreeSet::new();
        texts_in(&rest, &mut texts);
        unused.retain(|agent| !texts.contains(agent.id.as_str()));
    }
    unused
}
