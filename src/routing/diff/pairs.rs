//! Which thing of one table is which of the other, and which of them moved.

use std::collections::{HashMap, HashSet};

use similar::{Algorithm, DiffOp, capture_diff_slices};

use super::{About, Change, ChangeKind, Tell};

/// The same things on both sides. Ids that are used twice, which only a file edited by hand can
/// have, are told apart by their order.
pub(super) struct Pairs<'a, T> {
    from: &'a [T],
    to: &'a [T],
    /// For each thing of `to`, where it stands in `from`.
    origins: Vec<Option<usize>>,
    /// Places in `to` of the things that stayed where they were: as many as possible.
    stayed: HashSet<usize>,
}

impl<'a, T> Pairs<'a, T> {
    pub(super) fn of(from: &'a [T], to: &'a [T], id: impl Fn(&T) -> &str) -> Self {
        let mut places: HashMap<(&str, usize), usize> =
            keys(from, &id).into_iter().enumerate().map(|(place, key)| (key, place)).collect();
        let origins: Vec<_> = keys(to, &id).iter().map(|key| places.remove(key)).collect();
        let stayed = stayed(&origins);
        Self { from, to, origins, stayed }
    }

    /// The things of the new side in order: place, the thing, the same thing on the old side.
    pub(super) fn now(&self) -> impl Iterator<Item = (usize, &'a T, Option<&'a T>)> {
        let both = self.to.iter().zip(&self.origins).enumerate();
        both.map(|(place, (new, origin))| (place, new, origin.map(|origin| &self.from[origin])))
    }

    /// The things that are only on the old side.
    pub(super) fn gone(&self) -> impl Iterator<Item = &'a T> {
        let kept: HashSet<usize> = self.origins.iter().flatten().copied().collect();
        self.from.iter().enumerate().filter(move |(place, _)| !kept.contains(place)).map(|(_, item)| item)
    }

    pub(super) fn has_moved(&self, place: usize) -> bool {
        self.origins[place].is_some() && !self.stayed.contains(&place)
    }

    /// Where the thing at `place` stands, by its neighbours that stayed: "above “VIP”".
    pub(super) fn place_words(&self, place: usize, name: impl Fn(&T) -> &str) -> String {
        let stays = |other: &usize| self.stayed.contains(other);
        if place == 0 {
            return "to the top".to_owned();
        }
        if place + 1 == self.to.len() {
            return "to the bottom".to_owned();
        }
        let below = (place + 1..self.to.len()).find(stays).map(|other| ("above", other));
        match below.or_else(|| (0..place).rev().find(stays).map(|other| ("below", other))) {
            Some((side, other)) => format!("{side} “{}”", name(&self.to[other])),
            None => format!("to place {}", place + 1),
        }
    }

    /// Whether any of the things that are on both sides moved.
    pub(super) fn has_order_changed(&self) -> bool {
        (0..self.to.len()).any(|place| self.has_moved(place))
    }
}

fn keys<'a, T>(items: &'a [T], id: &impl Fn(&T) -> &str) -> Vec<(&'a str, usize)>
where
    T: 'a,
{
    let mut seen: HashMap<&str, usize> = HashMap::new();
    let key = |item: &'a T| {
        let id = id(item);
        let count = seen.entry(id).or_default();
        *count += 1;
        (id, *count)
    };
    items.iter().map(key).collect()
}

/// The largest set of things that keep their order: the longest common subsequence of both sides.
/// Found from the end, so that of two that changed places the upper one is told as moved up.
fn stayed(origins: &[Option<usize>]) -> HashSet<usize> {
    if origins.iter().flatten().is_sorted() {
        return (0..origins.len()).filter(|place| origins[*place].is_some()).collect();
    }
    let (places, now): (Vec<usize>, Vec<usize>) =
        origins.iter().enumerate().rev().filter_map(|(place, origin)| Some((place, (*origin)?))).unzip();
    let mut before = now.clone();
    before.sort_unstable_by(|a, b| b.cmp(a));
    capture_diff_slices(Algorithm::Hunt, &before, &now)
        .iter()
        .filter(|op| matches!(op, DiffOp::Equal { .. }))
        .flat_map(DiffOp::new_range)
        .map(|index| places[index])
        .collect()
}

/// Tells of things whose order means nothing: new, gone, renamed, and what `compare` finds.
pub(super) fn things<T: PartialEq>(
    told: &mut Vec<Change>,
    (about, kind): (About, &str),
    (from, to): (&[T], &[T]),
    key: impl Fn(&T) -> (&str, &str),
    describe: impl Fn(&T) -> String,
    mut compare: impl FnMut(&mut Tell<'_>, &T, &T),
) {
    let pairs = Pairs::of(from, to, |item| key(item).0);
    let subject = |item: &T| format!("{kind} “{}”", key(item).1);
    for (_, new, old) in pairs.now() {
        let mut tell = Tell { told, about, id: Some(key(new).0.to_owned()), subject: subject(new) };
        match old {
            None => tell.say(ChangeKind::New, &format!("is new{}", describe(new))),
            Some(old) if old != new => {
                if key(old).1 != key(new).1 {
                    let words = format!("{} is now called “{}”", subject(old), key(new).1);
                    tell.sentence(ChangeKind::Changed, words);
                }
                compare(&mut tell, old, new);
            }
            Some(_) => {}
        }
    }
    for old in pairs.gone() {
        let mut tell = Tell { told, about, id: Some(key(old).0.to_owned()), subject: subject(old) };
        tell.say(ChangeKind::Gone, "is gone");
    }
    if pairs.has_order_changed() {
        let words = format!("The {} are in another order", about.title().to_lowercase());
        told.push(Change { kind: ChangeKind::Moved, about, id: None, words });
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use proptest::prelude::*;

    use super::*;

    /// The longest rising run among all subsets, by trying them all.
    fn longest(order: &[usize]) -> usize {
        (0..1_u32 << order.len())
            .map(|set| {
                let run: Vec<_> =
                    (0..order.len()).filter(|i| set & (1 << i) != 0).map(|i| order[i]).collect();
                if run.is_sorted() { run.len() } else { 0 }
            })
            .max()
            .unwrap()
    }

    proptest! {
        #[test]
        fn as_few_things_as_possible_are_told_as_moved(order in Just((0..9).collect::<Vec<usize>>()).prop_shuffle()) {
            let origins: Vec<_> = order.iter().copied().map(Some).collect();
            let stayed = stayed(&origins);
            prop_assert_eq!(stayed.len(), longest(&order));
            let kept: Vec<_> = (0..9).filter(|place| stayed.contains(place)).map(|place| order[place]).collect();
            prop_assert!(kept.is_sorted());
        }
    }

    #[test]
    fn a_thousand_things_turned_round_are_compared_at_once() {
        let origins: Vec<_> = (0..1000).rev().map(Some).collect();
        assert_eq!(stayed(&origins).len(), 1);
    }
}
