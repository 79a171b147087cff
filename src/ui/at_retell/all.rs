//! All lines at once: how many are connected, and connecting the others.

use egui::Ui;

use super::{ChangeWish, LineAtRetell};
use crate::service::account::Connection;
use crate::ui::app::{Action, Actions, State};
use crate::ui::theme::{CONTROL_HEIGHT_SMALL, Tone, space};
use crate::ui::widgets::{Button, status};

/// Draws both, where Retell was asked and there are lines.
pub(in crate::ui) fn connect_all_ui(ui: &mut Ui, state: &State, actions: &mut Actions) {
    let lines = state.draft.lines.iter();
    let known: Vec<_> =
        lines.filter_map(|line| Some((line, LineAtRetell::of(line, state)?.connection()?))).collect();
    if known.is_empty() {
        return;
    }
    let others: Vec<String> = known
        .iter()
        .filter(|(_, connection)| *connection != Connection::Here)
        .map(|(line, _)| line.number.clone())
        .collect();
    ui.horizontal(|ui| {
        ui.spacing_mut().item_spacing.x = space::S;
        ui.spacing_mut().interact_size.y = CONTROL_HEIGHT_SMALL;
        match (known.len() - others.len(), known.len()) {
            (1, 1) => status(ui, Tone::Connect, "Your line is connected"),
            (here, all) if here == all => status(ui, Tone::Connect, "All lines are connected"),
            (here, all) => status(ui, Tone::Warning, &format!("{here} of {all} lines connected")),
        };
        let words = if others.len() == 1 { "Connect it…" } else { "Connect them…" };
        let button = Button::secondary(words).name("Connect your lines…").small();
        if !others.is_empty() && ui.add_enabled(!state.account.is_changing, button).clicked() {
            actions.push(Action::ChangeAtRetell(ChangeWish::Connect(others)));
        }
    });
}
