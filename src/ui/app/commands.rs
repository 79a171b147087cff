//! Does what people did, in the order they did it.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use egui::Context;

use crate::routing::Table;
use crate::service::messages::{Command, Level, Note, PluginWish};
use crate::ui::at_retell::ChangeDialog;
use crate::ui::widgets::shell::Place;

use super::files::Wish;
use super::{Action, App, FileWish, HoursFile, SettingFile};

const ODD_PATH: &str = "The path of this file has letters that cannot be kept; rename the file or its folder";

impl App {
    pub(super) fn act(&mut self, ctx: &Context, action: Action) {
        // Whatever shows a screen leaves the guided start.
        self.is_guided &= !goes_elsewhere(&action);
        match action {
            Action::Edit { what, table } => self.edit(what, table),
            Action::Undo => self.turn_back(),
            Action::Redo => self.turn_forth(),
            Action::Send(command) => self.outbox.send(command),
            Action::Go(place) => self.place = place,
            Action::OpenGuidedStart => self.is_guided = true,
            Action::OpenRule(id) => {
                self.place = Place::Routes;
                self.screens.open_rule(&id);
            }
            Action::OpenFallback => {
                self.place = Place::Routes;
                self.screens.open_fallback();
            }
            Action::OpenTest(id) => {
                self.place = Place::Routes;
                self.screens.open_test(id);
            }
            Action::OpenBacktest => {
                self.place = Place::Routes;
                self.screens.open_backtest();
            }
            Action::OpenLookUp(id) => {
                self.place = Place::Routes;
                self.screens.open_look_up(id);
            }
            Action::OpenChecks => {
                self.place = Place::Routes;
                self.screens.open_checks();
            }
            Action::OpenVersions => {
                self.place = Place::Routes;
                self.screens.open_versions();
            }
            Action::OpenVersion(version) => {
                self.place = Place::Routes;
                self.screens.open_version(version);
            }
            Action::TryPayload(payload, came_ms) => {
                self.place = Place::TryCall;
                self.screens.try_payload(&payload, came_ms);
            }
            Action::TryAgainst(payload, draft) => {
                self.place = Place::TryCall;
                self.screens.try_against(&payload, draft);
            }
            Action::OpenWeek => {
                self.place = Place::Routes;
                self.screens.open_week();
            }
            Action::Copy(text) => {
                ctx.copy_text(text);
                self.messages.mention("Copied", self.clock.now());
            }
            Action::Tell(note) => self.tell(&note),
            Action::ImportTable => self.files.ask(ctx, Wish::Import),
            Action::ExportTable => self.files.ask(ctx, Wish::Export),
            Action::OpenHours(schedule) => self.files.ask(ctx, Wish::OpenHours(schedule)),
            Action::SaveHours(hours) => self.files.ask(ctx, Wish::SaveHours(hours)),
            Action::ExportCalls(format, ids) => self.files.ask(ctx, Wish::ExportCalls(format, ids)),
            Action::SaveDiagnostics => self.files.ask(ctx, Wish::SaveDiagnostics),
            Action::SaveNumbers => self.files.ask(ctx, Wish::SaveNumbers),
            Action::ChooseToTry { folder } => self.files.ask(ctx, Wish::Try { folder }),
            Action::ChooseFile(wish) => self.files.ask(ctx, Wish::LookUp(wish)),
            Action::ChooseSetting(setting) => self.files.ask(ctx, Wish::Setting(setting)),
            Action::ChoosePlugin { folder } => self.files.ask(ctx, Wish::Plugin { folder }),
            Action::ChangeAtRetell(wish) => self.dialogs.changing = Some(ChangeDialog::new(wish)),
            Action::Publish => self.dialogs.is_publishing = true,
            Action::Discard => self.dialogs.discarding = true,
            Action::Close(start) => self.dialogs.closures.close(start),
            Action::ShowClosures => self.dialogs.closures.show_list(),
            Action::Desktop(wish) => {
                if let Some(desktop) = &self.desktop {
                    desktop.ask(wish);
                }
            }
            Action::ToBackground => self.remote.to_background(),
            Action::AskToQuit => self.dialogs.leaving.ask_to_quit(),
            Action::Quit => self.remote.end(),
            Action::DismissTrouble(index) => {
                if let Some(state) = &mut self.state
                    && index < state.troubles.len()
                {
                    state.troubles.remove(index);
                }
            }
        }
    }

