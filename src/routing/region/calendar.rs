//! Which moments a clock on a wall means, exactly to the second, within a bounded time.

use chrono::{DateTime, Days, Duration, NaiveDateTime, Offset, TimeZone, Utc};
use chrono_tz::Tz;

use super::Ranges;

/// Moments, in seconds since 1970 UTC.
pub type Times = Ranges<i64>;

/// A stretch of time on the clock of a wall, from its start to before its end.
pub type WallSpan = (NaiveDateTime, NaiveDateTime);

/// How far ahead a calendar goes: a year, and so every season, holiday and change of clocks.
const AHEAD: Days = Days::new(366);

/// The time that regions are told for: a bounded stretch, in which everything is exact; or all
/// time, of which no region says anything.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Calendar {
    span: Option<(DateTime<Utc>, DateTime<Utc>)>,
}

impl Calendar {
    /// All time.
    #[must_use]
    pub fn boundless() -> Self {
        Self { span: None }
    }

    /// From one moment until before another.
    #[must_use]
    pub fn within(from: DateTime<Utc>, until: DateTime<Utc>) -> Self {
        Self { span: Some((from, until)) }
    }

    /// A year from the beginning of this hour.
    #[must_use]
    pub fn year_from(now: DateTime<Utc>) -> Self {
        let into_hour = Duration::seconds(now.timestamp().rem_euclid(3600));
        let from = DateTime::from_timestamp(now.timestamp(), 0).unwrap_or(now) - into_hour;
        Self { span: from.checked_add_days(AHEAD).map(|until| (from, until)) }
    }

    /// From when until when it goes, if it has bounds.
    #[must_use]
    pub fn span(&self) -> Option<(DateTime<Utc>, DateTime<Utc>)> {
        self.span
    }

    /// Whether regions can be exact about time.
    #[must_use]
    pub fn is_bounded(&self) -> bool {
        self.span.is_some()
    }

    /// The moments at which the clock in `zone` shows one of the stretches that `walls` gives
    /// between two times on that clock. `None` where this is about all time.
    #[must_use]
    pub fn moments(
        &self,
        zone: Tz,
        walls: impl FnOnce(NaiveDateTime, NaiveDateTime) -> Vec<WallSpan>,
    ) -> Option<Times> {
        let (from, until) = self.span?;
        let day = Duration::days(1);
        let wall = |at: DateTime<Utc>| at.with_timezone(&zone).naive_local();
        // Clocks are put by less than a day.
        let walls = walls(wall(from) - day, wall(until) + day);
        let stretches = stretches(zone, from, until);
        let spans = stretches.iter().flat_map(|stretch| {
            let shown = |at: i64| at + stretch.offset;
            let first = walls.partition_point(|(_, end)| seconds(*end) <= shown(stretch.from));
            walls[first..].iter().take_while(move |(start, _)| seconds(*start) < shown(stretch.until)).map(
                move |(start, end)| {
                    let moment = |wall: &NaiveDateTime| seconds(*wall) - stretch.offset;
                    (moment(start).max(stretch.from), moment(end).min(stretch.until))
                },
            )
        });
        Some(Ranges::of(spans))
    }
}

fn seconds(wall: NaiveDateTime) -> i64 {
    wall.and_utc().timestamp()
}

/// A time in which the clocks of a zone are not put.
pub(in crate::routing) struct Stretch {
    pub(in crate::routing) from: i64,
    pub(in crate::routing) until: i64,
    /// What the clock on the wall is ahead of UTC.
    pub(in crate::routing) offset: i64,
}

/// The times between two moments in which the clocks of a zone are not put, in seconds.
pub(in crate::routing) fn stretches(zone: Tz, from: DateTime<Utc>, until: DateTime<Utc>) -> Vec<Stretch> {
    /// How often it is looked whether clocks were put: no zone puts them forth and back in less.
    const STEP: i64 = 12 * 3600;
    let offset = |at: i64| {
        let utc = DateTime::from_timestamp(at, 0).unwrap_or_default().naive_utc();
        i64::from(zone.offset_from_utc_datetime(&utc).fix().local_minus_utc())
    };
    let (mut start, until) = (from.timestamp(), until.timestamp());
    let mut stretches = Vec::new();
    let mut at = start;
    while at < until {
        let next = (at + STEP).min(until);
        let now = offset(start);
        if offset(next) == now {
            at = next;
            continue;
        }
        // The first second with another offset lies after `at` and not after `next`.
        let (mut before, mut after) = (at, next);
        while after - before > 1 {
            let middle = before + (after - before) / 2;
            if offset(middle) == now { before = middle } else { after = middle }
        }
        stretches.push(Stretch { from: start, until: after, offset: now });
        (start, at) = (after, after);
    }
    if start < until {
        stretches.push(Stretch { from: start, until, offset: offset(start) });
    }
    stretches
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use chrono::{NaiveTime, Timelike};
    use proptest::prelude::*;

    use super::*;

    /// Each day from `from` to `to` hours.
    fn daily(first: NaiveDateTime, last: NaiveDateTime, from: u32, to: u32) -> Vec<WallSpan> {
        let days = first.date().iter_days().take_while(|day| *day <= last.date());
        let time = |hour| NaiveTime::from_hms_opt(hour, 30, 0).unwrap();
        days.map(|day| (day.and_time(time(from)), day.and_time(time(to)))).collect()
    }

    proptest! {
        #[test]
        fn moments_are_those_at_which_the_clock_shows_it(
            zone in prop::sample::select(vec![
                Tz::America__New_York, Tz::Europe__Berlin, Tz::Australia__Lord_Howe, Tz::Asia__Kolkata,
                Tz::Pacific__Apia,
            ]),
            start in 1_300_000_000_i64..1_800_000_000,
            after in 0_i64..366 * 86400,
            hour in 0_u32..20,
        ) {
            let calendar = Calendar::year_from(DateTime::from_timestamp(start, 0).unwrap());
            let (from, _) = calendar.span().unwrap();
            let times = calendar.moments(zone, |first, last| daily(first, last, hour, hour + 3)).unwrap();
            let at = from + Duration::seconds(after);
            let wall = at.with_timezone(&zone).time();
            let minute = wall.hour() * 60 + wall.minute();
            let shown = (hour * 60 + 30..hour * 60 + 210).contains(&minute);
            prop_assert_eq!(times.contains(&at.timestamp()), shown, "{}", at.with_timezone(&zone));
        }
    }

    #[test]
    fn hours_that_come_twice_are_meant_twice() {
        let calendar = Calendar::year_from("2026-10-01T00:00:00Z".parse().unwrap());
        let times = calendar
            .moments(Tz::Europe__Berlin, |_, _| {
                let at = |text: &str| text.parse::<NaiveDateTime>().unwrap();
                vec![(at("2026-10-25T02:15:00"), at("2026-10-25T02:45:00"))]
            })
            .unwrap();
        let spans: Vec<_> = times
            .spans()
            .map(|(from, to)| {
                let words = |at: &i64| DateTime::from_timestamp(*at, 0).unwrap().format("%H:%M").to_string();
                format!("{}-{}", words(from.unwrap()), words(to.unwrap()))
            })
            .collect();
        assert_eq!(spans, ["00:15-00:45", "01:15-01:45"]);
    }
}
