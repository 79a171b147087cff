//! A schedule ready to be asked: its state at a time, when that changes, and both in words.

use std::str::FromStr;

use chrono::{DateTime, Datelike, Days, Duration, LocalResult, NaiveDateTime, TimeZone, Utc};
use chrono_tz::Tz;
use opening_hours::localization::Country;
use opening_hours::{Context, OpeningHours, RuleKind};

use super::weekly;
use crate::routing::{Calendar, Schedule, Table, Times};

/// How far ahead a change is looked for.
const AHEAD: Days = Days::new(400);

/// How many changes in a row may leave a schedule as little open as before.
const STEPS: usize = 50;

/// Whether a schedule is open.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// It is open.
    Open,
    /// It is closed.
    Closed,
    /// The text says that it is not known, as in `Sa unknown` or `Sa "by appointment"`.
    Unsure,
}

/// How a schedule stands, for people.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Status {
    /// Whether it is open.
    pub state: State,
    /// "Open now, closes 17:00", "Closed, opens Monday 09:00".
    pub words: String,
}

/// Why a schedule cannot be read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(super) enum ClockError {
    /// Its zone, or the table's.
    #[error("“{0}” is not a time zone; choose one from the list, or write one such as America/New_York")]
    Zone(String),
    /// The hours: the text, and the place of the first character that does not fit, from 1.
    #[error(
        "the hours “{text}” cannot be read from character {position} on; write them like Mo-Fr 09:00-17:00, or off for never open"
    )]
    Hours {
        /// What was written.
        text: String,
        /// Counted from 1.
        position: usize,
    },
}

/// A schedule ready to be asked.
#[derive(Clone, Debug)]
pub(super) struct Clock {
    hours: OpeningHours,
    zone: Tz,
}

impl Clock {
    pub(super) fn of(schedule: &Schedule, table: &Table) -> Result<Self, ClockError> {
        let zone = schedule.zone.as_ref().unwrap_or(&table.zone);
        let zone = zone.parse().map_err(|_| ClockError::Zone(zone.clone()))?;
        let mut context = Context::default();
        if let Ok(country) = Country::from_str(&table.country.to_ascii_uppercase()) {
            context = context.with_holidays(country.holidays());
        }
        let hours = read(&schedule.hours)?.with_context(context);
        Ok(Self { hours, zone })
    }

    pub(super) fn state(&self, at: DateTime<Utc>) -> State {
        self.state_on_wall(at.with_timezone(&self.zone).naive_local())
    }

    /// When it is in this state, within the bounds of the calendar.
    pub(super) fn times(&self, calendar: &Calendar, state: State) -> Option<Times> {
        calendar.moments(self.zone, |first, last| {
            let ranges = self.hours.iter_range(first, last).filter(|range| state_of(range.kind) == state);
            ranges.map(|range| (range.range.start, range.range.end)).collect()
        })
    }

    /// The next time it opens (`opens`) or stops being open, if it does within a year.
    pub(super) fn next(&self, at: DateTime<Utc>, opens: bool) -> Option<DateTime<Tz>> {
        let mut at = at.with_timezone(&self.zone);
        let mut was_open = self.state_on_wall(at.naive_local()) == State::Open;
        for _ in 0..STEPS {
            at = self.next_change(&at)?;
            let is_open = self.state_on_wall(at.naive_local()) == State::Open;
            if is_open != was_open && is_open == opens {
                return Some(at);
            }
            was_open = is_open;
        }
        None
    }

    /// "open until 17:00", "closed, opens Monday 09:00".
    pub(super) fn words(&self, at: DateTime<Utc>) -> String {
        let state = self.state(at);
        let change = self.next(at, state != State::Open).map(|next| self.moment(&next, at));
        match (state, change) {
            (State::Open, Some(next)) => format!("open until {next}"),
            (State::Open, None) => "open all the time".into(),
            (State::Closed, Some(next)) => format!("closed, opens {next}"),
            (State::Closed, None) => "closed all the time".into(),
            (State::Unsure, Some(next)) => format!("neither surely open nor closed, opens {next}"),
            (State::Unsure, None) => "neither surely open nor closed".into(),
        }
    }

