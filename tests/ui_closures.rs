//! Closing and opening in the window: the button in the header, the strip, the dialog, the list, and
//! what "Calls" and "Try a call" tell of it.
#![cfg(feature = "desktop")]
#![allow(clippy::unwrap_used, clippy::expect_used)]

#[path = "support/program.rs"]
mod program;
mod support;
#[path = "support/whole.rs"]
mod whole;

use std::path::Path;

use chrono::TimeDelta;
use egui::{Role, Theme};
use egui_kittest::kittest::Queryable;
use program::{KEY, payload, post, rule, table};
use support::desk::{click, fill};
use switchboard::retell::{ApiKey, signature};
use switchboard::routing::{Action, Outcome, Phase, What, Wish};
use switchboard::service::Clock;
use switchboard::storage::{Home, OverrideStore};
use whole::Whole;

const SMALL: [f32; 2] = [1000.0, 640.0];

fn home() -> tempfile::TempDir {
    let home = tempfile::tempdir().unwrap();
    let mut table = table();
    table.rules = vec![rule("Everybody", None, "reception")];
    table.schedules = serde_json::from_value(serde_json::json!([
        { "id": "office", "name": "Office hours", "hours": "Mo-Su 09:00-17:00" },
    ]))
    .unwrap();
    std::fs::write(home.path().join("routing.json"), serde_json::to_string(&table).unwrap()).unwrap();
    home
}

fn start(home: &Path, size: [f32; 2], theme: Theme) -> Whole {
    let mut whole = Whole::start(home, "127.0.0.1:0", size, theme);
    whole.go("Settings");
    if whole.state().keys.current.is_none() {
        fill(&mut whole.harness, "Paste your API key", KEY);
        click(&mut whole.harness, "Save the API key");
        whole.until("the key", |state| state.keys.current.is_some());
    }
    whole.go("Routes");
    whole
}

fn call(whole: &mut Whole, id: &str) -> String {
    let body = payload("+14155550199", "+12137771235", id);
    let at = Clock::system().now().timestamp_millis();
    let (status, answer) =
        post(&whole.url(), &body, Some(&signature::sign(&ApiKey::new(KEY), body.as_bytes(), at)));
    assert_eq!(status, 200);
    let count = whole.state().calls.len();
    whole.until("the call", |state| state.calls.len() > count || !state.calls.is_empty());
    answer
}

/// Clicks whatever is called about this.
fn click_about(whole: &mut Whole, part: &str) {
    whole.harness.get_by_label_contains(part).click();
    whole.harness.run();
}

/// Looks into the newest call, once it is there.
fn open_call(whole: &mut Whole) {
    let is_there = |state: &switchboard::ui::app::State| {
        state.found.id(0).is_some_and(|id| state.found.row(id).is_some())
    };
    whole.until("the newest call", is_there);
    whole.harness.run();
    whole.harness.query_all_by_role(Role::ListBoxOption).next().unwrap().click();
    whole.harness.run();
}

fn choose(whole: &mut Whole, field: &str, option: &str) {
    whole.harness.get_by_role_and_label(Role::ComboBox, field).click();
    whole.harness.run();
    whole.harness.get_by_label(option).click();
    whole.harness.run();
}

fn in_force(whole: &Whole) -> usize {
    whole.state().overrides.standing(Phase::Now, Clock::system().now()).len()
}

fn until_in_force(whole: &mut Whole, count: usize) {
    whole.until("the closure", |state| {
        state.overrides.standing(Phase::Now, Clock::system().now()).len() == count
    });
}

