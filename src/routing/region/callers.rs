//! Sets of callers by what they send as their number.

use super::Ranges;
use crate::routing::Caller;

/// A caller as a value in order: the bytes of the number. No text has a byte 255, so that is who
/// hides the number, and beginnings of numbers are stretches.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CallerKey(Box<[u8]>);

/// Which callers. Exact about numbers, whatever is sent as one.
pub type Callers = Ranges<CallerKey>;

const WITHHELD: u8 = 255;

impl CallerKey {
    fn number(number: &str) -> Self {
        Self(number.as_bytes().into())
    }

    /// The first that comes after this one.
    fn next(&self) -> Self {
        let mut bytes = self.0.to_vec();
        bytes.push(0);
        Self(bytes.into())
    }

    /// The first that comes after all that begin like this one.
    fn after_all_like_it(&self) -> Self {
        let mut bytes = self.0.to_vec();
        // No byte of a text is above 247, so that adding one never wraps.
        match bytes.last_mut() {
            Some(last) => *last += 1,
            None => bytes.push(WITHHELD),
        }
        Self(bytes.into())
    }

    /// The bytes that it is compared by.
    #[must_use]
    pub fn bytes(&self) -> &[u8] {
        &self.0
    }

    /// The text that stands here, if it is one.
    #[must_use]
    pub fn text(&self) -> Option<&str> {
        std::str::from_utf8(&self.0).ok()
    }
}

impl From<&Caller> for CallerKey {
    fn from(caller: &Caller) -> Self {
        match caller {
            Caller::Number(number) => Self::number(number),
            Caller::Withheld => Self([WITHHELD].into()),
        }
    }
}

impl Callers {
    /// Who hides the number.
    #[must_use]
    pub fn withheld() -> Self {
        let key = CallerKey::from(&Caller::Withheld);
        let end = key.next();
        Self::of([(key, end)])
    }

    /// Callers with one of these numbers, or one that begins like this.
    #[must_use]
    pub fn numbers<'a>(
        exact: impl IntoIterator<Item = &'a str>,
        prefixes: impl IntoIterator<Item = &'a str>,
    ) -> Self {
        let exact = exact.into_iter().map(CallerKey::number).map(|key| (key.clone(), key.next()));
        let prefixes =
            prefixes.into_iter().map(CallerKey::number).map(|key| (key.clone(), key.after_all_like_it()));
        Self::of(exact.chain(prefixes))
    }

    /// What its stretches are: single callers and beginnings of numbers. `None` where there are
    /// others, such as all callers but one.
    #[must_use]
    pub fn parts(&self) -> Option<Vec<CallerPart<'_>>> {
        self.spans()
            .map(|(from, to)| {
                let (from, to) = (from?, to?);
                if *to == from.next() {
                    Some(CallerPart::One(from))
                } else {
                    (*to == from.after_all_like_it()).then_some(CallerPart::StartingWith(from))
                }
            })
            .collect()
    }
}

/// A stretch of callers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CallerPart<'a> {
    /// This one.
    One(&'a CallerKey),
    /// All whose number begins like this.
    StartingWith(&'a CallerKey),
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn numbers_and_beginnings_are_told_apart() {
        let number = |text: &str| CallerKey::from(&Caller::Number(text.into()));
        let withheld = CallerKey::from(&Caller::Withheld);
        let callers = Callers::numbers(["+14155552671", "1001"], ["+49"]);
        for (text, is_in) in [
            ("+14155552671", true),
            ("+141555526711", false),
            ("+1415555267", false),
            ("+49", true),
            ("+4930901820", true),
            ("+4", false),
            ("+50", false),
            ("1001", true),
            ("", false),
            ("ü", false),
        ] {
            assert_eq!(callers.contains(&number(text)), is_in, "{text}");
            assert!(Callers::withheld().complement().contains(&number(text)));
            assert!(Callers::numbers([], [""]).contains(&number(text)));
        }
        assert!(!callers.contains(&withheld));
        assert!(callers.complement().contains(&withheld));
        assert!(Callers::withheld().contains(&withheld));
        assert!(!Callers::numbers([], [""]).contains(&withheld));
        assert_eq!(callers.parts().unwrap().len(), 3);
        assert_eq!(Callers::withheld().parts().unwrap(), [CallerPart::One(&withheld)]);
        assert_eq!(callers.complement().parts(), None);
        assert_eq!(Callers::all().parts(), None);
    }
}
