//! Saving the calls that are shown to a file, and how far that is.

use egui::Ui;

use crate::routing::grouped;
use crate::service::messages::{Command, ExportFormat};
use crate::ui::app::{Action, Actions, State};
use crate::ui::decision;
use crate::ui::theme::{CONTROL_HEIGHT_SMALL, icons};
use crate::ui::widgets::{Button, menu_button, menu_item};

/// The menu. Only what was found whole can be saved.
pub(super) fn menu_ui(ui: &mut Ui, state: &State, is_answered: bool, actions: &mut Actions) {
    let count = grouped(state.found.len());
    let is_ready = is_answered && !state.found.is_empty() && state.exporting.is_none();
    ui.add_enabled_ui(is_ready, |ui| {
        let name = format!("Save these {count} calls as a file");
        menu_button(ui, Button::icon(icons::DOWNLOAD, &name), |ui| {
            if menu_item(ui, icons::LIST, &format!("{count} calls for a spreadsheet (CSV)…")).clicked() {
                actions.push(Action::ExportCalls(ExportFormat::Csv, state.found.ids()));
            }
            if menu_item(ui, icons::BRACES, &format!("{count} calls with all details (JSON Lines)…"))
                .clicked()
            {
                actions.push(Action::ExportCalls(ExportFormat::JsonLines, state.found.ids()));
            }
        });
    });
}

/// How far it is.
pub(super) fn progress_ui(ui: &mut Ui, state: &State, actions: &mut Actions) {
    let Some((done, total)) = state.exporting else { return };
    ui.horizontal(|ui| {
        ui.spacing_mut().interact_size.y = CONTROL_HEIGHT_SMALL;
        let share = done as f32 / total.max(1) as f32;
        ui.add(egui::ProgressBar::new(share).desired_width(160.0).desired_height(6.0));
        decision::quiet(ui, &format!("Saving calls: {} of {}", grouped(done), grouped(total)));
        if ui.add(Button::quiet("Cancel").small()).clicked() {
            actions.push(Action::Send(Command::CancelExport));
        }
    });
}
