//! Agents in the window: settings for a call with their controls and JSON in step, what a prompt
//! needs, and a greeting as it will sound; drawn to be looked at.
#![cfg(feature = "desktop")]
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod support;

use egui::Theme;
use egui_kittest::{Harness, kittest::Queryable};
use serde_json::{Value, json};
use support::desk::{Desk, Routes, busy_shop, click, fill, routes_window};
use support::{save_picture, window};
use switchboard::routing::{NeededVariable, Table};
use switchboard::ui::app::Actions;
use switchboard::ui::lines::LinesScreen;
use switchboard::ui::routes::RoutesScreen;

const SMALL: [f32; 2] = [1000.0, 640.0];

fn routes(table: Table, size: [f32; 2], theme: Theme) -> Routes {
    routes_window(Desk::new(table, RoutesScreen::default()), size, theme)
}

fn lines(table: Table, size: [f32; 2], theme: Theme) -> Harness<'static, Desk<LinesScreen>> {
    let mut harness = window(size, theme).build_ui_state(
        |ui: &mut egui::Ui, desk: &mut Desk<LinesScreen>| {
            let mut actions = Actions::new();
            desk.screen.ui(ui, &desk.state, &mut actions);
            desk.take(actions);
        },
        Desk::new(table, LinesScreen::default()),
    );
    harness.run();
    harness
}

fn settings<S>(harness: &Harness<'_, Desk<S>>, rule: &str) -> Value {
    json!(harness.state().state.draft.rule(rule).unwrap().then.agent_settings)
}

/// Whether this stands anywhere: beside its field, and among what is to be put right.
fn says<S>(harness: &Harness<'_, Desk<S>>, part: &str) -> bool {
    harness.query_all_by_label_contains(part).next().is_some()
}

/// A shop whose reception has a greeting and needs two variables.
fn greeting_shop() -> Table {
    let mut table = busy_shop();
    table.rules.retain(|rule| rule.id != "half");
    let reception = &mut table.agents[0];
    reception.greeting = "{{greeting}} {{customer}}, it is {{current_time}}. You reached {{shop}}".into();
    let need = |name: &str, default: Option<&str>| NeededVariable {
        name: name.into(),
        default: default.map(Into::into),
    };
    reception.needs = vec![need("customer", None), need("greeting", None), need("shop", Some("Ada's Bikes"))];
    table
}

