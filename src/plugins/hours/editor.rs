//! The controls for the condition on opening hours. Schedules themselves are made and changed
//! elsewhere, as rules share them.

use egui::Ui;
use serde_json::Value;

use super::{Settings, coming_words, status};
use crate::plugins::EditorContext;
use crate::plugins::editing::edit;
use crate::ui::theme::{palette, text};
use crate::ui::widgets::{Field, safe_text, select};

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
        let now = chosen.map(|schedule| status(schedule, table, context.now));
        let error = now.as_ref().and_then(|now| now.as_ref().err());
        let help = now.as_ref().and_then(|now| now.as_ref().ok()).map_or("", |now| now.words.as_str());
        let field = Field::new("Schedule").help(help).error(error.map(String::as_str));
        field.show(ui, |ui| select(ui, "schedule", 240.0, id, &options));
        let coming = chosen.map(|schedule| coming_words(schedule, table, context.now)).unwrap_or_default();
        if !coming.is_empty() {
            ui.add(egui::Label::new(text::faint(palette(ui), &*safe_text(&coming))).truncate());
        }
    });
}
