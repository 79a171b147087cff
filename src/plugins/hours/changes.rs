//! What changes between the hours of a schedule, in words: day by day where both are plain weeks.

use super::weekly::{self, DAY, Span};

const DAYS: [&str; 7] = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"];

/// A day's hours: minutes from its midnight.
type Hours = Vec<(u16, u16)>;

/// Ends of sentences that begin with the schedule's name: "now opens at 10:00 on Saturday (was
/// 09:00)". Never empty where the texts differ.
pub fn words(from: &str, to: &str) -> Vec<String> {
    let as_text = || vec![format!("now has the hours “{to}” (was “{from}”)")];
    let (Ok(old), Ok(new)) = (weekly::parse(from), weekly::parse(to)) else { return as_text() };
    let mut told: Vec<(Hours, Hours, Vec<usize>)> = Vec::new();
    for day in 0..7_u8 {
        let (old, new) = (of_day(&old, day), of_day(&new, day));
        if old == new {
            continue;
        }
        match told.iter_mut().find(|(from, to, _)| *from == old && *to == new) {
            Some((.., days)) => days.push(usize::from(day)),
            None => told.push((old, new, vec![usize::from(day)])),
        }
    }
    if told.is_empty() {
        return vec!["writes the same hours in another way".to_owned()];
    }
    told.iter().map(|(from, to, days)| sentence(from, to, &days_words(days))).collect()
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
            (
                "Mo-Fr 09:00-17:00",
                "Mo-Fr 09:00-17:00; PH off",
                &["now has the hours “Mo-Fr 09:00-17:00; PH off” (was “Mo-Fr 09:00-17:00”)"],
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
