//! A short run of words in which the names that the owner gave stand out.

use std::fmt;

use serde::{Deserialize, Serialize};

/// Words in order; the flag marks a name or value that is shown strong.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Phrase(Vec<(String, bool)>);

impl Phrase {
    /// An empty phrase, to be built up.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds ordinary words.
    #[must_use]
    pub fn plain(mut self, words: impl Into<String>) -> Self {
        self.0.push((words.into(), false));
        self
    }

    /// Adds a name or a value.
    #[must_use]
    pub fn strong(mut self, name: impl Into<String>) -> Self {
        self.0.push((name.into(), true));
        self
    }

    /// Adds several names as "A, B or C".
    #[must_use]
    pub fn any(mut self, names: impl IntoIterator<Item = String>) -> Self {
        let names: Vec<String> = names.into_iter().collect();
        let last = names.len().saturating_sub(1);
        for (index, name) in names.into_iter().enumerate() {
            if index > 0 {
                self = self.plain(if index == last { " or " } else { ", " });
            }
            self = self.strong(name);
        }
        self
    }

    /// The parts in order, with whether each is strong.
    #[must_use]
    pub fn parts(&self) -> &[(String, bool)] {
        &self.0
    }
}

impl fmt::Display for Phrase {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|(words, _)| f.write_str(words))
    }
}

/// A sentence with a capital letter in front.
#[must_use]
pub fn capital(sentence: &str) -> String {
    let mut letters = sentence.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

/// A count with a comma between thousands: "4,812".
#[must_use]
pub fn grouped(count: usize) -> String {
    let digits = count.to_string();
    let mut words = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            words.push(',');
        }
        words.push(digit);
    }
    words
}
