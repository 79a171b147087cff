//! A call's way from bytes to answer: verify, parse, recognise, look up, decide, record, answer.
//! Whatever fails after the signature was found right, the caller's fate is the fallback's, told
//! within [`DEADLINE`].

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use arc_swap::ArcSwap;
use axum::body::Bytes;
use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use sha2::{Digest, Sha256};
use tokio::time::timeout;

use super::answering::{self, Desk, Made};
use super::clock::Clock;
use super::ending;
use super::feed::Feed;
use super::history::History;
use super::live::Live;
use super::messages::Event;
use super::receiver::{Incoming, Receiver, Reply, Spoiled};
use super::same_call::{Answered, Entry, Mark, SameCall, Slot};
use super::turns::Turns;
use crate::retell::{ApiKey, Inbound, Refusal, Unreadable, Verified, event, payload, signature};
use crate::routing::{Medium, Overrides};
use crate::storage::call_log::{CallEnd, EndNews, LogError, LogHealth, LogWriter, Refused};

/// The latest that a verified call is answered. Retell waits ten seconds.
pub const DEADLINE: Duration = Duration::from_secs(2);
/// How long an answer waits for its record to be safe on disk.
const RECORD_WAIT: Duration = Duration::from_millis(20);
/// How many tests are told apart from calls; older ones have long arrived.
const TESTS_EXPECTED: usize = 64;

/// Answers calls.
pub struct Engine {
    live: ArcSwap<Live>,
    overrides: ArcSwap<Overrides>,
    keys: ArcSwap<Vec<ApiKey>>,
    log: LogWriter,
    memory: Memory,
    tests: Mutex<Vec<[u8; 32]>>,
    same_call: SameCall,
    feed: Feed,
    clock: Clock,
    budget: Duration,
    log_is_good: AtomicBool,
    takes_events: AtomicBool,
}

/// What calls leave behind for those that follow.
#[derive(Clone, Debug, Default)]
pub struct Memory {
    /// Who called before.
    pub history: History,
    /// Whose turn it is.
    pub turns: Turns,
}

/// One request on its way.
struct Passage {
    door: Medium,
    verified: Verified,
    inbound: Result<Inbound, Unreadable>,
    arrived_ms: i64,
    started: Instant,
    verify_us: u64,
    is_test: bool,
}

impl Engine {
    /// An engine that answers with this table.
    #[must_use]
    pub fn new(
        live: Arc<Live>,
        log: LogWriter,
        memory: Memory,
        feed: Feed,
        clock: Clock,
        budget: Duration,
    ) -> Self {
        Self {
            live: ArcSwap::new(live),
            overrides: ArcSwap::default(),
            keys: ArcSwap::default(),
            log,
            memory,
            tests: Mutex::default(),
            same_call: SameCall::default(),
            feed,
            clock,
            budget,
            log_is_good: AtomicBool::new(true),
            takes_events: AtomicBool::new(false),
        }
    }

    /// The table that answers calls now.
    #[must_use]
    pub fn live(&self) -> Arc<Live> {
        self.live.load_full()
    }

    /// Lets another table answer from the next call on.
    pub fn go_live(&self, live: Arc<Live>) {
        self.live.store(live);
    }

    /// What stands above the rules, now and to come.
    #[must_use]
    pub fn overrides(&self) -> Arc<Overrides> {
        self.overrides.load_full()
    }

    /// Lets these overrides count from the next call on.
    pub fn set_overrides(&self, overrides: Arc<Overrides>) {
        self.overrides.store(overrides);
    }

    /// Says that the request with this signature header will be a test of the owner's: it is answered
    /// like any other, and counts nowhere.
    pub fn expect_test(&self, signature: &str) {
        let Some(mac) = signature::mac_of(signature) else { return };
        let mut tests = self.tests();
        // A test that never arrived is forgotten in time.
        if tests.len() >= TESTS_EXPECTED {
            tests.remove(0);
        }
        tests.push(mac);
    }

    fn is_test(&self, mac: &[u8; 32]) -> bool {
        self.tests().contains(mac)
    }

    fn tests(&self) -> MutexGuard<'_, Vec<[u8; 32]>> {
        self.tests.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Sets the keys that requests may be signed with. None: every request is refused.
    pub fn set_keys(&self, keys: Vec<ApiKey>) {
        self.keys.store(Arc::new(keys));
    }

