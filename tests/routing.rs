//! Deciding with the real plugins: what holds for every table, and what `compile` tells.
#![allow(clippy::unwrap_used, clippy::expect_used)]

use std::collections::BTreeMap;
use std::sync::Arc;

use chrono::{DateTime, Utc};
use futures_util::FutureExt;
use proptest::prelude::*;
use serde_json::json;
use switchboard::plugins::{Ask, OpenLookUp, Registry};
use switchboard::routing::{
    Action, Agent, Answer, AnyOf, By, Call, Caller, Compiled, Decision, Detail, Facts, Line, Outcome, Rule,
    RuleVerdict, Schedule, Table, Test, Value, Vocabulary, compile,
};

/// A fact that no plugin offers; calls in these tests have it or not.
const VIP: &str = "contact.vip";

fn empty_table() -> Table {
    let mut table = Table::empty("US", "America/New_York");
    for (id, name, number) in [("main", "Main line", "+14155550123"), ("berlin", "Berlin", "+4930901820")] {
        table.lines.push(Line { id: id.into(), name: name.into(), number: number.into() });
    }
    for (id, name) in [("reception", "Reception"), ("sales", "Sales")] {
        table.agents.push(Agent {
            id: id.into(),
            name: name.into(),
            retell_id: format!("agent_{id}"),
            ..Agent::default()
        });
    }
    for (id, hours) in [("office", "Mo-Fr 09:00-17:00"), ("night", "Mo-Su 22:00-02:00"), ("never", "off")] {
        table.schedules.push(Schedule {
            id: id.into(),
            name: id.into(),
            hours: hours.into(),
            ..Schedule::default()
        });
    }
    table
}

fn any_test() -> impl Strategy<Value = Test> {
    let tests = [
        ("caller.number", json!({"numbers": ["+14155552671", "+49*"]})),
        ("caller.number", json!({"numbers": ["+1*"]})),
        ("caller.withheld", json!({})),
        ("caller.country", json!({"countries": ["US", "DE"]})),
        ("line.is", json!({"lines": ["main"]})),
        ("line.is", json!({"lines": ["main", "berlin"]})),
        ("hours.open", json!({"schedule": "office"})),
        ("hours.open", json!({"schedule": "night"})),
        ("hours.open", json!({"schedule": "never"})),
        ("fact.compare", json!({"fact": VIP, "is": "yes"})),
        ("fact.compare", json!({"fact": VIP, "is": "known"})),
        ("fact.compare", json!({"fact": "line.name", "is": "contains", "value": "LINE"})),
    ];
    (prop::sample::select(tests.to_vec()), any::<bool>()).prop_map(|((condition, settings), not)| Test {
        condition: condition.into(),
        not,
        settings,
    })
}

fn any_action() -> impl Strategy<Value = Action> {
    let connect = |agent: &str| Action::Connect { agent: agent.into(), version: None };
    let actions = vec![connect("reception"), connect("sales"), Action::Keep, Action::Reject, Action::GoOn];
    prop::sample::select(actions)
}

fn any_outcome() -> impl Strategy<Value = Outcome> {
    let variables = prop::collection::btree_map("[abc]", "[xyz]|\\{\\{line\\.name\\|none\\}\\}", 0..3);
    (any_action(), variables, prop::option::of(0..3_u8)).prop_map(|(action, variables, metadata)| {
        let metadata = metadata.map(|number| {
            serde_json::Map::from_iter([("n".into(), number.into()), (format!("k{number}"), true.into())])
        });
        Outcome { action, variables, metadata, ..Outcome::default() }
    })
}

