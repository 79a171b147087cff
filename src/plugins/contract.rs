//! What a plugin is. The same contract for what is built in and what is dropped in: a manifest
//! that the window reads without running anything, and offers that are opened for a table.

use std::collections::BTreeMap;
#[cfg(feature = "desktop")]
use std::collections::BTreeSet;
use std::fmt;
use std::sync::Arc;

use chrono::{DateTime, Utc};
use futures_util::future::{self, BoxFuture};
use futures_util::{FutureExt, TryFutureExt};
use indexmap::IndexMap;
use serde::Deserialize;

use super::dropped::{Allow, Dropped, Setting};
use super::reach::ReachKind;
use super::{Inspection, News, Registry, Secrets, Web};
use crate::routing::{Call, Choice, Condition, Facts, Kind, Problem, Share, Table, TestCase, UsedLookUp};

/// The contract number that this program serves.
pub const CONTRACT: u32 = 1;

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
    /// What it has to be told, of those that are dropped in, in the order of the form.
    #[serde(default)]
    pub settings: IndexMap<String, Setting>,
}

impl Manifest {
    /// Reads the manifest of a built-in plugin.
    pub(super) fn built_in(text: &str) -> Self {
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

/// What a plugin is and does.
pub trait Plugin: Send + Sync {
    /// What it says of itself.
    fn manifest(&self) -> &Manifest;

    /// The conditions it offers; each must be named in the manifest.
    fn conditions(&self) -> &[&'static dyn ConditionKind] {
        &[]
    }

    /// The ways to choose among several agents that it offers; each must be named in the manifest.
    fn choices(&self) -> &[&'static dyn ChoiceKind] {
        &[]
    }

    /// The facts it gives for calls routed by `table`, by dotted name.
    fn facts(&self, _table: &Table) -> BTreeMap<String, FactInfo> {
        self.manifest().facts.clone()
    }

    /// Its look-up, opened for `table`, if it knows something of every call. Never on a call's way.
    fn look_up(&self, _table: &Table, _host: &Host) -> Option<Arc<dyn LookUp>> {
        None
    }

    /// The look-up that tables can use it for, any number of times and each time with settings of
    /// its own.
    fn look_up_kind(&self) -> Option<&dyn LookUpKind> {
        None
    }

    /// The way for the internet to reach this computer that it offers.
    fn reach(&self) -> Option<&dyn ReachKind> {
        None
    }

    /// How it came here, if it was dropped in.
    fn as_dropped(&self) -> Option<&Dropped> {
        None
    }

    /// What is wrong with the parts of a table that it knows.
    fn check(&self, _table: &Table) -> Vec<Problem> {
        Vec::new()
    }
}

/// A condition that rules can be made with.
pub trait ConditionKind: Send + Sync {
    /// The second half of its id: `number` in `caller.number`.
    fn name(&self) -> &'static str;

    /// The settings that a newly added one starts with; they may still be incomplete.
    fn starter(&self, table: &Table) -> serde_json::Value;

    /// Makes it ready to run. The error is a sentence for the owner: what is wrong, what to do.
    fn compile(
        &self,
        settings: &serde_json::Value,
        context: CompileContext<'_>,
    ) -> Result<Box<dyn Condition>, String>;

    /// Puts into a test case what the call must bring for this to hold, such as a header. Who calls, which
    /// line, when, and what is known of the call is found out otherwise.
    fn fill(&self, _settings: &serde_json::Value, _test: &mut TestCase) {}

    /// Draws the controls for its settings.
    #[cfg(feature = "desktop")]
    fn editor_ui(&self, ui: &mut egui::Ui, settings: &mut serde_json::Value, context: &EditorContext<'_>);
}

/// A way to choose among several agents.
pub trait ChoiceKind: Send + Sync {
    /// The second half of its id: `weighted` in `shares.weighted`.
    fn name(&self) -> &'static str;

    /// Whether each agent has a percentage; else all are alike.
    fn has_percent(&self) -> bool;

    /// Whether it chooses by the call alone, so that the same call gets the same agent again whatever
    /// came before it.
    fn is_repeatable(&self) -> bool {
        false
    }

    /// The settings that a newly made one starts with.
    fn starter(&self) -> serde_json::Value {
        serde_json::Value::Null
    }

    /// Makes it ready to run. The error is a sentence for the owner. That there are agents, each of
    /// them once and in the table, is checked by who asks.
    fn compile(&self, share: &Share, context: ChoiceContext<'_>) -> Result<Box<dyn Choice>, String>;

    /// Draws the controls for what it needs to know besides the agents.
    #[cfg(feature = "desktop")]
    fn editor_ui(&self, ui: &mut egui::Ui, share: &mut Share);
}

/// What a choice may look at while it is made ready.
#[derive(Clone, Copy, Debug)]
pub struct ChoiceContext<'a> {
    /// The table that it is part of.
    pub table: &'a Table,
    /// The id of the rule; the fallback has none.
    pub rule: &'a str,
}

/// A look-up that tables can use, each time with settings of its own.
pub trait LookUpKind: Send + Sync {
    /// The settings that a newly added one starts with; they may still be incomplete.
    fn starter(&self, table: &Table) -> serde_json::Value;

    /// The facts that it gives when used like this, by dotted name. Empty if the settings cannot be
    /// read.
    fn facts(&self, used: &UsedLookUp) -> BTreeMap<String, FactInfo>;

    /// What is wrong with its settings, in a sentence that says what to do. Reads no file and asks
    /// nobody.
    fn check(&self, used: &UsedLookUp, table: &Table) -> Result<(), String>;

    /// What keeps it from working on this computer and stands in no table, as the end of a sentence
    /// that says what to do. Asks nobody.
    fn lack(&self, _used: &UsedLookUp, _host: &Host) -> Option<String> {
        None
    }

    /// Makes it ready to be asked. Never on a call's way. Only called with settings that
    /// [`LookUpKind::check`] finds nothing wrong with.
    fn open(&self, used: &UsedLookUp, table: &Table, host: &Host) -> Result<Arc<dyn LookUp>, String>;

    /// Looks at it for the window: how it is doing and what it reads. With a call it is also
    /// tested, exactly as it would be asked; without one nobody outside of this computer is asked.
    /// What [`LookUpKind::check`] finds wrong is told beside it.
    fn inspect(&self, look: Look<'_>, host: &Host) -> BoxFuture<'static, Inspection>;

    /// Finds people by words that stand in what it reads, or digits of their numbers: at most `most`.
    /// Nobody outside of this computer is asked.
    fn find_people(&self, _wanted: People<'_>, _host: &Host) -> BoxFuture<'static, Vec<Person>> {
        future::ready(Vec::new()).boxed()
    }

    /// Draws the controls for its settings. Gives what it needs of the window, if anything.
    #[cfg(feature = "desktop")]
    fn editor_ui(
        &self,
        ui: &mut egui::Ui,
        settings: &mut serde_json::Value,
        context: &LookUpEditor<'_>,
    ) -> Option<LookUpWish>;
}

/// People who are looked for.
#[derive(Clone, Copy)]
pub struct People<'a> {
    /// How the look-up is used.
    pub used: &'a UsedLookUp,
    /// The table that it is used in.
    pub table: &'a Table,
    /// What has to stand there, in any case of letters.
    pub words: &'a str,
    /// How many are enough.
    pub most: usize,
}

/// Somebody who may call.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Person {
    /// What they are called; may be empty.
    pub name: String,
    /// Their number, in E.164.
    pub number: String,
    /// Who knows them, as the owner calls it: "Customers".
    pub source: String,
}

/// What is looked at when the owner wants to see how a look-up is doing.
#[derive(Clone, Copy)]
pub struct Look<'a> {
    /// How it is used.
    pub used: &'a UsedLookUp,
    /// The table that it is used in.
    pub table: &'a Table,
    /// The call that it is tested with, and when that is.
    pub test: Option<&'a Ask>,
}

/// What the editor of a look-up may look at while it draws.
#[cfg(feature = "desktop")]
pub struct LookUpEditor<'a> {
    /// How it is used in the draft.
    pub used: &'a UsedLookUp,
    /// The draft that is edited.
    pub table: &'a Table,
    /// The names of the secrets that this computer has.
    pub secrets: &'a BTreeSet<String>,
    /// How it was doing when it was last looked at, perhaps with settings that have changed since.
    pub inspection: Option<&'a Inspection>,
}

/// What the editor of a look-up needs of the window.
#[cfg(feature = "desktop")]
#[derive(Clone, PartialEq, Eq)]
pub enum LookUpWish {
    /// To have a file chosen; its path is put into this field of the settings.
    ChooseFile {
        /// The name of a field that holds a text.
        field: &'static str,
        /// What kind of file it is: "Contacts".
        what: &'static str,
        /// What the names of such files end with: `csv`.
        endings: &'static [&'static str],
    },
    /// To have a secret kept on this computer under this name, or forgotten.
    KeepSecret {
        /// Its name, which may be shown.
        name: String,
        /// The secret as typed; `None`: forget it.
        secret: Option<String>,
    },
}

