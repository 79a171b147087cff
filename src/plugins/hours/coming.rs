//! The special days ahead, in the order of the calendar.

use chrono::{DateTime, Days, NaiveDate, Utc};

use super::changes::spans_words;
use super::clock::Clock;
use super::weekly::Span;
use crate::routing::{Schedule, Table};

/// How far ahead is looked, in days: the same day next year is seen too.
const AHEAD: u64 = 372;

/// How many are told in one line.
const SHOWN: usize = 3;

/// A day, or several in a row, on which a schedule differs from its usual week.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Coming {
    /// The first day.
    pub from: NaiveDate,
    /// The last day.
    pub to: NaiveDate,
    /// What it is called; empty without a name.
    pub name: String,
    /// Its hours; none: closed. The day of each is 0.
    pub hours: Vec<Span>,
}

impl Coming {
    /// "Today: Thanksgiving Day, closed", "Thu 24 to Wed 30 December: Winter break, closed".
    #[must_use]
    pub fn words(&self, today: NaiveDate) -> String {
        let Self { from, to, name, hours } = self;
        let first = match (*from - today).num_days() {
            ..=0 => "Today".to_owned(),
            1 => "Tomorrow".to_owned(),
            _ => from.format("%a %-d %b").to_string(),
        };
        let when = if from == to { first } else { format!("{first} to {}", to.format("%a %-d %b")) };
        let name = if name.is_empty() { String::new() } else { format!("{name}, ") };
        format!("{when}: {name}{}", spans_words(hours))
    }
}

/// How the coming special days read: "Thu 26 Nov: Thanksgiving Day, closed · Fri 25 Dec: ...". Empty
/// without any.
#[must_use]
pub fn coming_words(schedule: &Schedule, table: &Table, at: DateTime<Utc>) -> String {
    let Ok(clock) = Clock::of(schedule, table) else { return String::new() };
    let today = clock.local(at).date_naive();
    let days = coming(schedule, table, at, SHOWN);
    days.iter().map(|day| day.words(today)).collect::<Vec<_>>().join(" · ")
}

/// The next special days of a schedule, today's first; at most `count`. None, if the hours cannot be
/// read or can only be edited as text.
#[must_use]
pub fn coming(schedule: &Schedule, table: &Table, at: DateTime<Utc>, count: usize) -> Vec<Coming> {
    let Ok(clock) = Clock::of(schedule, table) else { return Vec::new() };
    let today = clock.local(at).date_naive();
    let mut found: Vec<Coming> = Vec::new();
    let ahead = (0..AHEAD).filter_map(|days| today.checked_add_days(Days::new(days)));
    for date in ahead {
        let Some(day) = clock.special(date) else { continue };
        if let Some(last) = found.last_mut()
            && last.to.succ_opt() == Some(date)
            && last.name == day.name
            && last.hours == day.hours
        {
            last.to = date;
        } else if found.len() == count {
            break;
        } else {
            found.push(Coming { from: date, to: date, name: day.name, hours: day.hours });
        }
    }
    found
}
