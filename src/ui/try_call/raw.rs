//! The payload as JSON, typed or pasted.

use egui::Ui;

use crate::retell::{Inbound, payload};
use crate::ui::decision;
use crate::ui::theme::icons;
use crate::ui::widgets::{Button, Field, TextField};

/// The text, and what is wrong with it.
#[derive(Default)]
pub(super) struct Raw {
    pub(super) text: String,
    pub(super) error: Option<String>,
}

impl Raw {
    /// Writes a call down, in place of what stood there.
    pub(super) fn write(&mut self, inbound: &Inbound) {
        self.text = decision::pretty(&inbound.to_json());
        self.error = None;
    }

    /// Reads the text; what is wrong with it is kept to be shown.
    pub(super) fn read(&mut self) -> Option<Inbound> {
        let read = payload::parse_pasted(&self.text);
        self.error = read.as_ref().err().map(payload::Unreadable::reason);
        read.ok()
    }

    /// Draws the field; says whether the text was changed.
    pub(super) fn ui(&mut self, ui: &mut Ui, sample: impl FnOnce() -> String) -> bool {
        let field = Field::new("Payload").help("What Retell sends, or what you make of it");
        let mut changed = field
            .error(self.error.as_deref())
            .show(ui, |ui| ui.add(TextField::new(&mut self.text).rows(12).mono().id_salt("payload")))
            .changed();
        if ui.add(Button::secondary("Use the sample").with_icon(icons::FILE_JSON).small()).clicked() {
            self.text = decision::pretty(&sample());
            changed = true;
        }
        changed
    }
}