fn any_table() -> impl Strategy<Value = Table> {
    let group = prop::collection::vec(any_test(), 1..3).prop_map(|any_of| AnyOf { any_of });
    let moments =
        [None, None, None, Some("2026-03-04T12:00"), Some("2026-03-08T02:30"), Some("2026-03-11T09:00")];
    // From, then until: the same list, and pairs that end before they begin are left out.
    let period = (prop::sample::select(moments.to_vec()), prop::sample::select(moments.to_vec()))
        .prop_filter("ends after it begins", |(from, until)| {
            from.is_none() || until.is_none() || from < until
        });
    let rule = (prop::bool::weighted(0.8), period, prop::collection::vec(group, 0..3), any_outcome());
    let fallback = any_outcome().prop_filter("the fallback ends", |then| then.action != Action::GoOn);
    (prop::collection::vec(rule, 0..8), fallback).prop_map(|(rules, fallback)| {
        let mut table = empty_table();
        table.fallback = fallback;
        table.rules = rules
            .into_iter()
            .enumerate()
            .map(|(index, (enabled, (from, until), when, then))| Rule {
                id: format!("r{index}"),
                name: format!("Rule {index}"),
                note: String::new(),
                enabled,
                from: from.map(str::to_owned),
                until: until.map(str::to_owned),
                when,
                then,
            })
            .collect();
        table
    })
}

prop_compose! {
    fn any_call()(
        from in prop::sample::select(vec!["+14155552671", "+4930901820", "+33140205050", "1001", ""]),
        to in prop::sample::select(vec!["+14155550123", "+4930901820", "+15550000000"]),
        vip in prop::option::of(any::<bool>()),
        minute in 0..14 * 24 * 60_i64,
    ) -> (Call, Facts, DateTime<Utc>) {
        let from = if from.is_empty() { Caller::Withheld } else { Caller::Number(from.into()) };
        let (call, at) = (Call::new(from, to), at("2026-03-01T00:00:00Z") + chrono::Duration::minutes(minute));
        let mut facts = facts(&empty_table(), &call, at);
        match vip {
            Some(vip) => facts.set(VIP, Value::YesNo(vip)),
            None => facts.set_missing(VIP, "Contacts did not answer"),
        }
        (call, facts, at)
    }
}

fn at(text: &str) -> DateTime<Utc> {
    DateTime::parse_from_rfc3339(text).unwrap().to_utc()
}

fn facts(table: &Table, call: &Call, at: DateTime<Utc>) -> Facts {
    let ask = Ask { call: Arc::new(call.clone()), at };
    let mut facts = Facts::default();
    for OpenLookUp { look_up, .. } in Registry::built_in().look_ups(table) {
        facts.merge(look_up.ask(ask.clone()).now_or_never().unwrap().unwrap());
    }
    facts
}

fn compiled(table: &Table) -> Compiled {
    compile(table, &Registry::built_in()).unwrap()
}

/// All but the trace, which tells of rules that had no part in it.
fn essence(decision: Decision) -> Decision {
    Decision { trace: Vec::new(), untold: 0, ..decision }
}

/// The moments that rules in these tests begin and end at, told by hand. At 02:30 on 8 March the
/// clocks in New York have just gone from 02:00 to 03:00.
fn moment(text: &str) -> DateTime<Utc> {
    at(match text {
        "2026-03-04T12:00" => "2026-03-04T17:00:00Z",
        "2026-03-08T02:30" => "2026-03-08T07:00:00Z",
        "2026-03-11T09:00" => "2026-03-11T13:00:00Z",
        other => panic!("{other} is not told"),
    })
}

/// Whether a rule takes part at a time, the plain way.
fn in_time(rule: &Rule, at: DateTime<Utc>) -> bool {
    rule.from.as_deref().is_none_or(|from| moment(from) <= at)
        && rule.until.as_deref().is_none_or(|until| at < moment(until))
}

/// Whether a rule matches, the plain way.
fn matches(rule: &Rule, table: &Table, call: &Call, facts: &Facts, at: DateTime<Utc>) -> bool {
    let registry = Registry::built_in();
    let holds = |test: &Test| match registry.condition(test, table).unwrap().test(call, facts, at).answer {
        Answer::Yes => !test.not,
        Answer::No => test.not,
        Answer::Unknown => false,
    };
    rule.enabled && in_time(rule, at) && rule.when.iter().all(|group| group.any_of.iter().any(holds))
}

