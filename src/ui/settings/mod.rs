//! The screen of how the program is set up: its key, where it listens, how it looks.

mod business;
mod call_events;
mod call_log;
mod desktop;
mod key;
mod languages;
mod reaching;
mod receiving;
mod secrets;
mod watcher;

use egui::Ui;

use crate::service::messages::Command;
use crate::storage::{Settings, ThemeChoice};
use crate::ui::app::{Action, Actions, State};
use crate::ui::theme::{CONTROL_HEIGHT_SMALL, icons, space, text};
use crate::ui::widgets::{Button, Screen, key_value, key_value_ui, section, segmented, what_happened_button};

pub(super) use key::KeySection;
pub(super) use reaching::ReachSection;

use receiving::ReceivingSection;

const ABOUT: &str = "How calls reach this computer, where your business is, and how this window looks";

/// The screen's own state.
#[derive(Default)]
pub struct SettingsScreen {
    key: KeySection,
    reaching: ReachSection,
    receiving: ReceivingSection,
    business: business::BusinessSection,
    languages: languages::LanguagesSection,
    secrets: secrets::SecretsSection,
}

impl SettingsScreen {
    /// Draws the screen.
    pub fn ui(&mut self, ui: &mut Ui, state: &State, actions: &mut Actions) {
        Screen::new("Settings", ABOUT).show(
            ui,
            |_| (),
            |ui| {
                self.key.ui(ui, state, actions);
                self.reaching.ui(ui, state, actions);
                watcher::watcher_ui(ui, state, actions);
                self.receiving.ui(ui, state, actions);
                call_events::call_events_ui(ui, state, actions);
                self.business.ui(ui, state, actions);
                self.languages.ui(ui, state, actions);
                self.secrets.ui(ui, state, actions);
                call_log::ui(ui, state, actions);
                desktop::desktop_ui(ui, state, actions);
                look_ui(ui, state, actions);
                files_ui(ui, state, actions);
                about_ui(ui, actions);
            },
        );
    }
}

fn save(settings: Settings) -> Action {
    Action::Send(Command::SaveSettings(settings))
}

fn look_ui(ui: &mut Ui, state: &State, actions: &mut Actions) {
    section(ui, "Look", "Light or dark; the system's own choice is followed as it changes", |ui| {
        let mut theme = state.settings.theme;
        let choices = [
            (ThemeChoice::System, "As the system"),
            (ThemeChoice::Light, "Light"),
            (ThemeChoice::Dark, "Dark"),
        ];
        if segmented(ui, &mut theme, &choices) {
            actions.push(save(Settings { theme, ..state.settings.clone() }));
        }
    });
}

fn files_ui(ui: &mut Ui, state: &State, actions: &mut Actions) {
    let about = "Copy these folders to keep a backup; start with --home to use another one";
    section(ui, "Files", about, |ui| {
        let mut folder = |name: &str, path: &std::path::Path| {
            let path = path.display().to_string();
            key_value_ui(ui, name, |ui| {
                copyable_ui(ui, &path, &format!("Copy the folder of {}", name.to_lowercase()), actions);
            });
        };
        folder("Table and settings", &state.config_folder);
        folder("Versions and calls", &state.data_folder);
    });
}

fn about_ui(ui: &mut Ui, actions: &mut Actions) {
    section(ui, "About", "", |ui| {
        key_value(ui, "Version", env!("CARGO_PKG_VERSION"));
        key_value(ui, "Licence", "MIT or Apache 2.0, as you like");
        key_value_ui(ui, "What broke", what_happened_button);
        key_value_ui(ui, "For support", |ui| {
            let about = "A zip file about the program and how it runs: no keys, numbers or names, and nothing is sent anywhere";
            let button = Button::secondary("Save a report for support…").with_icon(icons::DOWNLOAD);
            if ui.add(button.tooltip(about).small()).clicked() {
                actions.push(Action::SaveDiagnostics);
            }
        });
    });
}

/// A text in the font of code, cut where there is no room, with a button that copies it.
pub(super) fn copyable_ui(ui: &mut Ui, words: &str, copy: &str, actions: &mut Actions) {
    row_ui(ui, CONTROL_HEIGHT_SMALL, |ui| {
        ui.spacing_mut().item_spacing.x = space::S;
        ui.scope(|ui| {
            ui.set_max_width(ui.available_width() - CONTROL_HEIGHT_SMALL - space::S);
            ui.add(egui::Label::new(text::code(words)).truncate().selectable(true)).on_hover_text(words);
        });
        if ui.add(Button::icon(icons::COPY, copy).tooltip("Copy").small()).clicked() {
            actions.push(Action::Copy(words.to_owned()));
        }
    });
}

/// A row of this height, with everything in its middle.
fn row_ui(ui: &mut Ui, height: f32, add: impl FnOnce(&mut Ui)) {
    let before = std::mem::replace(&mut ui.spacing_mut().interact_size.y, height);
    ui.horizontal(add);
    ui.spacing_mut().interact_size.y = before;
}
