//! The publish dialog, used as a person would: what changes, what speaks against it, and how it is
//! published all the same.
#![cfg(feature = "desktop")]
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod support;

use egui::{Theme, Ui};
use egui_kittest::Harness;
use egui_kittest::kittest::Queryable;
use serde_json::json;
use support::desk::{Desk, click, fill, routes_window, rule, shop};
use support::{save_picture, window};
use switchboard::routing::{Table, TestCase};
use switchboard::service::messages::Command;
use switchboard::ui::app::{Action, Actions};
use switchboard::ui::publishing::PublishDialog;
use switchboard::ui::routes::RoutesScreen;

type Dialog = Harness<'static, Desk<(PublishDialog, bool)>>;

const SMALL: [f32; 2] = [1000.0, 640.0];

/// A dialog that publishes `to` over `from`.
fn dialog_sized(from: Table, to: Table, size: [f32; 2], theme: Theme) -> Dialog {
    let mut desk = Desk::new(from, (PublishDialog::default(), true));
    desk.take(vec![Action::Edit { what: "Change it all".into(), table: to }]);
    let draw = |ui: &mut Ui, desk: &mut Desk<(PublishDialog, bool)>| {
        let mut actions = Actions::new();
        if desk.screen.1 {
            desk.screen.1 = desk.screen.0.ui(ui, &desk.state, &mut actions);
        }
        desk.take(actions);
    };
    let mut harness = window(size, theme).with_pixels_per_point(support::scale()).build_ui_state(draw, desk);
    harness.run();
    harness
}

fn dialog(to: Table) -> Dialog {
    dialog_sized(shop(), to, SMALL, Theme::Light)
}

/// What was sent: the reason to publish although tests fail.
fn despite(harness: &Dialog) -> Option<&str> {
    harness.state().actions.iter().find_map(|action| match action {
        Action::Send(Command::Publish { despite, .. }) => Some(&**despite),
        _ => None,
    })
}

/// Office hours for the main line; everything else goes to the night desk.
fn small_shop() -> Table {
    let mut table = shop();
    let when = json!([{ "any_of": [{ "condition": "hours.open", "settings": { "schedule": "office" } }] },
        { "any_of": [{ "condition": "line.is", "settings": { "lines": ["main"] } }] }]);
    let then = json!({ "action": { "connect": { "agent": "reception" } } });
    table.rules = vec![rule(json!({ "id": "office", "name": "Office hours", "when": when, "then": then }))];
    table.fallback =
        serde_json::from_value(json!({ "action": { "connect": { "agent": "night" } } })).unwrap();
    table
}

/// A call to the main line on a Monday, and who must answer.
fn test(id: &str, name: &str, hour: u8, agent: &str) -> TestCase {
    let at = format!("2026-11-23T{hour:02}:00");
    serde_json::from_value(
        json!({ "id": id, "name": name, "from": { "number": "+14155552671" }, "to": "main", "at": at,
        "expect": { "outcome": { "connect": { "agent": agent } } } }),
    )
    .unwrap()
}

/// The same with one test that passes and one that does not.
fn tested_shop() -> Table {
    let mut table = small_shop();
    table.test_cases = vec![
        test("mornings", "Mornings are answered", 10, "reception"),
        test("nights", "Nights are quiet", 22, "sales-desk"),
    ];
    table
}

/// Sixty rules for single callers, some of them hidden by others, and as many tests, some of which fail.
fn sixty() -> Table {
    let mut table = small_shop();
    let agents = ["reception", "night", "sales-desk"];
    for n in 0..59 {
        let number = format!("+1415555{:04}", 1000 + n % 55);
        let name = format!("Customer {:02} of the south-western region gets through", n + 1);
        let then = json!({ "action": { "connect": { "agent": agents[n % 3] } } });
        let when =
            json!([{ "any_of": [{ "condition": "caller.number", "settings": { "numbers": [number] } }] }]);
        table
            .rules
            .insert(n, rule(json!({ "id": format!("c{n}"), "name": name, "when": when, "then": then })));
        let expected = if n % 20 == 7 { "sales-desk" } else { agents[n % 3] };
        let mut test =
            test(&format!("t{n}"), &format!("Customer {:02} reaches their agent", n + 1), 10, expected);
        test.from = switchboard::routing::Caller::Number(number);
        if n < 50 {
            table.test_cases.push(test);
        }
    }
    table
}

#[test]
fn a_failing_test_keeps_the_draft_from_being_published_unless_a_reason_is_given() {
    let mut harness = dialog(tested_shop());
    assert!(harness.query_by_label("1 of 2 tests fails").is_some());
    click(&mut harness, "Publish now");
    click(&mut harness, "Publish anyway");
    click(&mut harness, "Publish now");
    assert_eq!(despite(&harness), None, "a reason is wanted");
    fill(&mut harness, "Reason", "Agreed with Ann");
    click(&mut harness, "Publish now");
    assert_eq!(despite(&harness), Some("Agreed with Ann"));
    assert!(!harness.state().screen.1);
}

#[test]
fn a_reason_goes_with_what_is_planned() {
    let mut harness = dialog(tested_shop());
    click(&mut harness, "Publish anyway");
    fill(&mut harness, "Reason", "Agreed with Ann");
    click(&mut harness, "Later");
    click(&mut harness, "Publish on at midnight");
    click(&mut harness, "Publish later");
    let [Action::Send(Command::Plan { despite, .. })] = &harness.state().actions[..] else {
        panic!("{:?}", harness.state().actions)
    };
    assert_eq!(despite, "Agreed with Ann");
}

