//! The space that the regions of one table span: a dimension for who calls, one for when, and one
//! for each other aspect that a condition names. Each is cut into atoms, which are the calls that
//! no region tells apart.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::hash::Hash;

use super::cells::{Bits, Cells, Dim};
use crate::routing::{Aspect, CallerKey, Callers, Part, Ranges, Region, Times, Values};

/// The dimension of who calls.
const CALLERS: Dim = 0;
/// The dimension of when.
pub(in crate::routing) const TIMES: Dim = 1;

/// A dimension besides those two.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Key {
    Aspect(Aspect),
    /// The verdict of the test with this number.
    Own(usize),
}

/// All dimensions.
pub(in crate::routing) struct Space {
    callers: Cut<CallerKey>,
    times: Cut<i64>,
    others: BTreeMap<Key, (Dim, Vec<String>)>,
}

impl Space {
    /// The space that these regions span, within `span`. `periods` are times of rules.
    pub(super) fn of(regions: &[&Region], periods: &[Times], span: &Times) -> Self {
        let mut callers = Vec::new();
        let mut times = vec![span.clone()];
        times.extend_from_slice(periods);
        let mut values: BTreeMap<Key, BTreeSet<&str>> = BTreeMap::new();
        for (test, region) in regions.iter().enumerate() {
            for part in region.yes.iter().chain(&region.unknown) {
                callers.extend(part.callers.clone());
                times.extend(part.times.clone());
                for (aspect, listed) in &part.aspects {
                    let texts = listed.listed.iter().map(String::as_str);
                    values.entry(key(*aspect, test)).or_default().extend(texts);
                }
            }
        }
        let owned = |values: BTreeSet<&str>| values.into_iter().map(str::to_owned).collect();
        let others = (2..).zip(values).map(|(dim, (key, values))| (key, (dim, owned(values))));
        Self { callers: Cut::of(callers, None), times: Cut::of(times, Some(span)), others: others.collect() }
    }

    /// The calls of a part of the region of test number `test`.
    pub(super) fn part(&self, part: &Part, test: usize) -> Option<Cells> {
        let mut cells = Cells::default();
        if let Some(callers) = &part.callers {
            cells = cells.limited(CALLERS, self.callers.atoms_of(callers))?;
        }
        if let Some(times) = &part.times {
            cells = self.at(cells, times)?;
        }
        for (aspect, values) in &part.aspects {
            let (dim, atoms) = self.values(key(*aspect, test), values)?;
            cells = cells.limited(dim, atoms)?;
        }
        Some(cells)
    }

    /// Of these calls, those at these times, which must be among those the space was made of.
    pub(super) fn at(&self, cells: Cells, times: &Times) -> Option<Cells> {
        cells.limited(TIMES, self.times.atoms_of(times))
    }

    /// Of these calls, those with one of these values of an aspect.
    pub(in crate::routing) fn with(&self, cells: Cells, aspect: Aspect, values: &Values) -> Option<Cells> {
        match self.values(Key::Aspect(aspect), values) {
            Some((dim, atoms)) => cells.limited(dim, atoms),
            // No region tells calls apart by this.
            None => Some(cells),
        }
    }

    /// Of these calls, those by callers that no region tells from this one.
    pub(super) fn by(&self, cells: Cells, caller: &CallerKey) -> Option<Cells> {
        cells.limited(CALLERS, self.callers.atom_at(caller))
    }

    /// The callers that no region tells from this one.
    pub(super) fn callers_like(&self, caller: &CallerKey) -> Callers {
        self.callers.ranges_of(Some(&self.callers.atom_at(caller)))
    }

    fn values(&self, key: Key, values: &Values) -> Option<(Dim, Bits)> {
        let (dim, known) = self.others.get(&key)?;
        // The last atom is any other value.
        let other = known.len() as u32;
        let listed =
            (0..).zip(known).filter(|(_, value)| values.listed.contains(*value)).map(|(atom, _)| atom);
        let has_others = values.listed.iter().any(|value| !known.contains(value));
        let listed = Bits::of(other + 1, listed.chain(has_others.then_some(other)));
        Some((*dim, if values.meant { listed } else { listed.complement() }))
    }

    /// The times of these calls.
    pub(in crate::routing) fn times_of(&self, cells: &Cells) -> Times {
        self.times.ranges_of(cells.atoms(TIMES))
    }

    /// The times that have these atoms; `None` for all.
    pub(in crate::routing) fn times_with(&self, atoms: Option<&Bits>) -> Times {
        self.times.ranges_of(atoms)
    }

    /// No time at all, as atoms.
    pub(in crate::routing) fn no_time(&self) -> Bits {
        Bits::of(self.times.count, [])
    }

    /// The callers of these calls.
    pub(super) fn callers_of(&self, cells: &Cells) -> Callers {
        self.callers.ranges_of(cells.atoms(CALLERS))
    }

