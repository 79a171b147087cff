//! What every built-in plugin must keep, whatever it does: found by walking the registry, so
//! that a new plugin is held to it without a line here.
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod call_and_caller;
mod contacts;
#[cfg(feature = "desktop")]
mod editors;
mod history;
mod hours_text;
mod lists;
mod regions;
mod shares;
#[cfg(feature = "desktop")]
#[path = "../support/mod.rs"]
mod support;

use std::collections::BTreeSet;
use std::sync::Arc;

use chrono::{DateTime, Utc};
use futures_util::FutureExt;
use proptest::prelude::*;
use serde_json::{Value, json};
use switchboard::plugins::{Ask, CONTRACT, ConditionEntry, Host, Offer, OpenLookUp, Registry};
use switchboard::routing::{
    Agent, Answer, Call, Caller, Condition, Facts, Line, Schedule, Table, Test, Value as Fact, Vocabulary,
};

fn table() -> Table {
    let mut table = Table::empty("US", "America/New_York");
    for (id, name, number) in [("main", "Main line", "+14155550123"), ("berlin", "Berlin", "+4930901820")] {
        table.lines.push(Line { id: id.into(), name: name.into(), number: number.into() });
    }
    for (id, name, hours) in [("office", "Office hours", "Mo-Fr 09:00-17:00"), ("never", "Never", "off")] {
        let (id, name, hours) = (id.to_owned(), name.to_owned(), hours.to_owned());
        table.schedules.push(Schedule { id, name, hours, ..Schedule::default() });
    }
    for (id, name) in [("ada", "Ada"), ("bo", "Bo")] {
        table.agents.push(Agent {
            id: id.into(),
            name: name.into(),
            retell_id: format!("agent_{id}"),
            ..Agent::default()
        });
    }
    let block = json!({ "id": "block", "name": "Block list", "entries": [{ "what": "+800*" }] });
    table.lists.push(serde_json::from_value(block).unwrap());
    table
}

/// The same with a file of contacts, for conditions on them; it is not to be opened.
fn with_contacts(mut table: Table) -> Table {
    let contacts = json!({ "id": "customers", "name": "Customers", "plugin": "contacts" });
    table.look_ups.push(serde_json::from_value(contacts).unwrap());
    table
}

fn calls() -> Vec<Call> {
    let callers = ["+14155552671", "+4930901820", "+800", "anonymous", ""];
    let callers = callers.map(|number| Caller::Number(number.into())).into_iter().chain([Caller::Withheld]);
    let calls = callers.flat_map(|from| {
        let with_agent =
            Call { default_agent: Some("agent_1".into()), ..Call::new(from.clone(), "+14155550123") };
        [with_agent, Call::new(from, "+15550000000")]
    });
    calls.collect()
}

