//! Answers calls: what it goes by, and who is told. A call's way through it is in `way`, what came in
//! `passage`. Whatever fails after the signature was found right, the caller's fate is the fallback's, told
//! within [`DEADLINE`]; what fails outside of deciding is caught in `net.rs`.

mod passage;
mod way;

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};
use std::time::{Duration, Instant};

use arc_swap::ArcSwap;
use futures_util::future::BoxFuture;
use tokio::sync::{oneshot, watch};

pub(super) use self::passage::Passage;
use super::clock::Clock;
use super::counts::{Counted, Counts};
use super::feed::Feed;
use super::history::History;
use super::in_flight::InFlight;
use super::live::Live;
use super::messages::Event;
use super::noticing::Noticing;
use super::receiver::{Incoming, Receiver, Reply, Spoiled};
use super::safe_mode::SafeMode;
use super::same_call::SameCall;
use super::skew::{Skew, SkewWatch};
use super::turns::Turns;
use super::{net, proof};
use crate::retell::{ApiKey, signature};
use crate::routing::{CallEnd, Overrides};
use crate::storage::call_log::{EndNews, LogError, LogHealth, LogWriter, Refused, Summary};

/// The latest that a verified call is answered. Retell waits ten seconds.
pub const DEADLINE: Duration = Duration::from_secs(2);
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
    safe_mode: watch::Sender<Option<SafeMode>>,
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
            safe_mode: watch::Sender::default(),
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

    /// Erases some of the calls from before a moment (in ms since 1970 UTC), and forgets
    /// them as earlier calls.
    pub fn erase_before(&self, at_ms: i64) {
        self.memory.history.forget_before(at_ms);
        self.log.erase_before(at_ms);
    }

    /// Writes what waits for the log and closes it. Blocks for at most `within`.
    pub fn stop_log(&self, within: Duration) -> Result<(), LogError> {
        self.log.stop(within)
    }

    /// How far the clock is off, if it is, now and from now on.
    #[must_use]
    pub fn skew(&self) -> watch::Receiver<Option<Skew>> {
        self.skew.told()
    }

    /// What is left out in safe mode, now and from now on; `None`: all is as its owner made it.
    #[must_use]
    pub fn safe_mode(&self) -> watch::Receiver<Option<SafeMode>> {
        self.safe_mode.subscribe()
    }

    /// Says whether this is safe mode, for those who ask how it is doing.
    pub fn set_safe_mode(&self, safe_mode: Option<SafeMode>) {
        self.safe_mode.send_replace(safe_mode);
    }

    /// The clock was set, which changes how far it is off.
    pub(super) fn clock_was_set(&self) {
        self.skew.was_set(self.clock.now().timestamp_millis(), Instant::now());
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
