//! Which calls come from someone on a list: exact about numbers, beginnings of numbers and
//! countries, and about the day on which an entry ends.

use std::collections::BTreeMap;

use chrono::{Days, NaiveDate, NaiveTime};

use super::Who;
use super::index::Index;
use crate::routing::{Aspect, Calendar, Callers, Part, Ranges, Region, Times, Values};

/// How many last days are told apart.
const LAST_DAYS: usize = 8;
/// Longer lists are only told exactly where this is asked for a bounded time: that they are checked
/// is worth the while, and finding a caller on one is quick without it.
const LONG: usize = 500;

/// Entries of which the same can be said.
#[derive(Default)]
struct Group {
    numbers: Vec<String>,
    prefixes: Vec<String>,
    countries: Vec<String>,
}

impl Group {
    fn add(&mut self, who: Who) {
        match who {
            Who::Number(number) => self.numbers.push(number),
            Who::Prefix(start) => self.prefixes.push(start),
            Who::Country(code) => self.countries.push(code),
            // All numbers like it begin like it.
            Who::Pattern(pattern) => {
                self.prefixes.push(pattern.split(['?', '*']).next().unwrap_or_default().to_owned());
            }
        }
    }

    fn callers(&self) -> Callers {
        let (numbers, prefixes) = (self.numbers.iter(), self.prefixes.iter());
        Callers::numbers(numbers.map(String::as_str), prefixes.map(String::as_str))
    }

    /// Who is meant, at these times.
    fn parts(&self, times: Option<&Times>) -> Vec<Part> {
        let at = |callers| Part { callers: Some(callers), times: times.cloned(), aspects: Vec::new() };
        let mut parts = Vec::new();
        if !self.numbers.is_empty() || !self.prefixes.is_empty() {
            parts.push(at(self.callers()));
        }
        if !self.countries.is_empty() {
            let codes = Values::of(self.countries.iter().map(String::as_str));
            parts.push(at(Callers::withheld().complement()).aspect(Aspect::Country, codes));
        }
        parts
    }

    /// All who may be meant, and more.
    fn around(&self) -> Option<Part> {
        if !self.countries.is_empty() {
            return Some(Part::callers(Callers::withheld().complement()));
        }
        let callers = self.callers();
        (!callers.is_empty()).then(|| Part::callers(callers))
    }
}

pub(super) fn of(lists: &[Index], home: &str, calendar: &Calendar) -> Region {
    if !calendar.is_bounded() && lists.iter().map(|list| list.entries.len()).sum::<usize>() > LONG {
        return Region::own_within(&Part::callers(Callers::withheld().complement()));
    }
    let mut sure: BTreeMap<Option<NaiveDate>, Group> = BTreeMap::new();
    let mut loose = Group::default();
    let zone = lists.first().map(|list| list.zone);
    for entry in lists.iter().flat_map(|list| list.entries.iter()) {
        let Some(who) = Who::read(&entry.what, home) else { continue };
        let has_room = sure.len() < LAST_DAYS || sure.contains_key(&entry.until);
        let is_exact = !matches!(who, Who::Pattern(_)) && (entry.until.is_none() || calendar.is_bounded());
        if is_exact && has_room {
            sure.entry(entry.until).or_default().add(who);
        } else {
            loose.add(who);
        }
    }
    let mut region = Region::exactly(Vec::new());
    for (until, group) in sure {
        let times = until.zip(zone).map(|(until, zone)| {
            let times = calendar.moments(zone, |first, _| {
                let end = until.checked_add_days(Days::new(1)).unwrap_or(until).and_time(NaiveTime::MIN);
                vec![(first.min(end), end)]
            });
            times.unwrap_or_else(Ranges::all)
        });
        region.yes.extend(group.parts(times.as_ref()));
    }
    if let Some(around) = loose.around() {
        // Never unknown: whoever is on none of the lists is not on one.
        region.yes.extend(Region::own_within(&around).yes);
    }
    region
}
