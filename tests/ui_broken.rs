//! What breaks in the window breaks there and nowhere else: it says so, offers to try again, and calls
//! are answered. In a file of its own, as fail points are the whole process's.
#![cfg(feature = "desktop")]
#![allow(clippy::unwrap_used, clippy::expect_used)]

#[path = "support/program.rs"]
mod program;
mod support;
#[path = "support/whole.rs"]
mod whole;

use std::fs;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use egui::{Role, Theme};
use egui_kittest::kittest::Queryable;
use fail::FailScenario;
use program::{KEY, payload, post};
use support::desk::{click, fill};
use switchboard::retell::{ApiKey, signature};
use switchboard::service::Clock;
use switchboard::storage::{Crash, Home, keep_what_breaks};
use switchboard::ui::widgets::shell::Place;
use whole::Whole;

const SMALL: [f32; 2] = [1000.0, 640.0];

fn start(home: &tempfile::TempDir) -> Whole {
    let mut whole = Whole::start(home.path(), "127.0.0.1:0", SMALL, Theme::Light);
    whole.go("Settings");
    fill(&mut whole.harness, "Paste your API key", KEY);
    click(&mut whole.harness, "Save the API key");
    whole.until("the key", |state| state.keys.current.is_some());
    whole
}

fn call(url: &str, number: u32) -> u16 {
    let body = payload("+14155550199", "+14155552671", &format!("call_{number}"));
    let at = Clock::system().now().timestamp_millis();
    post(url, &body, Some(&signature::sign(&ApiKey::new(KEY), body.as_bytes(), at))).0
}

#[test]
fn a_panic_in_any_part_of_the_window_stays_in_it() {
    let scenario = FailScenario::setup();
    let home = tempfile::tempdir().unwrap();
    let mut whole = start(&home);
    let url = whole.url();
    let screens = Place::ALL.map(Place::title);
    let edges = ["The list of screens", "The header", "What is closed", "Help", "Warnings", "This window"];
    for (number, part) in (0..).zip(screens.into_iter().chain(edges)) {
        if screens.contains(&part) {
            whole.go(part);
        }
        fail::cfg("panel", &format!("return({part})")).unwrap();
        whole.until_seen(part, |whole| whole.says(&format!("“{part}” could not be shown")));
        assert_eq!(call(&url, number), 200, "{part}");
        // The rest is there, as far as it is not below what broke.
        if part != "This window" {
            let rail = whole.harness.query_by_role_and_label(Role::Tab, "Plugins").is_some();
            assert_eq!(rail, part != "The list of screens", "{part}");
            whole.until("the call", |state| state.total_calls == u64::from(number) + 1);
        }
        if ["Calls", "The header", "The list of screens"].contains(&part) {
            support::save_picture(&mut whole.harness, &format!("broken-{number}"));
        }
        fail::remove("panel");
        click(&mut whole.harness, "Try again");
        whole.until_seen("it again", |whole| !whole.says_about("could not be shown"));
    }
    assert!(whole.says_about("Answering calls on port"));
    whole.stop();
    scenario.teardown();
}

#[test]
fn a_dialog_that_breaks_is_closed_and_that_is_told() {
    let scenario = FailScenario::setup();
    let home = tempfile::tempdir().unwrap();
    let mut whole = start(&home);
    click(&mut whole.harness, "Messages");
    whole.until_seen("the dialog", |whole| whole.says("Close"));
    fail::cfg("panel", "return(Dialogs)").unwrap();
    whole.harness.run_steps(2);
    fail::remove("panel");
    whole.until_seen("what is said", |whole| whole.says_about("A dialog could not be shown"));
    assert!(!whole.says("Close"), "it is closed");
    assert_eq!(call(&whole.url(), 1), 200);
    whole.stop();
    scenario.teardown();
}

#[test]
fn while_the_window_stands_still_calls_are_answered() {
    let scenario = FailScenario::setup();
    let home = tempfile::tempdir().unwrap();
    let mut whole = start(&home);
    let seconds = std::env::var("SOAK_STILL_SECONDS").ok().and_then(|told| told.parse().ok()).unwrap_or(3);
    let url = whole.url();
    let is_over = AtomicBool::new(false);
    fail::cfg("panel", &format!("1*sleep({})", seconds * 1000)).unwrap();
    let answered = std::thread::scope(|scope| {
        let ringing = scope.spawn(|| {
            let mut statuses = Vec::new();
            while !is_over.load(Ordering::Relaxed) {
                statuses.push(call(&url, statuses.len() as u32));
                std::thread::sleep(Duration::from_millis(200));
            }
            statuses
        });
        whole.harness.run_steps(1);
        is_over.store(true, Ordering::Relaxed);
        ringing.join().unwrap()
    });
    assert!(answered.len() > seconds && answered.iter().all(|status| *status == 200), "{answered:?}");
    println!("  {} calls answered while the window stood still for {seconds} s", answered.len());
    let all = answered.len() as u64;
    whole.until("all of them", |state| state.total_calls == all);
    whole.stop();
    scenario.teardown();
}

#[test]
fn what_broke_is_kept_and_shown_and_tells_of_nobody() {
    let scenario = FailScenario::setup();
    let home = tempfile::tempdir().unwrap();
    let mut whole = start(&home);
    let files = Home::at(home.path()).unwrap();
    keep_what_breaks(&files, || Clock::system().now()).unwrap();
    let url = whole.url();
    fail::cfg("decide", "panic").unwrap();
    assert_eq!(call(&url, 1), 200);
    fail::remove("decide");
    // Another thread writes it.
    whole.until_seen("the record", |_| !Crash::all(&files).is_empty());
    let kept: String = fs::read_dir(files.crashes_folder())
        .unwrap()
        .map(|file| fs::read_to_string(file.unwrap().path()).unwrap())
        .collect();
    for private in ["4155550199", "4155552671", KEY, "call_1"] {
        assert!(!kept.contains(private), "{kept}");
    }
    whole.go("Settings");
    whole.harness.get_by_label("Show what happened").scroll_to_me();
    whole.harness.run();
    click(&mut whole.harness, "Show what happened");
    whole.until_seen("what broke", |whole| whole.says_about("A part of the program broke"));
    support::save_picture(&mut whole.harness, "broken-what-happened");
    click(&mut whole.harness, "Close");
    whole.stop();
    scenario.teardown();
}
