//! Which rules need a list.

use serde_json::Value;

use super::super::view::mentions;
use crate::routing::{List, Rule, Table, Test};

/// The fact that names the lists that a caller is on.
const FACT: &str = "caller.lists";

/// The rules that ask for this list, in words.
pub(super) fn rules_using(table: &Table, list: &List) -> Vec<String> {
    let users = table.rules.iter().filter(|rule| rule_uses(rule, list));
    users.map(|rule| format!("rule “{}”", rule.name)).collect()
}

fn rule_uses(rule: &Rule, list: &List) -> bool {
    let mut tests = rule.when.iter().flat_map(|group| &group.any_of);
    tests.any(|Test { condition, settings, .. }| {
        let by_id = condition.starts_with("lists.") && mentions(settings, &list.id);
        let asks_fact = settings.get("fact").and_then(Value::as_str) == Some(FACT);
        by_id || (asks_fact && mentions(settings, &list.name))
    })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use serde_json::json;

    use super::*;

    #[test]
    fn conditions_and_facts_count_and_like_names_do_not() {
        let mut table = Table::empty("US", "America/New_York");
        let list = serde_json::from_value::<List>(json!({ "id": "vip", "name": "VIP" })).unwrap();
        for (name, condition, settings) in [
            ("A", "lists.on", json!({ "lists": ["block", "vip"] })),
            ("B", "lists.on", json!({ "lists": ["block"] })),
            ("C", "line.is", json!({ "lines": ["vip"] })),
            ("D", "fact.compare", json!({ "fact": "caller.lists", "is": "contains", "value": "VIP" })),
            ("E", "fact.compare", json!({ "fact": "caller.name", "is": "contains", "value": "VIP" })),
        ] {
            let test = json!({ "condition": condition, "settings": settings });
            let rule = json!({ "id": name, "name": name, "when": [{ "any_of": [test] }], "then": { "action": "keep" } });
            table.rules.push(serde_json::from_value(rule).unwrap());
        }
        assert_eq!(rules_using(&table, &list), ["rule “A”", "rule “D”"]);
    }
}
