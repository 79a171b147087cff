//! What the window does with logged calls besides looking at them: counting those of a caller, saving
//! them to a file, and erasing them.

use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, PoisonError};
use std::time::{Duration, Instant};

use super::control::Control;
use super::exporting::{Ended, Export};
use super::messages::{CallerCalls, Event, ExportFormat, Level, Note, Picture};
use super::numbers::{NumbersTold, NumbersWish};
use crate::routing::grouped;
use crate::storage::atomic;
use crate::storage::call_log::LogError;

/// How long an erasure may take before its end is no longer waited for.
const PATIENCE: Duration = Duration::from_mins(1);

impl Control {
    /// Counts the calls of a caller.
    pub(super) fn count_caller(&self, number: String) {
        self.count(move |log| match log.calls_of(&number) {
            Ok((calls, first_ms)) => Event::Caller(CallerCalls { number, calls, first_ms }),
            Err(error) => Event::Failed(Note { level: Level::Error, text: error.to_string() }),
        });
    }

    /// Counts the calls of the log by all kinds of things.
    pub(super) fn count_calls(&self, wish: NumbersWish) {
        let now = self.clock.now();
        let counter = self.counter.clone();
        self.count(move |log| {
            let begun = Instant::now();
            let mut counter = counter.lock().unwrap_or_else(PoisonError::into_inner);
            let found = counter.count(log, wish.clone(), now);
            let numbers = found.map(Arc::new).map_err(|error| error.to_string());
            Event::Numbers(NumbersTold { wish, at: now, took: begun.elapsed(), numbers })
        });
    }

    /// Makes a picture and saves it.
    pub(super) fn save_picture(&self, file: PathBuf, picture: Picture) {
        let feed = self.feed.clone();
        self.runtime.spawn_blocking(move || {
            let saved = (picture.0)()
                .and_then(|bytes| atomic::write(&file, &bytes).map_err(|cause| cause.to_string()));
            let place = file.display();
            feed.send(match saved {
                Ok(()) => {
                    Event::Note(Note { level: Level::Info, text: format!("The picture was saved: {place}") })
                }
                Err(cause) => Event::Failed(Note {
                    level: Level::Error,
                    text: format!("The picture was not saved ({cause}); choose another folder: {place}"),
                }),
            });
        });
    }

    /// Saves calls to a file.
    pub(super) fn export_calls(&mut self, file: PathBuf, format: ExportFormat, ids: Arc<[i64]>) {
        if self.exporting.as_ref().is_some_and(|running| Arc::strong_count(running) > 1) {
            return self.fail("Calls are being saved already; wait for that or cancel it".to_owned());
        }
        let cancelled = Arc::new(AtomicBool::new(false));
        self.exporting = Some(Arc::clone(&cancelled));
        let zone = self.draft.time_zone();
        let export = Export { file, format, ids, zone, cancelled };
        let (log, feed) = (self.log.clone(), self.feed.clone());
        self.runtime.spawn_blocking(move || {
            let total = export.ids.len();
            let tell = |done| feed.send(Event::Exporting(Some((done, total))));
            tell(0);
            let note = match export.write(&log, tell) {
                Ok(Ended::Written(count)) => Event::Note(Note {
                    level: Level::Info,
                    text: format!("{} calls were saved: {}", grouped(count), export.file.display()),
                }),
                Ok(Ended::Cancelled) => {
                    let text = "Saving the calls was cancelled; there is no file".to_owned();
                    Event::Note(Note { level: Level::Info, text })
                }
                Err(text) => Event::Failed(Note { level: Level::Error, text }),
            };
            feed.send(Event::Exporting(None));
            feed.send(note);
        });
    }

    /// Ends saving calls.
    pub(super) fn cancel_export(&self) {
        if let Some(running) = &self.exporting {
            running.store(true, Ordering::Relaxed);
        }
    }

    /// Erases all calls of a caller.
    pub(super) fn erase_caller(&self, number: String) {
        let erasing = self.engine.erase_caller(&number);
        let feed = self.feed.clone();
        self.runtime.spawn(async move {
            let late = Err(LogError::Unreadable("the disk is slow, and they are erased later".to_owned()));
            let erased = tokio::time::timeout(PATIENCE, erasing).await;
            feed.send(match erased.unwrap_or(Ok(late)).unwrap_or(Err(LogError::Closed)) {
                Ok(calls) => Event::Erased { number, calls },
                Err(error) => Event::Failed(Note { level: Level::Error, text: error.to_string() }),
            });
        });
    }
}
