//! One request on its way: what came, what it is known again by, and its record.

use std::time::Instant;

use sha2::{Digest, Sha256};

use crate::retell::{Inbound, Unreadable, Verified};
use crate::routing::Medium;
use crate::service::answering::Made;
use crate::service::same_call::Mark;
use crate::storage::call_log::{Detail, Record, Summary};

/// One request on its way.
pub(in crate::service) struct Passage {
    pub(in crate::service) door: Medium,
    pub(super) verified: Verified,
    pub(in crate::service) inbound: Result<Inbound, Unreadable>,
    pub(super) arrived_ms: i64,
    pub(super) started: Instant,
    pub(super) verify_us: u64,
    pub(super) is_test: bool,
}

impl Passage {
    /// The record of what was answered.
    pub(in crate::service) fn record(&self, made: Made) -> Record {
        let mut record = made.into_record(self.arrived_ms, self.verified.body(), self.verify_us);
        record.summary.is_test = self.is_test;
        record.summary.took_us = self.started.elapsed().as_micros() as u64;
        record
    }

    /// The same where even the fallback broke: no more than what came.
    pub(in crate::service) fn bare_record(&self) -> Record {
        let inbound = self.inbound.as_ref().ok();
        Record {
            summary: Summary {
                at_ms: self.arrived_ms,
                from: inbound.and_then(|inbound| inbound.from.clone()),
                to: inbound.map(|inbound| inbound.to.clone()).unwrap_or_default(),
                outcome: "keep".to_owned(),
                took_us: self.started.elapsed().as_micros() as u64,
                attempts: 1,
                fallback_used: true,
                unreadable: inbound.is_none(),
                medium: inbound.map_or(self.door, |inbound| inbound.medium),
                is_test: self.is_test,
                ..Summary::default()
            },
            detail: Detail {
                request: String::from_utf8_lossy(self.verified.body()).into_owned(),
                ..Detail::default()
            },
        }
    }

    /// What tells that this request is about a call that came before.
    pub(super) fn marks(&self) -> Vec<Mark> {
        let mut marks = vec![Mark::Signature(self.verified.mac())];
        let inbound = self.inbound.as_ref().ok();
        // A call's own id is the last word: two callers may well ring at the same moment.
        if let Some(id) = inbound.and_then(|inbound| inbound.call_id.clone()) {
            marks.push(Mark::CallId(id));
        } else if let Some((inbound, moment)) =
            inbound.and_then(|inbound| Some((inbound, inbound.event_timestamp?)))
        {
            let (from, to) = (inbound.from.clone(), inbound.to.clone());
            marks.push(Mark::Moment { medium: inbound.medium, moment, from, to });
        }
        if marks.len() == 1 {
            marks.push(Mark::Body(Sha256::digest(self.verified.body()).into()));
        }
        marks
    }
}
