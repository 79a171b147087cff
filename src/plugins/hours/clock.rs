//! A schedule ready to be asked: its state at a time, when that changes, and both in words.

use std::str::FromStr;

use chrono::{DateTime, Datelike, Duration, LocalResult, NaiveDate, NaiveDateTime, Offset, TimeZone, Utc};
use chrono_tz::Tz;
use opening_hours::OpeningHours;

use super::calendar::Holiday;
use super::wall::{SpecialDay, Wall};
use super::{calendar, plan};
use crate::plugins::spoken;
use crate::routing::{Calendar, Schedule, Table, Times, capital};

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
    /// The hours: what of them cannot be read.
    #[error(
        "the hours cannot be read from “{rest}” on (character {position}); write them like Mo-Fr 09:00-17:00, or off for never open"
    )]
    Hours {
        /// What was written, from the first character that does not fit.
        rest: String,
        /// Of that character, counted from 1.
        position: usize,
    },
    /// The hours are not written to their end.
    #[error("the hours end too early; write them like Mo-Fr 09:00-17:00, or off for never open")]
    Unfinished,
    /// The hours say something that cannot be.
    #[error("the hours cannot be read: {0}; write them like Mo-Fr 09:00-17:00, or off for never open")]
    Impossible(String),
    /// The calendar of public holidays.
    #[error("{0}")]
    Holidays(String),
}

/// Reads hours, and gives them back in standard notation too.
pub(super) fn read(text: &str) -> Result<(String, OpeningHours), ClockError> {
    let plain = plan::canonical(text);
    let hours = OpeningHours::from_str(&plain).map_err(|_| {
        OpeningHours::from_str(text.trim())
            .err()
            .map_or(ClockError::Unfinished, |error| wrong(text, &error.to_string()))
    })?;
    Ok((plain, hours))
}

/// A schedule ready to be asked.
#[derive(Clone, Debug)]
pub(super) struct Clock {
    wall: Wall,
    zone: Tz,
    country: String,
}

impl Clock {
    pub(super) fn of(schedule: &Schedule, table: &Table) -> Result<Self, ClockError> {
        let zone = schedule.zone.as_ref().unwrap_or(&table.zone);
        let zone = zone.parse().map_err(|_| ClockError::Zone(zone.clone()))?;
        let text = &schedule.hours;
        let (plain, hours) = read(text)?;
        let holidays = if text.contains("PH") { counted(schedule, table)? } else { Vec::new() };
        let (country, _) = calendar::place(schedule, table);
        let wall = Wall::of(&plain, hours, country, holidays);
        Ok(Self { wall, zone, country: table.country.clone() })
    }

    pub(super) fn state(&self, at: DateTime<Utc>) -> State {
        self.wall.state(self.local(at).naive_local())
    }

    pub(super) fn local(&self, at: DateTime<Utc>) -> DateTime<Tz> {
        at.with_timezone(&self.zone)
    }

    /// Whether and how today differs from the usual week.
    pub(super) fn today(&self, at: DateTime<Utc>) -> Option<SpecialDay> {
        self.wall.special(self.local(at).date_naive())
    }

    /// How a day differs from the usual week.
    pub(super) fn special(&self, date: NaiveDate) -> Option<SpecialDay> {
        self.wall.special(date)
    }

    /// When it is in this state, within the bounds of the calendar.
    pub(super) fn times(&self, calendar: &Calendar, state: State) -> Option<Times> {
        calendar.moments(self.zone, |first, last| self.wall.stretches(first, last, state))
    }

    /// The next time it opens (`opens`) or stops being open, if it does within a year.
    pub(super) fn next(&self, at: DateTime<Utc>, opens: bool) -> Option<DateTime<Tz>> {
        let mut at = self.local(at);
        let mut was_open = self.wall.state(at.naive_local()) == State::Open;
        for _ in 0..STEPS {
            at = self.next_change(&at)?;
            let is_open = self.wall.state(at.naive_local()) == State::Open;
            if is_open != was_open && is_open == opens {
                return Some(at);
            }
            was_open = is_open;
        }
        None
    }

    /// "open until 17:00", "closed (Christmas Day), opens Monday 09:00".
    pub(super) fn words(&self, at: DateTime<Utc>) -> String {
        self.say(at, "open until")
    }

    pub(super) fn status(&self, at: DateTime<Utc>) -> Status {
        Status { state: self.state(at), words: capital(&self.say(at, "open now, closes")) }
    }

