//! How often the child died of late, and how it is started after that.

use std::collections::VecDeque;
use std::time::{Duration, Instant};

use super::Mode;

/// Deaths that are further back count no more.
const LATELY: Duration = Duration::from_mins(1);
/// So many deaths lead to safe mode; one more there, and the window is left out as well.
const MANY: usize = 3;
/// How long to wait after so many deaths. A caller waits ten seconds, so never long; and it goes on
/// without end.
const PAUSES: [Duration; 4] =
    [Duration::ZERO, Duration::from_millis(100), Duration::from_millis(300), Duration::from_millis(800)];

#[derive(Default)]
pub(super) struct Deaths {
    at: VecDeque<Instant>,
}

impl Deaths {
    /// Counts a death, and gives how long to wait before the next start.
    pub(super) fn add(&mut self, now: Instant) -> Duration {
        while self.at.front().is_some_and(|at| now.duration_since(*at) > LATELY) {
            self.at.pop_front();
        }
        let pause = PAUSES[self.at.len().min(PAUSES.len() - 1)];
        self.at.push_back(now);
        pause
    }

    pub(super) fn forget(&mut self) {
        self.at.clear();
    }

    /// How to start next, after the deaths that were counted.
    pub(super) fn mode(&self) -> Mode {
        match self.at.len() {
            0..MANY => Mode::Whole,
            MANY => Mode::Safe,
            _ => Mode::SafeWithoutWindow,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn three_deaths_in_a_minute_lead_to_safe_mode_and_old_ones_count_no_more() {
        let start = Instant::now();
        let mut deaths = Deaths::default();
        let mut after = |seconds: u64| {
            let pause = deaths.add(start + Duration::from_secs(seconds));
            assert!(pause < Duration::from_secs(1));
            deaths.mode()
        };
        assert_eq!([after(0), after(30), after(61)], [Mode::Whole, Mode::Whole, Mode::Whole]);
        assert_eq!([after(70), after(71)], [Mode::Safe, Mode::SafeWithoutWindow]);
        assert_eq!(after(200), Mode::Whole);
        deaths.forget();
        assert_eq!(deaths.mode(), Mode::Whole);
    }

    #[test]
    fn a_mode_is_handed_down_by_its_name() {
        for (mode, name) in Mode::ALL {
            assert_eq!((mode.name(), Mode::of_name(name)), (name, Some(mode)));
        }
        assert_eq!(Mode::of_name(""), None);
    }
}
