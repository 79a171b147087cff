//! Lots drawn from a caller's number: the same caller draws the same lot for the same words,
//! whatever else changes. Callers who hide their number have nothing to be known by: there the
//! line and the minute draw, so that a repeated request of the same call mostly falls the same
//! way, and different calls spread.

use chrono::{DateTime, Utc};
use sha2::{Digest, Sha256};

use crate::routing::Call;

/// The lot of a call. It must never change: callers would change sides.
pub(super) fn of(words: &str, call: &Call, at: DateTime<Utc>) -> u64 {
    let who = match call.from.number() {
        Some(number) => number.to_owned(),
        None => format!("{}\n{}", call.to, at.timestamp().div_euclid(60)),
    };
    let hash = Sha256::digest(format!("{words}\n{who}"));
    hash.iter().take(8).fold(0_u64, |sum, byte| sum << 8 | u64::from(*byte))
}
