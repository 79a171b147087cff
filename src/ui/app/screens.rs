//! The six screens, each with what it keeps between frames.

use egui::Ui;

use crate::ui::calls::CallsScreen;
use crate::ui::lines::LinesScreen;
use crate::ui::plugins::PluginsScreen;
use crate::ui::routes::RoutesScreen;
use crate::ui::settings::SettingsScreen;
use crate::ui::try_call::TryCallScreen;
use crate::ui::widgets::shell::Place;

use super::{Actions, State};

/// All screens.
#[derive(Default)]
pub(super) struct Screens {
    routes: RoutesScreen,
    try_call: TryCallScreen,
    calls: CallsScreen,
    lines: LinesScreen,
    plugins: PluginsScreen,
    settings: SettingsScreen,
}

impl Screens {
    /// Draws one of them.
    pub(super) fn ui(&mut self, ui: &mut Ui, place: Place, state: &State, actions: &mut Actions) {
        match place {
            Place::Routes => self.routes.ui(ui, state, actions),
            Place::TryCall => self.try_call.ui(ui, state, actions),
            Place::Calls => self.calls.ui(ui, state, actions),
            Place::Lines => self.lines.ui(ui, state, actions),
            Place::Plugins => self.plugins.ui(ui, state, actions),
            Place::Settings => self.settings.ui(ui, state, actions),
        }
    }

    /// Opens a rule on the routes screen.
    pub(super) fn open_rule(&mut self, id: &str) {
        self.routes.open_rule(id);
    }

    /// Fills in "Try a call".
    pub(super) fn try_payload(&mut self, payload: &str) {
        self.try_call.load_payload(payload);
    }
}
