//! Requests that are being worked on, remembered beyond the end of the program, so that one that ends it
//! does not end it again each time it is sent: it is answered by the fallback then, and neither read nor
//! decided by the table. That holds for as long as Retell sends it again: what looks the same later may be
//! another call.
//!
//! What is remembered is a digest of each request, in a piece of memory that somebody else holds: a disk
//! could keep a call waiting.

use std::collections::HashMap;
use std::fs::File;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use sha2::{Digest, Sha256};

use super::clock::Clock;
use super::same_call::RETRY_WINDOW;

type Mark = [u8; 32];

/// Nobody's digest.
const NONE: Mark = [0; 32];
/// So many requests that ended the program are remembered; then the first gives way.
const DEADLY: usize = 64;
/// So many may be worked on at once; it is a little more than how many can be.
const AT_ONCE: usize = 640;
/// What a place takes: a mark, and since when it is deadly, in milliseconds.
#[cfg(unix)]
const PLACE: usize = size_of::<Mark>() + size_of::<u64>();

/// All of them. Clones are the same.
#[derive(Clone, Debug, Default)]
pub struct InFlight(Arc<Kept>);

#[derive(Debug, Default)]
struct Kept {
    /// Since when each is, on the clock that goes on from one program to the next.
    deadly: HashMap<Mark, Duration>,
    memory: Option<File>,
    free: Mutex<Vec<usize>>,
}

/// A request that is being worked on, until this goes.
pub(super) struct Underway {
    all: InFlight,
    place: Option<usize>,
    /// The program ended while it worked on this just before.
    pub(super) is_deadly: bool,
}

impl InFlight {
    /// Those in a piece of memory: what was being worked on when the program before this one ended is
    /// deadly from now on, for a while. Without one nothing is remembered.
    #[must_use]
    pub fn in_memory(memory: Option<File>) -> Self {
        Self::in_memory_at(memory, Clock::system().passed())
    }

    fn in_memory_at(memory: Option<File>, now: Duration) -> Self {
        let mut deadly: Vec<(Mark, Duration)> = Vec::new();
        if let Some(memory) = &memory {
            for place in 0..DEADLY + AT_ONCE {
                let (mark, since) = read(memory, place);
                // The first are handed on from the program before, with their own time.
                let since = if place < DEADLY { since } else { now };
                if mark != NONE && is_still_deadly(since, now) {
                    deadly.retain(|(known, _)| *known != mark);
                    deadly.push((mark, since));
                }
            }
            deadly.drain(..deadly.len().saturating_sub(DEADLY));
            for place in 0..DEADLY + AT_ONCE {
                let (mark, since) = deadly.get(place).copied().unwrap_or((NONE, Duration::ZERO));
                write(memory, place, &mark, since);
            }
        }
        let free = Mutex::new((DEADLY..DEADLY + AT_ONCE).collect());
        Self(Arc::new(Kept { deadly: deadly.into_iter().collect(), memory, free }))
    }

    /// This request is being worked on from now on.
    pub(super) fn begin(&self, body: &[u8]) -> Underway {
        self.begin_at(body, Clock::system().passed())
    }

    fn begin_at(&self, body: &[u8], now: Duration) -> Underway {
        let Some(memory) = &self.0.memory else {
            return Underway { all: self.clone(), place: None, is_deadly: false };
        };
        let mark: Mark = Sha256::digest(body).into();
        let is_deadly = self.0.deadly.get(&mark).is_some_and(|since| is_still_deadly(*since, now));
        // One that is known needs no place of its own.
        let place = if is_deadly { None } else { self.free().pop() };
        if let Some(place) = place {
            write(memory, place, &mark, Duration::ZERO);
        }
        Underway { all: self.clone(), place, is_deadly }
    }

