//! The six screens, each with what it keeps between frames.

use egui::Ui;

use crate::ui::lines::LinesScreen;
use crate::ui::plugins::PluginsScreen;
use crate::ui::settings::SettingsScreen;
use crate::ui::widgets::{EmptyState, Screen, shell::Place};

use super::{Actions, State};

/// All screens.
#[derive(Default)]
pub(super) struct Screens {
    lines: LinesScreen,
    plugins: PluginsScreen,
    settings: SettingsScreen,
}

impl Screens {
    /// Draws one of them.
    pub(super) fn ui(&mut self, ui: &mut Ui, place: Place, state: &State, actions: &mut Actions) {
        match place {
            Place::Lines => self.lines.ui(ui, state, actions),
            Place::Plugins => self.plugins.ui(ui, state, actions),
            Place::Settings => self.settings.ui(ui, state, actions),
            Place::Routes | Place::TryCall | Place::Calls => not_yet_ui(ui, place),
        }
    }

    /// Opens a rule on the routes screen.
    pub(super) fn open_rule(&mut self, _id: &str) {}

    /// Fills in "Try a call".
    pub(super) fn try_payload(&mut self, _payload: &str) {}
}

fn not_yet_ui(ui: &mut Ui, place: Place) {
    Screen::new(place.title(), "").show(
        ui,
        |_| (),
        |ui| EmptyState { icon: place.icon(), title: place.title(), text: "" }.show(ui, |_| ()),
    );
}
