//! Finding calls with the whole program: a log that was written before, the real search, the window.
#![cfg(feature = "desktop")]
#![allow(clippy::unwrap_used, clippy::expect_used)]

#[path = "support/program.rs"]
mod program;
mod support;
#[path = "support/whole.rs"]
mod whole;

use egui::{Key, Role, Theme};
use egui_kittest::kittest::{NodeT, Queryable};
use switchboard::storage::Home;
use switchboard::storage::call_log::search::Order;
use switchboard::storage::call_log::{Detail, LogWriter, Record, Summary};
use whole::Whole;

/// A log of so many calls, one a minute up to today.
fn log_of(home: &Home, calls: i64) {
    home.prepare().unwrap();
    let now = chrono::DateTime::from_timestamp(1_795_000_000, 0).unwrap();
    let log = LogWriter::open(home, now).unwrap();
    let names = ["Anna Miller", "Bert Jones", "Zoë Smith", "Lars Holm", "Chen Wei"];
    let tickets: Vec<_> = (0..calls)
        .map(|n| {
            let connects = n % 5 != 0;
            let summary = Summary {
                at_ms: now.timestamp_millis() - (calls - n) * 60_000,
                from: Some(format!("+1415{:07}", 5_550_000 + n * 7919 % 40_000)),
                to: "+14155550100".into(),
                line: Some("Main line".into()),
                version: 1,
                rule_name: connects.then(|| "Office hours".into()),
                rule_id: connects.then(|| "hours".into()),
                outcome: if connects { "connect" } else { "reject" }.into(),
                agent: connects.then(|| "Reception".into()),
                took_us: 1_200 + n as u64 % 3000,
                attempts: 1,
                ..Summary::default()
            };
            let name = names[n as usize % names.len()];
            let facts = serde_json::json!({ "known": { "contact.name": { "text": name } } });
            log.record(Record { summary, detail: Detail { facts, ..Detail::default() } })
        })
        .collect();
    for ticket in tickets {
        ticket.committed_blocking().unwrap();
    }
}

fn rows(whole: &Whole) -> Vec<String> {
    let rows = whole.harness.query_all_by_role(Role::ListBoxOption);
    rows.map(|node| node.accesskit_node().label().unwrap_or_default()).collect()
}

fn found(whole: &mut Whole, count: usize) {
    let all_rows = |state: &switchboard::ui::app::State| {
        let found = &state.found;
        found.len() == count
            && found.looked_through == 100
            && found.id(0).is_none_or(|id| found.row(id).is_some())
    };
    whole.until(&format!("{count} calls"), all_rows);
}

fn search(whole: &mut Whole, typed: &str) {
    whole.harness.get_by_label("Search calls").focus();
    whole.harness.run();
    whole.harness.get_by_label("Search calls").type_text(typed);
    whole.harness.run();
}

#[test]
fn calls_of_long_ago_are_found_while_typing_and_reached_by_scrolling() {
    let folder = tempfile::tempdir().unwrap();
    log_of(&Home::at(folder.path()).unwrap(), 3000);
    let mut whole = Whole::start(folder.path(), "127.0.0.1:0", [1280.0, 800.0], Theme::Light);
    whole.go("Calls");
    assert!(whole.says("Answered (3,000)"));
    found(&mut whole, 3000);
    assert!(rows(&whole)[0].contains("Reception"));

    whole.harness.get_all_by_role(Role::ListBoxOption).next().unwrap().hover();
    whole.harness.key_press(Key::End);
    whole.harness.run();
    whole.until("the oldest call", |state| state.found.row(1).is_some());
    assert!(rows(&whole).last().unwrap().contains("Reject"), "{:?}", rows(&whole).last());

    search(&mut whole, "anna");
    found(&mut whole, 600);
    assert!(whole.says("600 calls"));
    search(&mut whole, " nobody");
    found(&mut whole, 0);
    assert!(whole.says("No call fits; take away a filter to see more"));
    whole.harness.get_by_label("Clear the search").click();
    whole.harness.run();
    found(&mut whole, 3000);

    whole.harness.get_by_label("Filter by outcome").click();
    whole.harness.run();
    whole.harness.get_by_role_and_label(Role::Button, "Connect").click();
    whole.harness.run();
    found(&mut whole, 2400);
    assert!(whole.says("Outcome: Connect"));
    whole.harness.get_by_label("Filter by more").click();
    whole.harness.run();
    whole.harness.get_by_label("Only tests").click();
    whole.harness.run();
    found(&mut whole, 0);
    whole.harness.get_by_label("Show all").click();
    whole.harness.run();
    found(&mut whole, 3000);
    whole.stop();
}

