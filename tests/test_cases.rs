//! Test cases of a table: what passes, what fails, and in which words.
#![allow(clippy::unwrap_used, clippy::expect_used)]

use std::sync::Arc;

use serde_json::{Value, json};
use switchboard::plugins::Registry;
use switchboard::routing::{Caller, Table, TestCase};
use switchboard::service::{Live, Tested, reaching, run_tests};

/// A VIP rule by a fact of a contact file, office hours, and a fallback.
fn table(test: &Value) -> Table {
    let connect = |agent: &str| json!({"action": {"connect": {"agent": agent}}});
    let when = |condition: &str, settings: Value| json!([{"any_of": [{"condition": condition, "settings": settings}]}]);
    let mut vip = connect("vip");
    vip["variables"] = json!({"tier": "{{caller.country}} caller"});
    let hours = when("hours.open", json!({"schedule": "office"}));
    serde_json::from_value(json!({
        "format": 1, "country": "US", "zone": "America/New_York",
        "lines": [{"id": "main", "name": "Main line", "number": "+14155550123"}],
        "agents": [
            {"id": "vip", "name": "VIP desk", "retell_id": "agent_vip"},
            {"id": "reception", "name": "Reception", "retell_id": "agent_reception"},
        ],
        "schedules": [{"id": "office", "name": "Office hours", "hours": "Mo-Fr 09:00-17:00"}],
        "rules": [
            {"id": "blocked", "name": "Blocked", "when": when("caller.withheld", json!({})), "then": {"action": "reject"}},
            {"id": "vip", "name": "VIP", "when": when("caller.country", json!({"countries": ["DE"]})), "then": vip},
            {"id": "office", "name": "Office", "when": hours, "then": connect("reception")},
        ],
        "fallback": {"action": "keep"},
        "test_cases": [test],
    }))
    .unwrap()
}

fn run(test: &Value) -> Tested {
    let table = Arc::new(table(test));
    let mut tested = run_tests(&Live::build(0, table, &Registry::built_in()).unwrap());
    assert_eq!(tested.len(), 1);
    tested.remove(0)
}

/// Wednesday, 25 November 2026, unless `changes` say otherwise.
fn test(at: &str, changes: &Value, expect: &Value) -> Value {
    let mut test = json!({
        "id": "t", "name": "Test", "from": {"number": "+14155552671"}, "to": "main",
        "at": format!("2026-11-25T{at}"), "expect": expect,
    });
    for (name, value) in changes.as_object().unwrap() {
        test[name] = value.clone();
    }
    test
}

#[test]
fn a_test_passes_where_everything_is_as_it_must_be() {
    let german = json!({"from": {"number": "+4930901820"}});
    for (at, changes, expect, rule) in [
        ("10:00", json!({}), json!({"outcome": {"connect": {"agent": "reception"}}}), Some("office")),
        (
            "10:00",
            json!({}),
            json!({"outcome": {"connect": {"agent": "reception"}}, "by": {"rule": "office"}}),
            Some("office"),
        ),
        ("08:59", json!({}), json!({"outcome": "keep", "by": "fallback"}), None),
        ("10:00", json!({"from": "withheld"}), json!({"outcome": "reject"}), Some("blocked")),
        (
            "03:00",
            german,
            json!({"outcome": {"connect": {"agent": "vip"}}, "variables": {"tier": "DE caller"}}),
            Some("vip"),
        ),
    ] {
        let tested = run(&test(at, &changes, &expect));
        assert_eq!(tested.wrong, Vec::<String>::new(), "{expect}");
        assert_eq!(tested.rule(), rule, "{expect}");
    }
}

#[test]
fn a_test_that_fails_says_what_is_otherwise() {
    let connect = |agent: &str| json!({"outcome": {"connect": {"agent": agent}}});
    let german = json!({"from": {"number": "+4930901820"}});
    for (changes, expect, wrong) in [
        (json!({}), connect("vip"), &["Reception answers, not VIP desk"][..]),
        (json!({}), json!({"outcome": "reject"}), &["Reception answers, it was to be rejected"]),
        (
            json!({"from": "withheld"}),
            json!({"outcome": "keep"}),
            &["It is rejected, not the line's own agent"],
        ),
        (
            json!({}),
            json!({"outcome": {"connect": {"agent": "reception"}}, "by": "fallback"}),
            &["Rule “Office” decides, not the fallback"],
        ),
        (
            json!({}),
            json!({"outcome": "keep", "by": {"rule": "vip"}}),
            &["Reception answers, not the line's own agent", "Rule “Office” decides, not rule “VIP”"],
        ),
        (json!({}), connect("gone"), &["The agent that was to answer is not in the table any more"]),
        (
            json!({}),
            json!({"outcome": {"connect": {"agent": "reception"}}, "by": {"rule": "gone"}}),
            &["The rule that was to decide is not in the table any more"],
        ),
        (
            german,
            json!({"outcome": {"connect": {"agent": "vip"}}, "variables": {"tier": "gold", "name": "Ann"}}),
            &[
                "The variable name is not set; it was to be “Ann”",
                "The variable tier is “DE caller” and not “gold”",
            ],
        ),
        (
            json!({"at": "tomorrow"}),
            json!({"outcome": "keep"}),
            &["The time “tomorrow” is not a date and time; write it like 2026-12-24 09:00"],
        ),
    ] {
        assert_eq!(run(&test("10:00", &changes, &expect)).wrong, wrong, "{expect}");
    }
}

