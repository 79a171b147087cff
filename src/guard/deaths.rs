//! How often the child died of late, and how it is started after that.

use std::collections::VecDeque;
use std::time::{Duration, Instant};

use super::Mode;

/// Deaths that are further back count no more.
const LATELY: Duration = Duration::from_mins(1);
/// So many deaths lead to safe mode; one more there, and the window is left out as well. So many of the
/// window alone only leave the window out: calls are not what is broken.
const MANY: usize = 3;
/// How long to wait after so many deaths. A caller waits ten seconds, so never long; and it goes on
/// without end.
const PAUSES: [Duration; 4] =
    [Duration::ZERO, Duration::from_millis(100), Duration::from_millis(300), Duration::from_millis(800)];

/// What broke.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Death {
    /// The program, for whatever reason.
    Program,
    /// Its window alone.
    Window,
}

#[derive(Default)]
pub(super) struct Deaths {
    lately: VecDeque<(Instant, Death)>,
}

impl Deaths {
    /// Counts a death, and gives how long to wait before the next start.
    pub(super) fn add(&mut self, death: Death, now: Instant) -> Duration {
        while self.lately.front().is_some_and(|(at, _)| now.duration_since(*at) > LATELY) {
            self.lately.pop_front();
        }
        let pause = PAUSES[self.lately.len().min(PAUSES.len() - 1)];
        self.lately.push_back((now, death));
        pause
    }

    pub(super) fn forget(&mut self) {
        self.lately.clear();
    }

    /// How to start next, after the deaths that were counted.
    pub(super) fn mode(&self) -> Mode {
        let of_window = self.lately.iter().filter(|(_, death)| *death == Death::Window).count();
        let shows_window = of_window < MANY;
        match self.lately.len() - of_window {
            0..MANY if shows_window => Mode::Whole,
            0..MANY => Mode::WithoutWindow,
            MANY if shows_window => Mode::Safe,
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
            let pause = deaths.add(Death::Program, start + Duration::from_secs(seconds));
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
    fn a_window_that_breaks_is_left_out_and_leads_to_no_safe_mode() {
        let start = Instant::now();
        let mut deaths = Deaths::default();
        let mut after = |death: Death, seconds: u64| {
            deaths.add(death, start + Duration::from_secs(seconds));
            deaths.mode()
        };
        let windows = [0, 1, 2, 3].map(|seconds| after(Death::Window, seconds));
        assert_eq!(windows, [Mode::Whole, Mode::Whole, Mode::WithoutWindow, Mode::WithoutWindow]);
        let programs = [4, 5, 6].map(|seconds| after(Death::Program, seconds));
        assert_eq!(programs, [Mode::WithoutWindow, Mode::WithoutWindow, Mode::SafeWithoutWindow]);
        assert_eq!(after(Death::Window, 200), Mode::Whole);
    }

    #[test]
    fn a_mode_is_handed_down_by_its_name() {
        for (mode, name) in Mode::ALL {
            assert_eq!((mode.name(), Mode::of_name(name)), (name, Some(mode)));
        }
        assert_eq!(Mode::of_name(""), None);
    }
}
