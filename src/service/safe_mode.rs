//! Safe mode: the program died several times in a minute, so it runs without what may have been the
//! reason, until the owner leaves it. A part of the control thread.

use std::sync::Arc;

use chrono::{DateTime, TimeDelta, Utc};

use super::control::Control;
use super::live::Live;
use super::messages::{Event, Level, LiveInfo};

/// A version that was published this short a time before may be the reason.
const JUST_PUBLISHED: TimeDelta = TimeDelta::minutes(10);

/// What safe mode leaves out besides look-ups.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct SafeMode {
    /// The version that is held back because it was published just before, if one is.
    pub held_back: Option<u32>,
}

impl SafeMode {
    /// Whether a version published then is held back.
    #[must_use]
    pub fn holds_back(published_at: DateTime<Utc>, now: DateTime<Utc>) -> bool {
        now - published_at < JUST_PUBLISHED
    }
}

impl Control {
    /// From now on everything is as its owner made it.
    pub(super) fn leave_safe_mode(&mut self) {
        let Some(SafeMode { held_back }) = self.safe_mode else { return };
        self.registry.ask_nobody(false);
        let left = match held_back {
            Some(version) => self.tables.load(version).map_err(|error| error.to_string()).map(|version| {
                let (number, at) = (version.version, version.published_at);
                LiveInfo { version: number, published_at: at, table: Arc::new(version.table) }
            }),
            None => Ok(self.live.clone()),
        };
        let built = left.and_then(|live| {
            let built = Live::build(live.version, live.table.clone(), &self.registry);
            let first = |problems: Vec<_>| problems.first().map(ToString::to_string).unwrap_or_default();
            built.map(|built| (built, live)).map_err(first)
        });
        match built {
            Ok((built, live)) => {
                self.engine.go_live(Arc::new(built));
                self.safe_mode = None;
                self.feed.send(Event::SafeMode(None));
                if live.version == self.live.version {
                    self.tell(Level::Info, "Everything runs again as you made it".to_owned());
                } else {
                    self.live = live;
                    self.feed.send(Event::Published(self.live.clone()));
                    self.tell_draft(None);
                }
            }
            Err(why) => {
                self.registry.ask_nobody(true);
                self.fail(format!("Safe mode was not left. {why}"));
            }
        }
    }
}
