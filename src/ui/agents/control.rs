//! A control for each kind of setting: people's units on the screen, the wire's in the value.

use egui::{Response, Ui};
use serde_json::{Value, json};

use crate::routing::{LANGUAGES, Setting, SettingKind};
use crate::ui::theme::space;
use crate::ui::widgets::{Chip, TextField, search_select, select, toggle, zone_select, zone_words};

const FIELD: f32 = 110.0;
const SECOND: f64 = 1000.0;
const MINUTE: f64 = 60_000.0;

/// What a setting is when it is added: something that Retell takes, where there is such a thing.
pub(super) fn starter(setting: &Setting, zone: &str) -> Value {
    match setting.kind {
        // A call of ten minutes; else ten seconds, or one where that is too long.
        SettingKind::Milliseconds { min: 60_000, .. } => json!(600_000),
        SettingKind::Milliseconds { min, max: None } => json!(min.max(10_000)),
        SettingKind::Milliseconds { max: Some(max), .. } => json!(max.min(1_000)),
        SettingKind::Number { .. } | SettingKind::Count => json!(1),
        SettingKind::Text | SettingKind::Word => json!(""),
        SettingKind::Texts => json!([]),
        SettingKind::OnOff => json!(true),
        SettingKind::OneOf(options) => json!(options.first().map(|(option, _)| option)),
        SettingKind::Languages => json!("en-US"),
        SettingKind::Zone => json!(zone),
    }
}

/// The control of a setting.
pub(super) fn control_ui(ui: &mut Ui, setting: &Setting, value: &mut Value) {
    let name = setting.title;
    match setting.kind {
        SettingKind::Milliseconds { .. } => duration_ui(ui, name, value),
        SettingKind::Number { .. } | SettingKind::Count => {
            typed_ui(
                ui,
                name,
                value,
                FIELD,
                |value| number_words(value, 1.0),
                |text| read_number(text, None),
            );
        }
        SettingKind::Text => text_ui(ui, name, value, 2),
        SettingKind::Word => text_ui(ui, name, value, 1),
        SettingKind::Texts => {
            let width = ui.available_width();
            typed_ui(ui, name, value, width, texts_words, read_texts);
        }
        SettingKind::OnOff => {
            let mut on = value.as_bool().unwrap_or_default();
            let words = if on { "On" } else { "Off" };
            if toggle(ui, &mut on, words).accessible_name(name).changed() {
                *value = json!(on);
            }
        }
        SettingKind::OneOf(options) => {
            let mut chosen = value.as_str().unwrap_or_default().to_owned();
            let options: Vec<_> =
                options.iter().map(|(option, words)| ((*option).to_owned(), *words)).collect();
            if select(ui, name, 240.0, &mut chosen, &options).accessible_name(name).changed() {
                *value = json!(chosen);
            }
        }
        SettingKind::Languages => languages_ui(ui, name, value),
        SettingKind::Zone => {
            let shown = value.as_str().map_or_else(|| "Choose…".to_owned(), zone_words);
            if let (_, Some(zone)) = zone_select(ui, &shown) {
                *value = json!(zone);
            }
        }
    }
}

fn text_ui(ui: &mut Ui, name: &str, value: &mut Value, rows: usize) {
    let mut text = value.as_str().unwrap_or_default().to_owned();
    if ui.add(TextField::new(&mut text).rows(rows).id_salt("text")).accessible_name(name).changed() {
        *value = json!(text);
    }
}

/// A number and its unit.
fn duration_ui(ui: &mut Ui, name: &str, value: &mut Value) {
    ui.horizontal(|ui| {
        ui.spacing_mut().item_spacing.x = space::S;
        let id = ui.scope_id().with("unit");
        let usual = match value.as_u64() {
            Some(ms) if ms > 60_000 && ms % 60_000 == 0 => MINUTE,
            _ => SECOND,
        };
        // The unit stays as it was chosen while another number is typed.
        let unit: f64 = ui.data(|data| data.get_temp(id)).unwrap_or(usual);
        let mut chosen = unit as u64;
        typed_ui(
            ui,
            name,
            value,
            FIELD,
            |value| number_words(value, unit),
            |text| read_number(text, Some(unit)),
        );
        let units = [(SECOND as u64, "seconds"), (MINUTE as u64, "minutes")];
        let label = format!("Unit of {name}");
        if select(ui, "unit", 120.0, &mut chosen, &units).accessible_name(label).changed() {
            // The number stays, and means the other unit.
            *value = read_number(&number_words(value, unit), Some(chosen as f64));
        }
        ui.data_mut(|data| data.insert_temp(id, chosen as f64));
    });
}

