//! Look-ups: the part of a plugin that finds facts about a call and may take time.

use std::collections::BTreeMap;
#[cfg(feature = "desktop")]
use std::collections::BTreeSet;
use std::sync::Arc;

use chrono::{DateTime, Utc};
use futures_util::future::{self, BoxFuture};
use futures_util::{FutureExt, TryFutureExt};

use super::{FactInfo, Host};
use crate::plugins::Inspection;
use crate::routing::{Call, Facts, Table, UsedLookUp};

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
