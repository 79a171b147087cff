//! Which calls a condition can match, said so exactly that tables can be indexed and checked
//! without asking call by call.
//!
//! A call is seen as a point: who calls, when, and some aspects of it (the line, the caller's
//! country). A condition states which points it holds for and for which it cannot be told. What it
//! cannot state that way it leaves to its own verdict, which is then an aspect of the call like
//! any other: the same condition gives the same verdict for the same call, whatever that is. So
//! nothing is guessed, and what follows from regions is true of every call.

mod calendar;
mod callers;
mod ranges;

use std::collections::BTreeSet;

pub(super) use calendar::stretches;
pub use calendar::{Calendar, Times, WallSpan};
pub use callers::{CallerKey, CallerPart, Callers};
pub use ranges::Ranges;

/// Which calls a condition holds for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Region {
    /// It holds for these, and for no others.
    pub yes: Calls,
    /// It cannot be told for these. For all that are in neither it does not hold.
    pub unknown: Calls,
}

/// Calls that are in one of these parts.
pub type Calls = Vec<Part>;

/// Calls that are in all of these sets.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Part {
    /// Who calls; `None` for anyone.
    pub callers: Option<Callers>,
    /// When; `None` for any time. Only told within the bounds of the calendar.
    pub times: Option<Times>,
    /// Other aspects, each at most once.
    pub aspects: Vec<(Aspect, Values)>,
}

/// Something about a call that has one value for each call.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Aspect {
    /// The number that was called, as [`super::Call::to`] has it.
    Line,
    /// The country of the caller's number as [`super::number::country_of`] tells it; nothing where
    /// it does not tell, or the number is withheld.
    Country,
    /// Whether the line has an agent of its own at Retell: "yes" or "no".
    DefaultAgent,
    /// Another aspect, by a name of its own. Whoever names it must always mean the same by it.
    Named(&'static str),
    /// The verdict of the very condition whose region this is: [`Aspect::YES`], [`Aspect::UNKNOWN`]
    /// or anything else for no.
    Own,
}

impl Aspect {
    /// The value of [`Aspect::Own`] where the condition holds.
    pub const YES: &str = "yes";
    /// The value of [`Aspect::Own`] where the condition cannot be told.
    pub const UNKNOWN: &str = "unknown";
}

/// Some of the values of an aspect.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Values {
    /// The values that are meant, or those that are not.
    pub listed: BTreeSet<String>,
    /// Whether the listed ones are meant, and not all others.
    pub meant: bool,
}

impl Values {
    /// One of these.
    #[must_use]
    pub fn of<'a>(values: impl IntoIterator<Item = &'a str>) -> Self {
        Self { listed: values.into_iter().map(str::to_owned).collect(), meant: true }
    }
}

impl Region {
    /// Nothing is stated: the condition's own verdict.
    #[must_use]
    pub fn own() -> Self {
        Self::own_within(&Part::default())
    }

    /// It holds for no call outside of `part`, and within it nothing is stated.
    #[must_use]
    pub fn own_within(part: &Part) -> Self {
        let own = |value| vec![part.clone().aspect(Aspect::Own, Values::of([value]))];
        Self { yes: own(Aspect::YES), unknown: own(Aspect::UNKNOWN) }
    }

    /// It holds for these calls, and for all others it does not.
    #[must_use]
    pub fn exactly(yes: Calls) -> Self {
        Self { yes, unknown: Vec::new() }
    }
}

impl Part {
    /// Calls by these callers.
    #[must_use]
    pub fn callers(callers: Callers) -> Self {
        Self { callers: Some(callers), ..Self::default() }
    }

    /// Calls at these times.
    #[must_use]
    pub fn times(times: Times) -> Self {
        Self { times: Some(times), ..Self::default() }
    }

    /// Of these, only those whose aspect has one of these values.
    #[must_use]
    pub fn aspect(mut self, aspect: Aspect, values: Values) -> Self {
        self.aspects.push((aspect, values));
        self
    }
}
