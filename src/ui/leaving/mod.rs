//! Closing the window and quitting: what becomes of calls, said before it happens.
//!
//! Closing keeps answering, once that was said; quitting tells of each line who takes its calls then.

mod fate;

use egui::{Label, Ui};

use crate::service::messages::Command;
use crate::storage::{OnClose, Settings};
use crate::ui::app::{Action, Actions, State};
use crate::ui::theme::{self, icons, space, text};
use crate::ui::widgets::{Button, Dialog, problem_line, safe_text, toggle, warning_line};

use fate::{Fate, fates};

/// How wide the dialogs are, in points.
const WIDTH: f32 = 520.0;

/// The dialog that is open.
#[derive(Default)]
pub struct Leaving {
    open: Open,
    /// What is chosen is done each time from now on.
    remembers: bool,
}

#[derive(Default, PartialEq, Eq)]
enum Open {
    #[default]
    Nothing,
    Closing,
    Quitting,
}

impl Leaving {
    /// Asks what closing the window is to do.
    pub fn ask(&mut self) {
        if self.open == Open::Nothing {
            (self.open, self.remembers) = (Open::Closing, true);
        }
    }

    /// Asks whether to quit.
    pub fn ask_to_quit(&mut self) {
        self.open = Open::Quitting;
    }

    /// Draws what is open.
    pub fn ui(&mut self, ui: &Ui, state: &State, actions: &mut Actions) {
        match self.open {
            Open::Nothing => {}
            Open::Closing => self.closing_ui(ui, state, actions),
            Open::Quitting => self.quitting_ui(ui, state, actions),
        }
    }

    fn closing_ui(&mut self, ui: &Ui, state: &State, actions: &mut Actions) {
        let ((), (keep, quit, cancel), esc) = Dialog::new("Keep answering calls?").width(WIDTH).show(
            ui,
            |ui| {
                let back = if state.manners.has_tray == Some(true) {
                    "Calls are answered on without this window. Its icon in the tray brings it back"
                } else {
                    "Calls are answered on without this window. Start Switchboard once more to bring it back"
                };
                ui.add(Label::new(back).wrap());
                ui.add_space(space::M);
                ui.label(text::label("If you quit instead"));
                fates_ui(ui, state);
                ui.add_space(space::S);
                toggle(ui, &mut self.remembers, "Do the same each time");
            },
            buttons(|ui| {
                let keep =
                    ui.add(Button::primary("Keep answering").with_icon(icons::PHONE_INCOMING)).clicked();
                let cancel = ui.add(Button::secondary("Cancel")).clicked();
                (keep, ui.add(Button::secondary("Quit").with_icon(icons::POWER)).clicked(), cancel)
            }),
        );
        if keep || quit {
            let on_close = if keep { OnClose::KeepAnswering } else { OnClose::Quit };
            if self.remembers && state.settings.on_close != on_close {
                let settings = Settings { on_close, ..state.settings.clone() };
                actions.push(Action::Send(Command::SaveSettings(settings)));
            }
            actions.push(if keep { Action::ToBackground } else { Action::Quit });
        }
        if keep || quit || cancel || esc {
            self.open = Open::Nothing;
        }
    }

    fn quitting_ui(&mut self, ui: &Ui, state: &State, actions: &mut Actions) {
        let ((), (quit, cancel), esc) = Dialog::new("Quit Switchboard?").width(WIDTH).show(
            ui,
            |ui| {
                let what = "From then on this computer answers no calls, until Switchboard is started again";
                ui.add(Label::new(what).wrap());
                ui.add_space(space::M);
                fates_ui(ui, state);
            },
            buttons(|ui| {
                let quit = ui.add(Button::primary("Quit").with_icon(icons::POWER)).clicked();
                (quit, ui.add(Button::secondary("Cancel")).clicked())
            }),
        );
        if quit {
            actions.push(Action::Quit);
        }
        if quit || cancel || esc {
            self.open = Open::Nothing;
        }
    }
}

/// As the dialog takes them.
fn buttons<B>(buttons: impl FnOnce(&mut Ui) -> B) -> impl FnOnce(&mut Ui) -> B {
    buttons
}

/// What becomes of the calls of each line.
fn fates_ui(ui: &mut Ui, state: &State) {
    let p = theme::palette(ui);
    let fates = fates(state);
    if fates.is_empty() {
        ui.add(Label::new(text::help(p, "No line is set up yet, so nothing changes for callers")).wrap());
    }
    for (line, fate) in fates {
        let line = safe_text(&line);
        match fate {
            Fate::Taken(by) => {
                let words = format!("{line}: {} takes the calls", safe_text(&by));
                ui.add(Label::new(words).wrap());
            }
            Fate::Dropped => problem_line(ui, &format!("{line}: callers are dropped")),
            Fate::Unknown => {
                let words = format!(
                    "{line}: its own agent at Retell takes the calls if it has one, else callers are dropped"
                );
                warning_line(ui, &words);
            }
        }
    }
}
