//! Counts over the whole call log, for the window: they may take a second, so they run beside
//! everything else and never on the control thread.

use chrono::{DateTime, TimeDelta, Utc};

use super::messages::{ListHits, ShareCounts};
use crate::plugins::lists::HitCounter;
use crate::routing::{List, Table};
use crate::storage::call_log::LogReader;

/// Shares are counted over so many days up to now.
const DAYS: u32 = 30;

/// What agents who share the calls of a rule got.
pub(super) fn shares(log: &LogReader, rule: Option<String>, now: DateTime<Utc>) -> ShareCounts {
    let since = now - TimeDelta::days(i64::from(DAYS));
    let connected = log.connected(rule.as_deref(), since.timestamp_millis());
    ShareCounts { rule, days: DAYS, connected: connected.map_err(|error| error.to_string()) }
}

/// How often each entry of a list stood for a caller.
pub(super) fn hits(log: &LogReader, list: &List, table: &Table) -> ListHits {
    let mut counter = HitCounter::of(list, table);
    let read = log.past(i64::MAX, |past| counter.add(&past.from, past.at_ms));
    let hits = read.map(|()| counter.done()).map_err(|error| error.to_string());
    ListHits { entries: list.entries.clone(), hits }
}