/// The rule that must win, and the value each variable must have, the plain way.
fn reference(
    table: &Table,
    call: &Call,
    facts: &Facts,
    at: DateTime<Utc>,
) -> (Option<usize>, BTreeMap<String, String>) {
    let mut variables = BTreeMap::new();
    let line = facts.get("line.name").map_or("none".to_owned(), Value::words);
    let mut add = |outcome: &Outcome| {
        for (name, text) in &outcome.variables {
            variables.insert(name.clone(), text.replace("{{line.name|none}}", &line));
        }
    };
    for (index, rule) in table.rules.iter().enumerate() {
        if matches(rule, table, call, facts, at) {
            add(&rule.then);
            if rule.then.action != Action::GoOn {
                return (Some(index), variables);
            }
        }
    }
    add(&table.fallback);
    (None, variables)
}

proptest! {
    #[test]
    fn the_first_that_matches_wins((call, facts, at) in any_call(), table in any_table()) {
        let decision = compiled(&table).decide(&call, &facts, at);
        let (winner, variables) = reference(&table, &call, &facts, at);
        let by = winner.map_or(By::Fallback, |index| {
            let Rule { id, name, .. } = &table.rules[index];
            By::Rule { id: id.clone(), name: name.clone() }
        });
        prop_assert_eq!(&decision.by, &by);
        prop_assert_eq!(&decision.variables, &variables, "the winner's own come last");
        prop_assert_eq!(decision.trace.len(), table.rules.len());
        for (index, (rule, trace)) in table.rules.iter().zip(&decision.trace).enumerate() {
            let expected = match winner {
                Some(winner) if index > winner => RuleVerdict::NotReached,
                Some(winner) if index == winner => RuleVerdict::Won,
                _ if !rule.enabled => RuleVerdict::Off,
                _ if rule.until.as_deref().is_some_and(|until| moment(until) <= at) => RuleVerdict::Expired,
                _ if rule.from.as_deref().is_some_and(|from| at < moment(from)) => RuleVerdict::NotYet,
                _ if matches(rule, &table, &call, &facts, at) => RuleVerdict::Added,
                _ => RuleVerdict::NoMatch,
            };
            prop_assert_eq!(trace.verdict, expected);
        }
    }

    #[test]
    fn looking_only_at_rules_that_can_match_changes_nothing((call, facts, at) in any_call(), table in any_table()) {
        let compiled = compiled(&table);
        let told = compiled.decide(&call, &facts, at);
        prop_assert_eq!(told.untold, 0);
        let met = compiled.decide_with(&call, &facts, at, Detail::Met);
        let quick = compiled.decide_with(&call, &facts, at, Detail::Nothing);
        prop_assert_eq!(met.trace.len() + met.untold, table.rules.len());
        let mut of_all = told.trace.iter();
        for rule in &met.trace {
            prop_assert!(of_all.any(|other| other == rule), "told alike and in order: {:?}", rule);
        }
        for rule in told.trace.iter().filter(|rule| !met.trace.contains(rule)) {
            prop_assert!(!matches!(rule.verdict, RuleVerdict::Won | RuleVerdict::Added));
        }
        prop_assert_eq!(essence(met), essence(told.clone()));
        prop_assert_eq!(essence(quick), essence(told));
    }

    #[test]
    fn out_of_its_time_is_as_good_as_deleted((call, facts, at) in any_call(), table in any_table()) {
        let mut without = table.clone();
        without.rules.retain(|rule| in_time(rule, at));
        let decide = |table: &Table| essence(compiled(table).decide(&call, &facts, at));
        prop_assert_eq!(decide(&table), decide(&without));
    }

    #[test]
    fn switching_off_is_as_good_as_deleting((call, facts, at) in any_call(), table in any_table()) {
        let mut without = table.clone();
        without.rules.retain(|rule| rule.enabled);
        let decide = |table: &Table| essence(compiled(table).decide(&call, &facts, at));
        prop_assert_eq!(decide(&table), decide(&without));
    }

    #[test]
    fn what_stands_below_the_winner_does_not_matter(
        (call, facts, at) in any_call(), table in any_table(), other in any_table(),
    ) {
        let decision = essence(compiled(&table).decide(&call, &facts, at));
        if let By::Rule { id, .. } = &decision.by {
            let winner = table.rules.iter().position(|rule| rule.id == *id).unwrap();
            let mut changed = table.clone();
            changed.rules.truncate(winner + 1);
            changed.rules.extend(other.rules.into_iter().map(|rule| Rule { id: format!("o{}", rule.id), ..rule }));
            changed.fallback = other.fallback;
            prop_assert_eq!(essence(compiled(&changed).decide(&call, &facts, at)), decision);
        }
    }

    #[test]
    fn a_table_survives_its_file(table in any_table()) {
        let text = serde_json::to_string_pretty(&table).unwrap();
        prop_assert_eq!(serde_json::from_str::<Table>(&text).unwrap(), table);
    }
}

