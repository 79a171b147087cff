//! The page of a week: opened, read, pointed at and pressed as a person would, on a table of sixty rules
//! with a closure and a holiday, and drawn to be looked at.
#![cfg(feature = "desktop")]
#![allow(clippy::unwrap_used, clippy::expect_used)]

#[path = "support/program.rs"]
mod program;
mod support;
#[path = "support/whole.rs"]
mod whole;

use std::collections::BTreeMap;
use std::sync::Arc;

use egui::{Key, Role, Theme};
use egui_kittest::kittest::Queryable;
use serde_json::{Value, json};
use support::desk::{Desk, Routes, add, click, now, routes_window, shop};
use support::{looks, save_picture};
use switchboard::routing::{Action as Then, Outcome, Overrides, Schedule, Table, What, Wish};
use switchboard::service::messages::Command;
use switchboard::service::weeks::work_out;
use switchboard::ui::app::Action;
use switchboard::ui::routes::RoutesScreen;
use whole::Whole;

/// The shop with three lines and sixty rules: customers, a VIP list, hours, a night shared by two.
fn sixty() -> Table {
    let mut table = shop();
    let third = json!([{ "id": "service", "name": "Service line", "number": "+14155550125" }]);
    table.lines.extend(serde_json::from_value::<Vec<_>>(third).unwrap());
    table.schedules[0].hours = "Mo-Fr 09:00-12:30,13:30-17:00; Sa 10:00-14:00; PH off".into();
    for (id, name, hours) in
        [("evening", "Evenings", "Mo-Fr 17:00-21:30; PH off"), ("late", "Nights", "Fr-Sa 22:00-02:00")]
    {
        table.schedules.push(Schedule {
            id: id.into(),
            name: name.into(),
            hours: hours.into(),
            ..Schedule::default()
        });
    }
    let lists = json!([{ "id": "vip", "name": "VIP list", "entries": [{ "what": "+14155552671" }] }]);
    table.lists = serde_json::from_value(lists).unwrap();
    let connect = |agent: &str| json!({ "connect": { "agent": agent } });
    let open = |schedule: &str| ("hours.open", json!({ "schedule": schedule }));
    let line = |line: &str| ("line.is", json!({ "lines": [line] }));
    add(
        &mut table,
        "VIP callers",
        &[("lists.on", json!({ "lists": ["vip"] })), open("office")],
        &connect("sales-desk"),
    );
    for n in 0..54 {
        let number = json!({ "numbers": [format!("+1212555{:04}", 2000 + n)] });
        add(
            &mut table,
            &format!("Customer {}", n + 1),
            &[("caller.number", number), line("service")],
            &connect("night"),
        );
    }
    add(&mut table, "Sales hours", &[line("sales"), open("office")], &connect("sales-desk"));
    add(&mut table, "Office hours", &[open("office")], &connect("reception"));
    add(
        &mut table,
        "Evenings",
        &[open("evening")],
        &json!({ "share": { "how": "shares.round_robin", "agents": [
        { "agent": "reception" }, { "agent": "sales-desk" }] } }),
    );
    add(&mut table, "Friday nights", &[open("late")], &json!("keep"));
    add(&mut table, "Sunday", &[("hours.open", json!({ "schedule": "sunday" }))], &json!("reject"));
    table.schedules.push(Schedule {
        id: "sunday".into(),
        name: "Sunday".into(),
        hours: "Su 06:00-12:00".into(),
        ..Schedule::default()
    });
    table.fallback =
        serde_json::from_value(json!({ "action": { "connect": { "agent": "night" } } })).unwrap();
    assert_eq!(table.rules.len(), 60);
    table
}

fn closed() -> Overrides {
    let mut overrides = Overrides::default();
    let wish = |line: Option<&str>, from: &str, until: &str, action| Wish {
        what: What::Closed,
        line: line.map(str::to_owned),
        from: Some(from.parse().unwrap()),
        until: until.parse().unwrap(),
        then: Outcome { action, ..Outcome::default() },
        reason: "Staff meeting".into(),
    };
    let night = Then::Connect { agent: "night".into(), version: None };
    overrides.set(wish(None, "2026-11-24T19:00:00Z", "2026-11-24T21:30:00Z", night), "ada", now()).unwrap();
    overrides
}

/// The page at a desk, which works out each week that is asked for.
fn page_with(table: Table, overrides: Overrides, size: [f32; 2], theme: Theme) -> Routes {
    let mut screen = RoutesScreen::default();
    screen.open_week();
    let mut desk = Desk::new(table, screen);
    desk.state.overrides = Arc::new(overrides);
    let mut page = routes_window(desk, size, theme);
    work(&mut page);
    page
}

fn page(table: Table) -> Routes {
    page_with(table, Overrides::default(), [1000.0, 640.0], Theme::Light)
}

