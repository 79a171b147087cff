//! What the window asks of the test bench, done for the control thread.

use std::net::SocketAddr;
use std::panic::AssertUnwindSafe;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use chrono::{DateTime, Utc};
use futures_util::FutureExt;

use super::batch::{Batch, try_requests};
use super::burst::{Burst, inner_address};
use super::files::read_requests;
use super::front_door::{path_for, send_public, send_signed, url};
use super::messages::{Bench, BenchEvent, BurstPart, BurstWish, FileTried, FilesPart};
use crate::retell::diagnosis::diagnose;
use crate::retell::{ApiKey, signature};
use crate::routing::Table;
use crate::service::control::{BROKEN, Control};
use crate::service::live::Live;
use crate::service::messages::{Event, Level, Note, Serving};
use crate::service::outages::Health;
use crate::storage::{Home, Preset, PresetStore, Secret, Trouble};

/// So many people are found at most.
const PEOPLE: usize = 12;

/// So many rows go to the window at a time.
const ROWS: usize = 100;

/// What belongs to the test bench: the presets, and what it works on.
pub struct BenchDesk {
    store: PresetStore,
    presets: Vec<Preset>,
    /// The number of the work that goes on; 0 for none.
    work: Arc<AtomicU64>,
}

impl BenchDesk {
    /// Reads the presets.
    #[must_use]
    pub fn open(home: &Home, at: DateTime<Utc>) -> (Self, Option<Trouble>) {
        let (store, presets, trouble) = PresetStore::open(home, at);
        (Self { store, presets, work: Arc::default() }, trouble)
    }

    /// Begins a piece of work, in the place of the one before.
    fn begin(&self, run: u64) -> Job {
        self.work.store(run, Ordering::Relaxed);
        Job { run, work: self.work.clone() }
    }
}

/// A piece of work that another one, or the person, can end.
#[derive(Clone)]
pub(super) struct Job {
    run: u64,
    work: Arc<AtomicU64>,
}

impl Job {
    /// Whether it is still wanted.
    pub(super) fn is_on(&self) -> bool {
        self.work.load(Ordering::Relaxed) == self.run
    }
}

impl Control {
    pub(in crate::service) fn bench(&mut self, wanted: Bench) {
        match wanted {
            Bench::FindPeople { words, table } => {
                let finding = self.registry.find_people(&table, &words, PEOPLE);
                let feed = self.feed.clone();
                self.runtime.spawn(async move {
                    feed.send(match AssertUnwindSafe(finding).catch_unwind().await {
                        Ok(people) => Event::Bench(BenchEvent::People { words, people }),
                        Err(_panic) => Event::Failed(Note { level: Level::Error, text: BROKEN.into() }),
                    });
                });
            }
            Bench::SavePresets(presets) => {
                match self.bench.store.save(&presets) {
                    Ok(()) => self.bench.presets = presets,
                    Err(error) => self.fail(error.to_string()),
                }
                self.tell_presets();
            }
            Bench::TryFiles { run, paths, draft, asks_nobody } => {
                self.try_files(run, paths, draft, asks_nobody);
            }
            Bench::CheckSignature { header, body, key } => self.check_signature(header, body, key),
            Bench::Burst(wish) => self.burst(wish),
            Bench::Stop => self.bench.work.store(0, Ordering::Relaxed),
        }
    }

    pub(in crate::service) fn send_signed(&self, body: String) {
        let Some((addr, signed)) = self.sign_test(&body) else {
            let why = "Nothing was sent: a request needs an API key and a free port; see Settings";
            return self.fail(why.to_owned());
        };
        let (feed, path) = (self.feed.clone(), path_for(&body));
        self.runtime.spawn_blocking(move || {
            let sent = send_signed(addr, path, body, &signed);
            feed.send(Event::FrontDoor(Box::new(sent)));
        });
    }

    pub(in crate::service) fn send_public(&self, body: String) {
        let proof = self.reachable.proof();
        let Some(url) = proof.at.filter(|_| proof.health.as_ref().is_some_and(Health::is_good)) else {
            let why = "Nothing was sent: calls do not arrive through a public address just now; see Settings";
            return self.fail(why.to_owned());
        };
        let Some((_, signed)) = self.sign_test(&body) else {
            let why = "Nothing was sent: a request needs an API key and a free port; see Settings";
            return self.fail(why.to_owned());
        };
        let (feed, engine, web) = (self.feed.clone(), self.engine.clone(), self.reachable.web());
        self.runtime.spawn(async move {
            let sent = send_public((web, url), body, &signed, || engine.refusals()).await;
            feed.send(Event::FrontDoor(Box::new(sent)));
        });
    }

