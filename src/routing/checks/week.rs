//! Times of the week on the business's wall, out of moments of a year.

use chrono::{DateTime, Datelike, Days, NaiveDateTime, NaiveTime, Utc};
use chrono_tz::Tz;

use crate::routing::Times;

const DAY: usize = 24 * 60;
const WEEK: usize = 7 * DAY;

/// A stretch of the week.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct WeekSpan {
    /// Minutes from Monday's midnight, below 10,080.
    pub from_min: usize,
    /// How long it is, in minutes; it may go over the end of the week.
    pub length_min: usize,
}

impl WeekSpan {
    /// The whole week.
    pub(super) const WHOLE: Self = Self { from_min: 0, length_min: WEEK };

    /// Whether it is the whole week.
    #[must_use]
    pub fn is_whole_week(self) -> bool {
        self.length_min >= WEEK
    }

    /// The day it begins on, Monday being 0, and the minutes of that day.
    #[must_use]
    pub fn start(self) -> (usize, usize) {
        (self.from_min / DAY, self.from_min % DAY)
    }

    /// The day it ends on, and the minutes of that day, from 1 to 1440.
    #[must_use]
    pub fn end(self) -> (usize, usize) {
        let last = (self.from_min + self.length_min - 1) % WEEK;
        (last / DAY, last % DAY + 1)
    }

    /// The same in pieces that do not go over midnight: day, from and to in minutes of that day.
    pub fn pieces(self) -> impl Iterator<Item = (usize, usize, usize)> {
        let end = self.from_min + self.length_min;
        (self.from_min / DAY..end.div_ceil(DAY)).map(move |day| {
            let (from, to) = (self.from_min.max(day * DAY), end.min((day + 1) * DAY));
            (day % 7, from - day * DAY, to - day * DAY)
        })
    }
}

/// The times of the week that belong to `times` in most weeks between `from` and `until`.
pub(super) fn weekly(times: &Times, zone: Tz, from: DateTime<Utc>, until: DateTime<Utc>) -> Vec<WeekSpan> {
    let wall = |at: DateTime<Utc>| at.with_timezone(&zone).naive_local();
    let today = wall(from).date();
    let ahead = Days::new(u64::from(7 - today.weekday().num_days_from_monday()));
    let Some(monday) = today.checked_add_days(ahead).map(|day| day.and_time(NaiveTime::MIN)) else {
        return Vec::new();
    };
    let minutes = |wall: NaiveDateTime| (wall - monday).num_minutes().max(0) as usize;
    let weeks = minutes(wall(until)) / WEEK;
    // How many weeks more have a minute than the minute before.
    let mut steps = vec![0_i32; WEEK + 1];
    for (start, end) in times.spans() {
        let at = |bound: Option<&i64>, or: DateTime<Utc>| {
            wall(bound.and_then(|at| DateTime::from_timestamp(*at, 0)).unwrap_or(or).clamp(from, until))
        };
        let (start, end) = (minutes(at(start, from)), minutes(at(end, until)).min(weeks * WEEK));
        for week in start / WEEK..end.div_ceil(WEEK) {
            let (from, to) = (start.max(week * WEEK), end.min((week + 1) * WEEK));
            if from < to {
                steps[from - week * WEEK] += 1;
                steps[to - week * WEEK] -= 1;
            }
        }
    }
    let mut count = 0;
    let often = steps[..WEEK].iter().map(|step| {
        count += step;
        count as usize * 2 > weeks
    });
    spans_of(&often.collect::<Vec<_>>())
}

fn spans_of(minutes: &[bool]) -> Vec<WeekSpan> {
    let Some(gap) = minutes.iter().position(|is_in| !is_in) else {
        return vec![WeekSpan::WHOLE];
    };
    let mut spans: Vec<WeekSpan> = Vec::new();
    for minute in (gap..gap + WEEK).map(|minute| minute % WEEK).filter(|minute| minutes[*minute]) {
        match spans.last_mut() {
            Some(span) if (span.from_min + span.length_min) % WEEK == minute => span.length_min += 1,
            _ => spans.push(WeekSpan { from_min: minute, length_min: 1 }),
        }
    }
    spans.sort_by_key(|span| span.from_min);
    spans
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::routing::checks::words::spans_words;
    use crate::routing::{Calendar, Ranges};

    #[test]
    fn most_weeks_count_and_single_days_do_not() {
        let calendar = Calendar::year_from("2026-11-24T10:00:00Z".parse().unwrap());
        let (from, until) = calendar.span().unwrap();
        let zone = Tz::Europe__Berlin;
        let times = calendar
            .moments(zone, |first, last| {
                let days = first.date().iter_days().take_while(|day| *day < last.date());
                // Mondays to Fridays from 9 to 17, but not on Christmas.
                let open = days.filter(|day| {
                    day.weekday().num_days_from_monday() < 5 && (day.month(), day.day()) != (12, 25)
                });
                let hour = |hour| NaiveTime::from_hms_opt(hour, 0, 0).unwrap();
                open.map(|day| (day.and_time(hour(9)), day.and_time(hour(17)))).collect()
            })
            .unwrap();
        assert_eq!(spans_words(&weekly(&times, zone, from, until)), "Mon–Fri 09:00–17:00");
        let closed = weekly(&times.complement(), zone, from, until);
        assert_eq!(spans_words(&closed), "Mon–Thu 17:00–09:00 and Fri 17:00 to Mon 09:00");
        assert_eq!(spans_words(&weekly(&Ranges::all(), zone, from, until)), "the whole week");
        assert!(weekly(&Ranges::none(), zone, from, until).is_empty());
    }
}
