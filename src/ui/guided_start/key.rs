//! The key: pasted, and looked at by Retell at once.

use egui::{OpenUrl, Ui};

use crate::service::messages::Command;
use crate::ui::app::{Action, Actions, State};
use crate::ui::settings::KeySection;
use crate::ui::theme::{Tone, icons, palette, space, text};
use crate::ui::widgets::{Banner, Button, Level, status};

/// Where keys are shown.
const DASHBOARD: &str = "https://dashboard.retellai.com/";

/// What is typed, and what was asked.
#[derive(Default)]
pub(super) struct KeyStep {
    section: KeySection,
    /// The key that Retell was asked about.
    asked_for: Option<String>,
}

impl KeyStep {
    /// Draws it. Says whether the owner wants to go on without a key.
    pub(super) fn ui(&mut self, ui: &mut Ui, state: &State, actions: &mut Actions) -> bool {
        self.ask(state, actions);
        ui.label(text::soft(palette(ui), KeySection::ABOUT));
        self.section.body_ui(ui, state, actions);
        let Some(key) = &state.keys.current else { return without_ui(ui) };
        if state.account.is_asking {
            ui.horizontal(|ui| {
                ui.spacing_mut().item_spacing.x = space::S;
                ui.spinner();
                ui.label(text::soft(palette(ui), "Asking Retell whether it knows this key…"));
            });
        } else if let Some(why) = &state.account.failed {
            Banner::new(Level::Error, &why.to_string()).show(ui, |ui| {
                let again = Button::secondary("Ask again").with_icon(icons::REFRESH).small();
                if ui.add(again).clicked() {
                    actions.push(Action::Send(Command::AskRetell));
                }
            });
        } else if state.account.known.is_some() && self.asked_for.as_ref() == Some(key) {
            status(ui, Tone::Connect, "Retell knows this key");
            let badge = "Whether it is the one with the webhook badge shows when the first call comes: with another \
                         one it is refused, and the last step says so";
            ui.label(text::help(palette(ui), badge));
        }
        false
    }

    /// Asks about each key once.
    fn ask(&mut self, state: &State, actions: &mut Actions) {
        let current = &state.keys.current;
        if *current != self.asked_for && !state.account.is_asking {
            self.asked_for.clone_from(current);
            if current.is_some() {
                actions.push(Action::Send(Command::AskRetell));
            }
        }
    }
}

fn without_ui(ui: &mut Ui) -> bool {
    ui.horizontal_wrapped(|ui| {
        ui.spacing_mut().item_spacing.x = space::S;
        let open = Button::secondary("Open Retell's dashboard").with_trailing(icons::ARROW_RIGHT).small();
        if ui.add(open.tooltip(DASHBOARD)).clicked() {
            ui.ctx().open_url(OpenUrl::new_tab(DASHBOARD));
        }
        ui.add(Button::quiet("Practise without a key").small()).clicked()
    })
    .inner
}
