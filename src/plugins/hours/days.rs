//! Which days a special day is: one date, a range, every year, the nth weekday of a month, or
//! counted from Easter. Read from and written as OpenStreetMap text.

use std::collections::HashMap;
use std::ops::RangeInclusive;
use std::str::FromStr;
use std::sync::LazyLock;

use chrono::{Datelike, Duration, NaiveDate, Weekday};
use opening_hours::OpeningHours;
use opening_hours_syntax::rules::day::{Date, DateOffset, DaySelector, MonthdayRange, WeekDayOffset};
use opening_hours_syntax::rules::day::{HolidayKind, Month, WeekDayRange};

use crate::plugins::dates::{YearDay, days_in, month_name};

/// The years that hours are told for: those that the OpenStreetMap text can name.
const YEARS: RangeInclusive<i32> = 1900..=2200;

/// Days of the calendar.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Days {
    /// One date, or all from one to another.
    Once {
        /// The first.
        from: NaiveDate,
        /// The last, not before the first.
        to: NaiveDate,
    },
    /// The same every year; where the last is before the first, over New Year.
    Yearly {
        /// The first.
        from: YearDay,
        /// The last.
        to: YearDay,
    },
    /// The nth weekday of a month.
    Nth {
        /// From 1 to 12; without one, of every month.
        month: Option<u32>,
        /// From 1 to 5, or -1 for the last, -2 for the one before.
        nth: i8,
        /// Which weekday.
        weekday: Weekday,
        /// Days after it, or before it if negative.
        offset: i16,
    },
    /// Days after Easter Sunday, or before it if negative.
    Easter {
        /// How many.
        offset: i16,
    },
}

/// What a rule of opening hours applies to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum When {
    /// Public holidays, all that count.
    Holidays,
    /// Days of the calendar, at least one.
    Days(Vec<Days>),
}

impl Days {
    /// Whether a date is one of them.
    #[must_use]
    pub fn contains(&self, date: NaiveDate) -> bool {
        match *self {
            Self::Once { from, to } => (from..=to).contains(&date),
            Self::Yearly { from, to } => {
                let day = YearDay::of(date);
                if from <= to { from <= day && day <= to } else { from <= day || day <= to }
            }
            Self::Nth { month, nth, weekday, offset } => {
                before(date, offset).is_some_and(|date| is_nth(date, month, nth, weekday))
            }
            Self::Easter { offset } => {
                before(date, offset).is_some_and(|date| EASTER.get(&date.year()) == Some(&date))
            }
        }
    }

    /// As OpenStreetMap text: `Dec 24-Jan 02`, `Nov Th[4]`, `easter -2 days`.
    #[must_use]
    pub fn write(&self) -> String {
        match *self {
            Self::Once { from, to } if from == to => date_text(from),
            Self::Once { from, to } => format!("{}-{}", date_text(from), date_text(to)),
            Self::Yearly { from, to } if from == to => year_day_text(from),
            Self::Yearly { from, to } => format!("{}-{}", year_day_text(from), year_day_text(to)),
            Self::Nth { month, nth, weekday, offset } => {
                let month = month.map(|month| format!("{} ", month_text(month))).unwrap_or_default();
                format!("{month}{}[{nth}]{}", weekday_text(weekday), offset_text(offset))
            }
            Self::Easter { offset } => format!("easter{}", offset_text(offset)),
        }
    }

    /// For people: "24 December every year", "the fourth Thursday of November".
    #[must_use]
    pub fn words(&self) -> String {
        match *self {
            Self::Once { from, to } if from == to => date_words(from),
            Self::Once { from, to } => format!("{} to {}", date_words(from), date_words(to)),
            Self::Yearly { from, to } if from == to => format!("{} every year", from.words()),
            Self::Yearly { from, to } => format!("{} to {} every year", from.words(), to.words()),
            Self::Nth { month, nth, weekday, offset } => {
                let month = month.map_or("every month", month_name);
                let nth = nth_words(nth);
                format!("{}the {nth} {} of {month}", offset_words(offset), weekday_words(weekday))
            }
            Self::Easter { offset } => format!("{}Easter Sunday", offset_words(offset)),
        }
    }

