//! The button in the header, with the ways to close that take one click.

use egui::Ui;

use super::ClosingStart;
use crate::desktop::{self, Way};
use crate::routing::{Phase, What};
use crate::service::messages::Command;
use crate::service::overriding;
use crate::ui::app::{Action, Actions, State};
use crate::ui::theme::icons;
use crate::ui::widgets::{Button, menu_button, menu_item, menu_separator, safe_text};

/// Draws it.
pub fn button_ui(ui: &mut Ui, state: &State, actions: &mut Actions) {
    let button = Button::secondary("Close…").with_icon(icons::DOOR_CLOSED);
    let tooltip = "Close for a while, or send everything to one agent, whatever the rules say";
    menu_button(ui, button.tooltip(tooltip), |ui| menu_ui(ui, state, actions));
}

fn menu_ui(ui: &mut Ui, state: &State, actions: &mut Actions) {
    ui.set_min_width(260.0);
    for Way { words, until } in desktop::ways(&state.live.table, state.now) {
        let icon = if until.starts_with("next-opening") { icons::CALENDAR_CLOCK } else { icons::CLOCK };
        if menu_item(ui, icon, &format!("Close {}", safe_text(&words))).clicked() {
            actions.push(at_once(state, &until));
        }
    }
    menu_separator(ui);
    if menu_item(ui, icons::DOOR_CLOSED, "Close until…").clicked() {
        actions.push(Action::Close(None));
    }
    if menu_item(ui, icons::PHONE_FORWARDED, "Everything to one agent…").clicked() {
        let start = ClosingStart { what: What::Everything, until: String::new() };
        actions.push(Action::Close(Some(start)));
    }
    menu_separator(ui);
    let coming = state.overrides.standing(Phase::NotYet, state.now).len();
    let list = if coming == 0 {
        "All closures…".to_owned()
    } else {
        format!("All closures… ({coming} to come)")
    };
    if menu_item(ui, icons::LIST, &list).clicked() {
        actions.push(Action::ShowClosures);
    }
}

/// Closes all lines as it was chosen last; where nothing was chosen yet, asks.
fn at_once(state: &State, until: &str) -> Action {
    match overriding::closed_until(until, &state.overrides, &state.live.table, state.now) {
        Some(wish) => Action::Send(Command::Override { wish: Box::new(wish), keep: false }),
        None => Action::Close(Some(ClosingStart { what: What::Closed, until: until.to_owned() })),
    }
}