#[test]
fn filters_and_columns_are_kept_by_name() {
    let folder = tempfile::tempdir().unwrap();
    log_of(&Home::at(folder.path()).unwrap(), 500);
    let mut whole = Whole::start(folder.path(), "127.0.0.1:0", [1280.0, 800.0], Theme::Light);
    whole.go_to_calls();
    assert!(!whole.says("Saved filters"), "there is nothing to save");
    search(&mut whole, "anna");
    whole.harness.get_by_label("Filter by outcome").click();
    whole.harness.run();
    whole.harness.get_by_role_and_label(Role::Button, "Reject").click();
    whole.harness.run();
    found(&mut whole, 100);
    let press = |whole: &mut Whole, words: &str| {
        whole.harness.get_by_role_and_label(Role::Button, words).click();
        whole.harness.run();
    };
    press(&mut whole, "Saved filters");
    press(&mut whole, "Save these filters…");
    whole.harness.get_by_role_and_label(Role::TextInput, "Name").type_text("Anna rejected");
    whole.harness.run();
    press(&mut whole, "Save");
    whole.until("the filter to be kept", |state| state.settings.saved_filters.len() == 1);
    press(&mut whole, "Choose columns");
    press(&mut whole, "Hide Rule");
    whole.until("the column to be hidden", |state| state.settings.hidden_columns.len() == 1);
    assert!(!whole.says("Sort by rule"), "its title is gone");
    whole.stop();

    let mut whole = Whole::start(folder.path(), "127.0.0.1:0", [1280.0, 800.0], Theme::Light);
    whole.go_to_calls();
    assert!(!whole.says("Sort by rule"));
    press(&mut whole, "Saved filters");
    support::save_more(&mut whole.harness, "calls-saved-filters");
    press(&mut whole, "Anna rejected");
    found(&mut whole, 100);
    press(&mut whole, "Saved filters");
    press(&mut whole, "Remove “Anna rejected”");
    whole.until("the filter to go", |state| state.settings.saved_filters.is_empty());
    press(&mut whole, "Choose columns");
    press(&mut whole, "Show Rule");
    whole.until("the column to come back", |state| state.settings.hidden_columns.is_empty());
    assert!(whole.says("Sort by rule"));
    whole.stop();
}

#[test]
fn a_column_stays_as_wide_as_it_was_drawn_until_the_usual_widths_are_wanted() {
    let folder = tempfile::tempdir().unwrap();
    log_of(&Home::at(folder.path()).unwrap(), 30);
    let window = || Whole::start(folder.path(), "127.0.0.1:0", [1280.0, 800.0], Theme::Light);
    let edge = |whole: &Whole| whole.harness.get_by_label("Width of Caller").rect().center();
    let mut whole = window();
    whole.go_to_calls();
    let usual = edge(&whole);
    whole.harness.drag_at(usual);
    whole.harness.run();
    for by in [20.0, 60.0] {
        whole.harness.hover_at(usual + egui::vec2(by, 0.0));
        whole.harness.run();
    }
    whole.harness.drop_at(usual + egui::vec2(60.0, 0.0));
    whole.harness.run();
    whole.until("the width to be kept", |state| state.settings.column_widths.contains_key("Caller"));
    let drawn = edge(&whole);
    assert!((drawn.x - usual.x - 60.0).abs() < 8.0, "from {usual} to {drawn}");
    whole.stop();

    let mut whole = window();
    whole.go_to_calls();
    assert!((edge(&whole).x - drawn.x).abs() < 1.0, "also after a restart");
    whole.harness.get_by_role_and_label(Role::Button, "Choose columns").click();
    whole.harness.run();
    support::save_more(&mut whole.harness, "calls-widths");
    whole.harness.get_by_role_and_label(Role::Button, "Usual widths").click();
    whole.harness.run();
    whole.until("the usual widths", |state| state.settings.column_widths.is_empty());
    assert!((edge(&whole).x - usual.x).abs() < 1.0);
    whole.stop();
}

