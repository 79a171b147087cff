//! Where two answers differ.

use serde_json::Value;

/// The places where two JSON texts differ, in words; none if they say the same. Texts that are
/// not JSON agree only if they are equal.
pub(super) fn differences(expected: &str, actual: &str) -> Vec<String> {
    let read = |text| serde_json::from_str::<Value>(text).unwrap_or_else(|_| Value::String(text.to_owned()));
    let mut found = Vec::new();
    walk("", &read(expected), &read(actual), &mut found);
    found
}

fn walk(place: &str, expected: &Value, actual: &Value, found: &mut Vec<String>) {
    if expected == actual {
        return;
    }
    let (Value::Object(expected), Value::Object(actual)) = (expected, actual) else {
        let place = if place.is_empty() { "The answer" } else { place };
        return found.push(format!("{place} is {actual}, not {expected}"));
    };
    let inside = |name: &str| if place.is_empty() { name.to_owned() } else { format!("{place}.{name}") };
    for (name, value) in expected {
        match actual.get(name) {
            Some(other) => walk(&inside(name), value, other, found),
            None => found.push(format!("{} is missing", inside(name))),
        }
    }
    let added = actual.keys().filter(|name| !expected.contains_key(*name));
    found.extend(added.map(|name| format!("{} is there too", inside(name))));
}

#[cfg(test)]
mod tests {
    use super::differences;

    #[test]
    fn the_same_is_the_same_in_any_order() {
        assert!(differences(r#"{"a":1,"b":{"c":2}}"#, r#"{"b": {"c": 2}, "a": 1}"#).is_empty());
        assert!(differences("", "").is_empty());
    }

    #[test]
    fn differences_are_named_by_their_place() {
        let found = differences(r#"{"a":{"b":1,"c":2}}"#, r#"{"a":{"b":3,"d":4}}"#);
        assert_eq!(found, ["a.b is 3, not 1", "a.c is missing", "a.d is there too"]);
        assert_eq!(differences("{}", "oops"), [r#"The answer is "oops", not {}"#]);
    }
}
