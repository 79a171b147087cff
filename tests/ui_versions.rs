//! Publishing now and later, and the page of versions: used as a person would, and drawn to be
//! looked at.
#![cfg(feature = "desktop")]
#![allow(clippy::unwrap_used, clippy::expect_used)]

#[path = "support/program.rs"]
mod program;
mod support;
#[path = "support/whole.rs"]
mod whole;

use std::sync::Arc;

use chrono::{TimeDelta, Utc};
use egui::{Key, Modifiers, Theme};
use egui_kittest::Harness;
use egui_kittest::kittest::Queryable;
use serde_json::json;
use support::desk::{Desk, Routes, busy_shop, click, fill, now, routes_window, rule, shop};
use support::{looks, save_more, save_picture, window};
use switchboard::routing::{Counts, Table};
use switchboard::service::messages::{Command, Planned};
use switchboard::storage::version::{Failing, Origin, Remarks, Until};
use switchboard::storage::{KeptInfo, VersionInfo};
use switchboard::ui::app::{Action, Actions, State};
use switchboard::ui::publishing::PublishDialog;
use switchboard::ui::routes::RoutesScreen;
use whole::Whole;

type Page = Routes;
type Dialog = Harness<'static, Desk<(PublishDialog, bool)>>;

/// A shop with this many rules.
fn large_shop(count: usize) -> Table {
    let mut table = shop();
    table.rules = (0..count)
        .map(|n| {
            let number = format!("+1415555{n:04}");
            let test = json!({ "condition": "caller.number", "settings": { "numbers": [number] } });
            let agent = ["reception", "night", "sales-desk"][n % 3];
            rule(json!({
                "id": format!("r{n}"), "name": format!("Customer {n}"), "when": [{ "any_of": [test] }],
                "then": { "action": { "connect": { "agent": agent } } }
            }))
        })
        .collect();
    table
}

/// The large shop with much of it changed.
fn changed_shop() -> Table {
    let mut table = large_shop(60);
    table.rules.swap(3, 40);
    for (n, rule) in table.rules.iter_mut().enumerate() {
        match n % 4 {
            0 => rule.then = serde_json::from_value(json!({ "action": "reject" })).unwrap(),
            1 => rule.name.push_str(", regular"),
            2 => rule.enabled = false,
            _ => {}
        }
    }
    table.rules.truncate(58);
    table.schedules[0].hours = "Mo-Fr 08:00-12:30,13:30-17:00; Sa 10:00-15:00".into();
    table.zone = "America/Chicago".into();
    table
}

fn version(version: u32, days_ago: i64, remarks: Remarks) -> VersionInfo {
    VersionInfo { version, published_at: now() - TimeDelta::days(days_ago), remarks }
}

fn remarks(note: &str, origin: Origin) -> Remarks {
    let changes = Some(Counts { new: 2, gone: 0, changed: 3, moved: 1 });
    Remarks { note: note.into(), by: "ana".into(), origin, changes, until: None, failing: None }
}

fn plan(id: i64, hours: i64, failed: Option<&str>) -> Planned {
    Planned {
        id,
        at: now() + TimeDelta::hours(hours),
        until: (id == 1).then(|| now() + TimeDelta::hours(hours + 80)),
        note: "Christmas: only the emergency line".into(),
        despite: String::new(),
        planned_at: now() - TimeDelta::hours(5),
        by: "ana".into(),
        failed: failed.map(str::to_owned),
        table: Arc::new(changed_shop()),
    }
}