    /// The first of them on or after a date, if there is one within four years.
    #[must_use]
    pub fn first_after(&self, date: NaiveDate) -> Option<NaiveDate> {
        date.iter_days().take(4 * 366).find(|date| self.contains(*date))
    }

    /// What is wrong with it, if no such day exists.
    pub fn check(&self) -> Result<(), String> {
        match *self {
            Self::Once { from, to } if to < from => {
                Err("the last day is before the first; change one of them".into())
            }
            Self::Yearly { from, to } => from.check().and_then(|()| to.check()),
            _ => Ok(()),
        }
    }
}

impl When {
    /// As OpenStreetMap text.
    #[must_use]
    pub fn write(&self) -> String {
        match self {
            Self::Holidays => "PH".into(),
            Self::Days(days) => days.iter().map(Days::write).collect::<Vec<_>>().join(","),
        }
    }

    /// What the days of a rule are, if these are days that can be edited by eye.
    pub(super) fn of(selector: &DaySelector) -> Option<Self> {
        let DaySelector { year, monthday, week, weekday } = selector;
        if !year.is_empty() || !week.is_empty() {
            return None;
        }
        match (monthday.as_slice(), weekday.as_slice()) {
            ([], [WeekDayRange::Holiday { kind: HolidayKind::Public, offset: 0 }]) => Some(Self::Holidays),
            ([], weekdays @ [_, ..]) => every(weekdays.iter().map(|day| nth_of(None, day))),
            ([MonthdayRange::Month { range, year: None }], [weekday]) if range.start() == range.end() => {
                every([nth_of(Some(*range.start() as u32), weekday)])
            }
            (monthdays @ [_, ..], []) => every(monthdays.iter().map(days_of)),
            _ => None,
        }
    }
}

fn every(days: impl IntoIterator<Item = Option<Days>>) -> Option<When> {
    days.into_iter().collect::<Option<Vec<_>>>().map(When::Days)
}

/// `Mo[1]`: one weekday, and one of its turns.
fn nth_of(month: Option<u32>, weekday: &WeekDayRange) -> Option<Days> {
    let WeekDayRange::Fixed { range, offset, nth_from_start, nth_from_end } = weekday else { return None };
    let turns = |turns: &[bool; 5], sign: i8| -> Vec<i8> {
        (1..=5).zip(turns).filter(|(_, turn)| **turn).map(|(nth, _)| sign * nth).collect()
    };
    let [nth] = [turns(nth_from_start, 1), turns(nth_from_end, -1)].concat()[..] else { return None };
    let weekday = *range.start();
    (weekday == *range.end()).then_some(Days::Nth { month, nth, weekday, offset: *offset })
}

fn days_of(range: &MonthdayRange) -> Option<Days> {
    match range {
        MonthdayRange::Month { range, year } => {
            let (first, last) = (*range.start() as u32, *range.end() as u32);
            let from = YearDay { month: first, day: 1 };
            let to = YearDay { month: last, day: days_in(last)? };
            match year {
                None => Some(Days::Yearly { from, to }),
                Some(year) => once(**year, from, if last < first { **year + 1 } else { **year }, to),
            }
        }
        MonthdayRange::Date { start, end } if start == end => single(start.0, start.1),
        MonthdayRange::Date { start: (start, at), end: (end, until) } => {
            if *at != DateOffset::default() || *until != DateOffset::default() {
                return None;
            }
            let (start_year, from) = fixed(*start)?;
            let (end_year, to) = fixed(*end)?;
            match (start_year, end_year) {
                (None, None) => Some(Days::Yearly { from, to }),
                (Some(year), None) => once(year, from, if to < from { year + 1 } else { year }, to),
                (Some(first), Some(last)) => once(first, from, last, to),
                (None, Some(_)) => None,
            }
        }
    }
}

fn single(date: Date, offset: DateOffset) -> Option<Days> {
    let DateOffset { wday_offset: WeekDayOffset::None, day_offset: offset } = offset else { return None };
    match date {
        Date::Easter { year: None } => Some(Days::Easter { offset }),
        Date::Weekday { year: None, month, wday, nth } if nth != 0 => {
            Some(Days::Nth { month: Some(month as u32), nth, weekday: wday, offset })
        }
        Date::Fixed { .. } if offset == 0 => match fixed(date)? {
            (None, day) => Some(Days::Yearly { from: day, to: day }),
            (Some(year), day) => once(year, day, year, day),
        },
        _ => None,
    }
}

