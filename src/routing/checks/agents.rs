//! Agents that nothing connects or that cannot take calls, and what the prompts of others need and do
//! not get.

use std::collections::HashSet;

use super::Knowledge;
use super::dismiss::texts_in;
use super::finding::{FindingKind, Findings, Level, Place};
use super::repair::Repair;
use crate::routing::diff::listed;
use crate::routing::variable::{Unset, surely_unset};
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

/// Agents that calls are sent to and that cannot take them.
pub(super) fn find_lost(knowledge: &Knowledge, findings: &mut Findings<'_>) {
    let (table, Some(known)) = (findings.table, &knowledge.agents) else { return };
    let unused: HashSet<&str> = unused(table).into_iter().map(|agent| agent.id.as_str()).collect();
    for agent in table.agents.iter().filter(|agent| !unused.contains(agent.id.as_str())) {
        let (kind, message) = match known.get(&agent.retell_id) {
            None => (
                FindingKind::AgentUnknown,
                "is not among the agents of your Retell account, so calls to it fail; compare its agent ID with the \
                 one at Retell",
            ),
            Some(true) => (
                FindingKind::AgentSuspended,
                "is suspended at Retell and takes no calls; look there for the reason, or connect another agent",
            ),
            Some(false) => continue,
        };
        findings.say(Level::Error, kind, Place::Agent(agent.id.clone()), message.to_owned());
    }
}

/// Variables that nothing sets.
pub(super) fn find_unset(findings: &mut Findings<'_>) {
    let table = findings.table;
    let rules = table.rules.iter().map(|rule| Place::Rule(rule.id.clone()));
    for (place, unset) in rules.chain([Place::Fallback]).zip(surely_unset(table)) {
        for of_agent in unset.chunk_by(|a, b| a.agent == b.agent) {
            let names = listed(of_agent, |Unset { variable, .. }| variable.clone());
            let agent = of_agent.first().map_or("", |unset| unset.agent.as_str());
            let it = if of_agent.len() == 1 { "it" } else { "them" };
            let message = format!("leaves {names} unset, and the prompt of “{agent}” needs {it}");
            findings.say(Level::Warning, FindingKind::VariableNotSet, place.clone(), message);
        }
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
