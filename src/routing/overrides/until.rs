//! Reads until when something shall last, as people write it: `30m`, `2h`, `17:00`, `5pm`,
//! `2026-12-24T12:00`, `today`, `next-opening`.
//!
//! A time of day without a date is the next one of its kind, so that at 22:00 "until 06:00" means
//! tomorrow. Lengths are real time, whatever the clocks on the wall do meanwhile.

use chrono::{DateTime, Days, NaiveTime, TimeDelta, Utc};
use chrono_tz::Tz;

use crate::routing::period::on_wall;
use crate::routing::read_moment;

/// Until when.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Until {
    /// Until this moment.
    At(DateTime<Utc>),
    /// Until the schedule of this name opens next; empty: the only one there is.
    NextOpening(String),
}

/// What can be written.
const FORMS: &str = "write it like 30m, 2h, 17:00, today, 2026-12-24 09:00 or next-opening";

/// Reads an end, counted from `start`. The error is a sentence.
pub fn read_until(text: &str, start: DateTime<Utc>, zone: Tz) -> Result<Until, String> {
    let text = text.trim();
    let lower = text.to_ascii_lowercase();
    if let Some(rest) = lower.strip_prefix("next-opening").or_else(|| lower.strip_prefix("next opening")) {
        // In the spelling that it was given.
        let name = &text[text.len() - rest.len()..];
        return Ok(Until::NextOpening(name.trim_matches([':', '=', ' ']).to_owned()));
    }
    if let Some(length) = length(&lower) {
        let end = start.checked_add_signed(length?).ok_or_else(|| format!("“{text}” is too long"))?;
        return Ok(Until::At(end));
    }
    moment(text, &lower, start, zone).map(Until::At)
}

/// Reads a beginning: `now`, or a moment as [`read_until`] takes it.
pub fn read_from(text: &str, now: DateTime<Utc>, zone: Tz) -> Result<DateTime<Utc>, String> {
    let lower = text.trim().to_ascii_lowercase();
    if lower == "now" { Ok(now) } else { moment(text.trim(), &lower, now, zone) }
}

fn moment(text: &str, lower: &str, start: DateTime<Utc>, zone: Tz) -> Result<DateTime<Utc>, String> {
    let today = start.with_timezone(&zone).date_naive();
    let not_read = || format!("“{text}” is not a time; {FORMS}");
    let later = |days: u64, time: NaiveTime| {
        let wall = today.checked_add_days(Days::new(days))?.and_time(time);
        on_wall(wall, zone).map(|at| at.with_timezone(&Utc))
    };
    if ["today", "end of day", "rest of day", "midnight"].contains(&lower) {
        return later(1, NaiveTime::MIN).ok_or_else(not_read);
    }
    if let Some(time) = lower.strip_prefix("tomorrow").and_then(clock) {
        return later(1, time).ok_or_else(not_read);
    }
    if let Some(time) = clock(lower) {
        // Where the clocks go forward over it, today's may be later than it says.
        let next = (0..=2).filter_map(|days| later(days, time)).find(|at| *at > start);
        return next.ok_or_else(not_read);
    }
    read_moment(text, zone).map(|at| at.with_timezone(&Utc)).map_err(|_| not_read())
}

/// A time of day: `17:00`, `9:30`, `5pm`, `5:30 PM`.
fn clock(text: &str) -> Option<NaiveTime> {
    let text: String = text.chars().filter(|c| !c.is_whitespace() && *c != '.').collect();
    let (hour, afternoon) = match (text.strip_suffix("am"), text.strip_suffix("pm")) {
        (Some(hour), _) => (hour, Some(false)),
        (_, Some(hour)) => (hour, Some(true)),
        _ => (text.as_str(), None),
    };
    let (hour, minute) = match (hour.split_once(':'), afternoon) {
        (Some((hour, minute)), _) if minute.len() == 2 => (hour, minute),
        (None, Some(_)) => (hour, "0"),
        _ => return None,
    };
    let digits =
        |text: &str| text.bytes().all(|byte| byte.is_ascii_digit()).then(|| text.parse::<u32>().ok());
    let (hour, minute) = (digits(hour)??, digits(minute)??);
    let hour = match (afternoon, hour) {
        (None, hour) => hour,
        (Some(_), 0 | 13..) => return None,
        (Some(afternoon), hour) => hour % 12 + if afternoon { 12 } else { 0 },
    };
    NaiveTime::from_hms_opt(hour, minute, 0)
}