#[test]
fn closing_asks_once_what_callers_meet_and_then_takes_one_click() {
    let home = home();
    let mut whole = start(home.path(), SMALL, Theme::Light);
    click(&mut whole.harness, "Close…");
    click(&mut whole.harness, "Close for 30 minutes");
    assert!(whole.says("Close or redirect calls"), "it was not chosen yet who answers");
    click(&mut whole.harness, "Nobody (reject)");
    assert!(whole.says_about("Works only on lines without an agent of their own at Retell"));
    fill(&mut whole.harness, "Reason", "Staff meeting");
    click(&mut whole.harness, "Close now");
    until_in_force(&mut whole, 1);
    assert!(whole.says_about("30 min left"), "the countdown");
    assert!(whole.says_about("Callers are rejected · Staff meeting · Set by "));
    assert_eq!(call(&mut whole, "closed"), r#"{"call_inbound":{}}"#);

    whole.go_to_calls();
    assert!(whole.says_about("Closed until "));
    open_call(&mut whole);
    whole.until("the record", |state| state.record.is_some());
    assert!(whole.says("It stood above all rules, so none was looked at"));
    assert!(whole.says_about("Staff meeting. Set by "));
    assert!(whole.says_about("whatever the rules say"));

    whole.harness.get_by_label("Try again").click();
    whole.until("the trial", |state| state.tried.is_some());
    assert!(whole.says_about("Whatever the rules say"));
    assert!(whole.says_about("Without it the rules would decide: Retell will"));

    click_about(&mut whole, "Open now: Closed until");
    until_in_force(&mut whole, 0);
    assert!(!whole.says_about("min left"));
    assert!(call(&mut whole, "open").contains("agent_reception"));

    click(&mut whole.harness, "Close…");
    click(&mut whole.harness, "Close for the rest of the day");
    until_in_force(&mut whole, 1);
    assert!(!whole.says("Close or redirect calls"), "one click");
    click(&mut whole.harness, "Close…");
    click(&mut whole.harness, "All closures…");
    assert!(whole.says_about("Ended by ") && whole.says("To come"), "what was is told");
    click_about(&mut whole, ", from the list");
    until_in_force(&mut whole, 0);
    assert!(whole.says("Nothing: the rules decide"));
    click(&mut whole.harness, "Done");
    whole.stop();
}

#[test]
fn a_holiday_for_one_line_is_scheduled_and_called_off() {
    let home = home();
    let mut whole = start(home.path(), SMALL, Theme::Light);
    click(&mut whole.harness, "Close…");
    click(&mut whole.harness, "Everything to one agent…");
    choose(&mut whole, "For", "Sales line");
    click(&mut whole.harness, "Later");
    fill(&mut whole.harness, "Beginning", "tomorow");
    assert!(whole.says_about("is not a time; write it like"));
    let from = Clock::system().now() + TimeDelta::days(9);
    fill(&mut whole.harness, "Beginning", &from.format("%Y-%m-%d 09:00").to_string());
    fill(&mut whole.harness, "Until", "8h");
    choose(&mut whole, "Agent", "VIP desk");
    assert!(whole.says_about("17:00 (America/New York)"), "the end in full");
    click(&mut whole.harness, "Schedule it");
    whole.until("the closure", |state| !state.overrides.overrides.is_empty());
    assert_eq!(in_force(&whole), 0);
    click(&mut whole.harness, "Close…");
    click(&mut whole.harness, "All closures… (1 to come)");
    assert!(whole.says_about("Sales line: everything to VIP desk from "));
    click_about(&mut whole, "Call off: Sales line");
    whole.until("it to be called off", |state| state.overrides.overrides[0].ended.is_some());
    whole.stop();
}

#[test]
fn one_that_was_set_beside_shows_by_itself() {
    let home = home();
    let mut whole = start(home.path(), SMALL, Theme::Light);
    set_beside(home.path(), None, What::Closed, Action::Reject, 0, 90);
    until_in_force(&mut whole, 1);
    assert!(whole.says_about("1 h 30 min left"));
    assert!(whole.says_about("Set by ada on the command line"));
    whole.stop();
}

fn set_beside(home: &Path, line: Option<&str>, what: What, action: Action, from: i64, minutes: i64) {
    let (mut store, _) = OverrideStore::open(&Home::at(home).unwrap());
    let now = Clock::system().now();
    let start = now + TimeDelta::minutes(from);
    let wish = Wish {
        what,
        line: line.map(str::to_owned),
        from: (from > 0).then_some(start),
        until: start + TimeDelta::minutes(minutes),
        then: Outcome { action, ..Outcome::default() },
        reason: "Company holiday".into(),
    };
    let set = store.change(now, |all| all.set(wish, "ada on the command line", now)).unwrap();
    assert_eq!(set.not_saved, None);
}

#[test]
fn pictures() {
    for (size, theme, look) in support::looks() {
        let home = home();
        let vip = || Action::Connect { agent: "vip".into(), version: None };
        let mut whole = start(home.path(), size, theme);
        click(&mut whole.harness, "Close…");
        support::save_picture(&mut whole.harness, &format!("closures-menu-{look}"));
        click(&mut whole.harness, "Close until…");
        fill(&mut whole.harness, "Until", "30m");
        support::save_picture(&mut whole.harness, &format!("closures-form-{look}"));
        click(&mut whole.harness, "Cancel");

        set_beside(home.path(), None, What::Closed, Action::Reject, 0, 26);
        until_in_force(&mut whole, 1);
        support::save_picture(&mut whole.harness, &format!("closures-strip-{look}"));
        call(&mut whole, "1");
        set_beside(home.path(), Some("sales"), What::Everything, vip(), 0, 300);
        set_beside(home.path(), None, What::Closed, vip(), 9000, 3000);
        until_in_force(&mut whole, 2);
        whole.go_to_calls();
        open_call(&mut whole);
        whole.until("the record", |state| state.record.is_some());
        support::save_picture(&mut whole.harness, &format!("closures-call-{look}"));
        whole.harness.get_by_label("Try again").click();
        whole.until("the trial", |state| state.tried.is_some());
        support::save_picture(&mut whole.harness, &format!("closures-try-{look}"));
        click(&mut whole.harness, "Close…");
        click(&mut whole.harness, "All closures… (1 to come)");
        support::save_picture(&mut whole.harness, &format!("closures-list-{look}"));
        click(&mut whole.harness, "New closure…");
        click(&mut whole.harness, "Later");
        click(&mut whole.harness, "Nobody (reject)");
        fill(&mut whole.harness, "Until", "8h");
        support::save_picture(&mut whole.harness, &format!("closures-form-full-{look}"));
        whole.stop();
    }
}