    /// The keys that requests may be signed with, the current one first.
    #[must_use]
    pub fn keys(&self) -> Arc<Vec<ApiKey>> {
        self.keys.load_full()
    }

    /// Takes note of whether calls are being logged.
    pub fn set_log_health(&self, health: &LogHealth) {
        self.log_is_good.store(health.is_good(), Ordering::Relaxed);
    }

    /// Says whether Retell may tell what became of calls.
    pub fn set_takes_events(&self, takes: bool) {
        self.takes_events.store(takes, Ordering::Relaxed);
    }

    /// Keeps what was told of a call; see [`LogWriter::end`].
    pub(super) async fn take_news(&self, news: EndNews) -> Option<Option<CallEnd>> {
        self.log.end(news).await
    }

    pub(super) fn tell(&self, event: Event) {
        self.feed.send(event);
    }

    /// How many calls were answered and will be in no log.
    #[must_use]
    pub fn unlogged(&self) -> u64 {
        self.log.lost()
    }

    /// Writes what waits for the log and closes it. Blocks for at most `within`.
    pub fn stop_log(&self, within: Duration) -> Result<(), LogError> {
        self.log.stop(within)
    }

    async fn handle(self: Arc<Self>, incoming: Incoming, is_genuine: &AtomicBool) -> Reply {
        let started = Instant::now();
        let arrived_ms = self.clock.now().timestamp_millis();
        let Incoming { door, is_event, signatures, body, peer } = incoming;
        let headers: Vec<&[u8]> = signatures.iter().map(Vec::as_slice).collect();
        let body_bytes = body.len() as u64;
        match signature::verify(&self.keys.load(), &headers, body, arrived_ms) {
            Ok(verified) => {
                is_genuine.store(true, Ordering::Relaxed);
                let verify_us = started.elapsed().as_micros() as u64;
                let inbound = payload::parse(&verified);
                // An owner may have pasted one address where the other belongs: what came counts.
                if matches!(inbound, Err(Unreadable::WrongEvent { .. }))
                    && self.takes_events()
                    && let Some(event) = event::parse(&verified)
                {
                    return self.take_event(event, arrived_ms).await;
                }
                if is_event && inbound.is_err() {
                    return ending::done();
                }
                let is_test = self.is_test(&verified.mac());
                self.pass(Passage { door, verified, inbound, arrived_ms, started, verify_us, is_test }).await
            }
            Err(refusal) => {
                self.refuse(Refused {
                    id: 0,
                    at_ms: arrived_ms,
                    peer: peer.ip().to_string(),
                    code: code(&refusal).to_owned(),
                    reason: refusal.reason(),
                    body_bytes,
                    count: 1,
                });
                Reply { status: 401, body: Bytes::new(), delivered: None }
            }
        }
    }

    /// Everything after the signature: from here on there is an answer, and it is a 200.
    async fn pass(self: Arc<Self>, passage: Passage) -> Reply {
        let deadline = DEADLINE.saturating_sub(passage.started.elapsed());
        let slot = match self.same_call.enter(marks(&passage), passage.started) {
            Entry::First(slot) => slot,
            Entry::Again(slot) => return self.repeat(slot, passage.door, deadline).await,
        };
        let passage = Arc::new(passage);
        let desk = self.desk();
        let turns = (!passage.is_test).then(|| self.memory.turns.clone());
        let inbound = passage.inbound.clone();
        let work = tokio::spawn(answering::answer(desk.clone(), inbound, passage.door, self.budget, turns));
        let stop = work.abort_handle();
        let made = match timeout(deadline, work).await {
            Ok(Ok(made)) => made,
            Ok(Err(_panic)) => answering::emergency(
                &desk,
                &passage.inbound,
                passage.door,
                "Something in this program broke while deciding; please report it",
            ),
            Err(_late) => {
                stop.abort();
                answering::emergency(&desk, &passage.inbound, passage.door, "Deciding took too long")
            }
        };
        self.record_and_reply(&slot, &passage, made).await
    }

