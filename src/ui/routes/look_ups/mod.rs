//! The page of look-ups in use: what is asked about each call, in order; and the page of each.

mod edits;
mod name;
mod page;
mod row;
mod test;
mod uses;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use egui::Ui;

use crate::plugins::Manifest;
use crate::routing::{Table, UsedLookUp};
use crate::service::messages::{Command, Inspect};
use crate::ui::app::{Action, Actions, State};
use crate::ui::theme::icons;
use crate::ui::widgets::{Button, EmptyState, Screen, card, menu_button, menu_item};
use name::NameForm;
use page::LookUpPage;
use row::Asked;

/// The page, while it is open.
#[derive(Default)]
pub(super) struct LookUps {
    /// The look-up that is looked into.
    page: Option<LookUpPage>,
    /// The dialog that renames one.
    naming: Option<NameForm>,
    /// Since when each has not been looked at anew.
    looked: BTreeMap<String, Looked>,
}

/// What a look-up was like when it was looked at: anything else, and it is looked at again.
#[derive(PartialEq)]
struct Looked {
    settings: serde_json::Value,
    country: String,
    calls: u64,
    changes: u64,
    failures: u64,
    secrets: BTreeSet<String>,
}

impl LookUps {
    /// The page of the look-up with this id.
    pub(super) fn at(id: String) -> Self {
        Self { page: Some(LookUpPage::of(id)), ..Self::default() }
    }

    /// Draws it. Says whether it stays open.
    pub(super) fn ui(&mut self, ui: &mut Ui, state: &State, actions: &mut Actions) -> bool {
        self.look(state, actions);
        if let Some(page) = &mut self.page {
            if !page.ui(ui, state, actions) {
                self.page = None;
                ui.ctx().request_repaint();
            }
            return true;
        }
        let (mut back, mut added) = (false, None);
        let about =
            "What is asked about each call, from the top, so that rules and agents know more about it";
        Screen::new("Contacts & look-ups", about).show(
            ui,
            |ui| {
                added = add_menu(ui, state, Button::primary("Add a look-up").with_icon(icons::PLUS));
                back = super::back_button(ui);
            },
            |ui| {
                for (index, used) in state.draft.look_ups.iter().enumerate() {
                    ui.push_id(&used.id, |ui| self.row_ui(ui, state, index, used, actions));
                }
                if state.draft.look_ups.is_empty() {
                    empty_ui(ui);
                }
            },
        );
        if let Some((action, id)) = added.and_then(|plugin| edits::add(state, &plugin)) {
            actions.push(action);
            self.page = Some(LookUpPage::of(id));
        }
        self.naming.take_if(|form| form.ui(ui, state, actions));
        !back
    }

    fn row_ui(&mut self, ui: &mut Ui, state: &State, index: usize, used: &UsedLookUp, actions: &mut Actions) {
        match card(ui, |ui| row::row_ui(ui, state, index, used)).inner {
            None => {}
            Some(Asked::Open) => {
                self.page = Some(LookUpPage::of(used.id.clone()));
                ui.ctx().request_repaint();
            }
            Some(Asked::Rename) => self.naming = Some(NameForm::of(used)),
            Some(Asked::Switch) => actions.push(edits::switch(&state.draft, index)),
            Some(Asked::Move(to)) => actions.extend(edits::shift(&state.draft, index, to)),
            Some(Asked::Delete) => actions.push(edits::delete(state, used)),
        }
    }

    /// Asks how each is doing, when that may have changed.
    fn look(&mut self, state: &State, actions: &mut Actions) {
        for used in &state.draft.look_ups {
            let now = Looked {
                settings: used.settings.clone(),
                country: state.draft.country.clone(),
                calls: state.total_calls,
                changes: state.look_up_changes,
                failures: state.failures,
                secrets: state.secrets.clone(),
            };
            if self.looked.get(&used.id) != Some(&now) {
                self.looked.insert(used.id.clone(), now);
                actions.push(inspect(&state.draft, &used.id, None));
            }
        }
    }
}

/// Asks to look at a look-up of the draft.
fn inspect(draft: &Arc<Table>, id: &str, test: Option<crate::routing::Call>) -> Action {
    Action::Send(Command::Inspect(Box::new(Inspect { id: id.to_owned(), table: Arc::clone(draft), test })))
}

/// A button with the plugins that can be used behind it. Gives the one that was chosen.
fn add_menu(ui: &mut Ui, state: &State, button: Button<'_>) -> Option<Manifest> {
    let mut chosen = None;
    menu_button(ui, button.with_trailing(icons::CHEVRON_DOWN), |ui| {
        for (plugin, _) in state.registry.usable() {
            let manifest = plugin.manifest();
            let item = menu_item(ui, row::icon_of(&manifest.id), &manifest.name);
            if item.on_hover_text(&manifest.summary).clicked() {
                chosen = Some(manifest.clone());
            }
        }
    });
    chosen
}

fn empty_ui(ui: &mut Ui) {
    let empty = EmptyState {
        icon: icons::USERS,
        title: "Nothing is looked up yet",
        text: "Add a file of contacts, say, and rules can ask who calls, and agents can greet callers by name.",
    };
    card(ui, |ui| empty.show(ui, |_| ()));
}
