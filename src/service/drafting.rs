//! The draft: saving it and telling what is wrong with it, putting another table in its place, and
//! taking in what others wrote into its file. A part of the control thread.

use std::path::Path;
use std::sync::Arc;

use super::control::Control;
use super::messages::{Event, Level};
use super::test_cases::{Tested, run_tests_of};
use crate::routing::{Change, FORMAT, Problem, Table, changes, compile};
use crate::storage::{atomic, read};

/// How the draft stands beside the live table, for when no window shows it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DraftNews {
    /// The live version that it differs from, if it does.
    pub differs_from: Option<u32>,
    /// Why what somebody wrote into its file cannot be read, if so.
    pub unreadable: Option<String>,
}

impl DraftNews {
    /// In a sentence, with what to do; `None` where there is nothing to say.
    #[must_use]
    pub fn words(&self) -> Option<String> {
        if let Some(why) = &self.unreadable {
            return Some(format!("The draft was changed and cannot be read, so the one before stays. {why}"));
        }
        let version = self.differs_from?;
        Some(format!(
            "The draft differs from version {version}, which answers calls; switchboard publish shows how, and publishes it"
        ))
    }
}

/// What is told of the draft. It is compiled once for all of it.
pub(super) struct LookedOver {
    /// What keeps it from being published.
    pub(super) problems: Vec<Problem>,
    /// How it differs from the live table.
    pub(super) changes: Vec<Change>,
    /// What came of its test cases; `None` if it cannot decide anything.
    pub(super) tested: Option<Vec<Tested>>,
}

impl Control {
    /// Says whether it is safe on disk.
    pub(super) fn save_draft(&mut self, table: Arc<Table>) -> bool {
        self.draft = table;
        let not_saved = match self.tables.save_draft(&self.draft, self.clock.now()) {
            Ok(saved) => {
                self.tell_trouble(saved.trouble);
                None
            }
            Err(error) => Some(error.to_string()),
        };
        let is_saved = not_saved.is_none();
        self.tell_draft(not_saved);
        is_saved
    }

    pub(super) fn tell_draft(&self, not_saved: Option<String>) {
        let LookedOver { problems, changes, tested } = self.look_over();
        self.tell_of_draft(None);
        self.feed.send(Event::Draft { problems, changes, not_saved });
        self.feed.send(Event::Tested(tested.map(Into::into)));
        self.checking.check(self.draft.clone(), self.engine.live(), self.registry.clone());
    }

    /// Tells those who have no window. The news are sent on only where they are new.
    pub(super) fn tell_of_draft(&self, unreadable: Option<String>) {
        let differs_from = (self.draft != self.live.table).then_some(self.live.version);
        let news = DraftNews { differs_from, unreadable };
        self.draft_news.send_if_modified(|told| {
            let is_new = *told != news;
            *told = news;
            is_new
        });
    }

    /// Puts another table in the place of the draft; `step` names that for undo. Says whether it is
    /// safe on disk.
    pub(super) fn replace_draft(&mut self, table: Arc<Table>, step: &str, why: impl Into<String>) -> bool {
        self.tell_replaced(table.clone(), step, why);
        self.save_draft(table)
    }

    pub(super) fn tell_replaced(&self, table: Arc<Table>, step: &str, why: impl Into<String>) {
        self.feed.send(Event::DraftReplaced { table, step: step.to_owned(), why: why.into() });
    }

    pub(super) fn import(&mut self, file: &Path) {
        match read::read_json::<Table>(file, FORMAT) {
            Ok(table) => {
                let why = format!(
                    "The draft is now the table from {}; undo brings the one before back",
                    file.display()
                );
                self.replace_draft(Arc::new(table), "Import a table", why);
            }
            Err(error) => self.fail(format!("The table was not imported. {error}")),
        }
    }

    pub(super) fn export(&self, file: &Path, table: &Table) {
        match atomic::write_json(file, table) {
            Ok(_) => self.tell(Level::Info, format!("The table was saved: {}", file.display())),
            Err(cause) => self.fail(format!(
                "The table was not saved ({cause}); choose another folder: {}",
                file.display()
            )),
        }
    }

    /// Someone else may edit `routing.json`; what they write becomes the draft.
    pub(super) fn look_around(&mut self) {
        match self.tables.outside_edit() {
            None => {}
            Some(Ok(table)) => {
                // Taken as it is and not written again, so that their layout stays.
                self.draft = Arc::new(table);
                let why = "The draft was changed outside of this window; undo brings the one before back";
                self.tell_replaced(self.draft.clone(), "Change from outside", why);
                self.tell_draft(None);
            }
            Some(Err(error)) => {
                self.tell_of_draft(Some(error.to_string()));
                let told = "The table's file was changed outside of this window and cannot be read";
                self.tell(Level::Warning, format!("{told}. {error}"));
            }
        }
    }

    pub(super) fn look_over(&self) -> LookedOver {
        let compiled = compile(&self.draft, &*self.registry);
        let tested = run_tests_of(&self.draft, compiled.as_ref().ok(), &self.registry);
        let changes = changes(&self.live.table, &self.draft, &*self.registry);
        LookedOver { problems: compiled.err().unwrap_or_default(), changes, tested }
    }
}
