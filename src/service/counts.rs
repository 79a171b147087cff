//! Counts what was answered since the program started, for those who watch it from outside. Numbers
//! only: nothing here tells of anybody.

use std::sync::atomic::{AtomicU64, Ordering};

use serde::{Deserialize, Serialize};

use crate::storage::call_log::Summary;

/// Up to where the times are counted together, in milliseconds.
pub const UP_TO_MS: [u64; 8] = [1, 5, 25, 100, 250, 500, 1000, 2000];

/// Counts. Each call adds to it without waiting for anything.
#[derive(Default)]
pub struct Counts {
    connected: AtomicU64,
    kept: AtomicU64,
    rejected: AtomicU64,
    repeated: AtomicU64,
    fallbacks: AtomicU64,
    took: [AtomicU64; UP_TO_MS.len()],
    took_us: AtomicU64,
}

/// What was counted by a moment.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Counted {
    /// Calls that an agent was connected to.
    pub connected: u64,
    /// Calls that the line's own agent kept.
    pub kept: u64,
    /// Calls that were rejected.
    pub rejected: u64,
    /// Requests for a call that was answered before.
    pub repeated: u64,
    /// Calls that the fallback answered because something failed.
    pub fallbacks: u64,
    /// Requests that were refused.
    pub refused: u64,
    /// Calls that were answered and are in no log.
    pub unlogged: u64,
    /// How many calls took no longer than each of `UP_TO_MS`.
    pub took: Vec<u64>,
    /// How long all of them took together, in microseconds.
    pub took_us: u64,
}

impl Counted {
    /// All calls that were answered.
    #[must_use]
    pub fn answered(&self) -> u64 {
        self.connected + self.kept + self.rejected
    }
}

impl Counts {
    /// A call was answered.
    pub(super) fn answered(&self, summary: &Summary) {
        let became = match summary.outcome.as_str() {
            "connect" => &self.connected,
            "reject" => &self.rejected,
            _ => &self.kept,
        };
        add(became, 1);
        add(&self.fallbacks, u64::from(summary.fallback_used));
        add(&self.took_us, summary.took_us);
        for (up_to, count) in UP_TO_MS.iter().zip(&self.took) {
            add(count, u64::from(summary.took_us <= up_to * 1000));
        }
    }

    /// A call was asked for again.
    pub(super) fn repeated(&self) {
        add(&self.repeated, 1);
    }

    /// All so far, with what others count.
    pub(super) fn so_far(&self, refused: u64, unlogged: u64) -> Counted {
        let of = |count: &AtomicU64| count.load(Ordering::Relaxed);
        Counted {
            connected: of(&self.connected),
            kept: of(&self.kept),
            rejected: of(&self.rejected),
            repeated: of(&self.repeated),
            fallbacks: of(&self.fallbacks),
            refused,
            unlogged,
            took: self.took.iter().map(of).collect(),
            took_us: of(&self.took_us),
        }
    }
}

fn add(count: &AtomicU64, more: u64) {
    count.fetch_add(more, Ordering::Relaxed);
}
