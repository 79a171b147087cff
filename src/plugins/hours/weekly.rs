//! Plain weekly hours as spans, for a week grid, and as OpenStreetMap text, for the file. Text
//! that says more than a week can show (holidays, months, comments) is refused, not guessed at.

use std::fmt::Write as _;

/// Minutes in a day.
pub const DAY: u16 = 24 * 60;

pub(super) const NAMES: [&str; 7] = ["Mo", "Tu", "We", "Th", "Fr", "Sa", "Su"];

/// One stretch of open time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Span {
    /// The day it starts on: Monday is 0, Sunday 6.
    pub day: u8,
    /// Minutes from that day's midnight, below 1440.
    pub from_min: u16,
    /// Where it ends, counted from the same midnight: past 1440 it ends on the next day, and
    /// 2880 is that day's end.
    pub to_min: u16,
}

impl Span {
    /// Its parts as minutes of single days: one, or two where it passes midnight.
    pub fn parts(self) -> impl Iterator<Item = (u8, u16, u16)> {
        let first = (self.day, self.from_min, self.to_min.min(DAY));
        let next = (self.to_min > DAY).then(|| ((self.day + 1) % 7, 0, self.to_min - DAY));
        std::iter::once(first).chain(next)
    }
}

/// The text is not a plain week; it may still be good opening hours.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("these hours say more than a week can show; edit them as text")]
pub struct NotPlain;

/// Reads a plain week: `Mo-Fr 09:00-12:30,13:30-17:00; Sa 10:00-14:00`, `24/7`, `off`. The
/// spans come back sorted, with none of a day touching another.
pub fn parse(text: &str) -> Result<Vec<Span>, NotPlain> {
    let mut spans = Vec::new();
    let mut parts = text.split(';').map(str::trim).filter(|part| !part.is_empty()).peekable();
    parts.peek().ok_or(NotPlain)?;
    for part in parts {
        for (index, Group { days, hours }) in groups(part)?.into_iter().enumerate() {
            // What stands after a semicolon replaces what was said of these days, what stands
            // after a comma is added.
            if index == 0 || hours.is_empty() {
                spans.retain(|span: &Span| !days.contains(&span.day));
            }
            for &day in &days {
                spans.extend(hours.iter().map(|&(from_min, to_min)| Span { day, from_min, to_min }));
            }
        }
    }
    Ok(tidy(&spans))
}

/// Writes spans as text. Days with the same hours stand together; no spans at all are `off`.
#[must_use]
pub fn write(spans: &[Span]) -> String {
    let spans = tidy(spans);
    let of_day = |day: u8| -> Vec<Span> { spans.iter().copied().filter(|span| span.day == day).collect() };
    let hours: Vec<String> = (0..7).map(|day| write_hours(&of_day(day))).collect();
    if hours.iter().all(|day| day == "00:00-24:00") {
        return "24/7".into();
    }
    let mut written: Vec<String> = Vec::new();
    for (first, day) in hours.iter().enumerate() {
        if !day.is_empty() && hours.iter().position(|other| other == day) == Some(first) {
            let same: Vec<usize> = (first..7).filter(|&other| hours[other] == *day).collect();
            written.push(format!("{} {day}", write_days(&same)));
        }
    }
    if written.is_empty() {
        return "off".into();
    }
    // After a semicolon a day's own hours would take away what reaches into it from the night
    // before; after a comma they are added.
    let past_midnight = spans.iter().any(|span| span.to_min > DAY);
    written.join(if past_midnight { ", " } else { "; " })
}

/// Sorts spans, joins those of a day that touch, and parts at midnight what would be longer than a
/// day: "09:00-10:00" could not say it. Impossible ones are dropped.
#[must_use]
pub fn tidy(spans: &[Span]) -> Vec<Span> {
    let fits = |span: &&Span| span.day < 7 && span.from_min < DAY && span.from_min < span.to_min;
    let mut tidied: Vec<Span> = spans.iter().filter(fits).copied().collect();
    for span in &mut tidied {
        span.to_min = span.to_min.min(2 * DAY);
    }
    loop {
        tidied.sort_unstable();
        tidied.dedup_by(|next, held| {
            let joined = next.day == held.day && next.from_min <= held.to_min;
            if joined {
                held.to_min = held.to_min.max(next.to_min);
            }
            joined
        });
        let Some(long) = tidied.iter_mut().find(|span| span.to_min - span.from_min > DAY) else {
            return tidied;
        };
        let rest = Span { day: (long.day + 1) % 7, from_min: 0, to_min: long.to_min - DAY };
        long.to_min = DAY;
        tidied.push(rest);
    }
}

