//! The menu that puts a caller on a list.

use egui::Ui;

use super::columns;
use crate::routing::{Entry, Table};
use crate::storage::call_log::Summary;
use crate::ui::app::{Action, Actions, State};
use crate::ui::decision::zone;
use crate::ui::routes::lists::{self, Ended, ListForm};
use crate::ui::theme::icons;
use crate::ui::widgets::{Button, menu_button, menu_item, menu_separator, safe_text};

/// The menu, and the dialog that names a new list while it is open.
#[derive(Default)]
pub(super) struct AddToList {
    form: Option<ListForm>,
}

impl AddToList {
    /// Draws the button. There is none for a caller whose number is not known.
    pub(super) fn ui(&mut self, ui: &mut Ui, state: &State, call: &Summary, actions: &mut Actions) {
        let Some(number) = call.from.as_deref().filter(|number| number.starts_with('+')) else { return };
        let button = Button::secondary("Add to list").with_icon(icons::PLUS);
        let button = button.with_trailing(icons::CHEVRON_DOWN).small();
        menu_button(ui, button, |ui| {
            for list in &state.draft.lists {
                let is_on = lists::holds(list, number, lists::today(state));
                let icon = if is_on { icons::CHECK } else { icons::LIST };
                if !menu_item(ui, icon, &safe_text(&list.name)).clicked() {
                } else if is_on {
                    actions.push(lists::tell(format!(
                        "{} is on {} already",
                        state.number(Some(number)),
                        list.name
                    )));
                } else {
                    add(state, call, number, Table::clone(&state.draft), &list.id, actions);
                }
            }
            if !state.draft.lists.is_empty() {
                menu_separator(ui);
            }
            if menu_item(ui, icons::PLUS, "New list…").clicked() {
                self.form = Some(ListForm::new(&state.draft));
            }
        });
        let Some(form) = &mut self.form else { return };
        match form.ui(ui, &state.draft) {
            None => return,
            Some(Ended::Closed) => {}
            Some(Ended::Saved((name, note))) => {
                let mut table = Table::clone(&state.draft);
                let id = lists::new_list(&mut table, name, note);
                add(state, call, number, table, &id, actions);
            }
        }
        self.form = None;
    }
}

fn add(state: &State, call: &Summary, number: &str, mut table: Table, list: &str, actions: &mut Actions) {
    let day = columns::moment(call).with_timezone(&zone(state)).format("%-d %b");
    let entry = Entry {
        what: number.to_owned(),
        note: format!("from the call on {day}"),
        added: Some(lists::today(state)),
        until: None,
    };
    lists::change_entries(&mut table, list, |entries| entries.push(entry));
    let name = table.list(list).map(|list| list.name.clone()).unwrap_or_default();
    let caller = state.number(Some(number));
    actions.push(Action::Edit { what: format!("Add {caller} to “{name}”"), table });
    actions.push(lists::tell(format!("Added {caller} to {name}. It counts once the draft is published.")));
}
