//! Variables for agents: which names Retell keeps for itself, which are surely not set, and a
//! greeting with its placeholders filled.

use std::collections::{BTreeMap, BTreeSet};

use super::{Action, Agent, Outcome, Rule, Sharer, Table};

/// Names that Retell fills by itself, whatever is sent. Source: Retell's documentation,
/// "Dynamic variables", default system variables.
const RESERVED: [&str; 14] = [
    "agent_number",
    "call_id",
    "call_type",
    "chat_id",
    "current_agent_state",
    "current_calendar",
    "current_hour",
    "current_time",
    "direction",
    "previous_agent_state",
    "session_duration",
    "session_duration_ms",
    "session_type",
    "user_number",
];

/// These are followed by a time zone: `current_time_Europe/Berlin`.
const RESERVED_WITH_ZONE: [&str; 3] = ["current_calendar_", "current_hour_", "current_time_"];

/// Whether Retell fills a variable of this name by itself.
#[must_use]
pub fn is_reserved(name: &str) -> bool {
    RESERVED.contains(&name) || RESERVED_WITH_ZONE.iter().any(|start| name.starts_with(start))
}

/// Whether a variable can have this name. The error is a sentence for the owner.
pub fn check_name(name: &str) -> Result<(), String> {
    if name.trim().is_empty() || name.contains(['{', '}']) {
        return Err(format!("“{name}” cannot be the name of a variable; use letters, digits and _"));
    }
    if is_reserved(name) {
        return Err(format!(
            "“{name}” is filled by Retell itself, so it cannot be set here; choose another name, such as my_{name}"
        ));
    }
    Ok(())
}

/// A variable that an agent's prompt needs and that surely nobody sets.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unset {
    /// The agent's name.
    pub agent: String,
    /// The variable's name.
    pub variable: String,
}

impl Unset {
    /// What is to be said of it, as a sentence.
    #[must_use]
    pub fn words(&self) -> String {
        let Self { agent, variable } = self;
        format!("{agent}'s prompt needs {variable}, and nothing sets it here")
    }
}

/// For each rule in order, and last for the fallback, what its agents need and surely do not get:
/// neither it nor any rule above it that goes on sets it, and it has no default. Rules that are
/// switched off take no part, and have nothing told of them.
#[must_use]
pub fn surely_unset(table: &Table) -> Vec<Vec<Unset>> {
    let mut maybe_set = BTreeSet::new();
    let mut all = Vec::with_capacity(table.rules.len() + 1);
    for rule in &table.rules {
        if !rule.enabled {
            all.push(Vec::new());
            continue;
        }
        all.push(unset_of(table, &rule.then, &maybe_set));
        if rule.then.action == Action::GoOn {
            maybe_set.extend(rule.then.variables.keys().map(String::as_str));
        }
    }
    all.push(unset_of(table, &table.fallback, &maybe_set));
    all
}

/// The same for one outcome that comes after the rules `above`.
#[must_use]
pub fn surely_unset_after(table: &Table, outcome: &Outcome, above: &[Rule]) -> Vec<Unset> {
    let going_on = above.iter().filter(|rule| rule.enabled && rule.then.action == Action::GoOn);
    let maybe_set = going_on.flat_map(|rule| rule.then.variables.keys().map(String::as_str)).collect();
    unset_of(table, outcome, &maybe_set)
}

fn unset_of(table: &Table, outcome: &Outcome, maybe_set: &BTreeSet<&str>) -> Vec<Unset> {
    let is_set = |name: &str| outcome.variables.contains_key(name) || maybe_set.contains(name);
    let mut unset = Vec::new();
    for agent in agents_of(table, &outcome.action) {
        for needed in agent.needs.iter().filter(|needed| needed.default.is_none() && !is_set(&needed.name)) {
            unset.push(Unset { agent: agent.name.clone(), variable: needed.name.clone() });
        }
    }
    unset
}

/// The agents of the table that may answer by this action.
fn agents_of<'a>(table: &'a Table, action: &'a Action) -> impl Iterator<Item = &'a Agent> {
    let ids: Vec<&str> = match action {
        Action::Connect { agent, .. } => vec![agent],
        Action::Share(share) => {
            let gets_calls = |sharer: &&Sharer| sharer.percent != Some(0);
            share.agents.iter().filter(gets_calls).map(|sharer| sharer.agent.as_str()).collect()
        }
        Action::Keep | Action::Reject | Action::GoOn => Vec::new(),
    };
    ids.into_iter().filter_map(|id| table.agent(id))
}

