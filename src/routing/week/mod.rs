//! Who answers each minute of a week, line by line.
//!
//! What decides by line and time alone is told for an ordinary caller, about whom nothing special
//! holds: a number from around the line's that no rule names. It is computed from the same
//! [`super::Region`]s as the checks, so its edges are exact; what a condition leaves to its own verdict is
//! asked of it step by step. Which other rules can take some callers is told beside it.

mod asking;
mod days;
mod others;
mod shifts;
mod words;

use std::collections::BTreeMap;

use chrono::{DateTime, NaiveDate, Utc};
use chrono_tz::Tz;

use super::{Call, Facts, Overrides, Table, Vocabulary};

pub use days::{ClockChange, Day, Piece, Turn, days, first_moment};

/// What a week is worked out from.
pub struct WeekOf<'a> {
    /// The table. It must be one that can be compiled.
    pub table: &'a Table,
    /// The conditions that it is written with.
    pub vocabulary: &'a dyn Vocabulary,
    /// What stands above its rules.
    pub overrides: &'a Overrides,
    /// Lines by number: whether they have an agent of their own at Retell, where it is known.
    pub own_agents: &'a BTreeMap<String, bool>,
    /// What is known of a call at a time.
    pub facts: &'a dyn Fn(&Call, DateTime<Utc>) -> Facts,
    /// The first day.
    pub monday: NaiveDate,
}

/// Who answers a line in a week.
#[derive(Clone, Debug, PartialEq)]
pub struct LineWeek {
    /// The id of the line.
    pub line: String,
    /// The ordinary call that it is told for.
    pub call: Call,
    /// All that takes calls, to be named by place.
    pub takers: Vec<Taker>,
    /// From the first moment of the week to its end, without gaps.
    pub shifts: Vec<Shift>,
}

/// Something that takes calls.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Taker {
    /// What it is.
    pub by: TakenBy,
    /// Who answers then.
    pub who: Who,
}

/// What takes calls.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TakenBy {
    /// A rule of the table.
    Rule {
        /// Its id.
        id: String,
        /// Its name.
        name: String,
    },
    /// No rule does.
    Fallback,
    /// An override stands above the rules.
    Override {
        /// Its id.
        id: String,
        /// "Closed until Mon 23 Nov 2026, 14:30".
        words: String,
    },
}

/// Who answers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Who {
    /// An agent, or one of several who share calls.
    Agents(Vec<NamedAgent>),
    /// The agent that the line has at Retell, as far as is known.
    LineAgent,
    /// Nobody: the line's own agent was to answer, and it has none.
    NoAgent,
    /// Nobody: the call is rejected.
    Rejected,
    /// The call was to be rejected, and the line's own agent takes it all the same.
    RejectedInVain,
}

/// An agent of the table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NamedAgent {
    /// Its id.
    pub id: String,
    /// What the owner calls it.
    pub name: String,
}

/// A stretch of time in which the same is true.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shift {
    /// Its first moment.
    pub from: DateTime<Utc>,
    /// The first moment that is no longer part of it.
    pub until: DateTime<Utc>,
    /// What takes an ordinary call: a place among the takers.
    pub taker: usize,
    /// What can take other calls, as places among the takers.
    pub others: Vec<usize>,
    /// A condition that does not state its times was asked every quarter of an hour, and what it says
    /// changes here: the edges are not exact.
    pub is_sampled: bool,
}

impl WeekOf<'_> {
    /// The time zone that the days are told in.
    #[must_use]
    pub fn zone(&self) -> Tz {
        self.table.time_zone()
    }

    /// Who answers each line in this week, in the order of the lines. Empty where the calendar ends.
    #[must_use]
    pub fn lines(&self) -> Vec<LineWeek> {
        shifts::of(self).unwrap_or_default()
    }
}

impl LineWeek {
    /// What takes an ordinary call in a shift.
    #[must_use]
    pub fn taker(&self, shift: &Shift) -> &Taker {
        &self.takers[shift.taker]
    }

    /// The shift of a moment, if it is in the week.
    #[must_use]
    pub fn at(&self, at: DateTime<Utc>) -> Option<&Shift> {
        let next = self.shifts.partition_point(|shift| shift.from <= at);
        self.shifts[..next].last().filter(|shift| at < shift.until)
    }

    /// Whether the same is true of another line all week.
    #[must_use]
    pub fn is_like(&self, other: &Self) -> bool {
        let alike = |one: &Shift, two: &Shift| {
            let takers = one.others.iter().zip(&two.others);
            (one.from, one.until, one.is_sampled) == (two.from, two.until, two.is_sampled)
                && self.taker(one) == other.taker(two)
                && one.others.len() == two.others.len()
                && takers.into_iter().all(|(mine, theirs)| self.takers[*mine] == other.takers[*theirs])
        };
        self.shifts.len() == other.shifts.len()
            && self.shifts.iter().zip(&other.shifts).all(|(one, two)| alike(one, two))
    }
}