/// All that the page can show.
fn fill_state(state: &mut State) {
    let until = Some(Until { at: now() + TimeDelta::hours(7), back_to: 11 });
    let failing = Some(Failing { tests: vec!["VIPs get through".into()], reason: "Agreed with Ann".into() });
    state.versions = vec![
        version(12, 0, Remarks { until, ..remarks("Open house today", Origin::Draft) }),
        version(11, 1, remarks("", Origin::WentBack { to: 9 })),
        version(10, 3, Remarks { failing, ..remarks("Long weekend", Origin::Planned { plan: 3 }) }),
        version(9, 9, remarks("", Origin::BroughtBack { from: 7 })),
    ];
    state.versions.extend((1..9).rev().map(|n| version(n, 20 - i64::from(n), Remarks::from("As it was"))));
    state.plans = vec![
        Planned { despite: "The new desk is not listed yet".into(), ..plan(1, 30, None) },
        plan(2, -2, Some("Rule “Rain”: the condition “weather.rain” is not known here")),
    ];
    state.kept_drafts = vec![KeptInfo {
        number: 4,
        at: now() - TimeDelta::hours(1),
        why: "Set aside as version 7 was brought back".into(),
    }];
    state.tables.insert(11, Arc::new(large_shop(60)));
    state.tables.insert(9, Arc::new(busy_shop()));
}

fn page(size: [f32; 2], theme: Theme, table: Table, fill: impl Fn(&mut State)) -> Page {
    let mut desk = Desk::new(table, RoutesScreen::default());
    fill(&mut desk.state);
    desk.screen.open_versions();
    routes_window(desk, size, theme)
}

fn full_page() -> Page {
    page([792.0, 584.0], Theme::Light, changed_shop(), fill_state)
}

fn commands<S>(harness: &Harness<'_, Desk<S>>) -> Vec<String> {
    let words = |action: &Action| match action {
        Action::Send(command) => format!("{command:?}"),
        other => format!("{other:?}"),
    };
    harness.state().actions.iter().map(words).collect()
}

#[test]
fn a_version_is_brought_back_after_asking() {
    let mut harness = full_page();
    click(&mut harness, "Bring version 9 back");
    assert!(harness.query_by_label_contains("as version 13").is_some());
    click(&mut harness, "Cancel");
    assert!(commands(&harness).is_empty());
    click(&mut harness, "Bring version 9 back");
    click(&mut harness, "Bring it back");
    assert_eq!(commands(&harness), ["BringBack(9)"]);
    assert!(harness.query_by_label("Bring version 12 back").is_none(), "it is live");
}

#[test]
fn why_something_was_published_although_tests_failed_is_told() {
    let mut harness = full_page();
    for words in [
        "Published although a test failed (VIPs get through): Agreed with Ann",
        "Published even if tests fail: The new desk is not listed yet",
    ] {
        assert!(harness.query_by_label(words).is_some(), "{words}");
    }
    let told = "It was not published: Rule “Rain”: the condition “weather.rain” is not known here";
    assert!(harness.query_by_label_contains(told).is_some());
    click(&mut harness, "Put what was planned for Mon 23 Nov 2026, 07:05 in the draft");
    assert_eq!(harness.state().edits, ["Take over what is planned for Mon 23 Nov 2026, 07:05"]);
}

#[test]
fn any_two_versions_are_compared_in_sentences() {
    let mut harness = full_page();
    click(&mut harness, "What changed with version 12");
    let told =
        harness.query_by_label_contains("Rule “Customer 0” now rejects the call (was: connects Reception)");
    assert!(told.is_some());
    click(&mut harness, "Close the comparison");
    // A table that is not here is asked for once.
    click(&mut harness, "What changed with version 11");
    assert!(harness.query_by_label("Reading…").is_some());
    assert_eq!(commands(&harness), ["LoadVersion(10)"]);
    harness.state_mut().state.failures += 1;
    harness.run();
    assert!(harness.query_by_label("One of the two cannot be read").is_some());
    assert_eq!(commands(&harness).len(), 1);
}

#[test]
fn a_version_is_opened_to_be_read_and_can_be_taken_over() {
    let mut harness = full_page();
    click(&mut harness, "Open version 9");
    assert!(harness.query_by_label("Callers from abroad").is_some());
    assert!(harness.query_by_label("Delete schedule").is_none());
    click(&mut harness, "Put in the draft");
    assert_eq!(harness.state().edits, ["Put version 9 in the draft"]);
    assert_eq!(*harness.state().state.draft, busy_shop());
    click(&mut harness, "Compare with the draft");
    assert!(harness.query_by_label("The two are the same").is_some());
}

