//! The messages between the host and a plugin: the same JSON for scripts, modules, tests and docs.
//! Contract 1: fields may be added to an ask, and plugins pass over those they do not know. Each plugin is
//! asked by the contract that it was written for.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use serde_json::{Map, Value as Json, json};

use super::Trouble;
use super::sandbox::MAX_MESSAGE;
use crate::plugins::{Ask, FactInfo, Offer, Telling};
use crate::routing::{Call, Facts, Kind, Medium, Value};

/// The longest text of a fact, in characters.
const MAX_TEXT: usize = 4000;

/// What a plugin said.
pub struct Said {
    /// The facts.
    pub facts: Facts,
    /// What was wrong with some of them.
    pub odd: Vec<String>,
}

/// The question about a call.
pub(super) fn ask(
    contract: u32,
    Ask { call, at }: &Ask,
    settings: &Map<String, Json>,
    left_ms: u64,
    zone: chrono_tz::Tz,
) -> Result<Vec<u8>, Trouble> {
    let message = json!({
        "contract": contract,
        "offer": Offer::Facts.word(),
        "call": call_json(call, *at, zone),
        "settings": settings,
        "left_ms": left_ms,
    });
    bytes(&message)
}

/// What a plugin is to tell.
pub(super) fn tell(
    contract: u32,
    telling: &Telling,
    settings: &Map<String, Json>,
    left_ms: u64,
) -> Result<Vec<u8>, Trouble> {
    let message = json!({
        "contract": contract,
        "offer": Offer::Notice.word(),
        "record": telling.record(),
        "settings": settings,
        "left_ms": left_ms,
    });
    bytes(&message)
}

fn bytes(message: &Json) -> Result<Vec<u8>, Trouble> {
    let message = message.to_string().into_bytes();
    if message.len() > MAX_MESSAGE {
        return Err(Trouble::Broken("the call and its settings are too much to be told".to_owned()));
    }
    Ok(message)
}

/// Whether an answer to a notice says that it was told: anything but an error.
pub(super) fn told(bytes: &[u8]) -> Result<(), Trouble> {
    let text = std::str::from_utf8(bytes)
        .map_err(|_| Trouble::Broken("its answer is no text (not UTF-8)".to_owned()))?;
    let json: Json = serde_json::from_str(text)
        .map_err(|why| Trouble::Broken(format!("its answer is not JSON ({why})")))?;
    if json.get("error").is_some() { Err(Trouble::Broken(words_of_error(bytes))) } else { Ok(()) }
}

fn call_json(call: &Call, at: DateTime<Utc>, zone: chrono_tz::Tz) -> Json {
    let medium = match call.medium {
        Medium::Call => "call",
        Medium::Text => "text",
    };
    json!({
        "from": call.from.number(),
        "to": call.to,
        "agent": call.default_agent,
        "medium": medium,
        "at": at.with_timezone(&zone).to_rfc3339(),
    })
}

/// Reads an answer to a question for these facts. What is well-typed of a half-right one is kept.
pub fn answer(bytes: &[u8], facts: &BTreeMap<String, FactInfo>) -> Result<Said, Trouble> {
    let text = std::str::from_utf8(bytes)
        .map_err(|_| Trouble::Broken("its answer is no text (not UTF-8)".to_owned()))?;
    let json: Json = serde_json::from_str(text)
        .map_err(|why| Trouble::Broken(format!("its answer is not JSON ({why})")))?;
    let Json::Object(given) = json else {
        return Err(Trouble::Broken(format!(
            "its answer is {}, and should be an object with facts",
            kind_of(&json)
        )));
    };
    if given.contains_key("error") {
        return Err(Trouble::Broken(words_of_error(bytes)));
    }
    let mut said = Said { facts: Facts::default(), odd: Vec::new() };
    for (name, info) in facts {
        match given.get(name) {
            None | Some(Json::Null) => said.facts.set_missing(name, "the plugin does not say"),
            Some(json) => {
                if let Some(value) = value(json, info.kind) {
                    said.facts.set(name, value);
                } else {
                    let why =
                        format!("“{name}” is {}, and should be {}", kind_of(json), kind_words(info.kind));
                    said.facts.set_missing(name, &why);
                    said.odd.push(why);
                }
            }
        }
    }
    let unknown: Vec<_> = given.keys().filter(|name| !facts.contains_key(*name)).take(5).cloned().collect();
    if !unknown.is_empty() {
        said.odd.push(format!("{} is not in its manifest and was left out", unknown.join(", ")));
    }
    Ok(said)
}

/// What an answer with an error says, with the place in the script.
pub(super) fn words_of_error(bytes: &[u8]) -> String {
    let json: Json = serde_json::from_slice(bytes).unwrap_or_default();
    let text = |name: &str| json.get(name).and_then(Json::as_str).map(str::to_owned);
    let error = text("error").filter(|error| !error.trim().is_empty());
    let words: String =
        error.unwrap_or_else(|| "it failed without a word".to_owned()).chars().take(500).collect();
    match text("at") {
        Some(at) => format!("{words} ({at})"),
        None => words,
    }
}

fn value(json: &Json, kind: Kind) -> Option<Value> {
    let short = |text: &str| text.chars().take(MAX_TEXT).collect::<String>();
    Some(match kind {
        Kind::Text => Value::Text(short(json.as_str()?)),
        Kind::Number => Value::Number(json.as_f64().filter(|number| number.is_finite())?),
        Kind::YesNo => Value::YesNo(json.as_bool()?),
        Kind::Time => Value::Time(DateTime::parse_from_rfc3339(json.as_str()?).ok()?),
        Kind::List => {
            Value::List(json.as_array()?.iter().map(|item| item.as_str().map(short)).collect::<Option<_>>()?)
        }
    })
}

fn kind_of(json: &Json) -> &'static str {
    match json {
        Json::Null => "nothing",
        Json::Bool(_) => "yes or no",
        Json::Number(_) => "a number",
        Json::String(_) => "a text",
        Json::Array(_) => "a list",
        Json::Object(_) => "an object",
    }
}

fn kind_words(kind: Kind) -> &'static str {
    match kind {
        Kind::Text => "a text",
        Kind::Number => "a number",
        Kind::YesNo => "true or false",
        Kind::Time => "a time such as 2026-12-24T18:00:00+01:00",
        Kind::List => "a list of texts",
    }
}
