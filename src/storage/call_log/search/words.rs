//! What a call can be found by: the words of all that is known of it, and every end of its numbers.

use std::collections::BTreeSet;

use serde::Deserialize;
use serde_json::Value;

use super::tags;
use crate::routing::Medium;
use crate::storage::call_log::record::Summary;

/// So many different words of one call are kept.
const WORDS_MAX: usize = 300;
/// So many letters of a word.
const LETTERS_MAX: usize = 40;
/// Ends of numbers shorter than this are not kept apart.
const END_MIN: usize = 3;

/// The part of a record that is read for its words.
#[derive(Default, Deserialize)]
#[serde(default)]
struct Told {
    facts: Value,
    decision: Value,
}

/// Everything a call is found by, as one text for the index. `became` is what Retell told of its end.
pub(super) fn text_of(call: &Summary, detail: &str, became: &str) -> String {
    let mut words = BTreeSet::new();
    let mut add = |text: &str| {
        for word in words_in(text) {
            if words.len() < WORDS_MAX {
                words.insert(word);
            }
        }
    };
    let names = [&call.line, &call.rule_name, &call.overruled, &call.agent];
    names.into_iter().flatten().for_each(|name| add(name));
    add(match call.outcome.as_str() {
        "connect" => "connect connected",
        "keep" => "keep kept",
        "reject" => "reject rejected",
        other => other,
    });
    add(call.from.as_deref().unwrap_or("withheld"));
    add(&call.to);
    if call.rule_name.is_none() && call.overruled.is_none() {
        add("fallback");
    }
    if call.medium == Medium::Text {
        add("text message");
    }
    if call.is_test {
        add("test");
    }
    add(became);
    // One that another version wrote is found by the rest.
    let told: Told = serde_json::from_str(detail).unwrap_or_default();
    let parts = [told.decision.get("variables"), told.facts.get("known")];
    parts.into_iter().flatten().for_each(|part| each_text(part, &mut add));
    for number in [call.from.as_deref(), Some(call.to.as_str())].into_iter().flatten() {
        let digits = digits_of(number);
        let ends = (0..digits.len().saturating_sub(END_MIN - 1)).map(|from| digits[from..].to_owned());
        words.extend(ends);
    }
    let words: Vec<String> = words.into_iter().chain(tags::of(call)).collect();
    words.join(" ")
}

fn each_text(value: &Value, add: &mut impl FnMut(&str)) {
    match value {
        Value::String(text) => add(text),
        Value::Array(items) => items.iter().for_each(|item| each_text(item, add)),
        Value::Object(parts) => parts.values().for_each(|part| each_text(part, add)),
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

/// The words of a text in small letters.
pub(super) fn words_in(text: &str) -> impl Iterator<Item = String> {
    let words = text.split(|c: char| !is_letter(c)).filter(|word| !word.is_empty());
    words.map(|word| {
        word.chars().take(LETTERS_MAX).flat_map(char::to_lowercase).filter(|c| is_letter(*c)).collect()
    })
}

/// Whether a character is part of a word for the index too: letters in circles and squares are signs
/// there.
fn is_letter(c: char) -> bool {
    c.is_alphanumeric() && !matches!(c, '\u{24b6}'..='\u{24e9}' | '\u{1f130}'..='\u{1f189}')
}

/// Whether something looks like a phone number, or a part of one.
pub(super) fn is_number(text: &str) -> bool {
    text.chars().any(|c| c.is_ascii_digit()) && !text.chars().any(char::is_alphabetic)
}

pub(super) fn digits_of(text: &str) -> String {
    text.chars().filter(char::is_ascii_digit).take(LETTERS_MAX).collect()
}
