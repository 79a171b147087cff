//! What arrived: who called which number. When it arrived is passed beside it.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// An incoming call, before anything is decided about it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Call {
    /// Who calls.
    pub from: Caller,
    /// The number that was called: E.164 where it could be read, else the text as it came.
    pub to: String,
    /// The Retell id of the agent set on this number at Retell, if there is one. It takes the
    /// call when we keep or reject, and when we cannot be reached.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub default_agent: Option<String>,
    /// SIP headers that the caller's network sent along, by name.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub headers: BTreeMap<String, String>,
}

/// Who calls. A number is a claim: callers can fake it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Caller {
    /// E.164 where it could be read, else the text as it came.
    Number(String),
    /// The caller hides the number.
    Withheld,
}

impl Call {
    /// A call with nothing but the two numbers.
    #[must_use]
    pub fn new(from: Caller, to: impl Into<String>) -> Self {
        Self { from, to: to.into(), default_agent: None, headers: BTreeMap::new() }
    }
}

impl Caller {
    /// The number, unless it is withheld.
    #[must_use]
    pub fn number(&self) -> Option<&str> {
        match self {
            Self::Number(number) => Some(number),
            Self::Withheld => None,
        }
    }
}