/// What a test says is known stands above what the look-ups say, which do not hold forever.
#[test]
fn facts_of_a_test_are_taken_as_known() {
    let pinned = json!({"facts": {"caller.country": {"text": "FR"}}, "from": {"number": "+4930901820"}});
    let expect = json!({"outcome": {"connect": {"agent": "vip"}}, "variables": {"tier": "FR caller"}});
    assert_eq!(run(&test("10:00", &pinned, &expect)).wrong, Vec::<String>::new());
}

#[test]
fn test_cases_come_out_of_their_file_as_they_went_in_and_ids_are_checked() {
    let one =
        test("10:00", &json!({"medium": "text", "has_default_agent": true}), &json!({"outcome": "keep"}));
    let mut table = table(&one);
    let written = serde_json::to_value(&table.test_cases[0]).unwrap();
    assert_eq!(written, one);
    table.test_cases.push(table.test_cases[0].clone());
    let problems = switchboard::routing::compile(&table, &Registry::built_in()).unwrap_err();
    assert_eq!(problems[0].field, "test_cases[1].id");
}

/// Whatever a test for a rule begins with, it is a call that reaches the rule where one is found.
#[test]
fn a_call_that_reaches_a_rule_is_found() {
    let registry = Registry::built_in();
    let guess = test("02:00", &json!({}), &json!({"outcome": "keep"}));
    let mut table = table(&guess);
    let go_on = json!({"id": "greet", "name": "Greet", "then": {"action": "go_on", "variables": {"a": "b"}}});
    table.rules.insert(2, serde_json::from_value(go_on).unwrap());
    table.rules.push(
        serde_json::from_value(json!({"id": "hidden", "name": "Hidden",
        "when": [{"any_of": [{"condition": "caller.withheld"}]}], "then": {"action": "keep"}}))
        .unwrap(),
    );
    let guess: TestCase = serde_json::from_value(guess).unwrap();
    let german = Caller::Number("+4930901820".into());
    let callers = [guess.from.clone(), german.clone(), Caller::Withheld];
    for (rule, from, at, outcome, by) in [
        ("blocked", Caller::Withheld, "2026-11-25T02:00", json!("reject"), json!({"rule": "blocked"})),
        ("vip", german, "2026-11-25T02:00", json!({"connect": {"agent": "vip"}}), json!({"rule": "vip"})),
        (
            "office",
            guess.from.clone(),
            "2026-11-25T13:00",
            json!({"connect": {"agent": "reception"}}),
            json!({"rule": "office"}),
        ),
        ("greet", guess.from.clone(), "2026-11-25T02:00", json!("keep"), json!("fallback")),
    ] {
        let rule = table.rule(rule).unwrap();
        let found = reaching(guess.clone(), rule, &callers, &["main".to_owned()], &table, &registry);
        let expect = json!({"outcome": outcome, "by": by});
        assert_eq!((&found.from, found.at.as_str()), (&from, at), "{}", rule.id);
        assert_eq!(serde_json::to_value(&found.expect).unwrap(), expect, "{}", rule.id);
        let with_it = Arc::new(Table { test_cases: vec![found], ..table.clone() });
        let tested = run_tests(&Live::build(0, with_it, &registry).unwrap()).remove(0);
        assert_eq!(tested.wrong, Vec::<String>::new(), "it passes at once");
        assert!(tested.rules().contains(rule.id.as_str()), "and covers the rule");
    }
    let hidden = table.rule("hidden").unwrap();
    let found = reaching(guess.clone(), hidden, &callers, &["main".to_owned()], &table, &registry);
    assert_eq!(found, guess, "no call reaches it");
}

