//! The guided start, from an empty folder to the first call, with stand-ins for Retell and for a tunnel.
#![cfg(all(feature = "desktop", unix))]
#![allow(clippy::unwrap_used, clippy::expect_used)]

#[path = "support/passing.rs"]
mod passing;
#[path = "support/program.rs"]
mod program;
#[path = "support/retell.rs"]
mod retell;
mod support;
#[path = "support/tunnels.rs"]
mod tunnels;
#[path = "support/whole.rs"]
mod whole;

use std::net::{SocketAddr, TcpListener};
use std::path::Path;
use std::process::Command;

use egui::Theme;
use egui_kittest::kittest::Queryable;
use program::KEY;
use retell::Retell;
use serde_json::json;
use support::desk::fill;
use support::{looks, save_more, save_picture};
use switchboard::retell::{ApiKey, signature};
use whole::Whole;

const MAIN: &str = "+14155550123";

/// A window on an empty folder, whose program asks this stand-in.
fn start(home: &Path, retell: &Retell, size: [f32; 2], theme: Theme) -> Whole {
    retell.settle_with(home, "fresh");
    Whole::start_fresh(home, size, theme)
}

/// Presses what is called this; what comes of it goes on turning meanwhile.
fn press(whole: &mut Whole, label: &str) {
    whole.until_seen(label, |whole| whole.says(label));
    whole.harness.get_by_label(label).scroll_to_me();
    whole.harness.run_steps(8);
    whole.harness.get_by_label(label).click();
    whole.harness.run_steps(8);
}

fn see(whole: &mut Whole, words: &str) {
    whole.until_seen(words, |whole| whole.says_about(words));
    whole.harness.run_steps(8);
}

fn paste_key(whole: &mut Whole, key: &str) {
    whole.until_seen("the field", |whole| whole.says("Save the API key"));
    fill(&mut whole.harness, "Paste your API key", key);
    press(whole, "Save the API key");
}

/// A call as Retell sends it, through the tunnel. Gives the status.
fn call(tunnel: &str) -> u16 {
    let body = program::payload("+12025550199", MAIN, "call_1");
    let at = switchboard::service::Clock::system().now().timestamp_millis();
    let signed = signature::sign(&ApiKey::new(KEY), body.as_bytes(), at);
    program::post(&format!("{tunnel}/webhook/inbound"), &body, Some(&signed)).0
}

#[test]
fn from_nothing_to_the_first_call() {
    for (size, theme, look) in looks() {
        let (retell, home) = (Retell::start(), tempfile::tempdir().unwrap());
        let mut whole = start(home.path(), &retell, size, theme);
        let port = whole.url().trim_start_matches("http://").trim_end_matches("/webhook/inbound").to_owned();
        let tunnel = passing::to(port.parse().unwrap());
        let ngrok = tunnels::ngrok(home.path(), &tunnel);

        see(&mut whole, "Your Retell API key, to do");
        see(&mut whole, "Practice mode: real calls are refused");
        save_picture(&mut whole.harness, &format!("guided-key-{look}"));
        paste_key(&mut whole, "key_of_somebody_else_0123456789");
        see(&mut whole, "Retell does not know this API key");
        save_more(&mut whole.harness, &format!("guided-wrong-key-{look}"));
        press(&mut whole, "Replace the API key");
        paste_key(&mut whole, KEY);
        see(&mut whole, "Your Retell API key, done");
        see(&mut whole, "Retell knows this key");

        press(&mut whole, "Next: Your lines and agents");
        see(&mut whole, "Reception");
        save_picture(&mut whole.harness, &format!("guided-account-{look}"));
        press(&mut whole, "Add 2 lines and 2 agents");
        see(&mut whole, "Your lines and agents, done");

        press(&mut whole, "Next: How the internet reaches this computer");
        press(&mut whole, "ngrok");
        fill(&mut whole.harness, "Where the program is", ngrok.to_str().unwrap());
        save_picture(&mut whole.harness, &format!("guided-reach-{look}"));
        press(&mut whole, "Use ngrok");
        see(&mut whole, "How the internet reaches this computer, done");

        press(&mut whole, "Next: Connect your lines");
        press(&mut whole, "Connect Main line…");
        see(&mut whole, "https://old.example/hook");
        see(&mut whole, &format!("{tunnel}/webhook/inbound"));
        press(&mut whole, "Change it at Retell");
        see(&mut whole, "Connect your lines, done");
        assert_eq!(retell.field(MAIN, "inbound_webhook_url"), json!(format!("{tunnel}/webhook/inbound")));
        save_picture(&mut whole.harness, &format!("guided-connect-{look}"));

        press(&mut whole, "Next: Who answers");
        press(&mut whole, "Let this agent answer every call");
        press(&mut whole, "Publish the table");
        press(&mut whole, "Publish now");
        see(&mut whole, "Who answers, done");
        save_picture(&mut whole.harness, &format!("guided-table-{look}"));

        press(&mut whole, "Next: The first call");
        see(&mut whole, "Call (415) 555-0123 now");
        press(&mut whole, "Send a test call");
        see(&mut whole, "The test call was connected to Reception");
        save_picture(&mut whole.harness, &format!("guided-proof-{look}"));
        assert_eq!(call(&tunnel), 200);
        see(&mut whole, "A call from (202) 555-0199 was connected to Reception");
        whole.harness.get_by_label("Finish the guided start").scroll_to_me();
        whole.harness.run_steps(8);
        save_picture(&mut whole.harness, &format!("guided-done-{look}"));
        press(&mut whole, "Finish the guided start");
        // The header does not lead there any more.
        whole.until_seen("the end", |whole| !whole.says_about("Guided start"));
        whole.stop();
    }
}

