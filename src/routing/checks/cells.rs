//! Sets of calls as boxes over a few atoms: what no rule of a table tells apart is one atom, so
//! cutting one set out of another is a matter of bits.

use std::sync::Arc;

/// Some of the atoms of one dimension.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(in crate::routing) struct Bits {
    words: Arc<[u64]>,
    len: u32,
    /// The first word with an atom in it, and the one after the last. Most sets have few atoms, side
    /// by side, and most pairs of them are told apart by this alone.
    within: (u32, u32),
}

impl Bits {
    pub(in crate::routing) fn of(len: u32, atoms: impl IntoIterator<Item = u32>) -> Self {
        let mut words = vec![0_u64; len.div_ceil(64) as usize];
        for atom in atoms {
            words[atom as usize / 64] |= 1 << (atom % 64);
        }
        Self::new(words.into(), len)
    }

    fn new(words: Arc<[u64]>, len: u32) -> Self {
        let first = words.iter().position(|word| *word != 0).unwrap_or(words.len());
        let end = words.iter().rposition(|word| *word != 0).map_or(first, |last| last + 1);
        Self { words, len, within: (first as u32, end as u32) }
    }

    pub(in crate::routing) fn has(&self, atom: u32) -> bool {
        self.words.get(atom as usize / 64).is_some_and(|word| word >> (atom % 64) & 1 == 1)
    }

    pub(in crate::routing) fn is_empty(&self) -> bool {
        self.within.0 == self.within.1
    }

    fn is_full(&self) -> bool {
        self.words.iter().map(|word| word.count_ones()).sum::<u32>() == self.len
    }

    fn meets(&self, other: &Self) -> bool {
        let (from, to) = (self.within.0.max(other.within.0), self.within.1.min(other.within.1));
        (from..to).any(|word| self.words[word as usize] & other.words[word as usize] != 0)
    }

    pub(in crate::routing) fn is_within(&self, other: &Self) -> bool {
        self.words.iter().zip(other.words.iter()).all(|(a, b)| a & !b == 0)
    }

    fn and(&self, other: &Self) -> Self {
        self.combine(other, |a, b| a & b)
    }

    pub(in crate::routing) fn or(&self, other: &Self) -> Self {
        self.combine(other, |a, b| a | b)
    }

    fn minus(&self, other: &Self) -> Self {
        self.combine(other, |a, b| a & !b)
    }

    pub(in crate::routing) fn complement(&self) -> Self {
        Self::of(self.len, 0..self.len).minus(self)
    }

    fn combine(&self, other: &Self, rule: fn(u64, u64) -> u64) -> Self {
        let words = self.words.iter().zip(other.words.iter()).map(|(a, b)| rule(*a, *b)).collect();
        Self::new(words, self.len)
    }
}

/// A dimension, by its place among those of the space.
pub(in crate::routing) type Dim = u32;

/// A box: calls that have one of some atoms in each of some dimensions, and any in all others.
/// Never empty.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(in crate::routing) struct Cells(Vec<(Dim, Bits)>);

impl Cells {
    /// The box limited to `atoms` in one dimension more. `None` where nothing is left.
    pub(in crate::routing) fn limited(mut self, dim: Dim, atoms: Bits) -> Option<Self> {
        match self.0.binary_search_by_key(&dim, |(dim, _)| *dim) {
            Ok(place) => {
                let both = self.0[place].1.and(&atoms);
                if both.is_empty() {
                    return None;
                }
                self.0[place].1 = both;
            }
            Err(_) if atoms.is_empty() => return None,
            Err(_) if atoms.is_full() => {}
            Err(place) => self.0.insert(place, (dim, atoms)),
        }
        Some(self)
    }

    /// The dimensions in which it is limited.
    pub(in crate::routing) fn dims(&self) -> impl Iterator<Item = Dim> {
        self.0.iter().map(|(dim, _)| *dim)
    }

    /// The atoms that it has in a dimension; `None` for all.
    pub(in crate::routing) fn atoms(&self, dim: Dim) -> Option<&Bits> {
        let place = self.0.binary_search_by_key(&dim, |(dim, _)| *dim).ok()?;
        Some(&self.0[place].1)
    }

