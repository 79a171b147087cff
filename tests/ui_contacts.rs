//! A file of contacts set up as a person would: columns named, tested, put right; and drawn to be
//! looked at.
#![cfg(feature = "desktop")]
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod support;

use std::sync::Arc;

use egui_kittest::kittest::Queryable;
use serde_json::{Value, json};
use support::desk::{Desk, Routes, busy_shop, click, fill, routes_window, rule};
use support::{looks, save_more, save_picture};
use switchboard::plugins::Ask;
use switchboard::routing::Table;
use switchboard::service::messages::Command;
use switchboard::ui::app::Action;
use switchboard::ui::routes::RoutesScreen;

const CUSTOMERS: &str = "Customer,Phone,Mobile,Tier,Open orders,Since\n\
    Anna Berg,(415) 555-2671,,Gold,2,2019-04-01\n\
    Bob's Bikes & Parts of Lower Manhattan,212-555-0142,+1 917 555 0199,Silver,,2021-11-30\n\
    Carl,(415) 555-2671,,,14,2026-01-02\n\
    Dora,ask the front desk,,Gold,,2024-08-15\n\
    Jürgen Groß,+49 30 901820,,,1,2023-02-28\n";

struct Bench {
    harness: Routes,
    _folder: tempfile::TempDir,
}

impl Bench {
    /// A shop with a file of contacts, whose page is open.
    fn new(facts: &Value, size: [f32; 2], theme: egui::Theme) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("customers.csv");
        std::fs::write(&file, CUSTOMERS).unwrap();
        let mut table = busy_shop();
        let used = json!({ "id": "customers", "name": "Customers", "plugin": "contacts",
            "settings": { "file": file, "facts": facts } });
        table.look_ups.push(serde_json::from_value(used).unwrap());
        let test = json!({ "condition": "contacts.known", "settings": { "files": ["customers"] } });
        table.rules.insert(
            0,
            rule(json!({ "id": "known", "name": "Customers first", "when": [{ "any_of": [test] }],
            "then": { "action": { "connect": { "agent": "reception" } } } })),
        );
        let mut bench = Self { harness: routes(table, size, theme), _folder: folder };
        bench.look();
        bench
    }

    fn open(facts: &Value) -> Self {
        let mut bench = Self::new(facts, [792.0, 1100.0], egui::Theme::Light);
        click(&mut bench.harness, "Contacts & look-ups…");
        click(&mut bench.harness, "Open Customers");
        bench.look();
        bench
    }

    /// Does what the service does when it is asked to look at something.
    fn look(&mut self) {
        for _ in 0..3 {
            let asked = std::mem::take(&mut self.harness.state_mut().actions);
            for action in asked {
                let Action::Send(Command::Inspect(wanted)) = action else { continue };
                let state = &mut self.harness.state_mut().state;
                let ask = wanted.test.map(|call| Ask { call: Arc::new(call), at: state.now });
                let used = wanted.table.look_up(&wanted.id).unwrap();
                let looking = state.registry.inspect(used, &wanted.table, ask.as_ref());
                let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap();
                let found = runtime.block_on(looking);
                state.inspected(wanted.id, found);
            }
            self.harness.run();
        }
    }

    fn settings(&self) -> &Value {
        &self.harness.state().state.draft.look_ups[0].settings
    }

    fn says(&self, words: &str) -> bool {
        self.harness.query_all_by_label_contains(words).next().is_some()
    }
}

fn routes(table: Table, size: [f32; 2], theme: egui::Theme) -> Routes {
    routes_window(Desk::new(table, RoutesScreen::default()), size, theme)
}

fn named() -> Value {
    json!([{ "column": "Customer", "name": "name" }, { "column": "Tier", "name": "tier", "default": "new" }])
}

