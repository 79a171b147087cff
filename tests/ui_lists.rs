//! Lists of callers made, filled, searched and deleted as a person would, and drawn to be looked at.
#![cfg(feature = "desktop")]
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod support;

use std::sync::Arc;

use egui::{Key, Theme};
use egui_kittest::kittest::Queryable;
use serde_json::{Value, json};
use support::desk::{Desk, Routes, busy_shop, click, fill, routes_window, rule, shop};
use support::{save_more, save_picture};
use switchboard::routing::{Entry, List, Table};
use switchboard::service::messages::Level;
use switchboard::ui::app::Action;
use switchboard::ui::routes::RoutesScreen;

fn routes_sized(table: Table, size: [f32; 2], theme: Theme) -> Routes {
    let mut harness = routes_window(Desk::new(table, RoutesScreen::default()), size, theme);
    click(&mut harness, "Lists…");
    harness
}

fn lists(table: Table) -> Routes {
    routes_sized(table, [792.0, 584.0], Theme::Light)
}

fn list(id: &str, name: &str, entries: Value) -> List {
    let entries = serde_json::from_value(entries).unwrap();
    List { id: id.into(), name: name.into(), note: String::new(), entries }
}

/// The busy shop with three lists, of which a rule uses the first.
fn listed_shop() -> Table {
    let mut table = busy_shop();
    table.lists = vec![
        list(
            "block",
            "Block list",
            json!([
                { "what": "+12025550100", "note": "Robocaller, says it is the tax office", "added": "2026-03-02" },
                { "what": "+1900*", "note": "Premium numbers", "added": "2026-03-02" },
                { "what": "+1212555????", "added": "2026-05-11", "until": "2026-12-31" },
                { "what": "+442071838750", "note": "Asked us to call back, then shouted", "added": "2026-05-11", "until": "2026-06-30" },
                { "what": "country:FR", "note": "No French speaker here", "added": "2026-07-14", "until": "2027-01-01" },
                { "what": "Bob (ask Mary)", "added": "2026-09-01" },
                { "what": "+493012345678", "note": "from the call on 20 Nov", "added": "2026-11-20" },
            ]),
        ),
        list("vip", "VIP", json!([{ "what": "+14155552671", "note": "Anna" }])),
        list("staff", "Staff", json!([])),
    ];
    table.lists[1].note = "Customers who get through at once, day and night".into();
    let test = json!({ "condition": "lists.on", "settings": { "lists": ["block"] } });
    table.rules[0] = rule(json!({ "id": "block", "name": "Block list", "when": [{ "any_of": [test] }],
        "then": { "action": "reject" } }));
    table
}

fn entries<'a>(harness: &'a Routes, id: &str) -> &'a [Entry] {
    &harness.state().state.draft.list(id).unwrap().entries
}

fn told(harness: &Routes) -> Vec<(Level, &str)> {
    let notes = harness.state().actions.iter().filter_map(|action| match action {
        Action::Tell(note) => Some((note.level, note.text.as_str())),
        _ => None,
    });
    notes.collect()
}

#[test]
fn a_list_is_made_and_filled_by_pasting() {
    let mut harness = lists(shop());
    click(&mut harness, "Add the first list");
    harness.key_press(Key::Enter);
    harness.run();
    assert_eq!(harness.state().state.draft.lists[0].name, "Block list", "the name offered first");
    click(&mut harness, "Add the first numbers");
    fill(&mut harness, "Numbers", "(202) 555-0100 robocaller\n+49*; (202) 555-0100\nBob");
    assert!(harness.query_by_label("Adds 2, already there 1, could not be read 1: “Bob”").is_some());
    fill(&mut harness, "Note", "From the old phone");
    fill(&mut harness, "Until", "31.12.2026");
    assert!(harness.query_by_label_contains("write it like 2026-12-31").is_some());
    click(&mut harness, "1 month");
    click(&mut harness, "Add 3 entries");
    let day = |text: &str| text.parse().ok();
    let entry = |what: &str, note: &str| Entry {
        what: what.into(),
        note: note.into(),
        added: day("2026-11-23"),
        until: day("2026-12-23"),
    };
    assert_eq!(
        entries(&harness, "block-list"),
        [
            entry("+12025550100", "robocaller"),
            entry("+49*", "From the old phone"),
            entry("Bob", "From the old phone")
        ]
    );
    assert_eq!(
        told(&harness),
        [(Level::Info, "Added 2 to Block list, already there 1, could not be read 1: “Bob”")]
    );
    assert_eq!(harness.state().state.problems, [], "what cannot be read keeps nothing from being published");
    assert!(harness.query_by_label("Cannot be read").is_some());
    assert!(harness.query_by_label("Numbers starting with +49").is_some());

    click(&mut harness, "Add numbers…");
    fill(&mut harness, "Numbers", "+1 202-555-0100\nBob");
    assert!(harness.query_by_label("Adds 0, already there 2").is_some());
    click(&mut harness, "Cancel");
    assert_eq!(entries(&harness, "block-list").len(), 3);
}

