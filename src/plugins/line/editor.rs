//! The controls for the condition on the line.

use egui::Ui;
use serde_json::Value;

use super::Settings;
use crate::plugins::EditorContext;
use crate::plugins::editing::{edit, several_ui};

pub(super) fn lines_ui(ui: &mut Ui, settings: &mut Value, context: &EditorContext<'_>) {
    let table = context.table;
    edit(ui, settings, |ui, Settings { lines }| {
        let all: Vec<(&str, &str)> = table.lines.iter().map(|one| (&*one.id, &*one.name)).collect();
        several_ui(ui, &all, "There are no lines yet; add one under Lines & agents", lines);
    });
}
