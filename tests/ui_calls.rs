//! The screen "Calls" used as a person would: by name, with pointer and keyboard.
#![cfg(feature = "desktop")]
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod support;
#[path = "support/watching.rs"]
mod watching;

use egui::{Key, Role, Theme, Ui};
use egui_kittest::Harness;
use egui_kittest::kittest::{NodeT, Queryable};
use switchboard::service::messages::{CallerCalls, Command, Serving};
use switchboard::storage::call_log::Summary;
use switchboard::storage::call_log::search::{Found, Matches};
use switchboard::ui::app::{Action, Actions, FoundCalls, State};
use switchboard::ui::calls::CallsScreen;
use switchboard::ui::widgets::shell::Place;
use watching::{call, empty_state, framed, full_state, record};

struct World {
    state: State,
    screen: CallsScreen,
    actions: Actions,
    /// Whether records come when they are asked for.
    answers: bool,
}

fn show(ui: &mut Ui, world: &mut World) {
    let World { state, screen, actions, answers } = world;
    let mut now = Actions::new();
    framed(ui, Place::Calls, |ui| screen.ui(ui, state, &mut now));
    for action in &now {
        let Action::Send(command) = action else { continue };
        match command {
            Command::LoadRecord(id) if *answers => {
                let summary = state.calls.iter().find(|call| call.id == *id).unwrap().clone();
                state.record = Some(record(summary));
            }
            Command::FindCalls { question, .. } if *answers => {
                state.found.take_in(found(*question, state.calls.iter(), false));
            }
            Command::LoadRows(ids) if *answers => {
                let is_asked = |call: &&Summary| ids.contains(&call.id);
                state.found.add_rows(state.calls.iter().filter(is_asked).cloned().collect());
            }
            _ => continue,
        }
        ui.ctx().request_repaint();
    }
    actions.extend(now);
}

/// What the service would say.
fn found<'a>(question: u64, calls: impl Iterator<Item = &'a Summary>, are_newer: bool) -> Found {
    let rows: Vec<Summary> = calls.cloned().collect();
    let ids = rows.iter().map(|call| call.id).collect();
    Found {
        question,
        matches: Ok(Matches { ids, rows, are_newer, looked_through: 100, ..Matches::default() }),
    }
}

/// Three calls come in.
fn three_more(harness: &mut Harness<'static, World>) {
    let state = &mut harness.state_mut().state;
    let calls: Vec<_> = (60..63).rev().map(call).collect();
    state.found.take_in(found(state.found.question, calls.iter(), true));
    harness.run();
}

fn window(state: State, size: [f32; 2], theme: Theme) -> Harness<'static, World> {
    let world = World { state, screen: CallsScreen::default(), actions: Vec::new(), answers: true };
    let mut harness = support::window(size, theme).build_ui_state(show, world);
    harness.run();
    harness
}

fn open(state: State) -> Harness<'static, World> {
    window(state, [1280.0, 800.0], Theme::Light)
}

fn row(harness: &Harness<'static, World>, words: &str) -> usize {
    harness.query_all_by_role(Role::ListBoxOption).filter(|node| label(node).contains(words)).count()
}

fn label(node: &egui_kittest::Node<'_>) -> String {
    node.accesskit_node().label().unwrap_or_default()
}

fn click_first(harness: &mut Harness<'static, World>) {
    harness.get_all_by_role(Role::ListBoxOption).next().unwrap().click();
    harness.run();
}

fn scroll_down(harness: &mut Harness<'static, World>) {
    harness.get_all_by_role(Role::ListBoxOption).next().unwrap().hover();
    harness.run();
    harness.event(egui::Event::MouseWheel {
        unit: egui::MouseWheelUnit::Point,
        delta: egui::vec2(0.0, -500.0),
        modifiers: egui::Modifiers::NONE,
        phase: egui::TouchPhase::Move,
        source: egui::MouseWheelSource::Unknown,
    });
    harness.run_steps(60);
}

