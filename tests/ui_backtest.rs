//! What the draft changes for past calls, in the window: the page, a call side by side, the publish
//! dialog, and the editor of a rule, used as a person would on a real log.
#![cfg(feature = "desktop")]
#![allow(clippy::unwrap_used, clippy::expect_used)]

#[path = "support/program.rs"]
mod program;
mod support;
#[path = "support/whole.rs"]
mod whole;

use std::path::Path;

use egui::Theme;
use egui_kittest::kittest::Queryable;
use program::{Running, payload, rule, table};
use serde_json::json;
use support::desk::{Desk, click, routes_window, shop};
use support::{looks, save_more, save_picture};
use switchboard::routing::{Action, Outcome, Table};
use switchboard::service::backtest::Reach;
use switchboard::service::messages::{BacktestState, Backtested, Command};
use switchboard::ui::app::Action as Done;
use switchboard::ui::routes::RoutesScreen;
use whole::Whole;

const SMALL: [f32; 2] = [1000.0, 640.0];
const VIP: &str = "+12137771234";
const MAIN: &str = "+12137771235";
const SALES: &str = "+12137771236";

/// VIPs first, then each line, then sixty customers.
fn live() -> Table {
    let mut table = table();
    table.rules = vec![
        rule("VIP callers", Some(("caller.number", json!({ "numbers": [VIP] }))), "vip"),
        rule("Main line", Some(("line.is", json!({ "lines": ["main"] }))), "reception"),
        rule("Sales line", Some(("line.is", json!({ "lines": ["sales"] }))), "vip"),
    ];
    for n in 0..57 {
        let numbers = json!({ "numbers": [format!("+1415555{n:04}")] });
        table.rules.push(rule(&format!("Customer {n}"), Some(("caller.number", numbers)), "reception"));
    }
    table
}

/// VIPs are rejected, the sales line goes to reception, and who calls the main line is told the hour.
fn draft() -> Table {
    let mut table = live();
    table.rules[0].then = Outcome { action: Action::Reject, ..Outcome::default() };
    table.rules[1].then.variables.insert("greeting".into(), "Good {{call.greeting}}".into());
    table.rules[2].then = rule("", None, "reception").then;
    table
}

fn write_draft(home: &Path, draft: &Table) {
    std::fs::write(home.join("routing.json"), serde_json::to_string(draft).unwrap()).unwrap();
}

/// A folder with calls that the live table answered, and a draft.
fn home(calls: usize) -> tempfile::TempDir {
    let home = tempfile::tempdir().unwrap();
    let running = Running::start(home.path());
    running.publish(live());
    for n in 0..calls {
        let caller = if n % 4 == 0 { VIP.to_owned() } else { format!("+1212555{:04}", 1000 + n) };
        let line = if n % 3 == 1 { SALES } else { MAIN };
        assert_eq!(running.call(&payload(&caller, line, &format!("call_{n}"))).0, 200);
    }
    running.stop();
    write_draft(home.path(), &draft());
    home
}

fn start(home: &Path, size: [f32; 2], theme: Theme) -> Whole {
    let mut whole = Whole::start(home, "127.0.0.1:0", size, theme);
    whole.go("Routes");
    whole
}

fn until_done(whole: &mut Whole) {
    whole.until("the backtest", |state| {
        state.backtest().is_some_and(|known| matches!(known.state, BacktestState::Done(_)))
    });
}

fn open_page(whole: &mut Whole) {
    click(&mut whole.harness, "More about the table");
    click(&mut whole.harness, "Backtest…");
    until_done(whole);
}

/// Opens the newest call of which this is told.
fn open_call(whole: &mut Whole, told: &str) {
    whole.harness.query_all_by_label_contains(told).next().unwrap().scroll_to_me();
    whole.harness.run();
    whole.harness.query_all_by_label_contains(told).next().unwrap().click();
    whole.harness.run();
}

fn open_rule(whole: &mut Whole, name: &str) {
    let row = format!(": {name}");
    whole.harness.get_by_label_contains(&row).scroll_to_me();
    whole.harness.run();
    whole.harness.get_by_label_contains(&row).click();
    whole.harness.run();
}

#[test]
fn the_page_tells_of_each_call_that_is_answered_otherwise_and_opens_it_side_by_side() {
    let home = home(6);
    let mut whole = start(home.path(), SMALL, Theme::Light);
    open_page(&mut whole);
    assert!(whole.says("Of 6 calls, 3 would go elsewhere"));
    assert!(whole.says("2 newly rejected, 1 answered by somebody else, 3 told otherwise"));
    for title in ["Newly rejected (2)", "Answered by somebody else (1)", "Told otherwise (3)"] {
        assert!(whole.says(title), "{title}");
    }
    let tops = ["Newly rejected (2)", "Answered by somebody else (1)", "Told otherwise (3)"]
        .map(|title| whole.harness.get_by_label(title).rect().top());
    assert!(tops.is_sorted(), "the gravest come first");
    let row = whole.harness.query_all_by_label_contains("Told otherwise: greeting").next();
    assert!(row.is_some(), "what is told otherwise is named");
    open_call(&mut whole, "VIP desk → Nobody");
    assert!(whole.says_about("What really happened, by version 2"));
    assert!(whole.says_about("(213) 777-1234 called Sales line"));
    assert!(whole.says("Live v2") && whole.says("Draft"));
    assert!(whole.says("Retell will connect VIP desk") && whole.says("Retell will end the call"));
    assert_eq!(whole.harness.query_all_by_label("Open rule VIP callers").count(), 2);
    click(&mut whole.harness, "Back to the backtest");
    assert!(whole.says("Newly rejected (2)"));
    click(&mut whole.harness, "A year");
    whole.until("the longer backtest", |state| {
        state
            .backtest()
            .is_some_and(|known| known.reach == Reach::Year && matches!(known.state, BacktestState::Done(_)))
    });
    assert!(whole.says("These are all calls of the last year"));
    click(&mut whole.harness, "Back to routes");
    whole.until("the usual backtest", |state| {
        state.backtest().is_some_and(|known| known.reach == Reach::Month)
    });
    whole.stop();
}

