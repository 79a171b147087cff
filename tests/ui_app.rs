//! The whole window on the running program, used as its owner would from the first start on, and
//! drawn to be looked at.
#![cfg(feature = "desktop")]
#![allow(clippy::unwrap_used, clippy::expect_used)]

#[path = "support/program.rs"]
mod program;
mod support;
#[path = "support/whole.rs"]
mod whole;

use std::net::TcpListener;

use egui::{Key, Modifiers, Role, Theme};
use egui_kittest::kittest::Queryable;
use program::{KEY, payload, post};
use support::desk::{click, fill};
use switchboard::guard::{Guarded, Mode};
use switchboard::retell::{ApiKey, signature};
use switchboard::service::Clock;
use switchboard::service::messages::Serving;
use switchboard::storage::ThemeChoice;
use whole::Whole;

const SMALL: [f32; 2] = [1000.0, 640.0];
const FREE_PORT: &str = "127.0.0.1:0";

fn start(home: &tempfile::TempDir) -> Whole {
    Whole::start(home.path(), FREE_PORT, SMALL, Theme::Light)
}

fn sign(body: &str, key: &str) -> String {
    signature::sign(&ApiKey::new(key), body.as_bytes(), Clock::system().now().timestamp_millis())
}

fn paste_key(whole: &mut Whole) {
    whole.go("Settings");
    fill(&mut whole.harness, "Paste your API key", &format!("  {KEY}\n"));
    click(&mut whole.harness, "Save the API key");
    whole.until("the key", |state| state.keys.current.is_some());
}

fn add_line(whole: &mut Whole, name: &str, number: &str) {
    let button = if whole.says("No lines yet") { "Add your first line" } else { "Add a line" };
    click(&mut whole.harness, button);
    fill(&mut whole.harness, "Name", name);
    fill(&mut whole.harness, "Phone number", number);
    click(&mut whole.harness, "Save");
}

fn add_agent(whole: &mut Whole, name: &str, id: &str) {
    let button = if whole.says("No agents yet") { "Add your first agent" } else { "Add an agent" };
    click(&mut whole.harness, button);
    fill(&mut whole.harness, "Name", name);
    fill(&mut whole.harness, "Agent ID at Retell", id);
    click(&mut whole.harness, "Save");
}

fn add_rule(whole: &mut Whole, name: &str, condition: &str, agent: &str) {
    whole.go("Routes");
    whole.harness.key_press_modifiers(Modifiers::COMMAND, Key::N);
    whole.harness.run();
    fill(&mut whole.harness, "Name", name);
    click(&mut whole.harness, "Add a condition");
    click(&mut whole.harness, condition);
    whole.harness.get_by_role_and_label(Role::ComboBox, "Agent").scroll_to_me();
    whole.harness.run();
    whole.harness.get_by_role_and_label(Role::ComboBox, "Agent").click();
    whole.harness.run();
    click(&mut whole.harness, agent);
}

fn publish(whole: &mut Whole) {
    whole.until("the draft to be fit", |state| state.problems.is_empty() && !state.changes.is_empty());
    let version = whole.state().live.version;
    click(&mut whole.harness, "Publish");
    click(&mut whole.harness, "Publish now");
    whole.until("the new version", |state| state.live.version > version && state.changes.is_empty());
}

#[test]
fn the_main_job_from_the_first_start_to_the_next() {
    let home = tempfile::tempdir().unwrap();
    let mut whole = start(&home);
    assert!(whole.says("Practice mode: real calls are refused"));
    click(&mut whole.harness, "Paste your API key…");
    paste_key(&mut whole);
    assert!(whole.says_about("Answering calls on port"));

    whole.go("Lines & agents");
    add_line(&mut whole, "Main line", "(415) 555-2671");
    add_agent(&mut whole, "Reception", "agent_reception");
    add_agent(&mut whole, "After hours", "agent_night");
    add_rule(&mut whole, "Hidden numbers", "Number withheld", "After hours");
    add_rule(&mut whole, "To the main line", "Line called", "Reception");
    whole.until("the draft to be fit", |state| state.problems.is_empty() && !state.changes.is_empty());
    fill(&mut whole.harness, "Metadata", "{ half");
    click(&mut whole.harness, "Publish");
    assert!(!whole.says("Publish now"), "the older text would go live");
    fill(&mut whole.harness, "Metadata", "");
    publish(&mut whole);
    assert!(whole.says_about("no unpublished changes"));

    let body = payload("+14155550199", "+14155552671", "call_1");
    let (status, answer) = post(&whole.url(), &body, Some(&sign(&body, KEY)));
    assert_eq!(status, 200);
    assert!(answer.contains("agent_reception"), "{answer}");
    let (status, answer) = post(&whole.url(), &body, Some(&sign(&body, "key_of_somebody_else_entirely")));
    assert_eq!((status, answer.as_str()), (401, ""));
    whole.until("both", |state| state.calls.len() == 1 && state.refused.len() == 1);
    whole.go_to_calls();
    assert!(whole.says("To the main line"), "the call is shown with its rule");
    assert!(whole.says("Refused (1)"));
    whole.stop();

    let mut whole = start(&home);
    assert_eq!(whole.state().draft.rules.len(), 2);
    assert_eq!(whole.state().live.version, 2);
    assert_eq!((whole.state().calls.len(), whole.state().total_calls), (1, 1));
    whole.go_to_calls();
    assert!(whole.says("To the main line"), "the call is still there");
    let (status, _) = post(&whole.url(), &body, Some(&sign(&body, KEY)));
    assert_eq!(status, 200, "the key and the table are too");
    whole.stop();
}