/// What plugins may use of the world outside of a call. Handed to them, so that tests can put
/// something else in its place.
#[derive(Clone, Debug, Default)]
pub struct Host {
    /// Hears what happens to what look-ups read.
    pub news: News,
    /// What no table may hold.
    pub secrets: Secrets,
    /// Asks servers.
    pub web: Web,
    /// Who called before. Without it, facts about that are missing.
    pub history: Option<Arc<dyn CallHistory>>,
    /// Which turns are next where agents take turns. Without it, those facts are missing.
    pub turns: Option<Arc<dyn Turns>>,
}

/// The calls that were answered before, tests and repeated requests for the same call left out.
pub trait CallHistory: Send + Sync + fmt::Debug {
    /// All calls of this caller so far, in the order of time. Waits for a disk half a second at
    /// most. The error says why they are not known.
    fn calls_of(&self, caller: &str) -> BoxFuture<'static, Result<Vec<PastCall>, String>>;
}

/// The turns of all rounds.
pub trait Turns: Send + Sync + fmt::Debug {
    /// The turn that is next in a round. Looking takes no turn.
    fn next(&self, of: &str) -> u64;
}

/// A call that was answered before.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PastCall {
    /// When it arrived, in ms since 1970 UTC.
    pub at_ms: i64,
    /// Who answered it.
    pub end: PastEnd,
}

