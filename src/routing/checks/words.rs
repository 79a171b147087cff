//! Sets of calls in the owner's words: times of the week, callers, lines.

use super::board::Board;
use super::cells::Cells;
use super::space::{About, TIMES};
use super::week::{WeekSpan, weekly};
use crate::routing::diff::listed;
use crate::routing::{Aspect, CallerPart, Callers, number};

const NAMES: [&str; 7] = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];

/// "Mon–Fri 12:30–13:30 and Sat 13:00–18:00".
#[must_use]
pub fn spans_words(spans: &[WeekSpan]) -> String {
    if spans == [WeekSpan::WHOLE] {
        return "the whole week".to_owned();
    }
    let mut words: Vec<String> = Vec::new();
    let mut rest = spans.to_vec();
    while !rest.is_empty() {
        let first = rest.remove(0);
        let hours = hours_of(first);
        let mut last_day = first.start().0;
        // The same hours on the days right after it are told along.
        while let Some(next) = rest
            .iter()
            .position(|span| hours.is_some() && hours_of(*span) == hours && span.start().0 == last_day + 1)
        {
            last_day = rest.remove(next).start().0;
        }
        words.push(span_words(first, last_day));
    }
    listed(&words, Clone::clone)
}

/// From when to when a stretch goes that is a day long at most.
fn hours_of(span: WeekSpan) -> Option<(usize, usize)> {
    (span.length_min <= 24 * 60).then(|| (span.start().1, span.end().1))
}

fn span_words(span: WeekSpan, last_day: usize) -> String {
    let ((day, from), (end_day, to)) = (span.start(), span.end());
    let time = |minutes: usize| format!("{:02}:{:02}", minutes / 60, minutes % 60);
    let days =
        if day == last_day { NAMES[day].to_owned() } else { format!("{}–{}", NAMES[day], NAMES[last_day]) };
    match hours_of(span) {
        Some((0, 1440)) => format!("all of {days}"),
        Some(_) => format!("{days} {}–{}", time(from), time(to)),
        None if from == 0 && to == 1440 => format!("{}–{}", NAMES[day], NAMES[end_day]),
        None => format!("{} {} to {} {}", NAMES[day], time(from), NAMES[end_day], time(to)),
    }
}

/// What two boxes share, in the dimensions in which each has something that the other has not. `both`
/// are the calls that are meant. `None` where this cannot be said in a few words.
pub(super) fn part_words(board: &Board<'_>, a: &Cells, b: &Cells, both: &Cells) -> Option<String> {
    let torn = a.common(b).filter(|(_, a, b)| !a.is_within(b) && !b.is_within(a));
    let mut words = Vec::new();
    for (dim, ..) in torn {
        words.push(match board.space.about(dim)? {
            About::Times => {
                let times = board.space.times_with(both.atoms(TIMES));
                let spans = weekly(&times, board.zone, board.from, board.until);
                if spans.is_empty() {
                    return None;
                }
                spans_words(&spans)
            }
            About::Callers => callers_words(board, &board.space.callers_of(both))?,
            About::Aspect(aspect @ (Aspect::Line | Aspect::Country)) => {
                let (values, has_others) = board.space.values_of(both, aspect)?;
                if has_others {
                    return None;
                }
                let name = |value: &&str| value_words(board, aspect, value);
                listed(&values, name)
            }
            About::Aspect(_) => return None,
        });
    }
    (!words.is_empty()).then(|| words.join(", "))
}

fn value_words(board: &Board<'_>, aspect: Aspect, value: &str) -> String {
    match aspect {
        Aspect::Line => {
            let line = board.table.line_by_number(value);
            line.map_or_else(|| value.to_owned(), |line| format!("“{}”", line.name))
        }
        _ => number::country_name(value).unwrap_or(value).to_owned(),
    }
}

fn callers_words(board: &Board<'_>, callers: &Callers) -> Option<String> {
    let part = |part: &CallerPart<'_>| match part {
        CallerPart::One(key) => Some(
            key.text()
                .map_or("withheld numbers".to_owned(), |text| number::for_people(text, &board.table.country)),
        ),
        CallerPart::StartingWith(key) => Some(format!("numbers starting with {}", key.text()?)),
    };
    let words: Option<Vec<String>> = callers.parts()?.iter().map(part).collect();
    words.filter(|words| !words.is_empty()).map(|words| listed(&words, Clone::clone))
}
