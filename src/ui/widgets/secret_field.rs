//! A secret that is typed and never shown again: whether it is kept, a field to enter it, and a way to
//! forget it.

use egui::{Key, Ui};

use super::{Button, Field, TextField, status};
use crate::ui::theme::{CONTROL_HEIGHT, Tone, space};

/// A field for a secret.
#[must_use = "show it in a ui"]
pub struct SecretField<'a> {
    label: &'a str,
    what: &'a str,
    help: &'a str,
    is_kept: bool,
    check: fn(&str) -> Option<String>,
}

/// What is to become of a secret.
#[derive(Clone, PartialEq, Eq)]
pub enum SecretTyped {
    /// It is kept as it was typed.
    Keep(String),
    /// The one that is kept is forgotten.
    Forget,
}

impl<'a> SecretField<'a> {
    /// A field with this label for such a thing, a "token" say. `is_kept`: there is one on this computer.
    pub fn new(label: &'a str, what: &'a str, is_kept: bool) -> Self {
        Self { label, what, help: "", is_kept, check: |_| None }
    }

    /// A sentence below that helps.
    pub fn help(mut self, help: &'a str) -> Self {
        self.help = help;
        self
    }

    /// Says what is wrong with what is typed, if anything is; such a thing is not kept.
    pub fn check(mut self, check: fn(&str) -> Option<String>) -> Self {
        self.check = check;
        self
    }

    /// Draws it.
    pub fn ui(self, ui: &mut Ui) -> Option<SecretTyped> {
        let Self { label, what, help, is_kept, check } = self;
        let id = ui.scope_id().with(label);
        let mut typed: String = ui.data(|data| data.get_temp(id)).unwrap_or_default();
        let is_typed = !typed.trim().is_empty();
        let error = if is_typed { check(&typed) } else { None };
        let mut wish = None;
        Field::new(label).help(help).error(error.as_deref()).show_group(ui, |ui| {
            ui.horizontal(|ui| {
                ui.spacing_mut().item_spacing.x = space::S;
                ui.spacing_mut().interact_size.y = CONTROL_HEIGHT;
                if is_kept {
                    status(ui, Tone::Connect, "Kept on this computer");
                }
                let hint = if is_kept { "Replace it" } else { "Paste it here" };
                let field = TextField::new(&mut typed).secret().hint(hint).width(300.0).id_salt(label);
                let field = ui.add(field).accessible_name(label);
                let can_save = is_typed && error.is_none();
                let (save, forget) = (format!("Save the {what}"), format!("Forget the {what}"));
                let save = ui.add_enabled(can_save, Button::secondary("Save").name(&save));
                let enter = field.lost_focus() && ui.input(|input| input.key_pressed(Key::Enter));
                if can_save && (save.clicked() || enter) {
                    wish = Some(SecretTyped::Keep(std::mem::take(&mut typed)));
                }
                if is_kept && ui.add(Button::quiet("Forget").name(&forget)).clicked() {
                    wish = Some(SecretTyped::Forget);
                }
            });
        });
        ui.data_mut(|data| data.insert_temp(id, typed));
        wish
    }
}
