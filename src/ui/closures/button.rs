//! The button in the header, with the ways to close that take one click.

use egui::Ui;

use super::ClosingStart;
use crate::routing::{Phase, What, Wish, moment_near};
use crate::service::messages::Command;
use crate::service::overriding;
use crate::ui::app::{Action, Actions, State};
use crate::ui::decision;
use crate::ui::theme::icons;
use crate::ui::widgets::{Button, menu_button, menu_item, menu_separator, safe_text};

/// So many schedules stand in the menu; the dialog has all.
const SCHEDULES: usize = 3;

/// Draws it.
pub fn button_ui(ui: &mut Ui, state: &State, actions: &mut Actions) {
    let button = Button::secondary("Close…").with_icon(icons::DOOR_CLOSED);
    let tooltip = "Close for a while, or send everything to one agent, whatever the rules say";
    menu_button(ui, button.tooltip(tooltip), |ui| menu_ui(ui, state, actions));
}

fn menu_ui(ui: &mut Ui, state: &State, actions: &mut Actions) {
    ui.set_min_width(260.0);
    for (words, until) in [("Close for 30 minutes", "30m"), ("Close for the rest of the day", "today")] {
        if menu_item(ui, icons::CLOCK, words).clicked() {
            actions.push(at_once(state, until));
        }
    }
    let zone = decision::zone(state);
    for schedule in state.live.table.schedules.iter().take(SCHEDULES) {
        let until = format!("next-opening:{}", schedule.name);
        let Ok(opens) = overriding::until(&until, state.now, &state.live.table) else { continue };
        let opens = moment_near(&opens.with_timezone(&zone), state.now);
        let words = format!("Close until {} opens ({opens})", safe_text(&schedule.name));
        if menu_item(ui, icons::CALENDAR_CLOCK, &words).clicked() {
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
    let end = overriding::until(until, state.now, &state.live.table);
    match (&state.overrides.when_closed, end) {
        (Some(then), Ok(end)) => {
            let wish = Wish {
                what: What::Closed,
                line: None,
                from: None,
                until: end,
                then: then.clone(),
                reason: String::new(),
            };
            Action::Send(Command::Override { wish: Box::new(wish), keep: false })
        }
        _ => Action::Close(Some(ClosingStart { what: What::Closed, until: until.to_owned() })),
    }
}
