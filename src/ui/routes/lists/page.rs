//! One list: search, its entries, and what can be done with it.

use std::sync::Arc;

use egui::{Role, Ui, WidgetInfo};

use super::super::recount::Recount;
use super::add::AddForm;
use super::edits::{self, entries_words};
use super::entry::EntryForm;
use super::form::{Ended, ListForm};
use super::found::{Found, Show};
use super::rows::{Wanted, rows_ui};
use super::{delete, uses_words};
use crate::plugins::lists::counts;
use crate::routing::{Entry, List, grouped};
use crate::service::messages::Command;
use crate::ui::app::{Action, Actions, State};
use crate::ui::theme::{CONTROL_HEIGHT, CONTROL_HEIGHT_SMALL, icons, palette, space, text};
use crate::ui::widgets::{
    Button, EmptyState, Screen, TextField, card, menu_danger, menu_item, menu_separator, more_menu,
    safe_text, segmented,
};

/// The page of one list, while it is open.
pub(super) struct ListPage {
    pub(super) id: String,
    query: String,
    show: Show,
    found: Found,
    open: Open,
    /// The entries for which calls were counted last.
    counted: Option<Recount<Arc<Vec<Entry>>>>,
}

/// The dialog that is open.
#[derive(Default)]
enum Open {
    #[default]
    Nothing,
    Add(Box<AddForm>),
    Entry(Box<EntryForm>),
    Name(ListForm),
}

impl ListPage {
    pub(super) fn of(id: String) -> Self {
        Self {
            id,
            query: String::new(),
            show: Show::default(),
            found: Found::default(),
            open: Open::default(),
            counted: None,
        }
    }

    /// Draws it. Says whether it stays open.
    pub(super) fn ui(&mut self, ui: &mut Ui, state: &State, actions: &mut Actions) -> bool {
        let Some(list) = state.draft.list(&self.id) else { return false };
        self.count_hits(ui, state, list, actions);
        self.found.update(state, list, &self.query, self.show);
        let mut back = false;
        let (mut opens, mut pressed) = (None, Actions::new());
        let expired = self.found.expired;
        let name = safe_text(&list.name);
        let about = about(state, list);
        Screen::new(&name, &about).no_scroll().show(
            ui,
            |ui| {
                if ui.add(Button::primary("Add numbers…").with_icon(icons::PLUS)).clicked() {
                    opens = Some(Open::Add(Box::default()));
                }
                let button = Button::secondary("Lists").with_icon(icons::CHEVRON_LEFT).name("Back to lists");
                back = ui.add(button).clicked();
                if menu_ui(ui, state, list, expired, &mut pressed) {
                    opens = Some(Open::Name(ListForm::of(list)));
                }
            },
            |ui| {
                if list.entries.is_empty() {
                    self.empty_ui(ui);
                } else {
                    self.entries_ui(ui, state, list, actions);
                }
            },
        );
        actions.append(&mut pressed);
        if let Some(open) = opens {
            self.open = open;
        }
        self.dialog_ui(ui, state, list, actions);
        !back
    }

    /// Asks how often the entries stood for callers.
    fn count_hits(&mut self, ui: &Ui, state: &State, list: &List, actions: &mut Actions) {
        let entries = list.entries.clone();
        if !entries.is_empty()
            && Recount::is_due(&mut self.counted, ui.ctx(), state, entries, |one, other| {
                Arc::ptr_eq(one, other)
            })
        {
            let (list, table) = (list.id.clone(), state.draft.clone());
            actions.push(Action::Send(Command::CountHits { list, table }));
        }
    }

    fn empty_ui(&mut self, ui: &mut Ui) {
        let empty = EmptyState {
            icon: icons::USERS,
            title: "Nobody is on this list yet",
            text: "Paste numbers as they are, by the hundred if you like. Callers can also be added from Calls.",
        };
        let button = Button::secondary("Add numbers…").with_icon(icons::PLUS).name("Add the first numbers");
        if card(ui, |ui| empty.show(ui, |ui| ui.add(button).clicked())).inner {
            self.open = Open::Add(Box::default());
        }
    }

