//! What is known about a call, by dotted name and with a type.

use std::collections::BTreeMap;

use chrono::{DateTime, FixedOffset};
use serde::{Deserialize, Serialize};

/// The value of one fact.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Value {
    /// Any text.
    Text(String),
    /// A finite number.
    Number(f64),
    /// Yes or no.
    YesNo(bool),
    /// A moment, with the offset of the place it is told for.
    Time(DateTime<FixedOffset>),
    /// Several texts.
    List(Vec<String>),
}

/// The type of a fact, as a plugin declares it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    /// Any text.
    Text,
    /// A finite number.
    Number,
    /// Yes or no.
    YesNo,
    /// A moment.
    Time,
    /// Several texts.
    List,
}

impl Value {
    /// The type of this value.
    #[must_use]
    pub fn kind(&self) -> Kind {
        match self {
            Self::Text(_) => Kind::Text,
            Self::Number(_) => Kind::Number,
            Self::YesNo(_) => Kind::YesNo,
            Self::Time(_) => Kind::Time,
            Self::List(_) => Kind::List,
        }
    }

    /// The value as a person, or an agent reading it aloud, would say it.
    #[must_use]
    pub fn words(&self) -> String {
        match self {
            Self::Text(text) => text.clone(),
            Self::Number(number) => number.to_string(),
            Self::YesNo(true) => "yes".into(),
            Self::YesNo(false) => "no".into(),
            Self::Time(time) => time.format("%A %-d %B, %H:%M").to_string(),
            Self::List(items) => items.join(", "),
        }
    }
}

/// Why a fact of a past call is not known where nobody asked for it then.
const NOT_ASKED: &str = "it was not looked up when the call came in";

/// All that is known about one call, and what could not be found out.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Facts {
    /// Known facts by name.
    #[serde(default)]
    known: BTreeMap<String, Value>,
    /// Facts that a look-up should have given and did not: name, and the reason in words.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    missing: BTreeMap<String, String>,
}

impl Facts {
    /// Adds or replaces a fact.
    pub fn set(&mut self, name: impl Into<String>, value: Value) {
        let name = name.into();
        self.missing.remove(&name);
        self.known.insert(name, value);
    }

    /// Notes that a fact could not be found out, and why. A known fact stays known.
    pub fn set_missing(&mut self, name: impl Into<String>, reason: impl Into<String>) {
        let name = name.into();
        if !self.known.contains_key(&name) {
            self.missing.insert(name, reason.into());
        }
    }

    /// Notes that nobody asked for a fact: whether it would be known, is not known either.
    pub fn set_not_asked(&mut self, name: impl Into<String>) {
        self.set_missing(name, NOT_ASKED);
    }

    /// Whether nobody asked for a fact; see [`Facts::set_not_asked`].
    #[must_use]
    pub fn is_not_asked(&self, name: &str) -> bool {
        self.why_missing(name) == Some(NOT_ASKED)
    }

    /// The value of a fact, if it is known.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&Value> {
        self.known.get(name)
    }

    /// Why a fact is not known, if a look-up said so.
    #[must_use]
    pub fn why_missing(&self, name: &str) -> Option<&str> {
        self.missing.get(name).map(String::as_str)
    }

    /// All known facts in the order of their names.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &Value)> {
        self.known.iter().map(|(name, value)| (name.as_str(), value))
    }

    /// All missing facts with the reason.
    pub fn iter_missing(&self) -> impl Iterator<Item = (&str, &str)> {
        self.missing.iter().map(|(name, reason)| (name.as_str(), reason.as_str()))
    }

    /// Takes over all facts of `other`; where both know one, `other` wins.
    pub fn merge(&mut self, other: Self) {
        for (name, value) in other.known {
            self.set(name, value);
        }
        for (name, reason) in other.missing {
            self.set_missing(name, reason);
        }
    }
}
