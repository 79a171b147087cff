//! What differs between two tables, with the real plugins' words.
#![allow(clippy::unwrap_used, clippy::expect_used)]

use proptest::prelude::*;
use serde_json::{Value, json};
use switchboard::plugins::Registry;
use switchboard::routing::{ChangeKind, Counts, Rule, Table, changes};

/// A small shop with all kinds of things in it.
fn shop() -> Table {
    serde_json::from_value(json!({
        "format": 1,
        "country": "US",
        "zone": "America/New_York",
        "lines": [
            { "id": "main", "name": "Main line", "number": "+14155550123" },
            { "id": "sales", "name": "Sales line", "number": "+14155550124" }
        ],
        "agents": [
            { "id": "reception", "name": "Reception", "retell_id": "agent_r" },
            { "id": "night", "name": "After hours", "retell_id": "agent_n" }
        ],
        "schedules": [{ "id": "office", "name": "Office hours", "hours": "Mo-Fr 09:00-17:00; Sa 09:00-14:00" }],
        "lists": [{ "id": "block", "name": "Block list", "entries": [
            { "what": "+14155552671", "note": "robocaller" }, { "what": "country:DE" }
        ] }],
        "look_ups": [{ "id": "customers", "name": "Customers", "plugin": "contacts", "settings": { "file": "a.csv" } }],
        "rules": [
            rule("vip", "VIP", &[("caller.number", json!({ "numbers": ["+12137771234"] }))], connect("reception")),
            rule("block", "Block list", &[("lists.on", json!({ "lists": ["block"] }))], json!("reject")),
            rule("open", "Open", &[
                ("hours.open", json!({ "schedule": "office" })), ("line.is", json!({ "lines": ["main"] })),
            ], connect("reception")),
            rule("germany", "Germany", &[("caller.country", json!({ "countries": ["DE"] }))], connect("night")),
        ],
        "fallback": { "action": connect("night"), "variables": { "greeting": "Good evening" } }
    }))
    .unwrap()
}

#[allow(clippy::needless_pass_by_value, reason = "reads better where it is used")]
fn rule(id: &str, name: &str, when: &[(&str, Value)], action: Value) -> Value {
    let test = |(condition, settings): &(&str, Value)| json!({ "any_of": [{ "condition": condition, "settings": settings }] });
    let when: Vec<Value> = when.iter().map(test).collect();
    json!({ "id": id, "name": name, "when": when, "then": { "action": action } })
}

fn connect(agent: &str) -> Value {
    json!({ "connect": { "agent": agent } })
}

/// The shop with the value at a JSON pointer put in its place.
fn with(edits: &[(&str, Value)]) -> Table {
    let mut table = serde_json::to_value(shop()).unwrap();
    for (pointer, value) in edits {
        let (parent, name) = pointer.rsplit_once('/').unwrap();
        // What it was in is gone by an edit before this one.
        let Some(parent) = table.pointer_mut(parent) else { continue };
        match parent {
            Value::Object(fields) if value.is_null() => drop(fields.remove(name)),
            Value::Object(fields) => drop(fields.insert(name.to_owned(), value.clone())),
            Value::Array(items) if name == "-" => items.push(value.clone()),
            Value::Array(items) if value.is_null() => drop(items.remove(name.parse().unwrap())),
            Value::Array(items) => items[name.parse::<usize>().unwrap()] = value.clone(),
            other => panic!("{other}"),
        }
    }
    serde_json::from_value(table).unwrap()
}

fn words(from: &Table, to: &Table) -> Vec<String> {
    changes(from, to, &Registry::built_in()).into_iter().map(|change| change.words).collect()
}