fn fixed(date: Date) -> Option<(Option<i32>, YearDay)> {
    let Date::Fixed { year, month, day } = date else { return None };
    let day = YearDay { month: month as u32, day: day.into() };
    day.check().ok()?;
    Some((year.map(|year| *year), day))
}

fn once(from_year: i32, from: YearDay, to_year: i32, to: YearDay) -> Option<Days> {
    let from = NaiveDate::from_ymd_opt(from_year, from.month, from.day)?;
    // "2026 Feb" ends on the 28th.
    let to = (0..3).find_map(|less| NaiveDate::from_ymd_opt(to_year, to.month, to.day - less))?;
    (from <= to).then_some(Days::Once { from, to })
}

/// Easter Sundays by year.
static EASTER: LazyLock<HashMap<i32, NaiveDate>> = LazyLock::new(|| {
    let Ok(easter) = OpeningHours::from_str("easter") else { return HashMap::new() };
    let first = |year| NaiveDate::from_ymd_opt(year, 1, 1)?.and_hms_opt(0, 0, 0);
    let (Some(from), Some(to)) = (first(*YEARS.start()), first(*YEARS.end())) else { return HashMap::new() };
    let open = easter.iter_range(from, to).filter(|range| range.kind == opening_hours::RuleKind::Open);
    open.map(|range| range.range.start.date()).map(|date| (date.year(), date)).collect()
});

fn before(date: NaiveDate, days: i16) -> Option<NaiveDate> {
    date.checked_sub_signed(Duration::days(days.into()))
}

fn is_nth(date: NaiveDate, month: Option<u32>, nth: i8, weekday: Weekday) -> bool {
    let from_start = (date.day() - 1) / 7 + 1;
    let from_end = (u32::from(date.num_days_in_month()) - date.day()) / 7 + 1;
    let turn = if nth > 0 { from_start } else { from_end };
    date.weekday() == weekday
        && month.is_none_or(|month| month == date.month())
        && turn == u32::from(nth.unsigned_abs())
}

fn month_text(month: u32) -> String {
    Month::try_from(month).map(|month| month.to_string()).unwrap_or_default()
}

fn year_day_text(YearDay { month, day }: YearDay) -> String {
    format!("{} {day:02}", month_text(month))
}

fn date_text(date: NaiveDate) -> String {
    format!("{} {}", date.year(), year_day_text(YearDay::of(date)))
}

fn weekday_text(weekday: Weekday) -> &'static str {
    super::weekly::NAMES[weekday.num_days_from_monday() as usize]
}

fn offset_text(offset: i16) -> String {
    match offset {
        0 => String::new(),
        1 | -1 => format!(" {offset:+} day"),
        _ => format!(" {offset:+} days"),
    }
}

fn offset_words(offset: i16) -> String {
    let days = offset.unsigned_abs();
    let unit = if days == 1 { "day" } else { "days" };
    match offset {
        0 => String::new(),
        1.. => format!("{days} {unit} after "),
        _ => format!("{days} {unit} before "),
    }
}

/// "first", "last".
#[must_use]
pub fn nth_words(nth: i8) -> &'static str {
    match nth {
        1 => "first",
        2 => "second",
        3 => "third",
        4 => "fourth",
        5 => "fifth",
        -1 => "last",
        -2 => "last but one",
        _ => "earlier",
    }
}

/// "Monday".
#[must_use]
pub fn weekday_words(weekday: Weekday) -> &'static str {
    match weekday {
        Weekday::Mon => "Monday",
        Weekday::Tue => "Tuesday",
        Weekday::Wed => "Wednesday",
        Weekday::Thu => "Thursday",
        Weekday::Fri => "Friday",
        Weekday::Sat => "Saturday",
        Weekday::Sun => "Sunday",
    }
}

/// "24 December 2026".
#[must_use]
pub fn date_words(date: NaiveDate) -> String {
    date.format("%-d %B %Y").to_string()
}
