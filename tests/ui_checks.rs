//! What the checks say is seen at the rules, followed, mended and put aside as a person would, on a
//! table of sixty rules, and drawn to be looked at.
#![cfg(feature = "desktop")]
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod support;

use egui::Theme;
use egui_kittest::kittest::Queryable;
use serde_json::json;
use support::desk::{Desk, Routes, add, click, fill, routes_window, shop};
use support::{looks, save_picture};
use switchboard::retell::account::{AccountNumber, NumberChange, OwnAgent, Setting};
use switchboard::routing::checks::{Finding, FindingKind, Level, Place};
use switchboard::routing::{Schedule, Table};
use switchboard::service::account::Account;
use switchboard::service::messages::Command;
use switchboard::ui::app::{Action, Findings};
use switchboard::ui::routes::RoutesScreen;

fn routes_sized(table: Table, size: [f32; 2], theme: Theme) -> Routes {
    routes_window(Desk::new(table, RoutesScreen::default()), size, theme)
}

fn routes(table: Table) -> Routes {
    routes_sized(table, [792.0, 584.0], Theme::Light)
}

/// The shop with sixty rules, of which a few do not do what was meant.
fn sixty() -> Table {
    let mut table = shop();
    table.schedules.push(Schedule {
        id: "late".into(),
        name: "Late hours".into(),
        hours: "Fr 12:00-20:00; Sa 10:00-18:00".into(),
        ..Schedule::default()
    });
    table.schedules.push(Schedule {
        id: "lunch".into(),
        name: "Lunch".into(),
        hours: "Mo-Fr 10:00-12:00".into(),
        ..Schedule::default()
    });
    let block = json!([{ "id": "block", "name": "Block list", "entries": [{ "what": "+1900*" }, { "what": "+14155552671" }] },
        { "id": "vip", "name": "VIP list", "entries": [] }]);
    table.lists = serde_json::from_value(block).unwrap();
    let (reject, reception) = (json!("reject"), json!({ "connect": { "agent": "reception" } }));
    let (sales, night) =
        (json!({ "connect": { "agent": "sales-desk" } }), json!({ "connect": { "agent": "night" } }));
    let open = |schedule: &str| ("hours.open", json!({ "schedule": schedule }));
    let line = |line: &str| ("line.is", json!({ "lines": [line] }));
    let list = |list: &str| ("lists.on", json!({ "lists": [list] }));
    add(&mut table, "VIP callers", &[list("vip")], &sales);
    add(&mut table, "Block list", &[list("block")], &reject);
    for n in 0..50 {
        let number = format!("+1212555{:04}", 2000 + n);
        let to = if n % 2 == 0 { &sales } else { &reception };
        add(
            &mut table,
            &format!("Customer {}", n + 1),
            &[("caller.number", json!({ "numbers": [number] }))],
            to,
        );
    }
    add(
        &mut table,
        "Customer 7 again",
        &[("caller.number", json!({ "numbers": ["+12125552006"] })), line("main")],
        &night,
    );
    add(
        &mut table,
        "Alps",
        &[
            ("caller.country", json!({ "countries": ["AT"] })),
            ("caller.country", json!({ "countries": ["CH"] })),
        ],
        &sales,
    );
    add(&mut table, "Office hours", &[open("office"), line("main")], &reception);
    add(&mut table, "Lunch", &[open("lunch"), line("main")], &night);
    add(&mut table, "Late hours", &[open("late")], &night);
    add(&mut table, "Office hours, sales", &[open("office"), line("sales")], &sales);
    add(&mut table, "Germany", &[("caller.country", json!({ "countries": ["DE"] }))], &night);
    add(&mut table, "France", &[("caller.country", json!({ "countries": ["FR"] }))], &night);
    table.fallback = serde_json::from_value(json!({ "action": night })).unwrap();
    assert_eq!(table.rules.len(), 60);
    table
}

fn order(harness: &Routes) -> Vec<String> {
    harness.state().state.draft.rules.iter().map(|rule| rule.name.clone()).collect()
}

#[test]
fn what_is_found_is_said_above_the_rules_and_mended_with_a_click() {
    let mut harness = routes(sixty());
    harness.get_by_label("The checks have 3 warnings and 6 hints");
    click(&mut harness, "Show the checks");
    harness.get_by_label("Never decides: “Office hours” above takes all of its calls");
    harness.get_by_label_contains("Can never match: no call fits “the caller is in Austria”");
    click(&mut harness, "Move above “Office hours”: Rule “Lunch”");
    assert_eq!(harness.state().edits, ["Move rule “Lunch”"]);
    let order = order(&harness);
    let place = |name: &str| order.iter().position(|rule| rule == name).unwrap();
    assert_eq!(place("Lunch") + 1, place("Office hours"));
    assert!(harness.query_by_label("Never decides: “Office hours” above takes all of its calls").is_none());

    click(&mut harness, "Join with “Germany”: Rule “France”");
    assert_eq!(harness.state().state.draft.rules.len(), 59);
    click(&mut harness, "Back to routes");
    harness.get_by_label_contains("The checks have 2 warnings");
}

