//! What is looked for, and the same as a question to the index.

use chrono::{DateTime, Datelike, Timelike};
use chrono_tz::Tz;
use serde::{Deserialize, Serialize};

use super::words::{digits_of, is_number, words_in};
use super::{Order, tags};
use crate::routing::is_default;

/// Which calls are wanted: those that fit all that is set.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
#[expect(clippy::struct_excessive_bools, reason = "each is asked for by itself")]
pub struct Filter {
    /// Words, or parts of a number: each stands in what is known of the call, at least as a
    /// beginning.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub text: String,
    /// `connect`, `keep` or `reject`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub outcome: Option<String>,
    /// Who decided.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub decided_by: Option<DecidedBy>,
    /// The name of the agent connected.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub agent: Option<String>,
    /// The number that was called.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub line: Option<String>,
    /// The caller's number.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub caller: Option<String>,
    /// Only calls from this moment on, in ms since 1970 UTC.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub from_ms: Option<i64>,
    /// Only calls before this moment, in ms since 1970 UTC.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub before_ms: Option<i64>,
    /// Only calls of this hour of the week.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub hour: Option<HourOfWeek>,
    /// Only calls whose answer took long.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub slow: bool,
    /// Only calls that Retell asked about more than once.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub asked_again: bool,
    /// Only calls where something broke on the way.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub troubled: bool,
    /// Only calls of which something was not known, because a look-up was late or failed.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub look_up_failed: bool,
    /// Only tests that the owner sent, or none of them.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tests: Option<bool>,
    /// In which order; it leaves out none.
    #[serde(skip_serializing_if = "is_default")]
    pub order: Order,
}

/// An hour that comes once a week.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct HourOfWeek {
    /// 0 for Monday to 6 for Sunday.
    pub day: u8,
    /// 0 to 23.
    pub hour: u8,
    /// The name of the time zone.
    pub zone: String,
}

impl HourOfWeek {
    /// Tells of moments (in ms since 1970 UTC) whether they are in it. A zone that does not exist is
    /// taken for UTC.
    pub(super) fn test(&self) -> impl Fn(i64) -> bool {
        let zone: Tz = self.zone.parse().unwrap_or(Tz::UTC);
        let wanted = (u32::from(self.day), u32::from(self.hour));
        move |at_ms| {
            DateTime::from_timestamp_millis(at_ms).is_some_and(|at| {
                let at = at.with_timezone(&zone);
                (at.weekday().num_days_from_monday(), at.hour()) == wanted
            })
        }
    }
}

/// Who decided a call.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DecidedBy {
    /// The rule with this id.
    Rule(String),
    /// What happens to all other calls.
    Fallback,
    /// Something that stood above the rules.
    Override,
}

impl Filter {
    /// An answer that took at least this long is slow, in microseconds.
    pub const SLOW_US: u64 = 500_000;

    /// Whether every call fits.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        *self == Self { text: self.text.clone(), order: self.order, ..Self::default() }
            && words_in(&self.text).next().is_none()
    }

    /// Whether the time of a call matters.
    pub(super) fn has_days(&self) -> bool {
        self.from_ms.is_some() || self.before_ms.is_some() || self.hour.is_some()
    }

    /// The question to the index; `None` if nothing but the time of a call matters.
    pub(super) fn expression(&self) -> Option<String> {
        let mut all: Vec<String> = self.tags().iter().map(|tag| format!("\"{tag}\"")).collect();
        all.extend(text_expression(&self.text));
        let without_tests = self.tests == Some(false);
        if all.is_empty() {
            // Something has to be there for tests to be taken away from.
            all.extend(without_tests.then(|| format!("\"{}\"", tags::ANY)));
        }
        let wanted = (!all.is_empty()).then(|| all.join(" AND "))?;
        Some(if without_tests { format!("({wanted}) NOT \"{}\"", tags::TEST) } else { wanted })
    }

    fn tags(&self) -> Vec<String> {
        let Self {
            text: _,
            outcome,
            decided_by,
            agent,
            line,
            caller,
            from_ms: _,
            before_ms: _,
            hour: _,
            slow,
            asked_again,
            troubled,
            look_up_failed,
            tests,
            order: _,
        } = self;
        let mut wanted = Vec::new();
        wanted.extend(outcome.as_deref().map(tags::outcome));
        wanted.extend(decided_by.as_ref().map(|by| match by {
            DecidedBy::Rule(id) => tags::rule(id),
            DecidedBy::Fallback => tags::FALLBACK.to_owned(),
            DecidedBy::Override => tags::OVERRIDE.to_owned(),
        }));
        wanted.extend(agent.as_deref().map(tags::agent));
        wanted.extend(line.as_deref().map(tags::line));
        wanted.extend(caller.as_deref().map(tags::caller));
        let marks = [
            (*slow, tags::SLOW),
            (*asked_again, tags::ASKED_AGAIN),
            (*troubled, tags::TROUBLED),
            (*look_up_failed, tags::LOOK_UP_FAILED),
            (*tests == Some(true), tags::TEST),
        ];
        wanted.extend(marks.into_iter().filter(|(is_wanted, _)| *is_wanted).map(|(_, tag)| tag.to_owned()));
        wanted
    }
}

/// What was typed: a number in any spelling, or words.
fn text_expression(text: &str) -> Option<String> {
    let words: Vec<String> = words_in(text).map(|word| format!("\"{word}\"*")).collect();
    if words.is_empty() {
        return None;
    }
    let words = words.join(" AND ");
    // Numbers with a country code have no zeros in front.
    let digits = digits_of(text).trim_start_matches('0').to_owned();
    if is_number(text) && !digits.is_empty() {
        return Some(format!("(\"{digits}\"* OR ({words}))"));
    }
    Some(format!("({words})"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_filter_is_one_question() {
        assert_eq!(Filter::default().expression(), None);
        let text = |text: &str| Filter { text: text.into(), ..Filter::default() };
        assert_eq!(text(" -\" ").expression(), None);
        assert!(text(" -\" ").is_empty());
        assert_eq!(text("O'Brien \"x").expression().as_deref(), Some("(\"o\"* AND \"brien\"* AND \"x\"*)"));
        assert_eq!(text("(0415) 5").expression().as_deref(), Some("(\"4155\"* OR (\"0415\"* AND \"5\"*))"));
        let filter = Filter { tests: Some(false), ..Filter::default() };
        assert_eq!(filter.expression().as_deref(), Some("(\"=any\") NOT \"=test\""));
        assert!(!filter.is_empty());
    }
}
