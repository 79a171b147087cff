//! Which rules need a schedule.

use serde_json::Value;

use super::super::view::mentions;
use crate::routing::{Outcome, Rule, Table};

/// The rules that ask for the schedule with this id or use its facts, in words; the fallback too.
pub(super) fn rules_using(table: &Table, schedule: &str) -> Vec<String> {
    let fact = format!("hours.{schedule}.");
    let rules = table.rules.iter().filter(|rule| rule_uses(rule, schedule, &fact));
    let mut users: Vec<String> = rules.map(|rule| format!("rule “{}”", rule.name)).collect();
    if outcome_uses(&table.fallback, &fact) {
        users.push("the fallback".to_owned());
    }
    users
}

fn rule_uses(rule: &Rule, schedule: &str, fact: &str) -> bool {
    let mut tests = rule.when.iter().flat_map(|group| &group.any_of);
    let asks = tests.any(|test| {
        let by_id = test.condition.starts_with("hours.") && mentions(&test.settings, schedule);
        by_id || names_fact(&test.settings, fact)
    });
    asks || outcome_uses(&rule.then, fact)
}

fn outcome_uses(outcome: &Outcome, fact: &str) -> bool {
    outcome.variables.values().any(|text| text.contains(fact))
}

fn names_fact(settings: &Value, fact: &str) -> bool {
    match settings {
        Value::String(text) => text.starts_with(fact),
        Value::Array(items) => items.iter().any(|item| names_fact(item, fact)),
        Value::Object(fields) => fields.values().any(|field| names_fact(field, fact)),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn conditions_facts_and_variables_count_and_like_names_do_not() {
        let mut table = Table::empty("US", "America/New_York");
        let rule = |name: &str, when: Value, greeting: &str| {
            serde_json::from_value::<Rule>(serde_json::json!({
                "id": name, "name": name, "when": [{ "any_of": [when] }],
                "then": { "action": "keep", "variables": { "greeting": greeting } },
            }))
            .unwrap()
        };
        let open = |schedule: &str| serde_json::json!({ "condition": "hours.open", "settings": { "schedule": schedule } });
        let line = serde_json::json!({ "condition": "line.is", "settings": { "lines": ["office"] } });
        let fact =
            serde_json::json!({ "condition": "fact.compare", "settings": { "fact": "hours.office.open" } });
        table.rules = vec![
            rule("A", open("office"), ""),
            rule("B", open("night"), ""),
            rule("C", line.clone(), ""),
            rule("D", fact, ""),
            rule("E", line, "until {{hours.office.closes_next}}"),
        ];
        assert_eq!(rules_using(&table, "office"), ["rule “A”", "rule “D”", "rule “E”"]);
    }
}