#[test]
fn the_empty_screen_says_where_calls_must_be_sent() {
    let mut harness = open(empty_state());
    harness.get_by_label("http://127.0.0.1:8787/webhook/inbound");
    harness.get_by_label("Copy address").click();
    harness.run();
    harness.get_by_label("Send a test call").click();
    harness.run();
    let actions = &harness.state().actions;
    assert!(matches!(&actions[0], Action::Copy(url) if url.ends_with("/webhook/inbound")), "{actions:?}");
    assert!(matches!(actions[1], Action::Go(Place::TryCall)), "{actions:?}");
}

#[test]
fn a_port_that_is_taken_is_said_where_calls_are_missing() {
    let mut state = empty_state();
    let reason = "Port 8787 is taken by another program".to_owned();
    let addr = "127.0.0.1:8787".parse().unwrap();
    state.serving = Serving::Blocked { addr, reason, free_port: None };
    open(state).get_by_label("Port 8787 is taken by another program");
}

#[test]
fn a_rule_for_a_caller_is_made_of_a_call() {
    let mut harness = open(full_state());
    click_first(&mut harness);
    harness.get_by_label("New rule").click();
    harness.run();
    let actions = &harness.state().actions;
    let made = actions.iter().find_map(|action| match action {
        Action::Edit { what, table } => Some((what, table)),
        _ => None,
    });
    let (what, table) = made.unwrap();
    let rule = &table.rules[0];
    assert_eq!((what.as_str(), rule.name.as_str()), ("Add a rule for Anna Miller", "Calls from Anna Miller"));
    let test = &rule.when[0].any_of[0];
    let caller = serde_json::json!({ "numbers": ["+14155552671"] });
    assert_eq!((test.condition.as_str(), &test.settings), ("caller.number", &caller));
    let opened = |action: &Action| matches!(action, Action::OpenRule(id) if *id == rule.id);
    assert!(actions.iter().any(opened));
}

#[test]
fn a_call_is_looked_into() {
    let mut harness = open(full_state());
    click_first(&mut harness);
    let asked = |action: &Action| matches!(action, Action::Send(Command::LoadRecord(59)));
    assert!(harness.state().actions.iter().any(asked));
    harness.get_by_label_contains("was connected to");
    harness.get_by_label("How it was decided");
    harness.get_by_label("Open rule VIP callers").click_accesskit();
    harness.get_by_label("Try again").click();
    harness.run();
    let copy = |harness: &mut Harness<'static, World>, what: &str| {
        harness.get_by_label("Copy").click();
        harness.run();
        harness.get_by_label(what).click();
        harness.run();
    };
    copy(&mut harness, "The answer");
    copy(&mut harness, "Everything as JSON");
    copy(&mut harness, "A curl command, signed now");
    let actions = &harness.state().actions;
    assert!(actions.iter().any(|action| matches!(action, Action::OpenRule(rule) if rule == "vip")));
    assert!(
        actions.iter().any(|action| matches!(action, Action::TryPayload(p, _) if p == watching::REQUEST))
    );
    assert!(actions.iter().any(|action| matches!(action, Action::Copy(text) if text == watching::ANSWER)));
    let has_all = |text: &str| text.contains("\"caller\": \"+14155552671\"") && text.contains("\"trace\"");
    assert!(actions.iter().any(|action| matches!(action, Action::Copy(text) if has_all(text))));
    let signs =
        |action: &Action| matches!(action, Action::Send(Command::AsCurl(body)) if body == watching::REQUEST);
    assert!(actions.iter().any(signs));
    harness.get_by_label("Close the details").click();
    harness.run();
    assert!(harness.query_by_label("How it was decided").is_none());
}

