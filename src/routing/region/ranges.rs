//! Sets of values of an ordered kind, kept as stretches: exact, and quick to cut and to join.

/// A set of values. It is all of the kind, or stretches of it that include their start and not
/// their end.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Ranges<T> {
    /// Whether what lies before the first bound belongs to it.
    starts_in: bool,
    /// In order, each once. At each, belonging turns into not belonging, or back.
    bounds: Vec<T>,
}

impl<T: Ord + Clone> Ranges<T> {
    /// Nothing.
    #[must_use]
    pub fn none() -> Self {
        Self { starts_in: false, bounds: Vec::new() }
    }

    /// Everything.
    #[must_use]
    pub fn all() -> Self {
        Self { starts_in: true, bounds: Vec::new() }
    }

    /// All that is in one of these stretches, each from its start to before its end.
    #[must_use]
    pub fn of(spans: impl IntoIterator<Item = (T, T)>) -> Self {
        let mut spans: Vec<(T, T)> = spans.into_iter().filter(|(from, to)| from < to).collect();
        spans.sort_unstable();
        let mut bounds: Vec<T> = Vec::with_capacity(spans.len() * 2);
        for (from, to) in spans {
            match bounds.last_mut() {
                Some(end) if from <= *end => {
                    if to > *end {
                        *end = to;
                    }
                }
                _ => bounds.extend([from, to]),
            }
        }
        Self { starts_in: false, bounds }
    }

    /// All that is turned on: from before all `bounds` if `starts_in`, then in turns at each of them.
    /// They must be in order, each once.
    pub(in crate::routing) fn turning(starts_in: bool, bounds: Vec<T>) -> Self {
        Self { starts_in, bounds }
    }

    /// Whether nothing belongs to it.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        !self.starts_in && self.bounds.is_empty()
    }

    /// Whether this value belongs to it.
    #[must_use]
    pub fn contains(&self, value: &T) -> bool {
        let passed = self.bounds.partition_point(|bound| bound <= value);
        self.starts_in ^ (passed % 2 == 1)
    }

    /// All that does not belong to it.
    #[must_use]
    pub fn complement(&self) -> Self {
        Self { starts_in: !self.starts_in, bounds: self.bounds.clone() }
    }

    /// What belongs to both.
    #[must_use]
    pub fn and(&self, other: &Self) -> Self {
        self.combine(other, |a, b| a && b)
    }

    /// What belongs to one of them.
    #[must_use]
    pub fn or(&self, other: &Self) -> Self {
        self.combine(other, |a, b| a || b)
    }

    /// Its stretches in order; `None` for an end that is nowhere.
    pub fn spans(&self) -> impl Iterator<Item = (Option<&T>, Option<&T>)> {
        let first = self.starts_in.then_some(None);
        let starts = first.into_iter().chain(self.bounds.iter().map(Some));
        let offset = usize::from(!self.starts_in);
        starts.step_by(2).enumerate().map(move |(index, start)| (start, self.bounds.get(index * 2 + offset)))
    }

    /// The values at which it begins or ends.
    #[must_use]
    pub fn bounds(&self) -> &[T] {
        &self.bounds
    }

    /// Whether what lies before all bounds belongs to it.
    #[must_use]
    pub fn starts_in(&self) -> bool {
        self.starts_in
    }

    fn combine(&self, other: &Self, rule: fn(bool, bool) -> bool) -> Self {
        let (mut a, mut b) = (self.starts_in, other.starts_in);
        let starts_in = rule(a, b);
        let mut was_in = starts_in;
        let mut bounds = Vec::new();
        let (mut left, mut right) = (self.bounds.iter().peekable(), other.bounds.iter().peekable());
        loop {
            let next = match (left.peek(), right.peek()) {
                (None, None) => return Self { starts_in, bounds },
                (Some(next), None) | (None, Some(next)) => *next,
                (Some(l), Some(r)) => (*l).min(*r),
            };
            a ^= left.next_if(|bound| *bound == next).is_some();
            b ^= right.next_if(|bound| *bound == next).is_some();
            if rule(a, b) != was_in {
                was_in = !was_in;
                bounds.push(next.clone());
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn any_ranges() -> impl Strategy<Value = Ranges<u8>> {
        (prop::collection::vec((0_u8..40, 0_u8..40), 0..6), any::<bool>()).prop_map(|(spans, inverted)| {
            let ranges = Ranges::of(spans);
            if inverted { ranges.complement() } else { ranges }
        })
    }

    proptest! {
        #[test]
        fn sets_are_what_their_members_say(a in any_ranges(), b in any_ranges(), value in 0_u8..50) {
            let (in_a, in_b) = (a.contains(&value), b.contains(&value));
            prop_assert_eq!(a.and(&b).contains(&value), in_a && in_b);
            prop_assert_eq!(a.or(&b).contains(&value), in_a || in_b);
            prop_assert_eq!(a.complement().contains(&value), !in_a);
            prop_assert!(a.and(&a.complement()).is_empty());
            prop_assert_eq!(a.or(&a.complement()), Ranges::all());
            let in_spans = a.spans().any(|(from, to)| {
                from.is_none_or(|from| *from <= value) && to.is_none_or(|to| value < *to)
            });
            prop_assert_eq!(in_spans, in_a);
        }
    }
}
