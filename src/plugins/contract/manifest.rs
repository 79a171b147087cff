//! What a plugin says of itself, which the window reads without running anything.

use std::collections::BTreeMap;
use std::ops::RangeInclusive;

use indexmap::IndexMap;
use serde::Deserialize;

use crate::plugins::dropped::{Allow, Setting};
use crate::routing::Kind;

/// The newest contract between this program and plugins. Fields may be added to what plugins are told, and
/// stay within a contract; anything else is a new one, and the one before is served on.
pub const CONTRACT: u32 = 1;

/// The contracts that this program serves: the newest one and the one before.
pub const CONTRACTS: RangeInclusive<u32> = (if CONTRACT > 1 { CONTRACT - 1 } else { 1 })..=CONTRACT;

/// What a plugin says of itself in its `plugin.toml`.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Manifest {
    /// Its short name, which is also its folder's: a-z, 0-9 and _.
    pub id: String,
    /// What people call it.
    pub name: String,
    /// Its own version.
    pub version: String,
    /// The contract it was written for; see [`CONTRACT`].
    pub contract: u32,
    /// One sentence on what it is good for.
    pub summary: String,
    /// What it offers.
    pub offers: Vec<Offer>,
    /// The conditions it offers, by the second half of their id.
    #[serde(default)]
    pub conditions: BTreeMap<String, ConditionInfo>,
    /// The choices among several agents that it offers, by the second half of their id.
    #[serde(default)]
    pub choices: BTreeMap<String, ChoiceInfo>,
    /// The facts it gives whatever the table says, by dotted name.
    #[serde(default)]
    pub facts: BTreeMap<String, FactInfo>,
    /// The file that is run, of those that are dropped in: `plugin.js` or `plugin.wasm`.
    pub run: Option<String>,
    /// How long it may take to answer, in milliseconds, of those that are dropped in.
    pub budget_ms: Option<u64>,
    /// What it may do besides, once the owner allows it, of those that are dropped in.
    #[serde(default)]
    pub allow: Allow,
    /// What it has to be told, of those that are dropped in and of notices, in the order of the form.
    #[serde(default)]
    pub settings: IndexMap<String, Setting>,
}

impl Manifest {
    /// Reads the manifest of a built-in plugin.
    pub(in crate::plugins) fn built_in(text: &str) -> Self {
        #[expect(clippy::expect_used, reason = "the text is part of the program, and a test reads them all")]
        toml::from_str(text).expect("the manifest of a built-in plugin can be read")
    }
}

/// A kind of thing that plugins offer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Offer {
    /// Conditions for rules.
    Condition,
    /// Facts about a call.
    Facts,
    /// Ways to choose among several agents.
    Choice,
    /// A way for the internet to reach this computer.
    Reach,
    /// A way to tell somebody of calls and outages.
    Notice,
}

impl Offer {
    /// What it is called in the question that is put to a plugin.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Condition => "condition",
            Self::Facts => "facts",
            Self::Choice => "choice",
            Self::Reach => "reach",
            Self::Notice => "notice",
        }
    }
}

/// What the window shows of a condition before it is used.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ConditionInfo {
    /// The entry in the menu of conditions: "Caller's country".
    pub title: String,
    /// One sentence on what it tests.
    pub help: String,
    /// Settings that it may have, as a table has them.
    #[serde(default)]
    pub example: String,
}

/// What the window shows of a way to choose among several agents.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ChoiceInfo {
    /// What it is called: "In turn".
    pub title: String,
    /// One sentence on how it chooses.
    pub help: String,
}

/// What is known of a fact before any call.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FactInfo {
    /// Its type.
    #[serde(rename = "type")]
    pub kind: Kind,
    /// What people call it: "Caller's country".
    pub title: String,
    /// A value it might have, in words.
    pub example: String,
}
