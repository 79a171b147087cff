//! The rows of a table among a plugin's settings.

use egui::{ScrollArea, Ui};
use serde_json::{Map, Value};

use super::form::setting_ui;
use crate::plugins::dropped::Setting;
use crate::ui::theme::{icons, space};
use crate::ui::widgets::{Button, Field, card};

/// How high rows get before they scroll, in points.
const HIGHEST: f32 = 420.0;

/// Draws the rows, each with its fields side by side.
pub(super) fn rows_ui(ui: &mut Ui, field: Field<'_>, table: &Setting, value: &mut Value) {
    let mut rows = value.as_array().cloned().unwrap_or_default();
    let mut gone = None;
    let add = field.show_group(ui, |ui| {
        ScrollArea::vertical().id_salt("rows").max_height(HIGHEST).show(ui, |ui| {
            for (place, row) in rows.iter_mut().enumerate() {
                ui.push_id(place, |ui| {
                    card(ui, |ui| {
                        ui.horizontal_wrapped(|ui| {
                            ui.spacing_mut().item_spacing.x = space::M;
                            row_ui(ui, table, row);
                            let name = format!("Remove row {}", place + 1);
                            if ui.add(Button::icon(icons::TRASH, &name).small()).clicked() {
                                gone = Some(place);
                            }
                        });
                    });
                });
            }
        });
        let name = format!("Add a row to {}", table.title);
        ui.add(Button::secondary("Add a row").with_icon(icons::PLUS).small().name(&name)).clicked()
    });
    if let Some(place) = gone {
        rows.remove(place);
    }
    if add {
        rows.push(Value::Object(Map::new()));
    }
    *value = Value::Array(rows);
}

fn row_ui(ui: &mut Ui, table: &Setting, row: &mut Value) {
    for (name, column) in &table.columns {
        let before = row.get(name).cloned().unwrap_or_else(|| column.empty());
        let mut cell = before.clone();
        ui.push_id(name, |ui| {
            ui.vertical(|ui| {
                ui.set_max_width(220.0);
                setting_ui(ui, column, &mut cell);
            });
        });
        if cell != before
            && let Some(row) = row.as_object_mut()
        {
            row.insert(name.clone(), cell);
        }
    }
}
