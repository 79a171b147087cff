//! The window as a whole: what it knows and what it does with what people and the service say.
//!
//! `state` is all that is known; `logic` hears from the service; `ui` draws; `commands` does what
//! people did. `window` puts it on the screen. None of them is a screen.

mod action;
mod banners;
mod bench;
mod closing;
mod commands;
mod crashes;
mod display;
mod files;
mod findings;
mod found_calls;
mod header;
mod history;
#[cfg(test)]
mod history_tests;
mod live_words;
mod logic;
#[cfg(test)]
mod logic_tests;
mod notices;
mod outbox;
mod remote;
mod ringing;
mod screens;
mod state;
mod test_results;
mod ui;
mod window;

use std::sync::Arc;

use crate::desktop::Desktop;
use crate::plugins::Registry;
use crate::program::Link;
use crate::service::messages::{Event, Level, Note};
use crate::service::{Clock, Events};
use crate::storage::ThemeChoice;
use crate::ui::at_retell::ChangeDialog;
use crate::ui::closures::Closures;
use crate::ui::help::Help;
use crate::ui::leaving::Leaving;
use crate::ui::publishing::PublishDialog;
use crate::ui::widgets::{self, Messages, shell::Place};

pub use action::{Action, Actions, FileWish, HoursFile, SettingFile};
pub use bench::{Benched, BurstRun, FilesRun};
pub use display::Display;
pub use findings::Findings;
pub use found_calls::FoundCalls;
pub use notices::ToldNotices;
pub use remote::{Asked, Remote};
pub use state::{HELD, State};
pub use test_results::TestResults;
pub use window::{Connect, Wake, Window, WindowError, run, run_failed};

use crashes::Crashes;
use files::Files;
use history::History;
use outbox::Outbox;
use screens::Screens;

/// The window, without the system's window around it: [`App::logic`] then [`App::ui`] make a frame.
pub struct App {
    events: Events,
    outbox: Outbox,
    registry: Arc<Registry>,
    clock: Clock,
    /// `None` until the service has told everything.
    state: Option<State>,
    /// What was heard before that.
    early: Vec<Event>,
    history: History,
    /// The draft was changed here since everything was asked for.
    edited: bool,
    /// Calls up to this id are in what the service told.
    told_up_to: i64,
    place: Place,
    /// The guided start stands in the place of the screen.
    is_guided: bool,
    screens: Screens,
    files: Files,
    messages: Messages,
    unread: usize,
    dialogs: Dialogs,
    help: Help,
    theme: ThemeChoice,
    /// A text that the service made, to be copied.
    to_copy: Option<String>,
    /// The service has ended.
    cut_off: bool,
    /// Reaches this window; it is how the window itself closes and ends.
    remote: Remote,
    /// The tray and what else the desktop does; `None` in trials.
    desktop: Option<Desktop>,
}

/// The dialogs that no screen has for itself.
#[derive(Default)]
struct Dialogs {
    publishing: PublishDialog,
    is_publishing: bool,
    discarding: bool,
    closures: Closures,
    crashes: Crashes,
    changing: Option<ChangeDialog>,
    leaving: Leaving,
    messages: bool,
}

impl App {
    /// A window at the end of this link.
    #[must_use]
    pub fn new(link: Link, registry: Arc<Registry>, clock: Clock) -> Self {
        let Link { commands, events } = link;
        Self {
            events,
            outbox: Outbox::new(commands),
            registry,
            clock,
            state: None,
            early: Vec::new(),
            history: History::default(),
            edited: false,
            told_up_to: 0,
            place: Place::default(),
            is_guided: false,
            screens: Screens::default(),
            files: Files::default(),
            messages: Messages::default(),
            unread: 0,
            dialogs: Dialogs::default(),
            help: Help::default(),
            theme: ThemeChoice::default(),
            to_copy: None,
            cut_off: false,
            remote: Remote::default(),
            desktop: None,
        }
    }

    /// From now on the paths of files are typed, even where the system has dialogs for choosing them.
    #[must_use]
    pub fn typing_paths(mut self) -> Self {
        self.files.type_paths();
        self
    }

    /// Reached from elsewhere by this, and on this desktop.
    #[must_use]
    pub fn on_desktop(mut self, remote: Remote, desktop: Option<Desktop>) -> Self {
        (self.remote, self.desktop) = (remote, desktop);
        self
    }

    /// All that the window knows, once the service has told it.
    #[must_use]
    pub fn state(&self) -> Option<&State> {
        self.state.as_ref()
    }

    /// Hands over what is still to be saved, waiting for it. The last thing to do with a window.
    pub fn finish(&mut self) {
        self.outbox.finish();
    }

    fn tell(&mut self, note: &Note) {
        let level = match note.level {
            Level::Info => widgets::Level::Info,
            Level::Warning => widgets::Level::Warning,
            Level::Error => widgets::Level::Error,
        };
        if note.level > Level::Info && !self.dialogs.messages {
            self.unread += 1;
        }
        self.messages.tell(level, widgets::safe_text(&note.text), self.clock.now());
    }
}
