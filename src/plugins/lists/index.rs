//! A list made ready to be asked: each caller is found without looking at every entry.

use std::collections::HashMap;
use std::collections::hash_map::Entry as Slot;
use std::hash::Hash;
use std::sync::Arc;

use chrono::{DateTime, NaiveDate, Utc};
use chrono_tz::Tz;

use super::Who;
use crate::routing::{Entry, List, Table, number as phone};

/// One list.
pub(super) struct Index {
    pub(super) name: String,
    pub(super) zone: Tz,
    pub(super) entries: Arc<Vec<Entry>>,
    /// Where in `entries` each stands. Numbers are kept as their digits with a 1 in front.
    numbers: HashMap<u64, u32>,
    prefixes: HashMap<u64, u32>,
    patterns: Vec<(String, u32)>,
    countries: HashMap<String, u32>,
}

/// An entry that stands for a caller.
pub(super) struct Hit<'a> {
    pub(super) entry: &'a Entry,
    /// Whether it is not past its last day.
    pub(super) counts: bool,
}

impl Index {
    pub(super) fn of(list: &List, table: &Table) -> Self {
        let mut index = Self {
            name: list.name.clone(),
            zone: table.time_zone(),
            entries: Arc::clone(&list.entries),
            numbers: HashMap::with_capacity(list.entries.len()),
            prefixes: HashMap::new(),
            patterns: Vec::new(),
            countries: HashMap::new(),
        };
        for (at, entry) in (0..).zip(list.entries.iter()) {
            if let Some(who) = Who::read(&entry.what, &table.country) {
                index.add(who, at);
            }
        }
        index
    }

    fn add(&mut self, who: Who, at: u32) {
        let entries = &self.entries;
        match who {
            Who::Number(number) => keep(entries, &mut self.numbers, phone::packed(&number), at),
            Who::Prefix(start) => keep(entries, &mut self.prefixes, phone::packed(&start), at),
            Who::Country(code) => keep(entries, &mut self.countries, Some(code), at),
            Who::Pattern(pattern) => self.patterns.push((pattern, at)),
        }
    }

    /// The entry that puts this caller on the list at this time; else one that did before.
    pub(super) fn find(&self, number: &str, at: DateTime<Utc>) -> Option<Hit<'_>> {
        let today = self.day(at);
        let mut expired = None;
        for place in self.places(number) {
            let entry = &self.entries[place as usize];
            if counts(entry, today) {
                return Some(Hit { entry, counts: true });
            }
            expired.get_or_insert(entry);
        }
        expired.map(|entry| Hit { entry, counts: false })
    }

    /// The day at this time, where the business is.
    pub(super) fn day(&self, at: DateTime<Utc>) -> NaiveDate {
        at.with_timezone(&self.zone).date_naive()
    }

    /// All entries, in the order of the list.
    pub(super) fn entries(&self) -> &[Entry] {
        &self.entries
    }

    /// Where entries for this number stand: those that say most about it first.
    pub(super) fn places(&self, number: &str) -> impl Iterator<Item = u32> {
        let whole = phone::packed(number).and_then(|key| self.numbers.get(&key));
        let starts = (2..=number.len()).rev().filter(|_| !self.prefixes.is_empty());
        let prefixes = starts.filter_map(|end| self.prefixes.get(&phone::packed(number.get(..end)?)?));
        let patterns = self.patterns.iter().filter(|(pattern, _)| is_like(number, pattern)).map(|(_, at)| at);
        let country = std::iter::once_with(|| {
            let code = if self.countries.is_empty() { None } else { phone::country_of(number) };
            code.and_then(|code| self.countries.get(&code))
        });
        whole.into_iter().chain(prefixes).chain(patterns).chain(country.flatten()).copied()
    }
}

/// Whether an entry is not past its last day.
pub(super) fn counts(entry: &Entry, today: NaiveDate) -> bool {
    entry.until.is_none_or(|until| today <= until)
}

/// Of entries that say the same, the one that lasts longest.
fn keep<K: Hash + Eq>(entries: &[Entry], places: &mut HashMap<K, u32>, key: Option<K>, at: u32) {
    let Some(key) = key else { return };
    let until = |at: u32| entries[at as usize].until.unwrap_or(NaiveDate::MAX);
    match places.entry(key) {
        Slot::Vacant(slot) => drop(slot.insert(at)),
        Slot::Occupied(mut slot) if until(at) > until(*slot.get()) => *slot.get_mut() = at,
        Slot::Occupied(_) => {}
    }
}

fn is_like(number: &str, pattern: &str) -> bool {
    let (start, open) = pattern.strip_suffix('*').map_or((pattern, false), |start| (start, true));
    let long_enough = if open { number.len() >= start.len() } else { number.len() == start.len() };
    long_enough && start.bytes().zip(number.bytes()).all(|(wanted, is)| wanted == b'?' || wanted == is)
}
