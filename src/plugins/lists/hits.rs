//! How often an entry of a list stood for a caller, and when last: counted over the calls of a log.

use chrono::{DateTime, NaiveDate};

use super::index::Index;
use crate::routing::{Entry, List, Table};

/// The calls of one entry.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Hits {
    /// How many calls.
    pub calls: u32,
    /// When the last of them arrived, in ms since 1970 UTC.
    pub last_ms: i64,
}

/// Counts calls for each entry of a list.
pub struct HitCounter {
    index: Index,
    hits: Vec<Hits>,
    /// The caller of the call before, and where entries for it stand: calls come by caller.
    caller: String,
    places: Vec<u32>,
}

impl HitCounter {
    /// Nothing counted yet.
    #[must_use]
    pub fn of(list: &List, table: &Table) -> Self {
        let hits = vec![Hits::default(); list.entries.len()];
        Self { index: Index::of(list, table), hits, caller: String::new(), places: Vec::new() }
    }

    /// Counts a call for the entry that put its caller on the list on that day; if several did, for
    /// the one that says most about the caller.
    pub fn add(&mut self, caller: &str, at_ms: i64) {
        if self.caller != caller {
            caller.clone_into(&mut self.caller);
            self.places = self.index.places(caller).collect();
        }
        let Some(at) = DateTime::from_timestamp_millis(at_ms) else { return };
        let day = self.index.day(at);
        let counted = |place: &&u32| stood(&self.index.entries()[**place as usize], day);
        let Some(place) = self.places.iter().find(counted) else { return };
        let hits = &mut self.hits[*place as usize];
        hits.calls += 1;
        hits.last_ms = hits.last_ms.max(at_ms);
    }

    /// The calls of each entry, in the order of the list.
    #[must_use]
    pub fn done(self) -> Vec<Hits> {
        self.hits
    }
}

/// Whether an entry was on the list on that day.
fn stood(entry: &Entry, day: NaiveDate) -> bool {
    super::counts(entry, day) && entry.added.is_none_or(|added| added <= day)
}
