//! What changes between the hours of a schedule, in words: day by day where both can be planned by eye.

use super::days::{Days, When};
use super::plan::{Plan, Row, Special};
use super::weekly::{DAY, Span};

const DAYS: [&str; 7] = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"];

/// A day's hours: minutes from its midnight.
type Hours = Vec<(u16, u16)>;

/// Ends of sentences that begin with the schedule's name: "now opens at 10:00 on Saturday (was
/// 09:00)". Never empty where the texts differ.
pub fn words(from: &str, to: &str) -> Vec<String> {
    let as_text = || vec![format!("now has the hours “{to}” (was “{from}”)")];
    let (Ok(old), Ok(new)) = (Plan::parse(from), Plan::parse(to)) else { return as_text() };
    let mut told = week_changes(&old.week, &new.week);
    told.extend(row_changes(&old.rows, &new.rows));
    match told.is_empty() {
        true if old == new => vec!["writes the same hours in another way".to_owned()],
        true => as_text(),
        false => told,
    }
}

fn week_changes(old: &[Span], new: &[Span]) -> Vec<String> {
    let mut told: Vec<(Hours, Hours, Vec<usize>)> = Vec::new();
    for day in 0..7_u8 {
        let (old, new) = (of_day(old, day), of_day(new, day));
        if old == new {
            continue;
        }
        match told.iter_mut().find(|(from, to, _)| *from == old && *to == new) {
            Some((.., days)) => days.push(usize::from(day)),
            None => told.push((old, new, vec![usize::from(day)])),
        }
    }
    told.iter().map(|(from, to, days)| sentence(from, to, &days_words(days))).collect()
}

/// What differs between the days that differ from the week.
fn row_changes(from: &[Row], to: &[Row]) -> Vec<String> {
    let mut told = Vec::new();
    for row in to.iter().filter(|row| !from.contains(row)) {
        told.push(match (row, from.iter().find(|old| title(old) == title(row))) {
            (Row::Written(text), _) => format!("now has the rule “{text}”"),
            (Row::Special(new), Some(Row::Special(old))) if old.hours != new.hours => {
                format!("{} {} (was {})", on(new), special_words(new), own_hours(old))
            }
            (Row::Special(new), Some(Row::Special(_))) => {
                format!("has {} on other days ({})", new.title(), when_words(new))
            }
            (Row::Special(new), _) => format!("{} {}", on(new), special_words(new)),
        });
    }
    for row in from.iter().filter(|row| !to.iter().any(|new| title(new) == title(row))) {
        told.push(match row {
            Row::Written(text) => format!("no longer has the rule “{text}”"),
            Row::Special(old) => {
                format!("has the hours of any other day {} (was {})", special_words(old), own_hours(old))
            }
        });
    }
    told
}

/// What tells one row from another.
fn title(row: &Row) -> String {
    match row {
        Row::Special(special) => special.title(),
        Row::Written(text) => text.clone(),
    }
}

fn on(special: &Special) -> String {
    if special.hours.is_empty() {
        "is now closed".to_owned()
    } else {
        format!("is now open {}", own_hours(special))
    }
}

fn own_hours(special: &Special) -> String {
    spans_words(&special.hours)
}

/// Hours of one day, of day 0: "09:00–12:30, 13:30–17:00", "closed".
#[must_use]
pub fn spans_words(hours: &[Span]) -> String {
    match of_day(hours, 0) {
        hours if hours.is_empty() => "closed".to_owned(),
        hours => hours_words(&hours),
    }
}

/// "on public holidays", "on Christmas Eve".
fn special_words(special: &Special) -> String {
    match (&special.when, special.name.as_str()) {
        (When::Holidays, _) => "on public holidays".to_owned(),
        (When::Days(_), _) => format!("on {}", special.title()),
    }
}

fn when_words(special: &Special) -> String {
    let When::Days(days) = &special.when else { return String::new() };
    days.iter().map(Days::words).collect::<Vec<_>>().join(", ")
}

fn of_day(spans: &[Span], day: u8) -> Hours {
    spans.iter().filter(|span| span.day == day).map(|span| (span.from_min, span.to_min)).collect()
}

fn sentence(from: &Hours, to: &Hours, days: &str) -> String {
    match (&from[..], &to[..]) {
        ([], new) => format!("is now open {} {days} (was closed)", hours_words(new)),
        (old, []) => format!("is now closed {days} (was open {})", hours_words(old)),
        ([(old, same), old_rest @ ..], [(new, end), rest @ ..]) if same == end && old_rest == rest => {
            format!("now opens at {} {days} (was {})", clock(*new), clock(*old))
        }
        ([old_rest @ .., (same, old)], [rest @ .., (begin, new)]) if same == begin && old_rest == rest => {
            format!("now closes at {} {days} (was {})", clock(*new), clock(*old))
        }
        (old, new) => format!("is now open {} {days} (was {})", hours_words(new), hours_words(old)),
    }
}