#[test]
fn a_failing_test_leads_to_where_it_is_put_right() {
    let mut harness = dialog(tested_shop());
    click(&mut harness, "Open Test “Nights are quiet”");
    let desk = harness.state();
    assert!(
        matches!(&desk.actions[..], [Action::OpenTest(Some(id))] if id == "nights"),
        "{:?}",
        desk.actions
    );
    assert!(!desk.screen.1, "the dialog makes room");
}

/// Whoever goes to put something right finds what was typed when coming back.
#[test]
fn going_elsewhere_loses_no_text_and_cancelling_does() {
    let mut harness = dialog(tested_shop());
    fill(&mut harness, "Note", "Autumn");
    click(&mut harness, "Publish anyway");
    fill(&mut harness, "Reason", "Agreed with Ann");
    click(&mut harness, "Open Test “Nights are quiet”");
    let open_again = |harness: &mut Dialog| {
        harness.state_mut().screen.1 = true;
        harness.run();
    };
    open_again(&mut harness);
    let stands = |harness: &Dialog, text: &str| harness.query_all_by_value(text).next().is_some();
    assert!(stands(&harness, "Autumn"));
    click(&mut harness, "Publish now");
    assert_eq!(despite(&harness), None, "it is asked once more");
    click(&mut harness, "Publish anyway");
    assert!(stands(&harness, "Agreed with Ann"));
    click(&mut harness, "Cancel");
    open_again(&mut harness);
    assert!(!stands(&harness, "Autumn"));
}

#[test]
fn tests_that_pass_are_no_hindrance() {
    let mut table = tested_shop();
    table.test_cases.pop();
    let mut harness = dialog(table);
    assert!(harness.query_by_label("The test passes").is_some());
    click(&mut harness, "Publish now");
    assert_eq!(despite(&harness), Some(""));
}

#[test]
fn what_the_checks_say_is_told_in_sentences_and_leads_there() {
    let mut table = small_shop();
    let everyone = json!({ "id": "all", "name": "Everyone",
        "then": { "action": { "connect": { "agent": "sales-desk" } } } });
    table.rules.insert(0, rule(everyone));
    let mut harness = dialog(table);
    let told = "Never decides: “Everyone” above takes all of its calls";
    assert!(harness.query_by_label(told).is_some());
    assert!(harness.query_by_label_contains("1 warning").is_some(), "how many there are");
    click(&mut harness, "Open Rule “Office hours”");
    let desk = harness.state();
    assert!(matches!(&desk.actions[..], [Action::OpenRule(id)] if id == "office"), "{:?}", desk.actions);
    assert!(!desk.screen.1, "the dialog makes room");
}

#[test]
fn hints_are_counted_and_shown_elsewhere() {
    let mut harness = dialog(small_shop());
    let hints = harness.state().state.findings.open().count();
    assert!(hints > 1, "an agent without calls, and gaps");
    click(&mut harness, &format!("Show {hints} hints"));
    assert!(matches!(&harness.state().actions[..], [Action::OpenChecks]));
}

/// Nothing old is told of a draft that was just changed.
#[test]
fn a_draft_that_is_not_checked_yet_is_said_to_be() {
    let mut harness = dialog(small_shop());
    let desk = harness.state_mut();
    let mut table = Table::clone(&desk.state.draft);
    table.rules.clear();
    desk.state.set_draft(table.into());
    harness.run();
    assert!(harness.query_by_label("Being checked").is_some());
    assert!(harness.query_by_label_contains("hint").is_none());
}

/// However much there is to tell, the button is in sight and nothing is outside of the window.
#[test]
fn the_dialog_fits_the_smallest_window() {
    let mut harness = dialog_sized(shop(), sixty(), SMALL, Theme::Light);
    click(&mut harness, "Later");
    click(&mut harness, "Goes back by itself");
    click(&mut harness, "Publish anyway");
    for label in ["Publish later", "Cancel", "Publish the draft"] {
        let rect = harness.get_by_label(label).rect();
        assert!(rect.top() > 0.0 && rect.bottom() < SMALL[1], "{label}: {rect}");
    }
    let note = harness.get_by_role_and_label(egui::Role::TextInput, "Note").rect();
    let until = harness.get_by_role_and_label(egui::Role::TextInput, "Go back on").rect();
    let button = harness.get_by_label("Publish later").rect();
    assert!(note.bottom() < until.top() && until.bottom() < button.top(), "nothing has to be scrolled to");
}

#[test]
fn pictures() {
    for (size, theme, name) in support::looks() {
        for (case, table) in [("few", small_shop()), ("failing", tested_shop()), ("sixty", sixty())] {
            let mut dialog = dialog_sized(shop(), table, size, theme);
            save_picture(&mut dialog, &format!("publishing-{case}-{name}"));
            if case == "sixty" {
                click(&mut dialog, "Later");
                click(&mut dialog, "Goes back by itself");
                click(&mut dialog, "Publish anyway");
                save_picture(&mut dialog, &format!("publishing-{case}-later-{name}"));
            }
        }
        let mut routes = routes_window(Desk::new(sixty(), RoutesScreen::default()), size, theme);
        support::save_more(&mut routes, &format!("publishing-list-{name}"));
        routes.state_mut().screen.open_checks();
        routes.run();
        support::save_more(&mut routes, &format!("publishing-checks-{name}"));
        routes.state_mut().screen.open_test(None);
        routes.run();
        support::save_more(&mut routes, &format!("publishing-tests-{name}"));
    }
}
