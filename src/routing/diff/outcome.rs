//! Differences between two outcomes: who answers, with which variables, metadata and settings.

use std::collections::{BTreeMap, BTreeSet};

use super::{Sides, Tell, settings, shown};
use crate::routing::{Action, AgentVersion, Outcome, Share, Sharer, Table, Vocabulary, settings_words};

/// Tells what differs between two outcomes of the thing that `tell` is about.
pub(super) fn outcome(tell: &mut Tell<'_>, sides: Sides<'_>, from: &Outcome, to: &Outcome) {
    let Outcome { action: new, variables: new_variables, metadata, agent_settings, tell: told } = to;
    action(tell, sides, &from.action, new);
    variables(tell, &from.variables, new_variables);
    for rest in settings::of_objects(from.metadata.as_ref(), metadata.as_ref()) {
        tell.changed(&format!("sends other metadata: {rest}"));
    }
    for rest in settings::of_agents(from.agent_settings.as_ref(), agent_settings.as_ref()) {
        tell.changed(&format!("sets the agent otherwise: {rest}"));
    }
    let name = |id: &String| notice_words(id, sides.vocabulary);
    let (before, now) = (&from.tell, told);
    for id in now.iter().filter(|id| !before.contains(id)) {
        tell.changed(&format!("now tells {}", name(id)));
    }
    for id in before.iter().filter(|id| !now.contains(id)) {
        tell.changed(&format!("no longer tells {}", name(id)));
    }
    let is_told = before.iter().any(|id| !now.contains(id)) || now.iter().any(|id| !before.contains(id));
    if before != now && !is_told {
        tell.changed("tells the same in another order");
    }
}

/// Who is told, by name where it is known here.
fn notice_words(id: &str, vocabulary: &dyn Vocabulary) -> String {
    vocabulary.notice(id).unwrap_or_else(|| format!("“{id}”"))
}

fn action(tell: &mut Tell<'_>, sides: Sides<'_>, from: &Action, to: &Action) {
    if from == to {
        return;
    }
    let (Action::Connect { .. }, Action::Connect { .. }) = (from, to) else {
        return tell.changed(&format!(
            "now {} (was: {})",
            does(to, sides.to, sides.vocabulary),
            does(from, sides.from, sides.vocabulary)
        ));
    };
    let (new, old) = (answers(to, sides.to), answers(from, sides.from));
    if new == old {
        // Another agent of the same name.
        tell.changed(&format!("now connects another {new}"));
    } else {
        tell.changed(&format!("now connects {new} (was {old})"));
    }
}

/// What an outcome gives along, as parts of a sentence: "sets the variable shop", "sets the agent:
/// longest call 60 seconds".
pub(super) fn along(outcome: &Outcome, vocabulary: &dyn Vocabulary) -> Vec<String> {
    let names: Vec<&str> = outcome.variables.keys().map(String::as_str).collect();
    let variables = match names[..] {
        [] => None,
        [name] => Some(format!("sets the variable {name}")),
        _ => Some(format!("sets the variables {}", names.join(", "))),
    };
    let settings = outcome.agent_settings.as_ref().map(settings_words).filter(|words| !words.is_empty());
    let settings = settings.map(|words| format!("sets the agent: {}", words.join(", ")));
    let told: Vec<String> = outcome.tell.iter().map(|id| notice_words(id, vocabulary)).collect();
    let told = (!told.is_empty()).then(|| format!("tells {}", told.join(", ")));
    variables.into_iter().chain(settings).chain(told).collect()
}

/// What an outcome does, as part of a sentence: "connects Reception".
pub(super) fn does(action: &Action, table: &Table, vocabulary: &dyn Vocabulary) -> String {
    match action {
        Action::Connect { .. } => format!("connects {}", answers(action, table)),
        Action::Share(share) => shares(share, table, vocabulary),
        Action::Keep => "keeps the line's own agent".to_owned(),
        Action::Reject => "rejects the call".to_owned(),
        Action::GoOn => "adds its part and goes on".to_owned(),
    }
}

/// "shares its calls by percentage: Ada 70%, Bo 30%".
fn shares(share: &Share, table: &Table, vocabulary: &dyn Vocabulary) -> String {
    // A share that is unfinished has no words of its own yet.
    let how = vocabulary.choice(share, "", table).map_or_else(
        |_| format!("in a way that is unfinished ({}, {})", share.how, share.settings),
        |choice| choice.words().to_string(),
    );
    let part = |Sharer { agent, version, percent }: &Sharer| {
        let percent = percent.map_or_else(String::new, |percent| format!(" {percent}%"));
        format!("{}{percent}", agent_words(agent, version.as_ref(), table))
    };
    let agents: Vec<String> = share.agents.iter().map(part).collect();
    let agents = if agents.is_empty() { "nobody yet".to_owned() } else { agents.join(", ") };
    let name = if share.name.is_empty() { String::new() } else { format!(" (“{}”)", shown(&share.name)) };
    format!("shares its calls {how}{name}: {agents}")
}

fn answers(action: &Action, table: &Table) -> String {
    let Action::Connect { agent, version } = action else { return String::new() };
    agent_words(agent, version.as_ref(), table)
}

fn agent_words(agent: &str, version: Option<&AgentVersion>, table: &Table) -> String {
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
