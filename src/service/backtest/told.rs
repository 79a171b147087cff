//! What an agent hears of a call, beside that it is there.

use std::collections::{BTreeMap, BTreeSet};

use crate::routing::{Decided, Decision, Object};

#[derive(Default)]
struct Told<'a> {
    variables: BTreeMap<&'a str, &'a str>,
    metadata: Option<&'a Object>,
    agent_settings: Option<&'a Object>,
}

impl<'a> Told<'a> {
    /// Of a call that is rejected nobody is told anything.
    fn of(decision: &'a Decision) -> Self {
        if decision.action == Decided::Reject {
            return Self::default();
        }
        let Decision { variables, metadata, agent_settings, .. } = decision;
        let variables = variables.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        Self { variables, metadata: metadata.as_ref(), agent_settings: agent_settings.as_ref() }
    }
}

/// In what two decisions differ for the agent that answers: names of variables, and what else it is
/// told. Empty where it is all the same.
pub(super) fn told_otherwise(one: &Decision, other: &Decision) -> Vec<String> {
    let (one, other) = (Told::of(one), Told::of(other));
    let names: BTreeSet<&str> = one.variables.keys().chain(other.variables.keys()).copied().collect();
    let differs = |name: &&str| one.variables.get(name) != other.variables.get(name);
    let mut found: Vec<String> = names.into_iter().filter(differs).map(str::to_owned).collect();
    if one.metadata != other.metadata {
        found.push("metadata".to_owned());
    }
    if one.agent_settings != other.agent_settings {
        found.push("agent settings".to_owned());
    }
    found
}