    /// The dimensions in which both are limited, with the atoms of each.
    pub(in crate::routing) fn common<'a>(
        &'a self,
        other: &'a Self,
    ) -> impl Iterator<Item = (Dim, &'a Bits, &'a Bits)> {
        let mut rest = other.0.as_slice();
        self.0.iter().filter_map(move |(dim, atoms)| {
            while rest.first().is_some_and(|(other, _)| other < dim) {
                rest = &rest[1..];
            }
            rest.first().filter(|(other, _)| other == dim).map(|(_, others)| (*dim, atoms, others))
        })
    }

    /// Whether some calls are in both.
    pub(in crate::routing) fn meets(&self, other: &Self) -> bool {
        self.common(other).all(|(_, a, b)| a.meets(b))
    }

    /// The calls that are in both.
    pub(in crate::routing) fn and(&self, other: &Self) -> Option<Self> {
        other.0.iter().try_fold(self.clone(), |cells, (dim, atoms)| cells.limited(*dim, atoms.clone()))
    }

    /// The calls that are in this one and not in the other, as boxes that do not meet.
    pub(in crate::routing) fn minus(&self, other: &Self) -> Vec<Self> {
        if !self.meets(other) {
            return vec![self.clone()];
        }
        let mut left = Vec::new();
        let mut rest = self.clone();
        for (dim, atoms) in &other.0 {
            left.extend(rest.clone().limited(*dim, atoms.complement()));
            // It meets the other, so this is never empty.
            rest = rest.clone().limited(*dim, atoms.clone()).unwrap_or(rest);
        }
        left
    }
}

/// The calls that are in one of `boxes` and in none of `others`. `None` where these would be more
/// than `most` boxes.
pub(in crate::routing) fn minus(boxes: &[Cells], others: &[Cells], most: usize) -> Option<Vec<Cells>> {
    let mut left = boxes.to_vec();
    for other in others {
        if left.iter().any(|cells| cells.meets(other)) {
            left = left.iter().flat_map(|cells| cells.minus(other)).collect();
            if left.len() > most {
                return None;
            }
        }
    }
    Some(left)
}

/// Whether some calls are in one of each.
pub(in crate::routing) fn meet(boxes: &[Cells], others: &[Cells]) -> bool {
    boxes.iter().any(|cells| others.iter().any(|other| cells.meets(other)))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// How many atoms each of three dimensions has.
    const SIZES: [u32; 3] = [3, 2, 70];

    fn any_cells() -> impl Strategy<Value = Option<Cells>> {
        let bits = SIZES.map(|size| {
            prop::option::of(prop::collection::vec(0..size, 1..5)).prop_map(move |atoms| (size, atoms))
        });
        bits.prop_map(|bits| {
            (0..).zip(bits).try_fold(Cells::default(), |cells, (dim, (size, atoms))| match atoms {
                Some(atoms) => cells.limited(dim, Bits::of(size, atoms)),
                None => Some(cells),
            })
        })
    }

    fn holds(cells: &Cells, point: [u32; 3]) -> bool {
        (0..).zip(point).all(|(dim, atom)| cells.atoms(dim).is_none_or(|atoms| atoms.has(atom)))
    }

    proptest! {
        #[test]
        fn boxes_are_what_their_points_say(
            a in any_cells(), b in any_cells(), point in SIZES.map(|size| 0..size),
        ) {
            let (Some(a), Some(b)) = (a, b) else { return Ok(()) };
            let (in_a, in_b) = (holds(&a, point), holds(&b, point));
            let both = a.and(&b);
            prop_assert_eq!(both.is_some(), a.meets(&b));
            prop_assert_eq!(both.is_some_and(|both| holds(&both, point)), in_a && in_b);
            let left = a.minus(&b);
            let count = left.iter().filter(|cells| holds(cells, point)).count();
            prop_assert_eq!(count, usize::from(in_a && !in_b), "in one piece at most");
            prop_assert!(a.minus(&a).is_empty());
        }
    }
}
