//! Something wrong with a table that keeps it from being published.

use std::fmt;

use serde::Serialize;

/// One thing that must be put right before a table can be published.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Problem {
    /// Where in the file: `rules[2].when[0].any_of[1]`.
    pub field: String,
    /// Where in the owner's words: "Rule “Block list”".
    pub place: String,
    /// What is wrong and what to do.
    pub message: String,
    /// The rule concerned, if it is one, so that the window can go there.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rule: Option<String>,
}

impl Problem {
    /// A problem outside of any rule.
    #[must_use]
    pub fn new(field: impl Into<String>, place: impl Into<String>, message: impl Into<String>) -> Self {
        Self { field: field.into(), place: place.into(), message: message.into(), rule: None }
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {} ({})", self.place, self.message, self.field)
    }
}
