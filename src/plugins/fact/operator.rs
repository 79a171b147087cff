//! The ways to compare a fact: their names in the file, their words, and the types they go with.

use serde::{Deserialize, Serialize};

use crate::routing::Kind;

/// A way to compare a fact with a value.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Operator {
    /// There is a value at all.
    #[default]
    Known,
    /// The same text, or the same number.
    Is,
    /// The text has this in it, or the list has this item.
    Contains,
    /// The text begins with this.
    StartsWith,
    /// One of several texts.
    OneOf,
    /// A smaller number.
    LessThan,
    /// A greater number.
    MoreThan,
    /// Yes.
    Yes,
    /// No.
    No,
    /// An earlier time.
    Before,
    /// A later time, or the same.
    After,
}

impl Operator {
    /// All of them, in the order of the menu.
    #[cfg(feature = "desktop")]
    pub(super) const ALL: [Self; 11] = [
        Self::Is,
        Self::OneOf,
        Self::Contains,
        Self::StartsWith,
        Self::LessThan,
        Self::MoreThan,
        Self::Yes,
        Self::No,
        Self::Before,
        Self::After,
        Self::Known,
    ];

    /// Whether facts of this type can be compared so.
    pub(super) fn fits(self, kind: Kind) -> bool {
        match self {
            Self::Known => true,
            Self::Is => matches!(kind, Kind::Text | Kind::Number),
            Self::Contains => matches!(kind, Kind::Text | Kind::List),
            Self::StartsWith | Self::OneOf => kind == Kind::Text,
            Self::LessThan | Self::MoreThan => kind == Kind::Number,
            Self::Yes | Self::No => kind == Kind::YesNo,
            Self::Before | Self::After => kind == Kind::Time,
        }
    }

    /// As part of a sentence, between the fact and the value.
    pub(super) fn words(self, negated: bool) -> &'static str {
        match (self, negated) {
            (Self::Known, false) => "is known",
            (Self::Known, true) => "is not known",
            (Self::Is, false) => "is",
            (Self::Is, true) => "is not",
            (Self::Contains, false) => "contains",
            (Self::Contains, true) => "does not contain",
            (Self::StartsWith, false) => "starts with",
            (Self::StartsWith, true) => "does not start with",
            (Self::OneOf, false) => "is one of",
            (Self::OneOf, true) => "is none of",
            (Self::LessThan, false) => "is less than",
            (Self::LessThan, true) => "is not less than",
            (Self::MoreThan, false) => "is more than",
            (Self::MoreThan, true) => "is not more than",
            (Self::Yes, false) | (Self::No, true) => "is yes",
            (Self::Yes, true) | (Self::No, false) => "is no",
            (Self::Before, false) => "is before",
            (Self::Before, true) => "is not before",
            (Self::After, false) => "is after",
            (Self::After, true) => "is not after",
        }
    }
}
