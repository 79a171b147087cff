//! The dialog that changes one entry.

use egui::{Key, Ui};

use super::edits;
use super::form::{Ended, dialog_ui};
use super::until::Until;
use crate::plugins::lists::Who;
use crate::routing::{Entry, List};
use crate::ui::app::{Action, State};
use crate::ui::widgets::{Field, TextField};

/// An entry as it is typed.
pub(super) struct EntryForm {
    /// Where it stands, and how it was.
    index: usize,
    before: Entry,
    what: String,
    note: String,
    until: Until,
}

impl EntryForm {
    pub(super) fn of(index: usize, entry: &Entry) -> Self {
        let before = entry.clone();
        let Entry { what, note, until, .. } = entry.clone();
        Self { index, before, what, note, until: Until::of(until) }
    }

    /// Draws it; gives what is to be done once it is done with.
    pub(super) fn ui(&mut self, ui: &Ui, state: &State, list: &List) -> Option<Vec<Action>> {
        let home = &state.draft.country;
        let who = Who::read(&self.what, home);
        let said = who.as_ref().map(|who| who.words(home)).unwrap_or_default();
        let error = "This cannot be read, so it matches nobody; write a number, +49*, or country:DE";
        let is_ready = !self.what.trim().is_empty() && self.until.day().is_ok();
        let ended = dialog_ui(ui, "Change entry", 480.0, ("Save", is_ready), |ui| {
            let field = Field::new("Caller").help(&said).error(who.is_none().then_some(error));
            let what = field.show(ui, |ui| {
                ui.add(TextField::new(&mut self.what).mono().hint("+14155552671").id_salt("entry what"))
            });
            if ui.memory(|memory| memory.focused().is_none()) {
                what.request_focus();
            }
            Field::new("Note").optional().show(ui, |ui| {
                ui.add(TextField::new(&mut self.note).hint("Robocaller").id_salt("entry note"))
            });
            self.until.ui(ui, edits::today(state));
            what.lost_focus() && ui.input(|input| input.key_pressed(Key::Enter))
        });
        ended.map(|ended| match ended {
            Ended::Saved(()) => self.save(state, list, who).into_iter().collect(),
            Ended::Closed => Vec::new(),
        })
    }

    fn save(&self, state: &State, list: &List, who: Option<Who>) -> Option<Action> {
        let entry = Entry {
            what: who.map_or_else(|| self.what.trim().to_owned(), |who| who.written()),
            note: self.note.trim().to_owned(),
            added: self.before.added,
            until: self.until.day().ok()?,
        };
        // The draft may have changed from outside in the meantime.
        let is_there = list.entries.get(self.index) == Some(&self.before);
        (is_there && entry != self.before).then(|| {
            edits::edit(&state.draft, format!("Change list “{}”", list.name), |table| {
                edits::change_entries(table, &list.id, |entries| entries[self.index] = entry);
            })
        })
    }
}