#[test]
fn a_caller_is_put_on_a_list() {
    let mut state = full_state();
    let mut table = switchboard::routing::Table::clone(&state.draft);
    for (id, name, what) in [("block", "Block list", "+14155552671"), ("vip", "VIP", "+49*")] {
        let list = serde_json::json!({ "id": id, "name": name, "entries": [{ "what": what }] });
        table.lists.push(serde_json::from_value(list).unwrap());
    }
    state.set_draft(std::sync::Arc::new(table));
    let mut harness = open(state);
    click_first(&mut harness);
    let choose = |harness: &mut Harness<'static, World>, item: &str| {
        harness.get_by_label("Add to list").click();
        harness.run();
        harness.get_by_role_and_label(Role::Button, item).click();
        harness.run();
        std::mem::take(&mut harness.state_mut().actions)
    };
    let edited = |actions: &Actions, list: usize| {
        let edit = actions.iter().find_map(|action| match action {
            Action::Edit { what, table } => Some((what.clone(), table.lists[list].clone())),
            _ => None,
        });
        edit.map(|(what, list)| (what, serde_json::to_value(list.entries.last().unwrap()).unwrap()))
    };
    let entry = serde_json::json!({ "what": "+14155552671", "note": "from the call on 23 Nov", "added": "2026-11-23" });
    let actions = choose(&mut harness, "VIP");
    assert_eq!(edited(&actions, 1), Some(("Add (415) 555-2671 to “VIP”".to_owned(), entry.clone())));
    let actions = choose(&mut harness, "Block list");
    assert_eq!(edited(&actions, 0), None);
    let told = format!("{actions:?}");
    assert!(told.contains("(415) 555-2671 is on Block list already"), "{told}");
    assert!(choose(&mut harness, "New list…").is_empty());
    harness.get_by_role_and_label(Role::TextInput, "Name").type_text("Staff");
    harness.run();
    harness.get_by_label("Add list").click();
    harness.run();
    let actions = &harness.state().actions;
    assert_eq!(edited(actions, 2), Some(("Add (415) 555-2671 to “Staff”".to_owned(), entry)));

    harness.get_all_by_role(Role::ListBoxOption).nth(2).unwrap().click();
    harness.run();
    harness.get_by_label_contains("withheld");
    assert!(harness.query_by_label("Add to list").is_none());
}

#[test]
fn what_an_unknown_version_wrote_is_shown_as_it_is() {
    let mut harness = open(full_state());
    harness.state_mut().answers = false;
    harness.get_all_by_role(Role::ListBoxOption).next().unwrap().click();
    harness.run_steps(3);
    harness.get_by_label("Getting the details");
    let mut strange = record(call(59));
    strange.detail.decision = serde_json::json!({ "from": "the future" });
    harness.state_mut().state.record = Some(strange);
    harness.run();
    harness.get_by_label_contains("Another version of Switchboard wrote this");
}

#[test]
fn arrow_keys_walk_through_the_calls() {
    let mut harness = open(full_state());
    click_first(&mut harness);
    for _ in 0..25 {
        harness.key_press(Key::ArrowDown);
        harness.run();
    }
    let last = harness.state().actions.iter().rev().find_map(|action| match action {
        Action::Send(Command::LoadRecord(id)) => Some(*id),
        _ => None,
    });
    assert_eq!(last, Some(34), "the selection went along, out of the first sight too");
}

#[test]
fn new_calls_do_not_move_what_is_looked_at() {
    let mut harness = open(full_state());
    let seen = |harness: &Harness<'static, World>| {
        let rows = harness.query_all_by_role(Role::ListBoxOption);
        let mut rows: Vec<_> =
            rows.map(|node| (node.rect().top() as i32, label(&node))).filter(|row| row.0 > 260).collect();
        rows.sort();
        rows
    };
    scroll_down(&mut harness);
    let before = seen(&harness);
    assert_eq!(before.iter().filter(|row| row.1.contains(" 8 s ago")).count(), 0, "scrolled away");
    three_more(&mut harness);
    assert_eq!(seen(&harness), before);
    harness.get_by_label("3 new calls").click();
    harness.run();
    harness.run();
    assert!(harness.query_by_label("3 new calls").is_none());
    assert!(seen(&harness) != before);
}