#[test]
fn what_is_planned_and_set_aside_can_be_undone() {
    let mut harness = full_page();
    click(&mut harness, "Cancel what is planned for Tue 24 Nov 2026, 15:05");
    click(&mut harness, "Let the live version stay");
    click(&mut harness, "Get draft 4 back");
    click(&mut harness, "Throw draft 4 away");
    click(&mut harness, "Throw away");
    assert_eq!(commands(&harness), ["CancelPlan(1)", "StayLive", "TakeBackDraft(4)", "RemoveDraft(4)"]);
    click(&mut harness, "What changes on Tue 24 Nov 2026, 15:05");
    assert!(harness.query_by_label("The two are the same").is_some(), "the plan is as the live table");
    click(&mut harness, "Back to routes");
    assert!(harness.query_by_label("Add a rule").is_some());
}

fn dialog(size: [f32; 2], theme: Theme, from: Table, to: Table, fill: impl Fn(&mut State)) -> Dialog {
    let mut desk = Desk::new(from, (PublishDialog::default(), true));
    desk.take(vec![Action::Edit { what: String::new(), table: to }]);
    fill(&mut desk.state);
    let mut harness = window(size, theme).with_pixels_per_point(support::scale()).build_ui_state(
        |ui: &mut egui::Ui, desk: &mut Desk<(PublishDialog, bool)>| {
            let mut actions = Actions::new();
            if desk.screen.1 {
                desk.screen.1 = desk.screen.0.ui(ui, &desk.state, &mut actions);
            }
            desk.take(actions);
        },
        desk,
    );
    harness.run();
    harness
}

fn small_dialog() -> Dialog {
    dialog([1000.0, 640.0], Theme::Light, shop(), large_shop(2), |_| ())
}

#[test]
fn a_publish_is_planned_for_later_and_until() {
    let mut harness = small_dialog();
    click(&mut harness, "Later");
    click(&mut harness, "Publish later");
    assert!(commands(&harness).is_empty(), "no time is given yet");
    for (typed, told) in [
        ("tomorrow", "“tomorrow” is not a date and time"),
        ("2026-11-23 09:00", "This time is past"),
        ("2026-12-24 18:00", "Thu 24 Dec 2026, 18:00 · in 31 days"),
    ] {
        fill(&mut harness, "Publish on", typed);
        assert!(harness.query_by_label_contains(told).is_some(), "{told}");
    }
    click(&mut harness, "Goes back by itself");
    fill(&mut harness, "Go back on", "2026-12-24 12:00");
    assert!(harness.query_by_label_contains("It ends before it begins").is_some());
    click(&mut harness, "Publish later");
    assert!(commands(&harness).is_empty());
    fill(&mut harness, "Go back on", "2026-12-27 08:00");
    click(&mut harness, "Publish later");
    let desk = harness.state();
    let [Action::Send(Command::Plan { table, at, until, .. })] = &desk.actions[..] else {
        panic!("{:?}", desk.actions)
    };
    assert_eq!(table, &desk.state.draft);
    let moment = |text: &str| text.parse::<chrono::DateTime<Utc>>().unwrap();
    assert_eq!((*at, *until), (moment("2026-12-24T23:00:00Z"), Some(moment("2026-12-27T13:00:00Z"))));
    assert!(!desk.screen.1);
}

#[test]
fn publishing_until_a_time_says_what_comes_back() {
    let mut harness = small_dialog();
    click(&mut harness, "Goes back by itself");
    assert!(harness.query_by_label_contains("calls are answered as by version 12 again").is_some());
    click(&mut harness, "Go back on at midnight");
    click(&mut harness, "Publish now");
    let desk = harness.state();
    let [Action::Send(Command::Publish { until: Some(until), .. })] = &desk.actions[..] else {
        panic!("{:?}", desk.actions)
    };
    assert_eq!(until.to_rfc3339(), "2026-11-24T05:00:00+00:00");
}

