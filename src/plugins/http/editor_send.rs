//! The controls for what is sent along: tokens, log-ins, headers. Secrets are typed here and go
//! straight into the key store; what is kept is never shown again.

use egui::Ui;

use super::request::{secret_place, secret_title_error};
use super::settings::{How, Sent, Settings};
use crate::plugins::{LookUpEditor, LookUpWish};
use crate::ui::theme::{CONTROL_HEIGHT, Tone, icons, palette, space, text};
use crate::ui::widgets::{Button, Field, TextField, divider, menu_button, menu_item, select, status};

const HOWS: [(How, &str); 5] = [
    (How::Bearer, "Token (Bearer)"),
    (How::LogIn, "User and password"),
    (How::SecretHeader, "Secret header"),
    (How::SecretInAddress, "Secret in the address"),
    (How::Header, "Header, not secret"),
];

pub(super) fn send_ui(
    ui: &mut Ui,
    settings: &mut Settings,
    context: &LookUpEditor<'_>,
) -> Option<LookUpWish> {
    let (mut wish, mut deleted) = (None, None);
    for index in 0..settings.send.len() {
        ui.push_id(("sent", index), |ui| {
            if index > 0 {
                divider(ui);
            }
            let place = secret_place(settings, &settings.send[index]);
            let sent = &mut settings.send[index];
            if sent_ui(ui, index, sent) {
                deleted = Some(index);
            }
            if sent.how.is_secret() {
                let asked = if let Some((origin, name)) = place {
                    secret_ui(ui, sent, &origin, name, context)
                } else {
                    let words =
                        "Write the address and a name first; the secret is kept for that server alone";
                    ui.label(text::help(palette(ui), words));
                    None
                };
                wish = wish.take().or(asked);
            }
        });
    }
    if let Some(index) = deleted {
        settings.send.remove(index);
    }
    let button = Button::secondary("Add").with_icon(icons::PLUS).with_trailing(icons::CHEVRON_DOWN);
    menu_button(ui, button.name("Add something that is sent along"), |ui| {
        for (how, words) in HOWS {
            let icon = if how.is_secret() { icons::KEY } else { icons::SEND };
            if menu_item(ui, icon, words).clicked() {
                settings.send.push(Sent { how, ..Sent::default() });
            }
        }
    });
    wish
}

/// Says whether it is to be deleted.
fn sent_ui(ui: &mut Ui, index: usize, sent: &mut Sent) -> bool {
    let mut deleted = false;
    ui.horizontal_top(|ui| {
        ui.spacing_mut().item_spacing.x = space::M;
        // Each control says which of them it is of, as there can be several.
        let called = |label: &str| format!("{label}, sent along {}", index + 1);
        Field::new("Sent as").show_group(ui, |ui| {
            select(ui, "how", 180.0, &mut sent.how, &HOWS).accessible_name(called("Sent as"));
        });
        if sent.how.has_name() {
            let hint = if sent.how == How::SecretInAddress { "key" } else { "X-Api-Key" };
            let error = secret_title_error(sent);
            let field = Field::new("Name").error(error.as_deref());
            field.show_group(ui, |ui| {
                let field = TextField::new(&mut sent.name).hint(hint).width(180.0).id_salt("name");
                ui.add(field).accessible_name(called("Name"));
            });
        }
        let value = match sent.how {
            How::LogIn => Some("User"),
            How::Header => Some("Value"),
            How::Bearer | How::SecretHeader | How::SecretInAddress => None,
        };
        if let Some(label) = value {
            let width = (ui.available_width() - 44.0).clamp(120.0, 240.0);
            Field::new(label).show_group(ui, |ui| {
                let field = TextField::new(&mut sent.value).width(width).id_salt("value");
                ui.add(field).accessible_name(called(label));
            });
        }
        ui.vertical(|ui| {
            ui.add_space(24.0);
            let name = format!("Delete what is sent along {}", index + 1);
            deleted = ui.add(Button::icon(icons::TRASH, &name)).clicked();
        });
    });
    deleted
}

/// The secret itself: whether it is here, and a field to enter it.
fn secret_ui(
    ui: &mut Ui,
    sent: &Sent,
    origin: &str,
    name: String,
    context: &LookUpEditor<'_>,
) -> Option<LookUpWish> {
    let what = if sent.how == How::LogIn { "password" } else { "secret" };
    let id = ui.scope_id().with("typed secret");
    let mut typed: String = ui.data(|data| data.get_temp(id)).unwrap_or_default();
    let mut wish = None;
    ui.horizontal(|ui| {
        ui.spacing_mut().item_spacing.x = space::S;
        ui.spacing_mut().interact_size.y = CONTROL_HEIGHT;
        let is_kept = context.secrets.contains(&name);
        if is_kept {
            status(ui, Tone::Connect, "Kept on this computer");
        } else {
            status(ui, Tone::Warning, "Not on this computer");
        }
        let hint = if is_kept { "Replace it" } else { "Paste it here" };
        let field = TextField::new(&mut typed).secret().hint(hint).width(260.0).id_salt("secret");
        let label = format!("The {what} for {}", sent.title());
        let field = ui.add(field).accessible_name(&label);
        let can_save = !typed.trim().is_empty();
        let save = ui.add_enabled(can_save, Button::primary("Save").name(&format!("Save the {what}")));
        let enter = field.lost_focus() && ui.input(|input| input.key_pressed(egui::Key::Enter));
        if can_save && (save.clicked() || enter) {
            wish =
                Some(LookUpWish::KeepSecret { name: name.clone(), secret: Some(std::mem::take(&mut typed)) });
        }
        let forget = Button::quiet("Forget").name("Forget the secret");
        if is_kept && ui.add(forget).clicked() {
            wish = Some(LookUpWish::KeepSecret { name, secret: None });
        }
    });
    ui.data_mut(|data| data.insert_temp(id, typed));
    ui.label(text::help(palette(ui), format!("Sent to {origin} only")));
    wish
}