#[test]
fn columns_become_facts_by_choosing_what_they_are() {
    let mut bench = Bench::open(&json!([]));
    assert!(bench.says("5 contacts with 4 numbers"));
    assert!(bench.says("(415) 555-2671 in rows 2 and 4"), "doubles are named");
    let harness = &mut bench.harness;
    click(harness, "What “Tier” is used as");
    click(harness, "Text");
    assert_eq!(bench.settings()["facts"], json!([{ "column": "Tier", "name": "tier" }]));
    fill(&mut bench.harness, "If there is no “Tier”", "new");
    fill(&mut bench.harness, "Name of the fact of “Tier”", "level");
    assert_eq!(bench.settings()["facts"], json!([{ "column": "Tier", "name": "level", "default": "new" }]));
    click(&mut bench.harness, "What “Open orders” is used as");
    click(&mut bench.harness, "Number");
    assert_eq!(
        bench.settings()["facts"][1],
        json!({ "column": "Open orders", "name": "open_orders", "type": "number" })
    );
    assert!(bench.harness.state().state.facts.contains_key("contact.level"), "rules can ask for it at once");
    bench.look();
    fill(&mut bench.harness, "Caller to test with", "212 555 0142");
    click(&mut bench.harness, "Test this look-up");
    bench.look();
    assert!(bench.says("Silver"));
    assert!(bench.says("Customers says nothing in “Open orders” for this caller"));
    click(&mut bench.harness, "What “Tier” is used as");
    click(&mut bench.harness, "Not used");
    assert_eq!(bench.settings()["facts"].as_array().unwrap().len(), 1);
}

#[test]
fn the_column_of_numbers_can_be_chosen() {
    let mut bench = Bench::open(&json!([]));
    click(&mut bench.harness, "What “Mobile” is used as");
    click(&mut bench.harness, "Not used");
    assert_eq!(bench.settings()["numbers"], json!(["Phone"]));
    bench.look();
    assert!(bench.says("5 contacts with 3 numbers"));
    click(&mut bench.harness, "What “Since” is used as");
    click(&mut bench.harness, "Phone number");
    assert_eq!(bench.settings()["numbers"], json!(["Phone", "Since"]));
}

#[test]
fn a_column_that_is_gone_is_shown_and_can_be_taken_away() {
    let mut bench = Bench::open(&json!([{ "column": "Rank", "name": "rank" }]));
    assert!(bench.says("There is no column “Rank” any more"));
    click(&mut bench.harness, "Remove the fact of “Rank”");
    assert_eq!(bench.settings()["facts"], json!([]));
}

#[test]
fn a_file_that_is_no_good_says_so() {
    let mut bench = Bench::open(&named());
    let mut table = Table::clone(&bench.harness.state().state.draft);
    table.look_ups[0].settings["file"] = json!("/nowhere/customers.csv");
    bench.harness.state_mut().state.set_draft(Arc::new(table));
    bench.harness.run();
    bench.look();
    assert!(bench.says("The file is not there; put it back, or choose another"));
    assert!(bench.says("Gives nothing"));
}

#[test]
fn pictures() {
    for (size, theme, look) in looks() {
        let size = [size[0] - 208.0, size[1] - 56.0];
        let mut bench = Bench::new(&named(), size, theme);
        click(&mut bench.harness, "Contacts & look-ups…");
        bench.look();
        save_picture(&mut bench.harness, &format!("contacts-{look}"));
        click(&mut bench.harness, "Open Customers");
        bench.look();
        save_picture(&mut bench.harness, &format!("contacts-file-{look}"));
        fill(&mut bench.harness, "Caller to test with", "212 555 0142");
        click(&mut bench.harness, "Test this look-up");
        bench.look();
        bench.harness.get_by_label("Test this look-up").scroll_to_me();
        bench.harness.run();
        save_picture(&mut bench.harness, &format!("contacts-test-{look}"));
        click(&mut bench.harness, "If it is not read right");
        save_more(&mut bench.harness, &format!("contacts-reading-{look}"));
    }
    let mut bench = Bench::new(&named(), [1000.0, 584.0], egui::Theme::Light);
    click(&mut bench.harness, "Rule 1: Customers first");
    save_picture(&mut bench.harness, "contacts-rule");
}
