//! Test cases in the window, used as a person would: written by hand, for a rule, and of calls.
#![cfg(feature = "desktop")]
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod support;

use egui::{Theme, Ui};
use egui_kittest::Harness;
use egui_kittest::kittest::Queryable;
use serde_json::json;
use support::desk::{Desk, busy_shop, click, fill, rule, shop};
use support::{save_picture, window};
use switchboard::routing::{Caller, ExpectedBy, ExpectedOutcome, Table, TestCase};
use switchboard::storage::call_log::Summary;
use switchboard::ui::app::{Action, Actions};
use switchboard::ui::routes::RoutesScreen;

type Routes = Harness<'static, Desk<RoutesScreen>>;

fn routes_sized(table: Table, size: [f32; 2], theme: Theme) -> Routes {
    let draw = |ui: &mut Ui, desk: &mut Desk<RoutesScreen>| {
        let mut actions = Actions::new();
        let all = egui::UiBuilder::new().max_rect(ui.ctx().content_rect());
        ui.scope_builder(all, |ui| {
            ui.set_clip_rect(ui.max_rect());
            desk.screen.ui(ui, &desk.state, &mut actions);
        });
        desk.take(actions);
        for action in std::mem::take(&mut desk.actions) {
            match action {
                Action::OpenTest(id) => desk.screen.open_test(id),
                other => desk.actions.push(other),
            }
        }
    };
    let mut harness = window(size, theme)
        .with_pixels_per_point(support::scale())
        .build_ui_state(draw, Desk::new(table, RoutesScreen::default()));
    harness.run();
    harness
}

fn routes(table: Table) -> Routes {
    routes_sized(table, [936.0, 584.0], Theme::Light)
}

fn tests(harness: &Routes) -> &[TestCase] {
    &harness.state().state.draft.test_cases
}

fn names(harness: &Routes) -> Vec<&str> {
    tests(harness).iter().map(|test| test.name.as_str()).collect()
}

fn test(json: serde_json::Value) -> TestCase {
    serde_json::from_value(json).unwrap()
}

/// Office hours for the main line; everything else goes to the night desk.
fn small_shop() -> Table {
    let mut table = shop();
    table.rules = vec![
        rule(json!({ "id": "office", "name": "Office hours",
            "when": [{ "any_of": [{ "condition": "hours.open", "settings": { "schedule": "office" } }] },
                     { "any_of": [{ "condition": "line.is", "settings": { "lines": ["sales"] } }] }],
            "then": { "action": { "connect": { "agent": "reception" } } } })),
        rule(json!({ "id": "block", "name": "Block list",
            "when": [{ "any_of": [{ "condition": "caller.number", "settings": { "numbers": ["+14155550199"] } }] }],
            "then": { "action": "reject" } })),
    ];
    table.fallback =
        serde_json::from_value(json!({ "action": { "connect": { "agent": "night" } } })).unwrap();
    table
}

/// The same with one test that passes and one that does not.
fn tested_shop() -> Table {
    let mut table = small_shop();
    table.test_cases = vec![
        test(
            json!({ "id": "a", "name": "Mondays at ten", "from": { "number": "+14155552671" }, "to": "sales",
            "at": "2026-11-23T10:00",
            "expect": { "outcome": { "connect": { "agent": "reception" } }, "by": { "rule": "office" } } }),
        ),
        test(json!({ "id": "b", "name": "Nights are quiet", "from": "withheld", "to": "main",
            "at": "2026-11-23T23:00", "expect": { "outcome": "reject" } })),
    ];
    table
}

fn open_page(harness: &mut Routes) {
    click(harness, "More about the table");
    click(harness, "Test cases…");
}

#[test]
fn a_test_is_written_by_hand_and_run_on_every_keystroke() {
    let mut harness = routes(small_shop());
    open_page(&mut harness);
    click(&mut harness, "Add the first test");
    fill(&mut harness, "Name", "Evenings");
    fill(&mut harness, "Caller", "(415) 555-0142");
    fill(&mut harness, "Date and time", "2026-11-23 20:00");
    assert!(harness.query_by_label("Passes").is_some(), "the fallback is what a new test begins with");
    fill(&mut harness, "Date and time", "tomorrow");
    assert!(harness.query_by_label("Fails").is_some());
    assert_eq!(tests(&harness)[0].at, "tomorrow", "what was typed is kept");
    fill(&mut harness, "Date and time", "2026-11-23 20:00");
    let written = tests(&harness)[0].clone();
    assert_eq!(written.name, "Evenings");
    assert_eq!(written.from, Caller::Number("+14155550142".into()));
    assert_eq!((written.to.as_str(), written.at.as_str()), ("main", "2026-11-23T20:00"));
    click(&mut harness, "Back to test cases");
    assert!(harness.query_by_label("The test passes").is_some());
    assert!(harness.state().edits.contains(&"Change test “Evenings”".to_owned()));
}