#[test]
fn a_setting_is_added_in_peoples_units_and_the_json_keeps_step() {
    let mut harness = routes(greeting_shop(), SMALL, Theme::Light);
    click(&mut harness, "Rule 4: Office hours");
    click(&mut harness, "Add a setting");
    click(&mut harness, "Longest call");
    assert_eq!(settings(&harness, "office"), json!({ "agent": { "max_call_duration_ms": 600_000 } }));
    fill(&mut harness, "Longest call", "1");
    assert_eq!(settings(&harness, "office"), json!({ "agent": { "max_call_duration_ms": 60_000 } }));
    fill(&mut harness, "Longest call", "0.5");
    assert!(says(&harness, "from 60 seconds to 2 hours, not 30 seconds"));
    assert!(!harness.state().state.problems.is_empty(), "it cannot be published");
    fill(&mut harness, "Longest call", "1.5");
    assert!(harness.state().state.problems.is_empty());

    click(&mut harness, "Agent settings as JSON");
    let json = r#"{ "agent": { "max_call_duration_ms": 90000, "brand_new": 1, "language": ["de-DE"] } }"#;
    fill(&mut harness, "Agent settings", json);
    assert_eq!(settings(&harness, "office"), serde_json::from_str::<Value>(json).unwrap());
    assert!(harness.query_by_label("Language").is_some() && harness.query_by_label("German").is_some());
    click(&mut harness, "Remove Longest call");
    assert_eq!(settings(&harness, "office"), json!({ "agent": { "brand_new": 1, "language": ["de-DE"] } }));
    fill(&mut harness, "Agent settings", r#"{ "language": "de-DE" }"#);
    assert!(says(&harness, "stands inside of “agent”"));
}

#[test]
fn what_an_agent_needs_is_marked_and_set_with_one_click() {
    let mut harness = routes(greeting_shop(), SMALL, Theme::Light);
    let unset = "Reception's prompt needs customer, and nothing sets it here";
    assert!(harness.query_by_label(unset).is_some(), "in the list");
    click(&mut harness, "Rule 4: Office hours");
    assert!(harness.query_by_label(unset).is_some(), "in the editor");
    assert!(harness.query_by_label_contains("Nothing sets customer, so it would be read out").is_some());
    assert!(harness.query_by_label("Reception's prompt needs greeting, and nothing sets it here").is_none());
    click(&mut harness, "Set customer");
    fill(&mut harness, "Value of variable 1", "dear caller");
    assert!(harness.query_by_label(unset).is_none());
    let spoken = "Good day dear caller, it is {{current_time}}. You reached Ada's Bikes";
    assert!(harness.query_by_label(spoken).is_some(), "the greeting as it will sound");
    fill(&mut harness, "Name of variable 1", "call_id");
    assert!(says(&harness, "filled by Retell itself"));
}

#[test]
fn an_agent_tells_what_its_prompt_needs() {
    let mut harness = lines(busy_shop(), SMALL, Theme::Light);
    click(&mut harness, "Edit Reception");
    click(&mut harness, "Greeting, variables, settings…");
    fill(&mut harness, "Greeting", "Hello {{customer}}, it is {{current_time}}");
    click(&mut harness, "Add customer, which the greeting names");
    fill(&mut harness, "Default of needed variable 1", "there");
    assert!(harness.query_by_label("Hello there, it is {{current_time}}").is_some());
    click(&mut harness, "Add a setting");
    click(&mut harness, "End after silence");
    save_picture(&mut harness, "agent-form-small-light");
    click(&mut harness, "Save");
    let agent = harness.state().state.draft.agents[0].clone();
    assert_eq!(agent.greeting, "Hello {{customer}}, it is {{current_time}}");
    assert_eq!(json!(agent.needs), json!([{ "name": "customer", "default": "there" }]));
    assert_eq!(json!(agent.settings), json!({ "agent": { "end_call_after_silence_ms": 10_000 } }));

    click(&mut harness, "Edit Reception");
    fill(&mut harness, "Name of needed variable 1", "user_number");
    assert!(says(&harness, "filled by Retell itself"));
    click(&mut harness, "Cancel");
    assert_eq!(harness.state().state.draft.agents[0], agent);
}

#[test]
fn states_are_chosen_by_their_names() {
    let mut table = greeting_shop();
    table.rules[3].when = serde_json::from_value(json!([{ "any_of": [
        { "condition": "caller.region", "settings": { "regions": ["California"] } },
    ] }]))
    .unwrap();
    let mut harness = routes(table, SMALL, Theme::Light);
    click(&mut harness, "Rule 4: Office hours");
    click(&mut harness, "Add a state or province");
    fill(&mut harness, "Search: Add a state or province", "ontar");
    click(&mut harness, "Ontario");
    let settings = harness.state().state.draft.rules[3].when[0].any_of[0].settings.clone();
    assert_eq!(settings, json!({ "regions": ["California", "Ontario"] }));
    save_picture(&mut harness, "agents-regions-small-light");
}

#[test]
fn pictures() {
    for (size, theme, look) in support::looks() {
        let mut table = greeting_shop();
        table.rules[3].then.agent_settings = json!({ "agent": {
            "max_call_duration_ms": 60_000, "language": ["en-US", "es-419"], "ambient_sound": "coffee-shop",
            "voice_speed": 4, "enable_backchannel": true, "new_at_retell": 1,
        } })
        .as_object()
        .cloned();
        let mut harness = routes(table, size, theme);
        save_picture(&mut harness, &format!("agents-list-{look}"));
        click(&mut harness, "Rule 4: Office hours");
        harness.get_by_label("Add a variable").scroll_to_me();
        harness.run();
        save_picture(&mut harness, &format!("agents-variables-{look}"));
        harness.get_by_label("Add a setting").scroll_to_me();
        harness.run();
        save_picture(&mut harness, &format!("agents-settings-{look}"));
        click(&mut harness, "Add a setting");
        save_picture(&mut harness, &format!("agents-add-{look}"));
    }
}
