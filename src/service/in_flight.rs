//! Requests that are being worked on, remembered beyond the end of the program, so that one that ends it
//! does not end it again each time it is sent: it is answered by the fallback then, and neither read nor
//! decided by the table.
//!
//! What is remembered is a digest of each request, in a piece of memory that somebody else holds: a disk
//! could keep a call waiting.

use std::collections::HashSet;
use std::fs::File;
use std::sync::{Arc, Mutex, PoisonError};

use sha2::{Digest, Sha256};

type Mark = [u8; 32];

/// Nobody's digest.
const NONE: Mark = [0; 32];
/// So many requests that ended the program are remembered; then the first gives way.
const DEADLY: usize = 64;
/// So many may be worked on at once; it is a little more than how many can be.
const AT_ONCE: usize = 640;

/// All of them. Clones are the same.
#[derive(Clone, Debug, Default)]
pub struct InFlight(Arc<Kept>);

#[derive(Debug, Default)]
struct Kept {
    deadly: HashSet<Mark>,
    memory: Option<File>,
    free: Mutex<Vec<usize>>,
}

/// A request that is being worked on, until this goes.
pub(super) struct Underway {
    all: InFlight,
    place: Option<usize>,
    /// The program ended while it worked on this before.
    pub(super) is_deadly: bool,
}

impl InFlight {
    /// Those in a piece of memory: what was being worked on when the program before this one ended is
    /// deadly from now on. Without one nothing is remembered.
    #[must_use]
    pub fn in_memory(memory: Option<File>) -> Self {
        let marks: Vec<Mark> =
            memory.iter().flat_map(|memory| (0..DEADLY + AT_ONCE).map(|place| read(memory, place))).collect();
        let mut deadly = Vec::new();
        for mark in marks.into_iter().filter(|mark| *mark != NONE) {
            if !deadly.contains(&mark) {
                deadly.push(mark);
            }
        }
        let deadly = &deadly[deadly.len().saturating_sub(DEADLY)..];
        if let Some(memory) = &memory {
            for place in 0..DEADLY + AT_ONCE {
                write(memory, place, deadly.get(place).unwrap_or(&NONE));
            }
        }
        let free = Mutex::new((DEADLY..DEADLY + AT_ONCE).collect());
        Self(Arc::new(Kept { deadly: deadly.iter().copied().collect(), memory, free }))
    }

    /// This request is being worked on from now on.
    pub(super) fn begin(&self, body: &[u8]) -> Underway {
        let Some(memory) = &self.0.memory else {
            return Underway { all: self.clone(), place: None, is_deadly: false };
        };
        let mark = Sha256::digest(body).into();
        let is_deadly = self.0.deadly.contains(&mark);
        // One that is known needs no place of its own.
        let place = if is_deadly { None } else { self.free().pop() };
        if let Some(place) = place {
            write(memory, place, &mark);
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
            write(memory, place, &NONE);
            self.all.free().push(place);
        }
    }
}

#[cfg(unix)]
fn read(memory: &File, place: usize) -> Mark {
    let mut mark = NONE;
    // There is nothing yet.
    let _ = std::os::unix::fs::FileExt::read_exact_at(memory, &mut mark, offset(place));
    mark
}

#[cfg(unix)]
fn write(memory: &File, place: usize, mark: &Mark) {
    // What is not remembered is as it was without this.
    let _ = std::os::unix::fs::FileExt::write_all_at(memory, mark, offset(place));
}

#[cfg(unix)]
fn offset(place: usize) -> u64 {
    (place * size_of::<Mark>()) as u64
}

/// Nobody hands down any memory here.
#[cfg(not(unix))]
fn read(_memory: &File, _place: usize) -> Mark {
    NONE
}

#[cfg(not(unix))]
fn write(_memory: &File, _place: usize, _mark: &Mark) {}

#[cfg(all(test, unix))]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn what_was_being_worked_on_at_the_end_is_deadly_and_stays_so() {
        let memory = tempfile::tempfile().unwrap();
        let next = || InFlight::in_memory(Some(memory.try_clone().unwrap()));
        let first = next();
        drop(first.begin(b"answered"));
        let deadly = first.begin(b"deadly");
        assert!(!deadly.is_deadly);
        // The program ends: nothing is given back.
        std::mem::forget(deadly);
        for _ in 0..2 {
            let after = next();
            assert!(after.begin(b"deadly").is_deadly);
            assert!(!after.begin(b"answered").is_deadly);
        }
    }

    #[test]
    fn the_memory_is_bounded_and_places_are_given_back() {
        let memory = tempfile::tempfile().unwrap();
        let all = InFlight::in_memory(Some(memory.try_clone().unwrap()));
        for _ in 0..3 {
            let many: Vec<_> = (0..AT_ONCE + 10).map(|n: usize| all.begin(&n.to_le_bytes())).collect();
            assert_eq!(many.iter().filter(|one| one.place.is_none()).count(), 10);
        }
        assert_eq!(memory.metadata().unwrap().len(), ((DEADLY + AT_ONCE) * 32) as u64);
        assert!(!InFlight::default().begin(b"anything").is_deadly);
    }
}