#[test]
fn rows_are_asked_for_when_they_come_into_sight() {
    let mut state = full_state();
    let calls: Vec<_> = state.calls.iter().take(5).cloned().collect();
    state.found = FoundCalls::newest(&calls);
    let mut harness = open(state);
    harness.state_mut().answers = false;
    harness.state_mut().state.found = FoundCalls::newest(&calls);
    let matches = Matches { ids: (0..60).rev().collect(), looked_through: 100, ..Matches::default() };
    harness.state_mut().state.found.take_in(Found { question: 1, matches: Ok(matches) });
    harness.run_steps(3);
    assert!(row(&harness, "A call that is being loaded") > 5);
    let asked = |harness: &Harness<'static, World>| {
        let asked = |action: &&Action| matches!(action, Action::Send(Command::LoadRows(ids)) if ids[0] == 54);
        harness.state().actions.iter().filter(asked).count()
    };
    assert_eq!(asked(&harness), 1, "once");
    harness.state_mut().state.failures += 1;
    harness.run_steps(3);
    assert_eq!(asked(&harness), 2, "and again when something was lost");
}

#[test]
fn a_record_that_did_not_come_can_be_asked_for_again() {
    let mut harness = open(full_state());
    harness.state_mut().answers = false;
    // While the details are on their way something turns, so it never comes to rest.
    harness.get_all_by_role(Role::ListBoxOption).next().unwrap().click();
    harness.run_steps(4);
    harness.get_by_label("Getting the details");
    harness.state_mut().state.failures += 1;
    harness.run();
    harness.state_mut().answers = true;
    harness.get_by_label("Load again").click();
    harness.run();
    harness.get_by_label("How it was decided");
}

#[test]
fn refused_requests_are_one_card_a_reason_that_says_what_to_do() {
    let mut state = full_state();
    for sender in 0..200 {
        let mut more = watching::refused()[0].clone();
        (more.peer, more.count) = (format!("45.9.20.{sender}"), 50);
        state.refused.push_back(more);
    }
    let mut harness = open(state);
    harness.get_by_label("Refused (10,416)").click();
    harness.run();
    harness.get_by_label_contains("The request is not signed");
    harness.get_by_label("10,412×");
    assert!(harness.query_by_label("185.224.128.17").is_none());
    harness.get_by_label("From 201 addresses").click();
    harness.run();
    harness.get_by_label("185.224.128.17");
    harness.get_by_label("and 101 more");
    harness.get_by_label("The signature does not fit");
    let mut harness = open(empty_state());
    harness.get_by_label("Refused (0)").click();
    harness.run();
    harness.get_by_label("No request was refused");
}

#[test]
fn the_calls_of_a_caller_are_counted_shown_and_erased() {
    let mut harness = open(full_state());
    click_first(&mut harness);
    let asks = |action: &Action| matches!(action, Action::Send(Command::CountCaller(number)) if number == "+14155552671");
    assert!(harness.state().actions.iter().any(asks));
    let first_ms =
        Some("2026-05-12T12:00:00Z".parse::<chrono::DateTime<chrono::Utc>>().unwrap().timestamp_millis());
    harness.state_mut().state.caller =
        Some(CallerCalls { number: "+14155552671".into(), calls: 5, first_ms });
    harness.run();
    harness.get_by_label("More about this caller").click();
    harness.run();
    harness.get_by_label_contains("Erase all calls of (415) 555-2671…").click();
    harness.run();
    harness.get_by_label("Cancel").click();
    harness.run();
    let erases = |action: &Action| matches!(action, Action::Send(Command::EraseCaller(_)));
    assert!(!harness.state().actions.iter().any(erases));
    harness.get_by_label("More about this caller").click();
    harness.run();
    harness.get_by_label_contains("Erase all calls of (415) 555-2671…").click();
    harness.run();
    harness.get_by_label("Erase").click();
    harness.run();
    assert!(harness.state().actions.iter().any(erases));

    harness.get_by_label("5 calls, first on 12 May").click();
    harness.run();
    harness.get_by_label("Caller: (415) 555-2671");
    let filters = |action: &Action| {
        matches!(action, Action::Send(Command::FindCalls { filter, .. })
            if filter.caller.as_deref() == Some("+14155552671"))
    };
    assert!(harness.state().actions.iter().any(filters));
}

