//! The one place that reads the clock. Everything else is given the time, so that tests and
//! "try a call at another time" need no tricks.

use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, Utc};

/// Tells the time.
#[derive(Clone)]
pub struct Clock {
    now: Arc<dyn Fn() -> DateTime<Utc> + Send + Sync>,
    passed: Arc<dyn Fn() -> Duration + Send + Sync>,
}

impl Clock {
    /// The computer's own clock.
    #[must_use]
    #[expect(clippy::disallowed_methods, reason = "this is the one place")]
    pub fn system() -> Self {
        Self::turned_by(Utc::now)
    }

    /// A clock that stands still.
    #[must_use]
    pub fn standing(at: DateTime<Utc>) -> Self {
        Self::turned_by(move || at)
    }

    /// A clock that something else turns, for tests.
    #[must_use]
    pub fn turned_by(tell: impl Fn() -> DateTime<Utc> + Send + Sync + 'static) -> Self {
        Self { now: Arc::new(tell), passed: Arc::new(since_start) }
    }

    /// The same clock on a computer that was on for as long as `passed` tells, for tests.
    #[must_use]
    pub fn passing(self, passed: impl Fn() -> Duration + Send + Sync + 'static) -> Self {
        Self { passed: Arc::new(passed), ..self }
    }

    /// The time now.
    #[must_use]
    pub fn now(&self) -> DateTime<Utc> {
        (self.now)()
    }

    /// How long this computer is on, also while it slept, since some moment that stays the same; nobody
    /// sets this. Where the system does not tell, sleep may be left out.
    #[must_use]
    pub fn passed(&self) -> Duration {
        (self.passed)()
    }
}

#[cfg(any(target_os = "linux", target_os = "macos"))]
fn since_start() -> Duration {
    use rustix::time::{ClockId, clock_gettime};
    // What goes on during sleep is called differently by the two.
    #[cfg(target_os = "linux")]
    let clock = ClockId::Boottime;
    #[cfg(target_os = "macos")]
    let clock = ClockId::Monotonic;
    Duration::try_from(clock_gettime(clock)).unwrap_or_default()
}

#[cfg(not(any(target_os = "linux", target_os = "macos")))]
fn since_start() -> Duration {
    use std::sync::OnceLock;
    use std::time::Instant;
    static FIRST: OnceLock<Instant> = OnceLock::new();
    FIRST.get_or_init(Instant::now).elapsed()
}