#[test]
fn entries_are_found_changed_and_removed() {
    let mut harness = lists(listed_shop());
    click(&mut harness, "Open Block list");
    fill_search(&mut harness, "0044 20");
    assert!(harness.query_by_label("1 found").is_some());
    assert!(harness.query_by_label("Change +44 20 7183 8750").is_some());
    click(&mut harness, "Clear the search");
    fill_search(&mut harness, "franc");
    click(&mut harness, "Change France");
    fill(&mut harness, "Note", "Until Jeanne is here");
    click(&mut harness, "Always");
    click(&mut harness, "Save");
    let france = entries(&harness, "block")[4].clone();
    assert_eq!((france.note.as_str(), france.until), ("Until Jeanne is here", None));
    click(&mut harness, "Clear the search");

    click(&mut harness, "Cannot be read (1)");
    click(&mut harness, "Change Bob (ask Mary)");
    fill(&mut harness, "Caller", "212 555 0199");
    click(&mut harness, "Save");
    assert_eq!(entries(&harness, "block")[5].what, "+12125550199");
    click(&mut harness, "All (7)");
    click(&mut harness, "Remove (202) 555-0100");
    assert_eq!(entries(&harness, "block").len(), 6);
    click(&mut harness, "More about this list");
    click(&mut harness, "Remove expired entries");
    assert_eq!(entries(&harness, "block").len(), 5);
    let edits = &harness.state().edits;
    assert_eq!(
        edits[2..],
        ["Remove (202) 555-0100 from “Block list”", "Remove expired entries of “Block list”"]
    );
}

fn fill_search(harness: &mut Routes, text: &str) {
    harness.get_by_label("Search entries").focus();
    harness.run();
    harness.get_by_label("Search entries").type_text(text);
    harness.run();
}

#[test]
fn a_list_that_rules_use_stays_and_others_go() {
    let mut harness = lists(listed_shop());
    click(&mut harness, "More about Block list");
    click(&mut harness, "Delete list");
    let sentence = "“Block list” is not deleted, as it is used by rule “Block list”. Change that first.";
    assert_eq!(told(&harness), [(Level::Warning, sentence)]);
    click(&mut harness, "Open VIP");
    click(&mut harness, "More about this list");
    click(&mut harness, "Rename…");
    fill(&mut harness, "Name", "staff");
    assert!(harness.query_by_label_contains("Another list is called that").is_some());
    fill(&mut harness, "Name", "Best customers");
    click(&mut harness, "Save");
    assert_eq!(harness.state().state.draft.list("vip").unwrap().name, "Best customers");
    click(&mut harness, "More about this list");
    click(&mut harness, "Delete list");
    assert!(harness.query_by_label("Open Staff").is_some(), "back on the page of all lists");
    let names: Vec<_> = harness.state().state.draft.lists.iter().map(|list| list.name.as_str()).collect();
    assert_eq!(names, ["Block list", "Staff"]);
    click(&mut harness, "Back to routes");
    assert!(harness.query_by_label("Add a rule").is_some());
}

fn long_list() -> Table {
    let mut table = listed_shop();
    let entry = |n: u32| Entry {
        what: format!("+1415555{n:05}"),
        note: String::new(),
        added: "2026-11-23".parse().ok(),
        until: None,
    };
    table.lists[0].entries = Arc::new((0..100_000).map(entry).collect());
    table
}

#[test]
fn of_a_hundred_thousand_entries_only_those_in_sight_are_drawn() {
    let mut harness = lists(long_list());
    click(&mut harness, "Open Block list");
    let drawn = harness.query_all_by_label_contains("Remove ").count();
    assert!((5..40).contains(&drawn), "{drawn}");
    fill_search(&mut harness, "55599999");
    assert!(harness.query_by_label("1 found").is_some());
    // By keyboard the list goes along with what has the focus.
    click(&mut harness, "Clear the search");
    let focus = |harness: &Routes| {
        harness.get_all_by_label_contains("Remove ").map(|node| node.is_focused()).collect::<Vec<_>>()
    };
    harness.get_all_by_label_contains("Change ").next().unwrap().focus();
    harness.run();
    for _ in 0..61 {
        harness.key_press(Key::Tab);
        harness.run();
    }
    assert!(focus(&harness).contains(&true), "the thirtieth row has come into sight");
}

#[test]
fn pictures() {
    for (size, theme, look) in support::looks() {
        let size = [size[0] - 208.0, size[1] - 56.0];
        let name = |what: &str| format!("lists-{what}-{look}");
        let mut harness = routes_sized(listed_shop(), size, theme);
        save_picture(&mut harness, &name("all"));
        click(&mut harness, "Open Block list");
        save_picture(&mut harness, &name("page"));
        click(&mut harness, "Add numbers…");
        fill(
            &mut harness,
            "Numbers",
            "Bob Smith, (202) 555-0177, since March\n+1900*, +4420*\nGermany\n555-12345\nMary",
        );
        save_more(&mut harness, &name("add"));
        click(&mut harness, "Cancel");
        click(&mut harness, "Change Numbers like +1212555????");
        save_more(&mut harness, &name("change"));
        click(&mut harness, "Cancel");
        click(&mut harness, "Back to lists");
        click(&mut harness, "Open Staff");
        save_more(&mut harness, &name("empty"));
        if support::all_pictures() {
            save_picture(&mut routes_sized(shop(), size, theme), &name("none"));
            let mut harness = routes_sized(long_list(), size, theme);
            click(&mut harness, "Open Block list");
            save_picture(&mut harness, &name("long"));
        }
    }
}