#[test]
fn numbers_are_hidden_from_others_in_the_room() {
    let mut harness = open(full_state());
    harness.get_by_label("Hide phone numbers from others in the room").click();
    harness.run();
    let hides = |action: &Action| matches!(action, Action::Send(Command::SaveSettings(settings)) if settings.hide_numbers);
    assert!(harness.state().actions.iter().any(hides));
    harness.state_mut().state.settings.hide_numbers = true;
    harness.run();
    click_first(&mut harness);
    harness.get_by_label("Show phone numbers");
    assert!(row(&harness, "(•••) •••-••87") > 0);
    let node_has = |part: &str| harness.query_all_by_label_contains(part).next().is_some();
    assert!(!node_has("555-2671") && !node_has("4155552671"), "not in the details either");
    assert!(node_has("• • •, • • •, • • 7 1") && !node_has("4 1 5"), "nor as an agent speaks it");
}

#[test]
fn calls_say_what_stands_out_about_them() {
    let harness = open(full_state());
    // Of callers from elsewhere than the line.
    assert!(row(&harness, "from Germany to Main line") > 0 && row(&harness, "from United States") == 0);
    for words in ["Anna Miller to", ", Slow", ", Asked 2 times", ", Test", ", Look-up failed"] {
        assert!(row(&harness, words) > 0, "{words}");
    }
}

#[test]
fn what_was_no_call_is_told_with_the_right_place() {
    let mut state = full_state();
    let mut wrong = call(59);
    (wrong.unreadable, wrong.from, wrong.rule_name) = (true, None, None);
    state.found.add_rows(vec![wrong.clone()]);
    let mut harness = open(state);
    harness.state_mut().answers = false;
    harness.state_mut().state.found.add_rows(vec![wrong.clone()]);
    harness.run();
    assert!(row(&harness, "Not a call") > 0);
    harness.get_all_by_role(Role::ListBoxOption).next().unwrap().click();
    harness.run_steps(3);
    let mut record = record(wrong);
    let why =
        "This is the event \"call_started\", not an arriving call: at Retell, this address belongs elsewhere";
    record.detail.decision["by"] = serde_json::json!({ "trouble": why });
    harness.state_mut().state.record = Some(record);
    harness.run();
    harness.get_by_label("This was no call");
    assert!(harness.query_all_by_label_contains("call_started").next().is_some());
}

#[test]
fn a_sick_log_is_told_above_all_screens_and_not_here_again() {
    let mut state = full_state();
    state.log_trouble = Some("The disk is full. Make room on it".into());
    assert!(open(state).query_by_label("The disk is full. Make room on it").is_none());
}

#[test]
fn pictures() {
    for (size, theme, look) in support::looks() {
        let name = |what: &str| format!("calls-{what}-{look}");
        if support::all_pictures() {
            support::save_picture(&mut window(empty_state(), size, theme), &name("empty"));
        }
        let mut harness = window(full_state(), size, theme);
        support::save_more(&mut harness, &name("full"));
        click_first(&mut harness);
        support::save_picture(&mut harness, &name("detail"));
        harness.get_by_label("Add to list").click();
        harness.run();
        support::save_more(&mut harness, &name("add-to-list"));
        harness.key_press(Key::Escape);
        harness.run();
        harness.get_by_label("Refused (416)").click();
        harness.run();
        support::save_more(&mut harness, &name("refused"));
    }
    let mut harness = open(full_state());
    scroll_down(&mut harness);
    three_more(&mut harness);
    support::save_more(&mut harness, "calls-pill");
}
