//! The editors of conditions: each can be drawn with any settings, names all its controls, and
//! writes what was done in it. Pictures of them are left in `target/pictures/`.

use egui::accesskit::Role;
use egui_kittest::Harness;
use egui_kittest::kittest::{NodeT, Queryable};
use switchboard::plugins::EditorContext;

use super::*;
use crate::support::{save_picture, window};

type Editor<'a> = Harness<'a, Value>;

fn editor<'a>(id: &'a str, table: &'a Table, settings: Value) -> Editor<'a> {
    editor_in(id, table, settings, egui::Theme::Light)
}

fn editor_in<'a>(id: &'a str, table: &'a Table, settings: Value, theme: egui::Theme) -> Editor<'a> {
    let registry = Registry::built_in();
    let facts = registry.facts(table);
    let kind = registry.find_condition(id).unwrap().kind;
    window([560.0, 400.0], theme).build_ui_state(
        move |ui: &mut egui::Ui, settings: &mut Value| {
            kind.editor_ui(
                ui,
                settings,
                &EditorContext { table, facts: &facts, now: at("2026-03-02T15:00:00Z") },
            );
        },
        settings,
    )
}

fn ids() -> Vec<String> {
    Registry::built_in().conditions().map(|entry| entry.id()).collect()
}

fn starter(id: &str, table: &Table) -> Value {
    Registry::built_in().find_condition(id).unwrap().kind.starter(table)
}

fn controls_without_name(harness: &Editor<'_>) -> Vec<Role> {
    let is_control = |role| {
        matches!(
            role,
            Role::Button
                | Role::CheckBox
                | Role::ComboBox
                | Role::TextInput
                | Role::MultilineTextInput
                | Role::RadioButton
                | Role::Slider
                | Role::SpinButton
        )
    };
    let nodes = harness.root().children_recursive();
    let nameless = nodes.filter(|node| {
        let node = node.accesskit_node();
        is_control(node.role()) && node.label().is_none_or(|name| name.trim().is_empty())
    });
    nameless.map(|node| node.accesskit_node().role()).collect()
}

#[test]
fn each_can_be_drawn_and_names_its_controls() {
    let junk =
        [json!(null), json!(3), json!({"countries": ["XX"]}), json!({"lines": ["gone"], "numbers": [1]})];
    for table in [table(), Table::empty("US", "America/New_York")] {
        for id in ids() {
            for settings in junk.iter().cloned().chain([starter(&id, &table)]) {
                let mut harness = editor(&id, &table, settings.clone());
                harness.run();
                assert_eq!(controls_without_name(&harness), [], "{id} with {settings}");
                assert_eq!(*harness.state(), settings, "{id} changes nothing by being drawn");
            }
        }
    }
}

#[test]
fn pictures() {
    let table = with_contacts(table());
    let pictures = [
        ("caller.number", json!({"numbers": ["+14155552671", "+49*"]})),
        ("caller.country", json!({"countries": ["DE", "US", "XX"]})),
        ("line.is", json!({"lines": ["main", "gone"]})),
        ("hours.open", json!({"schedule": "office"})),
        ("lists.on", json!({"lists": ["block", "gone"]})),
        ("fact.compare", json!({"fact": "caller.country", "is": "one_of", "value": ["DE", "US"]})),
        ("caller.kind", json!({"kinds": ["mobile", "landline"]})),
        ("call.month_window", json!({"from": {"month": 12, "day": 20}, "to": {"month": 1, "day": 6}})),
        ("call.day_of_month", json!({"days": [1, 15], "last": true})),
        ("call.sample", json!({"percent": 20, "draw": "Pilot"})),
        ("call.sip_header", json!({"name": "X-Campaign", "is": "contains", "value": "spring"})),
        ("call.default_agent", json!({})),
        ("history.before", json!({"is": "returning"})),
        ("history.repeat", json!({"nth": 4, "within": 10, "unit": "minutes"})),
        ("history.last_call", json!({"within": 0, "unit": "days"})),
        ("history.last_agent", json!({"agents": ["ada", "gone"]})),
        ("call.medium", json!({"is": "text"})),
        ("caller.withheld", json!({})),
        ("caller.region", json!({"regions": ["New York", "Ontario", "Gone"]})),
        ("contacts.known", json!({"files": ["customers", "gone"]})),
    ];
    for id in ids() {
        assert!(pictures.iter().any(|(shown, _)| *shown == id), "there is a picture of {id}");
    }
    for (id, settings) in pictures {
        for (theme, look) in [(egui::Theme::Light, "light"), (egui::Theme::Dark, "dark")] {
            let mut harness = editor_in(id, &table, settings.clone(), theme);
            harness.run();
            save_picture(&mut harness, &format!("editor-{id}-{look}"));
        }
    }
}