    /// The values that an aspect of these calls has, and whether it may have others too. `None`
    /// where it may be anything.
    pub(super) fn values_of(&self, cells: &Cells, aspect: Aspect) -> Option<(Vec<&str>, bool)> {
        let (dim, known) = self.others.get(&Key::Aspect(aspect))?;
        let atoms = cells.atoms(*dim)?;
        let listed = (0..).zip(known).filter(|(atom, _)| atoms.has(*atom));
        Some((listed.map(|(_, value)| value.as_str()).collect(), atoms.has(known.len() as u32)))
    }

    /// What a dimension is about, if it is not the verdict of one test.
    pub(in crate::routing) fn about(&self, dim: Dim) -> Option<About> {
        match dim {
            CALLERS => Some(About::Callers),
            TIMES => Some(About::Times),
            _ => self.others.iter().find_map(|(key, (other, _))| match key {
                Key::Aspect(aspect) if *other == dim => Some(About::Aspect(*aspect)),
                _ => None,
            }),
        }
    }
}

/// What a dimension is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::routing) enum About {
    Callers,
    Times,
    Aspect(Aspect),
}

fn key(aspect: Aspect, test: usize) -> Key {
    if aspect == Aspect::Own { Key::Own(test) } else { Key::Aspect(aspect) }
}

/// A dimension of values in order, cut into atoms.
struct Cut<T> {
    /// Where each piece starts, and the atom it belongs to, if it is part of the space.
    pieces: Vec<(Option<T>, Option<u32>)>,
    count: u32,
    atoms: HashMap<Ranges<T>, Bits>,
}

impl<T: Ord + Clone + Hash> Cut<T> {
    /// Cut so that each of `sets` is some of the atoms. With `within` only what is in it counts.
    fn of(mut sets: Vec<Ranges<T>>, within: Option<&Ranges<T>>) -> Self {
        sets.sort_by_cached_key(|set| (set.bounds().to_vec(), set.starts_in()));
        sets.dedup();
        let mut turns: Vec<(&T, usize)> = Vec::new();
        let mut inside: BTreeSet<usize> = BTreeSet::new();
        for (place, set) in sets.iter().enumerate() {
            turns.extend(set.bounds().iter().map(|bound| (bound, place)));
            inside.extend(set.starts_in().then_some(place));
        }
        turns.sort_unstable();
        let bound = within.and_then(|within| sets.iter().position(|set| set == within));
        let mut kinds: HashMap<Vec<usize>, u32> = HashMap::new();
        let mut atom = |inside: &BTreeSet<usize>| {
            if bound.is_some_and(|bound| !inside.contains(&bound)) {
                return None;
            }
            let next = kinds.len() as u32;
            Some(*kinds.entry(inside.iter().copied().collect()).or_insert(next))
        };
        let mut pieces = vec![(None, atom(&inside))];
        let mut turns = turns.into_iter().peekable();
        while let Some((bound, place)) = turns.next() {
            if !inside.remove(&place) {
                inside.insert(place);
            }
            if turns.peek().is_none_or(|(next, _)| *next != bound) {
                pieces.push((Some(bound.clone()), atom(&inside)));
            }
        }
        let count = kinds.len() as u32;
        let mut members: Vec<Vec<u32>> = vec![Vec::new(); sets.len()];
        for (kind, atom) in &kinds {
            for place in kind {
                members[*place].push(*atom);
            }
        }
        let atoms = sets.into_iter().zip(members).map(|(set, atoms)| (set, Bits::of(count, atoms))).collect();
        Self { pieces, count, atoms }
    }

    /// One of the sets that it was cut by, as atoms.
    fn atoms_of(&self, set: &Ranges<T>) -> Bits {
        self.atoms[set].clone()
    }

    /// The atom that a value belongs to.
    fn atom_at(&self, value: &T) -> Bits {
        let piece =
            self.pieces.partition_point(|(start, _)| start.as_ref().is_none_or(|start| start <= value));
        let atom = self.pieces.get(piece.saturating_sub(1)).and_then(|(_, atom)| *atom);
        Bits::of(self.count, atom)
    }

    fn ranges_of(&self, atoms: Option<&Bits>) -> Ranges<T> {
        let is_in = |atom: Option<u32>| atom.is_some_and(|atom| atoms.is_none_or(|atoms| atoms.has(atom)));
        let mut bounds = Vec::new();
        let starts_in = self.pieces.first().is_some_and(|(_, atom)| is_in(*atom));
        let mut was_in = starts_in;
        for (start, atom) in &self.pieces[1..] {
            if is_in(*atom) != was_in {
                was_in = !was_in;
                bounds.extend(start.clone());
            }
        }
        Ranges::turning(starts_in, bounds)
    }
}