    async fn record_and_reply(&self, slot: &Arc<Slot>, passage: &Passage, made: Made) -> Reply {
        let body = made.body.clone();
        let mut record = made.into_record(passage.arrived_ms, passage.verified.body(), passage.verify_us);
        record.summary.is_test = passage.is_test;
        record.summary.took_us = passage.started.elapsed().as_micros() as u64;
        let mut summary = record.summary.clone();
        self.memory.history.add(&summary);
        let ticket = self.log.record(record);
        summary.id = ticket.id;
        // The caller has waited long enough after this; the log goes on trying by itself.
        if !matches!(timeout(RECORD_WAIT, ticket.committed()).await, Ok(Ok(()))) {
            summary.late = true;
            self.log.mark_late(summary.id);
        }
        slot.answer(Answered { body: body.clone(), record: summary.id });
        self.feed.send(Event::Call(summary));
        let slot = slot.clone();
        Reply { status: 200, body, delivered: Some(Box::new(move || slot.delivered())) }
    }

    /// The same call again: the first answer, byte for byte.
    async fn repeat(&self, slot: Arc<Slot>, medium: Medium, deadline: Duration) -> Reply {
        let Ok(answered) = timeout(deadline, slot.answered()).await else {
            // The first attempt broke where nobody caught it, or it would have answered by now.
            return self.last_resort(medium);
        };
        let attempts = slot.count_attempt();
        self.log.attempt_again(answered.record);
        self.feed.send(Event::Again { id: answered.record, attempts });
        Reply { status: 200, body: answered.body, delivered: Some(Box::new(move || slot.delivered())) }
    }

    /// The fallback's answer without a record; should even that break, the line's own agent.
    fn last_resort(&self, door: Medium) -> Reply {
        let reason = "Something in this program broke; please report it";
        let fallback = || answering::emergency(&self.desk(), &Err(Unreadable::NoCall), door, reason).body;
        Reply::ok(catch_unwind(AssertUnwindSafe(fallback)).unwrap_or_else(|_| answering::nothing(door)))
    }

    /// What counts at this moment.
    fn desk(&self) -> Desk {
        Desk { live: self.live(), overrides: self.overrides(), at: self.clock.now() }
    }

    fn refuse(&self, refused: Refused) {
        self.log.refuse(refused.clone());
        self.feed.send(Event::Refused(refused));
    }
}

impl Receiver for Engine {
    fn receive(self: Arc<Self>, incoming: Incoming) -> BoxFuture<'static, Reply> {
        Box::pin(async move {
            let is_genuine = AtomicBool::new(false);
            let door = incoming.door;
            // The last net under everything: deciding has its own.
            match AssertUnwindSafe(self.clone().handle(incoming, &is_genuine)).catch_unwind().await {
                Ok(reply) => reply,
                Err(_panic) if is_genuine.load(Ordering::Relaxed) => self.last_resort(door),
                Err(_panic) => Reply { status: 500, body: Bytes::new(), delivered: None },
            }
        })
    }

    fn spoiled(&self, spoiled: Spoiled) {
        self.refuse(Refused {
            id: 0,
            at_ms: self.clock.now().timestamp_millis(),
            peer: spoiled.peer.ip().to_string(),
            code: spoiled.reason.code().to_owned(),
            reason: spoiled.reason.to_string(),
            body_bytes: 0,
            count: 1,
        });
    }

    fn takes_events(&self) -> bool {
        self.takes_events.load(Ordering::Relaxed)
    }

    fn healthy(&self) -> bool {
        self.log_is_good.load(Ordering::Relaxed) && self.keys.load().iter().any(|key| !key.is_empty())
    }
}

/// The reason in one word, for grouping.
fn code(refusal: &Refusal) -> &'static str {
    match refusal {
        Refusal::NoKey => "no_key",
        Refusal::NoHeader => "no_signature",
        Refusal::SeveralHeaders => "several_signatures",
        Refusal::BadForm => "bad_form",
        Refusal::Clock { .. } => "clock",
        Refusal::Mismatch => "mismatch",
    }
}

/// What tells that this request is about a call that came before.
fn marks(passage: &Passage) -> Vec<Mark> {
    let mut marks = vec![Mark::Signature(passage.verified.mac())];
    let inbound = passage.inbound.as_ref().ok();
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
        marks.push(Mark::Body(Sha256::digest(passage.verified.body()).into()));
    }
    marks
}