/// Who answered a call.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PastEnd {
    /// An agent.
    Agent {
        /// Its id in the table of that day, where that is known.
        id: Option<Arc<str>>,
        /// Its name on that day.
        name: Arc<str>,
    },
    /// The line's own agent at Retell.
    Kept,
    /// Nobody.
    Rejected,
}

/// A look-up at work.
#[derive(Clone)]
pub struct OpenLookUp {
    /// What it is called in traces: the plugin's name, or what the owner calls this use of it.
    pub name: String,
    /// What is asked.
    pub look_up: Arc<dyn LookUp>,
    /// The names of the facts that it gives; without an answer they are missing.
    pub gives: Vec<String>,
}

/// What a condition may look at while it is made ready.
#[derive(Clone, Copy)]
pub struct CompileContext<'a> {
    /// The table that it is part of.
    pub table: &'a Table,
    /// All plugins, for what they say of their facts.
    pub registry: &'a Registry,
}

/// What an editor may look at while it draws.
#[cfg(feature = "desktop")]
pub struct EditorContext<'a> {
    /// The draft that is edited.
    pub table: &'a Table,
    /// All facts that rules can use, by dotted name.
    pub facts: &'a BTreeMap<String, FactInfo>,
    /// The time at this frame.
    pub now: DateTime<Utc>,
}

/// The part of a plugin that finds facts and may take time.
pub trait LookUp: Send + Sync {
    /// Finds facts about a call. It is cut off at its deadline and may be dropped at any await.
    fn ask(&self, ask: Ask) -> BoxFuture<'static, Result<Facts, Fault>>;

    /// Whether the answer comes at once and depends on nothing but the call, the time and the table,
    /// so that it is the same again at any time. Test cases ask no others.
    fn is_repeatable(&self) -> bool {
        false
    }

    /// What it would say of a caller whom it does not know, without asking anybody. Nothing, where that
    /// cannot be told.
    fn of_stranger(&self, ask: &Ask) -> Facts {
        let answer = if self.is_repeatable() { self.ask(ask.clone()).now_or_never() } else { None };
        // One that has to wait is not repeatable, whatever it says.
        answer.and_then(Result::ok).unwrap_or_default()
    }

    /// The same, for look-ups that have something to tell of how they came by the facts. This is
    /// what is called for a call.
    fn find(&self, ask: Ask) -> BoxFuture<'static, Result<Found, Fault>> {
        self.ask(ask).map_ok(Found::from).boxed()
    }

    /// The facts to go on with when it was late or broke; all others are missing then.
    fn instead(&self) -> Facts {
        Facts::default()
    }
}

/// What a look-up found.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Found {
    /// The facts.
    pub facts: Facts,
    /// How it came by them, where that is worth telling: "from memory, 3 min old".
    pub note: Option<String>,
}

impl From<Facts> for Found {
    fn from(facts: Facts) -> Self {
        Self { facts, note: None }
    }
}

/// The question put to a look-up.
#[derive(Clone, Debug)]
pub struct Ask {
    /// The call.
    pub call: Arc<Call>,
    /// When it arrived, or the time it is tried for.
    pub at: DateTime<Utc>,
}

/// Why a look-up gave no facts; the text is shown in the trace.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Fault {
    /// It did not answer in time.
    #[error("{name} did not answer within {after_ms} ms")]
    Late {
        /// The plugin's name.
        name: String,
        /// How long it was given.
        after_ms: u64,
    },
    /// It broke.
    #[error("{name} failed: {reason}")]
    Broken {
        /// The plugin's name.
        name: String,
        /// In its own words.
        reason: String,
    },
}