#[test]
fn a_taken_port_is_named_and_another_one_is_offered_and_used() {
    let home = tempfile::tempdir().unwrap();
    let taken = TcpListener::bind(FREE_PORT).unwrap();
    let listen = taken.local_addr().unwrap();
    let mut whole = Whole::start(home.path(), &listen.to_string(), SMALL, Theme::Light);
    let port = listen.port();
    assert!(whole.says(&format!("No calls come in: port {port} is taken")));
    let Serving::Blocked { free_port: Some(free), .. } = whole.state().serving else { panic!("no offer") };
    click(&mut whole.harness, &format!("Use port {free} instead"));
    whole.until("the port", |state| matches!(state.serving, Serving::Listening(addr) if addr.port() == free));
    assert!(!whole.says_about("Calls cannot be received"));
    whole.stop();
}

#[test]
fn edits_go_back_and_forth_by_keys_and_are_saved_as_they_are_made() {
    let home = tempfile::tempdir().unwrap();
    let mut whole = start(&home);
    whole.go("Lines & agents");
    add_line(&mut whole, "Main line", "(415) 555-2671");
    add_agent(&mut whole, "Reception", "agent_reception");
    let both = |whole: &Whole| (whole.state().draft.lines.len(), whole.state().draft.agents.len());
    let mut press = |modifiers, key| {
        whole.harness.key_press_modifiers(modifiers, key);
        whole.harness.run();
        both(&whole)
    };
    let shift = Modifiers::COMMAND.plus(Modifiers::SHIFT);
    assert_eq!(press(Modifiers::COMMAND, Key::Z), (1, 0));
    assert_eq!(press(Modifiers::COMMAND, Key::Z), (0, 0));
    assert_eq!(press(Modifiers::COMMAND, Key::Z), (0, 0), "there is nothing before that");
    assert_eq!(press(shift, Key::Z), (1, 0));
    assert_eq!(press(Modifiers::COMMAND, Key::Y), (1, 1));
    assert_eq!(press(Modifiers::COMMAND, Key::Z), (1, 0));
    whole.stop();

    let mut whole = start(&home);
    assert_eq!(both(&whole), (1, 0), "the draft is as it was left");
    click(&mut whole.harness, "Discard");
    click(&mut whole.harness, "Discard draft");
    whole.until("the live table", |state| state.draft.lines.is_empty() && state.changes.is_empty());
    click(&mut whole.harness, "Undo");
    assert_eq!(both(&whole), (1, 0), "even that comes back");
    whole.stop();
}

#[test]
fn a_table_goes_out_to_a_file_and_comes_back_in() {
    let home = tempfile::tempdir().unwrap();
    let mut whole = start(&home);
    whole.go("Lines & agents");
    add_line(&mut whole, "Main line", "(415) 555-2671");
    let file = home.path().join("exported.json");
    let ask = |whole: &mut Whole, item: &str, path: &str, yes: &str| {
        whole.go("Routes");
        click(&mut whole.harness, "More about the table");
        click(&mut whole.harness, item);
        fill(&mut whole.harness, "Path of the file", path);
        click(&mut whole.harness, yes);
    };
    let path = file.display().to_string();
    ask(&mut whole, "Export table…", &path, "Export");
    whole.until_seen("the file", |_| file.exists());
    click(&mut whole.harness, "Undo");
    ask(&mut whole, "Import table…", &path, "Import");
    whole.until("the table", |state| state.draft.lines.len() == 1);

    std::fs::write(&file, "{ \"format\": 1, \"rulez\": [] }").unwrap();
    ask(&mut whole, "Import table…", &path, "Import");
    let wrong = "The table was not imported";
    whole.until_seen(wrong, |whole| whole.says_about(wrong));
    assert_eq!(whole.state().draft.lines.len(), 1, "the draft is as it was");
    click(&mut whole.harness, "Messages, 1 new");
    assert!(whole.says("Messages"), "the list opens, and nothing is new any more");
    whole.stop();
}

