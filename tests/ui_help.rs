//! Help in the whole window: opened by F1 and by `?`, searched, read, closed; drawn to be looked at.
#![cfg(feature = "desktop")]
#![allow(clippy::unwrap_used, clippy::expect_used)]

#[path = "support/program.rs"]
mod program;
mod support;
#[path = "support/whole.rs"]
mod whole;

use egui::{Key, Theme};
use support::desk::{busy_shop, click, fill};
use switchboard::ui::help::pages;
use whole::Whole;

const FREE_PORT: &str = "127.0.0.1:0";

fn shop(home: &tempfile::TempDir, size: [f32; 2], theme: Theme) -> Whole {
    let table = serde_json::to_vec_pretty(&busy_shop()).unwrap();
    std::fs::write(home.path().join("routing.json"), table).unwrap();
    Whole::start(home.path(), FREE_PORT, size, theme)
}

fn press(whole: &mut Whole, key: Key) {
    whole.harness.key_press(key);
    whole.harness.run();
}

#[test]
fn f1_tells_of_the_screen_that_is_seen() {
    let home = tempfile::tempdir().unwrap();
    let mut whole = shop(&home, [1000.0, 640.0], Theme::Light);
    for (place, title) in [
        ("Routes", "Routes and rules"),
        ("Try a call", "Try a call"),
        ("Lines & agents", "Lines and agents"),
        ("Plugins", "Plugins and facts"),
        ("Settings", "Keys and being reached"),
    ] {
        whole.go(place);
        press(&mut whole, Key::F1);
        assert!(whole.says("All pages") && whole.says(title), "{place} has no page");
        press(&mut whole, Key::F1);
        assert!(!whole.says("All pages"), "F1 closes it");
    }
    whole.go("Routes");
    click(&mut whole.harness, "Lists…");
    click(&mut whole.harness, "Help");
    assert!(whole.says("What can be on a list"), "the page of the lists");
    press(&mut whole, Key::Escape);
    assert!(!whole.says("What can be on a list"));
    whole.stop();
}

#[test]
fn pages_are_found_by_their_words_and_lead_to_each_other() {
    let home = tempfile::tempdir().unwrap();
    let mut whole = shop(&home, [1000.0, 640.0], Theme::Light);
    press(&mut whole, Key::F1);
    click(&mut whole.harness, "All pages");
    for page in pages() {
        assert!(whole.says(page.title), "{} is not in the list", page.title);
    }
    support::save_picture(&mut whole.harness, "help-list-small-light");
    fill(&mut whole.harness, "Search the help", "COUNTRY germany");
    assert!(whole.says("Conditions") && !whole.says("First steps"));
    fill(&mut whole.harness, "Search the help", "submarine");
    assert!(whole.says("No page has these words; try fewer of them"));
    fill(&mut whole.harness, "Search the help", "germany");
    click(&mut whole.harness, "Conditions");
    assert!(whole.says("Who calls"));
    click(&mut whole.harness, "Lists");
    assert!(whole.says("From the call log") && !whole.says("Who calls"), "a link leads to the other page");
    whole.stop();
}

#[test]
fn a_condition_has_its_page_beside_it_and_editing_goes_on() {
    for (size, theme, look) in support::looks() {
        let home = tempfile::tempdir().unwrap();
        let mut whole = shop(&home, size, theme);
        click(&mut whole.harness, "Rule 1: Block list");
        click(&mut whole.harness, "Help on condition 1.1: Caller's number");
        assert!(whole.says("Who calls"));
        support::save_picture(&mut whole.harness, &format!("help-condition-{look}"));
        if size[0] > 1400.0 {
            fill(&mut whole.harness, "Name", "Unwanted");
            assert!(whole.state().draft.rules.iter().any(|rule| rule.name == "Unwanted"));
            assert!(whole.says("Who calls"), "help stays open beside");
            click(&mut whole.harness, "Close help");
        } else {
            click(&mut whole.harness, "Close");
        }
        assert!(!whole.says("Who calls"));
        whole.stop();
    }
}
