//! The six screens and the guided start, each with what it keeps between frames.

use std::path::PathBuf;

use egui::Ui;

use crate::routing::{Problem, Table};
use crate::service::messages::Picture;
use crate::ui::calls::CallsScreen;
use crate::ui::guided_start::GuidedStartScreen;
use crate::ui::lines::LinesScreen;
use crate::ui::plugins::PluginsScreen;
use crate::ui::routes::RoutesScreen;
use crate::ui::settings::SettingsScreen;
use crate::ui::try_call::TryCallScreen;
use crate::ui::widgets::shell::Place;

use super::{Actions, SettingFile, State};

/// All screens.
#[derive(Default)]
pub(super) struct Screens {
    routes: RoutesScreen,
    try_call: TryCallScreen,
    calls: CallsScreen,
    lines: LinesScreen,
    plugins: PluginsScreen,
    settings: SettingsScreen,
    guided_start: GuidedStartScreen,
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

    /// Draws the guided start in their place.
    pub(super) fn guided_start_ui(&mut self, ui: &mut Ui, state: &State, actions: &mut Actions) {
        self.guided_start.ui(ui, state, actions);
    }

    /// Adds a rule and opens it on the routes screen.
    pub(super) fn add_rule(&mut self, ui: &Ui, state: &State, actions: &mut Actions) {
        self.routes.add_rule(ui, state, actions);
    }

    /// Opens a rule on the routes screen.
    pub(super) fn show_list(&mut self) {
        self.routes.show_list();
    }

    pub(super) fn open_rule(&mut self, id: &str) {
        self.routes.open_rule(id);
    }

    /// Opens a test case on the routes screen.
    pub(super) fn open_test(&mut self, id: Option<String>) {
        self.routes.open_test(id);
    }

    /// Shows on the routes screen which past calls the draft would answer otherwise.
    pub(super) fn open_backtest(&mut self) {
        self.routes.open_backtest();
    }

    /// Shows all that the checks say on the routes screen.
    pub(super) fn open_checks(&mut self) {
        self.routes.open_checks();
    }

    /// Shows all versions on the routes screen.
    pub(super) fn open_versions(&mut self) {
        self.routes.open_versions();
    }

    /// Opens a look-up on the routes screen.
    pub(super) fn open_look_up(&mut self, id: String) {
        self.routes.open_look_up(id);
    }

    /// Shows a version on the routes screen.
    pub(super) fn open_version(&mut self, version: u32) {
        self.routes.open_version(version);
    }

    /// Opens the fallback on the routes screen.
    pub(super) fn open_fallback(&mut self) {
        self.routes.open_fallback();
    }

    /// The name of the page of help on what is seen.
    pub(super) fn help_page(&self, place: Place) -> &'static str {
        match place {
            Place::Routes => self.routes.help_page(),
            Place::TryCall => "try-a-call",
            Place::Calls => self.calls.help_page(),
            Place::Lines => "lines",
            Place::Plugins => "plugins",
            Place::Settings => "keys",
        }
    }

    /// Texts that stand in fields of the rule editor and cannot be read.
    pub(super) fn unread(&self, draft: &Table) -> Vec<Problem> {
        self.routes.unread(draft)
    }

    /// Forgets half-written texts: the draft they were for is gone.
    pub(super) fn forget_texts(&mut self) {
        self.routes.forget_texts();
    }

    /// Fills a file into a setting of a plugin.
    pub(super) fn setting_file(&mut self, setting: &SettingFile, path: &str) {
        self.plugins.take_file(setting, path);
    }

    /// Tries the requests in these files and folders on "Try a call".
    pub(super) fn try_files(&mut self, paths: Vec<PathBuf>) {
        self.try_call.load_files(paths);
    }

    /// The numbers of the calls as a picture, if they are known.
    pub(super) fn numbers_picture(&self, state: &State, is_dark: bool) -> Option<Picture> {
        self.calls.numbers_picture(state, is_dark)
    }

    /// Shows on the routes screen who answers when.
    pub(super) fn open_week(&mut self) {
        self.routes.open_week();
    }

    /// Fills in "Try a call", against the draft or the live table.
    pub(super) fn try_against(&mut self, payload: &str, draft: bool) {
        self.try_call.load_payload(payload, None);
        self.try_call.try_against(draft);
    }

    /// Fills in "Try a call" with what came at a moment.
    pub(super) fn try_payload(&mut self, payload: &str, came_ms: i64) {
        self.try_call.load_payload(payload, Some(came_ms));
    }
}