/// A piece of a text with placeholders of variables.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Spoken<'a> {
    /// Words as they stand.
    Words(&'a str),
    /// The value of a variable.
    Value(&'a str),
    /// Retell fills it by itself: the variable's name.
    ByRetell(&'a str),
    /// Nobody sets it, so it is read out as it stands: the variable's name.
    Unset(&'a str),
}

/// A text as Retell speaks it: placeholders filled by `variables`, those without a value left.
#[must_use]
pub fn spoken<'a>(text: &'a str, variables: &'a BTreeMap<String, String>) -> Vec<Spoken<'a>> {
    let mut pieces = Vec::new();
    let mut rest = text;
    while let Some((start, end)) = placeholder(rest) {
        if start > 0 {
            pieces.push(Spoken::Words(&rest[..start]));
        }
        let name = rest[start + 2..end].trim();
        pieces.push(match variables.get(name) {
            _ if is_reserved(name) => Spoken::ByRetell(name),
            Some(value) => Spoken::Value(value),
            None => Spoken::Unset(name),
        });
        rest = &rest[end + 2..];
    }
    if !rest.is_empty() {
        pieces.push(Spoken::Words(rest));
    }
    pieces
}

/// The names of the variables in a text that somebody has to set.
#[must_use]
pub fn named_in(text: &str) -> Vec<&str> {
    let mut names = Vec::new();
    let mut rest = text;
    while let Some((start, end)) = placeholder(rest) {
        let name = rest[start + 2..end].trim();
        if check_name(name).is_ok() && !names.contains(&name) {
            names.push(name);
        }
        rest = &rest[end + 2..];
    }
    names
}

/// Where the first `{{` and its `}}` stand.
fn placeholder(text: &str) -> Option<(usize, usize)> {
    let start = text.find("{{")?;
    let end = start + 2 + text[start + 2..].find("}}")?;
    Some((start, end))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use serde_json::json;

    use super::*;
    use crate::routing::NeededVariable;

    #[test]
    fn names_that_retell_fills_are_refused_and_others_are_not() {
        for name in ["current_time", "current_time_Europe/Berlin", "call_id", "user_number", "direction"] {
            assert!(check_name(name).unwrap_err().contains("Retell itself"), "{name}");
        }
        for name in ["", " ", "{name}"] {
            assert!(check_name(name).unwrap_err().contains("letters"), "{name}");
        }
        for name in ["name", "current", "my_timezone", "current_timetable"] {
            assert_eq!(check_name(name), Ok(()), "{name}");
        }
    }

    #[test]
    fn only_what_surely_nobody_sets_is_told() {
        let mut table = Table::empty("US", "America/New_York");
        let needed = |name: &str, default: Option<&str>| NeededVariable {
            name: name.into(),
            default: default.map(Into::into),
        };
        table.agents = vec![Agent {
            id: "a".into(),
            name: "Anna".into(),
            needs: vec![needed("name", None), needed("time", None), needed("shop", Some("Bikes"))],
            ..Agent::default()
        }];
        let connect = json!({ "connect": { "agent": "a" } });
        table.rules = serde_json::from_value(json!([
            { "id": "1", "name": "1", "then": { "action": connect, "variables": { "name": "x" } } },
            { "id": "2", "name": "2", "enabled": false, "then": { "action": "go_on", "variables": { "time": "x" } } },
            { "id": "3", "name": "3", "when": [], "then": { "action": "go_on", "variables": { "name": "x" } } },
            { "id": "4", "name": "4", "then": { "action": connect } },
            { "id": "5", "name": "5", "then": { "action": "keep" } },
            { "id": "6", "name": "6", "enabled": false, "then": { "action": connect } },
            { "id": "7", "name": "7", "then": { "action": { "share": { "how": "shares.weighted", "agents": [{ "agent": "a" }] } } } },
        ]))
        .unwrap();
        table.fallback =
            serde_json::from_value(json!({ "action": connect, "variables": { "time": "" } })).unwrap();
        let names: Vec<Vec<String>> = surely_unset(&table)
            .into_iter()
            .map(|unset| unset.into_iter().map(|unset| unset.variable).collect())
            .collect();
        let time = || vec!["time".to_owned()];
        assert_eq!(names, [time(), vec![], vec![], time(), vec![], vec![], time(), vec![]]);
    }

    #[test]
    fn a_greeting_is_spoken_with_what_is_set() {
        let variables = BTreeMap::from([("name".to_owned(), "Ada".to_owned())]);
        let text = "Hello {{ name }}, it is {{current_time}} at {{shop}}. {{oops";
        assert_eq!(
            spoken(text, &variables),
            [
                Spoken::Words("Hello "),
                Spoken::Value("Ada"),
                Spoken::Words(", it is "),
                Spoken::ByRetell("current_time"),
                Spoken::Words(" at "),
                Spoken::Unset("shop"),
                Spoken::Words(". {{oops"),
            ]
        );
        assert_eq!(named_in(text), ["name", "shop"]);
        assert_eq!(named_in("{{}} {{a}}{{a}}"), ["a"]);
    }
}
