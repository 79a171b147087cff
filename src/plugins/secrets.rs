//! What plugins need and no table may hold: tokens and passwords, by name. Kept by others in the
//! system's key store; here they are only read, at the moment they are sent.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::sync::{Arc, PoisonError, RwLock};

/// The secrets of this computer, by name. Clones see the same ones, so that a change counts at
/// once, also for tables that are already at work.
#[derive(Clone, Default)]
pub struct Secrets(Arc<RwLock<BTreeMap<String, Arc<str>>>>);

impl Secrets {
    /// The secret with this name, if it is on this computer.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<Arc<str>> {
        self.0.read().unwrap_or_else(PoisonError::into_inner).get(name).cloned()
    }

    /// Puts other secrets in the place of all there are.
    pub fn replace(&self, all: BTreeMap<String, Arc<str>>) {
        *self.0.write().unwrap_or_else(PoisonError::into_inner) = all;
    }

    /// What secrets there are. Their names may be shown.
    #[must_use]
    pub fn names(&self) -> BTreeSet<String> {
        self.0.read().unwrap_or_else(PoisonError::into_inner).keys().cloned().collect()
    }
}

impl fmt::Debug for Secrets {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.names()).finish()
    }
}