    fn free(&self) -> std::sync::MutexGuard<'_, Vec<usize>> {
        self.0.free.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Underway {
    fn drop(&mut self) {
        if let Some((place, memory)) = self.place.zip(self.all.0.memory.as_ref()) {
            write(memory, place, &NONE, Duration::ZERO);
            self.all.free().push(place);
        }
    }
}

/// Whether a request that is deadly since then still is: no longer than Retell sends it again, for bodies may
/// tell neither the call nor its time, so later on an equal one is another call. A time that is yet to come is none of this clock.
fn is_still_deadly(since: Duration, now: Duration) -> bool {
    now.checked_sub(since).is_some_and(|age| age < RETRY_WINDOW)
}

#[cfg(unix)]
fn read(memory: &File, place: usize) -> (Mark, Duration) {
    use std::os::unix::fs::FileExt;
    let (mut mark, mut since_ms) = (NONE, [0; size_of::<u64>()]);
    // At first there is nothing yet.
    let _ = memory.read_exact_at(&mut mark, offset(place));
    let _ = memory.read_exact_at(&mut since_ms, offset(place) + size_of::<Mark>() as u64);
    (mark, Duration::from_millis(u64::from_le_bytes(since_ms)))
}

#[cfg(unix)]
fn write(memory: &File, place: usize, mark: &Mark, since: Duration) {
    use std::os::unix::fs::FileExt;
    let since_ms = (since.as_millis() as u64).to_le_bytes();
    // What is not remembered is as it was without this.
    let _ = memory.write_all_at(&[mark.as_slice(), &since_ms].concat(), offset(place));
}

#[cfg(unix)]
fn offset(place: usize) -> u64 {
    (place * PLACE) as u64
}

/// Nobody hands down any memory here.
#[cfg(not(unix))]
fn read(_memory: &File, _place: usize) -> (Mark, Duration) {
    (NONE, Duration::ZERO)
}

#[cfg(not(unix))]
fn write(_memory: &File, _place: usize, _mark: &Mark, _since: Duration) {}

#[cfg(all(test, unix))]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn at(seconds: u64) -> Duration {
        Duration::from_secs(seconds)
    }

    /// The program as it is started at this time.
    fn started(memory: &File, seconds: u64) -> InFlight {
        InFlight::in_memory_at(Some(memory.try_clone().unwrap()), at(seconds))
    }

    #[test]
    fn what_was_being_worked_on_at_the_end_is_deadly_as_long_as_it_is_sent_again() {
        let memory = tempfile::tempfile().unwrap();
        let first = started(&memory, 1000);
        drop(first.begin_at(b"answered", at(1000)));
        let deadly = first.begin_at(b"deadly", at(1000));
        assert!(!deadly.is_deadly);
        // The program ends: nothing is given back.
        std::mem::forget(deadly);
        for seconds in [1001, 1011, 1031] {
            let after = started(&memory, seconds);
            assert!(after.begin_at(b"deadly", at(seconds)).is_deadly);
            assert!(!after.begin_at(b"answered", at(seconds)).is_deadly);
        }
    }

    #[test]
    fn an_equal_request_much_later_is_another_call_however_often_the_program_ended_meanwhile() {
        let memory = tempfile::tempfile().unwrap();
        let first = started(&memory, 1000);
        std::mem::forget(first.begin_at(b"equal", at(1000)));
        for restart in [1001, 1040] {
            let after = started(&memory, restart);
            assert!(after.begin_at(b"equal", at(1045)).is_deadly);
            assert!(!after.begin_at(b"equal", at(1046)).is_deadly);
        }
        let last = started(&memory, 1046);
        // Should it end the program now, it is deadly from then on.
        let again = last.begin_at(b"equal", at(1046));
        assert!(!again.is_deadly);
        std::mem::forget(again);
        assert!(started(&memory, 1047).begin_at(b"equal", at(1091)).is_deadly);
    }

    #[test]
    fn the_clock_that_the_program_has_counts() {
        let memory = tempfile::tempfile().unwrap();
        let next = || InFlight::in_memory(Some(memory.try_clone().unwrap()));
        std::mem::forget(next().begin(b"deadly"));
        assert!(next().begin(b"deadly").is_deadly);
        assert!(next().begin(b"deadly").is_deadly);
    }

    #[test]
    fn the_memory_is_bounded_and_places_are_given_back() {
        let memory = tempfile::tempfile().unwrap();
        let all = InFlight::in_memory(Some(memory.try_clone().unwrap()));
        for _ in 0..3 {
            let many: Vec<_> = (0..AT_ONCE + 10).map(|n: usize| all.begin(&n.to_le_bytes())).collect();
            assert_eq!(many.iter().filter(|one| one.place.is_none()).count(), 10);
        }
        assert_eq!(memory.metadata().unwrap().len(), ((DEADLY + AT_ONCE) * PLACE) as u64);
        assert!(!InFlight::default().begin(b"anything").is_deadly);
    }
}