#[test]
#[allow(clippy::too_many_lines, reason = "one table of examples")]
fn each_difference_is_told_in_a_sentence() {
    let any_of = |tests: &[(&str, Value)]| {
        let tests: Vec<Value> = tests.iter().map(|(c, s)| json!({ "condition": c, "settings": s })).collect();
        json!({ "any_of": tests })
    };
    for (edits, told) in [
        (
            vec![("/country", json!("DE")), ("/zone", json!("Europe/Berlin"))],
            &[
                "The home country is now Germany (was United States)",
                "The time zone is now Europe/Berlin (was America/New_York)",
            ][..],
        ),
        (
            vec![("/schedules/0/hours", json!("Mo-Fr 09:00-17:00; Sa 10:00-14:00"))],
            &["Schedule “Office hours” now opens at 10:00 on Saturday (was 09:00)"],
        ),
        (
            vec![("/schedules/0/zone", json!("Europe/Berlin"))],
            &["Schedule “Office hours” is now told in Europe/Berlin (was the business's zone)"],
        ),
        (
            vec![("/schedules/0/holidays", json!({"country": "DE", "region": "BY", "except": ["Epiphany"]}))],
            &[
                "Schedule “Office hours” now goes by the public holidays of Germany, region BY (was United States)",
                "Schedule “Office hours” no longer counts Epiphany as a public holiday",
            ],
        ),
        (
            vec![("/rules/0/then/action", connect("night"))],
            &["Rule “VIP” now connects After hours (was Reception)"],
        ),
        (
            vec![("/rules/0/then/action", json!({ "connect": { "agent": "reception", "version": "prod" } }))],
            &["Rule “VIP” now connects Reception, version prod (was Reception)"],
        ),
        (
            vec![("/rules/1/then/action", json!("keep"))],
            &["Rule “Block list” now keeps the line's own agent (was: rejects the call)"],
        ),
        (
            vec![
                ("/fallback/action", json!("reject")),
                ("/fallback/variables", json!({ "greeting": "Hello", "x": "1" })),
            ],
            &[
                "The fallback now rejects the call (was: connects After hours)",
                "The fallback now sets the variable greeting to “Hello” (was “Good evening”)",
                "The fallback now sets the variable x to “1”",
            ],
        ),
        (vec![("/fallback/variables", Value::Null)], &["The fallback no longer sets the variable greeting"]),
        (
            vec![("/rules/3/then/metadata", json!({ "campaign": "summer" }))],
            &["Rule “Germany” sends other metadata: campaign is “summer” now"],
        ),
        (
            vec![("/rules/3/then/agent_settings", json!({ "agent": { "language": "de-DE" } }))],
            &["Rule “Germany” sets the agent otherwise: language German"],
        ),
        (
            vec![("/rules/3/when/0", any_of(&[("caller.country", json!({ "countries": ["DE", "AT"] }))]))],
            &[
                "Rule “Germany” now requires that the caller is in Germany or Austria (was: the caller is in Germany)",
            ],
        ),
        (
            vec![("/rules/2/when/1", Value::Null)],
            &["Rule “Open” no longer requires that the call is to Main line"],
        ),
        (
            vec![("/rules/3/when", json!([]))],
            &[
                "Rule “Germany” no longer requires that the caller is in Germany",
                "Rule “Germany” now matches any call",
            ],
        ),
        (
            vec![(
                "/rules/1/when/-",
                any_of(&[
                    ("hours.open", json!({ "schedule": "office" })),
                    ("line.is", json!({ "lines": ["sales"] })),
                ]),
            )],
            &["Rule “Block list” now also requires that Office hours is open or the call is to Sales line"],
        ),
        (
            vec![("/rules/2/when/0/any_of/0/not", json!(true))],
            &["Rule “Open” now requires that Office hours is closed (was: Office hours is open)"],
        ),
        (
            vec![
                ("/rules/0/name", json!("Very important")),
                ("/rules/0/enabled", json!(false)),
                ("/rules/0/note", json!("Family")),
            ],
            &[
                "Rule “VIP” is now called “Very important”",
                "Rule “Very important” has the note “Family” now",
                "Rule “Very important” is now off",
            ],
        ),
        (
            vec![("/rules/0/from", json!("2026-12-24T09:00")), ("/rules/0/until", json!("2026-12-31T18:00"))],
            &["Rule “VIP” now begins Thu 24 Dec 2026, 09:00", "Rule “VIP” now ends Thu 31 Dec 2026, 18:00"],
        ),
        (
            vec![
                ("/lists/0/entries/-", json!({ "what": "+14155550199" })),
                ("/lists/0/entries/0", Value::Null),
            ],
            &[
                "1 caller added to list “Block list”: (415) 555-0199",
                "1 caller removed from list “Block list”: (415) 555-2671",
            ],
        ),
        (
            vec![("/lists/0/entries/1/until", json!("2026-12-24"))],
            &["all of Germany on list “Block list” now counts until 24 December 2026 (was further notice)"],
        ),
        (
            vec![("/lines/0/number", json!("+14155550125"))],
            &["Line “Main line” now has the number (415) 555-0125 (was (415) 555-0123)"],
        ),
        (
            vec![("/agents/1/retell_id", json!("agent_x"))],
            &["Agent “After hours” now has the agent ID agent_x (was agent_n)"],
        ),
        (
            vec![
                ("/agents/1/greeting", json!("Hello")),
                ("/agents/1/needs", json!([{ "name": "name" }, { "name": "shop", "default": "Bikes" }])),
                ("/agents/1/settings", json!({ "agent": { "language": "de-DE" } })),
                ("/languages", json!({ "CH": "fr" })),
            ],
            &[
                "Agent “After hours” begins with “Hello” now (was “”)",
                "Agent “After hours” now needs the variable name, with no default",
                "Agent “After hours” now needs the variable shop, with the default “Bikes”",
                "Agent “After hours” is set otherwise for its calls: language German",
                "The language of callers from Switzerland is now fr (was the usual one)",
            ],
        ),
        (
            vec![
                ("/agents/-", json!({ "id": "s", "name": "Sales", "retell_id": "agent_s" })),
                ("/lines/1", Value::Null),
            ],
            &["Line “Sales line” is gone", "Agent “Sales” is new"],
        ),
        (
            vec![("/look_ups/0/settings/file", json!("b.csv")), ("/look_ups/0/enabled", json!(false))],
            &[
                "Look-up “Customers” is no longer asked",
                "Look-up “Customers” is set otherwise: file is “b.csv” now (was “a.csv”)",
            ],
        ),
        (
            vec![(
                "/rules/-",
                rule("new", "Late", &[("line.is", json!({ "lines": ["sales"] }))], json!("keep")),
            )],
            &["Rule “Late” is new, at the bottom: keeps the line's own agent when the call is to Sales line"],
        ),
        (
            vec![
                ("/rules/-", rule("new", "Unknown callers", &[], json!("keep"))),
                ("/rules/4/from", json!("2026-12-24T12:00")),
                ("/rules/4/then/variables", json!({ "shop": "Harbor", "tone": "calm" })),
                ("/rules/4/then/agent_settings", json!({ "agent": { "max_call_duration_ms": 60000 } })),
            ],
            &["Rule “Unknown callers” is new, at the bottom: keeps the line's own agent for any call; \
                 sets the variables shop, tone; sets the agent: longest call 60 seconds; \
                 begins Thu 24 Dec 2026, 12:00"],
        ),
        (vec![("/rules/3", Value::Null)], &["Rule “Germany” is gone"]),
    ] {
        assert_eq!(words(&shop(), &with(&edits)), told, "{edits:?}");
    }
}

