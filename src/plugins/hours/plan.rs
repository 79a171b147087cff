//! Opening hours as people plan them: a week, and after it the days that differ, each taking the
//! place of what was said before. Read from and written as OpenStreetMap text; what the parts
//! cannot say is kept word by word.

use std::str::FromStr;

use opening_hours::RuleKind;
use opening_hours_syntax::ExtendedTime;
use opening_hours_syntax::rules::time::{Time, TimeSelector};
use opening_hours_syntax::rules::{OpeningHoursExpression, RuleOperator, RuleSequence};

use super::days::{Days, When};
use super::weekly::{self, DAY, Span};

/// A week and the days that differ.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Plan {
    /// The usual week.
    pub week: Vec<Span>,
    /// What differs; a later one wins over an earlier one.
    pub rows: Vec<Row>,
}

/// One rule about days that differ.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Row {
    /// One that can be edited by eye.
    Special(Special),
    /// One written by hand that says something else, as it is written.
    Written(String),
}

/// Days with hours of their own.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Special {
    /// Which days.
    pub when: When,
    /// The hours of such a day, in minutes from its midnight: the day of each is 0. None: closed.
    pub hours: Vec<Span>,
    /// What it is called; empty without a name.
    pub name: String,
}

/// The text says something that a week and days that differ cannot hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("these hours say more than can be edited by eye; edit them as text")]
pub struct NotPlan;

impl Plan {
    /// Reads hours that the library has read.
    pub fn parse(text: &str) -> Result<Self, NotPlan> {
        let (week, rest) = week_and_rest(text);
        let week = week.unwrap_or_default();
        let rows = rest.iter().map(|part| Row::parse(part)).collect::<Result<_, _>>()?;
        Ok(Self { week, rows })
    }

    /// As OpenStreetMap text.
    #[must_use]
    pub fn write(&self) -> String {
        let rows = self.rows.iter().map(Row::write);
        std::iter::once(weekly::write(&self.week)).chain(rows).collect::<Vec<_>>().join("; ")
    }
}

impl Plan {
    /// The days that can be edited by eye.
    pub(super) fn specials(&self) -> impl Iterator<Item = &Special> {
        self.rows.iter().filter_map(|row| match row {
            Row::Special(special) => Some(special),
            Row::Written(_) => None,
        })
    }
}

impl Row {
    fn parse(part: &str) -> Result<Self, NotPlan> {
        let rule = Rule::parse(part).ok_or(NotPlan)?;
        let written = || Self::Written(part.to_owned());
        Ok(When::of(&rule.sequence.day_selector).map_or_else(written, |when| {
            let name = rule.sequence.comment.to_string();
            Self::Special(Special { when, hours: rule.hours, name })
        }))
    }

    fn write(&self) -> String {
        match self {
            Self::Written(text) => text.clone(),
            Self::Special(Special { when, hours, name }) => {
                let hours = weekly::tidy(hours);
                let days = when.write();
                // A comment alone would mean that it is not known whether it is open.
                let said = match (hours.is_empty(), name.is_empty()) {
                    (true, _) => "off".to_owned(),
                    (false, true) => weekly::write_hours(&hours),
                    (false, false) => format!("{} open", weekly::write_hours(&hours)),
                };
                let name = if name.is_empty() { String::new() } else { format!(" \"{}\"", quoted(name)) };
                format!("{days} {said}{name}")
            }
        }
    }
}

impl Special {
    /// What it is called, or else which days it is.
    #[must_use]
    pub fn title(&self) -> String {
        match (&self.when, self.name.as_str()) {
            (When::Holidays, "") => "Public holidays".into(),
            (When::Days(days), "") => days.first().map(Days::words).unwrap_or_default(),
            (_, name) => name.to_owned(),
        }
    }
}

/// A rule of the library that replaces the hours of the days it applies to: what the evaluation
/// of our own can go by.
pub(super) struct Rule {
    pub(super) sequence: RuleSequence,
    /// With day 0; none: closed.
    pub(super) hours: Vec<Span>,
}

impl Rule {
    pub(super) fn parse(part: &str) -> Option<Self> {
        let expression = OpeningHoursExpression::from_str(part).ok()?;
        let [sequence] = <[RuleSequence; 1]>::try_from(expression.rules).ok()?;
        let spans = spans(&sequence.time_selector)?;
        let is_plain = sequence.operator == RuleOperator::Normal;
        let hours = match sequence.kind {
            RuleKind::Open if is_plain => spans,
            RuleKind::Closed if is_plain && spans == [Span { day: 0, from_min: 0, to_min: DAY }] => {
                Vec::new()
            }
            _ => return None,
        };
        Some(Self { sequence, hours })
    }
}

fn spans(times: &TimeSelector) -> Option<Vec<Span>> {
    let minutes = |time: Time| match time {
        Time::Fixed(time) => Some(ExtendedTime::mins_from_midnight(time)),
        Time::Variable(_) => None,
    };
    let span = |span: &opening_hours_syntax::rules::time::TimeSpan| {
        if span.open_end || span.repeats.is_some() {
            return None;
        }
        let (from_min, to_min) = (minutes(span.range.start)?, minutes(span.range.end)?);
        let to_min = if to_min <= from_min { to_min + DAY } else { to_min };
        (from_min < DAY).then_some(Span { day: 0, from_min, to_min })
    };
    let spans = times.spans.iter().map(span).collect::<Option<Vec<_>>>()?;
    // One longer than a day would be parted over two.
    let tidy = weekly::tidy(&spans);
    tidy.iter().all(|span| span.day == 0).then_some(tidy)
}

/// The same text with its plain week as the library has to have it, so that the week that is drawn
/// is the week that decides.
pub(super) fn canonical(text: &str) -> String {
    let (week, rest) = week_and_rest(text);
    let week = week.map(|week| weekly::write(&week));
    week.iter().map(String::as_str).chain(rest).collect::<Vec<_>>().join("; ")
}

/// The plain week that a text begins with, if it does, and the rules after it.
fn week_and_rest(text: &str) -> (Option<Vec<Span>>, Vec<&str>) {
    let mut rest = parts(text);
    let plain = rest.iter().take_while(|part| weekly::parse(part).is_ok()).count();
    let week: Vec<&str> = rest.drain(..plain).collect();
    (weekly::parse(&week.join(";")).ok(), rest)
}

/// The rules between semicolons; one in a comment parts nothing.
fn parts(text: &str) -> Vec<&str> {
    let mut in_comment = false;
    let parts = text.split(|c: char| {
        in_comment ^= c == '"';
        c == ';' && !in_comment
    });
    parts.map(str::trim).filter(|part| !part.is_empty()).collect()
}

/// A name as it can stand in a comment.
fn quoted(name: &str) -> String {
    name.replace('"', "'")
}
