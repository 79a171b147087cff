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
/// Two requests that tell the same of the clock differ by less: they were under way for different times.
const AGREE_MS: u64 = 10_000;
/// So many refused requests that nothing agrees with are kept.
const ALONE: usize = 8;

/// A clock that is off.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Skew {
    /// Our time minus Retell's, in milliseconds: above zero if we are ahead.
    pub ms: i64,
    /// Whether a call was refused for it.
    pub is_refusing: bool,
    /// Whether it can be nothing else. One refused request may be an old one that somebody sent again.
    pub is_certain: bool,
}

impl Skew {
    /// How serious it is.
    #[must_use]
    pub fn level(self) -> Level {
        let is_urgent = self.is_refusing || self.ms.unsigned_abs() >= RED_MS;
        if self.is_certain && is_urgent { Level::Error } else { Level::Warning }
    }

    /// What is wrong, in a sentence.
    #[must_use]
    pub fn words(self) -> String {
        let direction = if self.ms > 0 { "ahead" } else { "behind" };
        let amount = amount_words(self.ms.unsigned_abs());
        let clock = format!("his computer's clock is {amount} {direction}");
        if !self.is_certain {
            return format!("A request was refused for its time: it was an old one, sent again, or t{clock}");
        }
        if self.is_refusing { format!("Calls are refused: t{clock}") } else { format!("T{clock}") }
    }

    /// What to do about it.
    #[must_use]
    pub fn advice(self) -> &'static str {
        if !self.is_certain {
            "The next call tells which. Look whether this computer shows the right time"
        } else if self.is_refusing {
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
    so_far: Mutex<SoFar>,
}

#[derive(Default)]
struct SoFar {
    /// The last request that is believed.
    last: Option<Measured>,
    /// Refused ones that nothing agrees with yet, each another one.
    alone: Vec<Measured>,
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

    /// When it was signed. A request that is sent again was signed at the same time.
    fn signed_ms(self) -> i64 {
        self.arrived_ms.saturating_sub(self.skew_ms)
    }

    /// Whether a later one tells the same of the clock.
    fn agrees(self, later: Self) -> bool {
        self.now(later.at, later.arrived_ms).abs_diff(later.skew_ms) < AGREE_MS
    }
}

impl Default for SkewWatch {
    fn default() -> Self {
        Self { told: watch::channel(None).0, so_far: Mutex::default() }
    }
}

impl SkewWatch {
    /// What is known, now and from now on; `None`: nothing is wrong.
    pub(super) fn told(&self) -> watch::Receiver<Option<Skew>> {
        self.told.subscribe()
    }

    /// A request that was let in was signed `skew_ms` before it arrived.
    pub(super) fn let_in(&self, skew_ms: i64, arrived_ms: i64, at: Instant) {
        *self.so_far() = SoFar { last: Some(Measured { at, arrived_ms, skew_ms }), alone: Vec::new() };
        let is_off = skew_ms.unsigned_abs() >= AMBER_MS;
        self.tell(is_off.then_some(Skew { ms: skew_ms, is_refusing: false, is_certain: true }));
    }

    /// A request with the right signature was refused, because it was signed `skew_ms` before it arrived.
    pub(super) fn refused(&self, skew_ms: i64, arrived_ms: i64, at: Instant) {
        let measured = Measured { at, arrived_ms, skew_ms };
        let mut so_far = self.so_far();
        let is_known_to_be_right =
            so_far.last.is_some_and(|last| last.now(at, arrived_ms).unsigned_abs() < AMBER_MS);
        // Nobody sends again what is only signed in some minutes; what is old, anybody may.
        let is_old = skew_ms >= 0;
        let is_again = so_far.alone.iter().any(|other| other.signed_ms() == measured.signed_ms());
        if is_old && (is_known_to_be_right || is_again) {
            return;
        }
        let mut others = so_far.last.iter().chain(&so_far.alone);
        let is_certain = !is_old || others.any(|other| other.agrees(measured));
        if is_certain {
            *so_far = SoFar { last: Some(measured), alone: Vec::new() };
        } else {
            if so_far.alone.len() >= ALONE {
                so_far.alone.remove(0);
            }
            so_far.alone.push(measured);
        }
        drop(so_far);
        // What is certain already says more.
        if is_certain || self.told.borrow().is_none_or(|told| !told.is_certain) {
            self.tell(Some(Skew { ms: skew_ms, is_refusing: true, is_certain }));
        }
    }

    /// The clock was set, and tells `now_ms` by now: what was measured before counts from there.
    pub(super) fn was_set(&self, now_ms: i64, at: Instant) {
        let last = {
            let mut so_far = self.so_far();
            so_far.alone.clear();
            so_far.last
        };
        let skew = last.and_then(|last| {
            let ms = last.now(at, now_ms);
            let is_refusing = ms.unsigned_abs() > signature::WINDOW_MS;
            (ms.unsigned_abs() >= AMBER_MS).then_some(Skew { ms, is_refusing, is_certain: true })
        });
        self.tell(skew);
    }

    fn so_far(&self) -> MutexGuard<'_, SoFar> {
        self.so_far.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn tell(&self, skew: Option<Skew>) {
        self.told.send_if_modified(|told| {
            let is_same = match (&*told, &skew) {
                (None, None) => true,
                (Some(a), Some(b)) => {
                    a.level() == b.level()
                        && (a.is_refusing, a.is_certain) == (b.is_refusing, b.is_certain)
                        && a.ms.abs_diff(b.ms) < NEWS_MS
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
        watch.refused(540_000, 600_000, now + Duration::from_mins(1));
        let words = watch.told().borrow().map(Skew::words);
        assert_eq!(words.unwrap_or_default(), "Calls are refused: this computer's clock is 9 minutes ahead");
    }

    #[test]
    fn a_wrong_clock_is_certain_once_two_requests_agree() {
        let watch = SkewWatch::default();
        let told = watch.told();
        let now = Instant::now();
        let after = |seconds: u64, skew_ms: i64| {
            watch.refused(skew_ms, seconds as i64 * 1000, now + Duration::from_secs(seconds));
            told.borrow().map(|skew| (skew.is_certain, skew.level()))
        };
        let (unsure, certain) = ((false, Level::Warning), (true, Level::Error));
        assert_eq!(after(0, 600_000), Some(unsure));
        // The same one again, which is older by now; then another from another time.
        assert_eq!(after(5, 605_000), Some(unsure));
        assert_eq!(after(9, 5_000_000), Some(unsure));
        // And one that the first agrees with.
        assert_eq!(after(20, 600_700), Some(certain));
        assert_eq!(after(21, 9_000_000), Some(certain), "what is certain stays");
        watch.let_in(100, 30_000, now + Duration::from_secs(30));
        assert_eq!(*told.borrow(), None);
    }

    #[test]
    fn what_one_request_told_is_forgotten_when_the_clock_is_set() {
        let watch = SkewWatch::default();
        let now = Instant::now();
        watch.refused(600_000, 600_000, now);
        let words = watch.told().borrow().map(Skew::words).unwrap_or_default();
        assert!(words.ends_with("sent again, or this computer's clock is 10 minutes ahead"), "{words}");
        watch.was_set(0, now);
        assert_eq!(*watch.told().borrow(), None);
    }
}
