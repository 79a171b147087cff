//! What the window asks of the test bench, done for the control thread.

use chrono::{DateTime, Utc};
use futures_util::FutureExt;
use std::panic::AssertUnwindSafe;

use super::front_door::{path_for, send_signed};
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
        let serving = self.serving.borrow().clone();
        let (Serving::Listening(addr), Some(key)) = (serving, self.engine.keys().first().cloned()) else {
            return self.fail(
                "Nothing was sent: a request needs an API key and a free port; see Settings".to_owned(),
            );
        };
        let signed = signature::sign(&key, body.as_bytes(), self.clock.now().timestamp_millis());
        self.engine.expect_test(&signed);
        let (feed, path) = (self.feed.clone(), path_for(&body));
        self.runtime.spawn_blocking(move || {
            let sent = send_signed(addr, path, body, &signed);
            feed.send(Event::FrontDoor(Box::new(sent)));
        });
    }

    pub(in crate::service) fn tell_presets(&self) {
        self.feed.send(Event::Bench(BenchEvent::Presets(self.presets.all.clone())));
    }
}