    fn entries_ui(&mut self, ui: &mut Ui, state: &State, list: &List, actions: &mut Actions) {
        ui.scope(|ui| {
            // Else what is lower than a field would stand above its middle.
            ui.spacing_mut().interact_size.y = CONTROL_HEIGHT;
            ui.horizontal(|ui| self.bar_ui(ui, list));
        });
        let wanted = rows_ui(ui, state, list, &self.found.rows, edits::today(state));
        match wanted {
            Some(Wanted::Change(index)) => {
                self.open = Open::Entry(Box::new(EntryForm::of(index, &list.entries[index])));
            }
            Some(Wanted::Remove(index)) => {
                let name = edits::name_of(&list.entries[index], &state.draft.country);
                let what = format!("Remove {name} from “{}”", list.name);
                actions.push(edits::edit(&state.draft, what, |table| {
                    edits::change_entries(table, &list.id, |entries| drop(entries.remove(index)));
                }));
            }
            None => {}
        }
    }

    fn bar_ui(&mut self, ui: &mut Ui, list: &List) {
        let p = palette(ui);
        ui.label(text::icon(icons::SEARCH, p.text_faint));
        let field = TextField::new(&mut self.query).hint("Number or note").width(240.0);
        let response = ui.add(field.id_salt("search entries"));
        response.widget_info(|| WidgetInfo::labeled(Role::SearchInput, true, "Search entries"));
        if !self.query.is_empty() && ui.add(Button::icon(icons::X, "Clear the search")).clicked() {
            self.query.clear();
        }
        let Found { expired, unread, rows, .. } = &self.found;
        ui.spacing_mut().interact_size.y = CONTROL_HEIGHT_SMALL;
        if expired + unread > 0 || self.show != Show::All {
            let all = format!("All ({})", grouped(list.entries.len()));
            let expired = format!("Expired ({})", grouped(*expired));
            let unread = format!("Cannot be read ({})", grouped(*unread));
            let choices = [(Show::All, &*all), (Show::Expired, &*expired), (Show::Unread, &*unread)];
            segmented(ui, &mut self.show, &choices);
        }
        if !self.query.trim().is_empty() {
            ui.add_space(space::XS);
            ui.label(text::faint(p, format!("{} found", grouped(rows.len()))));
        }
    }

    fn dialog_ui(&mut self, ui: &Ui, state: &State, list: &List, actions: &mut Actions) {
        let is_done = match &mut self.open {
            Open::Nothing => return,
            Open::Add(form) => form.ui(ui, state, list).map(|mut done| actions.append(&mut done)).is_some(),
            Open::Entry(form) => form.ui(ui, state, list).map(|mut done| actions.append(&mut done)).is_some(),
            Open::Name(form) => match form.ui(ui, &state.draft) {
                None => false,
                Some(Ended::Closed) => true,
                Some(Ended::Saved((name, note))) => {
                    let what = format!("Rename list “{}”", list.name);
                    actions.push(edits::edit(&state.draft, what, |table| {
                        if let Some(list) = table.lists.iter_mut().find(|list| list.id == self.id) {
                            (list.name, list.note) = (name, note);
                        }
                    }));
                    true
                }
            },
        };
        if is_done {
            self.open = Open::Nothing;
        }
    }
}

/// What can be done with the whole list; says whether it is to be renamed.
fn menu_ui(ui: &mut Ui, state: &State, list: &List, expired: usize, actions: &mut Actions) -> bool {
    let mut renames = false;
    more_menu(ui, "More about this list", |ui| {
        renames = menu_item(ui, icons::PENCIL, "Rename…").clicked();
        if expired > 0 && menu_item(ui, icons::CLOCK, "Remove expired entries").clicked() {
            let today = edits::today(state);
            let what = format!("Remove expired entries of “{}”", list.name);
            actions.push(edits::edit(&state.draft, what, |table| {
                edits::change_entries(table, &list.id, |entries| {
                    entries.retain(|entry| counts(entry, today));
                });
            }));
        }
        menu_separator(ui);
        if menu_danger(ui, icons::TRASH, "Delete list").clicked() {
            actions.push(delete(&state.draft, list));
        }
    });
    renames
}

/// The list in one line: note, how many entries, who uses it.
fn about(state: &State, list: &List) -> String {
    let note = Some(safe_text(&list.note).into_owned()).filter(|note| !note.trim().is_empty());
    let parts = [note, Some(entries_words(list.entries.len())), Some(uses_words(&state.draft, list))];
    parts.into_iter().flatten().collect::<Vec<_>>().join("  ·  ")
}
