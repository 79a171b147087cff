//! What arrived: who called, or wrote to, which number. When it arrived is passed beside it.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// An incoming call or text message, before anything is decided about it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Call {
    /// Whether it is a call or a text message.
    #[serde(default, skip_serializing_if = "Medium::is_call")]
    pub medium: Medium,
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

/// How somebody reaches a line. A text message meets the same rules as a call.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Medium {
    /// A phone call.
    #[default]
    Call,
    /// A text message (SMS).
    Text,
}

impl Medium {
    /// What people call it: "call", "text".
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Call => "call",
            Self::Text => "text",
        }
    }

    /// What [`Medium::word`] gives, read again. Anything else is a call.
    #[must_use]
    pub fn from_word(word: &str) -> Self {
        if word == Self::Text.word() { Self::Text } else { Self::Call }
    }

    #[expect(clippy::trivially_copy_pass_by_ref, reason = "the signature serde asks for")]
    pub(super) fn is_call(&self) -> bool {
        *self == Self::Call
    }
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
        Self { medium: Medium::Call, from, to: to.into(), default_agent: None, headers: BTreeMap::new() }
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
