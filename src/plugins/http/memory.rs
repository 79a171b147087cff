//! Answers that are used again: at once while they are fresh, and for a while after that while a
//! new one is fetched behind the call.

use std::num::NonZeroUsize;
use std::time::Duration;

use lru::LruCache;
use tokio::time::Instant;

use crate::routing::Facts;

/// How many answers are kept; the one that was not used for longest goes first.
const MOST: NonZeroUsize = NonZeroUsize::MIN.saturating_add(4999);
/// For how long an answer that is no longer fresh may still be used while a new one is fetched.
pub(super) const STALE_FOR: Duration = Duration::from_hours(24);

/// What tells one question from another.
pub(super) type Question = [u8; 32];

/// The answers.
pub(super) struct Memory {
    kept: LruCache<Question, Kept>,
    fresh_for: Duration,
    stale_for: Duration,
}

struct Kept {
    facts: Facts,
    at: Instant,
    /// Until when a new answer is awaited, so that only one is fetched at a time.
    refreshing: Option<Instant>,
}

/// An answer from memory.
#[derive(Debug, PartialEq)]
pub(super) struct Remembered {
    pub facts: Facts,
    pub age: Duration,
    /// Whether a new one should be fetched behind the call.
    pub refresh: bool,
}

impl Memory {
    pub(super) fn new(fresh_for: Duration, refresh: bool) -> Self {
        let stale_for = if refresh { STALE_FOR } else { Duration::ZERO };
        Self { kept: LruCache::new(MOST), fresh_for, stale_for }
    }

    /// Whether anything is remembered at all.
    pub(super) fn is_on(&self) -> bool {
        !self.fresh_for.is_zero()
    }

    /// The answer to this question, if there is one that may still be used. `patience`: how long
    /// fetching a new one may take.
    pub(super) fn get(
        &mut self,
        question: &Question,
        now: Instant,
        patience: Duration,
    ) -> Option<Remembered> {
        let (fresh_for, usable_for) = (self.fresh_for, self.fresh_for + self.stale_for);
        let kept = self.kept.get_mut(question)?;
        let age = now.saturating_duration_since(kept.at);
        if age >= usable_for {
            return None;
        }
        let is_idle = kept.refreshing.is_none_or(|until| until <= now);
        let refresh = age >= fresh_for && is_idle;
        if refresh {
            kept.refreshing = Some(now + patience);
        }
        Some(Remembered { facts: kept.facts.clone(), age, refresh })
    }

    pub(super) fn put(&mut self, question: Question, facts: Facts, now: Instant) {
        if self.is_on() {
            self.kept.put(question, Kept { facts, at: now, refreshing: None });
        }
    }
}

/// An age in words: "3 min".
pub(super) fn age_words(age: Duration) -> String {
    match age.as_secs() {
        seconds @ 0..60 => format!("{seconds} s"),
        seconds @ 60..3600 => format!("{} min", seconds / 60),
        seconds => format!("{} h", seconds / 3600),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::routing::Value;

    #[test]
    fn answers_are_fresh_then_stale_then_gone() {
        let start = Instant::now();
        let at = |seconds: u64| start + Duration::from_secs(seconds);
        let patience = Duration::from_secs(10);
        let mut facts = Facts::default();
        facts.set("crm.tier", Value::Text("gold".into()));
        let day = STALE_FOR.as_secs();
        for (refresh, cases) in [
            (false, vec![(0, Some(false)), (59, Some(false)), (60, None)]),
            (
                true,
                vec![
                    (59, Some(false)),
                    (60, Some(true)),
                    (61, Some(false)),
                    (70, Some(true)),
                    (60 + day, None),
                ],
            ),
        ] {
            let mut memory = Memory::new(Duration::from_mins(1), refresh);
            memory.put([1; 32], facts.clone(), start);
            assert_eq!(memory.get(&[2; 32], start, patience), None);
            for (second, expected) in cases {
                let got = memory.get(&[1; 32], at(second), patience).map(|found| found.refresh);
                assert_eq!(got, expected, "after {second} s, refresh: {refresh}");
            }
        }
        let mut off = Memory::new(Duration::ZERO, false);
        off.put([1; 32], facts, start);
        assert_eq!(off.get(&[1; 32], start, patience), None);
    }

    #[test]
    fn memory_is_bounded() {
        let (start, patience) = (Instant::now(), Duration::ZERO);
        let mut memory = Memory::new(Duration::from_mins(1), false);
        let question = |n: usize| {
            let mut question = [0; 32];
            question[..8].copy_from_slice(&n.to_le_bytes());
            question
        };
        (0..=MOST.get()).for_each(|n| memory.put(question(n), Facts::default(), start));
        assert_eq!(memory.get(&question(0), start, patience), None, "the oldest went");
        assert!(memory.get(&question(1), start, patience).is_some());
    }
}
