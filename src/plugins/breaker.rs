//! Leaves a server or a plugin in peace that fails again and again, so that calls do not wait for it.

use std::collections::VecDeque;
use std::time::Duration;

use tokio::time::Instant;

/// So many faults …
const FAULTS: usize = 3;
/// … within this time, and it pauses …
const WITHIN: Duration = Duration::from_mins(1);
/// … this long at first, and twice as long each time it fails again …
const FIRST_PAUSE: Duration = Duration::from_secs(30);
/// … up to this.
const LONGEST_PAUSE: Duration = Duration::from_mins(10);
/// How long one call may try whether it is well again, before another one may.
const TRIAL: Duration = Duration::from_secs(2);

/// Whether something is asked.
#[derive(Debug, Default)]
pub(super) struct Breaker {
    faults: VecDeque<Instant>,
    pause: Option<Pause>,
}

#[derive(Debug)]
struct Pause {
    until: Instant,
    length: Duration,
    /// What it failed with last.
    reason: String,
}

/// Why it is not asked now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Paused {
    /// For how long yet.
    pub left: Duration,
    /// What it failed with last.
    pub reason: String,
}

impl Breaker {
    /// Whether it may be asked now. After a pause a single call tries it first.
    pub(super) fn ask(&mut self, now: Instant) -> Result<(), Paused> {
        match &mut self.pause {
            None => Ok(()),
            Some(pause) if pause.until <= now => {
                pause.until = now + TRIAL;
                Ok(())
            }
            Some(pause) => Err(Paused { left: pause.until - now, reason: pause.reason.clone() }),
        }
    }

    /// The pause it is in, without asking.
    pub(super) fn paused(&self, now: Instant) -> Option<Paused> {
        let pause = self.pause.as_ref().filter(|pause| pause.until > now)?;
        Some(Paused { left: pause.until - now, reason: pause.reason.clone() })
    }

    /// It answered.
    pub(super) fn good(&mut self) {
        *self = Self::default();
    }

    /// It failed.
    pub(super) fn fault(&mut self, now: Instant, reason: &str) {
        if let Some(pause) = &mut self.pause {
            // Calls that were under way when the pause began say nothing new.
            if pause.until > now + TRIAL {
                return;
            }
            pause.length = (pause.length * 2).min(LONGEST_PAUSE);
            pause.until = now + pause.length;
            reason.clone_into(&mut pause.reason);
            return;
        }
        self.faults.push_back(now);
        while self.faults.front().is_some_and(|at| *at + WITHIN < now) {
            self.faults.pop_front();
        }
        if self.faults.len() >= FAULTS {
            self.faults.clear();
            let reason = reason.to_owned();
            self.pause = Some(Pause { until: now + FIRST_PAUSE, length: FIRST_PAUSE, reason });
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn three_faults_in_a_minute_pause_it_and_each_further_one_twice_as_long() {
        let start = Instant::now();
        let at = |seconds: u64| start + Duration::from_secs(seconds);
        let mut breaker = Breaker::default();
        // Three, but not in one minute.
        for second in [0, 50, 100] {
            breaker.fault(at(second), "500");
            assert!(breaker.ask(at(second)).is_ok());
        }
        breaker.fault(at(105), "500");
        let paused = breaker.ask(at(106)).unwrap_err();
        assert_eq!((paused.left.as_secs(), paused.reason.as_str()), (29, "500"));

        let mut began = 105;
        for length in [30, 60, 120, 240, 480, 600, 600] {
            assert!(breaker.ask(at(began + length - 1)).is_err(), "paused for {length} s");
            began += length;
            assert!(breaker.ask(at(began)).is_ok(), "then one call tries");
            assert!(breaker.ask(at(began)).is_err(), "and only one");
            breaker.fault(at(began), "still 500");
        }
        breaker.ask(at(began + 600)).unwrap();
        breaker.good();
        assert!(breaker.ask(at(began + 600)).is_ok() && breaker.paused(at(began + 600)).is_none());
        breaker.fault(at(began + 601), "500");
        assert!(breaker.ask(at(began + 601)).is_ok(), "it counts anew");
    }

    #[test]
    fn faults_of_calls_that_were_under_way_do_not_lengthen_a_pause() {
        let now = Instant::now();
        let mut breaker = Breaker::default();
        (0..10).for_each(|_| breaker.fault(now, "500"));
        assert_eq!(breaker.paused(now).unwrap().left, FIRST_PAUSE);
    }
}