#[test]
fn undo_names_what_it_takes_back() {
    let home = tempfile::tempdir().unwrap();
    let mut whole = Whole::start(home.path(), "127.0.0.1:0", [1000.0, 640.0], Theme::Light);
    whole.harness.key_press_modifiers(Modifiers::COMMAND, Key::N);
    whole.harness.run();
    whole.until("the change", |state| state.changes.len() == 1);
    assert!(whole.says_about("Live v1 · draft has 1 change"));
    click(&mut whole.harness, "Back to routes");
    click(&mut whole.harness, "Undo");
    assert!(whole.says_about("Undone: Add rule “New rule”"));
    whole.until("no change", |state| state.changes.is_empty());
    assert!(whole.says_about("no unpublished changes"));
    click(&mut whole.harness, "Redo");
    assert!(whole.says_about("Done again: Add rule “New rule”"));
    whole.until("the change", |state| state.changes.len() == 1);
    whole.harness.get_by_label_contains("show all versions").click();
    whole.harness.run();
    assert!(whole.says("Version 1"));
}

#[test]
fn the_header_says_what_is_live_and_what_is_planned() {
    let home = tempfile::tempdir().unwrap();
    let now = switchboard::service::Clock::system().now();
    let files = switchboard::storage::Home::at(home.path()).unwrap();
    files.prepare().unwrap();
    let (store, _, _) = switchboard::storage::PlanStore::open::<Table>(&files, now);
    let at = now + TimeDelta::minutes(26 * 60 + 5);
    let plan =
        |id, failed: Option<&str>| Planned { at, failed: failed.map(str::to_owned), ..plan(id, 0, None) };
    store.save(&[plan(1, None)]).unwrap();
    for (size, theme, name) in looks() {
        let mut whole = Whole::start(home.path(), "127.0.0.1:0", size, theme);
        whole.until("the plan", |state| state.plans.len() == 1);
        assert!(whole.says_about("Live v1 · no unpublished changes · publishes on"));
        assert!(whole.says_about("(in 1 day)"));
        save_picture(&mut whole.harness, &format!("header-planned-{name}"));
        whole.stop();
    }
    store.save(&[plan(1, Some("Rule “Rain”: the condition is not known here"))]).unwrap();
    let mut whole = Whole::start(home.path(), "127.0.0.1:0", [1000.0, 640.0], Theme::Light);
    whole.until("the plan", |state| state.plans.len() == 1);
    assert!(whole.says_about("a planned publish failed!"));
    whole.stop();
}

#[test]
fn pictures() {
    for (size, theme, name) in looks() {
        // As much as the window leaves for a screen.
        let room = [size[0] - 208.0, size[1] - 56.0];
        let mut harness = page(room, theme, changed_shop(), fill_state);
        save_picture(&mut harness, &format!("versions-{name}"));
        click(&mut harness, "What changed with version 12");
        save_picture(&mut harness, &format!("versions-compare-{name}"));
        let mut harness = page(room, theme, changed_shop(), fill_state);
        click(&mut harness, "Open version 9");
        save_picture(&mut harness, &format!("versions-open-{name}"));
        let mut harness = page(room, theme, shop(), |_| ());
        save_more(&mut harness, &format!("versions-empty-{name}"));

        let mut harness = dialog(size, theme, large_shop(60), changed_shop(), |_| ());
        save_picture(&mut harness, &format!("publish-long-{name}"));
        let mut harness = dialog(size, theme, shop(), large_shop(2), fill_state);
        click(&mut harness, "Later");
        click(&mut harness, "Goes back by itself");
        fill(&mut harness, "Publish on", "2026-12-24 18:00");
        fill(&mut harness, "Go back on", "2026-12-24 12:00");
        save_picture(&mut harness, &format!("publish-later-{name}"));
    }
}
