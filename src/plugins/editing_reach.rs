//! What editors of ways to be reached share: a secret that is typed and never shown again.

use egui::Ui;

use super::reach::{ReachEditor, SecretWish};
use crate::ui::theme::{CONTROL_HEIGHT, Tone, space};
use crate::ui::widgets::{Button, Field, TextField, status};

/// A secret: whether it is here, and a field to enter it.
pub(super) fn secret_ui(
    ui: &mut Ui,
    label: &str,
    help: &str,
    name: &'static str,
    context: &ReachEditor<'_>,
) -> Option<SecretWish> {
    let id = ui.scope_id().with(name);
    let mut typed: String = ui.data(|data| data.get_temp(id)).unwrap_or_default();
    let mut wish = None;
    Field::new(label).help(help).show_group(ui, |ui| {
        ui.horizontal(|ui| {
            ui.spacing_mut().item_spacing.x = space::S;
            ui.spacing_mut().interact_size.y = CONTROL_HEIGHT;
            let is_kept = context.secrets.contains(name);
            if is_kept {
                status(ui, Tone::Connect, "Kept on this computer");
            }
            let hint = if is_kept { "Replace it" } else { "Paste it here" };
            let field = TextField::new(&mut typed).secret().hint(hint).width(300.0).id_salt(name);
            let field = ui.add(field).accessible_name(label);
            let can_save = !typed.trim().is_empty();
            let save = Button::secondary("Save").name("Save the token");
            let save = ui.add_enabled(can_save, save);
            let enter = field.lost_focus() && ui.input(|input| input.key_pressed(egui::Key::Enter));
            if can_save && (save.clicked() || enter) {
                wish = Some(SecretWish { name, secret: Some(std::mem::take(&mut typed)) });
            }
            if is_kept && ui.add(Button::quiet("Forget").name("Forget the token")).clicked() {
                wish = Some(SecretWish { name, secret: None });
            }
        });
    });
    ui.data_mut(|data| data.insert_temp(id, typed));
    wish
}
