//! The page of lists: callers with a name, shared by rules; and the page of each.

mod add;
mod edits;
mod entry;
mod form;
mod found;
mod page;
mod rows;
mod until;
mod uses;

use egui::{Label, Sides, Ui};

use crate::routing::{List, Table};
use crate::service::messages::{Level, Note};
use crate::ui::app::{Action, Actions, State};
use crate::ui::theme::{icons, palette, space, text};
use crate::ui::widgets::{Button, EmptyState, Screen, card, menu_danger, more_menu, safe_text};
pub(crate) use edits::{change_entries, edit, holds, new_list, tell, today};
pub(crate) use form::{Ended, ListForm, dialog_ui};
use page::ListPage;
use uses::rules_using;

/// The page, while it is open.
#[derive(Default)]
pub(super) struct Lists {
    /// The list that is looked into.
    page: Option<ListPage>,
    /// The dialog that names a new list.
    form: Option<ListForm>,
}

impl Lists {
    /// Draws it. Says whether it stays open.
    pub(super) fn ui(&mut self, ui: &mut Ui, state: &State, actions: &mut Actions) -> bool {
        if let Some(page) = &mut self.page {
            if !page.ui(ui, state, actions) {
                self.page = None;
                ui.ctx().request_repaint();
            }
            return true;
        }
        let (mut back, mut adds) = (false, false);
        let adds_first = Screen::new("Lists", "Callers whom rules treat alike, such as a block list").show(
            ui,
            |ui| {
                adds = ui.add(Button::primary("Add a list…").with_icon(icons::PLUS)).clicked();
                back = super::back_button(ui);
            },
            |ui| {
                for list in &state.draft.lists {
                    ui.push_id(&list.id, |ui| self.list_ui(ui, state, list, actions));
                }
                state.draft.lists.is_empty() && empty_ui(ui)
            },
        );
        if adds || adds_first {
            self.form = Some(ListForm::new(&state.draft));
        }
        self.form_ui(ui, state, actions);
        !back
    }

    fn list_ui(&mut self, ui: &mut Ui, state: &State, list: &List, actions: &mut Actions) {
        card(ui, |ui| match row_ui(ui, &state.draft, list) {
            Some(Asked::Open) => {
                self.page = Some(ListPage::of(list.id.clone()));
                ui.ctx().request_repaint();
            }
            Some(Asked::Delete) => actions.push(delete(&state.draft, list)),
            None => {}
        });
    }

    fn form_ui(&mut self, ui: &Ui, state: &State, actions: &mut Actions) {
        let Some(form) = &mut self.form else { return };
        match form.ui(ui, &state.draft) {
            None => return,
            Some(Ended::Closed) => {}
            Some(Ended::Saved((name, note))) => {
                let mut table = Table::clone(&state.draft);
                let what = format!("Add list “{name}”");
                self.page = Some(ListPage::of(new_list(&mut table, name, note)));
                actions.push(Action::Edit { what, table });
            }
        }
        self.form = None;
    }
}

enum Asked {
    Open,
    Delete,
}

/// Name, note, how many entries and uses, and what can be done.
fn row_ui(ui: &mut Ui, table: &Table, list: &List) -> Option<Asked> {
    let p = palette(ui);
    let name = safe_text(&list.name);
    let mut asked = None;
    ui.spacing_mut().item_spacing.y = space::XS;
    Sides::new().shrink_left().height(32.0).show(
        ui,
        |ui| {
            ui.label(text::icon(icons::LIST, p.text_faint));
            ui.add(Label::new(text::strong(&*name)).truncate());
            ui.label(text::soft(p, edits::entries_words(list.entries.len())));
        },
        |ui| {
            more_menu(ui, &format!("More about {name}"), |ui| {
                if menu_danger(ui, icons::TRASH, "Delete list").clicked() {
                    asked = Some(Asked::Delete);
                }
            });
            if ui.add(Button::secondary("Open").small().name(&format!("Open {name}"))).clicked() {
                asked = Some(Asked::Open);
            }
            ui.label(text::faint(p, uses_words(table, list)));
        },
    );
    if !list.note.trim().is_empty() {
        ui.add(Label::new(text::help(p, safe_text(&list.note))).truncate());
    }
    asked
}

fn uses_words(table: &Table, list: &List) -> String {
    match rules_using(table, list).len() {
        0 => "Not used by any rule".to_owned(),
        1 => "Used by 1 rule".to_owned(),
        n => format!("Used by {n} rules"),
    }
}

/// Deletes a list, or tells which rules need it.
fn delete(table: &Table, list: &List) -> Action {
    let users = rules_using(table, list);
    if users.is_empty() {
        return edit(table, format!("Delete list “{}”", list.name), |table| {
            table.lists.retain(|other| other.id != list.id);
        });
    }
    let text =
        format!("“{}” is not deleted, as it is used by {}. Change that first.", list.name, users.join(", "));
    Action::Tell(Note { level: Level::Warning, text })
}

fn empty_ui(ui: &mut Ui) -> bool {
    let empty = EmptyState {
        icon: icons::LIST,
        title: "No lists yet",
        text: "A list holds callers, such as those you block or your best customers. Rules can then ask who is on it.",
    };
    let add = Button::secondary("Add a list…").with_icon(icons::PLUS).name("Add the first list");
    card(ui, |ui| empty.show(ui, |ui| ui.add(add).clicked())).inner
}