/// Days and what they are open; no hours: closed.
struct Group {
    days: Vec<u8>,
    hours: Vec<(u16, u16)>,
}

/// Reads what stands between two semicolons: groups of days with their hours, all parted by
/// commas.
fn groups(part: &str) -> Result<Vec<Group>, NotPlain> {
    let mut groups = Vec::new();
    let mut days: Vec<u8> = Vec::new();
    let mut hours: Vec<(u16, u16)> = Vec::new();
    let mut is_off = false;
    for item in part.split(',').map(str::trim) {
        let (day, rest) = match item.split_once(' ') {
            _ if item == "24/7" || is_closed(item) => ("", item),
            Some((day, rest)) if item.starts_with(|c: char| c.is_ascii_alphabetic()) => (day, rest.trim()),
            _ if item.starts_with(|c: char| c.is_ascii_alphabetic()) => (item, ""),
            _ => ("", item),
        };
        if !day.is_empty() {
            if !hours.is_empty() || is_off {
                groups.push(group(&mut days, &mut hours, &mut is_off)?);
            }
            days.extend(read_days(day)?);
        }
        match rest {
            "" if !day.is_empty() => {}
            "24/7" => hours.push((0, DAY)),
            off if is_closed(off) => is_off = true,
            rest => hours.push(read_hours(rest)?),
        }
    }
    groups.push(group(&mut days, &mut hours, &mut is_off)?);
    Ok(groups)
}

fn group(days: &mut Vec<u8>, hours: &mut Vec<(u16, u16)>, is_off: &mut bool) -> Result<Group, NotPlain> {
    let (mut days, mut hours) = (std::mem::take(days), std::mem::take(hours));
    if std::mem::take(is_off) {
        if !hours.is_empty() {
            return Err(NotPlain);
        }
    } else if hours.is_empty() {
        hours.push((0, DAY));
    }
    if days.is_empty() {
        days.extend(0..7);
    }
    Ok(Group { days, hours })
}

fn is_closed(word: &str) -> bool {
    word.eq_ignore_ascii_case("off") || word.eq_ignore_ascii_case("closed")
}

fn read_days(text: &str) -> Result<Vec<u8>, NotPlain> {
    let day = |text: &str| NAMES.iter().position(|name| name.eq_ignore_ascii_case(text)).ok_or(NotPlain);
    let (first, last) = match text.split_once('-') {
        Some((first, last)) => (day(first)?, day(last)?),
        None => (day(text)?, day(text)?),
    };
    // "Sa-Mo" goes over the end of the week.
    let count = (last + 7 - first) % 7 + 1;
    Ok((first..first + count).map(|day| (day % 7) as u8).collect())
}

fn read_hours(text: &str) -> Result<(u16, u16), NotPlain> {
    let (from, to) = text.split_once('-').ok_or(NotPlain)?;
    let (from, mut to) = (read_time(from)?, read_time(to)?);
    if from >= DAY {
        return Err(NotPlain);
    }
    if to <= from {
        to += DAY;
    }
    Ok((from, to))
}

fn read_time(text: &str) -> Result<u16, NotPlain> {
    let (hour, minute) = text.trim().split_once(':').ok_or(NotPlain)?;
    let number = |digits: &str, count: std::ops::RangeInclusive<usize>| {
        let plain = count.contains(&digits.len()) && digits.bytes().all(|byte| byte.is_ascii_digit());
        if plain { digits.parse::<u16>().map_err(|_| NotPlain) } else { Err(NotPlain) }
    };
    let (hour, minute) = (number(hour, 1..=2)?, number(minute, 2..=2)?);
    let time = hour * 60 + minute;
    if minute < 60 && time <= 2 * DAY { Ok(time) } else { Err(NotPlain) }
}

fn write_days(days: &[usize]) -> String {
    let runs = days.chunk_by(|day, next| day + 1 == *next).map(|run| match run {
        [first, .., last] => format!("{}-{}", NAMES[*first], NAMES[*last]),
        run => run.iter().map(|day| NAMES[*day]).collect(),
    });
    runs.collect::<Vec<_>>().join(",")
}

