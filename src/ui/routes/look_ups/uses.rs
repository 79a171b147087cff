//! Which rules need what a look-up finds out.

use std::collections::BTreeSet;

use crate::routing::{Outcome, Rule, Table, Template, Test, UsedLookUp};
use crate::ui::app::State;
use crate::ui::routes::view::mentions;

/// The rules that ask for facts that only this look-up gives, in words; the fallback too.
pub(super) fn rules_using(state: &State, used: &UsedLookUp) -> Vec<String> {
    let facts_of = |used: &UsedLookUp| {
        let kind = state.registry.find_look_up(used).map(|(_, kind)| kind);
        kind.map(|kind| kind.facts(used).into_keys().collect::<BTreeSet<_>>()).unwrap_or_default()
    };
    let others = state.draft.look_ups.iter().filter(|other| other.id != used.id && other.enabled);
    let others: BTreeSet<_> = others.flat_map(facts_of).collect();
    users(&state.draft, used, &(&facts_of(used) - &others))
}

fn users(table: &Table, used: &UsedLookUp, facts: &BTreeSet<String>) -> Vec<String> {
    let rules = table.rules.iter().filter(|rule| rule_uses(rule, used, facts));
    let mut users: Vec<String> = rules.map(|rule| format!("rule “{}”", rule.name)).collect();
    if outcome_uses(&table.fallback, facts) {
        users.push("the fallback".to_owned());
    }
    users
}

fn rule_uses(rule: &Rule, used: &UsedLookUp, facts: &BTreeSet<String>) -> bool {
    let mut tests = rule.when.iter().flat_map(|group| &group.any_of);
    let asks = tests.any(|Test { condition, settings, .. }| {
        let of_plugin = condition.split_once('.').is_some_and(|(plugin, _)| plugin == used.plugin);
        (of_plugin && mentions(settings, &used.id)) || facts.iter().any(|fact| mentions(settings, fact))
    });
    asks || outcome_uses(&rule.then, facts)
}

fn outcome_uses(outcome: &Outcome, facts: &BTreeSet<String>) -> bool {
    let uses =
        |text: &String| Template::parse(text).is_ok_and(|read| read.facts().any(|name| facts.contains(name)));
    outcome.variables.values().any(uses)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use serde_json::json;

    use super::*;

    #[test]
    fn conditions_facts_and_variables_count_and_like_names_do_not() {
        let mut table = Table::empty("US", "America/New_York");
        let used: UsedLookUp =
            serde_json::from_value(json!({ "id": "crm", "name": "CRM", "plugin": "contacts" })).unwrap();
        let facts = BTreeSet::from(["contact.tier".to_owned()]);
        for (name, condition, settings, greeting) in [
            ("A", "contacts.known", json!({ "files": ["crm"] }), ""),
            ("B", "line.is", json!({ "lines": ["crm"] }), ""),
            ("C", "fact.compare", json!({ "fact": "contact.tier", "is": "known" }), ""),
            ("D", "fact.compare", json!({ "fact": "contact.tiers", "is": "known" }), ""),
            ("E", "line.is", json!({ "lines": [] }), "You are {{ contact.tier | new }}"),
            ("F", "line.is", json!({ "lines": [] }), "contact.tier"),
        ] {
            let test = json!({ "condition": condition, "settings": settings });
            let then = json!({ "action": "keep", "variables": { "greeting": greeting } });
            let rule = json!({ "id": name, "name": name, "when": [{ "any_of": [test] }], "then": then });
            table.rules.push(serde_json::from_value(rule).unwrap());
        }
        assert_eq!(users(&table, &used, &facts), ["rule “A”", "rule “C”", "rule “E”"]);
        table.fallback.variables.insert("tier".into(), "{{contact.tier}}".into());
        assert_eq!(users(&table, &used, &facts).last().unwrap(), "the fallback");
    }
}
