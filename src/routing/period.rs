//! From when until when a rule takes part: read from the table's text, where the business is.
//!
//! Days on which the clocks change are harmless. A time that comes twice is meant the first time,
//! and one that the clocks skip means the moment at which they do; so a rule until 02:30 and one
//! from 02:30 always meet.

use chrono::{DateTime, Datelike, Duration, LocalResult, NaiveDateTime, TimeZone, Utc};
use chrono_tz::Tz;

use super::Rule;

/// How a moment is written in the file: `2026-12-24T09:00`.
const WRITTEN: &str = "%Y-%m-%dT%H:%M";
/// How many letters that are.
const LETTERS: usize = 16;

/// From when until when a rule takes part. Empty: always.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Period {
    /// The first moment that it takes part.
    pub from: Option<DateTime<Tz>>,
    /// The first moment that it no longer does.
    pub until: Option<DateTime<Tz>>,
}

/// How a moment stands to a [`Period`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Phase {
    /// It has not begun.
    NotYet,
    /// It is on.
    Now,
    /// It is over.
    Expired,
}

/// What is wrong with a rule's `from` or `until`: the field's name, and a sentence.
pub type Wrong = (&'static str, String);

impl Period {
    /// The period of a rule, with all that is wrong with it. What is wrong counts as not given.
    #[must_use]
    pub fn of(rule: &Rule, zone: Tz) -> (Self, Vec<Wrong>) {
        let mut wrong = Vec::new();
        let mut moment = |name, text: &Option<String>| {
            let read = read_moment(text.as_deref()?, zone);
            read.map_err(|message| wrong.push((name, format!("{name} {message}")))).ok()
        };
        let period = Self { from: moment("from", &rule.from), until: moment("until", &rule.until) };
        if let Self { from: Some(from), until: Some(until) } = period
            && until <= from
        {
            wrong.push(("until", "it ends before it begins; choose a later time for until".to_owned()));
        }
        (period, wrong)
    }

    /// How `at` stands to it.
    #[must_use]
    pub fn phase(&self, at: DateTime<Utc>) -> Phase {
        if self.until.is_some_and(|until| at >= until) {
            Phase::Expired
        } else if self.from.is_some_and(|from| at < from) {
            Phase::NotYet
        } else {
            Phase::Now
        }
    }

    /// "from Thu 24 Dec 2026, 09:00 until Thu 31 Dec 2026, 18:00"; empty where it is always.
    #[must_use]
    pub fn words(&self) -> String {
        let ends = [("from", self.from), ("until", self.until)];
        let words = ends.iter().filter_map(|(word, at)| Some(format!("{word} {}", moment_words(&(*at)?))));
        words.collect::<Vec<_>>().join(" ")
    }

    /// What keeps a rule from taking part at `at`, and which way: "from Thu 24 Dec 2026, 09:00".
    #[must_use]
    pub(super) fn keeps_out(&self, at: DateTime<Utc>) -> Option<(Phase, String)> {
        let words = |word, end: Option<DateTime<Tz>>| Some(format!("{word} {}", moment_words(&end?)));
        match self.phase(at) {
            Phase::Now => None,
            Phase::NotYet => Some((Phase::NotYet, words("from", self.from)?)),
            Phase::Expired => Some((Phase::Expired, words("until", self.until)?)),
        }
    }
}

/// Reads a moment as a table has it, or as people type it with a space between day and time.
/// The error is the rest of a sentence that begins with the field's name.
pub fn read_moment(text: &str, zone: Tz) -> Result<DateTime<Tz>, String> {
    let text = text.trim();
    let written = text.replacen(' ', "T", 1);
    NaiveDateTime::parse_from_str(&written, WRITTEN)
        .ok()
        // A year may have a sign for the parser.
        .filter(|_| written.len() == LETTERS && written.starts_with(|first: char| first.is_ascii_digit()))
        .and_then(|wall| on_wall(wall, zone))
        .ok_or_else(|| format!("“{text}” is not a date and time; write it like 2026-12-24 09:00"))
}

/// A moment as a table has it: `2026-12-24T09:00`.
#[must_use]
pub fn write_moment(at: &DateTime<Tz>) -> String {
    at.format(WRITTEN).to_string()
}

/// "Thu 24 Dec 2026, 09:00", with the zone where that time comes twice.
#[must_use]
pub fn moment_words(at: &DateTime<Tz>) -> String {
    let words = at.format("%a %-d %b %Y, %H:%M").to_string();
    match at.timezone().from_local_datetime(&at.naive_local()) {
        LocalResult::Ambiguous(..) => format!("{words} {}", at.format("%Z")),
        _ => words,
    }
}

/// "24 Dec, 09:00" where it is plain which year is meant, as seen from `now`.
#[must_use]
pub fn moment_short(at: &DateTime<Tz>, now: DateTime<Utc>) -> String {
    let same_year = now.with_timezone(&at.timezone()).year() == at.year();
    at.format(if same_year { "%-d %b, %H:%M" } else { "%-d %b %Y, %H:%M" }).to_string()
}

/// The first moment at which the clock on the wall shows this or, where it skips that, more.
pub(super) fn on_wall(wall: NaiveDateTime, zone: Tz) -> Option<DateTime<Tz>> {
    // The clock is never put forward by more than a day.
    (0..=24 * 60).find_map(|minute| {
        zone.from_local_datetime(&wall.checked_add_signed(Duration::minutes(minute))?).earliest()
    })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn rfc(text: &str, zone: Tz) -> String {
        read_moment(text, zone).unwrap().to_rfc3339()
    }

    #[test]
    fn a_moment_is_read_where_the_business_is() {
        assert_eq!(rfc("2026-12-24T09:00", Tz::America__New_York), "2026-12-24T09:00:00-05:00");
        assert_eq!(rfc(" 2026-07-01 00:00 ", Tz::Europe__Berlin), "2026-07-01T00:00:00+02:00");
        for text in ["", "tomorrow", "2026-12-24", "2026-12-24 9:00", "2026-02-30 09:00", "2026-12-24T24:00"]
        {
            let wrong = read_moment(text, Tz::UTC).unwrap_err();
            assert!(wrong.contains("write it like 2026-12-24 09:00"), "{wrong}");
        }
    }

    #[test]
    fn days_on_which_the_clocks_change_are_harmless() {
        let berlin = Tz::Europe__Berlin;
        assert_eq!(rfc("2026-03-29 02:30", berlin), "2026-03-29T03:00:00+02:00", "skipped");
        assert_eq!(rfc("2026-10-25 02:30", berlin), "2026-10-25T02:30:00+02:00", "the first of two");
        assert_eq!(rfc("2011-12-30 12:00", Tz::Pacific__Apia), "2011-12-31T00:00:00+14:00", "a day skipped");
        let twice = read_moment("2026-11-01 01:30", Tz::America__New_York).unwrap();
        assert_eq!(moment_words(&twice), "Sun 1 Nov 2026, 01:30 EDT");
    }

    #[test]
    fn a_moment_can_be_written_and_read_again() {
        let at = read_moment("2026-12-24 09:00", Tz::Asia__Kolkata).unwrap();
        assert_eq!(write_moment(&at), "2026-12-24T09:00");
        assert_eq!(moment_words(&at), "Thu 24 Dec 2026, 09:00");
        let now = |text: &str| text.parse().unwrap();
        assert_eq!(moment_short(&at, now("2026-01-01T00:00:00Z")), "24 Dec, 09:00");
        assert_eq!(moment_short(&at, now("2027-01-01T00:00:00Z")), "24 Dec 2026, 09:00");
    }
}
