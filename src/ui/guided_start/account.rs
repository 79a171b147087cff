//! Lines and agents: those at Retell by their names, ready to be added.

use std::sync::Arc;

use egui::Ui;

use crate::routing::Table;
use crate::service::account::Account;
use crate::ui::app::{Action, Actions, State};
use crate::ui::lines::NewAtRetell;
use crate::ui::theme::{icons, palette, space, text};
use crate::ui::widgets::shell::Place;
use crate::ui::widgets::{Button, agent, safe_text};

/// What is at Retell and not here yet, with what is ticked.
#[derive(Default)]
pub(super) struct AccountStep {
    offered: Option<Offered>,
}

/// An offer, and what it was made from.
struct Offered {
    account: Arc<Account>,
    draft: Arc<Table>,
    new: NewAtRetell,
}

impl AccountStep {
    pub(super) fn ui(&mut self, ui: &mut Ui, state: &State, actions: &mut Actions) {
        here_ui(ui, state);
        let Some(account) = &state.account.known else {
            ui.label(text::soft(palette(ui), "They appear here by name once Retell knows your key"));
            type_ui(ui, actions);
            return;
        };
        let is_of_now = |offered: &Offered| {
            Arc::ptr_eq(&offered.account, account) && Arc::ptr_eq(&offered.draft, &state.draft)
        };
        let offered = self.offered.take().filter(is_of_now).unwrap_or_else(|| Offered {
            account: account.clone(),
            draft: state.draft.clone(),
            new: NewAtRetell::of(account, &state.draft),
        });
        let Offered { new, .. } = self.offered.insert(offered);
        if new.is_empty() {
            let words = "All numbers and agents that you have at Retell are here";
            ui.label(text::soft(palette(ui), words));
            type_ui(ui, actions);
            return;
        }
        ui.label(text::soft(
            palette(ui),
            "At Retell there are also these. Their names can be changed here later",
        ));
        new.ticks_ui(ui, state);
        ui.add_space(space::XS);
        let words = format!("Add {}", new.wanted_words());
        if ui.add_enabled(new.is_wanted(), Button::primary(&words).with_icon(icons::PLUS)).clicked() {
            actions.push(new.edit(state));
        }
    }
}

/// What is here by now.
fn here_ui(ui: &mut Ui, state: &State) {
    for line in &state.draft.lines {
        let words = state.named_number(&line.name, &line.number);
        ui.horizontal(|ui| {
            ui.label(text::icon(icons::PHONE, palette(ui).text_soft));
            ui.label(text::body(safe_text(&words)));
        });
    }
    for one in &state.draft.agents {
        agent(ui, &one.id, &one.name);
    }
}

fn type_ui(ui: &mut Ui, actions: &mut Actions) {
    let button = Button::quiet("Type them in instead").with_trailing(icons::ARROW_RIGHT).small();
    if ui.add(button).clicked() {
        actions.push(Action::Go(Place::Lines));
    }
}