#[test]
fn keys_lead_to_every_screen_and_the_look_is_kept() {
    let home = tempfile::tempdir().unwrap();
    let mut whole = start(&home);
    for (key, title) in [
        (Key::Num2, "Try a call"),
        (Key::Num3, "Calls"),
        (Key::Num4, "Lines & agents"),
        (Key::Num5, "Plugins"),
        (Key::Num6, "Settings"),
        (Key::Num1, "Routes"),
    ] {
        whole.harness.key_press_modifiers(Modifiers::COMMAND, key);
        whole.harness.run();
        let titles = whole.harness.query_all_by_label(title).count();
        assert!(titles > 1, "{title} is open: its entry and its title");
    }
    whole.go("Settings");
    click(&mut whole.harness, "Dark");
    whole.until("the dark look", |state| state.settings.theme == ThemeChoice::Dark);
    assert!(whole.harness.ctx.global_style().visuals.dark_mode);
    whole.stop();
    let whole = start(&home);
    assert!(whole.harness.ctx.global_style().visuals.dark_mode, "after a new start too");
    whole.stop();
}

/// Pictures of every screen of a shop that is open for business, and of one on its first day.
#[test]
fn pictures_of_every_screen() {
    pictures_of(true);
    if support::all_pictures() {
        pictures_of(false);
    }
}

fn pictures_of(full: bool) {
    let home = tempfile::tempdir().unwrap();
    if full {
        let mut table = support::desk::busy_shop();
        table.rules.retain(|rule| rule.id != "half");
        let table = serde_json::to_vec_pretty(&table).unwrap();
        std::fs::write(home.path().join("routing.json"), table).unwrap();
    }
    for (size, theme, look) in support::looks() {
        let mut whole = Whole::start(home.path(), FREE_PORT, size, theme);
        if full && whole.state().keys.current.is_none() {
            fill_up(&mut whole);
        }
        for (file, place) in [
            ("routes", "Routes"),
            ("try", "Try a call"),
            ("calls", "Calls"),
            ("lines", "Lines & agents"),
            ("plugins", "Plugins"),
            ("settings", "Settings"),
        ] {
            whole.go(place);
            whole.harness.run_steps(4);
            let state = if full { "full" } else { "empty" };
            let name = format!("app-{file}-{state}-{look}");
            let picture = support::save_picture(&mut whole.harness, &name);
            let first = picture.get_pixel(4, 4);
            assert!(picture.pixels().any(|pixel| pixel != first), "{name} is blank");
        }
        whole.stop();
    }
}

fn fill_up(whole: &mut Whole) {
    paste_key(whole);
    for (number, from) in ["+14155552671", "+493012345678", "anonymous", "+442071838750", "+12125550187"]
        .into_iter()
        .enumerate()
    {
        let body = payload(from, "+14155550123", &format!("call_{number}"));
        post(&whole.url(), &body, Some(&sign(&body, KEY)));
    }
    post(&whole.url(), "{}", None);
    whole.go("Settings");
    click(&mut whole.harness, "Home country");
    fill(&mut whole.harness, "Search: Home country", "germ");
    click(&mut whole.harness, "Germany");
    support::save_more(&mut whole.harness, "app-settings-edited");
    whole.until("the change", |state| !state.changes.is_empty());
    click(&mut whole.harness, "Publish");
    support::save_more(&mut whole.harness, "app-publish");
    click(&mut whole.harness, "Cancel");
    click(&mut whole.harness, "Undo");
    whole.go("Lines & agents");
    click(&mut whole.harness, "Add a line");
    fill(&mut whole.harness, "Name", "Main line");
    fill(&mut whole.harness, "Phone number", "030 901820");
    support::save_more(&mut whole.harness, "app-lines-wrong");
    fill(&mut whole.harness, "Name", "Berlin");
    fill(&mut whole.harness, "Phone number", "+49 30 901820");
    support::save_more(&mut whole.harness, "app-lines-right");
    click(&mut whole.harness, "Cancel");
    click(&mut whole.harness, "Delete Main line");
    support::save_more(&mut whole.harness, "app-lines-used");
    click(&mut whole.harness, "Close");
    whole.until("the calls", |state| state.calls.len() == 5 && !state.refused.is_empty());
}

#[test]
fn safe_mode_is_said_and_left_by_one_click() {
    let home = tempfile::tempdir().unwrap();
    let guarded =
        Guarded { mode: Mode::Safe, died: Some("signal: 6 (SIGABRT)".into()), ..Guarded::default() };
    let program = program::start_guarded(home.path(), FREE_PORT, Clock::system(), guarded);
    let mut whole = Whole::on(program, SMALL, Theme::Light);
    whole.until("safe mode", |state| state.safe_mode.is_some());
    assert!(whole.says("Safe mode: Switchboard broke off several times within a minute"));
    assert!(whole.says_about("Switchboard broke off and was started again"));
    support::save_picture(&mut whole.harness, "app-safe-mode");
    click(&mut whole.harness, "Leave safe mode");
    whole.until("its end", |state| state.safe_mode.is_none());
    assert!(!whole.says_about("Safe mode"));
    whole.stop();
}
