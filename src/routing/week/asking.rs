//! Asking rules whether they match, where their conditions do not state it.

use std::collections::HashMap;

use chrono::{DateTime, Utc};

use crate::routing::checks::Laid;
use crate::routing::{Call, Facts, Times};

/// How often it is asked, in seconds.
const STEP: i64 = 15 * 60;

/// Asks of one call.
pub(super) struct Asking<'a> {
    call: &'a Call,
    facts: &'a dyn Fn(&Call, DateTime<Utc>) -> Facts,
    /// What was known at the moments that were asked for.
    known: HashMap<i64, Facts>,
}

/// What came of asking.
pub(super) struct Asked {
    /// When the rule matches.
    pub(super) yes: Times,
    /// Whether it matches at some of the times, and at others not.
    pub(super) changes: bool,
}

impl<'a> Asking<'a> {
    pub(super) fn new(call: &'a Call, facts: &'a dyn Fn(&Call, DateTime<Utc>) -> Facts) -> Self {
        Self { call, facts, known: HashMap::new() }
    }

    /// Asks a rule at the beginning of each stretch of `times`, and every quarter of an hour.
    pub(super) fn ask(&mut self, laid: &Laid<'_>, times: &Times) -> Asked {
        let mut yes = Vec::new();
        let mut has_no = false;
        for (from, until) in times.spans() {
            let (Some(from), Some(until)) = (from, until) else { continue };
            let mut at = *from;
            while at < *until {
                let next = ((at.div_euclid(STEP) + 1) * STEP).min(*until);
                if self.matches(laid, at) {
                    yes.push((at, next));
                } else {
                    has_no = true;
                }
                at = next;
            }
        }
        Asked { changes: has_no && !yes.is_empty(), yes: Times::of(yes) }
    }

    fn matches(&mut self, laid: &Laid<'_>, at: i64) -> bool {
        let Some(moment) = DateTime::from_timestamp(at, 0) else { return false };
        let facts = self.known.entry(at).or_insert_with(|| (self.facts)(self.call, moment));
        laid.matches(self.call, facts, moment)
    }
}
