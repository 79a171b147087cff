//! Whose turn it is where agents take turns. Counted in memory, so that no call waits for a disk;
//! each call's turn is kept with its record, and the log tells them at the next start. A turn is
//! taken once: a call that finds its turn gone decides again with the next one.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crate::plugins;
use crate::routing::Turn;

/// The next turns of all rounds. Copies share them.
#[derive(Clone, Debug, Default)]
pub struct Turns(Arc<Mutex<HashMap<String, u64>>>);

impl Turns {
    /// Goes on after the last turns that were taken, as the log tells them.
    #[must_use]
    pub fn after(last: impl IntoIterator<Item = Turn>) -> Self {
        let next = last.into_iter().map(|Turn { of, number }| (of, number.saturating_add(1)));
        Self(Arc::new(Mutex::new(next.collect())))
    }

    /// Takes a turn, unless another call has it: then the one that is next.
    pub fn take(&self, turn: &Turn) -> Result<(), u64> {
        let mut rounds = self.rounds();
        let next = rounds.entry(turn.of.clone()).or_default();
        if *next != turn.number {
            return Err(*next);
        }
        *next += 1;
        Ok(())
    }

    fn rounds(&self) -> MutexGuard<'_, HashMap<String, u64>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl plugins::Turns for Turns {
    fn next(&self, of: &str) -> u64 {
        self.rounds().get(of).copied().unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plugins::Turns as _;

    #[test]
    fn a_turn_is_taken_once() {
        let turn = |number| Turn { of: "a".into(), number };
        let turns = Turns::after([turn(4)]);
        assert_eq!((turns.next("a"), turns.next("b")), (5, 0));
        assert_eq!(turns.take(&turn(4)), Err(5));
        assert_eq!(turns.take(&turn(5)), Ok(()));
        assert_eq!(turns.take(&turn(5)), Err(6));
        assert_eq!((turns.next("a"), turns.next("b")), (6, 0));
    }
}
