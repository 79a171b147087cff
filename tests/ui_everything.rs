//! The table of everything in the window: each of its rules is told in words and opens in its editor,
//! whatever it says. Pictures of them are left in `target/pictures/`.
#![cfg(feature = "desktop")]
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod support;

use egui::Theme;
use egui_kittest::kittest::NodeT;
use support::desk::{Desk, Routes, routes_window};
use support::{all_pictures, looks, save_picture};
use switchboard::routing::Table;
use switchboard::ui::routes::RoutesScreen;

/// The table, whose file of contacts and server do not exist here.
fn table() -> Table {
    let text = include_str!("data/everything.json").replace("URL", "http://127.0.0.1:9");
    serde_json::from_str(&text).unwrap()
}

fn routes(size: [f32; 2], theme: Theme) -> Routes {
    routes_window(Desk::new(table(), RoutesScreen::default()), size, theme)
}

fn texts(harness: &Routes) -> Vec<String> {
    let nodes = harness.root().children_recursive();
    nodes.flat_map(|node| [node.accesskit_node().label(), node.accesskit_node().value()]).flatten().collect()
}

/// What the table calls things among its parts, and no person does.
fn ids() -> Vec<String> {
    let table = table();
    let agents = table.agents.iter().map(|agent| (&agent.id, &agent.name));
    let lines = table.lines.iter().map(|line| (&line.id, &line.name));
    let lists = table.lists.iter().map(|list| (&list.id, &list.name));
    let schedules = table.schedules.iter().map(|schedule| (&schedule.id, &schedule.name));
    let all = agents.chain(lines).chain(lists).chain(schedules);
    let ids = all.filter(|(id, name)| !name.to_lowercase().contains(id.as_str()));
    ids.map(|(id, _)| id.clone()).collect()
}

#[test]
fn each_rule_opens_in_its_editor_and_is_told_without_ids() {
    let mut harness = routes([1000.0, 640.0], Theme::Light);
    let ids = ids();
    assert!(ids.len() >= 3, "there is something to look for: {ids:?}");
    for rule in table().rules {
        harness.state_mut().screen.open_rule(&rule.id);
        harness.run();
        let texts = texts(&harness);
        assert!(texts.contains(&rule.name), "{} is open: {texts:?}", rule.name);
        let wrong: Vec<_> = texts.iter().filter(|text| ids.iter().any(|id| id == *text)).collect();
        assert!(wrong.is_empty(), "{}: {wrong:?}", rule.name);
        assert_eq!(harness.state().edits, [""; 0], "opening “{}” changes nothing", rule.name);
    }
}

#[test]
fn pictures() {
    let mut sizes = looks();
    if all_pictures() {
        // All of a long editor at once.
        sizes.extend([
            ([1000.0, 1900.0], Theme::Light, "tall-light"),
            ([1000.0, 1900.0], Theme::Dark, "tall-dark"),
        ]);
    }
    for (size, theme, look) in sizes {
        let mut harness = routes(size, theme);
        save_picture(&mut harness, &format!("everything-{look}"));
        let rules = table().rules;
        let shown = if all_pictures() { rules.len() } else { 1 };
        for rule in rules.iter().take(shown) {
            harness.state_mut().screen.open_rule(&rule.id);
            harness.run();
            save_picture(&mut harness, &format!("everything-{look}-{}", rule.id));
        }
    }
}