#[test]
fn numbers_are_typed_one_on_each_line() {
    let table = table();
    let mut harness = editor("caller.number", &table, json!({"numbers": []}));
    harness.get_by_label("Numbers").focus();
    harness.run();
    harness.get_by_label("Numbers").type_text("(415) 555-2671\n+49*,  Bob\n");
    harness.run();
    assert_eq!(*harness.state(), json!({"numbers": ["(415) 555-2671", "+49*", "Bob"]}));
    harness.get_by_label_contains("“Bob” cannot be read");
}

#[test]
fn a_country_is_found_by_typing_and_taken_away_again() {
    let table = table();
    let mut harness = editor("caller.country", &table, json!({"countries": ["US"]}));
    harness.get_by_label("Add a country").focus();
    harness.run();
    harness.get_by_label("Add a country").type_text("germ");
    harness.run();
    harness.key_press(egui::Key::Enter);
    harness.run();
    assert_eq!(*harness.state(), json!({"countries": ["US", "DE"]}));
    harness.get_by_label("Remove United States").click();
    harness.run();
    assert_eq!(*harness.state(), json!({"countries": ["DE"]}));
}

#[test]
fn lines_are_ticked() {
    let table = table();
    let mut harness = editor("line.is", &table, json!({"lines": ["main"]}));
    harness.get_by_label("Berlin").click();
    harness.run();
    harness.get_by_label("Main line").click();
    harness.run();
    assert_eq!(*harness.state(), json!({"lines": ["berlin"]}));
}

#[test]
fn another_fact_brings_comparisons_that_fit() {
    let table = table();
    let settings = json!({"fact": "caller.country", "is": "starts_with", "value": "D"});
    let mut harness = editor("fact.compare", &table, settings);
    harness.get_by_role_and_label(Role::ComboBox, "Fact").click();
    harness.run();
    harness.get_by_label("Number withheld").scroll_to_me();
    harness.run();
    harness.get_by_label("Number withheld").click();
    harness.run();
    assert_eq!(harness.state()["is"], "yes");
    assert!(harness.query_by_label("Value").is_none());
}

#[test]
fn kinds_of_number_are_ticked() {
    let table = table();
    let mut harness = editor("caller.kind", &table, json!({"kinds": ["mobile"]}));
    harness.get_by_label("Toll-free").click();
    harness.run();
    harness.get_by_label("Mobile").click();
    harness.run();
    assert_eq!(*harness.state(), json!({"kinds": ["toll_free"]}));
}

#[test]
fn a_day_that_a_month_does_not_have_moves_to_its_last() {
    let table = table();
    let settings = json!({"from": {"month": 1, "day": 31}, "to": {"month": 3, "day": 31}});
    let mut harness = editor("call.month_window", &table, settings);
    harness.get_by_role_and_label(Role::ComboBox, "From month").click();
    harness.run();
    harness.get_by_label("February").click();
    harness.run();
    assert_eq!(harness.state()["from"], json!({"month": 2, "day": 29}));
}

#[test]
fn days_of_the_month_are_ticked() {
    let table = table();
    let mut harness = editor("call.day_of_month", &table, json!({"days": [15]}));
    for label in ["3", "15", "Last day of the month"] {
        harness.get_by_label(label).click();
        harness.run();
    }
    assert_eq!(*harness.state(), json!({"days": [3], "last": true}));
}

#[test]
fn a_percentage_takes_digits_only() {
    let table = table();
    let mut harness = editor("call.sample", &table, json!({"percent": 0}));
    harness.get_by_label("From 1 to 100");
    harness.get_by_label("Percent of callers").focus();
    harness.run();
    harness.get_by_label("Percent of callers").type_text("2x5%");
    harness.run();
    assert_eq!(*harness.state(), json!({"percent": 25}));
}

#[test]
fn a_header_that_must_only_be_there_asks_for_no_value() {
    let table = table();
    let mut harness = editor("call.sip_header", &table, json!({"name": "X-Campaign:"}));
    harness.get_by_label("Only what stands before the colon");
    assert!(harness.query_by_label("Value").is_some());
    harness.get_by_role_and_label(Role::ComboBox, "Comparison").click();
    harness.run();
    harness.get_by_label("is there").click();
    harness.run();
    assert_eq!(harness.state()["is"], "there");
    assert!(harness.query_by_label("Value").is_none());
}