#[test]
fn the_publish_dialog_says_it_first_and_leads_to_the_calls() {
    let home = home(6);
    let mut whole = start(home.path(), SMALL, Theme::Light);
    whole.until("the changes", |state| !state.changes.is_empty());
    click(&mut whole.harness, "Publish");
    until_done(&mut whole);
    assert!(whole.says_about("Of 6 calls, 3 would go elsewhere"));
    click(&mut whole.harness, "See these calls");
    until_done(&mut whole);
    assert!(whole.says("Newly rejected (2)") && !whole.says("Publish the draft"));
    whole.stop();
}

#[test]
fn the_editor_counts_the_calls_of_the_rule_anew_after_each_edit() {
    let home = home(6);
    let mut whole = start(home.path(), SMALL, Theme::Light);
    let words = |whole: &mut Whole, rule: &str, words: &str| {
        open_rule(whole, rule);
        whole.until(words, |state| {
            let Some(BacktestState::Done(found)) = state.backtest().map(|known| &known.state) else {
                return false;
            };
            found.rule.as_ref().is_some_and(|of_rule| of_rule.words(found) == words)
        });
        assert!(whole.says(words), "{words}");
    };
    words(&mut whole, "Main line", "Would have matched 4 of the last 6 calls; rules above take 1 of them");
    click(&mut whole.harness, "Back to routes");
    words(&mut whole, "VIP callers", "Would have matched 2 of the last 6 calls");
    click(&mut whole.harness, "Rule is on");
    assert!(!whole.says("Past calls"), "one that is off matches nothing");
    click(&mut whole.harness, "Back to routes");
    words(&mut whole, "Main line", "Would have matched 4 of the last 6 calls");
    click(&mut whole.harness, "Back to routes");
    words(&mut whole, "Customer 0", "Would have matched none of the last 6 calls");
    whole.stop();
}

#[test]
fn without_calls_there_is_nothing_to_go_by() {
    let home = home(0);
    let mut whole = start(home.path(), SMALL, Theme::Light);
    click(&mut whole.harness, "More about the table");
    click(&mut whole.harness, "Backtest…");
    assert!(whole.says("There are no past calls to go by yet"));
    save_more(&mut whole.harness, "backtest-empty");
    click(&mut whole.harness, "Publish");
    whole.harness.run();
    assert!(whole.says("Publish the draft"));
    assert_eq!(whole.harness.query_all_by_label("There are no past calls to go by yet").count(), 2);
    whole.stop();
}

#[test]
fn a_long_one_shows_how_far_it_is_and_can_be_stopped() {
    let mut desk = Desk::new(shop(), RoutesScreen::default());
    desk.state.total_calls = 60_000;
    desk.screen.open_backtest();
    let mut harness = routes_window(desk, [792.0, 584.0], Theme::Light);
    click(&mut harness, "A year");
    let desk = harness.state_mut();
    let (draft, version) = (desk.state.draft.clone(), desk.state.live.version);
    let state = BacktestState::Running { done: 20_000, total: 60_000 };
    desk.state.take_backtest(Backtested { draft, version, rule: None, reach: Reach::Year, state });
    harness.run();
    assert!(harness.query_by_label_contains("20000 of 60000 calls").is_some());
    save_more(&mut harness, "backtest-running");
    click(&mut harness, "Stop");
    let asked: Vec<Reach> = harness
        .state()
        .actions
        .iter()
        .filter_map(|action| match action {
            Done::Send(Command::Backtest { reach, .. }) => Some(*reach),
            _ => None,
        })
        .collect();
    assert_eq!(asked, [Reach::Month, Reach::Year, Reach::Month]);
}

#[test]
fn pictures() {
    let home = home(48);
    for (size, theme, name) in looks() {
        let mut whole = start(home.path(), size, theme);
        whole.until("the changes", |state| !state.changes.is_empty());
        click(&mut whole.harness, "Publish");
        until_done(&mut whole);
        save_more(&mut whole.harness, &format!("backtest-publish-{name}"));
        click(&mut whole.harness, "See these calls");
        until_done(&mut whole);
        save_picture(&mut whole.harness, &format!("backtest-{name}"));
        click(&mut whole.harness, "Show all calls newly rejected");
        open_call(&mut whole, "VIP desk → Reception");
        save_picture(&mut whole.harness, &format!("backtest-call-{name}"));
        click(&mut whole.harness, "Back to the backtest");
        click(&mut whole.harness, "Back to routes");
        open_rule(&mut whole, "Main line");
        until_done(&mut whole);
        whole.harness.get_by_label("Past calls").scroll_to_me();
        whole.harness.run();
        save_more(&mut whole.harness, &format!("backtest-rule-{name}"));
        whole.stop();
    }
}