    /// A command that sends this body as Retell would, signed now.
    pub(in crate::service) fn as_curl(&self, body: &str) {
        let Some((addr, signed)) = self.sign_test(body) else {
            let why = "Nothing was copied: a signature needs an API key and a free port; see Settings";
            return self.fail(why.to_owned());
        };
        let url = url(addr, path_for(body));
        // In single quotes a shell takes all as it is, but for these.
        let quoted = body.replace('\'', r"'\''");
        let header = signature::HEADER;
        self.feed.send(Event::ToCopy(format!(
            "curl -X POST '{url}' -H 'content-type: application/json' -H '{header}: {signed}' --data-raw '{quoted}'"
        )));
    }

    /// Where calls are received, and the signature of this body as of now; what comes with it counts as
    /// a test. Without a key or a port there is none.
    fn sign_test(&self, body: &str) -> Option<(SocketAddr, String)> {
        let Serving::Listening(addr) = *self.serving.borrow() else { return None };
        let key = self.engine.keys().first().cloned()?;
        let signed = signature::sign(&key, body.as_bytes(), self.clock.now().timestamp_millis());
        self.engine.expect_test(&signed);
        Some((addr, signed))
    }

    fn try_files(&self, run: u64, paths: Vec<PathBuf>, draft: Option<Arc<Table>>, asks_nobody: bool) {
        let job = self.bench.begin(run);
        let (feed, registry, live) = (self.feed.clone(), self.registry.clone(), self.engine.live());
        let (overrides, budget, now) = (self.engine.overrides(), self.budget, self.clock.now());
        self.runtime.spawn(async move {
            let live = match draft.map(|draft| Live::build(0, draft, &registry)) {
                None => live,
                Some(Ok(draft)) => Arc::new(draft),
                Some(Err(problems)) => {
                    let first = problems.first().map(ToString::to_string).unwrap_or_default();
                    let text = format!("The draft cannot decide calls yet: {first}");
                    feed.send(Event::Failed(Note { level: Level::Error, text }));
                    return feed.send(Event::Bench(BenchEvent::Files(FilesPart {
                        run,
                        is_done: true,
                        ..FilesPart::default()
                    })));
                }
            };
            let read = tokio::task::spawn_blocking(move || read_requests(&paths)).await;
            let requests = read.unwrap_or_default();
            let total = Some(requests.len());
            let batch = Batch { live, overrides, asks_nobody, budget, now };
            let mut rows = Vec::new();
            let tell = |rows: Vec<FileTried>, is_done| {
                feed.send(Event::Bench(BenchEvent::Files(FilesPart { run, total, rows, is_done })));
            };
            try_requests(&batch, requests, |tried| {
                rows.push(tried);
                if rows.len() >= ROWS {
                    tell(std::mem::take(&mut rows), false);
                }
                job.is_on()
            })
            .await;
            tell(rows, true);
        });
    }

    fn check_signature(&self, header: String, body: String, key: Option<Secret>) {
        let names = ["the key in Settings", "the previous key in Settings"];
        let pasted = key.map(|key| ("the pasted key".to_owned(), ApiKey::new(key.expose())));
        let set = self.engine.keys();
        let set = names.into_iter().map(str::to_owned).zip(set.iter().cloned());
        let keys: Vec<_> = pasted.into_iter().chain(set).filter(|(_, key)| !key.is_empty()).collect();
        let (feed, now) = (self.feed.clone(), self.clock.now().timestamp_millis());
        // Looking for one wrong character takes up to a second.
        self.runtime.spawn_blocking(move || {
            let found = diagnose(&keys, &header, body.as_bytes(), now);
            feed.send(Event::Bench(BenchEvent::Signature(found)));
        });
    }

    fn burst(&self, wish: BurstWish) {
        let serving = self.serving.borrow().clone();
        let addr = match serving {
            Serving::Listening(addr) => inner_address(addr),
            _ => Err("Nothing was sent: calls cannot be received yet; see Settings".to_owned()),
        };
        let key = self.engine.keys().first().cloned();
        let key = key.ok_or_else(|| "Nothing was sent: a request needs an API key; see Settings".to_owned());
        let run = wish.run;
        let (addr, key) = match addr.and_then(|addr| Ok((addr, key?))) {
            Ok(both) => both,
            Err(reason) => {
                self.fail(reason);
                let nothing = BurstPart { run, is_done: true, ..BurstPart::default() };
                return self.feed.send(Event::Bench(BenchEvent::Burst(nothing)));
            }
        };
        let job = self.bench.begin(run);
        let (engine, clock, feed) = (self.engine.clone(), self.clock.clone(), self.feed.clone());
        self.runtime.spawn_blocking(move || Burst { wish, addr, key, engine, clock, feed, job }.run());
    }

    pub(in crate::service) fn tell_presets(&self) {
        self.feed.send(Event::Bench(BenchEvent::Presets(self.bench.presets.clone())));
    }
}
