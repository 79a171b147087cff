//! How far this computer's clock is off, as Retell's requests tell: each is signed with the time at which
//! it was sent. A request is only good for five minutes, so it is told long before that costs a call.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Instant;

use tokio::sync::watch;

use super::messages::Level;
use crate::retell::signature;

/// From so far on it is told.
const AMBER_MS: u64 = 30_000;
/// From so far on it is urgent.
const RED_MS: u64 = 120_000;
/// What changes by less is no news.
const NEWS_MS: u64 = 5_000;

/// A clock that is off.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Skew {
    /// Our time minus Retell's, in milliseconds: above zero if we are ahead.
    pub ms: i64,
    /// Whether a call was refused for it.
    pub is_refusing: bool,
}

impl Skew {
    /// How serious it is.
    #[must_use]
    pub fn level(self) -> Level {
        match (self.is_refusing, self.ms.unsigned_abs()) {
            (true, _) | (_, RED_MS..) => Level::Error,
            _ => Level::Warning,
        }
    }

    /// What is wrong, in a sentence.
    #[must_use]
    pub fn words(self) -> String {
        let direction = if self.ms > 0 { "ahead" } else { "behind" };
        let amount = amount_words(self.ms.unsigned_abs());
        let clock = format!("his computer's clock is {amount} {direction}");
        if self.is_refusing { format!("Calls are refused: t{clock}") } else { format!("T{clock}") }
    }

    /// What to do about it.
    #[must_use]
    pub fn advice(self) -> &'static str {
        if self.is_refusing {
            "What Retell signs is only good for 5 minutes. Turn on automatic time in this computer's settings"
        } else {
            "From 5 minutes on every call is refused. Turn on automatic time in this computer's settings"
        }
    }
}

fn amount_words(ms: u64) -> String {
    let seconds = (ms + 500) / 1000;
    match seconds {
        0..120 => format!("{seconds} seconds"),
        120..7200 => format!("{} minutes", (seconds + 30) / 60),
        7200..172_800 => format!("{} hours", seconds / 3600),
        _ => format!("{} days", seconds / 86_400),
    }
}

/// What requests told of the clock so far.
pub(super) struct SkewWatch {
    told: watch::Sender<Option<Skew>>,
    last: Mutex<Option<Measured>>,
}

/// What a request told.
#[derive(Clone, Copy)]
struct Measured {
    /// When it arrived, by a clock that nobody sets.
    at: Instant,
    /// The same by the one that is measured, in Unix milliseconds.
    arrived_ms: i64,
    skew_ms: i64,
}

impl Measured {
    /// How far the clock is off now, had it only gone on since, or been set.
    fn now(self, at: Instant, arrived_ms: i64) -> i64 {
        let passed = at.saturating_duration_since(self.at).as_millis() as i64;
        self.skew_ms.saturating_add(arrived_ms.saturating_sub(self.arrived_ms).saturating_sub(passed))
    }
}

impl Default for SkewWatch {
    fn default() -> Self {
        Self { told: watch::channel(None).0, last: Mutex::default() }
    }
}

impl SkewWatch {
    /// What is known, now and from now on; `None`: nothing is wrong.
    pub(super) fn told(&self) -> watch::Receiver<Option<Skew>> {
        self.told.subscribe()
    }

    /// A request that was let in was signed `skew_ms` before it arrived.
    pub(super) fn let_in(&self, skew_ms: i64, arrived_ms: i64, at: Instant) {
        *self.last() = Some(Measured { at, arrived_ms, skew_ms });
        let is_off = skew_ms.unsigned_abs() >= AMBER_MS;
        self.tell(is_off.then_some(Skew { ms: skew_ms, is_refusing: false }));
    }

    /// A request with the right signature was refused, because it was signed `skew_ms` before it arrived.
    pub(super) fn refused(&self, skew_ms: i64, arrived_ms: i64, at: Instant) {
        let last = *self.last();
        let is_known_to_be_right =
            last.is_some_and(|last| last.now(at, arrived_ms).unsigned_abs() < AMBER_MS);
        // Then somebody sent an old request again.
        if skew_ms < 0 || !is_known_to_be_right {
            *self.last() = Some(Measured { at, arrived_ms, skew_ms });
            self.tell(Some(Skew { ms: skew_ms, is_refusing: true }));
        }
    }

    /// The clock was set, and tells `now_ms` by now: what was measured before counts from there.
    pub(super) fn was_set(&self, now_ms: i64, at: Instant) {
        let Some(last) = *self.last() else { return };
        let ms = last.now(at, now_ms);
        let is_off = ms.unsigned_abs() >= AMBER_MS;
        self.tell(is_off.then_some(Skew { ms, is_refusing: ms.unsigned_abs() > signature::WINDOW_MS }));
    }

    fn last(&self) -> MutexGuard<'_, Option<Measured>> {
        self.last.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn tell(&self, skew: Option<Skew>) {
        self.told.send_if_modified(|told| {
            let is_same = match (&*told, &skew) {
                (None, None) => true,
                (Some(a), Some(b)) => {
                    a.level() == b.level() && a.is_refusing == b.is_refusing && a.ms.abs_diff(b.ms) < NEWS_MS
                }
                _ => false,
            };
            *told = skew;
            !is_same
        });
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[test]
    fn it_is_told_from_half_a_minute_and_urgent_from_two() {
        let watch = SkewWatch::default();
        let told = watch.told();
        let now = Instant::now();
        for (seconds, level, words) in [
            (29, None, ""),
            (30, Some(Level::Warning), "This computer's clock is 30 seconds ahead"),
            (-119, Some(Level::Warning), "This computer's clock is 119 seconds behind"),
            (120, Some(Level::Error), "This computer's clock is 2 minutes ahead"),
            (-3, None, ""),
        ] {
            watch.let_in(seconds * 1000, 0, now);
            let skew = *told.borrow();
            assert_eq!(skew.map(Skew::level), level);
            assert_eq!(skew.map(Skew::words).unwrap_or_default(), words);
        }
        watch.refused(420_000, 0, now);
        let skew = told.borrow().map(Skew::words).unwrap_or_default();
        assert_eq!(skew, "", "the clock was just found right, so this is an old request");
        watch.refused(-420_000, 0, now);
        let skew = told.borrow().map(Skew::words).unwrap_or_default();
        assert_eq!(skew, "Calls are refused: this computer's clock is 7 minutes behind");
        // Its owner sets it right, and then a year ahead.
        watch.was_set(420_000, now);
        assert_eq!(*told.borrow(), None);
        watch.was_set(420_000 + 86_400_000 * 365, now);
        let skew = told.borrow().map(Skew::words).unwrap_or_default();
        assert_eq!(skew, "Calls are refused: this computer's clock is 365 days ahead");
    }

    #[test]
    fn a_clock_that_was_set_since_is_not_taken_for_right() {
        let watch = SkewWatch::default();
        let now = Instant::now();
        watch.let_in(100, 0, now);
        // A minute later by the one clock, ten by the other.
        watch.refused(600_000, 600_000, now + Duration::from_mins(1));
        assert!(watch.told().borrow().is_some());
    }
}