    /// A file was chosen, to read from or to write to; pictures are as dark as the window.
    pub(super) fn file_chosen(&mut self, wish: Wish, file: PathBuf, is_dark: bool) {
        let Some(state) = &self.state else { return };
        let command = match wish {
            Wish::Import => Command::ImportTable(file),
            Wish::Export => Command::ExportTable(file, state.draft.clone()),
            Wish::OpenHours(schedule) => Command::ReadHours { schedule, file },
            Wish::SaveHours(HoursFile { hours, .. }) => Command::WriteHours { hours, file },
            Wish::ExportCalls(format, ids) => Command::ExportCalls { file, format, ids },
            Wish::SaveDiagnostics => Command::SaveDiagnostics(file),
            Wish::SaveNumbers => match self.screens.numbers_picture(state, is_dark) {
                Some(picture) => Command::SavePicture(file, picture),
                None => return,
            },
            Wish::LookUp(wish) => return self.read_from(&wish, &file),
            Wish::Setting(setting) => return self.fill_in(&setting, &file),
            Wish::Plugin { .. } => Command::Plugin(PluginWish::Install(file)),
            Wish::Try { .. } => return self.screens.try_files(vec![file]),
        };
        self.outbox.send(command);
    }

    fn fill_in(&mut self, setting: &SettingFile, file: &Path) {
        match file.to_str() {
            Some(path) => self.screens.setting_file(setting, path),
            None => self.tell(&Note { level: Level::Error, text: ODD_PATH.to_owned() }),
        }
    }

    fn read_from(&mut self, wish: &FileWish, file: &Path) {
        let Some(state) = &self.state else { return };
        let mut table = Table::clone(&state.draft);
        // It may have been deleted while the file was chosen.
        let Some(used) = table.look_ups.iter_mut().find(|used| used.id == wish.look_up) else { return };
        let Some(path) = file.to_str() else {
            return self.tell(&Note { level: Level::Error, text: ODD_PATH.to_owned() });
        };
        if !used.settings.is_object() {
            used.settings = serde_json::json!({});
        }
        used.settings[wish.field] = path.into();
        let what = format!("Choose the file of “{}”", used.name);
        self.edit(what, table);
    }

    /// The hours of a schedule came from a file.
    pub(super) fn take_hours(&mut self, schedule: &str, hours: String) {
        let Some(state) = &self.state else { return };
        let mut table = Table::clone(&state.draft);
        // It may have been deleted while the file was chosen.
        let Some(found) = table.schedules.iter_mut().find(|found| found.id == schedule) else { return };
        found.hours = hours;
        let name = found.name.clone();
        let text = format!("“{name}” has the hours from the file; undo brings the ones before back");
        self.edit(format!("Open the hours of “{name}” from a file"), table);
        self.tell(&Note { level: Level::Info, text });
    }

    fn edit(&mut self, what: String, table: Table) {
        let Some(state) = &self.state else { return };
        if table == *state.draft {
            return;
        }
        self.history.record(what, state.draft.clone(), state.now);
        self.take_draft(Arc::new(table));
    }

    fn turn_back(&mut self) {
        let Some(state) = &self.state else { return };
        if let Some((what, table)) = self.history.undo(state.draft.clone()) {
            self.take_draft(table);
            self.messages.mention(format!("Undone: {what}"), self.clock.now());
        }
    }

    fn turn_forth(&mut self) {
        let Some(state) = &self.state else { return };
        if let Some((what, table)) = self.history.redo(state.draft.clone()) {
            self.take_draft(table);
            self.messages.mention(format!("Done again: {what}"), self.clock.now());
        }
    }

    fn take_draft(&mut self, table: Arc<Table>) {
        if let Some(state) = &mut self.state {
            state.set_draft(table.clone());
            self.edited = true;
            self.outbox.save(table);
        }
    }
}

/// Whether a screen is to be shown.
fn goes_elsewhere(action: &Action) -> bool {
    matches!(
        action,
        Action::Go(_)
            | Action::OpenRule(_)
            | Action::OpenFallback
            | Action::OpenTest(_)
            | Action::OpenBacktest
            | Action::OpenLookUp(_)
            | Action::OpenChecks
            | Action::OpenVersions
            | Action::OpenVersion(_)
            | Action::TryPayload(..)
            | Action::TryAgainst(..)
            | Action::OpenWeek
    )
}