#[test]
fn a_click_on_a_title_sorts() {
    let folder = tempfile::tempdir().unwrap();
    log_of(&Home::at(folder.path()).unwrap(), 300);
    let mut whole = Whole::start(folder.path(), "127.0.0.1:0", [1280.0, 800.0], Theme::Light);
    whole.go_to_calls();
    found(&mut whole, 300);
    let newest = rows(&whole);
    let mut sort = |title: &str, order: Order| {
        whole.harness.get_by_role_and_label(Role::Button, title).click();
        whole.harness.run();
        whole.until(title, |state| state.found.order == order);
        found(&mut whole, 300);
        rows(&whole)
    };
    let oldest = sort("Oldest first", Order::Oldest);
    assert_ne!(oldest[0], newest[0]);
    let by_caller = sort("Sort by caller", Order::Caller);
    let mut sorted = by_caller.clone();
    sorted.sort_by_key(|row| row.to_lowercase());
    assert_eq!(by_caller, sorted);
    assert_eq!(sort("Newest first", Order::Newest)[0], newest[0]);
    whole.stop();
}

#[test]
fn what_is_found_is_saved_for_a_spreadsheet() {
    let folder = tempfile::tempdir().unwrap();
    log_of(&Home::at(folder.path()).unwrap(), 500);
    let mut whole = Whole::start(folder.path(), "127.0.0.1:0", [1280.0, 800.0], Theme::Light);
    whole.go("Calls");
    search(&mut whole, "anna");
    found(&mut whole, 100);
    let file = folder.path().join("calls.csv");
    let save = |whole: &mut Whole, what: &str, to: &std::path::Path| {
        whole.harness.get_by_label("Save these 100 calls as a file").click();
        whole.harness.run();
        whole.harness.get_by_label_contains(what).click();
        whole.harness.run();
        whole
            .harness
            .get_by_role_and_label(Role::TextInput, "Path of the file")
            .type_text(to.to_str().unwrap());
        whole.harness.run();
        whole.harness.get_by_role_and_label(Role::Button, "Save").click();
        whole.harness.run();
        whole.until_seen("the file", |_| to.exists());
        std::fs::read_to_string(to).unwrap()
    };
    let saved = save(&mut whole, "for a spreadsheet", &file);
    let lines: Vec<&str> = saved.lines().collect();
    assert_eq!(lines.len(), 101);
    assert!(lines[0].starts_with("\u{feff}Time,Caller,Name"), "{}", lines[0]);
    assert!(lines[1].contains(",'+1415555"), "{}", lines[1]);
    let lines = save(&mut whole, "JSON Lines", &folder.path().join("calls.jsonl"));
    let told: Vec<serde_json::Value> =
        lines.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!((told.len(), told[0]["line"].as_str()), (100, Some("Main line")));
    assert!(told[0]["at"].as_str() > told[99]["at"].as_str(), "newest first, as they are shown");
    whole.stop();
}

#[test]
fn pictures() {
    for (size, theme, look) in support::looks() {
        let folder = tempfile::tempdir().unwrap();
        log_of(&Home::at(folder.path()).unwrap(), 3000);
        let mut whole = Whole::start(folder.path(), "127.0.0.1:0", size, theme);
        whole.go("Calls");
        search(&mut whole, "smith");
        found(&mut whole, 600);
        whole.harness.get_by_label("Filter by outcome").click();
        whole.harness.run();
        support::save_picture(&mut whole.harness, &format!("calls-search-{look}"));
        whole.harness.key_press(Key::Escape);
        whole.harness.get_by_label("Filter by days").click();
        whole.harness.run();
        whole.harness.get_by_label("From and to…").click();
        whole.harness.run();
        support::save_more(&mut whole.harness, &format!("calls-days-{look}"));
        whole.stop();
    }
}