    fn say(&self, at: DateTime<Utc>, until: &str) -> String {
        let state = self.state(at);
        let day = self.today(at).map(|day| day.name).filter(|name| !name.is_empty());
        let day = day.map(|name| format!(" ({name})")).unwrap_or_default();
        let change = self.next(at, state != State::Open).map(|next| self.moment(&next, at));
        match (state, change) {
            // "open now (Christmas Eve), closes 12:00"
            (State::Open, Some(next)) => match until.split_once(',') {
                Some((open, closes)) => format!("{open}{day},{closes} {next}"),
                None => format!("{until} {next}{day}"),
            },
            (State::Open, None) => "open all the time".into(),
            (State::Closed, Some(next)) => format!("closed{day}, opens {next}"),
            (State::Closed, None) => "closed all the time".into(),
            (State::Unsure, Some(next)) => format!("neither surely open nor closed, opens {next}"),
            (State::Unsure, None) => "neither surely open nor closed".into(),
        }
    }

    /// A coming time as it is read aloud: "today at 5:00 PM", "Friday 27 November at 9:00 AM".
    pub(super) fn spoken(&self, time: &DateTime<Tz>, at: DateTime<Utc>) -> String {
        let day = match self.days_until(time, at) {
            0 => "today".to_owned(),
            1 => "tomorrow".to_owned(),
            2..=6 => spoken::weekday(time),
            _ => time.format("%A, %B %-d").to_string(),
        };
        format!("{day} at {}", self.hour(time))
    }

    /// The hour as people there say it.
    pub(super) fn hour(&self, time: &DateTime<Tz>) -> String {
        spoken::time(time, &self.country)
    }

    fn days_until(&self, time: &DateTime<Tz>, at: DateTime<Utc>) -> i32 {
        time.num_days_from_ce() - self.local(at).num_days_from_ce()
    }

    /// The hour, with the day unless it is the same one, and the date when it is not this week.
    fn moment(&self, time: &DateTime<Tz>, at: DateTime<Utc>) -> String {
        let format = match self.days_until(time, at) {
            0 => "%H:%M",
            1..=6 => "%A %H:%M",
            _ => "%A %-d %B %Y, %H:%M",
        };
        time.format(format).to_string()
    }

    /// The next moment at which the state is another one.
    fn next_change(&self, at: &DateTime<Tz>) -> Option<DateTime<Tz>> {
        let wall = at.naive_local();
        let change = self.wall.next_change(wall).and_then(|change| self.first_after(change, at));
        // In an hour that comes twice, the clock is put back before it shows any later hour.
        if matches!(self.zone.from_local_datetime(&wall), LocalResult::Ambiguous(first, _) if first == *at) {
            let put_back = put_back_after(at);
            if change.as_ref().is_none_or(|change| *change >= put_back) {
                let same = self.wall.state(put_back.naive_local()) == self.wall.state(wall);
                return if same { self.next_change(&put_back) } else { Some(put_back) };
            }
        }
        change
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

/// The holidays that a schedule does not leave out.
fn counted(schedule: &Schedule, table: &Table) -> Result<Vec<Holiday>, ClockError> {
    let mut holidays = calendar::holidays_of(schedule, table).map_err(ClockError::Holidays)?;
    holidays.retain(|holiday| !schedule.holidays.except.iter().any(|name| name == holiday.name));
    Ok(holidays)
}

/// The moment at which the clock is put back, for a time in the hour before.
fn put_back_after(at: &DateTime<Tz>) -> DateTime<Tz> {
    let into_minute = Duration::nanoseconds(at.timestamp_nanos_opt().unwrap_or_default() % 60_000_000_000);
    let mut next = *at - into_minute;
    // The first minute that comes twice shows the same time again: only the offset tells.
    while next.offset().fix() == at.offset().fix() {
        next += Duration::minutes(1);
    }
    next
}

/// What the library's parser says of a text it cannot read, for people. Its report of a place starts
/// with ` --> 1:7`; the type that holds it is private to it.
fn wrong(text: &str, report: &str) -> ClockError {
    let column = report.split_once("--> 1:").map(|(_, rest)| rest.split(|c: char| !c.is_ascii_digit()));
    let Some(position) = column.and_then(|mut digits| digits.next()?.parse::<usize>().ok()) else {
        return ClockError::Impossible(report.to_owned());
    };
    let before = text.chars().take_while(|c| c.is_whitespace()).count();
    let rest: String = text.chars().skip(before + position - 1).take(20).collect();
    if rest.trim().is_empty() {
        return ClockError::Unfinished;
    }
    ClockError::Hours { rest: rest.trim_end().to_owned(), position: before + position }
}
