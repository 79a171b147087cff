//! What is to be tried, and whether what came back is the answer to it.

use std::sync::Arc;

use chrono::{DateTime, Utc};

use crate::routing::{Call, Table};
use crate::service::messages::{Command, Knowing, Trial, Tried};
use crate::ui::app::State;

/// A call, a time, and the table to try it against.
#[derive(Clone)]
pub(super) struct Wanted {
    pub(super) call: Call,
    pub(super) at: DateTime<Utc>,
    /// `None`: the live table.
    pub(super) draft: Option<Arc<Table>>,
    /// The live table's version.
    pub(super) version: u32,
    /// What is taken as known.
    pub(super) knowing: Knowing,
}

impl Wanted {
    /// Asks the service for it.
    pub(super) fn command(&self) -> Command {
        let Self { call, at, draft, version: _, knowing } = self.clone();
        Command::Try(Box::new(Trial { call, at, draft, knowing }))
    }

    /// What came of it, once that is known.
    pub(super) fn answer<'a>(&self, state: &'a State) -> Option<&'a Tried> {
        let tried = if self.draft.is_some() { &state.tried_draft } else { &state.tried };
        tried.as_deref().filter(|tried| {
            let Trial { call, at, draft, knowing } = &tried.trial;
            let right_version = match &tried.result {
                Ok(decided) => decided.version.is_none_or(|version| version == self.version),
                Err(_) => true,
            };
            let same_call = *call == self.call && *at == self.at && *knowing == self.knowing;
            right_version && same_call && same(draft.as_ref(), self.draft.as_ref())
        })
    }
}

/// The same draft, and not one with equal content: comparing thousands of rules takes time.
fn same(one: Option<&Arc<Table>>, other: Option<&Arc<Table>>) -> bool {
    match (one, other) {
        (None, None) => true,
        (Some(one), Some(other)) => Arc::ptr_eq(one, other),
        _ => false,
    }
}

impl PartialEq for Wanted {
    fn eq(&self, other: &Self) -> bool {
        let Self { call, at, draft, version, knowing } = self;
        let same_table = match (draft, &other.draft) {
            (None, None) => *version == other.version,
            (one, another) => same(one.as_ref(), another.as_ref()),
        };
        same_table && *call == other.call && *at == other.at && *knowing == other.knowing
    }
}