/// A field whose text stands for a value; what is typed stays as long as it means the same.
fn typed_ui(
    ui: &mut Ui,
    name: &str,
    value: &mut Value,
    width: f32,
    words: impl Fn(&Value) -> String,
    read: impl Fn(&str) -> Value,
) -> Response {
    let id = ui.scope_id().with("typed");
    let typed: Option<String> = ui.data(|data| data.get_temp(id));
    let mut text = typed.filter(|typed| read(typed) == *value).unwrap_or_else(|| words(value));
    let field = TextField::new(&mut text).width(width).id_salt("field");
    let response = ui.add(field);
    if response.changed() {
        *value = read(&text);
    }
    ui.data_mut(|data| data.insert_temp(id, text));
    response.accessible_name(name)
}

/// A number for people, in units of `unit`; what is none as it stands.
fn number_words(value: &Value, unit: f64) -> String {
    match value {
        Value::Number(number) => (number.as_f64().unwrap_or_default() / unit).to_string(),
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

/// What was typed: a number of the wire, whole where it counts `unit`s; any other text is kept, so
/// that it is told what is wrong with it.
fn read_number(text: &str, unit: Option<f64>) -> Value {
    let number = text.trim().replace(',', ".").parse::<f64>().ok().filter(|number| number.is_finite());
    match (number, unit) {
        (Some(number), Some(unit)) if number >= 0.0 => json!((number * unit).round() as u64),
        (Some(number), None) if number.fract() == 0.0 => json!(number as i64),
        (Some(number), None) => json!(number),
        _ => json!(text),
    }
}

fn texts_words(value: &Value) -> String {
    let texts = value.as_array().map(Vec::as_slice).unwrap_or_default();
    texts.iter().filter_map(Value::as_str).collect::<Vec<_>>().join(", ")
}

fn read_texts(text: &str) -> Value {
    json!(text.split(',').map(str::trim).filter(|word| !word.is_empty()).collect::<Vec<_>>())
}

/// The languages, of which there is at least one, and a list that adds others.
fn languages_ui(ui: &mut Ui, name: &str, value: &mut Value) {
    let mut chosen: Vec<String> = match &*value {
        Value::Array(all) => all.iter().filter_map(Value::as_str).map(str::to_owned).collect(),
        Value::String(one) => vec![one.clone()],
        _ => Vec::new(),
    };
    let before = chosen.clone();
    ui.horizontal_wrapped(|ui| {
        ui.spacing_mut().item_spacing.x = space::XS;
        let is_only = chosen.len() == 1;
        chosen.retain(|code| {
            let words = LANGUAGES.iter().find(|(known, _)| known == code).map(|(_, words)| *words);
            let chip = Chip::new(words.unwrap_or(code)).unfinished(words.is_none() && code != "multi");
            let chip = if is_only { chip } else { chip.removable() };
            !chip.show(ui).removed
        });
        let options: Vec<_> = LANGUAGES
            .iter()
            .filter(|(code, _)| !before.iter().any(|chosen| chosen == code))
            .map(|(code, words)| (*code, (*words).to_owned()))
            .collect();
        let label = format!("Add to {name}");
        if let (_, Some(code)) = search_select(ui, &label, "Add…", &options) {
            chosen.push((*code).to_owned());
        }
    });
    if chosen != before {
        // Retell takes one by itself, several as a list.
        *value = if let [one] = chosen.as_slice() { json!(one) } else { json!(chosen) };
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::routing::{SETTINGS, check_value};

    #[test]
    fn what_is_typed_becomes_what_the_wire_has() {
        for (text, unit, value) in [
            ("90", Some(SECOND), json!(90_000)),
            (" 1,5 ", Some(MINUTE), json!(90_000)),
            ("0.5", Some(SECOND), json!(500)),
            ("-1", Some(SECOND), json!("-1")),
            ("ten", Some(SECOND), json!("ten")),
            ("1", None, json!(1)),
            ("0.7", None, json!(0.7)),
            ("", None, json!("")),
        ] {
            assert_eq!(read_number(text, unit), value, "{text}");
        }
        assert_eq!(number_words(&json!(90_000), MINUTE), "1.5");
        assert_eq!(number_words(&json!(60_000), SECOND), "60");
        assert_eq!(read_texts("Zoë, ,Smith "), json!(["Zoë", "Smith"]));
        assert_eq!(texts_words(&json!(["Zoë", "Smith"])), "Zoë, Smith");
    }

    #[test]
    fn what_is_added_is_taken_by_retell_or_has_to_be_filled() {
        for setting in SETTINGS {
            let value = starter(setting, "America/New_York");
            let is_empty = value == json!("");
            assert!(is_empty || check_value(setting, &value).is_ok(), "{}", setting.title);
        }
    }
}