#[test]
fn it_is_left_and_taken_up_again_and_does_not_come_back_by_itself() {
    let (retell, home) = (Retell::start(), tempfile::tempdir().unwrap());
    let mut whole = start(home.path(), &retell, [1000.0, 640.0], Theme::Light);
    paste_key(&mut whole, KEY);
    see(&mut whole, "Your Retell API key, done");
    press(&mut whole, "Go on with this later");
    see(&mut whole, "Guided start, 1 of 6 steps done");
    assert!(!whole.says_about("Your Retell API key, done"));
    whole.stop();

    let mut whole = Whole::start_fresh(home.path(), [1000.0, 640.0], Theme::Light);
    assert!(!whole.says_about("Your lines and agents, to do"));
    press(&mut whole, "Guided start, 1 of 6 steps done");
    see(&mut whole, "Add 2 lines and 2 agents");
    // Any other screen leaves it.
    whole.go("Calls");
    assert!(!whole.says("Add 2 lines and 2 agents"));
    press(&mut whole, "Guided start, 1 of 6 steps done");
    press(&mut whole, "Do not show this again");
    whole.until_seen("the end", |whole| !whole.says_about("Guided start"));
    // Help leads there at any time.
    press(&mut whole, "Help");
    press(&mut whole, "All pages");
    press(&mut whole, "Guided start");
    see(&mut whole, "Your lines and agents, to do");
    whole.stop();
}

#[test]
fn without_a_key_one_practises_and_a_wrong_key_is_told_by_the_first_call() {
    let (retell, home) = (Retell::start(), tempfile::tempdir().unwrap());
    let mut whole = start(home.path(), &retell, [1000.0, 640.0], Theme::Light);
    press(&mut whole, "Practise without a key");
    press(&mut whole, "Start from an example…");
    press(&mut whole, "Office with opening hours");
    press(&mut whole, "Use this example");
    see(&mut whole, "Put this right first");
    see(&mut whole, "Practice mode: real calls are refused");
    // A key that Retell knows, and that signs nothing.
    press(&mut whole, "Your Retell API key, to do");
    paste_key(&mut whole, KEY);
    see(&mut whole, "Retell knows this key");
    press(&mut whole, "The first call, to do");
    let (url, body) = (whole.url(), program::payload("+12025550199", MAIN, "call_1"));
    let at = switchboard::service::Clock::system().now().timestamp_millis();
    let signed = signature::sign(&ApiKey::new("key_without_badge"), body.as_bytes(), at);
    assert_eq!(program::post(&url, &body, Some(&signed)).0, 401);
    see(&mut whole, "A request was refused");
    see(&mut whole, "webhook badge: paste that one");
    whole.stop();
}

/// The same once more in the program itself, by mouse and keyboard, and what may go wrong afterwards.
/// `.ci/run real_window` says where its pictures go.
#[test]
fn by_mouse_and_keyboard_in_the_real_window() {
    let Ok(pictures) = std::env::var("REAL_WINDOW") else { return };
    let (retell, home, tools) = (Retell::start(), tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    retell.settle_with(home.path(), "fresh");
    let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let addresses = [(); 2].map(|()| passing::to(SocketAddr::from(([127, 0, 0, 1], port))));
    let ngrok = tunnels::ngrok(tools.path(), &addresses[0]);
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join(".ci/window/guided.py");
    let driven = Command::new("/usr/bin/python3")
        .arg(script)
        .arg(pictures)
        .arg(home.path())
        .args([&port.to_string(), KEY, &format!("http://{}", retell.addr)])
        .arg(ngrok)
        .args(&addresses)
        .status()
        .unwrap();
    assert!(driven.success());
    assert_eq!(retell.field(MAIN, "inbound_webhook_url"), json!(format!("{}/webhook/inbound", addresses[1])));
}
