//! Plugins that the owner drops into a folder: a manifest, and a script or a module. They yield
//! facts and tell somebody of calls, and nothing else, run behind the wall of `sandbox`, and nothing of them runs before the
//! owner allows it.
//!
//! [`Yard`] looks after the folder, [`Dropped`] is one of them as the registry knows it, and
//! [`Desk`] keeps what is known of how it does, whichever version is at work.

mod allow;
mod cases;
mod contract;
mod desk;
mod fetch;
mod files;
mod imports;
mod parcel;
mod run;
mod sandbox;
mod setting;
mod source;
mod spelled;
mod standing;
mod talk;
mod yard;

use std::collections::BTreeMap;
use std::sync::Arc;

use futures_util::FutureExt;
use futures_util::future::{self, BoxFuture};
use serde_json::{Map, Value};

use super::{Ask, FactInfo, Fault, Host, LookUp, Manifest, NoticeKind, Offer, Plugin, Telling};
use crate::routing::{Facts, Table};

pub use allow::Allow;
pub use cases::{Case, Cases};
pub use contract::keeps;
pub use desk::{Desk, Line, Report};
pub use parcel::Parcel;
pub use run::Working;
pub use sandbox::{Code, MAX_MESSAGE, Trouble};
pub use setting::{Setting, SettingKind, Settings, complete, counts, secret_name, wrong};
pub use source::{Source, is_id};
pub use standing::PluginStatus;
pub use talk::{Said, answer};
pub use yard::{Card, Kept, Standing, Yard};

/// A plugin that was dropped in and allowed.
pub struct Dropped {
    manifest: Manifest,
    state: State,
}

/// Whether it can be asked.
enum State {
    /// It is at work.
    Works(Arc<Working>),
    /// It cannot be, for this reason.
    Stuck(String),
    /// The owner switched it off.
    Off,
}

impl Dropped {
    /// One that is at work.
    #[must_use]
    pub fn working(working: Arc<Working>) -> Self {
        Self { manifest: working.manifest().clone(), state: State::Works(working) }
    }

    /// One that cannot be asked, and why.
    #[must_use]
    pub fn stuck(manifest: Manifest, why: String) -> Self {
        Self { manifest, state: State::Stuck(why) }
    }

    /// One that is switched off.
    #[must_use]
    pub fn off(manifest: Manifest) -> Self {
        Self { manifest, state: State::Off }
    }
}

impl Plugin for Dropped {
    fn manifest(&self) -> &Manifest {
        &self.manifest
    }

    fn as_dropped(&self) -> Option<&Dropped> {
        Some(self)
    }

    fn notice(&self) -> Option<&dyn NoticeKind> {
        let is_on = !matches!(self.state, State::Off);
        (is_on && self.manifest.offers.contains(&Offer::Notice)).then_some(self as &dyn NoticeKind)
    }

    fn look_up(&self, table: &Table, host: &Host) -> Option<Arc<dyn LookUp>> {
        if !self.manifest.offers.contains(&Offer::Facts) {
            return None;
        }
        match &self.state {
            State::Works(working) => Some(Arc::new(working.look_up(table, host))),
            State::Stuck(why) => Some(Arc::new(Stuck { name: self.manifest.name.clone(), why: why.clone() })),
            State::Off => None,
        }
    }
}

impl NoticeKind for Dropped {
    fn tell(&self, telling: Telling) -> BoxFuture<'static, Result<(), String>> {
        match &self.state {
            State::Works(working) => working.tell(telling).boxed(),
            State::Stuck(why) => future::ready(Err(why.clone())).boxed(),
            State::Off => future::ready(Err("it is switched off".to_owned())).boxed(),
        }
    }
}

/// What stands in the place of a plugin that cannot be asked: each call is told why.
struct Stuck {
    name: String,
    why: String,
}

impl LookUp for Stuck {
    fn ask(&self, _: Ask) -> BoxFuture<'static, Result<Facts, Fault>> {
        future::ready(Err(Fault::Broken { name: self.name.clone(), reason: self.why.clone() })).boxed()
    }
}

/// What the owner filled in, by the names of the fields.
pub type Filled = Map<String, Value>;

/// The facts of a plugin, by dotted name.
pub type FactInfos = BTreeMap<String, FactInfo>;
