//! The controls for the condition on lists. Lists themselves are made and changed elsewhere, as
//! rules share them.

use egui::Ui;
use serde_json::Value;

use super::Settings;
use crate::plugins::EditorContext;
use crate::plugins::editing::edit;
use crate::ui::theme::{palette, space, text};
use crate::ui::widgets::{Chip, safe_text};

pub(super) fn lists_ui(ui: &mut Ui, settings: &mut Value, context: &EditorContext<'_>) {
    let table = context.table;
    edit(ui, settings, |ui, Settings { lists }| {
        if table.lists.is_empty() {
            ui.label(text::help(palette(ui), "There are no lists yet; make one under Routes, Lists…"));
        }
        ui.horizontal_wrapped(|ui| {
            ui.spacing_mut().item_spacing.x = space::L;
            for list in &table.lists {
                let mut chosen = lists.contains(&list.id);
                if ui.checkbox(&mut chosen, safe_text(&list.name)).changed() {
                    lists.retain(|id| *id != list.id);
                    if chosen {
                        lists.push(list.id.clone());
                    }
                }
            }
            // A list that is gone from the table is shown so that it can be taken away.
            lists.retain(|id| {
                table.list(id).is_some() || !Chip::new(id).unfinished(true).removable().show(ui).removed
            });
        });
    });
}
