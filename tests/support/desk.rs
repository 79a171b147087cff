//! What the window knows, built by hand: a small shop's table, and a desk at which a screen is
//! used. Edits move the draft on as the window would; everything else is kept to be looked at.

use std::path::PathBuf;
use std::sync::Arc;

use chrono::{DateTime, Utc};
use egui_kittest::{Harness, kittest::Queryable};
use serde_json::{Value, json};
use switchboard::plugins::Registry;
use switchboard::routing::checks::{Checker, Knowledge};
use switchboard::routing::{Agent, Line, Rule, Schedule, Table, changes, compile};
use switchboard::service::messages::{Keys, LiveInfo, Opening, Serving};
use switchboard::service::run_tests_of;
use switchboard::storage::Settings;
use switchboard::ui::app::{Action, Actions, Findings, State, TestResults};
use switchboard::ui::routes::RoutesScreen;

/// Monday 23 November 2026, 10:05 in New York.
pub(crate) fn now() -> DateTime<Utc> {
    "2026-11-23T15:05:00Z".parse().unwrap()
}

/// What the window knows of a table that is live and is the draft too.
pub(crate) fn state_of(table: Table) -> State {
    state_with(Registry::built_in(), table)
}

/// The same with other plugins.
pub(crate) fn state_with(registry: Registry, table: Table) -> State {
    let registry = Arc::new(registry);
    let table = Arc::new(table);
    let opening = Opening {
        draft: Arc::clone(&table),
        live: LiveInfo { version: 12, published_at: now(), table },
        problems: Vec::new(),
        changes: Vec::new(),
        versions: Vec::new(),
        settings: Settings::default(),
        keys: Keys::default(),
        secrets: std::collections::BTreeSet::default(),
        serving: Serving::Starting,
        troubles: Vec::new(),
        calls: Vec::new(),
        total_calls: 0,
        refused: Vec::new(),
        overrides: Arc::default(),
        account: switchboard::service::messages::AccountNews::default(),
        reach: switchboard::reach::ReachState::default(),
        config_folder: PathBuf::from("config"),
        data_folder: PathBuf::from("data"),
    };
    let mut state = State::new(registry, opening, now());
    check(&mut state);
    state
}

fn check(state: &mut State) {
    let compiled = compile(&state.draft, &*state.registry);
    let tested = run_tests_of(&state.draft, compiled.as_ref().ok(), &state.registry);
    state.tests_of_draft = TestResults::new(tested.map(Into::into));
    state.problems = compiled.err().unwrap_or_default();
    state.changes = changes(&state.live.table, &state.draft, &*state.registry);
    let (knowledge, wanted) = (Knowledge::default(), || false);
    let found = Checker::default().check(&state.draft, &*state.registry, &knowledge, state.now, &wanted);
    state.findings = Findings::new(state.draft.clone(), found.unwrap_or_default().into());
}

/// Two lines, three agents, office hours; no rules.
pub(crate) fn shop() -> Table {
    let mut table = Table::empty("US", "America/New_York");
    let line =
        |id: &str, name: &str, number: &str| Line { id: id.into(), name: name.into(), number: number.into() };
    let agent = |id: &str, name: &str| Agent {
        id: id.into(),
        name: name.into(),
        retell_id: format!("agent_{id}"),
        ..Agent::default()
    };
    table.lines =
        vec![line("main", "Main line", "+14155550123"), line("sales", "Sales line", "+14155550124")];
    table.agents = vec![
        agent("reception", "Reception"),
        agent("night", "After hours"),
        agent("sales-desk", "Sales desk"),
    ];
    table.schedules = vec![Schedule {
        id: "office".into(),
        name: "Office hours".into(),
        hours: "Mo-Fr 09:00-12:30,13:30-17:00; Sa 10:00-14:00".into(),
        ..Schedule::default()
    }];
    table
}

/// A rule as it stands in the file.
pub(crate) fn rule(json: serde_json::Value) -> Rule {
    serde_json::from_value(json).unwrap()
}

/// Conditions that must all hold, each with its settings, as they stand in the file.
pub(crate) fn when(tests: &[(&str, Value)]) -> Value {
    let test = |(condition, settings): &(&str, Value)| json!({ "any_of": [{ "condition": condition, "settings": settings }] });
    tests.iter().map(test).collect()
}

/// Adds a rule beneath the others.
pub(crate) fn add(table: &mut Table, name: &str, tests: &[(&str, Value)], action: &Value) {
    let id = format!("r{}", table.rules.len());
    table
        .rules
        .push(rule(json!({ "id": id, "name": name, "when": when(tests), "then": { "action": action } })));
}

