//! What of a call is filtered by, as words of the index. They begin with a sign that no typed word
//! has.

use sha2::{Digest, Sha256};

use super::filter::Filter;
use super::words::digits_of;
use crate::storage::call_log::record::Summary;

pub(super) const ANY: &str = "=any";
pub(super) const FALLBACK: &str = "=fallback";
pub(super) const OVERRIDE: &str = "=override";
pub(super) const SLOW: &str = "=slow";
pub(super) const ASKED_AGAIN: &str = "=again";
pub(super) const TROUBLED: &str = "=troubled";
pub(super) const LOOK_UP_FAILED: &str = "=lookup";
pub(super) const TEST: &str = "=test";

/// All of a call.
pub(super) fn of(call: &Summary) -> Vec<String> {
    let decided_by = match (&call.overruled, &call.rule_id) {
        (Some(_), _) => OVERRIDE.to_owned(),
        (None, Some(id)) => rule(id),
        (None, None) => FALLBACK.to_owned(),
    };
    let mut tags = vec![ANY.to_owned(), decided_by, outcome(&call.outcome), line(&call.to)];
    tags.extend(call.agent.as_deref().map(agent));
    tags.extend(call.from.as_deref().map(caller));
    let marks = [
        (call.took_us >= Filter::SLOW_US, SLOW),
        (call.attempts > 1, ASKED_AGAIN),
        (call.fallback_used || call.unreadable, TROUBLED),
        (call.look_up_failed, LOOK_UP_FAILED),
        (call.is_test, TEST),
    ];
    tags.extend(marks.into_iter().filter(|(holds, _)| *holds).map(|(_, tag)| tag.to_owned()));
    tags
}

pub(super) fn outcome(word: &str) -> String {
    named('o', word)
}

pub(super) fn rule(id: &str) -> String {
    named('r', id)
}

pub(super) fn agent(name: &str) -> String {
    named('a', name)
}

pub(super) fn line(number: &str) -> String {
    end('l', number)
}

pub(super) fn caller(number: &str) -> String {
    end('c', number)
}

fn end(kind: char, number: &str) -> String {
    let is_number = number.starts_with('+') && number.chars().skip(1).all(|c| c.is_ascii_digit());
    if is_number { format!("={kind}{}", digits_of(number)) } else { named(kind, number) }
}

/// Names have letters of all kinds, which must neither be split nor taken for others.
fn named(kind: char, name: &str) -> String {
    format!("={kind}x{}", hex::encode(&Sha256::digest(name.as_bytes())[..8]))
}
