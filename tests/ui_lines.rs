//! The screen of lines and agents, used as a person would.
#![cfg(feature = "desktop")]
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod support;

use egui::{Key, Theme};
use egui_kittest::{Harness, kittest::Queryable};
use support::desk::{Desk, busy_shop, click, fill, shop};
use support::window;
use switchboard::routing::{Agent, Line, Table};
use switchboard::ui::app::{Action, Actions};
use switchboard::ui::lines::LinesScreen;

type Lines = Harness<'static, Desk<LinesScreen>>;

fn lines(table: Table) -> Lines {
    let draw = |ui: &mut egui::Ui, desk: &mut Desk<LinesScreen>| {
        let mut actions = Actions::new();
        desk.screen.ui(ui, &desk.state, &mut actions);
        desk.take(actions);
    };
    window([792.0, 700.0], Theme::Light).build_ui_state(draw, Desk::new(table, LinesScreen::default()))
}

fn table(harness: &Lines) -> &Table {
    &harness.state().state.draft
}

fn says(harness: &Lines, words: &str) -> bool {
    harness.query_all_by_label_contains(words).next().is_some()
}

#[test]
fn the_first_line_and_the_first_agent() {
    let mut harness = lines(Table::empty("US", "America/New_York"));
    click(&mut harness, "Add your first line");
    fill(&mut harness, "Name", " Main line ");
    fill(&mut harness, "Phone number", "415.555.2671");
    assert!(says(&harness, "(415) 555-2671, United States"), "the number as it will be shown");
    click(&mut harness, "Save");
    click(&mut harness, "Add your first agent");
    fill(&mut harness, "Name", "Reception");
    fill(&mut harness, "Agent ID at Retell", " agent_42 ");
    harness.key_press(Key::Enter);
    harness.run();

    let line = Line { id: "main-line".into(), name: "Main line".into(), number: "+14155552671".into() };
    let agent = Agent {
        id: "reception".into(),
        name: "Reception".into(),
        retell_id: "agent_42".into(),
        ..Agent::default()
    };
    assert_eq!((&table(&harness).lines, &table(&harness).agents), (&vec![line], &vec![agent]));
    assert_eq!(harness.state().edits, ["Add line “Main line”", "Add agent “Reception”"]);
}

#[test]
fn what_is_wrong_is_said_and_cannot_be_saved() {
    let mut harness = lines(shop());
    click(&mut harness, "Add a line");
    for (name, number, wrong) in [
        ("main LINE", "+49 30 901820", "Another line is called that"),
        ("Berlin", "12", "not from your home country (United States)"),
        ("Berlin", "(415) 555-0123", "“Main line” has this number already"),
    ] {
        fill(&mut harness, "Name", name);
        fill(&mut harness, "Phone number", number);
        assert!(says(&harness, wrong), "{wrong}");
        click(&mut harness, "Save");
        harness.key_press(Key::Enter);
        harness.run();
    }
    click(&mut harness, "Cancel");
    click(&mut harness, "Add an agent");
    for (id, wrong) in [("agent 1", "one word"), ("agent_night", "“After hours” is this agent already")] {
        fill(&mut harness, "Name", "Berlin desk");
        fill(&mut harness, "Agent ID at Retell", id);
        assert!(says(&harness, wrong), "{wrong}");
        click(&mut harness, "Save");
    }
    harness.key_press(Key::Escape);
    harness.run();
    assert_eq!(harness.state().edits, [""; 0]);
    assert!(!says(&harness, "Agent ID at Retell"), "the dialog is closed");
}

#[test]
fn a_line_is_changed_and_keeps_its_rules() {
    let mut harness = lines(busy_shop());
    click(&mut harness, "Edit Main line");
    fill(&mut harness, "Name", "Front desk");
    click(&mut harness, "Save");
    let line = table(&harness).line("main").unwrap();
    assert_eq!((line.name.as_str(), line.number.as_str()), ("Front desk", "+14155550123"));
    assert!(says(&harness, "Used by Callers from abroad, Office hours, Summer party"));
}

#[test]
fn what_is_used_is_not_deleted_but_leads_to_its_users() {
    let mut harness = lines(busy_shop());
    click(&mut harness, "Delete After hours");
    assert!(says(&harness, "“After hours” is still used") && says(&harness, "All other calls"));
    click(&mut harness, "Close");
    click(&mut harness, "Delete Main line");
    click(&mut harness, "Open “Office hours”");
    let actions = &harness.state().actions;
    assert!(matches!(&actions[..], [Action::OpenRule(rule)] if rule == "office"), "{actions:?}");
    assert_eq!(harness.state().edits, [""; 0]);

    let mut harness = lines(shop());
    click(&mut harness, "Delete Sales line");
    click(&mut harness, "Delete Sales desk");
    assert_eq!(harness.state().edits, ["Delete line “Sales line”", "Delete agent “Sales desk”"]);
    assert_eq!((table(&harness).lines.len(), table(&harness).agents.len()), (1, 2));
}

#[test]
fn an_agents_id_is_copied() {
    let mut harness = lines(shop());
    click(&mut harness, "Copy the Retell id of Reception");
    let actions = &harness.state().actions;
    assert!(matches!(&actions[..], [Action::Copy(id)] if id == "agent_reception"), "{actions:?}");
}
