//! What is asked of the test bench, and what it says.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;

use chrono::{DateTime, Utc};

use crate::plugins::Person;
use crate::retell::diagnosis::Diagnosis;
use crate::routing::{By, Call, Decided, Decision, Facts, Problem, Table, Value};
use crate::service::look_ups::LookUpTrace;
use crate::storage::{Preset, Secret};

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
    /// Try all requests in files. Answered by [`BenchEvent::Files`], part by part: at once by an empty one.
    TryFiles {
        /// The number of this piece of work; never used twice.
        run: u64,
        /// Files, and folders of files.
        paths: Vec<PathBuf>,
        /// The draft to try them against; without one they are tried against the live table.
        draft: Option<Arc<Table>>,
        /// Look-ups that would have to ask somebody are not asked.
        asks_nobody: bool,
    },
    /// Look into a signature. Answered by [`BenchEvent::Signature`].
    CheckSignature {
        /// The value of the header.
        header: String,
        /// The body.
        body: String,
        /// A key to check it with, besides those that are set.
        key: Option<Secret>,
    },
    /// Send many calls to the own port. Answered by [`BenchEvent::Burst`], part by part: at once by an
    /// empty one.
    Burst(BurstWish),
    /// Go on with neither files nor a burst. What goes on is told of with its last part.
    Stop,
}

/// A burst of calls.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct BurstWish {
    /// The number of this piece of work; never used twice.
    pub run: u64,
    /// How many calls.
    pub calls: u32,
    /// By how many callers.
    pub callers: u32,
    /// How many are on their way at the same time.
    pub at_once: u32,
    /// The number that is called.
    pub to: String,
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
    /// What came of more requests of files.
    Files(FilesPart),
    /// What is to be said of a signature.
    Signature(Diagnosis),
    /// How more calls of a burst went.
    Burst(BurstPart),
}

/// More of the requests that were found in files.
#[derive(Clone, Debug, Default)]
pub struct FilesPart {
    /// The number that this piece of work was asked for with.
    pub run: u64,
    /// How many there are in all, once that is known.
    pub total: Option<usize>,
    /// Those that were tried since the last part.
    pub rows: Vec<FileTried>,
    /// Why none were tried, or no more; told with the last part.
    pub why_not: Option<String>,
    /// There are no more to come.
    pub is_done: bool,
}

/// A request of a file, and what came of it.
#[derive(Clone, Debug)]
pub struct FileTried {
    /// Where it stands: "calls.har, request 3".
    pub place: String,
    /// Its body; empty where there is none.
    pub body: String,
    /// The decision, or why there is none.
    pub result: Result<Box<FileOutcome>, String>,
}

/// What would come of a request of a file.
#[derive(Clone, Debug)]
pub struct FileOutcome {
    /// The call.
    pub call: Call,
    /// When it comes in: as it says itself, or else now.
    pub at: DateTime<Utc>,
    /// The name of the line that is called.
    pub line: Option<String>,
    /// Who answers.
    pub action: Decided,
    /// What decides.
    pub by: By,
    /// What Retell will do, in a sentence.
    pub effect: String,
    /// The body of the answer.
    pub answer: String,
}

/// How more calls of a burst went.
#[derive(Clone, Debug, Default)]
pub struct BurstPart {
    /// The number that this piece of work was asked for with.
    pub run: u64,
    /// How many calls there are in all.
    pub total: u32,
    /// How long each that was answered since the last part took, in microseconds.
    pub took_us: Vec<u64>,
    /// Why others got no answer.
    pub failed: Vec<String>,
    /// There are no more to come.
    pub is_done: bool,
    /// How long it took in all, once it is done.
    pub seconds: f64,
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

/// What came of a request through the real port, or through the public address.
#[derive(Clone, Debug)]
pub struct FrontDoor {
    /// Whether it went out by the public address.
    pub is_public: bool,
    /// Where it was sent.
    pub url: String,
    /// The body that was sent.
    pub body: String,
    /// Status, body and duration in milliseconds, or why there was no answer.
    pub result: Result<(u16, String, f64), String>,
    /// What its status means and what to do, if no call is answered with it.
    pub wrong: Option<String>,
}

impl FrontDoor {
    /// A request that was not sent, or got lost here, for this reason.
    #[must_use]
    pub fn unsent(is_public: bool, body: String, why: &str) -> Self {
        Self { is_public, url: String::new(), body, result: Err(why.to_owned()), wrong: None }
    }
}
