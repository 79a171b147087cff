//! The control for the owner's own address.

use egui::Ui;
use serde_json::Value;

use super::Settings;
use crate::plugins::editing::edit;
use crate::plugins::reach::{ReachEditor, read_address};
use crate::ui::widgets::{Field, TextField};

const CERTIFICATE: &str = "Where no proxy speaks https for you: the file of your certificate. This computer answers https \
                           with it, and has to be open to all network addresses (under Receiving calls)";
const KEY: &str = "Its private key. When a renewal writes both files anew, they are used at once";

pub(super) fn editor_ui(ui: &mut Ui, settings: &mut Value, context: &ReachEditor<'_>) {
    let help = format!("Requests to it have to arrive on port {} of this computer", context.port);
    edit(ui, settings, |ui, Settings { address, certificate, key }| {
        let error = (!address.trim().is_empty()).then(|| read_address(address).err()).flatten();
        Field::new("Public address")
            .help(&help)
            .error(error.as_deref())
            .show(ui, |ui| ui.add(TextField::new(address).hint("https://calls.example.com").width(420.0)));
        let missing = |one: &str, other: &str| {
            (one.trim().is_empty() && !other.trim().is_empty()).then_some("Both are needed, or neither")
        };
        let (no_certificate, no_key) = (missing(certificate, key), missing(key, certificate));
        Field::new("Certificate")
            .optional()
            .help(CERTIFICATE)
            .error(no_certificate)
            .show(ui, |ui| ui.add(TextField::new(certificate).hint("The file fullchain.pem").width(420.0)));
        Field::new("Private key")
            .optional()
            .help(KEY)
            .error(no_key)
            .show(ui, |ui| ui.add(TextField::new(key).hint("The file privkey.pem").width(420.0)));
    });
}
