//! Throwing the draft away.

use egui::Ui;

use crate::service::messages::Command;
use crate::ui::app::{Action, Actions, State};
use crate::ui::widgets::Confirm;

/// Asks whether the draft shall be thrown away, and does it. Says whether the question stays.
pub fn discard_ui(ui: &Ui, state: &State, actions: &mut Actions) -> bool {
    let version = state.live.version;
    let lost = match state.changes.len() {
        0 => "Nothing changes",
        1 => "One change is taken back",
        n => &format!("{n} changes are taken back"),
    };
    let text = format!(
        "{lost}, and the draft is as version {version} again, which is live. Undo brings it back as long as this window is open."
    );
    let answer =
        Confirm { title: "Discard the draft?", text: &text, yes: "Discard draft", danger: true }.ask(ui);
    if answer == Some(true) {
        actions.push(Action::Send(Command::DiscardDraft));
    }
    answer.is_none()
}