/// Hours that are short or far away, dates, and what only a look-up, a header or the line tells.
#[test]
fn a_call_is_found_for_whatever_a_rule_asks() {
    let registry = Registry::built_in();
    let all = |tests: &[(&str, Value)]| {
        let group = |(condition, settings): &(&str, Value)| json!({"any_of": [{"condition": condition, "settings": settings}]});
        tests.iter().map(group).collect::<Value>()
    };
    let one = |condition: &str, settings: Value| all(&[(condition, settings)]);
    let open = |schedule: &str| ("hours.open", json!({"schedule": schedule}));
    let compare = |fact: &str, is: &str, value: Value| {
        ("fact.compare", json!({"fact": fact, "is": is, "value": value}))
    };
    for (name, rule) in [
        ("short hours", json!({"when": all(&[open("lunch")])})),
        ("one day of the year", json!({"when": all(&[open("feast")])})),
        ("an hour of that day", json!({"when": all(&[open("feast"), open("evening")])})),
        ("from and until", json!({"from": "2027-03-01T10:10", "until": "2027-03-01T10:20"})),
        (
            "days of the year",
            json!({"when": one("call.month_window", json!({"from": {"month": 7, "day": 4}, "to": {"month": 7, "day": 5}}))}),
        ),
        ("days of the month", json!({"when": one("call.day_of_month", json!({"days": [], "last": true}))})),
        (
            "a country at odd hours",
            json!({"when": all(&[("caller.country", json!({"countries": ["NZ"]})), open("lunch")])}),
        ),
        (
            "a kind of number",
            json!({"when": all(&[("caller.kind", json!({"kinds": ["toll_free"]})), open("lunch")])}),
        ),
        (
            "numbers that begin alike",
            json!({"when": all(&[("caller.number", json!({"numbers": ["+81*"]})), open("lunch")])}),
        ),
        ("another line", json!({"when": all(&[("line.is", json!({"lines": ["other"]})), open("lunch")])})),
        ("text messages", json!({"when": one("call.medium", json!({"is": "text"}))})),
        ("the line's own agent", json!({"when": one("call.default_agent", json!({}))})),
        (
            "a header",
            json!({"when": one("call.sip_header", json!({"name": "X-Campaign", "is": "contains", "value": "spring"}))}),
        ),
        (
            "the 4th call",
            json!({"when": one("history.repeat", json!({"nth": 4, "within": 10, "unit": "minutes"}))}),
        ),
        ("who called before", json!({"when": one("history.before", json!({"is": "returning"}))})),
        (
            "who called lately",
            json!({"when": one("history.last_call", json!({"within": 30, "unit": "days"}))}),
        ),
        ("who had an agent", json!({"when": one("history.last_agent", json!({"agents": ["vip"]}))})),
        (
            "a fact of a look-up",
            json!({"when": all(&[compare("crm.tier", "is", json!("gold")), open("lunch")])}),
        ),
        ("a number of a look-up", json!({"when": all(&[compare("history.calls", "more_than", json!(7))])})),
    ] {
        let guess = test("02:00", &json!({}), &json!({"outcome": "keep"}));
        let mut table = table(&guess);
        let schedules = [
            ("lunch", "Mo-Fr 12:20-12:35"),
            ("feast", "2027 Feb 14 10:00-22:00"),
            ("evening", "20:15-20:30"),
        ];
        for (id, hours) in schedules {
            table
                .schedules
                .push(serde_json::from_value(json!({"id": id, "name": id, "hours": hours})).unwrap());
        }
        let lines = json!([{"id": "other", "name": "Other line", "number": "+14155550124"}]);
        table.lines.extend(serde_json::from_value::<Vec<_>>(lines).unwrap());
        let mut asked =
            json!({"id": "asked", "name": "Asked", "then": {"action": {"connect": {"agent": "vip"}}}});
        asked.as_object_mut().unwrap().extend(rule.as_object().unwrap().clone());
        // Below those that turn away the withheld, and take Germans and office hours.
        table.rules.remove(2);
        table.rules.push(serde_json::from_value(asked).unwrap());
        let guess: TestCase = serde_json::from_value(guess).unwrap();
        let rule = table.rule("asked").unwrap();
        let callers = [guess.from.clone(), Caller::Withheld];
        let found = reaching(guess, rule, &callers, &["main".to_owned()], &table, &registry);
        let with_it = Arc::new(Table { test_cases: vec![found.clone()], ..table.clone() });
        let tested = run_tests(&Live::build(0, with_it, &registry).unwrap()).remove(0);
        assert_eq!(tested.wrong, Vec::<String>::new(), "{name}: {found:?}");
        assert_eq!(tested.rule(), Some("asked"), "{name}: {found:?}");
    }
}
