//! Throwing the draft away.

use egui::Ui;

use crate::service::messages::Command;
use crate::ui::app::{Action, Actions, State};
use crate::ui::widgets::Confirm;

/// Asks whether the draft shall be thrown away, and does it. Says whether the question stays.
pub fn discard_ui(ui: &Ui, state: &State, actions: &mut Actions) -> bool {
    let lost = match state.changes.len() {
        0 => "Nothing is lost".to_owned(),
        1 => "One change is lost".to_owned(),
        n => format!("{n} changes are lost"),
    };
    let version = state.live.version;
    let text = format!("{lost}, and the draft becomes version {version} again, which is live.");
    let answer =
        Confirm { title: "Discard the draft?", text: &text, yes: "Discard draft", danger: true }.ask(ui);
    if answer == Some(true) {
        actions.push(Action::Send(Command::DiscardDraft));
    }
    answer.is_none()
}