fn at(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

fn compile(entry: ConditionEntry<'_>, settings: Value, table: &Table) -> Result<Box<dyn Condition>, String> {
    let test = Test { condition: entry.id(), not: false, settings };
    Registry::built_in().condition(&test, table)
}

/// Settings that each condition takes, to have each one run. A new condition needs one here only
/// if its starter settings are incomplete.
fn good_settings(id: &str, starter: Value) -> Value {
    match id {
        "caller.number" => json!({ "numbers": ["+14155552671", "+49*"] }),
        "call.sip_header" => json!({ "name": "X-Campaign", "is": "contains", "value": "spring" }),
        _ => starter,
    }
}

fn all_facts(registry: &Registry, table: &Table, call: Call) -> Facts {
    let ask = Ask { call: Arc::new(call), at: at("2026-03-02T15:00:00Z") };
    let mut facts = Facts::default();
    for OpenLookUp { look_up, .. } in registry.look_ups(table) {
        facts.merge(look_up.ask(ask.clone()).now_or_never().expect("built-in look-ups are instant").unwrap());
    }
    facts
}

fn folders() -> BTreeSet<String> {
    let plugins = std::fs::read_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/src/plugins")).unwrap();
    let folders = plugins.map(Result::unwrap).filter(|entry| entry.path().join("plugin.toml").exists());
    folders.map(|folder| folder.file_name().into_string().unwrap()).collect()
}

#[test]
fn manifests_are_complete() {
    let registry = Registry::built_in();
    let ids: BTreeSet<_> = registry.plugins().map(|plugin| plugin.manifest().id.clone()).collect();
    assert_eq!(ids, folders(), "the ids are the folders'");
    for plugin in registry.plugins() {
        let manifest = plugin.manifest();
        let id = &manifest.id;
        assert_eq!(manifest.contract, CONTRACT, "{id}");
        for text in [&manifest.name, &manifest.version, &manifest.summary] {
            assert!(!text.trim().is_empty(), "{id}");
        }
        let named: BTreeSet<_> = manifest.conditions.keys().map(String::as_str).collect();
        let offered: BTreeSet<_> = plugin.conditions().iter().map(|kind| kind.name()).collect();
        assert_eq!(named, offered, "{id}");
        assert_eq!(manifest.offers.contains(&Offer::Condition), !offered.is_empty(), "{id}");
        assert_eq!(
            manifest.offers.contains(&Offer::Facts),
            plugin.look_up(&table(), &Host::default()).is_some(),
            "{id}"
        );
        assert_eq!(manifest.offers.contains(&Offer::Reach), plugin.reach().is_some(), "{id}");
        assert_eq!(manifest.offers.contains(&Offer::Notice), plugin.notice().is_some(), "{id}");
        for info in manifest.conditions.values() {
            assert!(!info.title.is_empty() && !info.help.is_empty() && !info.help.ends_with('.'), "{id}");
        }
        for (fact, info) in plugin.facts(&table()) {
            assert!(fact.starts_with(&format!("{id}.")), "{fact} is named after its plugin");
            assert!(!info.title.is_empty() && !info.example.is_empty(), "{fact}");
        }
    }
}

#[test]
fn look_ups_give_the_facts_they_declare() {
    let (registry, table) = (Registry::built_in(), table());
    let declared = registry.facts(&table);
    for call in calls() {
        let facts = all_facts(&registry, &table, call.clone());
        for (name, value) in facts.iter() {
            assert_eq!(declared.get(name).map(|info| info.kind), Some(value.kind()), "{name}");
        }
        for name in declared.keys() {
            let known = facts.get(name).is_some() || facts.why_missing(name).is_some();
            assert!(known, "{name} is neither given nor missing for a reason, for {call:?}");
        }
    }
}

#[test]
fn caller_line_and_hours_facts_are_right() {
    let (registry, table) = (Registry::built_in(), table());
    let call = Call::new(Caller::Number("+4930901820".into()), "+14155550123");
    let facts = all_facts(&registry, &table, call);
    for (name, value) in [
        ("caller.formatted", "+49 30 901820"),
        ("caller.country", "DE"),
        ("caller.country_name", "Germany"),
        ("caller.withheld", "no"),
        ("line.name", "Main line"),
        ("line.has_default_agent", "no"),
        ("hours.office.open", "yes"),
        ("hours.office.opens_next", "Tuesday 3 March, 09:00"),
        ("hours.office.closes_next", "Monday 2 March, 17:00"),
        ("hours.never.open", "no"),
    ] {
        assert_eq!(facts.get(name).map(Fact::words).as_deref(), Some(value), "{name}");
    }
    assert!(facts.why_missing("hours.never.opens_next").is_some());
}

#[test]
fn every_condition_speaks() {
    let (registry, table) = (Registry::built_in(), table());
    let with_contacts = with_contacts(table.clone());
    for entry in registry.conditions() {
        let id = entry.id();
        let settings = good_settings(&id, entry.kind.starter(&with_contacts));
        let condition = compile(entry, settings, &with_contacts).expect(&id);
        let (words, opposite) = (condition.words(false).to_string(), condition.words(true).to_string());
        assert!(!words.is_empty() && !opposite.is_empty() && words != opposite, "{id}: {words}, {opposite}");
        for call in calls() {
            for facts in [Facts::default(), all_facts(&registry, &table, call.clone())] {
                let verdict = condition.test(&call, &facts, at("2026-03-02T15:00:00Z"));
                assert!(!verdict.why.trim().is_empty() && !verdict.why.ends_with('.'), "{id} of {call:?}");
            }
        }
    }
}

#[test]
fn starter_settings_compile_or_ask_for_more() {
    for table in [table(), Table::empty("US", "America/New_York")] {
        for entry in Registry::built_in().conditions() {
            if let Err(sentence) = compile(entry, entry.kind.starter(&table), &table) {
                assert!(sentence.contains(';'), "{} says what to do: {sentence}", entry.id());
            }
        }
    }
}

#[test]
#[expect(clippy::too_many_lines, reason = "one table of cases")]
fn settings_decide_as_written() {
    let (registry, table) = (Registry::built_in(), table());
    let us = Caller::Number("+14155552671".into());
    let nowhere = Caller::Number("1001".into());
    for (condition, settings, from, answer, words, why) in [
        (
            "caller.number",
            json!({"numbers": ["(415) 555-2671", "+49 *"]}),
            &us,
            Answer::Yes,
            "the caller is (415) 555-2671 or a number starting with +49",
            "the caller is (415) 555-2671",
        ),
        (
            "caller.number",
            json!({"numbers": ["+1 415*"]}),
            &us,
            Answer::Yes,
            "the caller is a number starting with +1415",
            "the caller is (415) 555-2671, which starts with +1415",
        ),
        (
            "caller.number",
            json!({"numbers": ["+49*"]}),
            &us,
            Answer::No,
            "the caller is a number starting with +49",
            "the caller is (415) 555-2671",
        ),
        (
            "caller.number",
            json!({"numbers": ["+49*"]}),
            &Caller::Withheld,
            Answer::No,
            "the caller is a number starting with +49",
            "the caller's number is withheld",
        ),
        (
            "caller.withheld",
            json!({}),
            &us,
            Answer::No,
            "the caller's number is withheld",
            "the caller is (415) 555-2671",
        ),
        (
            "caller.withheld",
            json!(null),
            &Caller::Withheld,
            Answer::Yes,
            "the caller's number is withheld",
            "the caller's number is withheld",
        ),
        (
            "caller.country",
            json!({"countries": ["us", "DE"]}),
            &us,
            Answer::Yes,
            "the caller is in United States or Germany",
            "the caller is in United States",
        ),
        (
            "caller.country",
            json!({"countries": ["DE"]}),
            &us,
            Answer::No,
            "the caller is in Germany",
            "the caller is in United States",
        ),
        (
            "caller.country",
            json!({"countries": ["DE"]}),
            &Caller::Withheld,
            Answer::No,
            "the caller is in Germany",
            "the caller's number is withheld",
        ),
        (
            "caller.country",
            json!({"countries": ["DE"]}),
            &nowhere,
            Answer::Unknown,
            "the caller is in Germany",
            "the number 1001 does not tell its country",
        ),
        (
            "line.is",
            json!({"lines": ["berlin", "main"]}),
            &us,
            Answer::Yes,
            "the call is to Berlin or Main line",
            "the call is to Main line",
        ),
        (
            "line.is",
            json!({"lines": ["berlin"]}),
            &us,
            Answer::No,
            "the call is to Berlin",
            "the call is to Main line",
        ),
        (
            "hours.open",
            json!({"schedule": "office"}),
            &us,
            Answer::Yes,
            "Office hours is open",
            "Office hours is open until 17:00",
        ),
        (
            "hours.open",
            json!({"schedule": "never"}),
            &us,
            Answer::No,
            "Never is open",
            "Never is closed all the time",
        ),
        (
            "fact.compare",
            json!({"fact": "caller.country", "is": "one_of", "value": ["de", " us"]}),
            &us,
            Answer::Yes,
            "Caller's country code is one of de or us",
            "Caller's country code is US",
        ),
        (
            "fact.compare",
            json!({"fact": "caller.country", "is": "is", "value": "DE"}),
            &Caller::Withheld,
            Answer::Unknown,
            "Caller's country code is DE",
            "Caller's country code is not known: the caller's number is withheld",
        ),
        (
            "fact.compare",
            json!({"fact": "caller.country", "is": "known"}),
            &Caller::Withheld,
            Answer::No,
            "Caller's country code is known",
            "Caller's country code is not known: the caller's number is withheld",
        ),
        (
            "fact.compare",
            json!({"fact": "contact.name", "is": "starts_with", "value": "A"}),
            &us,
            Answer::Unknown,
            "contact.name starts with A",
            "contact.name is not known",
        ),
        (
            "fact.compare",
            json!({"fact": "hours.office.open", "is": "yes"}),
            &us,
            Answer::Yes,
            "Office hours open is yes",
            "Office hours open is yes",
        ),
    ] {
        let test = Test { condition: condition.into(), not: false, settings };
        let compiled = registry.condition(&test, &table).unwrap();
        let call = Call::new(from.clone(), "+14155550123");
        let facts = all_facts(&registry, &table, call.clone());
        let verdict = compiled.test(&call, &facts, at("2026-03-02T15:00:00Z"));
        assert_eq!(compiled.words(false).to_string(), words, "{test:?}");
        assert_eq!((verdict.answer, verdict.why.as_str()), (answer, why), "{test:?}");
    }
}

#[test]
fn bad_settings_are_told_in_a_sentence() {
    let (registry, table) = (Registry::built_in(), table());
    for (condition, settings, part) in [
        (
            "caller.number",
            json!({"numbers": ["Bob", "+1 415 555 2671", "49*"]}),
            "“Bob”, “49*” cannot be read",
        ),
        ("caller.number", json!({"numbers": [" "]}), "add at least one"),
        ("caller.number", json!({"numbers": 3}), "at “numbers”"),
        ("caller.number", json!({"number": []}), "delete it and add it again"),
        ("caller.country", json!({"countries": ["XX"]}), "“XX” is not a country"),
        ("caller.withheld", json!({"x": 1}), "delete it and add it again"),
        ("line.is", json!({"lines": ["gone"]}), "the line “gone” is not in the table"),
        ("hours.open", json!({"schedule": "gone"}), "the schedule “gone” is not in the table"),
        ("hours.open", json!({}), "no schedule is chosen"),
        ("lists.on", json!({}), "no list is chosen"),
        ("lists.on", json!({"lists": ["block", "gone"]}), "the list “gone” is not in the table"),
        (
            "fact.compare",
            json!({"fact": "caller.country", "is": "less_than", "value": 3}),
            "choose another comparison",
        ),
        ("fact.compare", json!({"fact": "caller.country", "is": "is"}), "fill in a value"),
        ("fact.compare", json!({"fact": "", "is": "known"}), "no fact is chosen"),
        ("fact.compare", json!({"fact": "x", "is": "alike"}), "at “is”"),
        ("history.repeat", json!({"nth": 1, "within": 10}), "choose the 2nd or a later one"),
        ("history.repeat", json!({"nth": 2}), "no time is given"),
        ("history.last_call", json!({"within": 9_999_999, "unit": "days"}), "longer than ten years"),
        ("history.last_agent", json!({"agents": []}), "no agent is chosen"),
        ("history.last_agent", json!({"agents": ["gone"]}), "the agent “gone” is not in the table"),
        ("history.before", json!({"is": "old"}), "at “is”"),
        ("weather.rain", json!({}), "is not known here"),
    ] {
        let test = Test { condition: condition.into(), not: false, settings };
        let sentence = registry.condition(&test, &table).unwrap_err();
        assert!(sentence.contains(part), "{sentence}");
    }
}

fn junk() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        ".{0,12}".prop_map(Value::from),
        prop::sample::select(vec![
            "main",
            "office",
            "block",
            "US",
            "+49*",
            "one_of",
            "is",
            "caller.country",
            "*"
        ])
        .prop_map(Value::from),
    ];
    let keys = "numbers|countries|lines|lists|schedule|fact|is|value|kinds|from|to|day|month|days|percent|name|[a-z]{0,3}";
    leaf.prop_recursive(3, 24, 5, move |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            prop::collection::btree_map(keys, inner, 0..4)
                .prop_map(|map| Value::Object(map.into_iter().collect())),
        ]
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]
    #[test]
    fn junk_settings_give_a_sentence(settings in junk()) {
        let (registry, table) = (Registry::built_in(), table());
        for entry in registry.conditions() {
            match compile(entry, settings.clone(), &table) {
                Err(sentence) => prop_assert!(sentence.contains(';'), "{}", sentence),
                Ok(condition) => for call in calls() {
                    let verdict = condition.test(&call, &Facts::default(), at("2026-03-02T15:00:00Z"));
                    prop_assert!(!verdict.why.is_empty());
                },
            }
        }
    }
}
