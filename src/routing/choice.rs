//! Choosing one of several agents for each call: by percentage, in turn, or the one that the
//! caller knows. How is a plugin's business; here is what it is given and what it gives back.

use std::fmt;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::{AgentVersion, Call, Facts, Phrase};

/// What the round of the fallback is known by.
const FALLBACK: &str = "fallback";

/// Several agents who share the calls of a rule.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Share {
    /// How one is chosen, as `plugin.choice`: `shares.weighted`, `shares.round_robin`.
    pub how: String,
    /// What its draw or its round is called, if it shall be the same in several rules.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub name: String,
    /// Who answers.
    #[serde(default)]
    pub agents: Vec<Sharer>,
    /// What the plugin needs to know besides.
    #[serde(default, skip_serializing_if = "serde_json::Value::is_null")]
    pub settings: serde_json::Value,
}

/// One of the agents who share calls.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Sharer {
    /// Its id in the table.
    pub agent: String,
    /// A version other than the agent's current one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub version: Option<AgentVersion>,
    /// How many of a hundred calls, where calls are not shared equally.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub percent: Option<u32>,
}

impl Share {
    /// What its round is known by: its name, else the rule (its id) that it belongs to.
    #[must_use]
    pub fn known_as<'a>(&'a self, rule: &'a str) -> &'a str {
        let name = self.name.trim();
        match (name, rule) {
            ("", "") => FALLBACK,
            ("", rule) => rule,
            (name, _) => name,
        }
    }
}

/// A way to choose among several agents, ready to run. Pure and instant: what it must remember
/// comes in as facts.
pub trait Choice: Send + Sync {
    /// How it chooses, in a few words: "in turn".
    fn words(&self) -> Phrase;

    /// What part of all calls each agent is to be expected to get, in the order of the agents;
    /// together 1.
    fn expected(&self) -> Vec<f64>;

    /// Chooses for this call at this time.
    fn pick(&self, call: &Call, facts: &Facts, at: DateTime<Utc>) -> Pick;
}

impl fmt::Debug for dyn Choice {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Choice({})", self.words())
    }
}

/// Which agent was chosen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pick {
    /// Its place among the agents.
    pub place: usize,
    /// Why, as a short sentence without a full stop.
    pub chosen: Chosen,
}

/// Why one of several agents was chosen. Kept with the call.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Chosen {
    /// A short sentence without a full stop: "it is Ada's turn".
    pub why: String,
    /// The turn that this call takes, where agents take turns.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub turn: Option<Turn>,
}

/// A turn of a round.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Turn {
    /// What the round is known by; see [`Share::known_as`].
    pub of: String,
    /// Which turn: 0 for the first.
    pub number: u64,
}