#[test]
fn what_cannot_be_told_never_matches() {
    let call = Call::new(Caller::Withheld, "+14155550123");
    let at = at("2026-03-02T15:00:00Z");
    for not in [false, true] {
        let settings = json!({"fact": VIP, "is": "yes"});
        let test = Test { condition: "fact.compare".into(), not, settings };
        let mut table = empty_table();
        let then = Outcome { action: Action::Reject, ..Outcome::default() };
        let (id, name) = ("vip".to_owned(), "VIP".to_owned());
        table.rules.push(Rule {
            id,
            name,
            note: String::new(),
            enabled: true,
            from: None,
            until: None,
            when: vec![test.into()],
            then,
        });
        let mut facts = Facts::default();
        facts.set_missing(VIP, "Contacts did not answer");
        let decision = compiled(&table).decide(&call, &facts, at);
        assert_eq!(decision.by, By::Fallback);
        let trace = &decision.trace[0].groups[0].tests[0];
        assert_eq!(trace.answer, Answer::Unknown);
        assert_eq!(trace.why, "contact.vip is not known: Contacts did not answer");
    }
}

#[test]
fn every_mistake_is_told_at_once_and_where() {
    let table: Table = serde_json::from_value(json!({
        "format": 1,
        "country": "XX",
        "zone": "Mars/Olympus",
        "lines": [{"id": "main", "name": "Main", "number": "555"}, {"id": "main", "name": "Other", "number": "+14155550123"}],
        "agents": [{"id": "a", "name": "Reception", "retell_id": " "}],
        "schedules": [
            {"id": "office", "name": "Office hours", "hours": "Mo-Fr 09:00-17:00", "zone": "Berlin"},
            {"id": "odd", "name": "Odd hours", "hours": "Mo-Fr 9-17", "zone": "Europe/Berlin"},
        ],
        "rules": [
            {"id": "one", "name": "One", "when": [{"any_of": [
                {"condition": "hours.open", "settings": {"schedule": "gone"}},
                {"condition": "caller.number", "settings": {"numbers": ["Bob"]}},
                {"condition": "hours.open", "settings": {"schedule": "odd"}},
            ]}], "then": {"action": {"connect": {"agent": "gone"}}}},
            {"id": "one", "name": "Two", "when": [{"any_of": []}, {"any_of": [{"condition": "no.such"}]}],
             "then": {"action": "keep", "variables": {"greeting": "Hello {{"}}},
        ],
        "fallback": {"action": "go_on"},
    }))
    .unwrap();
    let problems = compile(&table, &Registry::built_in()).unwrap_err();
    let told: Vec<_> =
        problems.iter().map(|problem| (problem.field.as_str(), problem.place.as_str())).collect();
    assert_eq!(
        told,
        [
            ("country", "Home country"),
            ("zone", "Time zone"),
            ("lines[1].id", "Line “Other”"),
            ("rules[1].id", "Rule “Two”"),
            ("lines[0].number", "Line “Main”"),
            ("agents[0].retell_id", "Agent “Reception”"),
            ("schedules[0].zone", "Schedule “Office hours”"),
            ("schedules[1].hours", "Schedule “Odd hours”"),
            ("rules[0].when[0].any_of[0]", "Rule “One”"),
            ("rules[0].when[0].any_of[1]", "Rule “One”"),
            ("rules[0].then.action.connect.agent", "Rule “One”"),
            ("rules[1].when[0]", "Rule “Two”"),
            ("rules[1].when[1].any_of[0]", "Rule “Two”"),
            ("rules[1].then.variables.greeting", "Rule “Two”"),
            ("fallback.action", "The fallback"),
        ]
    );
    let hours = problems.iter().find(|problem| problem.field == "schedules[1].hours").unwrap();
    assert!(hours.message.contains("from “9-17” on (character 7); write them like"), "{}", hours.message);
}

