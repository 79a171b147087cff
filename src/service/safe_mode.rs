//! Safe mode: the program died several times in a minute, so it runs without what may have been the
//! reason, until the owner leaves it. A part of the control thread.

use std::fmt::Write;
use std::sync::Arc;

use chrono::{DateTime, TimeDelta, Utc};

use super::control::Control;
use super::live::Live;
use super::messages::{Event, Level, LiveInfo};
use super::outside::Told;

/// A version that was published this short a time before may be the reason.
const JUST_PUBLISHED: TimeDelta = TimeDelta::minutes(10);

/// What safe mode is left with where there is no window.
const WAY_OUT: &str = "switchboard status --leave-safe-mode";
const LEFT: &str = "Everything runs again as you made it";

/// What safe mode leaves out besides look-ups.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct SafeMode {
    /// The version that is held back because it was published just before, if one is.
    pub held_back: Option<u32>,
}

impl SafeMode {
    /// What it is, in a sentence.
    pub const WORDS: &str = "Safe mode: Switchboard broke off several times within a minute";

    /// Whether a version published then is held back.
    #[must_use]
    pub fn holds_back(published_at: DateTime<Utc>, now: DateTime<Utc>) -> bool {
        now - published_at < JUST_PUBLISHED
    }

    /// What is left out. `live`: the version that answers.
    #[must_use]
    pub fn detail(self, live: u32) -> String {
        let mut detail =
            "Calls are answered. What may be the reason is left out: contacts, look-ups and plugins of your \
             own are not asked, so conditions on what they tell match nothing."
                .to_owned();
        if let Some(version) = self.still_held_back(live) {
            let _ = write!(
                detail,
                " Version {version} was published just before, so version {live} answers in its place."
            );
        }
        detail
    }

    /// All of it, with how it is left where there is no window.
    #[must_use]
    pub fn words_outside(self, live: u32) -> String {
        format!("{}. {} Leave it by: {WAY_OUT}", Self::WORDS, self.detail(live))
    }

    /// Another one may have been published since, and that one stays.
    fn still_held_back(self, live: u32) -> Option<u32> {
        self.held_back.filter(|version| *version > live)
    }
}

impl Control {
    /// From now on everything is as its owner made it.
    pub(super) fn leave_safe_mode(&mut self) {
        if let Err(why) = self.leave_safe_mode_telling() {
            self.fail(why);
        }
    }

    /// The same for somebody who is told what came of it.
    pub(super) fn leave_safe_mode_telling(&mut self) -> Told {
        let Some(safe_mode) = *self.engine.safe_mode().borrow() else {
            return Ok("Switchboard is not in safe mode, so nothing is left out".to_owned());
        };
        self.registry.ask_nobody(false);
        let left = match safe_mode.still_held_back(self.live.version) {
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
                self.engine.set_safe_mode(None);
                self.feed.send(Event::SafeMode(None));
                tracing::warn!("safe mode was left");
                if live.version == self.live.version {
                    self.tell(Level::Info, LEFT.to_owned());
                    return Ok(LEFT.to_owned());
                }
                let told = format!("{LEFT}, and version {} answers calls", live.version);
                self.live = live;
                self.feed.send(Event::Published(self.live.clone()));
                self.tell_draft(None);
                Ok(told)
            }
            Err(why) => {
                self.registry.ask_nobody(true);
                Err(format!("Safe mode was not left. {why}"))
            }
        }
    }
}