#[test]
fn what_the_words_of_a_condition_only_count_is_told_too() {
    let numbers = |numbers: &[&str]| {
        let condition = ("caller.number", json!({ "numbers": numbers }));
        with(&[("/rules/0", rule("vip", "VIP", &[condition], connect("reception")))])
    };
    let five = numbers(&["+12137771230", "+12137771231", "+12137771232", "+12137771233", "+12137771234"]);
    let other = numbers(&["+12137771230", "+12137771231", "+12137771232", "+12137771233", "+12137771239"]);
    let told = words(&five, &other);
    assert_eq!(told.len(), 1, "{told:?}");
    assert!(told[0].ends_with("numbers: “+12137771239” added, “+12137771234” removed"), "{told:?}");
}

#[test]
fn rules_that_move_are_told_as_moved_and_no_others() {
    let order = |ids: [&str; 4]| {
        let mut table = shop();
        let rule = |id: &str| -> Rule { shop().rule(id).unwrap().clone() };
        table.rules = ids.map(rule).to_vec();
        table
    };
    for (ids, told) in [
        (["block", "vip", "open", "germany"], "Rule “Block list” moved to the top"),
        (["vip", "open", "block", "germany"], "Rule “Open” moved above “Block list”"),
        (["vip", "open", "germany", "block"], "Rule “Block list” moved to the bottom"),
        (["vip", "germany", "block", "open"], "Rule “Germany” moved above “Block list”"),
        (["germany", "vip", "block", "open"], "Rule “Germany” moved to the top"),
    ] {
        let all = changes(&shop(), &order(ids), &Registry::built_in());
        assert_eq!(all.len(), 1, "{all:?}");
        assert_eq!((all[0].kind, all[0].words.as_str()), (ChangeKind::Moved, told));
    }
    let turned = changes(&shop(), &order(["germany", "open", "block", "vip"]), &Registry::built_in());
    assert_eq!(Counts::of(&turned).words(), "3 moved");
}