fn work(page: &mut Routes) {
    let desk = page.state_mut();
    let asked = desk.actions.extract_if(.., |action| matches!(action, Action::Send(Command::ShowWeek(_))));
    let wishes: Vec<_> = asked
        .filter_map(|action| match action {
            Action::Send(Command::ShowWeek(wish)) => Some(wish),
            _ => None,
        })
        .collect();
    assert!(wishes.len() <= 1, "each week is asked for once");
    let own_agents = BTreeMap::from([("+14155550124".to_owned(), false)]);
    for wish in wishes {
        desk.state.week = Some(Arc::new(work_out(wish, &desk.state.registry, &own_agents)));
    }
    page.run();
}

fn press(page: &mut Routes, label: &str) {
    click(page, label);
    work(page);
}

fn says(page: &Routes, label: &str) -> bool {
    page.query_all_by_label(label).next().is_some()
}

fn says_about(page: &Routes, part: &str) -> bool {
    page.query_all_by_label_contains(part).next().is_some()
}

fn choose(page: &mut Routes, field: &str, option: &str) {
    page.get_by_role_and_label(Role::ComboBox, field).click();
    page.run();
    page.get_by_label(option).scroll_to_me();
    page.run();
    page.get_by_label(option).click();
    page.run();
    work(page);
}

/// The call that was to be tried, and whether against the draft.
fn tried(page: &Routes) -> (Value, bool) {
    match page.state().actions.last() {
        Some(Action::TryAgainst(payload, draft)) => (serde_json::from_str(payload).unwrap(), *draft),
        other => panic!("nothing is tried: {other:?}"),
    }
}

const OPEN: &str = "Tue 13:30–17:00 · Reception (by “Office hours”)";

#[test]
fn the_week_is_read_line_by_line() {
    let mut page = page(sixty());
    assert!(says(&page, "Tue 09:00–12:30 · Reception (by “Office hours”)"));
    assert!(says(&page, "Tue 12:30–13:30 · After hours (no rule matches, so the fallback)"));
    assert!(says(&page, "Tue 17:00–21:30 · Reception and Sales desk share (by “Evenings”)"));
    assert!(says(&page, "Sat 00:00–02:00 · The line’s own agent (by “Friday nights”)"), "past midnight");
    assert!(says(&page, "Sun 06:00–12:00 · Nobody (rejected) (by “Sunday”)"));
    assert!(says(&page, "Thu 26 Nov Thanksgiving Day"));
    assert!(!says_about(&page, "Thu 09:00"), "a holiday has no office hours");
    for legend in
        ["No rule: the fallback", "Other rules can take some callers", "Rejected", "The line’s own agent"]
    {
        assert!(says(&page, legend), "{legend}");
    }
    assert!(!says(&page, "Closed or redirected"), "only what is there is explained");
    choose(&mut page, "Line", "Sales line");
    assert!(says(&page, "Tue 09:00–12:30 · Sales desk (by “Sales hours”)"));
    let no_agent = "Fri 22:00–24:00 · Nobody: the line has no agent of its own (by “Friday nights”)";
    assert!(says(&page, no_agent), "known from its calls");
}

#[test]
fn lines_that_are_answered_alike_are_one_choice() {
    let mut table = sixty();
    table.rules.retain(|rule| rule.name == "Office hours");
    let page = page(table);
    assert!(page.query_by_role_and_label(Role::ComboBox, "Line").is_some());
    assert_eq!(page.get_by_role_and_label(Role::ComboBox, "Line").value().as_deref(), Some("All 3 lines"));
}

#[test]
fn pointing_tells_more_and_pressing_tries_a_call_then() {
    let mut page = page(sixty());
    page.get_by_label(OPEN).hover();
    page.run();
    assert!(says(&page, "Also possible here, for some callers:"));
    assert!(says_about(&page, "“VIP callers”: Sales desk"));
    assert!(!says_about(&page, "Customer 1"), "they call another line");
    page.get_by_role_and_label(Role::Button, OPEN).click();
    page.run();
    let (payload, draft) = tried(&page);
    let call = &payload["call_inbound"];
    assert_eq!(call["to_number"], "+14155550123");
    assert_eq!(call["from_number"], "+14155550100", "an ordinary caller from nearby");
    let at = payload["event_timestamp"].as_i64().unwrap();
    let moment = |text: &str| text.parse::<chrono::DateTime<chrono::Utc>>().unwrap().timestamp_millis();
    let (from, until) = (moment("2026-11-24T18:30:00Z"), moment("2026-11-24T22:00:00Z"));
    assert!((from..until).contains(&at), "{at}");
    assert!(draft);
    page.get_by_label("Live v12").click();
    page.run();
    work(&mut page);
    page.get_by_role_and_label(Role::Button, OPEN).focus();
    page.run();
    page.key_press(Key::Enter);
    page.run();
    let (payload, draft) = tried(&page);
    assert_eq!(payload["event_timestamp"].as_i64(), Some(from), "from the keyboard: its beginning");
    assert!(!draft);
}

