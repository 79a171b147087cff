//! The screen of lines and agents, used as a person would.
#![cfg(feature = "desktop")]
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod support;

use std::sync::Arc;

use chrono::TimeDelta;
use egui::{Key, Theme};
use egui_kittest::{Harness, kittest::Queryable};
use support::desk::{Desk, busy_shop, click, fill, now, shop};
use support::window;
use switchboard::retell::account::{AccountAgent, AccountNumber};
use switchboard::routing::{Agent, Line, Table};
use switchboard::service::account::Account;
use switchboard::service::messages::{AccountNews, Command};
use switchboard::ui::app::{Action, Actions};
use switchboard::ui::lines::LinesScreen;
use switchboard::ui::widgets::shell::Place;

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

/// What Retell told, four minutes ago.
fn account() -> AccountNews {
    let agent = |id: &str, name: &str, is_suspended| AccountAgent {
        id: id.into(),
        name: name.into(),
        is_suspended,
        is_for_texts: false,
    };
    let number = |number: &str, name: &str, agents: &[&str], webhook: Option<&str>| AccountNumber {
        number: number.into(),
        name: name.into(),
        agents: agents.iter().map(|&id| id.into()).collect(),
        webhook: webhook.map(Into::into),
    };
    let agents = vec![
        agent("agent_reception", "Front", false),
        agent("agent_night", "Night", true),
        agent("agent_new", "Reception", false),
        agent("agent_off", "Old voice", true),
    ];
    let numbers = vec![
        number("+14155550123", "Main", &["agent_reception"], Some("https://shop.example/webhook/inbound")),
        number("+14155550199", "", &[], None),
    ];
    let known = Account::new(now() - TimeDelta::minutes(4), agents, numbers);
    AccountNews { known: Some(Arc::new(known)), ..AccountNews::default() }
}

#[test]
fn the_account_at_retell_is_asked_and_brought_in() {
    let mut harness = lines(shop());
    click(&mut harness, "Paste your API key…");
    assert!(matches!(harness.state_mut().actions.pop(), Some(Action::Go(Place::Settings))));
    harness.state_mut().state.keys.current = Some("••••42".into());
    harness.run();
    click(&mut harness, "Ask Retell");
    assert!(matches!(harness.state_mut().actions.pop(), Some(Action::Send(Command::AskRetell))));
    harness.state_mut().state.account = account();
    harness.run();
    for words in [
        "2 numbers and 4 agents at Retell, as of 4 min ago",
        "While this computer is off, Reception answers; calls cannot be rejected",
        "Retell asks https://shop.example/webhook/inbound",
        "Not among your numbers at Retell",
        "Suspended at Retell",
        "Not among your agents at Retell",
    ] {
        assert!(says(&harness, words), "{words}");
    }
    click(&mut harness, "Add 1 line and 2 agents…");
    assert!(says(&harness, "Old voice · suspended at Retell"));
    click(&mut harness, "Add 1 line and 1 agent");
    assert_eq!(harness.state().edits, ["Add 1 line and 1 agent from Retell"]);
    let line = table(&harness).lines.last().unwrap();
    assert_eq!((line.name.as_str(), line.number.as_str()), ("+14155550199", "+14155550199"));
    let agent = table(&harness).agents.last().unwrap();
    // Another agent is called that here.
    assert_eq!((agent.name.as_str(), agent.retell_id.as_str()), ("Reception 2", "agent_new"));
    assert!(says(&harness, "Add 1 agent…"), "the suspended one is still not here");
}

#[test]
fn pictures_of_the_account() {
    for (theme, name) in [(Theme::Light, "light"), (Theme::Dark, "dark")] {
        let draw = |ui: &mut egui::Ui, desk: &mut Desk<LinesScreen>| {
            desk.screen.ui(ui, &desk.state, &mut Actions::new());
        };
        let mut desk = Desk::new(busy_shop(), LinesScreen::default());
        desk.state.keys.current = Some("••••42".into());
        desk.state.account = account();
        desk.state.account.failed =
            Some("Retell waits for a payment; look in its dashboard under Billing".into());
        let mut harness = window([792.0, 700.0], theme).build_ui_state(draw, desk);
        harness.run();
        support::save_picture(&mut harness, &format!("lines-account-{name}"));
        click(&mut harness, "Add 1 line and 2 agents…");
        support::save_picture(&mut harness, &format!("lines-import-{name}"));
    }
}
