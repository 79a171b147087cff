//! Refused requests on their way to the log, added up by kind.
//!
//! They do not take the calls' way through the channel: a flood of forged requests must neither
//! fill it nor grow without bound, so a request like one that waits already only raises a count.

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::sync::{Mutex, MutexGuard, PoisonError};

use super::record::Refused;

/// So many kinds wait apart; senders beyond that are counted together, by reason.
const KINDS_MAX: usize = 1_000;

/// Stands for all senders that no longer fit.
const OTHER_PEERS: &str = "others";

type Kinds = HashMap<(String, String), Refused>;

#[derive(Debug, Default)]
pub(super) struct Refusals {
    waiting: Mutex<Kinds>,
}

impl Refusals {
    /// Adds what was refused; `true` if nothing waited before, so that the writer needs a nudge.
    pub(super) fn add(&self, refused: Refused) -> bool {
        let mut kinds = self.kinds();
        let first = kinds.is_empty();
        add_to(&mut kinds, refused);
        first
    }

    /// All that waits.
    pub(super) fn take(&self) -> Vec<Refused> {
        std::mem::take(&mut *self.kinds()).into_values().collect()
    }

    /// Puts back what could not be written.
    pub(super) fn give_back(&self, refused: Vec<Refused>) {
        let mut kinds = self.kinds();
        for refused in refused {
            add_to(&mut kinds, refused);
        }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.kinds().is_empty()
    }

    fn kinds(&self) -> MutexGuard<'_, Kinds> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn add_to(kinds: &mut Kinds, mut refused: Refused) {
    let key = |refused: &Refused| (refused.code.clone(), refused.peer.clone());
    if kinds.len() >= KINDS_MAX && !kinds.contains_key(&key(&refused)) {
        OTHER_PEERS.clone_into(&mut refused.peer);
    }
    match kinds.entry(key(&refused)) {
        Entry::Vacant(place) => {
            place.insert(refused);
        }
        Entry::Occupied(mut place) => {
            let alike = place.get_mut();
            if refused.at_ms >= alike.at_ms {
                alike.reason = refused.reason;
                alike.body_bytes = refused.body_bytes;
            }
            alike.at_ms = alike.at_ms.min(refused.at_ms);
            alike.last_ms = alike.last_ms.max(refused.last_ms);
            alike.count += refused.count;
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used)]

    use super::*;

    #[test]
    fn a_flood_from_a_million_senders_stays_small_and_is_counted_whole() {
        let refusals = Refusals::default();
        for sender in 0..20_000 {
            refusals.add(Refused {
                id: 0,
                at_ms: sender,
                last_ms: sender,
                peer: format!("sender {sender}"),
                code: "mismatch".into(),
                reason: "The signature is not ours".into(),
                body_bytes: 10,
                count: 1,
            });
        }
        let taken = refusals.take();
        assert!(taken.len() <= KINDS_MAX + 1);
        assert_eq!(taken.iter().map(|refused| refused.count).sum::<u64>(), 20_000);
        assert!(refusals.is_empty());
    }
}