/// The shop with rules of all kinds: switched off, unfinished, several conditions.
pub(crate) fn busy_shop() -> Table {
    let mut table = shop();
    let test = |condition: &str, settings: serde_json::Value| json!({ "condition": condition, "settings": settings });
    let open = || test("hours.open", json!({ "schedule": "office" }));
    let main = || test("line.is", json!({ "lines": ["main"] }));
    let numbers = |numbers: &[&str]| test("caller.number", json!({ "numbers": numbers }));
    table.rules = vec![
        rule(json!({ "id": "block", "name": "Block list", "note": "Robocallers, since March",
            "when": [{ "any_of": [numbers(&["+14155552671", "+1900*"]), test("caller.withheld", json!({}))] }],
            "then": { "action": "reject" } })),
        rule(json!({ "id": "greeting", "name": "Greeting",
            "then": { "action": "go_on", "variables": { "greeting": "Good day", "caller": "{{caller.number}}" } } })),
        rule(json!({ "id": "germany", "name": "Callers from abroad",
            "when": [{ "any_of": [test("caller.country", json!({ "countries": ["DE", "AT"] }))] },
                     { "any_of": [main(), test("line.is", json!({ "lines": ["sales"] }))] }, { "any_of": [open()] }],
            "then": { "action": { "connect": { "agent": "sales-desk", "version": "prod" } } } })),
        rule(json!({ "id": "office", "name": "Office hours",
            "when": [{ "any_of": [main()] }, { "any_of": [open()] }],
            "then": { "action": { "connect": { "agent": "reception" } } } })),
        rule(json!({ "id": "half", "name": "Half done",
            "when": [{ "any_of": [test("hours.open", json!({ "schedule": "" }))] }],
            "then": { "action": { "connect": { "agent": "" } } } })),
        rule(json!({ "id": "summer", "name": "Summer party", "enabled": false,
            "when": [{ "any_of": [main()] }], "then": { "action": "keep" } })),
    ];
    table.fallback =
        serde_json::from_value(json!({ "action": { "connect": { "agent": "night" } } })).unwrap();
    table
}

/// A screen in use: what it knows, itself, and what left it.
pub(crate) struct Desk<S> {
    pub(crate) state: State,
    pub(crate) screen: S,
    /// The words of the edits so far.
    pub(crate) edits: Vec<String>,
    /// All other actions.
    pub(crate) actions: Actions,
}

impl<S> Desk<S> {
    pub(crate) fn new(table: Table, screen: S) -> Self {
        Self::with(Registry::built_in(), table, screen)
    }

    /// The same with other plugins.
    pub(crate) fn with(registry: Registry, table: Table, screen: S) -> Self {
        Self { state: state_with(registry, table), screen, edits: Vec::new(), actions: Vec::new() }
    }

    /// Takes what left the screen: edits move the draft on.
    pub(crate) fn take(&mut self, actions: Actions) {
        for action in actions {
            match action {
                Action::Edit { what, table } => {
                    self.edits.push(what);
                    self.state.set_draft(Arc::new(table));
                    check(&mut self.state);
                }
                other => self.actions.push(other),
            }
        }
    }
}

/// The routes screen at a desk.
pub(crate) type Routes = Harness<'static, Desk<RoutesScreen>>;

/// The routes screen in a window of its own, to its edges.
pub(crate) fn routes_window(desk: Desk<RoutesScreen>, size: [f32; 2], theme: egui::Theme) -> Routes {
    let draw = |ui: &mut egui::Ui, desk: &mut Desk<RoutesScreen>| {
        let mut actions = Actions::new();
        let all = egui::UiBuilder::new().max_rect(ui.ctx().content_rect());
        ui.scope_builder(all, |ui| {
            ui.set_clip_rect(ui.max_rect());
            desk.screen.ui(ui, &desk.state, &mut actions);
        });
        desk.take(actions);
    };
    let mut harness =
        super::window(size, theme).with_pixels_per_point(super::scale()).build_ui_state(draw, desk);
    harness.run();
    harness
}

/// Scrolls to what is called this, clicks it, and lets everything settle.
pub(crate) fn click<S>(harness: &mut Harness<'_, S>, label: &str) {
    harness.get_by_label(label).scroll_to_me();
    harness.run();
    harness.get_by_label(label).click();
    harness.run();
}

/// Types into the field of this name in place of what stands there.
pub(crate) fn fill<S>(harness: &mut Harness<'_, S>, label: &str, text: &str) {
    let roles = [egui::Role::TextInput, egui::Role::MultilineTextInput, egui::Role::PasswordInput];
    let find = |harness: &Harness<'_, S>| {
        roles.into_iter().find(|role| harness.query_by_role_and_label(*role, label).is_some())
    };
    let role = find(harness).unwrap_or_else(|| panic!("no field is called {label}"));
    harness.get_by_role_and_label(role, label).focus();
    harness.run();
    harness.key_press_modifiers(egui::Modifiers::COMMAND, egui::Key::A);
    if text.is_empty() {
        harness.key_press(egui::Key::Delete);
    } else {
        harness.get_by_role_and_label(role, label).type_text(text);
    }
    harness.run();
}
