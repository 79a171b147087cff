//! The secrets of look-ups: which ones this computer has, and forgetting those that nothing needs
//! any more.

use egui::Ui;

use crate::plugins::reach::SECRETS;
use crate::service::HEARTBEAT_ADDRESS;
use crate::service::messages::Command;
use crate::ui::app::{Action, Actions, State};
use crate::ui::theme::{CONTROL_HEIGHT, icons, palette, space, text};
use crate::ui::widgets::{Button, Confirm, safe_text, section};

const ABOUT: &str = "Tokens and passwords that look-ups send to their servers; they are entered on a look-up's page and are never part of the table";

/// What is being done with the secrets.
#[derive(Default)]
pub(super) struct SecretsSection {
    /// The name of the one that is about to be forgotten.
    forgetting: Option<String>,
}

impl SecretsSection {
    /// Draws it, if there are any.
    pub(super) fn ui(&mut self, ui: &mut Ui, state: &State, actions: &mut Actions) {
        // Those of tunnels and of the watcher are entered and forgotten where these are.
        let is_elsewhere = |name: &str| name.starts_with(SECRETS) || name == HEARTBEAT_ADDRESS;
        let of_look_ups = || state.secrets.iter().filter(|name| !is_elsewhere(name));
        if of_look_ups().next().is_none() {
            return;
        }
        section(ui, "Secrets of look-ups", ABOUT, |ui| {
            for name in of_look_ups() {
                super::row_ui(ui, CONTROL_HEIGHT, |ui| {
                    ui.spacing_mut().item_spacing.x = space::S;
                    ui.label(text::icon(icons::KEY, palette(ui).text_soft));
                    ui.label(text::code(safe_text(name)));
                    let label = format!("Forget the secret {name}");
                    if ui.add(Button::quiet("Forget…").name(&label)).clicked() {
                        self.forgetting = Some(name.clone());
                    }
                });
            }
        });
        let Some(name) = &self.forgetting else { return };
        let text = format!("Look-ups that need it give nothing until it is entered again: {name}");
        let ask = Confirm { title: "Forget this secret?", text: &text, yes: "Forget it", danger: true };
        let Some(answer) = ask.ask(ui) else { return };
        let name = name.clone();
        self.forgetting = None;
        actions.extend(answer.then(|| Action::Send(Command::SetSecret { name, secret: None })));
    }
}
