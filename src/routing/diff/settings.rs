//! Differences between JSON values whose meaning is not known here, told value by value.

use std::collections::BTreeSet;

use serde_json::Value;

use super::{count, listed, shown};
use crate::routing::{Object, SETTINGS};

/// What differs, as ends of sentences: "campaign is “summer” now (was “spring”)". Empty exactly
/// where they are equal.
pub(super) fn differences(from: &Value, to: &Value) -> Vec<String> {
    let mut found = Vec::new();
    compare(&mut found, "", Some(from), Some(to));
    if found.is_empty() && from != to {
        // Only what has no values of its own differs: an empty object and none.
        found.push(format!("is {} now (was {})", value(to), value(from)));
    }
    found
}

/// The same of objects that may not be there.
pub(super) fn of_objects(from: Option<&Object>, to: Option<&Object>) -> Vec<String> {
    let whole = |object: Option<&Object>| object.map_or(Value::Null, |object| Value::Object(object.clone()));
    if from == to { Vec::new() } else { differences(&whole(from), &whole(to)) }
}

/// What differs between settings for an agent, as "longest call 60 seconds (was 2 minutes)"; of those
/// that are not known here, value by value. Empty exactly where they are equal.
pub(super) fn of_agents(from: Option<&Object>, to: Option<&Object>) -> Vec<String> {
    let (mut rest_from, mut rest_to) = (from.cloned(), to.cloned());
    let mut found = Vec::new();
    for setting in SETTINGS {
        let values = [from, to].map(|settings| settings.and_then(|settings| setting.get(settings)));
        found.push(match values {
            [from, to] if from == to => continue,
            [Some(from), Some(to)] => format!("{} (was {})", setting.words(to), setting.value_words(from)),
            [None, Some(to)] => setting.words(to),
            [Some(from), _] => format!("no longer {}", setting.words(from)),
            [None, None] => continue,
        });
        setting.put(&mut rest_from, None);
        setting.put(&mut rest_to, None);
    }
    found.extend(of_objects(rest_from.as_ref(), rest_to.as_ref()));
    found
}

fn compare(found: &mut Vec<String>, name: &str, from: Option<&Value>, to: Option<&Value>) {
    match (from, to) {
        (from, to) if from == to => {}
        (Some(Value::Object(from)), Some(Value::Object(to))) => fields(found, name, from, to),
        (Some(Value::Object(from)), None | Some(Value::Null)) if !from.is_empty() => {
            fields(found, name, from, &Object::new());
        }
        (None | Some(Value::Null), Some(Value::Object(to))) if !to.is_empty() => {
            fields(found, name, &Object::new(), to);
        }
        (Some(Value::Array(from)), Some(Value::Array(to))) if !name.is_empty() => {
            found.push(format!("{name}: {}", of_lists(from, to)));
        }
        (from, to) if !name.is_empty() => found.push(match (from, to) {
            (Some(from), Some(to)) => format!("{name} is {} now (was {})", value(to), value(from)),
            (None, Some(to)) => format!("{name} is {} now", value(to)),
            (from, None) => format!("{name} is no longer {}", value(from.unwrap_or(&Value::Null))),
        }),
        _ => {}
    }
}

fn fields(found: &mut Vec<String>, name: &str, from: &Object, to: &Object) {
    let names: BTreeSet<&String> = from.keys().chain(to.keys()).collect();
    for field in names {
        let inner = if name.is_empty() { field.clone() } else { format!("{name}.{field}") };
        compare(found, &inner, from.get(field), to.get(field));
    }
}

fn of_lists(from: &[Value], to: &[Value]) -> String {
    let missing = |these: &[Value], others: &[Value]| -> Vec<Value> {
        these.iter().filter(|item| !others.contains(item)).cloned().collect()
    };
    let (added, removed) = (missing(to, from), missing(from, to));
    let listed = |values: &[Value]| listed(values, value);
    match (added.is_empty(), removed.is_empty()) {
        (true, true) => format!("{} in another order or number", count(to.len(), "value", "values")),
        (false, true) => format!("{} added", listed(&added)),
        (true, false) => format!("{} removed", listed(&removed)),
        (false, false) => format!("{} added, {} removed", listed(&added), listed(&removed)),
    }
}

/// A value as it stands in a sentence.
pub(super) fn value(value: &Value) -> String {
    match value {
        Value::String(text) => format!("“{}”", shown(text)),
        Value::Bool(true) => "on".to_owned(),
        Value::Bool(false) => "off".to_owned(),
        Value::Null => "empty".to_owned(),
        other => shown(&other.to_string()),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn each_value_that_differs_is_told() {
        let from = json!({ "a": 1, "gone": true, "in": { "b": "x", "same": 1 }, "list": ["p", "q"] });
        let to = json!({ "a": 2, "in": { "b": "y", "same": 1 }, "list": ["q", "r"], "new": null });
        assert_eq!(
            differences(&from, &to),
            [
                "a is 2 now (was 1)",
                "gone is no longer on",
                "in.b is “y” now (was “x”)",
                "list: “r” added, “p” removed",
                "new is empty now",
            ]
        );
    }

    #[test]
    fn nothing_is_told_exactly_where_nothing_differs() {
        let values = [
            json!(null),
            json!({}),
            json!([]),
            json!({ "a": {} }),
            json!({ "a": null }),
            json!({ "a": [] }),
            json!({ "a": [1, 1] }),
            json!({ "a": [1] }),
            json!("a"),
            json!({ "a": { "b": 1 } }),
        ];
        for from in &values {
            for to in &values {
                assert_eq!(differences(from, to).is_empty(), from == to, "{from} {to}");
            }
        }
    }
}
