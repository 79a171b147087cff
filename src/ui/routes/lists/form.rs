//! The dialogs' shared frame, and the dialog that names a list.

use egui::{Key, Ui};

use crate::routing::{List, Table};
use crate::ui::theme::space;
use crate::ui::widgets::{Button, Dialog, Field, TextField};

/// The name and the remark of a list, as they are typed.
pub(crate) struct ListForm {
    /// The list that is changed; a new one without.
    pub(crate) id: Option<String>,
    name: String,
    note: String,
}

/// How a dialog ended.
pub(crate) enum Ended<T> {
    Saved(T),
    Closed,
}

impl ListForm {
    /// For a new list; the first two are named by what most owners want first.
    pub(crate) fn new(table: &Table) -> Self {
        let is_taken = |name: &str| table.lists.iter().any(|list| list.name.eq_ignore_ascii_case(name));
        let name = ["Block list", "VIP"].into_iter().find(|name| !is_taken(name)).unwrap_or_default();
        Self { id: None, name: name.to_owned(), note: String::new() }
    }

    pub(super) fn of(list: &List) -> Self {
        Self { id: Some(list.id.clone()), name: list.name.clone(), note: list.note.clone() }
    }

    /// Draws it; gives name and note once they are saved.
    pub(crate) fn ui(&mut self, ui: &Ui, table: &Table) -> Option<Ended<(String, String)>> {
        let (title, save) =
            if self.id.is_some() { ("Rename list", "Save") } else { ("New list", "Add list") };
        let typed = self.name.trim().to_lowercase();
        let mut others = table.lists.iter().filter(|list| Some(&list.id) != self.id.as_ref());
        let is_taken = others.any(|list| list.name.to_lowercase() == typed);
        let error = is_taken.then_some("Another list is called that; choose another name");
        let is_ready = !typed.is_empty() && !is_taken;
        let saved = dialog_ui(ui, title, 440.0, (save, is_ready), |ui| {
            let name = Field::new("Name").error(error).show(ui, |ui| {
                ui.add(TextField::new(&mut self.name).hint("Block list").id_salt("list name"))
            });
            if ui.memory(|memory| memory.focused().is_none()) {
                name.request_focus();
            }
            Field::new("Note").optional().show(ui, |ui| {
                ui.add(TextField::new(&mut self.note).hint("Who belongs on it").id_salt("list note"))
            });
            ui.input(|input| input.key_pressed(Key::Enter))
        });
        saved.map(|ended| match ended {
            Ended::Saved(()) => Ended::Saved((self.name.trim().to_owned(), self.note.trim().to_owned())),
            Ended::Closed => Ended::Closed,
        })
    }
}

/// A dialog around fields, with the button that saves and Cancel. `fields` says whether Enter
/// was pressed where that saves.
pub(crate) fn dialog_ui(
    ui: &Ui,
    title: &str,
    width: f32,
    (save, is_ready): (&str, bool),
    fields: impl FnOnce(&mut Ui) -> bool,
) -> Option<Ended<()>> {
    let (enter, (saved, cancelled), close) = Dialog::new(title).width(width).show(
        ui,
        |ui| {
            ui.spacing_mut().item_spacing.y = space::L;
            fields(ui)
        },
        |ui| {
            let saved = ui.add_enabled(is_ready, Button::primary(save)).clicked();
            let cancel = ui.add(Button::secondary("Cancel"));
            (saved, cancel.clicked() || (cancel.has_focus() && ui.input(|i| i.key_pressed(Key::Enter))))
        },
    );
    if cancelled || close {
        return Some(Ended::Closed);
    }
    (saved || (enter && is_ready)).then_some(Ended::Saved(()))
}
