//! A week as it stands on the wall: seven days of 24 hours, of which one may be skipped or come twice.

use chrono::{DateTime, Days, Duration, NaiveDate, NaiveTime, Utc};
use chrono_tz::Tz;

use super::Shift;
use crate::routing::period::on_wall;
use crate::routing::region::stretches;

/// Seconds of a day.
const DAY: i64 = 24 * 3600;

/// A day of the week.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Day {
    /// Which one.
    pub date: NaiveDate,
    /// Hours of it that are skipped or come twice.
    pub changes: Vec<ClockChange>,
    /// What happens, in the order of time.
    pub pieces: Vec<Piece>,
}

/// Clocks are put forward or back: from and to in seconds of the day on the wall.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ClockChange {
    /// These do not come.
    Skipped(u32, u32),
    /// These come twice.
    Twice(u32, u32),
}

/// A part of a shift, on one day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Piece {
    /// The place of the shift among those of the week.
    pub shift: usize,
    /// Its first moment.
    pub from: DateTime<Utc>,
    /// Where it begins, in seconds of the day on the wall.
    pub from_s: u32,
    /// Where it ends, up to 86,400.
    pub to_s: u32,
    /// Which time it is, of hours that come twice.
    pub turn: Turn,
}

/// Which time it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Turn {
    /// It comes once.
    Once,
    /// The first of two times.
    First,
    /// The second of two times.
    Second,
}

/// The first moment of a day.
#[must_use]
pub fn first_moment(date: NaiveDate, zone: Tz) -> Option<DateTime<Utc>> {
    on_wall(date.and_time(NaiveTime::MIN), zone).map(|at| at.with_timezone(&Utc))
}

/// The shifts of a week, day by day.
#[must_use]
pub fn days(shifts: &[Shift], monday: NaiveDate, zone: Tz) -> Vec<Day> {
    let dates = (0..7).filter_map(|days| monday.checked_add_days(Days::new(days)));
    let mut days: Vec<Day> =
        dates.map(|date| Day { date, changes: Vec::new(), pieces: Vec::new() }).collect();
    let (Some(first), Some(last)) = (shifts.first(), shifts.last()) else { return days };
    let start = monday.and_time(NaiveTime::MIN).and_utc().timestamp();
    // Seconds on the wall since the first midnight, from and to, of each time in which clocks are not put.
    let walls: Vec<(i64, i64, i64)> = stretches(zone, first.from, last.until)
        .iter()
        .map(|stretch| {
            let shown = |at: i64| at + stretch.offset - start;
            (shown(stretch.from), shown(stretch.until), stretch.offset)
        })
        .collect();
    for pair in walls.windows(2) {
        let (end, begin) = (pair[0].1, pair[1].0);
        for (day, from, to) in by_day(end.min(begin), end.max(begin)) {
            if let Some(day) = days.get_mut(day) {
                let change = if end < begin { ClockChange::Skipped } else { ClockChange::Twice };
                day.changes.push(change(from, to));
            }
        }
    }
    for (place, shift) in shifts.iter().enumerate() {
        for (index, (from, to, offset)) in walls.iter().enumerate() {
            let shown = |at: DateTime<Utc>| at.timestamp() + offset - start;
            let (from, to) = (shown(shift.from).max(*from), shown(shift.until).min(*to));
            // What comes twice is shown by the wall before, or by the one after.
            let again = walls[..index].last().map_or(i64::MIN, |before| before.1);
            let before = walls.get(index + 1).map_or(i64::MAX, |after| after.0);
            let parts = [
                (from, to.min(again), Turn::Second),
                (from.max(again), to.min(before), Turn::Once),
                (from.max(before), to, Turn::First),
            ];
            for (from, to, turn) in parts {
                for (day, from_s, to_s) in by_day(from, to) {
                    let moment = day as i64 * DAY + i64::from(from_s) + start - offset;
                    let (Some(day), Some(from)) = (days.get_mut(day), DateTime::from_timestamp(moment, 0))
                    else {
                        continue;
                    };
                    day.pieces.push(Piece { shift: place, from, from_s, to_s, turn });
                }
            }
        }
    }
    for day in &mut days {
        day.pieces.sort_by_key(|piece| piece.from);
    }
    days
}

/// A stretch in seconds since the first midnight, in pieces that do not go over midnight.
fn by_day(from: i64, to: i64) -> impl Iterator<Item = (usize, u32, u32)> {
    let from = from.max(0);
    let first = if from < to { from / DAY } else { 0 };
    let last = if from < to { (to + DAY - 1) / DAY } else { 0 };
    (first..last).map(move |day| {
        let (start, end) = (from.max(day * DAY), to.min((day + 1) * DAY));
        (day as usize, (start - day * DAY) as u32, (end - day * DAY) as u32)
    })
}

impl Piece {
    /// The moment at which the wall shows this second of the day, kept within the piece.
    #[must_use]
    pub fn moment(&self, second: u32) -> DateTime<Utc> {
        let into = second.clamp(self.from_s, self.to_s.saturating_sub(60).max(self.from_s)) - self.from_s;
        self.from + Duration::seconds(i64::from(into))
    }
}
