//! The form for a plugin's settings, drawn from its manifest.

use std::collections::BTreeSet;

use egui::{Response, Ui};
use serde_json::{Value, json};

use super::form_rows::rows_ui;
use crate::plugins::dropped::{Filled, Setting, SettingKind, Settings, counts, secret_name};
use crate::service::messages::Command;
use crate::storage::Secret;
use crate::ui::app::{Action, Actions, SettingFile};
use crate::ui::theme::Tone;
use crate::ui::widgets::{Button, Field, TextField, safe_text, select, status, toggle};

/// Has a secret kept under its name, or forgotten.
fn keep_secret(name: &str, secret: Option<Secret>) -> Action {
    Action::Send(Command::SetSecret { name: name.to_owned(), secret })
}

/// Draws the fields that count, for the plugin with this id.
pub(super) fn form_ui(
    ui: &mut Ui,
    plugin: &str,
    all: &Settings,
    filled: &mut Filled,
    secrets: &BTreeSet<String>,
    actions: &mut Actions,
) {
    for (name, setting) in all {
        if !counts(all, setting, filled) {
            continue;
        }
        ui.push_id(name, |ui| {
            if setting.kind == SettingKind::Secret {
                let name = secret_name(plugin, name);
                actions.extend(secret_ui(ui, setting, &name, secrets.contains(&name)));
                return;
            }
            let mut value = filled.get(name).cloned().unwrap_or_else(|| setting.empty());
            let before = value.clone();
            if setting_ui(ui, setting, &mut value) {
                let (owner, field) = (plugin.to_owned(), name.clone());
                let title = safe_text(&setting.title).into_owned();
                actions.push(Action::ChooseSetting(SettingFile { owner, field, title }));
            }
            if value != before {
                filled.insert(name.clone(), value);
            }
        });
    }
}

/// Draws one field. Says whether a file is to be chosen for it.
pub(super) fn setting_ui(ui: &mut Ui, setting: &Setting, value: &mut Value) -> bool {
    let mut choose = false;
    let title = safe_text(&setting.title).into_owned();
    let help = safe_text(&setting.help).into_owned();
    // An empty field is not told to be wrong before anything was typed.
    let error = setting.check(value).err().filter(|_| !value.is_null() && *value != json!(""));
    let mut field = Field::new(&title).help(&help).error(error.as_deref());
    let always_has_one = matches!(setting.kind, SettingKind::YesNo | SettingKind::Choice);
    if !setting.required && !always_has_one && setting.default.is_none() {
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
            let help = if help.is_empty() {
                "One on each line".to_owned()
            } else {
                format!("{help}; one on each line")
            };
            if line_ui(ui, field.help(&help), &mut text, 4, 380.0).changed() {
                *value = text.split('\n').map(|item| json!(item)).collect();
            }
        }
        SettingKind::Table => rows_ui(ui, field, setting, value),
        SettingKind::File => {
            let mut path = value.as_str().unwrap_or_default().to_owned();
            let chosen = field.show_group(ui, |ui| {
                ui.horizontal(|ui| {
                    let line = ui.add(TextField::new(&mut path).width(380.0).id_salt("setting"));
                    let name = format!("Choose {title}");
                    let button = Button::secondary("Choose…").name(&name);
                    (line.accessible_name(&title).changed(), ui.add(button).clicked())
                })
                .inner
            });
            if chosen.0 {
                *value = json!(path);
            }
            choose = chosen.1;
        }
        kind => {
            let mut text = value.as_str().unwrap_or_default().to_owned();
            let rows = if kind == SettingKind::Lines { 4 } else { 1 };
            if line_ui(ui, field, &mut text, rows, 380.0).changed() {
                *value = json!(text);
            }
        }
    }
    choose
}

fn line_ui(ui: &mut Ui, field: Field<'_>, text: &mut String, rows: usize, width: f32) -> Response {
    field.show(ui, |ui| {
        let line = TextField::new(text).width(width).id_salt("setting");
        ui.add(if rows > 1 { line.rows(rows) } else { line })
    })
}

fn secret_ui(ui: &mut Ui, setting: &Setting, name: &str, is_kept: bool) -> Option<Action> {
    let id = ui.scope_id().with("typed secret");
    let mut typed: String = ui.data(|data| data.get_temp(id)).unwrap_or_default();
    let title = safe_text(&setting.title).into_owned();
    let mut keep = None;
    let help = safe_text(&setting.help).into_owned();
    let field = Field::new(&title).help(&help);
    let field = if setting.required { field } else { field.optional() };
    field.show_group(ui, |ui| {
        ui.horizontal(|ui| {
            let hint = if is_kept { "Replace it" } else { "Paste it here" };
            let field = TextField::new(&mut typed).secret().hint(hint).width(260.0).id_salt("secret");
            ui.add(field).accessible_name(&title);
            let (keep_it, forget_it) = (format!("Keep {title}"), format!("Forget {title}"));
            let save = Button::secondary("Keep").name(&keep_it);
            if ui.add_enabled(!typed.trim().is_empty(), save).clicked() {
                let secret = Secret::new(&std::mem::take(&mut typed));
                keep = secret.map(|secret| keep_secret(name, Some(secret)));
            }
            if is_kept {
                status(ui, Tone::Connect, "Kept on this computer");
                let forget = Button::quiet("Forget").name(&forget_it);
                if ui.add(forget).clicked() {
                    keep = Some(keep_secret(name, None));
                }
            } else if setting.required {
                status(ui, Tone::Warning, "Not on this computer");
            }
        });
    });
    ui.data_mut(|data| data.insert_temp(id, typed));
    keep
}
