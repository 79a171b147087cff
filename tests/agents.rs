//! What agents bring to the calls they answer: defaults of variables and settings; and what the
//! table's check says of them.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::needless_pass_by_value)]

use serde_json::{Value, json};
use switchboard::plugins::Registry;
use switchboard::routing::{Call, Caller, Decision, Facts, Table, changes, compile};

fn table(rules: Value, fallback: Value) -> Table {
    serde_json::from_value(json!({
        "format": 1, "country": "US", "zone": "America/New_York",
        "agents": [
            { "id": "reception", "name": "Reception", "retell_id": "agent_r",
              "needs": [{ "name": "name", "default": "friend" }, { "name": "country", "default": "{{caller.country_name|abroad}}" },
                        { "name": "order" }],
              "settings": { "agent": { "max_call_duration_ms": 600_000, "language": "en-US" } } },
            { "id": "plain", "name": "Plain", "retell_id": "agent_p" },
        ],
        "rules": rules, "fallback": fallback,
    }))
    .unwrap()
}

fn connect(agent: &str) -> Value {
    json!({ "connect": { "agent": agent } })
}

fn decide(table: &Table, default_agent: Option<&str>, facts: &Facts) -> Decision {
    let call = Call {
        default_agent: default_agent.map(str::to_owned),
        ..Call::new(Caller::Number("+14155552671".into()), "+14155550123")
    };
    let compiled = compile(table, &Registry::built_in()).unwrap();
    compiled.decide(&call, facts, "2026-11-23T15:00:00Z".parse().unwrap())
}

#[test]
fn defaults_fill_what_no_rule_sets_and_it_is_said() {
    let table = table(
        json!([{ "id": "1", "name": "1", "then": { "action": connect("reception"),
                 "variables": { "name": "{{contact.name}}", "order": "7" } } }]),
        json!({ "action": "keep" }),
    );
    let nothing = Facts::default();
    let decision = decide(&table, None, &nothing);
    let variables = |decision: &Decision| json!(decision.variables);
    assert_eq!(variables(&decision), json!({ "country": "abroad", "name": "friend", "order": "7" }));
    assert!(
        decision
            .notes
            .iter()
            .any(|note| note.contains("no rule gave it a value, so it is Reception's “friend”"))
    );

    let mut known = Facts::default();
    known.set("contact.name", switchboard::routing::Value::Text("Ada".into()));
    assert_eq!(
        variables(&decide(&table, None, &known)),
        json!({ "country": "abroad", "name": "Ada", "order": "7" })
    );
}

#[test]
fn a_variable_that_nobody_sets_is_told() {
    let table = table(json!([]), json!({ "action": connect("reception") }));
    let decision = decide(&table, None, &Facts::default());
    assert!(!decision.variables.contains_key("order"));
    assert!(decision.notes.iter().any(|note| note.contains("needs the variable order, and no rule set it")));
    let settings = json!({ "agent": { "max_call_duration_ms": 600_000, "language": "en-US" } });
    assert_eq!(json!(decision.agent_settings), settings);
}

#[test]
fn what_rules_say_goes_before_what_the_agent_brings() {
    let short = json!({ "agent": { "max_call_duration_ms": 60_000 } });
    let table = table(
        json!([{ "id": "1", "name": "1", "then": { "action": "go_on", "agent_settings": short } }]),
        json!({ "action": connect("reception") }),
    );
    let decision = decide(&table, None, &Facts::default());
    let both = json!({ "agent": { "max_call_duration_ms": 60_000, "language": "en-US" } });
    assert_eq!(json!(decision.agent_settings), both);
}

#[test]
fn the_lines_own_agent_brings_its_own_and_other_agents_nothing() {
    let keep = table(json!([]), json!({ "action": "keep" }));
    let facts = Facts::default();
    assert_eq!(decide(&keep, Some("agent_r"), &facts).variables["name"], "friend");
    for decision in [
        decide(&keep, None, &facts),
        decide(&keep, Some("agent_x"), &facts),
        decide(&table(json!([]), json!({ "action": connect("plain") })), Some("agent_r"), &facts),
        decide(&table(json!([]), json!({ "action": "reject" })), Some("agent_r"), &facts),
    ] {
        assert!(
            decision.variables.is_empty() && decision.agent_settings.is_none() && decision.notes.is_empty()
        );
    }
}

#[test]
fn what_retell_would_not_take_is_told_with_its_place() {
    let mut table = table(
        json!([{ "id": "1", "name": "Night", "then": { "action": "go_on",
                 "variables": { "current_time": "now", "fine": "x" },
                 "agent_settings": { "agent": { "max_call_duration_ms": 5 } } } }]),
        json!({ "action": "keep", "agent_settings": { "language": "de-DE" } }),
    );
    let agent = &mut table.agents[0];
    agent.needs[1].name = "name".into();
    agent.needs[2].default = Some("{{oops".into());
    agent.settings = json!({ "agent": { "voice_speed": 9 } }).as_object().cloned();
    let problems: Vec<_> = compile(&table, &Registry::built_in())
        .unwrap_err()
        .into_iter()
        .map(|problem| (problem.field, problem.message))
        .collect();
    for (field, words) in [
        ("rules[0].then.variables.current_time", "filled by Retell itself"),
        ("rules[0].then.agent_settings.agent.max_call_duration_ms", "from 60 seconds to 2 hours"),
        ("fallback.agent_settings.language", "inside of “agent”"),
        ("agents[0].needs[1].name", "twice"),
        ("agents[0].needs[2].default", "does not close it"),
        ("agents[0].settings.agent.voice_speed", "from 0.5 to 2"),
    ] {
        let told = problems.iter().find(|(at, _)| at == field);
        assert!(told.is_some_and(|(_, message)| message.contains(words)), "{field}: {problems:?}");
    }
    assert_eq!(problems.len(), 6, "{problems:?}");
}

#[test]
fn agents_come_out_of_their_file_as_they_went_in() {
    let before = table(json!([]), json!({ "action": "keep" }));
    let text = serde_json::to_string(&before).unwrap();
    assert_eq!(serde_json::from_str::<Table>(&text).unwrap(), before);
    let plain = json!({ "id": "plain", "name": "Plain", "retell_id": "agent_p" });
    assert_eq!(serde_json::to_value(&before.agents[1]).unwrap(), plain, "nothing is written that is not set");
    let mut after = before.clone();
    after.agents[0].needs.pop();
    let told = changes(&before, &after, &Registry::built_in());
    assert_eq!(told[0].words, "Agent “Reception” no longer needs the variable order");
}