/// The hours of one day, `09:00-12:30,22:00-02:00`; empty if it is closed.
pub(super) fn write_hours(spans: &[Span]) -> String {
    let mut text = String::new();
    for &Span { from_min, to_min, .. } in spans {
        // "22:00-02:00" reads best; "26:00" is needed only when the short way would be too short.
        let to = if to_min > DAY && to_min - DAY < from_min { to_min - DAY } else { to_min };
        let comma = if text.is_empty() { "" } else { "," };
        let (from, to) = (clock(from_min), clock(to));
        // Writing to a string cannot fail.
        let _ = write!(text, "{comma}{from}-{to}");
    }
    text
}

fn clock(minutes: u16) -> String {
    format!("{:02}:{:02}", minutes / 60, minutes % 60)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use proptest::prelude::*;

    use super::*;

    fn span(day: u8, from: u16, to: u16) -> Span {
        Span { day, from_min: from * 60, to_min: to * 60 }
    }

    #[test]
    fn reads_and_writes_plain_weeks() {
        for (text, written) in [
            ("Mo-Fr 09:00-12:30,13:30-17:00; Sa 10:00-14:00", ""),
            ("Mo-Th 09:00-17:00; Fr 09:00-15:00", ""),
            ("Mo,We,Fr 09:00-17:00", ""),
            ("Mo-Su 08:00-20:00", ""),
            ("Fr 22:00-02:00, Sa-Su 10:00-14:00", ""),
            ("Mo 10:00-34:00", ""),
            ("24/7", ""),
            ("off", ""),
            ("09:00-17:00", "Mo-Su 09:00-17:00"),
            (" mo - fr 9:00 - 17:00 ", "?"),
            ("mo-fr 9:00 - 17:00 ; ", "Mo-Fr 09:00-17:00"),
            ("Sa-Mo 10:00-12:00", "Mo,Sa-Su 10:00-12:00"),
            ("Mo, We 10:00-12:00", "Mo,We 10:00-12:00"),
            ("Mo-Fr 09:00-17:00; We off", "Mo-Tu,Th-Fr 09:00-17:00"),
            ("Mo-Fr 09:00-17:00; We 10:00-12:00", "Mo-Tu,Th-Fr 09:00-17:00; We 10:00-12:00"),
            ("Mo 09:00-12:00, 12:00-17:00", "Mo 09:00-17:00"),
            ("Sa", "Sa 00:00-24:00"),
            ("closed", "off"),
            ("Mo-Fr 09:00-17:00; PH off", "?"),
            ("Jan-Mar 09:00-17:00", "?"),
            ("Mo 9-17", "?"),
            ("Mo 25:00-26:00", "?"),
            ("Mo 09:00-17:60", "?"),
            ("Mo 09:00-17:00 \"by appointment\"", "?"),
            ("", "?"),
            (";", "?"),
            (",", "?"),
        ] {
            match parse(text) {
                Ok(spans) if written.is_empty() => assert_eq!(write(&spans), text),
                Ok(spans) => assert_eq!(write(&spans), written, "{text}"),
                Err(NotPlain) => assert_eq!(written, "?", "{text}"),
            }
        }
    }

    #[test]
    fn keeps_nights_in_one_piece() {
        assert_eq!(parse("Fr 22:00-02:00").unwrap(), [span(4, 22, 26)]);
        assert_eq!(tidy(&[span(4, 9, 12), span(4, 12, 17), span(7, 1, 2), span(1, 5, 5)]), [span(4, 9, 17)]);
    }

    prop_compose! {
        fn any_span()(day in 0_u8..7, from_min in 0_u16..DAY, length in 1_u16..=DAY) -> Span {
            Span { day, from_min, to_min: from_min + length }
        }
    }

    proptest! {
        #[test]
        fn text_and_spans_say_the_same(spans in prop::collection::vec(any_span(), 0..12)) {
            prop_assert_eq!(parse(&write(&spans)).unwrap(), tidy(&spans));
        }

        #[test]
        fn any_text_is_read_or_refused(text in "[MoTuSaPH0-9:;,\\-/ ]{0,30}|.{0,30}") {
            if let Ok(spans) = parse(&text) {
                prop_assert_eq!(parse(&write(&spans)).unwrap(), spans);
            }
        }
    }
}
