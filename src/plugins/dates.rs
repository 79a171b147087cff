//! Days of the year and of the month, as owners write them and as people say them.

use chrono::{DateTime, Datelike, Month, NaiveDate, NaiveTime, Utc};
use chrono_tz::Tz;
use serde::{Deserialize, Serialize};

use crate::routing::{Calendar, Part, Region};

/// A leap year: the one in which every day of a year exists.
const LEAP_YEAR: i32 = 2024;

/// A day that comes every year. The order of the fields is that of the calendar.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct YearDay {
    /// From 1 to 12.
    pub month: u32,
    /// From 1 to the month's last; 29 February comes only in leap years.
    pub day: u32,
}

impl YearDay {
    /// The day of the year of a date.
    #[must_use]
    pub fn of(date: NaiveDate) -> Self {
        Self { month: date.month(), day: date.day() }
    }

    /// Says what is wrong if there is no such day in any year.
    pub fn check(self) -> Result<(), String> {
        let last = days_in(self.month)
            .ok_or_else(|| format!("{} is not a month; choose one from 1 to 12", self.month))?;
        if (1..=last).contains(&self.day) {
            return Ok(());
        }
        Err(format!("{} does not exist; choose a day from 1 to {last}", self.words()))
    }

    /// "24 December".
    #[must_use]
    pub fn words(self) -> String {
        format!("{} {}", self.day, month_name(self.month))
    }
}

/// How many days a month has at most.
#[must_use]
pub fn days_in(month: u32) -> Option<u32> {
    let first = NaiveDate::from_ymd_opt(LEAP_YEAR, month, 1)?;
    Some(u32::from(first.num_days_in_month()))
}

/// "December".
#[must_use]
pub fn month_name(month: u32) -> &'static str {
    let month = u8::try_from(month).ok().and_then(|month| Month::try_from(month).ok());
    month.map_or("?", |month| month.name())
}

/// The date on the business's wall.
#[must_use]
pub fn today(at: DateTime<Utc>, zone: Tz) -> NaiveDate {
    at.with_timezone(&zone).date_naive()
}

/// The region of a condition that holds on these days on the business's wall.
pub(super) fn on_days(calendar: &Calendar, zone: Tz, holds: impl Fn(NaiveDate) -> bool) -> Region {
    let midnight = |day: NaiveDate| day.and_time(NaiveTime::MIN);
    let times = calendar.moments(zone, |first, last| {
        let days = first.date().iter_days().take_while(|day| *day <= last.date()).filter(|day| holds(*day));
        days.filter_map(|day| Some((midnight(day), midnight(day.succ_opt()?)))).collect()
    });
    times.map_or_else(Region::own, |times| Region::exactly(vec![Part::times(times)]))
}
