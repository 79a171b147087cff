//! The calls of the log decided once more, by a draft and by the live table, with what was known of
//! them then. Reads the log; answers nobody and asks nobody.
//!
//! `decider` is a table made ready for that, `fate` is what becomes of a call, `run` goes through the log,
//! and `job` does so beside everything else.

mod decider;
mod fate;
mod job;
mod run;
mod told;

use std::collections::BTreeMap;
use std::sync::Arc;

use chrono::{DateTime, TimeDelta, Utc};

use crate::routing::{Decision, Facts, Problem};
use crate::storage::call_log::{LogError, Summary};
use decider::{Decider, Past};
pub use fate::{Fate, Sharing};
pub use job::Backtesting;
pub use run::{Given, backtest};

/// Of each kind so many calls are kept to be looked into; more are only counted.
pub const KEPT: usize = 500;

/// How far back calls are looked at.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Reach {
    /// 30 days, and 5,000 calls at most: a matter of less than a second.
    #[default]
    Month,
    /// A year, and 100,000 calls at most.
    Year,
}

/// What came of deciding the calls of the log by a draft.
#[derive(Debug)]
pub struct Backtest {
    /// How many calls were decided by both tables.
    pub decided: usize,
    /// How many of these were text messages.
    pub texts: usize,
    /// When the earliest call that was looked at arrived.
    pub oldest: Option<DateTime<Utc>>,
    /// How far back was looked.
    pub reach: Reach,
    /// There are more calls of that time than [`Reach::most`].
    pub is_cut: bool,
    /// Those that the draft answers otherwise: newly rejected first, then those that somebody else
    /// answers, then those where only what the agent is told differs; each kind newest first.
    pub changed: Vec<Changed>,
    /// How many of each kind there are, also of those that were not kept.
    pub counts: BTreeMap<Kind, usize>,
    /// What was left out.
    pub left_out: LeftOut,
    /// Facts that one of the tables goes by and that nobody asked for when some of the calls came in:
    /// what people call them, and for how many calls.
    pub not_asked: BTreeMap<String, usize>,
    /// For how many calls that may have kept a rule from matching.
    pub unsure: usize,
    /// What the rule that was asked about would have done.
    pub rule: Option<OfRule>,
    live: Arc<Decider>,
    draft: Arc<Decider>,
}

/// Calls that were not decided again.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct LeftOut {
    /// Something stood above the rules: "Closed until …".
    pub overruled: usize,
    /// The request could not be read, or what was known could not.
    pub unreadable: usize,
    /// Something broke, so nothing was known of them.
    pub broken: usize,
    /// The owner's own tests.
    pub tests: usize,
}

/// How a call would be answered otherwise.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// Nobody would answer, and somebody does now.
    Rejected,
    /// Somebody else would answer.
    Elsewhere,
    /// The same agent would answer, and be told something else or set otherwise.
    Told,
}

/// A call that the draft answers otherwise.
#[derive(Clone, Debug)]
pub struct Changed {
    /// How.
    pub kind: Kind,
    /// The call, and what it was really answered.
    pub call: Summary,
    /// What becomes of it now.
    pub live: Fate,
    /// What would become of it by the draft.
    pub draft: Fate,
    /// Where only what the agent is told differs: the names of these variables, and the like.
    pub told: Vec<String>,
    past: Past,
}

/// What a table makes of a call, in full.
#[derive(Clone, Debug)]
pub struct Made {
    /// The decision and how it comes about.
    pub decision: Decision,
    /// What becomes of the call.
    pub fate: Fate,
    /// What Retell does with it, in a sentence.
    pub effect: String,
    /// What is known of the call.
    pub facts: Facts,
}

/// What a rule would have done.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct OfRule {
    /// Its id.
    pub id: String,
    /// For how many calls its conditions hold.
    pub matched: usize,
    /// How many of these a rule above it takes.
    pub taken: usize,
    /// For how many more calls it cannot be told, as nobody asked for what it looks at.
    pub unsure: usize,
}

/// Why there is no result.
#[derive(Debug, thiserror::Error)]
pub enum NoBacktest {
    /// A table cannot decide anything.
    #[error("something in the table has to be put right first: {}", .0.first().map(ToString::to_string).unwrap_or_default())]
    Table(Vec<Problem>),
    /// The log cannot be read.
    #[error(transparent)]
    Log(#[from] LogError),
    /// It is not wanted any more.
    #[error("it was broken off")]
    Cancelled,
}

impl Reach {
    /// How long that is.
    #[must_use]
    pub fn time(self) -> TimeDelta {
        TimeDelta::days(match self {
            Self::Month => 30,
            Self::Year => 365,
        })
    }

    /// How many calls are looked at, at most.
    #[must_use]
    pub fn most(self) -> usize {
        match self {
            Self::Month => 5_000,
            Self::Year => 100_000,
        }
    }

    /// "the last 30 days".
    #[must_use]
    pub fn words(self) -> &'static str {
        match self {
            Self::Month => "the last 30 days",
            Self::Year => "the last year",
        }
    }
}

