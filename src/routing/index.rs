//! Finds the rules that a call can match without looking at the others: by who calls, or by the
//! line. What deciding costs then grows with the rules that concern this caller, and not with the
//! table.

use std::collections::{BTreeSet, HashMap};

use super::compiled::{CompiledRule, CompiledTest};
use super::{Aspect, Calendar, Call, CallerKey, CallerPart, Callers, Part};

/// A rule about more callers than this is not found by them.
const CALLERS: usize = 1000;

/// Which rules can match which calls. Rules are told by their place, each list in order.
#[derive(Debug, Default)]
pub(super) struct Index {
    callers: HashMap<Box<[u8]>, Vec<u32>>,
    prefixes: HashMap<Box<[u8]>, Vec<u32>>,
    /// The lengths of all prefixes, each once.
    lengths: BTreeSet<usize>,
    lines: HashMap<String, Vec<u32>>,
    /// Rules that any call may match.
    rest: Vec<u32>,
}

impl Index {
    pub(super) fn of(rules: &[CompiledRule]) -> Self {
        let mut index = Self::default();
        let calendar = Calendar::boundless();
        for (place, rule) in (0..).zip(rules).filter(|(_, rule)| rule.enabled) {
            index.add(place, &Hull::of(rule, &calendar));
        }
        index
    }

    fn add(&mut self, place: u32, hull: &Hull) {
        let bounds = hull.callers.bounds().len();
        match (hull.callers.parts().filter(|_| bounds <= 2 * CALLERS), &hull.lines) {
            (Some(parts), _) => {
                for part in parts {
                    let (map, key) = match part {
                        CallerPart::One(key) => (&mut self.callers, key),
                        CallerPart::StartingWith(key) => {
                            self.lengths.insert(key.bytes().len());
                            (&mut self.prefixes, key)
                        }
                    };
                    map.entry(key.bytes().into()).or_default().push(place);
                }
            }
            (None, Some(lines)) => {
                for line in lines {
                    self.lines.entry(line.clone()).or_default().push(place);
                }
            }
            (None, None) => self.rest.push(place),
        }
    }

    /// The places of all rules that can match this call, in order.
    pub(super) fn candidates(&self, call: &Call) -> impl Iterator<Item = usize> {
        let key = CallerKey::from(&call.from);
        let bytes = key.bytes();
        let mut lists = vec![self.rest.as_slice()];
        lists.extend(self.callers.get(bytes).map(Vec::as_slice));
        lists.extend(self.lines.get(&call.to).map(Vec::as_slice));
        let starts = self.lengths.iter().filter_map(|length| bytes.get(..*length));
        lists.extend(starts.filter_map(|start| self.prefixes.get(start)).map(Vec::as_slice));
        std::iter::from_fn(move || {
            let next = lists.iter().filter_map(|list| list.first()).min().copied()?;
            for list in &mut lists {
                if let Some(rest) = list.strip_prefix(&[next]) {
                    *list = rest;
                }
            }
            Some(next as usize)
        })
    }
}

/// Calls among which all are that a rule can match, and more.
struct Hull {
    callers: Callers,
    /// Numbers that are called; `None` for any.
    lines: Option<BTreeSet<String>>,
}

impl Hull {
    fn anyone() -> Self {
        Self { callers: Callers::all(), lines: None }
    }

    fn of(rule: &CompiledRule, calendar: &Calendar) -> Self {
        rule.when.iter().fold(Self::anyone(), |hull, group| {
            let group = group.iter().map(|test| Self::of_test(test, calendar)).reduce(Self::or);
            hull.and(group.unwrap_or_else(Self::anyone))
        })
    }

    fn of_test(test: &CompiledTest, calendar: &Calendar) -> Self {
        if test.not {
            return Self::anyone();
        }
        let nobody = Self { callers: Callers::none(), lines: Some(BTreeSet::new()) };
        test.condition.region(calendar).yes.iter().map(Self::of_part).reduce(Self::or).unwrap_or(nobody)
    }

    fn of_part(part: &Part) -> Self {
        let line = part.aspects.iter().find(|(aspect, values)| *aspect == Aspect::Line && values.meant);
        Self {
            callers: part.callers.clone().unwrap_or_else(Callers::all),
            lines: line.map(|(_, values)| values.listed.clone()),
        }
    }

    fn or(self, other: Self) -> Self {
        Self {
            callers: self.callers.or(&other.callers),
            lines: self.lines.zip(other.lines).map(|(a, b)| &a | &b),
        }
    }

    fn and(self, other: Self) -> Self {
        let lines = match (self.lines, other.lines) {
            (Some(a), Some(b)) => Some(&a & &b),
            (a, b) => a.or(b),
        };
        Self { callers: self.callers.and(&other.callers), lines }
    }
}