/// A length such as `30m`, `1h30m`, `90 min`, `2 days`; `None` if it is nothing of the kind.
fn length(text: &str) -> Option<Result<TimeDelta, String>> {
    let text: String = text.chars().filter(|c| !c.is_whitespace()).collect();
    if !text.starts_with(|c: char| c.is_ascii_digit()) || text.contains([':', '-']) {
        return None;
    }
    if text.bytes().all(|byte| byte.is_ascii_digit()) {
        return Some(Err(format!("“{text}” has no unit; write {text}m for minutes or {text}h for hours")));
    }
    let mut rest = text.as_str();
    let mut minutes = 0_i64;
    while !rest.is_empty() {
        let unit = rest.find(|c: char| !c.is_ascii_digit())?;
        let number: i64 = rest[..unit].parse().ok()?;
        rest = &rest[unit..];
        let end = rest.find(|c: char| c.is_ascii_digit()).unwrap_or(rest.len());
        let each = match &rest[..end] {
            "m" | "min" | "mins" | "minute" | "minutes" => 1,
            "h" | "hr" | "hrs" | "hour" | "hours" => 60,
            "d" | "day" | "days" => 24 * 60,
            _ => return None,
        };
        minutes = minutes.checked_add(number.checked_mul(each)?)?;
        rest = &rest[end..];
    }
    if minutes == 0 {
        return Some(Err("that is no time at all; write at least 1m".to_owned()));
    }
    Some(TimeDelta::try_minutes(minutes).ok_or_else(|| format!("“{text}” is too long")))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    const NEW_YORK: Tz = Tz::America__New_York;

    fn at(text: &str) -> DateTime<Utc> {
        text.parse().unwrap()
    }

    fn until(text: &str, start: &str, zone: Tz) -> String {
        match read_until(text, at(start), zone).unwrap() {
            Until::At(end) => end.with_timezone(&zone).to_rfc3339(),
            Until::NextOpening(name) => format!("opening of {name}"),
        }
    }

    #[test]
    fn ends_are_read_as_people_write_them() {
        // Monday 10:05 in New York.
        let start = "2026-11-23T15:05:00Z";
        for (text, end) in [
            ("30m", "2026-11-23T10:35:00-05:00"),
            (" 2 h ", "2026-11-23T12:05:00-05:00"),
            ("1h30m", "2026-11-23T11:35:00-05:00"),
            ("90 Minutes", "2026-11-23T11:35:00-05:00"),
            ("2d", "2026-11-25T10:05:00-05:00"),
            ("17:00", "2026-11-23T17:00:00-05:00"),
            ("5pm", "2026-11-23T17:00:00-05:00"),
            ("5:30 p.m.", "2026-11-23T17:30:00-05:00"),
            ("12am", "2026-11-24T00:00:00-05:00"),
            ("12 pm", "2026-11-23T12:00:00-05:00"),
            ("9:00", "2026-11-24T09:00:00-05:00"),
            ("10:05", "2026-11-24T10:05:00-05:00"),
            ("tomorrow 08:30", "2026-11-24T08:30:00-05:00"),
            ("today", "2026-11-24T00:00:00-05:00"),
            ("2026-12-24T12:00", "2026-12-24T12:00:00-05:00"),
            ("2026-12-24 12:00", "2026-12-24T12:00:00-05:00"),
            ("next-opening", "opening of "),
            ("Next-Opening:Office Hours", "opening of Office Hours"),
        ] {
            assert_eq!(until(text, start, NEW_YORK), end, "{text}");
        }
    }

    #[test]
    fn days_on_which_the_clocks_change_are_no_surprise() {
        // The clocks go forward from 02:00 to 03:00 on 8 March, and back on 1 November.
        for (text, start, end) in [
            ("02:30", "2026-03-08T05:00:00Z", "2026-03-08T03:00:00-04:00"),
            ("2h", "2026-03-08T06:00:00Z", "2026-03-08T04:00:00-04:00"),
            ("01:30", "2026-11-01T04:00:00Z", "2026-11-01T01:30:00-04:00"),
            ("2h", "2026-11-01T05:00:00Z", "2026-11-01T02:00:00-05:00"),
            ("today", "2026-11-01T12:00:00Z", "2026-11-02T00:00:00-05:00"),
        ] {
            assert_eq!(until(text, start, NEW_YORK), end, "{text}");
        }
    }

    #[test]
    fn what_cannot_be_read_is_told_in_a_sentence() {
        for (text, words) in [
            ("", "is not a time"),
            ("30", "has no unit"),
            ("0m", "no time at all"),
            ("soon", "write it like 30m"),
            ("25:00", "is not a time"),
            ("13pm", "is not a time"),
            ("2026-12-24", "is not a time"),
            ("30 parsecs", "is not a time"),
            ("99999999999999999999h", "is not a time"),
            ("9000000000000000h", "too long"),
        ] {
            let wrong = read_until(text, at("2026-11-23T15:05:00Z"), NEW_YORK).unwrap_err();
            assert!(wrong.contains(words), "{text}: {wrong}");
        }
        assert!(read_from("30m", at("2026-11-23T15:05:00Z"), NEW_YORK).is_err());
        assert_eq!(read_from("Now", at("2026-11-23T15:05:00Z"), NEW_YORK), Ok(at("2026-11-23T15:05:00Z")));
    }
}