/// "on Monday to Friday", "on Saturday and Sunday", "every day".
fn days_words(days: &[usize]) -> String {
    let mut runs: Vec<(usize, usize)> = Vec::new();
    for &day in days {
        match runs.last_mut() {
            Some((_, last)) if *last + 1 == day => *last = day,
            _ => runs.push((day, day)),
        }
    }
    if runs == [(0, 6)] {
        return "every day".to_owned();
    }
    let run = |&(first, last): &(usize, usize)| match last - first {
        0 => DAYS[first].to_owned(),
        1 => format!("{}, {}", DAYS[first], DAYS[last]),
        _ => format!("{} to {}", DAYS[first], DAYS[last]),
    };
    let words = runs.iter().map(run).collect::<Vec<_>>().join(", ");
    let words = match words.rsplit_once(", ") {
        Some((first, last)) => format!("{first} and {last}"),
        None => words,
    };
    format!("on {words}")
}

fn hours_words(hours: &[(u16, u16)]) -> String {
    if hours == [(0, DAY)] {
        return "all day".to_owned();
    }
    let span = |(from, to): &(u16, u16)| format!("{}–{}", clock(*from), clock(*to));
    hours.iter().map(span).collect::<Vec<_>>().join(", ")
}

/// A time of day; 24:00 is midnight at the day's end, and what goes on past it is of the next day.
fn clock(minutes: u16) -> String {
    let minutes = if minutes > DAY { minutes - DAY } else { minutes };
    format!("{:02}:{:02}", minutes / 60, minutes % 60)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn hours_that_change_are_told_by_day() {
        for (from, to, told) in [
            ("Sa 09:00-14:00", "Sa 10:00-14:00", &["now opens at 10:00 on Saturday (was 09:00)"][..]),
            (
                "Mo-Fr 09:00-17:00",
                "Mo-Fr 09:00-18:00",
                &["now closes at 18:00 on Monday to Friday (was 17:00)"],
            ),
            (
                "Mo-Fr 09:00-17:00",
                "Mo-Fr 09:00-17:00; Sa-Su 10:00-14:00",
                &["is now open 10:00–14:00 on Saturday and Sunday (was closed)"],
            ),
            (
                "Mo-We 09:00-17:00",
                "Mo 09:00-12:00,13:00-17:00; We 09:00-17:00",
                &[
                    "is now open 09:00–12:00, 13:00–17:00 on Monday (was 09:00–17:00)",
                    "is now closed on Tuesday (was open 09:00–17:00)",
                ],
            ),
            ("off", "24/7", &["is now open all day every day (was closed)"]),
            ("Fr 22:00-02:00", "Fr 22:00-03:00", &["now closes at 03:00 on Friday (was 02:00)"]),
            ("Mo-Tu 09:00-17:00", "Mo,Tu 09:00-17:00", &["writes the same hours in another way"]),
            ("Mo-Fr 09:00-17:00", "Mo-Fr 09:00-17:00; PH off", &["is now closed on public holidays"]),
            (
                "Mo-Fr 09:00-17:00; PH off; Dec 24 09:00-12:00 open \"Christmas Eve\"; Dec 31 off",
                "Mo-Fr 09:00-17:00; PH 10:00-12:00; Dec 24 off \"Christmas Eve\"; Jul Mo off",
                &[
                    "is now open 10:00–12:00 on public holidays (was closed)",
                    "is now closed on Christmas Eve (was 09:00–12:00)",
                    "now has the rule “Jul Mo off”",
                    "has the hours of any other day on 31 December every year (was closed)",
                ],
            ),
            (
                "24/7; Dec 24 off \"Party\"; Dec 25 off",
                "24/7; Dec 23 off \"Party\"; Dec 25 off",
                &["has Party on other days (23 December every year)"],
            ),
            (
                "24/7; Dec 24 off; Dec 25 off",
                "24/7; Dec 25 off; Dec 24 off",
                &["now has the hours “24/7; Dec 25 off; Dec 24 off” (was “24/7; Dec 24 off; Dec 25 off”)"],
            ),
            (
                "Mo-Fr 09:00-17:00",
                "sunrise-sunset",
                &["now has the hours “sunrise-sunset” (was “Mo-Fr 09:00-17:00”)"],
            ),
            (
                "Mo 09:00-17:00, We 09:00-17:00; Su off",
                "24/7",
                &[
                    "is now open all day on Monday and Wednesday (was 09:00–17:00)",
                    "is now open all day on Tuesday and Thursday to Sunday (was closed)",
                ],
            ),
        ] {
            assert_eq!(words(from, to), told, "{from} -> {to}");
        }
    }

    proptest! {
        #[test]
        fn two_texts_that_differ_are_never_passed_over(from in "[MoTuFr0-9:;,\\- ]{0,24}", to in "(Mo|Tu|Mo-Fr) 0[0-9]:00-1[0-9]:00") {
            prop_assert!(!words(&from, &to).is_empty());
        }
    }
}