    pub(super) fn status(&self, at: DateTime<Utc>) -> Status {
        let state = self.state(at);
        let words = if let (State::Open, Some(next)) = (state, self.next(at, false)) {
            format!("Open now, closes {}", self.moment(&next, at))
        } else {
            let words = self.words(at);
            format!("{}{}", words[..1].to_uppercase(), &words[1..])
        };
        Status { state, words }
    }

    /// The hour, with the day unless it is the same one, and the date when it is not this week.
    fn moment(&self, time: &DateTime<Tz>, at: DateTime<Utc>) -> String {
        let days = time.num_days_from_ce() - at.with_timezone(&self.zone).num_days_from_ce();
        let format = match days {
            0 => "%H:%M",
            1..=6 => "%A %H:%M",
            _ => "%A %-d %B %Y, %H:%M",
        };
        time.format(format).to_string()
    }

    fn state_on_wall(&self, wall: NaiveDateTime) -> State {
        state_of(self.hours.state(wall).0)
    }

    /// The next moment at which the state is another one.
    fn next_change(&self, at: &DateTime<Tz>) -> Option<DateTime<Tz>> {
        let wall = at.naive_local();
        let change = self.change_on_wall(wall).and_then(|change| self.first_after(change, at));
        // In an hour that comes twice, the clock is put back before it shows any later hour.
        if matches!(self.zone.from_local_datetime(&wall), LocalResult::Ambiguous(first, _) if first == *at) {
            let put_back = put_back_after(at);
            if change.as_ref().is_none_or(|change| *change >= put_back) {
                let same = self.state_on_wall(put_back.naive_local()) == self.state_on_wall(wall);
                return if same { self.next_change(&put_back) } else { Some(put_back) };
            }
        }
        change
    }

    fn change_on_wall(&self, wall: NaiveDateTime) -> Option<NaiveDateTime> {
        let mut ranges = self.hours.iter_range(wall, wall.checked_add_days(AHEAD)?);
        let now = ranges.next()?.kind;
        ranges.find(|next| next.kind != now).map(|next| next.range.start)
    }

    /// The first moment after `at` at which the clock on the wall shows `wall` or, where it is
    /// put forward over that, anything later.
    fn first_after(&self, wall: NaiveDateTime, at: &DateTime<Tz>) -> Option<DateTime<Tz>> {
        let minutes = |minute| wall.checked_add_signed(Duration::minutes(minute));
        // The clock is never put forward by more than a day.
        (0..=24 * 60).find_map(|minute| match self.zone.from_local_datetime(&minutes(minute)?) {
            LocalResult::Single(time) => Some(time),
            LocalResult::Ambiguous(first, second) => Some(if first > *at { first } else { second }),
            LocalResult::None => None,
        })
    }
}

fn state_of(kind: RuleKind) -> State {
    match kind {
        RuleKind::Open => State::Open,
        RuleKind::Closed => State::Closed,
        RuleKind::Unknown => State::Unsure,
    }
}

/// The moment at which the clock is put back, for a time in the hour before.
fn put_back_after(at: &DateTime<Tz>) -> DateTime<Tz> {
    let into_minute = Duration::nanoseconds(at.timestamp_nanos_opt().unwrap_or_default() % 60_000_000_000);
    let mut next = *at - into_minute;
    while next.naive_local() >= at.naive_local() - into_minute {
        next += Duration::minutes(1);
    }
    next
}

/// Reads hours. A plain week is understood by our own reading of it, so that what the week grid
/// shows is what calls are decided by.
fn read(text: &str) -> Result<OpeningHours, ClockError> {
    let plain = weekly::parse(text).map(|spans| weekly::write(&spans));
    let shown = plain.as_deref().unwrap_or(text.trim());
    OpeningHours::from_str(shown)
        .map_err(|error| ClockError::Hours { text: text.to_owned(), position: position(&error.to_string()) })
}

/// The column in a parser's report, which starts with ` --> 1:7`. Its type is private to it.
fn position(report: &str) -> usize {
    let column = report.split_once("--> 1:").map(|(_, rest)| rest.split(|c: char| !c.is_ascii_digit()));
    column.and_then(|mut digits| digits.next()?.parse().ok()).unwrap_or(1)
}