#[test]
fn a_finding_leads_to_its_rule_and_to_those_that_it_names() {
    let mut harness = routes(sixty());
    click(&mut harness, "Show the checks");
    click(&mut harness, "Open Rule “Lunch”");
    let opened = harness.state_mut().actions.pop();
    assert!(matches!(&opened, Some(Action::OpenRule(id)) if id == "r55"), "{opened:?}");
    click(&mut harness, "Go to “Customer 7”");
    let opened = harness.state_mut().actions.pop();
    assert!(matches!(&opened, Some(Action::OpenRule(id)) if id == "r8"), "{opened:?}");
}

#[test]
fn a_finding_is_put_aside_with_a_reason_and_counts_again() {
    let mut harness = routes(sixty());
    harness.state_mut().screen.open_rule("r55");
    harness.run();
    click(&mut harness, "Dismiss… Rule “Lunch”");
    fill(&mut harness, "Reason", "Until the new menu");
    click(&mut harness, "Dismiss");
    assert_eq!(harness.state().edits, ["Dismiss a warning"]);
    assert_eq!(harness.state().state.draft.dismissed[0].reason, "Until the new menu");
    assert!(harness.query_by_label("Never decides: “Office hours” above takes all of its calls").is_none());

    click(&mut harness, "Back to routes");
    click(&mut harness, "Show the checks");
    click(&mut harness, "Put aside (1)");
    harness.get_by_label("Until the new menu");
    click(&mut harness, "Let it count again: Rule “Lunch”");
    assert!(harness.state().state.draft.dismissed.is_empty());
    harness.get_by_label("Never decides: “Office hours” above takes all of its calls");
}

#[test]
fn a_gap_becomes_a_rule_that_is_opened() {
    let mut harness = routes(sixty());
    click(&mut harness, "Show the checks");
    let button = harness.query_all_by_label_contains("Add a rule for").next().unwrap();
    button.scroll_to_me();
    harness.run();
    harness.query_all_by_label_contains("Add a rule for").next().unwrap().click();
    harness.run();
    assert_eq!(harness.state().state.draft.rules.len(), 61);
    assert!(matches!(harness.state().actions.last(), Some(Action::OpenRule(_))));
}

#[test]
fn nothing_found_is_nothing_said() {
    let mut harness = routes(shop());
    assert!(harness.query_by_label("Show the checks").is_none());
    harness.run();
}

#[test]
fn pictures() {
    for (size, theme, name) in looks() {
        let size = [size[0] - 208.0, size[1] - 56.0];
        let mut harness = routes_sized(sixty(), size, theme);
        harness.state_mut().screen.open_rule("r55");
        harness.run();
        save_picture(&mut harness, &format!("checks-rule-{name}"));
        harness.state_mut().screen.show_list();
        harness.run();
        harness.get_by_label("Rule 54: Alps").scroll_to_me();
        harness.run();
        harness.run();
        save_picture(&mut harness, &format!("checks-list-{name}"));
        click(&mut harness, "Show the checks");
        save_picture(&mut harness, &format!("checks-page-{name}"));
        click(&mut harness, "Dismiss… Rule “Lunch”");
        save_picture(&mut harness, &format!("checks-dismiss-{name}"));
    }
}

#[test]
fn a_look_up_without_its_secret_leads_to_its_page() {
    let mut table = sixty();
    table.look_ups =
        serde_json::from_value(json!([{ "id": "crm", "name": "CRM", "plugin": "http" }])).unwrap();
    let mut harness = routes(table);
    let finding = Finding {
        level: Level::Warning,
        kind: FindingKind::LookUpCannotWork,
        place: Place::LookUp("crm".into()),
        message: "finds nothing out about calls: its secret is not on this computer".into(),
        lines: Vec::new(),
        others: Vec::new(),
        repairs: Vec::new(),
        dismissed: None,
    };
    let state = &mut harness.state_mut().state;
    state.findings = Findings::new(state.draft.clone(), [finding].into());
    harness.run();
    click(&mut harness, "Show the checks");
    click(&mut harness, "Open Look-up “CRM”");
    let opened = harness.state_mut().actions.pop();
    let Some(Action::OpenLookUp(id)) = opened else { panic!("{opened:?}") };
    harness.state_mut().screen.open_look_up(id);
    harness.run();
    harness.get_by_label("Test this look-up");
}

#[test]
fn a_reject_that_cannot_work_lifts_the_lines_own_agent_with_one_click() {
    let mut harness = routes(sixty());
    let finding = Finding {
        level: Level::Error,
        kind: FindingKind::RejectCannotWork,
        place: Place::Fallback,
        message: "cannot reject calls to “Main line”".into(),
        lines: vec!["main".into()],
        others: Vec::new(),
        repairs: Vec::new(),
        dismissed: None,
    };
    let main = AccountNumber {
        number: "+14155550123".into(),
        agents: vec![OwnAgent::only("agent_reception")],
        ..AccountNumber::default()
    };
    let state = &mut harness.state_mut().state;
    state.findings = Findings::new(state.draft.clone(), [finding].into());
    state.keys.current = Some("••••42".into());
    state.account.known = Some(Account::new(state.now, Vec::new(), vec![main.clone()]).into());
    harness.run();
    click(&mut harness, "Show the checks");
    click(&mut harness, "Lift Reception off Main line");
    let Some(Action::Send(Command::ChangeAtRetell(changes))) = harness.state_mut().actions.pop() else {
        panic!()
    };
    let (was, becomes) = (Setting::Agents(main.agents), Setting::Agents(Vec::new()));
    assert_eq!(changes, [NumberChange { number: main.number, was, becomes }]);
}
