//! Checks drafts on a thread of its own, so that neither the window nor what saves its edits waits.
//! A newer draft takes the place of one that is being checked.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use chrono::{DateTime, Utc};

use super::account::Accounts;
use super::clock::Clock;
use super::feed::Feed;
use super::knowing;
use super::live::Live;
use super::messages::Event;
use crate::plugins::Registry;
use crate::routing::Table;
use crate::routing::checks::{Checker, Knowledge};
use crate::storage::Home;
use crate::storage::call_log::LogReader;

/// How old what is known of calls may be. Then they are looked at again, even if nothing is edited.
const FRESH: Duration = Duration::from_mins(10);
/// When a log that could not be read is tried again.
const AGAIN: Duration = Duration::from_secs(2);

/// What a check needs.
#[derive(Clone)]
struct Wanted {
    draft: Arc<Table>,
    live: Arc<Live>,
    registry: Arc<Registry>,
}

/// Where checks learn what the table does not say.
pub struct Sources {
    /// Where the versions are.
    pub home: Home,
    /// Reads the calls that came.
    pub log: LogReader,
    /// What Retell told.
    pub account: Accounts,
}

/// What both threads see.
#[derive(Default)]
struct Shared {
    wanted: Mutex<Option<Wanted>>,
    /// What was checked last is due again.
    again: AtomicBool,
    bell: Condvar,
    /// Goes up with each draft, and at the end: what was begun before is not wanted any more.
    edition: AtomicU64,
    /// Nothing more will be wanted.
    over: Mutex<bool>,
}

/// Asks for checks. Each is answered by [`Event::Checked`], unless a newer one is asked for before.
pub struct Checking {
    shared: Arc<Shared>,
    thread: Option<JoinHandle<()>>,
}

impl Checking {
    /// Starts the thread.
    pub fn start(source: Sources, feed: Feed, clock: Clock) -> std::io::Result<Self> {
        let shared = Arc::new(Shared::default());
        let mut worker = Worker {
            shared: shared.clone(),
            source,
            feed,
            clock,
            checker: Checker::default(),
            knowledge: Knowledge::default(),
            known: None,
            last: None,
        };
        let thread = thread::Builder::new().name("checks".into()).spawn(move || worker.run())?;
        Ok(Self { shared, thread: Some(thread) })
    }

    /// For those who learn something that checks should know of.
    #[must_use]
    pub fn handle(&self) -> Recheck {
        Recheck(self.shared.clone())
    }

    /// Checks this draft next.
    pub fn check(&self, draft: Arc<Table>, live: Arc<Live>, registry: Arc<Registry>) {
        self.shared.edition.fetch_add(1, Ordering::Relaxed);
        *lock(&self.shared.wanted) = Some(Wanted { draft, live, registry });
        self.shared.bell.notify_one();
    }
}

/// Has the last draft checked again.
#[derive(Clone)]
pub struct Recheck(Arc<Shared>);

impl Recheck {
    /// Checks it again, by all that is known by now.
    pub fn again(&self) {
        // Under the lock, so that the worker is either before its look at it, or waits for the bell.
        let wanted = lock(&self.0.wanted);
        self.0.again.store(true, Ordering::Relaxed);
        drop(wanted);
        self.0.bell.notify_one();
    }
}

impl Drop for Checking {
    fn drop(&mut self) {
        self.shared.edition.fetch_add(1, Ordering::Relaxed);
        *lock(&self.shared.over) = true;
        // Taken so that the worker is either before its look at `over`, or waits for the bell.
        drop(lock(&self.shared.wanted));
        self.shared.bell.notify_one();
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

struct Worker {
    shared: Arc<Shared>,
    source: Sources,
    feed: Feed,
    clock: Clock,
    checker: Checker,
    knowledge: Knowledge,
    /// As of when `knowledge` is, for which live version, and by what Retell told when.
    known: Option<(DateTime<Utc>, u32, Option<DateTime<Utc>>)>,
    /// What was checked last.
    last: Option<Wanted>,
}

impl Worker {
    fn run(&mut self) {
        while let Some((wanted, edition)) = self.next() {
            // A check that breaks leaves the findings as they were; the next one may fare better.
            if catch_unwind(AssertUnwindSafe(|| self.answer(&wanted, edition))).is_err() {
                tracing::error!("checking a draft broke");
                self.checker = Checker::default();
            }
            self.last = Some(wanted);
        }
    }

    /// Waits for something to be wanted, or for what was checked last to be due again; `None` at the end.
    fn next(&self) -> Option<(Wanted, u64)> {
        let mut wanted = lock(&self.shared.wanted);
        loop {
            if *lock(&self.shared.over) {
                return None;
            }
            if let Some(wanted) = wanted.take() {
                return Some((wanted, self.shared.edition.load(Ordering::Relaxed)));
            }
            if self.shared.again.swap(false, Ordering::Relaxed)
                && let Some(last) = self.last.clone()
            {
                return Some((last, self.shared.edition.load(Ordering::Relaxed)));
            }
            let patience = if self.known.is_some() { FRESH } else { AGAIN };
            let rung = self.shared.bell.wait_timeout(wanted, patience);
            let (guard, rung) = rung.unwrap_or_else(PoisonError::into_inner);
            wanted = guard;
            if rung.timed_out() && wanted.is_none() {
                wanted.clone_from(&self.last);
            }
        }
    }

    fn answer(&mut self, wanted: &Wanted, edition: u64) {
        let now = self.clock.now();
        self.check(wanted, edition, now);
        let version = wanted.live.version;
        let is_fresh = |at: DateTime<Utc>| (now - at).to_std().is_ok_and(|age| age < FRESH);
        let account = self.source.account.known();
        let told = account.as_ref().map(|account| account.asked_at);
        if self.known.is_some_and(|(at, of, by)| is_fresh(at) && of == version && by == told) {
            return;
        }
        let Sources { home, log, .. } = &self.source;
        // Reading the log takes longer than checking, so it comes second.
        let knowledge = match knowing::gather(home, log, &wanted.live, account.as_deref(), now) {
            Ok(knowledge) => knowledge,
            Err(error) => {
                tracing::warn!("the checks cannot read the log: {error}");
                self.known = None;
                return;
            }
        };
        self.known = Some((now, version, told));
        let knowledge = Knowledge { lacks: wanted.registry.lacks(&wanted.draft), ..knowledge };
        if knowledge != self.knowledge {
            self.knowledge = knowledge;
            self.check(wanted, edition, now);
        }
    }

    fn check(&mut self, Wanted { draft, registry, .. }: &Wanted, edition: u64, now: DateTime<Utc>) {
        self.knowledge.lacks = registry.lacks(draft);
        let stale = || self.shared.edition.load(Ordering::Relaxed) != edition;
        let found = self.checker.check(draft, &**registry, &self.knowledge, now, &stale);
        if let Some(findings) = found.filter(|_| !stale()) {
            self.feed.send(Event::Checked { draft: draft.clone(), findings: findings.into() });
        }
    }
}

fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
