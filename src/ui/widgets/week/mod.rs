//! A week of hours: drawn with the pointer, or typed as "09:00–12:30, 13:30–17:00".
//!
//! Here lives what may be done with the spans of a week; drawing is in `grid`, dragging in `drag`,
//! typing in `field` and `words`.
//! What the hours are for, and their zone, is the caller's business.

mod drag;
mod field;
mod grid;
mod words;

pub use field::hours_field;
pub use grid::week_grid;
pub use words::{parse_day, write_day};

use crate::plugins::hours::weekly::{DAY, Span, tidy};

/// The days, Monday first.
pub const DAYS: [&str; 7] = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"];

/// Whether the spans hold this minute of this day.
#[must_use]
pub fn covers(spans: &[Span], day: u8, minute: u16) -> bool {
    let mut parts = spans.iter().flat_map(|span| span.parts());
    parts.any(|(d, from, to)| d == day && (from..to).contains(&minute))
}

/// Adds minutes of a day.
pub fn add(spans: &mut Vec<Span>, day: u8, from_min: u16, to_min: u16) {
    spans.push(Span { day, from_min, to_min });
    *spans = tidy(spans);
}

/// Gives days the hours of another one.
pub fn same_as(spans: &mut Vec<Span>, day: u8, days: std::ops::Range<u8>) {
    let held: Vec<Span> = spans.iter().copied().filter(|span| span.day == day).collect();
    spans.retain(|span| !days.contains(&span.day));
    for day in days {
        spans.extend(held.iter().map(|span| Span { day, ..*span }));
    }
    *spans = tidy(spans);
}

/// Takes minutes of a day away, also from a span of the day before that reaches into it.
pub fn remove(spans: &mut Vec<Span>, day: u8, from_min: u16, to_min: u16) {
    let mut left = Vec::with_capacity(spans.len() + 1);
    for span in spans.drain(..) {
        let shift = if span.day == day {
            0
        } else if (span.day + 1) % 7 == day {
            DAY
        } else {
            left.push(span);
            continue;
        };
        let (from, to) = (from_min + shift, to_min + shift);
        left.push(Span { to_min: span.to_min.min(from), ..span });
        let mut rest = Span { from_min: span.from_min.max(to), ..span };
        if rest.from_min >= DAY && rest.from_min < rest.to_min {
            rest.day = (rest.day + 1) % 7;
            rest.from_min -= DAY;
            rest.to_min -= DAY;
        }
        left.push(rest);
    }
    *spans = tidy(&left);
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used)]

    use super::*;
    use proptest::prelude::*;

    fn span(day: u8, from_min: u16, to_min: u16) -> Span {
        Span { day, from_min, to_min }
    }

    #[test]
    fn touching_spans_of_a_day_become_one() {
        let spans = [span(1, 600, 720), span(0, 0, 60), span(1, 720, 800)];
        assert_eq!(tidy(&spans), [span(0, 0, 60), span(1, 600, 800)]);
    }

    #[test]
    fn a_night_can_lose_its_morning() {
        let mut spans = vec![span(6, 1320, 1440 + 240)];
        assert!(covers(&spans, 0, 120), "Sunday night reaches into Monday");
        remove(&mut spans, 0, 60, 120);
        assert_eq!(spans, [span(0, 120, 240), span(6, 1320, 1500)]);
    }

    fn spans() -> impl Strategy<Value = Vec<Span>> {
        let one = (0..7_u8, 0..48_u16, 1..48_u16)
            .prop_map(|(day, from, long)| span(day, from * 30, (from + long) * 30));
        prop::collection::vec(one, 0..8)
    }

    proptest! {
        #[test]
        fn adding_and_removing_change_just_those_minutes(
            before in spans(), day in 0..7_u8, from in 0..47_u16, long in 1..20_u16, erase: bool,
        ) {
            let (from, to) = (from * 30, ((from + long) * 30).min(DAY));
            let mut after = before.clone();
            if erase { remove(&mut after, day, from, to) } else { add(&mut after, day, from, to) }
            for d in 0..7 {
                for minute in (0..DAY).step_by(30) {
                    let touched = d == day && (from..to).contains(&minute);
                    let expected = if touched { !erase } else { covers(&before, d, minute) };
                    prop_assert_eq!(covers(&after, d, minute), expected, "day {} minute {}", d, minute);
                }
            }
        }

        #[test]
        fn what_is_written_is_read_again(week in spans()) {
            let week = tidy(&week);
            for day in 0..7 {
                let read = parse_day(day, &write_day(&week, day)).expect("own words");
                let held: Vec<_> = week.iter().copied().filter(|s| s.day == day).collect();
                prop_assert_eq!(read, held);
            }
        }
    }
}
