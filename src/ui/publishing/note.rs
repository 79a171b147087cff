//! The note that stays with a version.

use egui::Ui;

use crate::ui::widgets::{Field, TextField};

/// The section that asks for a note.
#[derive(Default)]
pub(super) struct Note {
    text: String,
    was_shown: bool,
}

impl Note {
    /// What was written.
    pub(super) fn text(&self) -> String {
        self.text.trim().to_owned()
    }

    /// Draws it. Says whether Enter was pressed in the field.
    pub(super) fn ui(&mut self, ui: &mut Ui) -> bool {
        let field = Field::new("Note").optional().help("Stays with this version, to know it by later");
        let response = field.show(ui, |ui| {
            ui.add(TextField::new(&mut self.text).hint("Summer hours").id_salt("publish note"))
        });
        if !self.was_shown {
            self.was_shown = true;
            response.request_focus();
        }
        response.lost_focus() && ui.input(|input| input.key_pressed(egui::Key::Enter))
    }
}
