//! What is asked of the test bench, and what it says.

use std::collections::BTreeMap;
use std::sync::Arc;

use chrono::{DateTime, Utc};

use crate::plugins::Person;
use crate::routing::{Call, Decision, Facts, Problem, Table, Value};
use crate::service::look_ups::LookUpTrace;
use crate::storage::Preset;

/// What the window asks for besides trying one call.
#[derive(Clone, Debug)]
pub enum Bench {
    /// Find people by what the owner's files say of them. Answered by [`BenchEvent::People`].
    FindPeople {
        /// What they have to have.
        words: String,
        /// The table whose files are looked into.
        table: Arc<Table>,
    },
    /// Keep these presets in the place of those before. Answered by [`BenchEvent::Presets`].
    SavePresets(Vec<Preset>),
}

/// What the window hears of that.
#[derive(Clone, Debug)]
pub enum BenchEvent {
    /// People who were looked for.
    People {
        /// The words they were looked for by.
        words: String,
        /// Those that were found, at most a few.
        people: Vec<Person>,
    },
    /// All presets.
    Presets(Vec<Preset>),
}

/// A call to be tried.
#[derive(Clone, Debug)]
pub struct Trial {
    /// The call.
    pub call: Call,
    /// The time that it is tried for.
    pub at: DateTime<Utc>,
    /// The draft to try it against; without one it is tried against the live table.
    pub draft: Option<Arc<Table>>,
    /// What is taken as known.
    pub knowing: Knowing,
}

impl Trial {
    /// A trial for which all look-ups are asked.
    #[must_use]
    pub fn new(call: Call, at: DateTime<Utc>, draft: Option<Arc<Table>>) -> Self {
        Self { call, at, draft, knowing: Knowing::default() }
    }
}

/// What is taken as known of a call that is tried.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Knowing {
    /// Facts that are given; they count whatever look-ups say.
    pub given: BTreeMap<String, Value>,
    /// Nobody is asked: only what follows from the call, the time and the table is known besides.
    pub asks_nobody: bool,
}

/// What came of a trial.
#[derive(Clone, Debug)]
pub struct Tried {
    /// What was tried.
    pub trial: Trial,
    /// The decision, or what is wrong with the draft.
    pub result: Result<TriedDecision, Vec<Problem>>,
}

/// The decision of a trial.
#[derive(Clone, Debug)]
pub struct TriedDecision {
    /// The decision and how it came about.
    pub decision: Decision,
    /// All that was known of the call.
    pub facts: Facts,
    /// Where each fact comes from, or should have come from.
    pub sources: BTreeMap<String, Source>,
    /// The look-ups that were asked.
    pub look_ups: Vec<LookUpTrace>,
    /// The body of the answer, exactly as Retell would get it.
    pub answer: String,
    /// What Retell will do with it, in a sentence.
    pub effect: String,
    /// The version it was tried against; `None`: the draft.
    pub version: Option<u32>,
    /// What the rules would have done, where an override decided.
    pub rules: Option<Box<RulesAlone>>,
}

/// Where a fact comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Source {
    /// It was given for the trial.
    Given,
    /// The look-up at this place in [`TriedDecision::look_ups`].
    LookUp(usize),
}

/// What the rules would do if no override stood above them.
#[derive(Clone, Debug)]
pub struct RulesAlone {
    /// Their decision.
    pub decision: Decision,
    /// What Retell would do with it, in a sentence.
    pub effect: String,
}

/// What came of a request through the real port.
#[derive(Clone, Debug)]
pub struct FrontDoor {
    /// Where it was sent.
    pub url: String,
    /// The body that was sent.
    pub body: String,
    /// Status, body and duration in milliseconds, or why there was no answer.
    pub result: Result<(u16, String, f64), String>,
}
