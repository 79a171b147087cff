//! What a plugin must offer so that rules can use it. The ground defines the traits, plugins
//! implement them, and the registry of plugins is handed to `compile` as a [`Vocabulary`].

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::checks::WeekSpan;
use super::{Calendar, Call, Choice, Facts, Line, Phrase, Problem, Region, Share, Table, Test};

/// One test on a call and its facts, ready to run. Pure and instant.
pub trait Condition: Send + Sync {
    /// What is asked, as part of a sentence: "the caller is in **Germany**". With `negated`
    /// the opposite: "the caller is not in **Germany**".
    fn words(&self, negated: bool) -> Phrase;

    /// Whether it holds for this call at this time, and why, in words. Never negated: that is
    /// done by who asks.
    fn test(&self, call: &Call, facts: &Facts, at: DateTime<Utc>) -> Verdict;

    /// The same without the reason, for where nobody reads it.
    fn answer(&self, call: &Call, facts: &Facts, at: DateTime<Utc>) -> Answer {
        self.test(call, facts, at).answer
    }

    /// The names of the facts that its answer depends on.
    fn facts(&self) -> Vec<String> {
        Vec::new()
    }

    /// Which calls it holds for, as exactly as it can say; see [`Region`]. It must be true of every
    /// call within the time that `calendar` is about.
    fn region(&self, _calendar: &Calendar) -> Region {
        Region::own()
    }
}

/// What a condition found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verdict {
    /// Whether it holds.
    pub answer: Answer,
    /// The reason as a short sentence without a full stop: "the caller is in France".
    pub why: String,
}

/// Whether a condition holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Answer {
    /// It holds.
    Yes,
    /// It does not hold.
    No,
    /// It cannot be told, because a fact is missing. A rule never matches on this.
    Unknown,
}

impl Answer {
    /// The opposite; unknown stays unknown.
    #[must_use]
    pub fn negate(self) -> Self {
        match self {
            Self::Yes => Self::No,
            Self::No => Self::Yes,
            Self::Unknown => Self::Unknown,
        }
    }
}

impl From<bool> for Answer {
    fn from(yes: bool) -> Self {
        if yes { Self::Yes } else { Self::No }
    }
}

impl Verdict {
    /// A verdict that is known.
    #[must_use]
    pub fn known(yes: bool, why: impl Into<String>) -> Self {
        Self { answer: yes.into(), why: why.into() }
    }

    /// A verdict that cannot be given.
    #[must_use]
    pub fn unknown(why: impl Into<String>) -> Self {
        Self { answer: Answer::Unknown, why: why.into() }
    }
}

/// The conditions and choices that tables can be written with: the registry of plugins, seen from below.
pub trait Vocabulary: Send + Sync {
    /// Makes a condition ready to run. The error is a sentence for the owner: what is wrong with
    /// the settings, and what to do.
    fn condition(&self, test: &Test, table: &Table) -> Result<Box<dyn Condition>, String>;

    /// Makes a choice among several agents ready to run, for the rule with this id, or the fallback,
    /// which has none. The error is a sentence for the owner.
    fn choice(&self, share: &Share, rule: &str, table: &Table) -> Result<Box<dyn Choice>, String>;

    /// What plugins find wrong with the parts of a table that they know, such as schedules.
    fn check(&self, table: &Table) -> Vec<Problem>;

    /// What the owner calls those who can be told of calls, by the id that rules name; `None` where nobody
    /// is known by it on this computer.
    fn notice(&self, _id: &str) -> Option<String> {
        None
    }

    /// Whether a fact tells something about a person that not everybody with a phone may hear.
    fn is_private(&self, _fact: &str, _table: &Table) -> bool {
        false
    }

    /// The facts that rules go by and that nobody gives for calls routed by this table, by the rules' ids.
    fn unknown_facts(&self, _table: &Table) -> BTreeMap<String, BTreeSet<String>> {
        BTreeMap::new()
    }

    /// The names of all facts that calls routed by this table can have; `None` where nobody can say.
    fn facts_given(&self, _table: &Table) -> Option<BTreeSet<String>> {
        None
    }

    /// Tests that together hold for calls to a line at these times of the week. What they need, such
    /// as a schedule, is added to the table. `None` where there are no such conditions.
    fn tests_for(&self, _table: &mut Table, _line: &Line, _hours: &[WeekSpan]) -> Option<Vec<Test>> {
        None
    }

    /// What changes when the hours of a schedule become `to`, as ends of sentences: "opens at 10:00
    /// on Saturday (was 09:00)". Never empty where the texts differ.
    fn hours_changes(&self, from: &str, to: &str) -> Vec<String> {
        vec![format!("now has the hours “{to}” (was “{from}”)")]
    }
}

impl fmt::Debug for dyn Condition {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Condition({})", self.words(false))
    }
}
