//! Recognises the same call when it comes again. Retell retries a webhook that it got no answer
//! to, and anyone may replay a signed request for five minutes: both get the first answer again,
//! byte for byte, and nothing else moves. A person who calls again is a new call.

use std::collections::{HashMap, VecDeque};
use std::sync::atomic::{AtomicBool, AtomicU32, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};
use std::time::{Duration, Instant};

use axum::body::Bytes;
use tokio::sync::watch;

use crate::routing::Medium;

/// How long an answer is remembered: twice the time that a signature stays valid.
const REMEMBERED: Duration = Duration::from_mins(10);
/// How many requests are remembered at the most: 50 calls a second for all of that time, some
/// 50 MB.
const CAPACITY: usize = 30_000;
/// How many bytes of answers are remembered at the most: most are small, but each may have 64 KiB.
const ANSWERS_MAX: usize = 64 * 1024 * 1024;
/// How long an equal body counts as the same call: four attempts of ten seconds, and some air.
pub(super) const RETRY_WINDOW: Duration = Duration::from_secs(45);

/// What tells that two requests are about the same call.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) enum Mark {
    /// The same signature: the very same request.
    Signature([u8; 32]),
    /// The same call id.
    CallId(String),
    /// The same moment, caller and line. Only for requests without a call id.
    Moment {
        /// A call and a text of the same moment are two things.
        medium: Medium,
        /// When it arrived at Retell, in Unix milliseconds.
        moment: i64,
        /// The caller, unless withheld.
        from: Option<String>,
        /// The number that was called.
        to: String,
    },
    /// The same body (its SHA-256), soon after, while the first answer was not delivered. Only
    /// for requests that carry neither a call id nor a moment.
    Body([u8; 32]),
}

/// The answers of the last minutes.
#[derive(Default)]
pub(super) struct SameCall(Mutex<Memory>);

#[derive(Default)]
struct Memory {
    by_mark: HashMap<Mark, (u64, Arc<Slot>)>,
    by_age: VecDeque<Entered>,
    count: u64,
    /// How many bytes all answers together have.
    answers: Arc<AtomicUsize>,
}

/// What a call is answered, whatever comes after: set once, by whoever has an answer first.
pub(super) type Settled = Arc<OnceLock<Bytes>>;

/// One request that was entered.
struct Entered {
    number: u64,
    at: Instant,
    marks: Vec<Mark>,
}

/// One call: its answer, once there is one.
pub(super) struct Slot {
    since: Instant,
    settled: Settled,
    answer: watch::Sender<Option<Answered>>,
    delivered: AtomicBool,
    attempts: AtomicU32,
    /// Where the bytes of all answers are counted.
    answers: Arc<AtomicUsize>,
}

/// The answer to a call, and the id of its record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Answered {
    /// The body of the answer.
    pub body: Bytes,
    /// The record that it was logged as, if it could be.
    pub record: Option<i64>,
}

/// Whether a request is the first of its call.
pub(super) enum Entry {
    /// It is: decide, then [`Slot::answer`].
    First(Arc<Slot>),
    /// It is not: wait for [`Slot::answered`].
    Again(Arc<Slot>),
}

impl SameCall {
    /// Enters a request with everything that may tell its call. `settled` is the call's if this is
    /// its first.
    pub(super) fn enter(&self, marks: Vec<Mark>, settled: Settled, now: Instant) -> Entry {
        let mut memory = self.lock();
        memory.forget_old(now);
        let known = marks.iter().find_map(|mark| {
            let (_, slot) = memory.by_mark.get(mark)?;
            slot.counts_for(mark, now).then(|| slot.clone())
        });
        if let Some(slot) = known {
            // A retry that was signed anew is known by its new signature from now on. Marks that are
            // known already are not entered again, else replays could push other calls out.
            let new: Vec<Mark> =
                marks.into_iter().filter(|mark| !memory.by_mark.contains_key(mark)).collect();
            if !new.is_empty() {
                memory.remember(new, &slot, now);
            }
            return Entry::Again(slot);
        }
        let slot = Arc::new(Slot {
            since: now,
            settled,
            answer: watch::Sender::new(None),
            delivered: AtomicBool::new(false),
            attempts: AtomicU32::new(1),
            answers: memory.answers.clone(),
        });
        memory.remember(marks, &slot, now);
        Entry::First(slot)
    }

    fn lock(&self) -> MutexGuard<'_, Memory> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Memory {
    fn remember(&mut self, marks: Vec<Mark>, slot: &Arc<Slot>, now: Instant) {
        self.count += 1;
        for mark in &marks {
            self.by_mark.insert(mark.clone(), (self.count, slot.clone()));
        }
        self.by_age.push_back(Entered { number: self.count, at: now, marks });
    }

    fn forget_old(&mut self, now: Instant) {
        let too_old = |entered: &Entered| now.duration_since(entered.at) >= REMEMBERED;
        while self.by_age.len() >= CAPACITY
            || self.answers.load(Ordering::Relaxed) > ANSWERS_MAX
            || self.by_age.front().is_some_and(too_old)
        {
            let Some(Entered { number, marks, .. }) = self.by_age.pop_front() else { break };
            for mark in marks {
                // A later request may have entered the same mark again: that one stays.
                if self.by_mark.get(&mark).is_some_and(|(last, _)| *last == number) {
                    self.by_mark.remove(&mark);
                }
            }
        }
    }
}

impl Slot {
    fn counts_for(&self, mark: &Mark, now: Instant) -> bool {
        match mark {
            Mark::Body(_) => {
                now.duration_since(self.since) < RETRY_WINDOW && !self.delivered.load(Ordering::Relaxed)
            }
            Mark::Signature(_) | Mark::CallId(_) | Mark::Moment { .. } => true,
        }
    }

