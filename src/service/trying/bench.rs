//! What the window asks of the test bench, done for the control thread.

use chrono::{DateTime, Utc};
use futures_util::FutureExt;
use std::net::SocketAddr;
use std::panic::AssertUnwindSafe;

use super::front_door::{path_for, send_signed, url};
use super::messages::{Bench, BenchEvent};
use crate::retell::signature;
use crate::service::control::{BROKEN, Control};
use crate::service::messages::{Event, Level, Note, Serving};
use crate::storage::{Home, Preset, PresetStore, Trouble};

/// So many people are found at most.
const PEOPLE: usize = 12;

/// The presets, and the file that they are in.
pub struct Presets {
    store: PresetStore,
    all: Vec<Preset>,
}

impl Presets {
    /// Reads them.
    #[must_use]
    pub fn open(home: &Home, at: DateTime<Utc>) -> (Self, Option<Trouble>) {
        let (store, all, trouble) = PresetStore::open(home, at);
        (Self { store, all }, trouble)
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
                match self.presets.store.save(&presets) {
                    Ok(()) => self.presets.all = presets,
                    Err(error) => self.fail(error.to_string()),
                }
                self.tell_presets();
            }
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

    pub(in crate::service) fn tell_presets(&self) {
        self.feed.send(Event::Bench(BenchEvent::Presets(self.presets.all.clone())));
    }
}
