//! The controls for the condition on opening hours. Schedules themselves are made and changed
//! elsewhere, as rules share them.

use egui::Ui;
use serde_json::Value;

use super::{Settings, status};
use crate::plugins::EditorContext;
use crate::plugins::editing::edit;
use crate::ui::theme::{palette, text};
use crate::ui::widgets::{Field, select};

pub(super) fn schedule_ui(ui: &mut Ui, settings: &mut Value, context: &EditorContext<'_>) {
    let table = context.table;
    edit(ui, settings, |ui, Settings { schedule: id }| {
        if table.schedules.is_empty() {
            ui.label(text::help(palette(ui), "There are no opening hours yet; make a schedule first"));
            return;
        }
        let options: Vec<(String, &str)> =
            table.schedules.iter().map(|schedule| (schedule.id.clone(), schedule.name.as_str())).collect();
        let chosen = table.schedule(id);
        // Whether hours can be read does not depend on the time they are asked for.
        let error = chosen.and_then(|schedule| status(schedule, table, chrono::DateTime::UNIX_EPOCH).err());
        let help = chosen.map_or("", |schedule| schedule.hours.as_str());
        let field = Field::new("Schedule").help(help).error(error.as_deref());
        field.show(ui, |ui| select(ui, "schedule", 240.0, id, &options));
    });
}
