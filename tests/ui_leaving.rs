//! Closing the window and quitting, used as a person would.
#![cfg(feature = "desktop")]
#![allow(clippy::unwrap_used, clippy::expect_used)]

#[path = "support/program.rs"]
mod program;
mod support;
#[path = "support/whole.rs"]
mod whole;

use std::path::Path;

use egui::{Theme, ViewportEvent, ViewportId};
use egui_kittest::kittest::Queryable;
use serde_json::json;
use switchboard::routing::Line;
use switchboard::storage::OnClose;
use switchboard::ui::app::Asked;
use whole::Whole;

/// Three lines: one with an agent of its own, one without, one that Retell does not know.
fn start(home: &Path) -> Whole {
    let mut table = program::table();
    table.lines.push(Line { id: "fax".into(), name: "Fax line".into(), number: "+12137771237".into() });
    std::fs::write(home.join("routing.json"), serde_json::to_vec(&table).unwrap()).unwrap();
    let number = |number: &str, agents: &[&str]| json!({ "number": number, "name": "", "agents": agents, "webhook": null });
    let account = json!({
        "format": 1,
        "asked_at": "2026-01-01T00:00:00Z",
        "agents": [],
        "numbers": [number("+12137771235", &["agent_reception"]), number("+12137771236", &[])],
    });
    std::fs::write(home.join("account.json"), account.to_string()).unwrap();
    Whole::start(home, "127.0.0.1:0", [1000.0, 640.0], Theme::Light)
}

/// Closes the window as a person does. Whether it asked.
fn close(whole: &mut Whole) -> bool {
    let events = |whole: &mut Whole| {
        let window = whole.harness.input_mut().viewports.entry(ViewportId::ROOT).or_default();
        std::mem::take(&mut window.events)
    };
    events(whole);
    let window = whole.harness.input_mut().viewports.entry(ViewportId::ROOT).or_default();
    window.events.push(ViewportEvent::Close);
    whole.harness.step();
    events(whole);
    whole.harness.run();
    whole.says("Keep answering calls?")
}

fn press(whole: &mut Whole, button: &str) {
    whole.harness.get_by_role_and_label(egui::Role::Button, button).click();
    whole.harness.run();
}

#[test]
fn closing_keeps_answering_which_is_said_once() {
    let home = tempfile::tempdir().unwrap();
    let mut whole = start(home.path());
    assert!(close(&mut whole), "it asks");
    assert!(whole.says_about("Start Switchboard once more to bring it back"), "there is no tray here");
    press(&mut whole, "Cancel");
    assert!(!whole.remote.is_in_background() && !whole.remote.ends());
    assert!(close(&mut whole));
    press(&mut whole, "Keep answering");
    assert!(whole.remote.is_in_background() && !whole.remote.ends());
    whole.until("it to be kept", |state| state.settings.on_close == OnClose::KeepAnswering);
    whole.remote.show();
    assert!(!whole.remote.is_in_background());
    assert!(!close(&mut whole), "it was said");
    assert!(whole.remote.is_in_background());
    whole.stop();
}

#[test]
fn quitting_says_of_each_line_what_becomes_of_its_calls() {
    let home = tempfile::tempdir().unwrap();
    let mut whole = start(home.path());
    whole.remote.ask(Asked::Quit);
    whole.until_seen("the question", |whole| whole.says("Quit Switchboard?"));
    for words in [
        "Main line: Reception takes the calls",
        "Sales line: callers are dropped",
        "Fax line: its own agent at Retell takes the calls if it has one, else callers are dropped",
    ] {
        assert!(whole.says(words), "{words}");
    }
    whole.harness.key_press(egui::Key::Escape);
    whole.harness.run();
    assert!(!whole.says("Quit Switchboard?") && !whole.remote.ends());
    // Closing may quit, but never without that.
    assert!(close(&mut whole));
    assert!(whole.says("Sales line: callers are dropped"));
    press(&mut whole, "Quit");
    assert!(whole.remote.ends());
    whole.until("it to be kept", |state| state.settings.on_close == OnClose::Quit);
    whole.stop();
    let mut whole = start(home.path());
    assert!(!close(&mut whole) && whole.says("Quit Switchboard?"));
    whole.stop();
}

#[test]
fn what_was_chosen_once_need_not_hold_for_good() {
    let home = tempfile::tempdir().unwrap();
    let mut whole = start(home.path());
    assert!(close(&mut whole));
    whole.harness.get_by_label("Do the same each time").click();
    whole.harness.run();
    press(&mut whole, "Keep answering");
    whole.remote.show();
    assert!(close(&mut whole), "it asks again");
    press(&mut whole, "Cancel");
    whole.remote.ask(Asked::Close("30m".into()));
    whole.until_seen("the question", |whole| whole.says("Close or redirect calls"));
    whole.stop();
}