    /// Settles what is answered, and gives what counts: this, or what was settled before.
    pub(super) fn settle(&self, body: Bytes) -> Bytes {
        self.settled.get_or_init(|| body).clone()
    }

    /// Sets the answer, once; waiting repeats get it. A later one is ignored.
    pub(super) fn answer(&self, answered: Answered) {
        self.answer.send_if_modified(|answer| {
            let first = answer.is_none();
            if first {
                self.answers.fetch_add(answered.body.len(), Ordering::Relaxed);
                *answer = Some(answered);
            }
            first
        });
    }

    /// Waits for the answer.
    pub(super) async fn answered(&self) -> Answered {
        let mut answer = self.answer.subscribe();
        loop {
            if let Some(answered) = answer.borrow_and_update().clone() {
                return answered;
            }
            if answer.changed().await.is_err() {
                // The sender lives as long as this slot, so this is never reached; waiting is
                // right all the same, as the caller holds a deadline.
                std::future::pending::<()>().await;
            }
        }
    }

    /// Counts one more attempt, and tells how many there were by now.
    pub(super) fn count_attempt(&self) -> u32 {
        self.attempts.fetch_add(1, Ordering::Relaxed) + 1
    }

    /// Notes that the sender got the answer: an equal body from now on is a new call.
    pub(super) fn delivered(&self) {
        self.delivered.store(true, Ordering::Relaxed);
    }
}

impl Drop for Slot {
    fn drop(&mut self) {
        let bytes = self.answer.borrow().as_ref().map_or(0, |answered| answered.body.len());
        self.answers.fetch_sub(bytes, Ordering::Relaxed);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn is_again(memory: &SameCall, marks: Vec<Mark>, now: Instant) -> bool {
        matches!(memory.enter(marks, Settled::default(), now), Entry::Again(_))
    }

    fn body() -> Mark {
        Mark::Body([9; 32])
    }

    #[test]
    fn each_mark_alone_tells_the_call() {
        let now = Instant::now();
        for mark in [
            Mark::Signature([7; 32]),
            Mark::CallId("call_1".into()),
            Mark::Moment { medium: Medium::Call, moment: 1, from: None, to: "+14155550123".into() },
        ] {
            let memory = SameCall::default();
            assert!(!is_again(&memory, vec![mark.clone()], now));
            assert!(is_again(&memory, vec![mark.clone()], now + Duration::from_mins(5)));
            assert!(!is_again(&memory, vec![mark], now + REMEMBERED + Duration::from_secs(301)));
        }
    }

    #[test]
    fn an_equal_body_is_a_new_call_once_the_answer_was_delivered() {
        let memory = SameCall::default();
        let now = Instant::now();
        let Entry::First(slot) = memory.enter(vec![body()], Settled::default(), now) else { panic!("first") };
        assert!(is_again(&memory, vec![body()], now + Duration::from_secs(10)));
        slot.delivered();
        assert!(!is_again(&memory, vec![body()], now + Duration::from_secs(20)));
    }

    #[test]
    fn an_equal_body_much_later_is_a_new_call() {
        let memory = SameCall::default();
        let now = Instant::now();
        assert!(!is_again(&memory, vec![body()], now));
        assert!(!is_again(&memory, vec![body()], now + RETRY_WINDOW));
    }

    #[test]
    fn a_retry_signed_anew_is_known_by_either_signature() {
        let memory = SameCall::default();
        let now = Instant::now();
        let id = Mark::CallId("call_1".into());
        assert!(!is_again(&memory, vec![Mark::Signature([1; 32]), id.clone()], now));
        assert!(is_again(&memory, vec![Mark::Signature([2; 32]), id], now));
        assert!(is_again(&memory, vec![Mark::Signature([2; 32])], now));
    }

    #[test]
    fn replays_push_no_other_call_out() {
        let memory = SameCall::default();
        let now = Instant::now();
        let other = Mark::CallId("other".into());
        assert!(!is_again(&memory, vec![other.clone()], now));
        for _ in 0..(CAPACITY + 50) {
            is_again(&memory, vec![Mark::Signature([1; 32]), Mark::CallId("replayed".into())], now);
        }
        assert!(is_again(&memory, vec![other], now));
    }

    #[test]
    fn memory_is_bounded() {
        let memory = SameCall::default();
        let now = Instant::now();
        for n in 0..(CAPACITY + 50) {
            is_again(&memory, vec![Mark::CallId(n.to_string())], now);
        }
        assert!(memory.lock().by_mark.len() <= CAPACITY);
        assert!(!is_again(&memory, vec![Mark::CallId("0".into())], now));
    }

    #[test]
    fn so_are_the_bytes_of_large_answers_and_the_oldest_go_first() {
        let memory = SameCall::default();
        let now = Instant::now();
        let body = Bytes::from(vec![b' '; 64 * 1024]);
        let calls = ANSWERS_MAX / body.len() + 50;
        for n in 0..calls {
            let entry = memory.enter(vec![Mark::CallId(n.to_string())], Settled::default(), now);
            let Entry::First(slot) = entry else { panic!("first") };
            slot.answer(Answered { body: body.clone(), record: None });
            slot.answer(Answered { body: body.clone(), record: Some(1) });
        }
        assert!(memory.lock().answers.load(Ordering::Relaxed) <= ANSWERS_MAX + body.len());
        assert!(memory.lock().by_mark.len() > calls - 60, "no more go than must");
        assert!(is_again(&memory, vec![Mark::CallId((calls - 1).to_string())], now));
        assert!(!is_again(&memory, vec![Mark::CallId("0".into())], now));
    }
}
