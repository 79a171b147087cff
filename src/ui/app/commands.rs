//! Does what people did, in the order they did it.

use std::path::PathBuf;
use std::sync::Arc;

use egui::Context;

use crate::routing::Table;
use crate::service::messages::Command;
use crate::ui::routes::PublishDialog;
use crate::ui::widgets::shell::Place;

use super::files::Wish;
use super::{Action, App};

impl App {
    pub(super) fn act(&mut self, ctx: &Context, action: Action) {
        match action {
            Action::Edit { what, table } => self.edit(what, table),
            Action::Undo => self.turn_back(),
            Action::Redo => self.turn_forth(),
            Action::Send(command) => self.send(command),
            Action::Go(place) => self.place = place,
            Action::OpenRule(id) => {
                self.place = Place::Routes;
                self.screens.open_rule(&id);
            }
            Action::OpenFallback => {
                self.place = Place::Routes;
                self.screens.open_fallback();
            }
            Action::TryPayload(payload) => {
                self.place = Place::TryCall;
                self.screens.try_payload(&payload);
            }
            Action::Copy(text) => {
                ctx.copy_text(text);
                self.messages.mention("Copied", self.clock.now());
            }
            Action::Tell(note) => self.tell(&note),
            Action::ImportTable => self.files.ask(ctx, Wish::Import),
            Action::ExportTable => self.files.ask(ctx, Wish::Export),
            Action::Publish => self.dialogs.publishing = Some(PublishDialog::default()),
            Action::Discard => self.dialogs.discarding = true,
            Action::Close(start) => self.dialogs.closures.close(start),
            Action::ShowClosures => self.dialogs.closures.show_list(),
            Action::DismissTrouble(index) => {
                if let Some(state) = &mut self.state
                    && index < state.troubles.len()
                {
                    state.troubles.remove(index);
                }
            }
        }
    }

    /// A file was chosen to import the table from, or to export it to.
    pub(super) fn file_chosen(&mut self, wish: Wish, file: PathBuf) {
        let Some(state) = &self.state else { return };
        let command = match wish {
            Wish::Import => Command::ImportTable(file),
            Wish::Export => Command::ExportTable(file, state.draft.clone()),
        };
        self.outbox.send(command);
    }

    fn send(&mut self, command: Command) {
        if let Command::Publish { note, .. } = &command {
            self.remark.clone_from(note);
        }
        self.outbox.send(command);
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
        if let Some(table) = self.history.undo(state.draft.clone()) {
            self.take_draft(table);
        }
    }

    fn turn_forth(&mut self) {
        let Some(state) = &self.state else { return };
        if let Some(table) = self.history.redo(state.draft.clone()) {
            self.take_draft(table);
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
