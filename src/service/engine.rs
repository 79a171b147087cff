//! A call's way from bytes to answer: verify, parse, recognise, look up, decide, record, answer.
//! Whatever fails after the signature was found right, the caller's fate is the fallback's, told
//! within [`DEADLINE`]; what fails outside of deciding is caught in `net.rs`.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};
use std::time::{Duration, Instant};

use arc_swap::ArcSwap;
use axum::body::Bytes;
use fail::fail_point;
use futures_util::future::BoxFuture;
use sha2::{Digest, Sha256};
use tokio::sync::{oneshot, watch};
use tokio::time::timeout;

use super::answering::{self, Desk, Made};
use super::clock::Clock;
use super::counts::{Counted, Counts};
use super::ending;
use super::feed::Feed;
use super::history::History;
use super::in_flight::InFlight;
use super::live::Live;
use super::messages::Event;
use super::net::{self, Way};
use super::noticing::Noticing;
use super::proof;
use super::receiver::{Incoming, Receiver, Reply, Spoiled};
use super::same_call::{Answered, Entry, Mark, SameCall, Slot};
use super::skew::{Skew, SkewWatch};
use super::turns::Turns;
use crate::retell::{ApiKey, Inbound, Refusal, Unreadable, Verified, event, payload, signature};
use crate::routing::{CallEnd, Medium, Overrides};
use crate::storage::call_log::{
    Detail, EndNews, LogError, LogHealth, LogWriter, Record, Refused, Summary, Ticket,
};

/// The latest that a verified call is answered. Retell waits ten seconds.
pub const DEADLINE: Duration = Duration::from_secs(2);
/// The latest that a call is decided; what is left of the time is for the last net.
const DECIDED_WITHIN: Duration = Duration::from_millis(1800);
/// How long an answer waits for its record to be safe on disk: far longer than a disk that is well
/// takes, so that not even the death of this process loses a call that was answered.
const RECORD_WAIT: Duration = Duration::from_millis(250);
/// The same while the disk is known to be slow: one call has waited for it already.
const RECORD_WAIT_SLOW: Duration = Duration::from_millis(20);
/// How many tests are told apart from calls; older ones have long arrived.
const TESTS_EXPECTED: usize = 64;

/// Answers calls.
pub struct Engine {
    live: ArcSwap<Live>,
    overrides: ArcSwap<Overrides>,
    keys: ArcSwap<Vec<ApiKey>>,
    log: LogWriter,
    memory: Memory,
    /// Tells this run of the program from all others.
    run: String,
    /// How many requests were refused.
    refusals: AtomicU64,
    counts: Counts,
    tests: Mutex<Vec<[u8; 32]>>,
    same_call: SameCall,
    feed: Feed,
    noticing: OnceLock<Noticing>,
    clock: Clock,
    budget: Duration,
    log_is_good: AtomicBool,
    takes_events: AtomicBool,
    log_is_slow: AtomicBool,
    skew: SkewWatch,
}

/// What calls leave behind for those that follow.
#[derive(Clone, Debug, Default)]
pub struct Memory {
    /// Who called before.
    pub history: History,
    /// Whose turn it is.
    pub turns: Turns,
    /// Which ended the program.
    pub in_flight: InFlight,
}

/// One request on its way.
pub(super) struct Passage {
    pub(super) door: Medium,
    verified: Verified,
    pub(super) inbound: Result<Inbound, Unreadable>,
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
            run: proof::new_run(),
            refusals: AtomicU64::new(0),
            counts: Counts::default(),
            tests: Mutex::default(),
            same_call: SameCall::default(),
            feed,
            noticing: OnceLock::new(),
            clock,
            budget,
            log_is_good: AtomicBool::new(true),
            takes_events: AtomicBool::new(false),
            log_is_slow: AtomicBool::new(false),
            skew: SkewWatch::default(),
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

    /// Has the owner and others told of calls from now on; only the first one counts.
    pub fn set_noticing(&self, noticing: Noticing) {
        let _ = self.noticing.set(noticing);
    }

