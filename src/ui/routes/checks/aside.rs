//! The dialog that puts a finding aside, with the owner's reason.

use egui::{Label, Ui};

use super::super::sentences::capital;
use crate::routing::Table;
use crate::routing::checks::{Finding, dismiss};
use crate::ui::app::{Action, Actions, State};
use crate::ui::theme::{palette, space, text};
use crate::ui::widgets::{Button, Dialog, Field, TextField, safe_text};

/// The dialog, while it is open.
pub(super) struct AsideForm {
    finding: Finding,
    reason: String,
    was_shown: bool,
}

impl AsideForm {
    pub(super) fn of(finding: Finding) -> Self {
        Self { finding, reason: String::new(), was_shown: false }
    }

    /// Draws it. Says whether it stays open.
    pub(super) fn ui(&mut self, ui: &Ui, state: &State, actions: &mut Actions) -> bool {
        let word = self.finding.level.word().to_lowercase();
        let mut enter = false;
        let ((), (done, cancel), close) = Dialog::new(&format!("Dismiss this {word}?")).show(
            ui,
            |ui| {
                ui.spacing_mut().item_spacing.y = space::S;
                let sentence =
                    format!("{}: {}", self.finding.place.words(&state.draft), capital(&self.finding.message));
                ui.add(Label::new(text::soft(palette(ui), safe_text(&sentence))).wrap());
                let help = "Kept in the table. It counts again once what it is about is changed";
                let response = Field::new("Reason").optional().help(help).show(ui, |ui| {
                    ui.add(TextField::new(&mut self.reason).hint("Meant to be so").id_salt("reason"))
                });
                if !std::mem::replace(&mut self.was_shown, true) {
                    response.request_focus();
                }
                enter = response.lost_focus() && ui.input(|input| input.key_pressed(egui::Key::Enter));
            },
            |ui| {
                let done = ui.add(Button::primary("Dismiss")).clicked();
                (done, ui.add(Button::secondary("Cancel")).clicked())
            },
        );
        if done || enter {
            let mut table = Table::clone(&state.draft);
            dismiss(&mut table, &self.finding, &self.reason);
            actions.push(Action::Edit { what: format!("Dismiss a {word}"), table });
        }
        !(done || enter || cancel || close)
    }
}
