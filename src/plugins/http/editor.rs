//! The controls for a web look-up: what is asked, what is sent along, what is taken from the
//! answer, and how the server is treated.

use egui::Ui;
use serde_json::Value;

use super::editor_facts::facts_ui;
use super::editor_send::send_ui;
use super::editor_starts::starts_ui;
use super::request::{KNOWN, Prepared};
use super::settings::{Body, LIMITS_MS, Method, Settings};
use crate::plugins::editing::edit;
use crate::plugins::{LookUpEditor, LookUpWish};
use crate::routing::capital;
use crate::ui::theme::{icons, palette, space, text};
use crate::ui::widgets::{
    Button, Field, TextField, menu_button, menu_item, section, segmented, select, toggle,
};

/// For how long answers can be remembered, in seconds.
const REMEMBERED: [(u64, &str); 7] = [
    (0, "Not at all"),
    (60, "1 minute"),
    (300, "5 minutes"),
    (600, "10 minutes"),
    (3600, "1 hour"),
    (14_400, "4 hours"),
    (86_400, "1 day"),
];

pub(super) fn web_ui(ui: &mut Ui, settings: &mut Value, context: &LookUpEditor<'_>) -> Option<LookUpWish> {
    let mut wish = None;
    edit(ui, settings, |ui, settings: &mut Settings| {
        section(ui, "Question", "Which server is asked about each call, and how", |ui| {
            question_ui(ui, settings);
        });
        section(
            ui,
            "Sign-in and headers",
            "Secrets stay on this computer, for this server alone; they are never part of the table",
            |ui| wish = send_ui(ui, settings, context),
        );
        section(
            ui,
            "Facts from the answer",
            "What rules and agents get to know. Test it below, then click values of the answer to take them",
            |ui| facts_ui(ui, settings, context),
        );
        section(ui, "Patience and memory", "Callers hear ringing while the server is asked", |ui| {
            manners_ui(ui, settings);
        });
    });
    wish
}

fn question_ui(ui: &mut Ui, settings: &mut Settings) {
    if settings.url.trim().is_empty() {
        starts_ui(ui, settings);
    }
    let is_begun = !settings.url.trim().is_empty();
    let wrong = Prepared::of(&Settings { send: Vec::new(), ..settings.clone() }).err();
    let said = wrong.as_deref().map(capital);
    let (of_url, of_body) = match &wrong {
        Some(why) if why.contains("body") || why.contains("the form") => (None, said.as_deref()),
        Some(_) if is_begun => (said.as_deref(), None),
        _ => (None, None),
    };
    ui.horizontal_top(|ui| {
        ui.spacing_mut().item_spacing.x = space::M;
        let methods = [(Method::Get, "GET"), (Method::Post, "POST")];
        let method = |ui: &mut Ui| select(ui, "method", 84.0, &mut settings.method, &methods);
        Field::new("Method").show(ui, method);
        let help = "Placeholders are filled in for each call";
        Field::new("Address").help(help).error(of_url).show_group(ui, |ui| {
            ui.horizontal(|ui| {
                ui.spacing_mut().item_spacing.x = space::S;
                let width = (ui.available_width() - 168.0).max(160.0);
                let hint = "https://crm.example.com/customers?phone={{caller.number}}";
                let field = TextField::new(&mut settings.url).mono().hint(hint).width(width);
                ui.add(field.id_salt("address")).accessible_name("Address");
                placeholders_ui(ui, "Placeholder", "Add a placeholder to the address", &mut settings.url);
            });
        });
    });
    if settings.method == Method::Post {
        body_ui(ui, &mut settings.body, of_body);
    }
}

fn body_ui(ui: &mut Ui, body: &mut Body, error: Option<&str>) {
    let mut kind = match body {
        Body::None => 0,
        Body::Json(_) => 1,
        Body::Form(_) => 2,
    };
    Field::new("What is posted").show_group(ui, |ui| {
        if segmented(ui, &mut kind, &[(0, "Nothing"), (1, "JSON"), (2, "Form")]) {
            *body = match kind {
                1 => Body::Json("{\n  \"phone\": \"{{caller.number}}\"\n}".to_owned()),
                2 => Body::Form("phone={{caller.number}}".to_owned()),
                _ => Body::None,
            };
        }
    });
    let (Body::Json(written) | Body::Form(written)) = body else { return };
    let help =
        if kind == 1 { "Placeholders stand in quotes" } else { "As browsers send it: name=value&name=value" };
    Field::new("Body")
        .help(help)
        .error(error)
        .show(ui, |ui| ui.add(TextField::new(written).mono().rows(4).id_salt("body")));
    placeholders_ui(ui, "Placeholder", "Add a placeholder to the body", written);
}

/// A menu of all placeholders; the chosen one is added at the end of `text`.
fn placeholders_ui(ui: &mut Ui, words: &str, name: &str, written: &mut String) {
    let button =
        Button::secondary(words).with_icon(icons::BRACES).with_trailing(icons::CHEVRON_DOWN).name(name);
    menu_button(ui, button, |ui| {
        for placeholder in KNOWN {
            if menu_item(ui, icons::BRACES, placeholder).clicked() {
                written.extend(["{{", placeholder, "}}"]);
            }
        }
    });
}

fn manners_ui(ui: &mut Ui, settings: &mut Settings) {
    ui.horizontal_wrapped(|ui| {
        ui.spacing_mut().item_spacing.x = space::L;
        let is_wrong = !LIMITS_MS.contains(&settings.time_limit_ms);
        let words = format!("From {} to {}", LIMITS_MS.start(), LIMITS_MS.end());
        let field = Field::new("Wait at most, in ms").error(is_wrong.then_some(words.as_str()));
        let mut typed = settings.time_limit_ms.to_string();
        if field
            .show(ui, |ui| ui.add(TextField::new(&mut typed).width(120.0).id_salt("time limit")))
            .changed()
        {
            let digits: String = typed.chars().filter(char::is_ascii_digit).take(5).collect();
            settings.time_limit_ms = digits.parse().unwrap_or_default();
        }
        let other = format!("{} seconds", settings.remember_s);
        let mut options = REMEMBERED.to_vec();
        if !options.iter().any(|(seconds, _)| *seconds == settings.remember_s) {
            options.push((settings.remember_s, &other));
        }
        Field::new("Remember an answer for")
            .show(ui, |ui| select(ui, "remember", 150.0, &mut settings.remember_s, &options));
    });
    if settings.remember_s > 0 {
        let words = "After that, use the old answer at once, and ask anew behind the call";
        toggle(ui, &mut settings.refresh, words);
    }
    toggle(ui, &mut settings.not_found_is_answer, "Status 404 means that nothing is known of this caller");
    toggle(ui, &mut settings.allow_private, "The server may be on this computer or in my own network");
    toggle(ui, &mut settings.allow_http, "It may be asked without encryption (http://)");
    if settings.allow_http {
        let words = "Whoever can listen in the network reads what is asked and answered, secrets too";
        ui.label(text::help(palette(ui), words));
    }
}