impl Kind {
    /// "newly rejected".
    #[must_use]
    pub fn words(self) -> &'static str {
        match self {
            Self::Rejected => "newly rejected",
            Self::Elsewhere => "answered by somebody else",
            Self::Told => "told otherwise",
        }
    }
}

impl Backtest {
    /// How many calls would go elsewhere: to nobody, or to somebody else.
    #[must_use]
    pub fn elsewhere(&self) -> usize {
        self.count(Kind::Rejected) + self.count(Kind::Elsewhere)
    }

    /// How many calls are of this kind.
    #[must_use]
    pub fn count(&self, kind: Kind) -> usize {
        self.counts.get(&kind).copied().unwrap_or_default()
    }

    /// "312 calls"; texts count among them.
    #[must_use]
    pub fn calls(&self) -> String {
        let noun = match (self.texts, self.decided) {
            (0, 1) => "call",
            (1, 1) => "text",
            (0, _) => "calls",
            (texts, decided) if texts == decided => "texts",
            _ => "calls and texts",
        };
        format!("{} {noun}", self.decided)
    }

    /// "Of 312 calls, 9 would go elsewhere".
    #[must_use]
    pub fn words(&self) -> String {
        let calls = self.calls();
        match (self.decided, self.elsewhere(), self.count(Kind::Told)) {
            (0, ..) => format!("There are no calls of {} to go by", self.reach.words()),
            (_, 0, 0) => format!("Of {calls}, none would be answered otherwise"),
            (_, 0, _) => format!("Of {calls}, none would go elsewhere"),
            (_, few, _) => format!("Of {calls}, {few} would go elsewhere"),
        }
    }

    /// "2 newly rejected, 7 answered by somebody else"; `None` where nothing is answered otherwise.
    #[must_use]
    pub fn groups(&self) -> Option<String> {
        let counts = self.counts.iter().map(|(kind, count)| format!("{count} {}", kind.words()));
        (!self.counts.is_empty()).then(|| counts.collect::<Vec<_>>().join(", "))
    }

    /// What is to be known besides, in sentences: what was left out, and what could not be known.
    #[must_use]
    pub fn remarks(&self) -> Vec<String> {
        let mut remarks = Vec::from_iter(self.left_out.words());
        if !self.not_asked.is_empty() {
            let facts = self.not_asked.iter().map(|(fact, count)| match count {
                1 => format!("{fact} (1 call)"),
                count => format!("{fact} ({count} calls)"),
            });
            let facts: Vec<_> = facts.collect();
            let so = match self.unsure {
                0 => String::new(),
                1 => {
                    ". Rules that ask for it are taken not to match, so 1 call may go another way".to_owned()
                }
                few => format!(
                    ". Rules that ask for it are taken not to match, so {few} calls may go another way"
                ),
            };
            remarks.push(format!("Not looked up when calls came in: {}{so}", facts.join(", ")));
        }
        remarks
    }

    /// What both tables make of a call: the live one, then the draft.
    #[must_use]
    pub fn look_into(&self, changed: &Changed) -> [Made; 2] {
        [&self.live, &self.draft].map(|decider| decider.look_into(&changed.past))
    }
}

impl LeftOut {
    /// How many they are in all.
    #[must_use]
    pub fn all(&self) -> usize {
        self.overruled + self.unreadable + self.broken + self.tests
    }

    /// "3 were left out: 2 answered by a closure or another override, 1 your own test".
    fn words(&self) -> Option<String> {
        let many = |count, one: &str, more: &str| match count {
            0 => None,
            1 => Some(format!("1 {one}")),
            count => Some(format!("{count} {more}")),
        };
        let over = "answered by a closure or another override";
        let parts = [
            many(self.overruled, over, over),
            many(self.unreadable, "that cannot be read", "that cannot be read"),
            many(self.broken, "where something broke", "where something broke"),
            many(self.tests, "test of your own", "tests of your own"),
        ];
        let parts: Vec<_> = parts.into_iter().flatten().collect();
        let were = if self.all() == 1 { "was" } else { "were" };
        (!parts.is_empty()).then(|| format!("{} {were} left out: {}", self.all(), parts.join(", ")))
    }
}

impl OfRule {
    /// "Would have matched 14 of the last 312 calls".
    #[must_use]
    pub fn words(&self, found: &Backtest) -> String {
        let Self { matched, taken, unsure, .. } = self;
        let last = if found.decided == 1 { found.calls() } else { format!("the last {}", found.calls()) };
        let matched = if *matched == 0 { "none".to_owned() } else { matched.to_string() };
        let taken = match taken {
            0 => String::new(),
            taken => format!("; rules above take {taken} of them"),
        };
        let unsure = match unsure {
            0 => String::new(),
            unsure => {
                format!("; for {unsure} it cannot be told, as not all that it asks for was looked up")
            }
        };
        format!("Would have matched {matched} of {last}{taken}{unsure}")
    }
}
