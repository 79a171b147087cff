//! What a drag over the week does: makes a span where there was none, moves the one it began on, or
//! stretches it when it began at one of its ends. A cut takes hours away.

use super::{add, remove};
use crate::plugins::hours::weekly::{DAY, Span, tidy};

/// What a drag snaps to, in minutes.
const STEP: u16 = 15;
/// What a new span snaps to, in minutes.
const NEW_STEP: u16 = 30;
/// How near to an end of a span, in points, the pointer takes that end.
const NEAR: f32 = 6.0;

/// What is under the pointer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Grip {
    /// Hours are added.
    Nothing,
    /// Hours are taken away, whatever is there.
    Cut,
    Whole(Span),
    Start(Span),
    End(Span),
}

impl Grip {
    pub(super) fn span(self) -> Option<Span> {
        match self {
            Self::Nothing | Self::Cut => None,
            Self::Whole(span) | Self::Start(span) | Self::End(span) => Some(span),
        }
    }
}

/// What is at a day and minute. `minutes_a_point` says how much a point on the screen is; with none,
/// ends are not told from the rest.
pub(super) fn grip_at(spans: &[Span], (day, minute): (u8, u16), minutes_a_point: f32) -> Grip {
    for &span in spans {
        let near = (NEAR * minutes_a_point).min(f32::from(span.to_min - span.from_min) / 3.0);
        let is_near = |other: u16| near > 0.0 && f32::from(other.abs_diff(minute)) <= near;
        for (part, (on, from, to)) in span.parts().enumerate() {
            if on != day {
                continue;
            }
            if part == 0 && is_near(from) {
                return Grip::Start(span);
            }
            let is_last = span.to_min <= DAY || part == 1;
            if is_last && is_near(to) {
                return Grip::End(span);
            }
            if (from..to).contains(&minute) {
                return Grip::Whole(span);
            }
        }
    }
    Grip::Nothing
}

/// The week after a drag from one day and minute to another, and the span that it made or changed.
pub(super) fn dragged(before: &[Span], grip: Grip, from: (u8, u16), to: (u8, u16)) -> (Vec<Span>, Span) {
    let mut spans: Vec<Span> = before.to_vec();
    let Some(old) = grip.span() else { return painted(spans, grip == Grip::Cut, from, to) };
    spans.retain(|span| *span != old);
    let new = match grip {
        Grip::Start(_) => {
            let earliest = old.to_min.saturating_sub(DAY);
            let latest = (old.to_min - STEP.min(old.to_min)).min(DAY - STEP);
            Span { from_min: snap(to.1).clamp(earliest.min(latest), latest), ..old }
        }
        Grip::End(_) => {
            // The row below is the next day.
            let next_day = (old.day + 1) % 7 == to.0;
            let at = snap(to.1) + if next_day { DAY } else { 0 };
            Span { to_min: at.clamp(old.from_min + STEP, old.from_min + DAY), ..old }
        }
        _ => moved(old, from, to),
    };
    spans.push(new);
    (tidy(&spans), new)
}

fn moved(old: Span, from: (u8, u16), to: (u8, u16)) -> Span {
    let long = old.to_min - old.from_min;
    let days = i32::from(to.0) - i32::from(from.0);
    // A part after midnight is held on the day after.
    let day = (i32::from(old.day) + days).clamp(0, 6) as u8;
    let minutes = (i32::from(to.1) - i32::from(from.1)) / i32::from(STEP) * i32::from(STEP);
    let from_min = (i32::from(old.from_min) + minutes).clamp(0, i32::from(DAY - STEP)) as u16;
    Span { day, from_min, to_min: from_min + long }
}

/// A block of days and half hours.
fn painted(mut spans: Vec<Span>, cuts: bool, from: (u8, u16), to: (u8, u16)) -> (Vec<Span>, Span) {
    let (first, last) = (from.1.min(to.1), from.1.max(to.1));
    let from_min = (first / NEW_STEP * NEW_STEP).min(DAY - NEW_STEP);
    let to_min = (last / NEW_STEP * NEW_STEP + NEW_STEP).min(DAY);
    for day in from.0.min(to.0)..=from.0.max(to.0) {
        if cuts {
            remove(&mut spans, day, from_min, to_min);
        } else {
            add(&mut spans, day, from_min, to_min);
        }
    }
    (spans, Span { day: to.0, from_min, to_min })
}

fn snap(minute: u16) -> u16 {
    (minute + STEP / 2) / STEP * STEP
}

#[cfg(test)]
mod tests {
    use super::*;

    fn span(day: u8, from_min: u16, to_min: u16) -> Span {
        Span { day, from_min, to_min }
    }

    #[test]
    fn ends_are_told_from_the_middle() {
        let night = span(6, 1320, DAY + 120);
        let week = [span(0, 540, 1020), night];
        for (at, grip) in [
            ((0, 545), Grip::Start(week[0])),
            ((0, 530), Grip::Start(week[0])),
            ((0, 700), Grip::Whole(week[0])),
            ((0, 1025), Grip::End(week[0])),
            ((0, 1100), Grip::Nothing),
            ((6, 1439), Grip::Whole(night)),
            ((0, 5), Grip::Whole(night)),
            ((0, 118), Grip::End(night)),
            ((1, 700), Grip::Nothing),
        ] {
            assert_eq!(grip_at(&week, at, 2.0), grip, "{at:?}");
        }
    }

    #[test]
    fn spans_are_made_moved_and_stretched() {
        let day = span(0, 540, 1020);
        let night = span(6, 1320, DAY + 120);
        let week = [day, night];
        for (grip, from, to, after) in [
            (Grip::Nothing, (2, 610), (1, 700), vec![day, span(1, 600, 720), span(2, 600, 720), night]),
            (Grip::Nothing, (0, 1000), (0, 1440), vec![span(0, 540, 1440), night]),
            (Grip::Cut, (0, 725), (0, 775), vec![span(0, 540, 720), span(0, 780, 1020), night]),
            (Grip::Whole(day), (0, 600), (0, 664), vec![span(0, 600, 1080), night]),
            (Grip::Whole(day), (0, 600), (3, 600), vec![span(3, 540, 1020), night]),
            (Grip::Whole(day), (0, 600), (0, 1440), vec![span(0, 1380, 1860), night]),
            (Grip::Start(day), (0, 540), (0, 481), vec![span(0, 480, 1020), night]),
            (Grip::Start(day), (0, 540), (0, 1440), vec![span(0, 1005, 1020), night]),
            (Grip::End(day), (0, 1020), (0, 0), vec![span(0, 540, 555), night]),
            (Grip::End(day), (0, 1020), (1, 120), vec![span(0, 540, DAY + 120), night]),
            (Grip::End(day), (0, 1020), (1, 800), vec![span(0, 540, DAY + 540), night]),
            (Grip::End(night), (0, 120), (0, 240), vec![day, span(6, 1320, DAY + 240)]),
            (Grip::End(night), (0, 120), (6, 1440), vec![day, span(6, 1320, DAY)]),
            (Grip::Start(night), (6, 1320), (6, 0), vec![day, span(6, 120, DAY + 120)]),
        ] {
            assert_eq!(dragged(&week, grip, from, to).0, after, "{grip:?} {from:?} {to:?}");
        }
    }
}
