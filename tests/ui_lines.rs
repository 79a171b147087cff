//! The screen of lines and agents, used as a person would.
#![cfg(feature = "desktop")]
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod support;

use std::sync::Arc;

use chrono::TimeDelta;
use egui::{Key, Theme};
use egui_kittest::{Harness, kittest::Queryable};
use serde_json::json;
use support::desk::{Desk, add, busy_shop, click, fill, now, shop};
use support::window;
use switchboard::reach::ReachState;
use switchboard::retell::account::{AccountAgent, AccountError, AccountNumber, OwnAgent, Setting};
use switchboard::routing::checks::{Checker, Knowledge};
use switchboard::routing::{Agent, Line, Table};
use switchboard::service::account::{Account, Changed};
use switchboard::service::messages::{AccountNews, Command};
use switchboard::ui::app::{Action, Actions, Findings};
use switchboard::ui::at_retell::ChangeWish;
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
    assert!(says(
        &harness,
        "Used by Callers from abroad, Office hours, Summer party · 3 rules are for all lines"
    ));
    assert!(says(&harness, "Used by Callers from abroad (version prod)"));
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
        tags: [("prod".to_owned(), Some(3)), ("next".to_owned(), Some(5))].into(),
        ..AccountAgent::default()
    };
    let number = |number: &str, name: &str, agents: &[&str], webhook: Option<&str>| AccountNumber {
        number: number.into(),
        name: name.into(),
        agents: agents.iter().map(|&id| OwnAgent::only(id)).collect(),
        webhook: webhook.map(Into::into),
        texts_webhook: None,
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
        "If this computer is off, calls go to Reception",
        "This line sends its calls to another address: https://shop.example/webhook/inbound",
        "At Retell next is version 5, prod is version 3",
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
    assert_eq!((line.name.as_str(), line.number.as_str()), ("(415) 555-0199", "+14155550199"));
    let agent = table(&harness).agents.last().unwrap();
    // Another agent is called that here.
    assert_eq!((agent.name.as_str(), agent.retell_id.as_str()), ("Reception 2", "agent_new"));
    assert!(says(&harness, "Add 1 agent…"), "the suspended one is still not here");
}

/// A desk whose lines are at Retell, and which is reached from the internet.
fn reached(table: Table) -> Desk<LinesScreen> {
    let mut desk = Desk::new(table, LinesScreen::default());
    desk.state.keys.current = Some("••••42".into());
    desk.state.account = account();
    desk.state.reach = ReachState::Open("https://calls.example.com".parse().unwrap());
    desk
}

#[test]
fn a_line_is_connected_by_name_and_its_own_agent_lifted_and_undone() {
    let mut harness = lines(shop());
    harness.state_mut().state = reached(shop()).state;
    harness.state_mut().state.reach = ReachState::Off;
    harness.run();
    click(&mut harness, "Connect Main line…");
    assert!(harness.state().actions.is_empty(), "there is no address that could be written");

    let mut rejecting = shop();
    add(&mut rejecting, "Block list", &[("line.is", json!({ "lines": ["main"] }))], &json!("reject"));
    harness.state_mut().state = reached(rejecting).state;
    let own = std::collections::BTreeMap::from([("+14155550123".to_owned(), true)]);
    let knowledge = Knowledge { default_agents: own, ..Knowledge::default() };
    let state = &mut harness.state_mut().state;
    let found = Checker::default().check(&state.draft, &*state.registry, &knowledge, state.now, &|| false);
    state.findings = Findings::new(state.draft.clone(), found.unwrap().into());
    harness.run();
    click(&mut harness, "Connect Main line…");
    let wish = ChangeWish::Connect(vec!["+14155550123".into()]);
    assert!(matches!(harness.state_mut().actions.pop(), Some(Action::ChangeAtRetell(one)) if one == wish));
    assert!(says(&harness, "Block list cannot reject calls here, for Reception takes rejected calls too"));
    click(&mut harness, "Lift Reception off Main line");
    let Some(Action::Send(Command::ChangeAtRetell(lift))) = harness.state_mut().actions.pop() else {
        panic!()
    };
    assert_eq!(lift[0].becomes, Setting::Agents(Vec::new()));

    let changed = Changed { at: now(), changes: lift.clone(), failed: Vec::new() };
    harness.state_mut().state.account.changed = Some(changed.into());
    harness.run();
    assert!(says(&harness, "“Main line” has no agent of its own any more"));
    click(&mut harness, "Undo this at Retell");
    let Some(Action::Send(Command::ChangeAtRetell(back))) = harness.state_mut().actions.pop() else {
        panic!()
    };
    assert_eq!(back, [lift[0].back()]);
    click(&mut harness, "Done reading what was changed at Retell");
    assert!(!says(&harness, "“Main line” has no agent of its own any more"));
}

#[test]
fn pictures_of_the_account() {
    for (theme, name) in [(Theme::Light, "light"), (Theme::Dark, "dark")] {
        let draw = |ui: &mut egui::Ui, desk: &mut Desk<LinesScreen>| {
            desk.screen.ui(ui, &desk.state, &mut Actions::new());
        };
        let mut desk = reached(busy_shop());
        desk.state.account.failed = Some(AccountError::Payment);
        let mut harness = window([792.0, 700.0], theme).build_ui_state(draw, desk);
        harness.run();
        support::save_picture(&mut harness, &format!("lines-account-{name}"));
        click(&mut harness, "Add 1 line and 2 agents…");
        support::save_picture(&mut harness, &format!("lines-import-{name}"));
    }
}
