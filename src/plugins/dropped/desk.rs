//! How one dropped-in plugin is doing: how often it was asked, how long that took, what it logged,
//! and whether it is left in peace for a while. It outlives new versions of the plugin.

use std::collections::VecDeque;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use chrono::{DateTime, Utc};
use tokio::time::Instant;

use crate::plugins::breaker::{Breaker, Paused};

/// How many durations are kept.
const KEPT: usize = 512;
/// How many lines of its log are kept.
const LINES: usize = 100;

/// How one plugin is doing.
#[derive(Debug, Default)]
pub struct Desk(Mutex<Inner>);

#[derive(Debug, Default)]
struct Inner {
    breaker: Breaker,
    asks: u64,
    faults: u64,
    took_us: VecDeque<u64>,
    last_error: Option<Line>,
    log: VecDeque<Line>,
}

/// Something that was said at a time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// When.
    pub at: DateTime<Utc>,
    /// What.
    pub text: String,
}

/// How one plugin is doing, for the window.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Report {
    /// How often it was asked.
    pub asks: u64,
    /// How often it failed.
    pub faults: u64,
    /// How long half of the last asks took at most, in microseconds.
    pub p50_us: Option<u64>,
    /// How long all but one in a hundred of the last asks took at most, in microseconds.
    pub p99_us: Option<u64>,
    /// What it failed with last.
    pub last_error: Option<Line>,
    /// Why it is not asked at the moment, if so. Says no seconds, so that it does not change with each.
    pub paused: Option<String>,
    /// What it logged, the last first.
    pub log: Vec<Line>,
}

impl Desk {
    fn inner(&self) -> MutexGuard<'_, Inner> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Whether it may be asked now.
    pub(super) fn may_ask(&self) -> Result<(), String> {
        self.inner().breaker.ask(Instant::now()).map_err(|paused| paused_words(&paused))
    }

    /// It answered.
    pub(super) fn good(&self, took: Duration) {
        let mut inner = self.inner();
        inner.breaker.good();
        inner.count(took);
    }

    /// It failed.
    pub(super) fn fault(&self, at: DateTime<Utc>, took: Duration, why: &str) {
        let mut inner = self.inner();
        inner.breaker.fault(Instant::now(), why);
        inner.count(took);
        inner.faults += 1;
        inner.last_error = Some(Line { at, text: why.to_owned() });
    }

    /// Takes in what it logged.
    pub(super) fn log(&self, at: DateTime<Utc>, lines: Vec<String>) {
        let mut inner = self.inner();
        for text in lines {
            inner.log.push_front(Line { at, text });
        }
        inner.log.truncate(LINES);
    }

    /// Forgets that it failed: it is another version, or its settings changed.
    pub(super) fn begin_anew(&self) {
        self.inner().breaker.good();
    }

    /// How it is doing.
    #[must_use]
    pub fn report(&self) -> Report {
        let inner = self.inner();
        let mut took: Vec<u64> = inner.took_us.iter().copied().collect();
        took.sort_unstable();
        let part = |percent: usize| took.get((took.len().saturating_sub(1)) * percent / 100).copied();
        Report {
            asks: inner.asks,
            faults: inner.faults,
            p50_us: part(50),
            p99_us: part(99),
            last_error: inner.last_error.clone(),
            paused: inner.breaker.paused(Instant::now()).map(|paused| paused.reason),
            log: inner.log.iter().cloned().collect(),
        }
    }
}

impl Inner {
    fn count(&mut self, took: Duration) {
        self.asks += 1;
        self.took_us.push_back(took.as_micros() as u64);
        if self.took_us.len() > KEPT {
            self.took_us.pop_front();
        }
    }
}

fn paused_words(Paused { left, reason }: &Paused) -> String {
    format!("it is left in peace for {} s more, as it failed again and again: {reason}", left.as_secs() + 1)
}
