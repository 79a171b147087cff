//! The dialog that shows what broke of late, and what is done in the window when something does.

use std::fmt::Write;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use egui::{Label, Ui};

use crate::service::messages::{Command, Level, Note};
use crate::storage::{Crash, Trouble};
use crate::ui::theme::{self, icons, text};
use crate::ui::widgets::{Button, Dialog, EmptyState, divider, safe_text, time_ago};

use super::{Action, Actions, App, Dialogs, State};

/// Why nothing of it goes anywhere by itself.
const ABOUT: &str = "This is kept on this computer and never sent anywhere. It tells where in the program something \
    broke, and nothing of your calls. If you report it, copy it along.";

/// What broke of late, when it is looked at.
#[derive(Default)]
pub(super) struct Crashes {
    is_open: bool,
    /// `None` until the service has told it.
    known: Option<Arc<[Crash]>>,
}

impl Crashes {
    /// Shows them, once they are told.
    pub(super) fn open(&mut self, actions: &mut Actions) {
        *self = Self { is_open: true, known: None };
        actions.push(Action::Send(Command::TellCrashes));
    }

    /// Takes in what was told.
    pub(super) fn take_in(&mut self, crashes: Arc<[Crash]>) {
        self.known = Some(crashes);
    }

    /// Draws the dialog, while it is open.
    pub(super) fn ui(&mut self, ui: &Ui, state: &State, actions: &mut Actions) {
        if !self.is_open {
            return;
        }
        let known = self.known.clone();
        let ((), (close, copy), closed) = Dialog::new("What happened").width(640.0).show(
            ui,
            |ui| list_ui(ui, state, known.as_deref()),
            |ui| {
                let close = ui.add(Button::secondary("Close")).clicked();
                let has_any = known.as_deref().is_some_and(|crashes| !crashes.is_empty());
                let copy = Button::quiet("Copy all").with_icon(icons::COPY);
                (close, has_any && ui.add(copy).clicked())
            },
        );
        if copy {
            actions.push(Action::Copy(told(self.known.as_deref().unwrap_or_default())));
        }
        self.is_open = !close && !closed;
    }
}

fn list_ui(ui: &mut Ui, state: &State, known: Option<&[Crash]>) {
    let p = theme::palette(ui);
    match known {
        None => drop(ui.label(text::soft(p, "Looking…"))),
        Some([]) => {
            let (title, text) = ("Nothing broke", "Should something break, it is told here");
            EmptyState { icon: icons::CIRCLE_CHECK, title, text }.show(ui, |_| ());
        }
        Some(crashes) => {
            ui.add(Label::new(text::soft(p, ABOUT)).wrap());
            for crash in crashes {
                divider(ui);
                ui.add(Label::new(text::label(safe_text(&crash.words()))).wrap());
                let times = match crash.times {
                    1 => String::new(),
                    times => format!(", {times} times"),
                };
                let at = format!("{}{times}", time_ago(crash.at, state.now));
                ui.label(text::help(p, at));
                ui.add(Label::new(text::code(safe_text(&crash.place()))).wrap().selectable(true));
            }
        }
    }
}

/// Whether this tells of something that broke, of which more is kept.
pub(super) fn is_crash(trouble: &Trouble, state: &State) -> bool {
    let folder = state.data_folder.join("crashes");
    trouble.kept.as_ref().is_some_and(|file| file.starts_with(folder))
}

/// The same to be copied.
fn told(crashes: &[Crash]) -> String {
    let mut told = String::new();
    for crash in crashes {
        let at = crash.at.format("%Y-%m-%d %H:%M:%S UTC");
        let _ = writeln!(told, "{at}: {} [{}] x{}", crash.words(), crash.place(), crash.times);
    }
    told
}

impl App {
    /// Does this. Should it break, it is told in these words, and everything else goes on.
    pub(super) fn unless_it_breaks(&mut self, told: &str, work: impl FnOnce(&mut Self)) {
        if catch_unwind(AssertUnwindSafe(|| work(self))).is_err() {
            let text = format!("Something in this program broke. {told} Calls are still answered");
            self.tell(&Note { level: Level::Error, text });
        }
    }

    /// Draws what stands over the screens. What breaks there is closed, as nothing below it could be
    /// reached any more.
    pub(super) fn over_guarded_ui(&mut self, ui: &Ui, actions: &mut Actions) {
        let draw = || {
            crate::ui::widgets::break_at("Dialogs");
            self.over_ui(ui, actions);
        };
        if catch_unwind(AssertUnwindSafe(draw)).is_ok() {
            return;
        }
        self.dialogs = Dialogs::default();
        self.files.close();
        self.help.close();
        self.messages.clear_toasts();
        let text = "A dialog could not be shown and was closed. Calls are still answered; open it again to try again";
        self.tell(&Note { level: Level::Error, text: text.to_owned() });
    }
}
