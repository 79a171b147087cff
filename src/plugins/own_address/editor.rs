//! The controls for the owner's own address.

use egui::Ui;
use serde_json::Value;

use super::{AUTHORITY, Https, Settings, TERMS};
use crate::plugins::editing::edit;
use crate::plugins::reach::{ReachEditor, read_address};
use crate::ui::theme::{palette, text};
use crate::ui::widgets::{Field, TextField, segmented, toggle};

const HTTPS: [(Https, &str); 3] = [
    (Https::Proxy, "Something in front of it"),
    (Https::Automatic, "This computer, certificate by itself"),
    (Https::Files, "This computer, own certificate"),
];
const CERTIFICATE: &str = "The file of your certificate";
const KEY: &str = "Its private key. When a renewal writes both files anew, they are used at once";

pub(super) fn editor_ui(ui: &mut Ui, settings: &mut Value, context: &ReachEditor<'_>) {
    let help = format!("Requests to it have to arrive on port {} of this computer", context.port);
    edit(ui, settings, |ui, settings: &mut Settings| {
        let address = &mut settings.address;
        let error = (!address.trim().is_empty()).then(|| read_address(address).err()).flatten();
        Field::new("Public address")
            .help(&help)
            .error(error.as_deref())
            .show(ui, |ui| ui.add(TextField::new(address).hint("https://calls.example.com").width(420.0)));
        let mut https = settings.https();
        let chosen = Field::new("Who speaks https")
            .show_group(ui, |ui| ui.horizontal_wrapped(|ui| segmented(ui, &mut https, &HTTPS)).inner);
        if chosen {
            settings.https = https;
            if https == Https::Proxy {
                // Files alone would say that this computer does.
                settings.certificate.clear();
                settings.key.clear();
            }
        }
        match https {
            Https::Proxy => {}
            Https::Files => files_ui(ui, settings),
            Https::Automatic => automatic_ui(ui, settings, context),
        }
        if https != Https::Proxy {
            let words = "The port has to be open to all network addresses, under Receiving calls";
            ui.label(text::help(palette(ui), words));
        }
    });
}

fn files_ui(ui: &mut Ui, settings: &mut Settings) {
    let Settings { certificate, key, .. } = settings;
    let missing = |one: &str, other: &str| {
        (one.trim().is_empty() && !other.trim().is_empty()).then_some("Both are needed")
    };
    let (no_certificate, no_key) = (missing(certificate, key), missing(key, certificate));
    Field::new("Certificate")
        .help(CERTIFICATE)
        .error(no_certificate)
        .show(ui, |ui| ui.add(TextField::new(certificate).hint("The file fullchain.pem").width(420.0)));
    Field::new("Private key")
        .help(KEY)
        .error(no_key)
        .show(ui, |ui| ui.add(TextField::new(key).hint("The file privkey.pem").width(420.0)));
}

fn automatic_ui(ui: &mut Ui, settings: &mut Settings, context: &ReachEditor<'_>) {
    let words = format!(
        "{AUTHORITY} gives certificates for free, to whoever answers at port 443 of the name: your router has to \
         pass port 443 on to port {} of this computer. It is asked again in time, and puts the name on a public \
         list",
        context.port
    );
    ui.label(text::help(palette(ui), words));
    ui.horizontal_wrapped(|ui| {
        toggle(ui, &mut settings.accepts_terms, &format!("I accept the terms of {AUTHORITY}"));
        ui.hyperlink_to("Read them", TERMS);
    });
}
