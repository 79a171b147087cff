//! What the owner sets for one web look-up, as it stands in the table's file. No secret is ever
//! part of it.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use crate::routing::{Kind, Value};

/// How long a server is waited for, in milliseconds, unless the owner says otherwise.
const USUAL_LIMIT_MS: u64 = 1000;
/// The shortest and the longest time that a server can be waited for. The longest leaves some of
/// the time that all look-ups have together.
pub(super) const LIMITS_MS: std::ops::RangeInclusive<u64> = 100..=1400;
/// How many facts one look-up can give.
pub(super) const MAX_FACTS: usize = 30;

/// One web look-up.
#[derive(Clone, Debug, PartialEq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
#[expect(clippy::struct_excessive_bools, reason = "each is a switch of its own in the window")]
pub(super) struct Settings {
    /// How the server is asked.
    #[serde(default)]
    pub method: Method,
    /// The address, with placeholders behind the server's name.
    #[serde(default)]
    pub url: String,
    /// Headers, and parts of the address that are kept apart from it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub send: Vec<Sent>,
    /// What is posted.
    #[serde(default, skip_serializing_if = "Body::is_none")]
    pub body: Body,
    /// What is taken from the answer.
    #[serde(default)]
    pub facts: Vec<Mapping>,
    /// How long the server is waited for, in milliseconds.
    #[serde(default = "usual_limit")]
    pub time_limit_ms: u64,
    /// For how long an answer is used again, in seconds; 0: never.
    #[serde(default)]
    pub remember_s: u64,
    /// Whether an older answer is used at once, and asked for anew behind the call.
    #[serde(default)]
    pub refresh: bool,
    /// Whether status 404 says that nothing is known of this caller, and not that something broke.
    #[serde(default)]
    pub not_found_is_answer: bool,
    /// Whether the server may be in the owner's own network.
    #[serde(default)]
    pub allow_private: bool,
    /// Whether it may be asked without encryption.
    #[serde(default)]
    pub allow_http: bool,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            method: Method::Get,
            url: String::new(),
            send: Vec::new(),
            body: Body::None,
            facts: Vec::new(),
            time_limit_ms: USUAL_LIMIT_MS,
            remember_s: 600,
            refresh: true,
            not_found_is_answer: true,
            allow_private: false,
            allow_http: false,
        }
    }
}

/// How a server is asked.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "UPPERCASE")]
pub(super) enum Method {
    /// All that is asked stands in the address.
    #[default]
    Get,
    /// There is a body.
    Post,
}

/// What is posted, with placeholders.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Body {
    /// Nothing.
    #[default]
    None,
    /// JSON; placeholders stand inside of its texts.
    Json(String),
    /// A form as browsers send it: `phone={{caller.number}}&shop=12`.
    Form(String),
}

impl Body {
    fn is_none(&self) -> bool {
        *self == Self::None
    }
}

/// Something that is sent along.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Sent {
    /// Where and how.
    #[serde(rename = "as")]
    pub how: How,
    /// The name of the header, or of the part of the address.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub name: String,
    /// The value with placeholders; for a log-in the user's name. Secret ones have none here.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub value: String,
}

/// Where and how something is sent along.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum How {
    /// `Authorization: Bearer` and a secret.
    #[default]
    Bearer,
    /// `Authorization: Basic` with a user's name and a secret password.
    LogIn,
    /// A header with a secret value.
    SecretHeader,
    /// A part of the address with a secret value: `?key=`.
    SecretInAddress,
    /// A header.
    Header,
}

impl How {
    pub(super) fn is_secret(self) -> bool {
        self != Self::Header
    }

    /// Whether it has a name of its own.
    pub(super) fn has_name(self) -> bool {
        !matches!(self, Self::Bearer | Self::LogIn)
    }
}

impl Sent {
    /// What it is called on the wire, and its secret on this computer.
    pub(super) fn title(&self) -> &str {
        if self.how.has_name() { self.name.trim() } else { "Authorization" }
    }
}

