//! The form for a plugin's settings, drawn from its manifest.

use std::collections::BTreeSet;

use egui::{Response, Ui};
use serde_json::{Value, json};

use crate::plugins::dropped::{Filled, Setting, SettingKind, Settings, counts, secret_name};
use crate::storage::Secret;
use crate::ui::theme::Tone;
use crate::ui::widgets::{Button, Field, TextField, safe_text, select, status, toggle};

/// A secret that is to be kept under its name, or forgotten.
pub(super) struct KeepSecret {
    pub name: String,
    pub secret: Option<Secret>,
}

/// Draws the fields that count.
pub(super) fn form_ui(
    ui: &mut Ui,
    plugin: &str,
    all: &Settings,
    filled: &mut Filled,
    secrets: &BTreeSet<String>,
) -> Option<KeepSecret> {
    let mut keep = None;
    for (name, setting) in all {
        if !counts(all, setting, filled) {
            continue;
        }
        ui.push_id(name, |ui| {
            if setting.kind == SettingKind::Secret {
                let name = secret_name(plugin, name);
                keep = secret_ui(ui, setting, &name, secrets.contains(&name)).or(keep.take());
                return;
            }
            let mut value = filled.get(name).cloned().unwrap_or_else(|| setting.empty());
            let before = value.clone();
            setting_ui(ui, setting, &mut value);
            if value != before {
                filled.insert(name.clone(), value);
            }
        });
    }
    keep
}

fn setting_ui(ui: &mut Ui, setting: &Setting, value: &mut Value) {
    let title = safe_text(&setting.title).into_owned();
    let help = safe_text(&setting.help).into_owned();
    // An empty field is not told to be wrong before anything was typed.
    let error = setting.check(value).err().filter(|_| !value.is_null() && *value != json!(""));
    let mut field = Field::new(&title).help(&help).error(error.as_deref());
    if !setting.required && setting.kind != SettingKind::YesNo {
        field = field.optional();
    }
    match setting.kind {
        SettingKind::YesNo => {
            let mut on = value == &json!(true);
            if toggle(ui, &mut on, &title).on_hover_text(&help).changed() {
                *value = json!(on);
            }
        }
        SettingKind::Choice => {
            let mut chosen = value.as_str().unwrap_or_default().to_owned();
            let options: Vec<_> =
                setting.options.iter().map(|option| (option.clone(), option.as_str())).collect();
            if field.show(ui, |ui| select(ui, "choice", 220.0, &mut chosen, &options)).changed() {
                *value = json!(chosen);
            }
        }
        SettingKind::Number | SettingKind::Duration => {
            let mut text = match &*value {
                Value::Null => String::new(),
                Value::String(text) => text.clone(),
                other => other.to_string(),
            };
            if line_ui(ui, field, &mut text, 1, 120.0).changed() {
                // What is no number stays as it was typed, and is told.
                *value = text.trim().parse::<f64>().map_or_else(|_| json!(text), |number| json!(number));
            }
        }
        SettingKind::List => {
            let items = value.as_array().into_iter().flatten().filter_map(Value::as_str);
            let mut text = items.collect::<Vec<_>>().join("\n");
            if line_ui(ui, field.help("One on each line"), &mut text, 4, 380.0).changed() {
                *value = text.split('\n').map(|item| json!(item)).collect();
            }
        }
        kind => {
            let mut text = value.as_str().unwrap_or_default().to_owned();
            let rows = if kind == SettingKind::Lines { 4 } else { 1 };
            if line_ui(ui, field, &mut text, rows, 380.0).changed() {
                *value = json!(text);
            }
        }
    }
}

fn line_ui(ui: &mut Ui, field: Field<'_>, text: &mut String, rows: usize, width: f32) -> Response {
    field.show(ui, |ui| {
        let line = TextField::new(text).width(width).id_salt("setting");
        ui.add(if rows > 1 { line.rows(rows) } else { line })
    })
}

fn secret_ui(ui: &mut Ui, setting: &Setting, name: &str, is_kept: bool) -> Option<KeepSecret> {
    let id = ui.scope_id().with("typed secret");
    let mut typed: String = ui.data(|data| data.get_temp(id)).unwrap_or_default();
    let title = safe_text(&setting.title).into_owned();
    let mut keep = None;
    Field::new(&title).help(&safe_text(&setting.help)).show_group(ui, |ui| {
        ui.horizontal(|ui| {
            let hint = if is_kept { "Replace it" } else { "Paste it here" };
            let field = TextField::new(&mut typed).secret().hint(hint).width(260.0).id_salt("secret");
            ui.add(field).accessible_name(&title);
            let (keep_it, forget_it) = (format!("Keep {title}"), format!("Forget {title}"));
            let save = Button::secondary("Keep").name(&keep_it);
            if ui.add_enabled(!typed.trim().is_empty(), save).clicked() {
                let secret = Secret::new(&std::mem::take(&mut typed));
                keep = secret.map(|secret| KeepSecret { name: name.to_owned(), secret: Some(secret) });
            }
            if is_kept {
                status(ui, Tone::Connect, "Kept on this computer");
                let forget = Button::quiet("Forget").name(&forget_it);
                if ui.add(forget).clicked() {
                    keep = Some(KeepSecret { name: name.to_owned(), secret: None });
                }
            } else {
                status(ui, Tone::Warning, "Not on this computer");
            }
        });
    });
    ui.data_mut(|data| data.insert_temp(id, typed));
    keep
}
