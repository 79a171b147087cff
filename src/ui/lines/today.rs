//! How many calls came today, where the business is.

use std::collections::HashMap;

use chrono::DateTime;

use crate::routing::grouped;
use crate::ui::app::{HELD, State};
use crate::ui::decision::same_day;

/// The calls of today, as far as the window holds them.
pub(super) struct CallsToday<'a> {
    by_number: HashMap<&'a str, usize>,
    /// There may be more.
    is_part: bool,
}

impl<'a> CallsToday<'a> {
    pub(super) fn of(state: &'a State) -> Self {
        let mut by_number = HashMap::new();
        let is_today =
            |at_ms| DateTime::from_timestamp_millis(at_ms).is_some_and(|at| same_day(state, at, state.now));
        let calls = state.calls.iter().take_while(|call| is_today(call.at_ms));
        let mut all = 0;
        for call in calls {
            all += 1;
            if !call.is_test {
                *by_number.entry(call.to.as_str()).or_default() += 1;
            }
        }
        Self { by_number, is_part: all == HELD }
    }

    /// "3 calls today".
    pub(super) fn words(&self, number: &str) -> String {
        let least = if self.is_part { "at least " } else { "" };
        match self.by_number.get(number).copied().unwrap_or_default() {
            0 => "No calls today".to_owned(),
            1 => format!("{least}1 call today"),
            count => format!("{least}{} calls today", grouped(count)),
        }
    }
}
