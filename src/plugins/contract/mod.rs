//! What a plugin is. The same contract for what is built in and what is dropped in: a manifest
//! that the window reads without running anything (`manifest`), and offers that are opened for a
//! table. Those that find facts are in `look_up`, those that tell somebody in `notice`, and what they may
//! use of the world in `host`.

mod host;
mod look_up;
mod manifest;
mod notice;

use std::collections::BTreeMap;
use std::sync::Arc;

#[cfg(feature = "desktop")]
use chrono::{DateTime, Utc};

pub use host::{CallHistory, Host, PastCall, PastEnd, Turns};
pub use look_up::{Ask, Fault, Found, Look, LookUp, LookUpKind, OpenLookUp, People, Person};
#[cfg(feature = "desktop")]
pub use look_up::{LookUpEditor, LookUpWish};
pub use manifest::{CONTRACT, CONTRACTS, ChoiceInfo, ConditionInfo, FactInfo, Manifest, Offer};
pub(in crate::plugins) use notice::unmarked;
pub use notice::{Notice, NoticeCall, NoticeKind, NoticeOf, Telling};

use super::Registry;
use super::dropped::Dropped;
use super::reach::ReachKind;
use crate::routing::{Choice, Condition, Problem, Share, Table, TestCase};

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

    /// The way to tell somebody of calls and outages that it offers.
    fn notice(&self) -> Option<&dyn NoticeKind> {
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
