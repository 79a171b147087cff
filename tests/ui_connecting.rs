//! Connecting lines in the whole window, with a stand-in for Retell: what will change is shown, then
//! changed, and undone.
#![cfg(feature = "desktop")]
#![allow(clippy::unwrap_used, clippy::expect_used)]

#[path = "support/program.rs"]
mod program;
#[path = "support/retell.rs"]
mod retell;
mod support;
#[path = "support/whole.rs"]
mod whole;

use egui::Theme;
use egui_kittest::kittest::Queryable;
use retell::Retell;
use serde_json::{Value, json};
use support::desk::fill;
use support::{all_pictures, save_picture};
use switchboard::service::Health;
use whole::Whole;

const MAIN: &str = "+14155550123";
const SIZES: [([f32; 2], Theme, &str); 2] =
    [([1000.0, 640.0], Theme::Light, "small-light"), ([1920.0, 1080.0], Theme::Dark, "large-dark")];

/// A window on a program that asks this stand-in, with its key, reached at its own port.
fn window(home: &std::path::Path, retell: &Retell, size: [f32; 2], theme: Theme) -> Whole {
    retell.settle(home);
    let mut whole = Whole::start(home, "127.0.0.1:0", size, theme);
    whole.go("Settings");
    fill(&mut whole.harness, "Paste your API key", program::KEY);
    press(&mut whole, "Save the API key");
    whole.until("the key", |state| state.keys.current.is_some());
    press(&mut whole, "Own address");
    let address = whole.url().replace("/webhook/inbound", "");
    fill(&mut whole.harness, "Public address", &address);
    press(&mut whole, "Use Own address");
    whole.until("the proof", |state| state.proof.health == Some(Health::Good));
    whole.go("Lines & agents");
    press(&mut whole, "Ask Retell");
    whole.until("the account", |state| state.account.known.is_some());
    whole
}

/// Presses what is called this; what comes of it goes on turning meanwhile.
fn press(whole: &mut Whole, label: &str) {
    whole.harness.get_by_label(label).scroll_to_me();
    whole.harness.run_steps(8);
    whole.harness.get_by_label(label).click();
    whole.harness.run_steps(8);
}

#[test]
fn a_line_is_connected_after_it_was_shown_what_changes_and_undone() {
    for (size, theme, look) in SIZES {
        let (retell, home) = (Retell::start(), tempfile::tempdir().unwrap());
        let mut whole = window(home.path(), &retell, size, theme);
        press(&mut whole, "Add 2 lines and 3 agents…");
        press(&mut whole, "Add 2 lines and 2 agents");
        whole.until("the lines", |state| state.draft.lines.len() == 2);
        assert!(whole.says_about("This line sends its calls to another address: https://old.example/hook"));
        save_picture(&mut whole.harness, &format!("connecting-lines-{look}"));

        press(&mut whole, "Connect Main line…");
        let ours = whole.url();
        for words in
            ["Connect “Main line”?", "https://old.example/hook", &ours, "Who is asked now is asked no more"]
        {
            assert!(whole.says_about(words), "{words}");
        }
        save_picture(&mut whole.harness, &format!("connecting-dialog-{look}"));
        assert!(retell.account().changed.is_empty(), "nothing changes before it was agreed to");
        press(&mut whole, "Change it at Retell");
        whole.until_seen("the line to be connected", |whole| whole.says("Connected"));
        assert_eq!(retell.field(MAIN, "inbound_webhook_url"), json!(ours));
        whole.harness.run();
        save_picture(&mut whole.harness, &format!("connecting-done-{look}"));

        press(&mut whole, "Undo this at Retell");
        whole.until_seen("the line to be as before", |whole| whole.says("Goes elsewhere"));
        assert_eq!(retell.field(MAIN, "inbound_webhook_url"), json!("https://old.example/hook"));
        whole.stop();
        if !all_pictures() {
            break;
        }
    }
}

#[test]
fn all_lines_are_connected_from_settings_and_one_is_given_back() {
    let (retell, home) = (Retell::start(), tempfile::tempdir().unwrap());
    let mut whole = window(home.path(), &retell, [1000.0, 900.0], Theme::Light);
    press(&mut whole, "Add 2 lines and 3 agents…");
    press(&mut whole, "Add 2 lines and 2 agents");
    whole.go("Settings");
    press(&mut whole, "Connect your lines…");
    press(&mut whole, "Ask about text messages too");
    // The one that somebody else answers stays out.
    whole.harness.run();
    let main = whole.state().number(Some(MAIN));
    press(&mut whole, &format!("Main line · {main}"));
    press(&mut whole, "Change it at Retell");
    whole.until_seen("one of them to be connected", |whole| whole.says("1 of 2 lines connected"));
    let changed = retell.account().changed.clone();
    let texts = whole.url().replace("/inbound", "/inbound-sms");
    let wanted = json!({ "inbound_webhook_url": whole.url(), "inbound_sms_webhook_url": texts });
    assert_eq!(changed, [("+14155550124".to_owned(), wanted)]);

    whole.go("Lines & agents");
    press(&mut whole, "Disconnect (415) 555-0124…");
    press(&mut whole, "Change it at Retell");
    whole.until_seen("nobody to be asked", |whole| whole.says_about("Retell asks nobody about calls to"));
    assert_eq!(retell.field("+14155550124", "inbound_sms_webhook_url"), Value::Null);
    whole.stop();
}