/// Edits that each change something, at places that every shop has.
fn any_edit() -> impl Strategy<Value = (&'static str, Value)> {
    let texts = || prop::sample::select(vec![json!("a"), json!("b"), json!("")]);
    let place = |pointers: &'static [&'static str]| prop::sample::select(pointers);
    prop_oneof![
        (
            place(&[
                "/rules/0/name",
                "/rules/1/note",
                "/lines/0/name",
                "/lines/1/number",
                "/agents/0/name",
                "/agents/1/retell_id",
                "/agents/0/greeting",
                "/schedules/0/name",
                "/schedules/0/hours",
                "/schedules/0/zone",
                "/lists/0/name",
                "/lists/0/note",
                "/look_ups/0/name",
                "/look_ups/0/plugin",
                "/zone",
                "/country",
                "/rules/2/from",
                "/rules/2/until",
                "/rules/0/id",
                "/agents/1/id",
                "/rules/1/id",
                "/lists/0/entries/0/what",
                "/lists/0/entries/1/note",
                "/schedules/0/holidays/region",
                "/schedules/0/holidays/country"
            ]),
            texts()
        ),
        (
            place(&[
                "/rules/0/enabled",
                "/rules/3/enabled",
                "/look_ups/0/enabled",
                "/rules/2/when/0/any_of/0/not"
            ]),
            any::<bool>().prop_map(Value::from)
        ),
        (
            place(&["/rules/0/then/action", "/fallback/action"]),
            prop::sample::select(vec![
                json!("keep"),
                json!("reject"),
                json!("go_on"),
                connect("night"),
                connect("x")
            ])
        ),
        (
            place(&[
                "/rules/0/then/metadata",
                "/fallback/agent_settings",
                "/look_ups/0/settings",
                "/rules/3/when/0/any_of/0/settings"
            ]),
            prop::sample::select(vec![
                json!({}),
                json!({ "a": 1 }),
                json!({ "a": { "b": [1, 2] } }),
                json!({ "a": null })
            ])
        ),
        (
            place(&["/rules/0/then/variables", "/fallback/variables"]),
            prop::sample::select(vec![json!({}), json!({ "a": "1" }), json!({ "b": "1" })])
        ),
        (
            place(&["/rules/0/when", "/rules/2/when"]),
            prop::sample::select(vec![
                json!([]),
                json!([{ "any_of": [] }]),
                json!([{ "any_of": [{ "condition": "line.is", "settings": { "lines": ["main"] } }] }]),
            ])
        ),
        (
            place(&["/lists/0/entries/0/until", "/lists/0/entries/0/added"]),
            prop::sample::select(vec![json!("2026-12-24"), json!("2026-12-25")])
        ),
    ]
}

fn any_table() -> impl Strategy<Value = Table> {
    let edits = prop::collection::vec(any_edit(), 0..3);
    (edits, Just((0..4).collect::<Vec<usize>>()).prop_shuffle(), 0..6_usize).prop_map(
        |(edits, order, kept)| {
            let mut table = with(&edits);
            let rules = table.rules.clone();
            // One in three keeps the order.
            if kept < 4 {
                table.rules = order.iter().take(kept + 1).map(|place| rules[*place].clone()).collect();
            }
            table
        },
    )
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn nothing_is_told_exactly_where_nothing_differs(from in any_table(), to in any_table()) {
        let registry = Registry::built_in();
        let told = changes(&from, &to, &registry);
        prop_assert_eq!(told.is_empty(), from == to, "{:?}", told);
        prop_assert!(changes(&from, &from, &registry).is_empty());
        for change in &told {
            prop_assert!(!change.words.ends_with('.'), "{}", change.words);
        }
    }

    #[test]
    fn each_of_several_edits_is_told(first in any_edit(), second in any_edit()) {
        let parts = |(pointer, _): &(&str, Value)| pointer.split('/').nth(1).unwrap().to_owned();
        prop_assume!(parts(&first) != parts(&second));
        let counted = |edits: &[_]| Counts::of(&changes(&shop(), &with(edits), &Registry::built_in()));
        let (one, other) = (counted(std::slice::from_ref(&first)), counted(std::slice::from_ref(&second)));
        let both = counted(&[first, second]);
        let sum = Counts {
            new: one.new + other.new,
            gone: one.gone + other.gone,
            changed: one.changed + other.changed,
            moved: one.moved + other.moved,
        };
        prop_assert_eq!(both, sum);
    }
}

#[test]
fn who_is_told_is_named() {
    let registry = Registry::built_in();
    registry.host().notices.replace([("slack".to_owned(), "Sales channel".to_owned())].into());
    let tells = |ids: &[&str]| with(&[("/rules/0/then/tell", json!(ids))]);
    let words = |from: &Table, to: &Table| -> Vec<String> {
        changes(from, to, &registry).into_iter().map(|change| change.words).collect()
    };
    assert_eq!(words(&shop(), &tells(&["slack"])), ["Rule “VIP” now tells Sales channel"]);
    assert_eq!(words(&tells(&["slack", "gone"]), &tells(&["slack"])), ["Rule “VIP” no longer tells “gone”"]);
    assert_eq!(
        words(&tells(&["slack", "gone"]), &tells(&["gone", "slack"])),
        ["Rule “VIP” tells the same in another order"]
    );
}
