//! From a JSON answer to facts.

use serde_json::Value as Json;

use super::settings::{Mapping, typed};
use super::{FOUND, fact_name};
use crate::routing::{Facts, Kind, Value};

/// The longest text that is taken from an answer, in characters.
const MAX_TEXT: usize = 1000;
/// The longest list.
const MAX_LIST: usize = 100;

/// What a look-up takes from its answers.
#[derive(Clone, Debug)]
pub(super) struct Taken {
    used: String,
    facts: Vec<Mapping>,
}

impl Taken {
    pub(super) fn new(used: &str, facts: &[Mapping]) -> Self {
        Self { used: used.to_owned(), facts: facts.to_vec() }
    }

    /// The facts of an answer, and what is odd about it, in words.
    pub(super) fn of_answer(&self, answer: &Json) -> (Facts, Option<String>) {
        // Without any facts to look for, an answer that says anything is one.
        let says_something = match answer {
            Json::Null => false,
            Json::Array(items) => !items.is_empty(),
            Json::Object(fields) => !fields.is_empty(),
            Json::Bool(_) | Json::Number(_) | Json::String(_) => true,
        };
        let mut found = self.facts.is_empty() && says_something;
        let (mut facts, mut odd) = (Facts::default(), Vec::new());
        for mapping in &self.facts {
            let name = fact_name(&self.used, &mapping.name);
            match answer.pointer(&mapping.pointer).filter(|value| !value.is_null()) {
                None => {
                    set_or_miss(&mut facts, name, mapping, mapping.if_none.as_ref(), "the answer has none");
                }
                Some(json) => {
                    found = true;
                    if let Some(value) = read(json, mapping.kind) {
                        facts.set(name, value);
                        continue;
                    }
                    let why = format!(
                        "{} is {} in the answer, and {} was expected",
                        mapping.words(),
                        is(json),
                        wanted(mapping.kind)
                    );
                    set_or_miss(&mut facts, name, mapping, mapping.if_it_fails.as_ref(), &why);
                    odd.push(why);
                }
            }
        }
        facts.set(fact_name(&self.used, FOUND), Value::YesNo(found));
        (facts, (!odd.is_empty()).then(|| odd.join("; ")))
    }

    /// The facts when the server knows nothing, or there was nothing to ask it about.
    pub(super) fn of_nothing(&self, why: &str) -> Facts {
        let mut facts = Facts::default();
        for mapping in &self.facts {
            set_or_miss(
                &mut facts,
                fact_name(&self.used, &mapping.name),
                mapping,
                mapping.if_none.as_ref(),
                why,
            );
        }
        facts.set(fact_name(&self.used, FOUND), Value::YesNo(false));
        facts
    }

    /// The facts to go on with when it failed.
    pub(super) fn of_failure(&self) -> Facts {
        let mut facts = Facts::default();
        for mapping in &self.facts {
            if let Some(value) = as_typed(mapping, mapping.if_it_fails.as_ref()) {
                facts.set(fact_name(&self.used, &mapping.name), value);
            }
        }
        facts
    }
}

fn as_typed(mapping: &Mapping, value: Option<&String>) -> Option<Value> {
    typed(value?, mapping.kind).ok()
}

fn set_or_miss(facts: &mut Facts, name: String, mapping: &Mapping, value: Option<&String>, why: &str) {
    match as_typed(mapping, value) {
        Some(value) => facts.set(name, value),
        None => facts.set_missing(name, why),
    }
}

/// A value of the answer as a fact of this type, if it can be one.
pub(super) fn read(json: &Json, kind: Kind) -> Option<Value> {
    match kind {
        Kind::Text | Kind::Time => scalar(json).map(Value::Text),
        Kind::Number => match json {
            Json::Number(number) => number.as_f64().filter(|number| number.is_finite()).map(Value::Number),
            Json::String(text) => typed(text, kind).ok(),
            _ => None,
        },
        Kind::YesNo => match json {
            Json::Bool(yes) => Some(Value::YesNo(*yes)),
            Json::String(text) => typed(text, kind).ok(),
            Json::Number(number) => typed(&number.to_string(), kind).ok(),
            _ => None,
        },
        Kind::List => match json {
            Json::Array(items) => {
                items.iter().take(MAX_LIST).map(scalar).collect::<Option<_>>().map(Value::List)
            }
            single => scalar(single).map(|text| Value::List(vec![text])),
        },
    }
}

/// The type that fits a value best.
#[cfg(feature = "desktop")]
pub(super) fn kind_of(json: &Json) -> Kind {
    match json {
        Json::Bool(_) => Kind::YesNo,
        Json::Number(_) => Kind::Number,
        Json::Array(_) => Kind::List,
        _ => Kind::Text,
    }
}

fn scalar(json: &Json) -> Option<String> {
    match json {
        Json::String(text) => Some(text.chars().take(MAX_TEXT).collect()),
        Json::Number(number) => Some(number.to_string()),
        Json::Bool(true) => Some("yes".into()),
        Json::Bool(false) => Some("no".into()),
        Json::Null | Json::Array(_) | Json::Object(_) => None,
    }
}

fn is(json: &Json) -> &'static str {
    match json {
        Json::Null => "empty",
        Json::Bool(_) => "yes or no",
        Json::Number(_) => "a number",
        Json::String(_) => "a text",
        Json::Array(_) => "a list",
        Json::Object(_) => "a group of values",
    }
}

fn wanted(kind: Kind) -> &'static str {
    match kind {
        Kind::Text | Kind::Time => "a text",
        Kind::Number => "a number",
        Kind::YesNo => "yes or no",
        Kind::List => "a list of texts",
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn values_become_facts_of_the_wanted_type_or_none() {
        let text = |text: &str| Some(Value::Text(text.into()));
        let list = |items: &[&str]| Some(Value::List(items.iter().map(|&item| item.into()).collect()));
        for (json, kind, value) in [
            (json!("gold"), Kind::Text, text("gold")),
            (json!(7), Kind::Text, text("7")),
            (json!(true), Kind::Text, text("yes")),
            (json!({}), Kind::Text, None),
            (json!([]), Kind::Text, None),
            (json!(1.5), Kind::Number, Some(Value::Number(1.5))),
            (json!(" 12 "), Kind::Number, Some(Value::Number(12.0))),
            (json!("twelve"), Kind::Number, None),
            (json!("inf"), Kind::Number, None),
            (json!(true), Kind::Number, None),
            (json!(false), Kind::YesNo, Some(Value::YesNo(false))),
            (json!("Yes"), Kind::YesNo, Some(Value::YesNo(true))),
            (json!(1), Kind::YesNo, Some(Value::YesNo(true))),
            (json!(2), Kind::YesNo, None),
            (json!("maybe"), Kind::YesNo, None),
            (json!(["a", 1]), Kind::List, list(&["a", "1"])),
            (json!("a"), Kind::List, list(&["a"])),
            (json!([{}]), Kind::List, None),
        ] {
            assert_eq!(read(&json, kind), value, "{json} as {kind:?}");
        }
    }
}