#[test]
fn a_failing_test_says_why_and_can_take_over_what_happens() {
    let mut harness = routes(tested_shop());
    open_page(&mut harness);
    assert!(harness.query_by_label("1 of 2 tests fails").is_some());
    assert!(harness.query_by_label("After hours answers, it was to be rejected").is_some());
    click(&mut harness, "Edit Nights are quiet");
    click(&mut harness, "Expect this");
    let expect = &tests(&harness)[1].expect;
    assert_eq!(expect.outcome, ExpectedOutcome::Connect { agent: "night".into() });
    assert_eq!(expect.by, Some(ExpectedBy::Fallback));
    assert!(harness.query_by_label("Passes").is_some());
}

#[test]
fn tests_are_copied_moved_and_deleted() {
    let mut harness = routes(tested_shop());
    open_page(&mut harness);
    for (deed, left) in [
        ("Duplicate", &["Mondays at ten", "Mondays at ten (copy)", "Nights are quiet"][..]),
        ("Move down", &["Mondays at ten (copy)", "Mondays at ten", "Nights are quiet"]),
        ("Move up", &["Mondays at ten", "Mondays at ten (copy)", "Nights are quiet"]),
        ("Delete test", &["Mondays at ten (copy)", "Nights are quiet"]),
    ] {
        click(&mut harness, "More about Mondays at ten");
        click(&mut harness, deed);
        assert_eq!(names(&harness), left, "{deed}");
    }
    let mut ids: Vec<_> = tests(&harness).iter().map(|test| &test.id).collect();
    ids.dedup();
    assert_eq!(ids.len(), 2);
    assert!(harness.state().edits.contains(&"Delete test “Mondays at ten”".to_owned()));
}

/// Facts that no test can look up again are given with it, by the names people know.
#[test]
fn facts_are_given_by_their_titles() {
    let mut table = tested_shop();
    table.test_cases.truncate(1);
    let mut harness = routes(table);
    let fact = harness.state().state.facts.get("caller.country").unwrap().title.clone();
    open_page(&mut harness);
    click(&mut harness, "Edit Mondays at ten");
    click(&mut harness, "Give a fact");
    click(&mut harness, &fact);
    fill(&mut harness, &fact, "FR");
    let facts = serde_json::to_value(&tests(&harness)[0].facts).unwrap();
    assert_eq!(facts, json!({ "caller.country": { "text": "FR" } }));
    click(&mut harness, &format!("Remove {fact}"));
    assert!(tests(&harness)[0].facts.is_empty());
}

#[test]
fn a_rule_shows_its_tests_and_one_without_offers_to_write_one() {
    let mut harness = routes(tested_shop());
    assert!(harness.query_by_label("1 test").is_some(), "one test covers the office hours");
    click(&mut harness, "Rule 2: Block list");
    click(&mut harness, "Write one");
    let written = tests(&harness).last().unwrap();
    assert_eq!(written.name, "Block list decides");
    assert_eq!(written.from, Caller::Number("+14155550199".into()), "the number that the rule speaks of");
    assert_eq!(written.expect.outcome, ExpectedOutcome::Reject);
    assert!(harness.query_by_label("Passes").is_some());
}

#[test]
fn among_many_those_that_fail_are_found() {
    let mut harness = routes(tested_shop());
    open_page(&mut harness);
    let shown = |harness: &Routes| {
        let is_there = |name: &str| harness.query_by_label(&format!("Edit {name}")).is_some();
        (is_there("Nights are quiet"), is_there("Mondays at ten"))
    };
    assert_eq!(shown(&harness), (true, true));
    click(&mut harness, "Only those that fail");
    assert_eq!(shown(&harness), (true, false));
    click(&mut harness, "Edit Nights are quiet");
    click(&mut harness, "Expect this");
    click(&mut harness, "Back to test cases");
    assert_eq!(shown(&harness), (true, true), "none fails any more, so all are shown");
}