    /// Has those told of a call who want to be; `tell`: those whom its rules name.
    fn notice(&self, call: &Summary, tell: Vec<String>) {
        if let Some(noticing) = self.noticing.get() {
            noticing.call(call, self.live(), tell);
        }
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

    /// Which run of the program this is.
    pub(super) fn run(&self) -> &str {
        &self.run
    }

    /// How many requests were refused so far.
    pub(super) fn refusals(&self) -> u64 {
        self.refusals.load(Ordering::Relaxed)
    }

    /// What was answered since the start.
    #[must_use]
    pub fn counted(&self) -> Counted {
        self.counts.so_far(self.refusals(), self.unlogged())
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
    pub(super) async fn take_news(&self, news: EndNews) -> Option<Option<(i64, CallEnd)>> {
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

    /// Erases all calls of a caller. Ends with their number.
    pub fn erase_caller(&self, number: &str) -> oneshot::Receiver<Result<u64, LogError>> {
        self.memory.history.forget(number);
        self.log.erase_caller(number)
    }

    /// Erases some of the calls from before a moment (in ms since 1970 UTC).
    pub fn erase_before(&self, at_ms: i64) {
        self.log.erase_before(at_ms);
    }

    /// Writes what waits for the log and closes it. Blocks for at most `within`.
    pub fn stop_log(&self, within: Duration) -> Result<(), LogError> {
        self.log.stop(within)
    }

    pub(super) async fn handle(self: Arc<Self>, incoming: Incoming, way: Arc<Way>) -> Reply {
        let started = Instant::now();
        let arrived_ms = self.clock.now().timestamp_millis();
        let Incoming { door, is_event, signatures, body, peer } = incoming;
        let headers: Vec<&[u8]> = signatures.iter().map(Vec::as_slice).collect();
        let body_bytes = body.len() as u64;
        match signature::verify(&self.keys.load(), &headers, body, arrived_ms) {
            Ok(verified) => {
                if let Some(answer) = proof::answer(verified.body(), &self.run) {
                    return Reply::ok(answer);
                }
                way.found_genuine();
                let underway = self.memory.in_flight.begin(verified.body());
                let verify_us = started.elapsed().as_micros() as u64;
                let read = || {
                    if underway.is_deadly {
                        return Err(Unreadable::Deadly);
                    }
                    super::breaking::break_off(verified.body());
                    fail_point!("parse");
                    payload::parse(&verified)
                };
                let inbound =
                    catch_unwind(AssertUnwindSafe(read)).unwrap_or_else(|_panic| Err(Unreadable::Broken));
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
                let passage =
                    Arc::new(Passage { door, verified, inbound, arrived_ms, started, verify_us, is_test });
                way.reads(&passage);
                self.pass(passage, &way).await
            }
            Err(refusal) => {
                if let Refusal::Clock { skew_ms } = refusal {
                    self.skew.refused(skew_ms, arrived_ms, started);
                }
                self.refuse(Refused {
                    id: 0,
                    at_ms: arrived_ms,
                    last_ms: arrived_ms,
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
    async fn pass(self: Arc<Self>, passage: Arc<Passage>, way: &Way) -> Reply {
        fail_point!("recognise");
        let deadline = DECIDED_WITHIN.saturating_sub(passage.started.elapsed());
        let slot = match self.same_call.enter(marks(&passage), way.settled(), passage.started) {
            Entry::First(slot) => slot,
            Entry::Again(slot) => return self.repeat(slot, &passage, deadline).await,
        };
        way.enters(&slot);
        self.measure(&passage);
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
        self.record_and_reply(&slot, &passage, made, way).await
    }

    async fn record_and_reply(&self, slot: &Arc<Slot>, passage: &Passage, made: Made, way: &Way) -> Reply {
        let body = slot.settle(made.body.clone());
        let is_caught = body != made.body;
        let tell = if is_caught { Vec::new() } else { made.decision.tell.clone() };
        let record = if is_caught { net::record_of(self, passage, &body) } else { passage.record(made) };
        let mut summary = record.summary.clone();
        fail_point!("record");
        if way.record().is_some() {
            // The last net has recorded this call meanwhile.
            return Reply::ok(body);
        }
        self.counts.answered(&summary);
        self.memory.history.add(&summary);
        let ticket = self.log.record(record);
        summary.id = ticket.id;
        way.recorded_as(ticket.id);
        fail_point!("wait-for-record");
        if !self.is_safe(ticket).await {
            summary.late = true;
            self.log.mark_late(summary.id);
        }
        slot.answer(Answered { body: body.clone(), record: Some(summary.id) });
        fail_point!("tell");
        self.notice(&summary, tell);
        self.feed.send(Event::Call(summary));
        let slot = slot.clone();
        Reply { status: 200, body, delivered: Some(Box::new(move || slot.delivered())) }
    }

    /// Waits for a record to be safe on disk, as long as a caller can be let wait for that; the log
    /// goes on trying by itself.
    async fn is_safe(&self, ticket: Ticket) -> bool {
        let is_slow = self.log_is_slow.load(Ordering::Relaxed);
        let wait = if is_slow { RECORD_WAIT_SLOW } else { RECORD_WAIT };
        let is_safe = matches!(timeout(wait, ticket.committed()).await, Ok(Ok(())));
        self.log_is_slow.store(!is_safe, Ordering::Relaxed);
        is_safe
    }

    /// The same call again: the first answer, byte for byte.
    async fn repeat(&self, slot: Arc<Slot>, passage: &Passage, deadline: Duration) -> Reply {
        let body = match timeout(deadline, slot.answered()).await {
            Ok(Answered { body, record }) => {
                self.counts.repeated();
                let attempts = slot.count_attempt();
                if let Some(id) = record {
                    self.log.attempt_again(id);
                    self.feed.send(Event::Again { id, attempts });
                }
                body
            }
            // The first attempt is held up; whatever it finds, this is the answer from now on.
            Err(_late) => slot.settle(self.last_resort(Some(passage), passage.door)),
        };
        Reply { status: 200, body, delivered: Some(Box::new(move || slot.delivered())) }
    }

    /// The fallback's answer; should even that break, the line's own agent.
    pub(super) fn last_resort(&self, passage: Option<&Passage>, door: Medium) -> Bytes {
        let fallback = || self.broken(passage, door).body;
        catch_unwind(AssertUnwindSafe(fallback)).unwrap_or_else(|_panic| answering::nothing(door))
    }

    /// What the fallback says where something broke.
    pub(super) fn broken(&self, passage: Option<&Passage>, door: Medium) -> Made {
        let reason = "Something in this program broke or hung; please report it";
        let unknown = Err(Unreadable::Broken);
        let inbound = passage.map_or(&unknown, |passage| &passage.inbound);
        answering::emergency(&self.desk(), inbound, door, reason)
    }

    /// Logs a call that the last net caught, and tells the window.
    pub(super) fn record_caught(&self, record: Record) -> i64 {
        let mut summary = record.summary.clone();
        self.counts.answered(&summary);
        let ticket = self.log.record(record);
        summary.id = ticket.id;
        self.notice(&summary, Vec::new());
        self.feed.send(Event::Call(summary));
        ticket.id
    }

    /// What counts at this moment.
    fn desk(&self) -> Desk {
        Desk { live: self.live(), overrides: self.overrides(), at: self.clock.now() }
    }

    /// How far the clock is off, if it is, now and from now on.
    #[must_use]
    pub fn skew(&self) -> watch::Receiver<Option<Skew>> {
        self.skew.told()
    }

    /// The clock was set, which changes how far it is off.
    pub(super) fn clock_was_set(&self) {
        self.skew.was_set(self.clock.now().timestamp_millis(), Instant::now());
    }

    /// Compares the clock with Retell's. What the owner sent is signed by this computer's own, and what
    /// comes again was signed earlier.
    fn measure(&self, passage: &Passage) {
        if !passage.is_test {
            let skew_ms = passage.arrived_ms.saturating_sub(passage.verified.timestamp_ms());
            self.skew.let_in(skew_ms, passage.arrived_ms, passage.started);
        }
    }

    fn refuse(&self, refused: Refused) {
        self.refusals.fetch_add(1, Ordering::Relaxed);
        self.log.refuse(refused.clone());
        self.feed.send(Event::Refused(refused));
    }
}

impl Passage {
    /// The record of what was answered.
    pub(super) fn record(&self, made: Made) -> Record {
        let mut record = made.into_record(self.arrived_ms, self.verified.body(), self.verify_us);
        record.summary.is_test = self.is_test;
        record.summary.took_us = self.started.elapsed().as_micros() as u64;
        record
    }

    /// The same where even the fallback broke: no more than what came.
    pub(super) fn bare_record(&self) -> Record {
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
}

impl Receiver for Engine {
    fn receive(self: Arc<Self>, incoming: Incoming) -> BoxFuture<'static, Reply> {
        Box::pin(net::over(self, incoming))
    }

    fn spoiled(&self, spoiled: Spoiled) {
        let at_ms = self.clock.now().timestamp_millis();
        self.refuse(Refused {
            id: 0,
            at_ms,
            last_ms: at_ms,
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
