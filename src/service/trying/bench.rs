//! What the window asks of the test bench, done for the control thread.

use std::net::SocketAddr;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use chrono::{DateTime, Utc};
use futures_util::FutureExt;

use super::batch::Batch;
use super::burst::{Burst, MOST_CALLS, inner_address};
use super::files_work::FilesWork;
use super::front_door::{path_for, send_public, send_signed, url};
use super::messages::{Bench, BenchEvent, BurstPart, BurstWish, FrontDoor};
use crate::retell::diagnosis::diagnose;
use crate::retell::{ApiKey, Inbound, payload, signature};
use crate::routing::Table;
use crate::service::control::{BROKEN, Control};
use crate::service::messages::{Event, Level, Note, Serving};
use crate::service::outages::Health;
use crate::storage::{Home, Preset, PresetStore, Secret, Trouble};

/// So many people are found at most.
const PEOPLE: usize = 12;

/// Said where nothing can be signed or received.
const UNSIGNED: &str = "Nothing was sent: a request needs an API key and a free port; see Settings";

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
            return self.not_sent(false, body, UNSIGNED);
        };
        let (feed, path) = (self.feed.clone(), path_for(&body));
        self.runtime.spawn_blocking(move || {
            let sending = AssertUnwindSafe(|| send_signed(addr, path, body.clone(), &signed));
            let sent = catch_unwind(sending);
            let sent = sent.unwrap_or_else(|_panic| FrontDoor::unsent(false, body, BROKEN));
            feed.send(Event::FrontDoor(Box::new(sent)));
        });
    }

    pub(in crate::service) fn send_public(&self, body: String) {
        let proof = self.reachable.proof();
        let Some(url) = proof.at.filter(|_| proof.health.as_ref().is_some_and(Health::is_good)) else {
            let why = "Nothing was sent: calls do not arrive through a public address just now; see Settings";
            return self.not_sent(true, body, why);
        };
        let Some((_, signed)) = self.sign_test(&body) else {
            return self.not_sent(true, body, UNSIGNED);
        };
        let (feed, engine, web) = (self.feed.clone(), self.engine.clone(), self.reachable.web());
        self.runtime.spawn(async move {
            let sending = send_public((web, url), body.clone(), &signed, || engine.refusals());
            let sent = AssertUnwindSafe(sending).catch_unwind().await;
            let sent = sent.unwrap_or_else(|_panic| FrontDoor::unsent(true, body, BROKEN));
            feed.send(Event::FrontDoor(Box::new(sent)));
        });
    }

    /// Whoever waits for an answer to this body hears why there is none, and so does everybody else.
    fn not_sent(&self, is_public: bool, body: String, why: &str) {
        self.feed.send(Event::FrontDoor(Box::new(FrontDoor::unsent(is_public, body, why))));
        self.fail(why.to_owned());
    }

    /// A command that sends this body as Retell would, signed now, and as a call of its own.
    pub(in crate::service) fn as_curl(&self, body: &str) {
        let now_ms = self.clock.now().timestamp_millis();
        let as_new = |inbound: Inbound| inbound.as_new_call(now_ms).to_json();
        let body = payload::parse_pasted(body).map_or_else(|_unreadable| body.to_owned(), as_new);
        let Some((addr, signed)) = self.sign_test(&body) else {
            let why = "Nothing was copied: a signature needs an API key and a free port; see Settings";
            return self.fail(why.to_owned());
        };
        let url = url(addr, path_for(&body));
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
        let batch = Batch {
            live: self.engine.live(),
            overrides: self.engine.overrides(),
            asks_nobody,
            budget: self.budget,
            now: self.clock.now(),
        };
        let (registry, feed, job) = (self.registry.clone(), self.feed.clone(), self.bench.begin(run));
        self.runtime.spawn(FilesWork { run, paths, draft, batch, registry, feed, job }.run());
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
        let (run, total) = (wish.run, wish.calls.min(MOST_CALLS));
        let (addr, key) = match addr.and_then(|addr| Ok((addr, key?))) {
            Ok(both) => both,
            Err(reason) => {
                let failed = vec![reason; total as usize];
                let nothing = BurstPart { run, total, failed, is_done: true, ..BurstPart::default() };
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