#[test]
fn the_page_names_rules_without_a_test_and_writes_one_that_passes() {
    let mut table = tested_shop();
    for n in 0..6 {
        let (id, name) = (format!("more{n}"), format!("Customer {n}"));
        let numbers = json!({ "numbers": [format!("+1415555020{n}")] });
        table.rules.push(rule(json!({ "id": id, "name": name,
            "when": [{ "any_of": [{ "condition": "caller.number", "settings": numbers }] }],
            "then": { "action": { "connect": { "agent": "sales-desk" } } } })));
    }
    table.rules.push(rule(json!({ "id": "off", "name": "Off", "enabled": false,
        "then": { "action": "reject" } })));
    table.rules.push(rule(json!({ "id": "over", "name": "Over", "until": "2026-11-01T09:00",
        "then": { "action": "reject" } })));
    let mut harness = routes(table);
    open_page(&mut harness);
    assert!(harness.query_by_label("No test covers 7 rules").is_some(), "what takes part counts");
    assert!(harness.query_by_label("Write a test for Customer 5").is_none(), "few are shown");
    click(&mut harness, "Show all 7");
    click(&mut harness, "Write a test for Customer 5");
    let written = tests(&harness).last().unwrap();
    assert_eq!(
        (written.name.as_str(), &written.from),
        ("Customer 5 decides", &Caller::Number("+14155550205".into()))
    );
    assert!(harness.query_by_label("Passes").is_some());
    click(&mut harness, "Back to test cases");
    assert!(harness.query_by_label("No test covers 6 rules").is_some());
}

/// Whatever a rule is about, the test that is written for it passes at once.
#[test]
fn the_test_that_is_written_reaches_the_rule() {
    for (condition, settings) in [
        ("caller.country", json!({ "countries": ["DE"] })),
        ("caller.number", json!({ "numbers": ["+1900*"] })),
        ("caller.withheld", json!({})),
        ("lists.on", json!({ "lists": ["vips"] })),
        ("line.is", json!({ "lines": ["sales"] })),
        ("hours.open", json!({ "schedule": "nights" })),
    ] {
        let mut table = small_shop();
        table.schedules.push(
            serde_json::from_value(json!({ "id": "nights", "name": "Nights",
            "hours": "Fr 22:00-24:00" }))
            .unwrap(),
        );
        table.lists.push(
            serde_json::from_value(json!({ "id": "vips", "name": "VIPs",
            "entries": [{ "what": "+4930901820" }] }))
            .unwrap(),
        );
        table.rules = vec![rule(json!({ "id": "a", "name": "A",
            "when": [{ "any_of": [{ "condition": condition, "settings": settings }] }],
            "then": { "action": "reject" } }))];
        let mut harness = routes(table);
        click(&mut harness, "Rule 1: A");
        click(&mut harness, "Write one");
        assert!(harness.query_by_label("Passes").is_some(), "{condition}: {:?}", tests(&harness));
    }
}

#[test]
fn the_last_call_that_a_rule_decided_is_what_its_test_is_about() {
    let mut harness = routes(small_shop());
    let call = Summary {
        id: 7,
        at_ms: "2026-11-20T15:30:00Z".parse::<chrono::DateTime<chrono::Utc>>().unwrap().timestamp_millis(),
        from: Some("+14155550777".into()),
        to: "+14155550124".into(),
        rule_id: Some("office".into()),
        ..Summary::default()
    };
    harness.state_mut().state.calls.push_front(call);
    click(&mut harness, "Rule 1: Office hours");
    click(&mut harness, "Write one");
    let written = &tests(&harness)[0];
    assert_eq!((written.to.as_str(), written.at.as_str()), ("sales", "2026-11-20T10:30"));
    assert_eq!(written.from, Caller::Number("+14155550777".into()));
    assert!(harness.query_by_label("Passes").is_some());
}

#[test]
fn a_draft_that_cannot_decide_says_that_its_tests_are_not_run() {
    let mut table = busy_shop();
    table.test_cases = tested_shop().test_cases;
    let mut harness = routes(table);
    open_page(&mut harness);
    assert!(harness.query_by_label("The tests cannot be run yet").is_some());
    assert_eq!(harness.query_all_by_label("Not run").count(), 2);
}

#[test]
fn pictures() {
    for (size, theme, name) in support::looks() {
        let size = [size[0] - 208.0, size[1] - 56.0];
        let mut harness = routes_sized(tested_shop(), size, theme);
        save_picture(&mut harness, &format!("tests-rows-{name}"));
        open_page(&mut harness);
        save_picture(&mut harness, &format!("tests-list-{name}"));
        click(&mut harness, "Edit Nights are quiet");
        save_picture(&mut harness, &format!("tests-form-{name}"));
        let mut harness = routes_sized(tested_shop(), size, theme);
        click(&mut harness, "Rule 2: Block list");
        harness.get_by_label("Write one").scroll_to_me();
        harness.run();
        save_picture(&mut harness, &format!("tests-rule-{name}"));
    }
}
