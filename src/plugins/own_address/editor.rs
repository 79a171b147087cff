//! The control for the owner's own address.

use egui::Ui;
use serde_json::Value;

use super::Settings;
use crate::plugins::editing::edit;
use crate::plugins::reach::{ReachEditor, read_address};
use crate::ui::widgets::{Field, TextField};

pub(super) fn editor_ui(ui: &mut Ui, settings: &mut Value, context: &ReachEditor<'_>) {
    let help = format!("Under it your proxy passes requests on to port {} of this computer", context.port);
    edit(ui, settings, |ui, Settings { address }| {
        let error = (!address.trim().is_empty()).then(|| read_address(address).err()).flatten();
        Field::new("Public address")
            .help(&help)
            .error(error.as_deref())
            .show(ui, |ui| ui.add(TextField::new(address).hint("https://calls.example.com").width(420.0)));
    });
}
