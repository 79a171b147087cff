//! The controls for the condition on lists. Lists themselves are made and changed elsewhere, as
//! rules share them.

use egui::Ui;
use serde_json::Value;

use super::Settings;
use crate::plugins::EditorContext;
use crate::plugins::editing::{edit, several_ui};

pub(super) fn lists_ui(ui: &mut Ui, settings: &mut Value, context: &EditorContext<'_>) {
    let table = context.table;
    edit(ui, settings, |ui, Settings { lists }| {
        let all: Vec<(&str, &str)> = table.lists.iter().map(|one| (&*one.id, &*one.name)).collect();
        several_ui(ui, &all, "There are no lists yet; make one under Routes, Lists…", lists);
    });
}