/// A value of the answer that becomes a fact.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Mapping {
    /// The second half of the fact's name: `tier` in `crm.tier`.
    pub name: String,
    /// What people call it: "Customer tier".
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub title: String,
    /// Where in the answer it stands, as a JSON pointer (RFC 6901): `/customer/tier`.
    #[serde(default)]
    pub pointer: String,
    /// Its type.
    #[serde(default = "text", rename = "type")]
    pub kind: Kind,
    /// The value when the answer has none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub if_none: Option<String>,
    /// The value when the look-up fails.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub if_it_fails: Option<String>,
}

impl Default for Mapping {
    fn default() -> Self {
        Self {
            name: String::new(),
            title: String::new(),
            pointer: String::new(),
            kind: Kind::Text,
            if_none: None,
            if_it_fails: None,
        }
    }
}

impl Mapping {
    /// What people call it.
    pub(super) fn words(&self) -> &str {
        let title = self.title.trim();
        if title.is_empty() { &self.name } else { title }
    }
}

/// The types that facts from an answer can have, with their names.
pub(super) const KINDS: [(Kind, &str); 4] =
    [(Kind::Text, "Text"), (Kind::Number, "Number"), (Kind::YesNo, "Yes or no"), (Kind::List, "List")];

/// A value as the owner types it.
pub(super) fn typed(text: &str, kind: Kind) -> Result<Value, String> {
    let text = text.trim();
    match kind {
        Kind::Text | Kind::Time => Ok(Value::Text(text.to_owned())),
        Kind::Number => match text.parse::<f64>() {
            Ok(number) if number.is_finite() => Ok(Value::Number(number)),
            _ => Err(format!("“{text}” is not a number")),
        },
        Kind::YesNo => match text.to_lowercase().as_str() {
            "yes" | "true" | "1" => Ok(Value::YesNo(true)),
            "no" | "false" | "0" => Ok(Value::YesNo(false)),
            _ => Err(format!("“{text}” is neither yes nor no")),
        },
        Kind::List => {
            let items = text.split(',').map(str::trim).filter(|item| !item.is_empty());
            Ok(Value::List(items.map(str::to_owned).collect()))
        }
    }
}

/// What is wrong with the facts that are to be taken from the answer, in a sentence.
pub(super) fn check_facts(facts: &[Mapping]) -> Result<(), String> {
    if facts.len() > MAX_FACTS {
        return Err(format!("it takes {} facts from the answer; {MAX_FACTS} is the most", facts.len()));
    }
    let mut names = BTreeSet::new();
    for fact in facts {
        let name = fact.name.as_str();
        let fits = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_';
        if name.is_empty() || !name.chars().all(fits) {
            return Err(format!(
                "“{name}” cannot be the name of a fact; use small letters, digits and _, such as customer_tier"
            ));
        }
        if name == super::FOUND {
            return Err(format!("the fact “{name}” is given anyway; choose another name"));
        }
        if !names.insert(name) {
            return Err(format!("the fact “{name}” is taken from the answer twice; rename one of the two"));
        }
        if !fact.pointer.is_empty() && !fact.pointer.starts_with('/') {
            return Err(format!(
                "“{}” is not a place in the answer; write one like /customer/tier, or test it and click a value",
                fact.pointer
            ));
        }
        if !KINDS.iter().any(|(kind, _)| *kind == fact.kind) {
            return Err(format!(
                "the fact “{name}” cannot be of this type; choose text, a number, yes or no, or a list"
            ));
        }
        for value in [&fact.if_none, &fact.if_it_fails].into_iter().flatten() {
            typed(value, fact.kind)
                .map_err(|why| format!("the fact “{name}”: {why}; write another value, or none"))?;
        }
    }
    Ok(())
}

fn usual_limit() -> u64 {
    USUAL_LIMIT_MS
}

fn text() -> Kind {
    Kind::Text
}
