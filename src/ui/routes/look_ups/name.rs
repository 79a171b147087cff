//! The dialog that renames a look-up.

use egui::{Key, Ui};

use super::edits;
use crate::routing::UsedLookUp;
use crate::ui::app::{Actions, State};
use crate::ui::routes::lists::{Ended, dialog_ui};
use crate::ui::widgets::{Field, TextField};

/// A name as it is typed.
pub(super) struct NameForm {
    id: String,
    name: String,
}

impl NameForm {
    pub(super) fn of(used: &UsedLookUp) -> Self {
        Self { id: used.id.clone(), name: used.name.clone() }
    }

    /// The id of the look-up, which may have changed with its name.
    pub(super) fn into_id(self) -> String {
        self.id
    }

    /// Draws it; says whether it is done with.
    pub(super) fn ui(&mut self, ui: &Ui, state: &State, actions: &mut Actions) -> bool {
        let typed = self.name.trim().to_lowercase();
        let mut others = state.draft.look_ups.iter().filter(|used| used.id != self.id);
        let is_taken = others.any(|used| used.name.to_lowercase() == typed);
        let error = is_taken.then_some("Another look-up is called that; choose another name");
        let is_ready = !typed.is_empty() && !is_taken;
        let ended = dialog_ui(ui, "Rename look-up", 440.0, ("Save", is_ready), |ui| {
            let name = Field::new("Name").error(error).show(ui, |ui| {
                ui.add(TextField::new(&mut self.name).hint("Customers").id_salt("look-up name"))
            });
            if ui.memory(|memory| memory.focused().is_none()) {
                name.request_focus();
            }
            ui.input(|input| input.key_pressed(Key::Enter))
        });
        if let Some(Ended::Saved(())) = ended
            && let Some((action, id)) = edits::rename(state, &self.id, self.name.trim().to_owned())
        {
            actions.push(action);
            self.id = id;
        }
        ended.is_some()
    }
}
