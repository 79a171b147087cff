//! The controls for the condition on the line.

use egui::Ui;
use serde_json::Value;

use super::Settings;
use crate::plugins::EditorContext;
use crate::plugins::editing::edit;
use crate::ui::theme::{palette, space, text};
use crate::ui::widgets::Chip;

pub(super) fn lines_ui(ui: &mut Ui, settings: &mut Value, context: &EditorContext<'_>) {
    let table = context.table;
    edit(ui, settings, |ui, Settings { lines }| {
        if table.lines.is_empty() {
            ui.label(text::help(palette(ui), "There are no lines yet; add one under Lines & agents"));
        }
        ui.horizontal_wrapped(|ui| {
            ui.spacing_mut().item_spacing.x = space::L;
            for line in &table.lines {
                let mut chosen = lines.contains(&line.id);
                if ui.checkbox(&mut chosen, &line.name).changed() {
                    lines.retain(|id| *id != line.id);
                    if chosen {
                        lines.push(line.id.clone());
                    }
                }
            }
            // A line that is gone from the table is shown so that it can be taken away.
            lines.retain(|id| {
                table.line(id).is_some() || !Chip::new(id).unfinished(true).removable().show(ui).removed
            });
        });
    });
}
