//! What was changed at Retell last, with the way back.

use chrono::{DateTime, Utc};
use egui::Ui;

use crate::retell::account::NumberChange;
use crate::service::account::words;
use crate::service::messages::Command;
use crate::ui::app::{Action, Actions, State};
use crate::ui::theme::{icons, palette, space, text};
use crate::ui::widgets::{Banner, Button, Level, safe_text};

/// The strip that says so.
#[derive(Default)]
pub(in crate::ui) struct ChangedStrip {
    /// The last change that was read.
    read: Option<DateTime<Utc>>,
}

impl ChangedStrip {
    /// Draws it, if there is something to say.
    pub(in crate::ui) fn ui(&mut self, ui: &mut Ui, state: &State, actions: &mut Actions) {
        if state.account.is_changing {
            ui.horizontal(|ui| {
                ui.spacing_mut().item_spacing.x = space::S;
                ui.spinner();
                ui.label(text::soft(palette(ui), "Changing it at Retell…"));
            });
            return;
        }
        let Some(changed) = state.account.changed.as_ref().filter(|changed| Some(changed.at) != self.read)
        else {
            return;
        };
        let told: Vec<String> = changed.changes.iter().map(|change| told(state, change)).collect();
        let Some((first, rest)) = told.split_first() else { return };
        Banner::new(Level::Success, first).detail(&rest.join(". ")).show(ui, |ui| {
            if ui.add(Button::secondary("Undo").name("Undo this at Retell").with_icon(icons::UNDO)).clicked()
            {
                actions.push(Action::Send(Command::ChangeAtRetell(changed.back())));
            }
            if ui.add(Button::quiet("OK").name("Done reading what was changed at Retell")).clicked() {
                self.read = Some(changed.at);
            }
        });
    }
}

fn told(state: &State, change: &NumberChange) -> String {
    let line = state.draft.line_by_number(&change.number);
    let name = line.map_or_else(|| state.number(Some(&change.number)), |line| line.name.clone());
    safe_text(&words::after(change, &name)).into_owned()
}
