//! A finding: what stands out, where, in one sentence, and what can be done about it.

use std::collections::HashSet;

use chrono::{DateTime, Utc};
use serde::Serialize;

use super::dismiss;
use super::repair::Repair;
use crate::routing::diff::listed;
use crate::routing::{Rule, Table};

/// How grave a finding is. The order is from bad to harmless.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Level {
    /// The table does not do what it says.
    Error,
    /// Most likely not what was meant.
    Warning,
    /// Good to know; often just as it should be.
    Hint,
}

impl Level {
    /// All levels, from bad to harmless.
    pub const ALL: [Self; 3] = [Self::Error, Self::Warning, Self::Hint];

    /// Its word, for those who do not see the colour.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Error => "Error",
            Self::Warning => "Warning",
            Self::Hint => "Hint",
        }
    }
}

/// What kind of thing stands out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum FindingKind {
    /// Rules above take all calls of a rule.
    Hidden,
    /// A rule above takes a part of the calls, and a different part is its own.
    OrderDecides,
    /// A rule can be deleted, as another does the same.
    NotNeeded,
    /// Two rules can be one.
    CouldBeOne,
    /// A rule can match no call.
    NeverMatches,
    /// The time of a rule is over.
    Expired,
    /// Times of the week at which no rule takes calls to a line.
    Gap,
    /// A reject on a line whose own agent takes rejected calls.
    RejectCannotWork,
    /// A line's own agent is kept where there is none.
    NothingToKeep,
    /// A line without an agent of its own is dead while this computer is off.
    NoSafetyNet,
    /// An agent that no rule connects.
    AgentNotUsed,
    /// An agent that calls are sent to and that is not there at Retell.
    AgentUnknown,
    /// An agent that calls are sent to and that Retell has suspended.
    AgentSuspended,
    /// A variable that an agent needs is not set.
    VariableNotSet,
    /// Private facts are told to whoever calls with a number.
    PrivateFacts,
    /// A look-up cannot work on this computer.
    LookUpCannotWork,
    /// A rule goes by a fact that nobody gives.
    FactUnknown,
    /// A text that an agent gets has a fact in it that nobody gives.
    TextUnknown,
    /// No call has matched for long.
    NeverMatched,
    /// Other rules took all calls that would have matched.
    OnlyShadowed,
}

impl FindingKind {
    /// Its name in files and in JSON.
    #[must_use]
    pub fn name(self) -> String {
        serde_json::to_value(self).ok().and_then(|name| Some(name.as_str()?.to_owned())).unwrap_or_default()
    }
}

/// What a finding is about.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Place {
    /// The rule with this id.
    Rule(String),
    /// What happens to all other calls.
    Fallback,
    /// The line with this id.
    Line(String),
    /// The agent with this id.
    Agent(String),
    /// The look-up in use with this id.
    LookUp(String),
}

impl Place {
    /// In the owner's words: "Rule “Block list”".
    #[must_use]
    pub fn words(&self, table: &Table) -> String {
        let called = |what: &str, name: Option<&String>| match name {
            Some(name) => format!("{what} “{name}”"),
            None => format!("A {} that is gone", what.to_lowercase()),
        };
        match self {
            Self::Rule(id) => called("Rule", table.rule(id).map(|rule| &rule.name)),
            Self::Fallback => "The fallback".to_owned(),
            Self::Line(id) => called("Line", table.line(id).map(|line| &line.name)),
            Self::Agent(id) => called("Agent", table.agent(id).map(|agent| &agent.name)),
            Self::LookUp(id) => called("Look-up", table.look_up(id).map(|used| &used.name)),
        }
    }

    /// Where in the file: `rules[2]`.
    #[must_use]
    pub fn field(&self, table: &Table) -> String {
        let at = |list: &str, place: Option<usize>| format!("{list}[{}]", place.unwrap_or_default());
        match self {
            Self::Rule(id) => at("rules", table.rules.iter().position(|rule| rule.id == *id)),
            Self::Fallback => "fallback".to_owned(),
            Self::Line(id) => at("lines", table.lines.iter().position(|line| line.id == *id)),
            Self::Agent(id) => at("agents", table.agents.iter().position(|agent| agent.id == *id)),
            Self::LookUp(id) => at("look_ups", table.look_ups.iter().position(|used| used.id == *id)),
        }
    }
}

/// Something that stands out about a table.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Finding {
    /// How grave it is.
    pub level: Level,
    /// What kind of thing it is.
    pub kind: FindingKind,
    /// What it is about.
    pub place: Place,
    /// One sentence without its subject, which is [`Finding::place`], and without a full stop: "never
    /// decides: “Office hours” above takes all of its calls".
    pub message: String,
    /// The other rules that it names, by id.
    pub others: Vec<String>,
    /// The lines of which what was told of Retell makes it so, by id.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub lines: Vec<String>,
    /// What can be done about it with one click, the best first.
    #[serde(skip)]
    pub repairs: Vec<Repair>,
    /// Why the owner put it aside, if so.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub dismissed: Option<String>,
}

/// Findings as they are gathered.
pub(super) struct Findings<'a> {
    pub(super) table: &'a Table,
    pub(super) now: DateTime<Utc>,
    found: Vec<Finding>,
    spoken_of: HashSet<&'a str>,
}

impl<'a> Findings<'a> {
    pub(super) fn new(table: &'a Table, now: DateTime<Utc>) -> Self {
        Self { table, now, found: Vec::new(), spoken_of: HashSet::new() }
    }

    pub(super) fn say(
        &mut self,
        level: Level,
        kind: FindingKind,
        place: Place,
        message: String,
    ) -> &mut Finding {
        let (others, lines, repairs) = (Vec::new(), Vec::new(), Vec::new());
        self.found.push(Finding { level, kind, place, message, others, lines, repairs, dismissed: None });
        let last = self.found.len() - 1;
        &mut self.found[last]
    }

    /// The same about a rule that takes no part: whatever else is true of it does not matter.
    pub(super) fn say_dead(
        &mut self,
        level: Level,
        kind: FindingKind,
        rule: &'a Rule,
        message: String,
    ) -> &mut Finding {
        self.spoken_of.insert(&rule.id);
        self.say(level, kind, Place::Rule(rule.id.clone()), message)
    }

    /// Whether a rule was found to take no part.
    pub(super) fn is_dead(&self, rule: &Rule) -> bool {
        self.spoken_of.contains(rule.id.as_str())
    }

    /// In the order of the table, with what the owner put aside.
    pub(super) fn finish(self) -> Vec<Finding> {
        let Self { table, mut found, .. } = self;
        let order = |place: &Place| match place {
            Place::Rule(id) => (0, table.rules.iter().position(|rule| rule.id == *id)),
            Place::Fallback => (1, None),
            Place::Line(id) => (2, table.lines.iter().position(|line| line.id == *id)),
            Place::Agent(id) => (3, table.agents.iter().position(|agent| agent.id == *id)),
            Place::LookUp(id) => (4, table.look_ups.iter().position(|used| used.id == *id)),
        };
        found.sort_by_cached_key(|finding| (order(&finding.place), finding.level));
        for finding in &mut found {
            finding.dismissed = dismiss::reason(table, finding);
        }
        found
    }
}

/// Names as "“A”", "“A” and “B”", "“A”, “B”, “C” and 3 more".
pub(super) fn names<'n>(names: impl IntoIterator<Item = &'n str>) -> String {
    listed(&names.into_iter().collect::<Vec<_>>(), |name| format!("“{name}”"))
}
