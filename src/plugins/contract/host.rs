//! What plugins may use of the world outside of a call.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::{Arc, PoisonError, RwLock};

use futures_util::future::BoxFuture;

use crate::plugins::{News, Secrets, Web};

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
    /// What the owner calls those who can be told, by their ids.
    pub notices: NoticeNames,
    /// Who called before. Without it, facts about that are missing.
    pub history: Option<Arc<dyn CallHistory>>,
    /// Which turns are next where agents take turns. Without it, those facts are missing.
    pub turns: Option<Arc<dyn Turns>>,
}

/// What the owner calls those who can be told of calls, by their ids. Clones see the same ones.
#[derive(Clone, Debug, Default)]
pub struct NoticeNames(Arc<RwLock<BTreeMap<String, String>>>);

impl NoticeNames {
    /// The name of the one with this id, if it is set up on this computer.
    #[must_use]
    pub fn get(&self, id: &str) -> Option<String> {
        self.0.read().unwrap_or_else(PoisonError::into_inner).get(id).cloned()
    }

    /// Puts others in the place of all there are.
    pub fn replace(&self, all: BTreeMap<String, String>) {
        *self.0.write().unwrap_or_else(PoisonError::into_inner) = all;
    }
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
