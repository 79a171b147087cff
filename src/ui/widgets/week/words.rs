//! The hours of one day as a person types them.

use crate::plugins::hours::weekly::{DAY, Span, tidy};

/// "09:00–12:30, 13:30–17:00"; empty for a day without hours. An end at or before its beginning
/// is on the next day.
#[must_use]
pub fn write_day(spans: &[Span], day: u8) -> String {
    let times: Vec<_> = spans
        .iter()
        .filter(|span| span.day == day)
        .map(|span| {
            // Midnight as an end is 24:00; what goes on is a time of the next day.
            let to = if span.to_min > DAY { span.to_min - DAY } else { span.to_min };
            format!("{}–{}", clock(span.from_min), clock(to))
        })
        .collect();
    times.join(", ")
}

fn clock(minutes: u16) -> String {
    format!("{:02}:{:02}", minutes / 60, minutes % 60)
}

/// Reads what was typed: spans parted by commas; "9-17", "9:00 – 17:30", "22:00 to 02:00".
/// "closed" and nothing mean no hours.
///
/// # Errors
/// A sentence for the person who typed it.
pub fn parse_day(day: u8, typed: &str) -> Result<Vec<Span>, String> {
    let typed = typed.trim();
    if typed.is_empty() || typed.eq_ignore_ascii_case("closed") {
        return Ok(Vec::new());
    }
    let spans = typed
        .split([',', ';'])
        .map(str::trim)
        .filter(|part| !part.is_empty())
        .map(|part| parse_span(day, part))
        .collect::<Result<Vec<_>, _>>()?;
    Ok(tidy(&spans))
}

fn parse_span(day: u8, part: &str) -> Result<Span, String> {
    let wrong = || format!("“{part}” is not a time span. Write it like 09:00–17:30.");
    let (from, to) = ["–", "—", "-", "to"].iter().find_map(|dash| part.split_once(dash)).ok_or_else(wrong)?;
    let (from, to) = (parse_clock(from).ok_or_else(wrong)?, parse_clock(to).ok_or_else(wrong)?);
    if from == DAY {
        return Err(format!("“{part}” begins at 24:00. Write it on the next day, from 00:00."));
    }
    let to_min = if to <= from { to + DAY } else { to };
    Ok(Span { day, from_min: from, to_min })
}

/// "9", "09:30", "9.30" or "24:00" in minutes.
fn parse_clock(text: &str) -> Option<u16> {
    let text = text.trim();
    let (hours, minutes) = text.split_once([':', '.']).unwrap_or((text, "00"));
    let digits = |part: &str| part.bytes().all(|b| b.is_ascii_digit());
    if !digits(hours) || !digits(minutes) || minutes.len() != 2 {
        return None;
    }
    let (hours, minutes): (u16, u16) = (hours.parse().ok()?, minutes.parse().ok()?);
    let total = hours.checked_mul(60)?.checked_add(minutes)?;
    (minutes < 60 && total <= DAY).then_some(total)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used)]

    use super::*;

    #[test]
    fn it_reads_what_people_type() {
        for (typed, spans) in [
            ("09:00–12:30, 13:30–17:00", &[(540, 750), (810, 1020)][..]),
            ("9-17", &[(540, 1020)]),
            ("22:00 to 2:00", &[(1320, 1560)]),
            ("0-24", &[(0, 1440)]),
            ("8.15 - 9", &[(495, 540)]),
            ("10-11, 9-10:30,", &[(540, 660)]),
            ("closed", &[]),
            ("  ", &[]),
        ] {
            let read = parse_day(2, typed).unwrap();
            let times: Vec<_> = read.iter().map(|s| (s.from_min, s.to_min)).collect();
            assert_eq!(times, spans, "{typed}");
        }
    }

    #[test]
    fn it_says_which_part_is_wrong() {
        for typed in ["9", "9-25", "nine-ten", "9:5-10", "9-17, x", "24:00-3", "-"] {
            assert!(parse_day(0, typed).is_err(), "{typed}");
        }
        let error = parse_day(0, "9-17, x").unwrap_err();
        assert!(error.contains("“x”"), "{error}");
    }
}
