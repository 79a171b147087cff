//! Differences between two outcomes: who answers, with which variables, metadata and settings.

use std::collections::{BTreeMap, BTreeSet};

use super::{Sides, Tell, settings, shown};
use crate::routing::{Action, Outcome, Table};

/// Tells what differs between two outcomes of the thing that `tell` is about.
pub(super) fn outcome(tell: &mut Tell<'_>, sides: Sides<'_>, from: &Outcome, to: &Outcome) {
    let Outcome { action: new, variables: new_variables, metadata, agent_settings } = to;
    action(tell, sides, &from.action, new);
    variables(tell, &from.variables, new_variables);
    for rest in settings::of_objects(from.metadata.as_ref(), metadata.as_ref()) {
        tell.changed(&format!("sends other metadata: {rest}"));
    }
    for rest in settings::of_objects(from.agent_settings.as_ref(), agent_settings.as_ref()) {
        tell.changed(&format!("sets the agent otherwise: {rest}"));
    }
}

fn action(tell: &mut Tell<'_>, sides: Sides<'_>, from: &Action, to: &Action) {
    if from == to {
        return;
    }
    let (Action::Connect { .. }, Action::Connect { .. }) = (from, to) else {
        return tell.changed(&format!("now {} (was: {})", does(to, sides.to), does(from, sides.from)));
    };
    let (new, old) = (answers(to, sides.to), answers(from, sides.from));
    if new == old {
        // Another agent of the same name.
        tell.changed(&format!("now connects another {new}"));
    } else {
        tell.changed(&format!("now connects {new} (was {old})"));
    }
}

/// What an outcome does, as part of a sentence: "connects Reception".
pub(super) fn does(action: &Action, table: &Table) -> String {
    match action {
        Action::Connect { .. } => format!("connects {}", answers(action, table)),
        Action::Keep => "keeps the line's own agent".to_owned(),
        Action::Reject => "rejects the call".to_owned(),
        Action::GoOn => "adds its part and goes on".to_owned(),
    }
}

fn answers(action: &Action, table: &Table) -> String {
    let Action::Connect { agent, version } = action else { return String::new() };
    let name = match table.agent(agent) {
        Some(agent) => agent.name.clone(),
        None if agent.is_empty() => "no agent yet".to_owned(),
        None => format!("“{agent}”, which is no agent of the table"),
    };
    match version {
        Some(version) => format!("{name}, version {version}"),
        None => name,
    }
}

/// Tells which variables for the agent differ.
pub(super) fn variables(tell: &mut Tell<'_>, from: &BTreeMap<String, String>, to: &BTreeMap<String, String>) {
    let names: BTreeSet<&String> = from.keys().chain(to.keys()).collect();
    for name in names {
        match (from.get(name), to.get(name)) {
            (old, new) if old == new => {}
            (Some(old), Some(new)) => tell.changed(&format!(
                "now sets the variable {name} to “{}” (was “{}”)",
                shown(new),
                shown(old)
            )),
            (None, Some(new)) => {
                tell.changed(&format!("now sets the variable {name} to “{}”", shown(new)));
            }
            (_, None) => tell.changed(&format!("no longer sets the variable {name}")),
        }
    }
}