#[test]
fn other_weeks_are_a_press_away() {
    let mut page = page(sixty());
    assert!(says(&page, "Mon 23 Nov"));
    press(&mut page, "The week after");
    assert!(says(&page, "Mon 30 Nov") && says(&page, "Thu 09:00–12:30 · Reception (by “Office hours”)"));
    press(&mut page, "This week");
    press(&mut page, "The week before");
    assert!(says(&page, "Mon 16 Nov"));
    choose(&mut page, "Week of month", "March");
    choose(&mut page, "Week of day", "8");
    assert!(says(&page, "Sun 8 Mar clocks go forward"));
    assert!(says_about(&page, "Sun 03:00–"), "an hour is skipped");
    save_picture(&mut page, "week-clocks-forward-small-light");
    choose(&mut page, "Week of month", "November");
    choose(&mut page, "Week of day", "1");
    save_picture(&mut page, "week-clocks-back-small-light");
    assert!(says_about(&page, "Sun 01:00–02:00 (the second time)"));
}

#[test]
fn closures_are_told_apart() {
    let mut page = page_with(sixty(), closed(), [1000.0, 640.0], Theme::Light);
    assert!(says(&page, "Tue 14:00–16:30 · After hours (Closed until Tue 24 Nov 2026, 16:30)"));
    assert!(says(&page, "Closed or redirected"));
    page.state_mut().state.overrides = Arc::default();
    page.run();
    work(&mut page);
    assert!(says(&page, OPEN), "it follows what is in force");
}

#[test]
fn the_draft_is_followed_and_what_cannot_be_shown_is_said() {
    let mut page = page(sixty());
    let edit = |page: &mut Routes, change: &dyn Fn(&mut Table)| {
        let mut table = Table::clone(&page.state().state.draft);
        change(&mut table);
        page.state_mut().state.set_draft(Arc::new(table));
        page.run();
        work(page);
    };
    edit(&mut page, &|table| table.rules.retain(|rule| rule.name != "Office hours"));
    assert!(!says(&page, OPEN));
    edit(&mut page, &|table| table.fallback.action = Then::Connect { agent: "gone".into(), version: None });
    assert!(says(&page, "This table cannot answer calls as it is, so there is nothing to show"));
    assert!(says_about(&page, "the agent “gone” is not in the table"));
    save_picture(&mut page, "week-problems-small-light");
    press(&mut page, "Live v12");
    assert!(says(&page, OPEN), "what is live goes on");
    press(&mut page, "Draft");
    edit(&mut page, &|table| {
        table.fallback = Outcome::default();
        (table.lines, table.rules) = (Vec::new(), Vec::new());
    });
    assert!(says(&page, "No lines yet"));
    click(&mut page, "Go to Lines & agents");
    assert!(matches!(page.state().actions.last(), Some(Action::Go(_))));
}

#[test]
fn an_empty_table_is_all_gaps() {
    let page = page(shop());
    assert!(says(&page, "Mon 00:00–24:00 · The line’s own agent (no rule matches, so the fallback)"));
}

#[test]
fn pictures() {
    for (size, theme, look) in looks() {
        let mut page = page_with(sixty(), closed(), size, theme);
        save_picture(&mut page, &format!("week-{look}"));
        page.get_by_label("Mon 13:30–17:00 · Reception (by “Office hours”)").hover();
        page.run();
        save_picture(&mut page, &format!("week-tip-{look}"));
    }
}

#[test]
fn the_whole_way_from_the_menu_to_a_tried_call() {
    let home = tempfile::tempdir().unwrap();
    let mut table = shop();
    add(&mut table, "Everybody", &[], &json!({ "connect": { "agent": "reception" } }));
    std::fs::write(home.path().join("routing.json"), serde_json::to_string(&table).unwrap()).unwrap();
    let mut whole = Whole::start(home.path(), "127.0.0.1:0", [1000.0, 640.0], Theme::Light);
    click(&mut whole.harness, "More about the table");
    click(&mut whole.harness, "Who answers when…");
    whole.until("the week", |state| state.week.is_some());
    save_picture(&mut whole.harness, "week-whole-small-light");
    whole.harness.get_by_label("Wed 00:00–24:00 · Reception (by “Everybody”)").click();
    whole.until("the trial", |state| state.tried_draft.is_some());
    assert!(whole.says("Try a call"));
    let tried = whole.state().tried_draft.as_ref().unwrap();
    assert!(tried.trial.draft.is_some(), "against what was looked at");
    assert_eq!(tried.result.as_ref().unwrap().decision.rule_name(), Some("Everybody"));
    whole.stop();
}