#[test]
fn the_trace_says_from_when_and_until_when() {
    let mut table = empty_table();
    let rule = |id: &str, from: Option<&str>, until: Option<&str>| {
        serde_json::from_value::<Rule>(json!({"id": id, "name": id, "from": from, "until": until,
            "then": {"action": "reject"}}))
        .unwrap()
    };
    table.rules = vec![
        rule("summer", None, Some("2026-08-31T18:00")),
        rule("party", Some("2026-12-24T09:00"), None),
        rule("now", Some("2026-11-01T01:30"), Some("2026-12-24T09:00")),
    ];
    let decide = |text: &str| {
        let call = Call::new(Caller::Withheld, "+14155550123");
        let decision = compiled(&table).decide(&call, &Facts::default(), at(text));
        let told: Vec<_> = decision.trace.into_iter().map(|rule| (rule.verdict, rule.why)).collect();
        (decision.by, told)
    };
    let (by, told) = decide("2026-12-24T13:59:59Z");
    assert!(matches!(by, By::Rule { id, .. } if id == "now"));
    let expired = (RuleVerdict::Expired, "until Mon 31 Aug 2026, 18:00".to_owned());
    let not_yet = (RuleVerdict::NotYet, "from Thu 24 Dec 2026, 09:00".to_owned());
    assert_eq!(told, [expired.clone(), not_yet, (RuleVerdict::Won, String::new())]);
    let (by, told) = decide("2026-12-24T14:00:00Z");
    assert!(matches!(by, By::Rule { id, .. } if id == "party"), "to the second");
    assert_eq!(told[0], expired);
    // The hour from 01:00 comes twice that night, and is meant the first time.
    assert_eq!(decide("2026-11-01T05:29:59Z").0, By::Fallback);
    assert!(matches!(decide("2026-11-01T05:30:00Z").0, By::Rule { .. }));
    assert!(matches!(decide("2026-11-01T06:15:00Z").0, By::Rule { .. }));
}

#[test]
fn a_period_that_cannot_be_is_told() {
    let problems = |from: &str, until: &str| {
        let mut table = empty_table();
        table.rules = vec![
            serde_json::from_value(json!({"id": "one", "name": "One", "from": from, "until": until,
                "then": {"action": "keep"}}))
            .unwrap(),
        ];
        let problems = compile(&table, &Registry::built_in()).err().unwrap_or_default();
        problems.into_iter().map(|problem| (problem.field, problem.message)).collect::<Vec<_>>()
    };
    assert_eq!(problems("2026-12-24T09:00", "2026-12-24T09:01"), []);
    let like = "is not a date and time; write it like 2026-12-24 09:00";
    assert_eq!(
        problems("24.12.2026", "soon"),
        [
            ("rules[0].from".to_owned(), format!("from “24.12.2026” {like}")),
            ("rules[0].until".to_owned(), format!("until “soon” {like}")),
        ]
    );
    let (field, message) = problems("2026-12-24T09:00", "2026-12-24T09:00").remove(0);
    assert_eq!(field, "rules[0].until");
    assert_eq!(message, "it ends before it begins; choose a later time for until");
}

/// A table as the first version of the format writes it. What is added since must not show where
/// it is not used.
#[test]
fn a_table_of_the_first_day_is_saved_as_it_was() {
    let text = include_str!("data/table-1.json");
    let table: Table = serde_json::from_str(text).unwrap();
    assert_eq!(serde_json::to_string_pretty(&table).unwrap() + "\n", text);
    assert_eq!(compile(&table, &Registry::built_in()).err(), None);
}
