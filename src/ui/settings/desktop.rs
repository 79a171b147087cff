//! How the program behaves on this computer's desktop: starting with it, staying awake, closing.

use egui::Ui;

use crate::desktop::{Awake, Starts, Wish};
use crate::storage::{OnClose, Settings};
use crate::ui::app::{Action, Actions, State};
use crate::ui::help::{Page, help_button};
use crate::ui::theme::{self, icons, space, text};
use crate::ui::widgets::{Button, Field, problem_line, safe_text, section, select, toggle, warning_line};

const ABOUT: &str = "Calls are answered only while this computer is on, awake, and runs Switchboard";
/// How wide choices are.
const SELECT: f32 = 300.0;

/// Draws the section.
pub(super) fn desktop_ui(ui: &mut Ui, state: &State, actions: &mut Actions) {
    section(ui, "On this computer", ABOUT, |ui| {
        ui.spacing_mut().item_spacing.y = space::S;
        starts_ui(ui, state, actions);
        awake_ui(ui, state, actions);
        ui.add_space(space::XS);
        closing_ui(ui, state, actions);
        ui.horizontal(|ui| {
            let button = Button::secondary("Quit Switchboard…").with_icon(icons::POWER);
            if ui.add(button).clicked() {
                actions.push(Action::AskToQuit);
            }
            if let Some(page) = Page::find("desktop") {
                help_button(ui, page, "running day and night");
            }
        });
    });
}

fn starts_ui(ui: &mut Ui, state: &State, actions: &mut Actions) {
    let starts = &state.manners.starts;
    let mut on = matches!(starts, Starts::Yes | Starts::Another(_));
    if toggle(ui, &mut on, "Start with the computer, without this window").changed() {
        actions.push(Action::Desktop(Wish::StartWithComputer(on)));
    }
    let p = theme::palette(ui);
    match starts {
        Starts::Refused(why) => {
            let words = format!("The system does not let Switchboard start with it: {}", safe_text(why));
            problem_line(ui, &words);
        }
        Starts::Another(program) => {
            let program = program.display().to_string();
            let words = format!(
                "Another copy of the program is started: {}. Switch this off and on to start this one",
                safe_text(&program)
            );
            warning_line(ui, &words);
        }
        Starts::Yes => {
            ui.label(text::help(p, "It begins once you are logged in; looked at again at each start"));
        }
        Starts::No | Starts::Unknown => {}
    }
}

fn awake_ui(ui: &mut Ui, state: &State, actions: &mut Actions) {
    let mut on = state.settings.keep_awake;
    if toggle(ui, &mut on, "Keep the computer awake while calls are answered").changed() {
        actions.push(super::save(Settings { keep_awake: on, ..state.settings.clone() }));
    }
    let p = theme::palette(ui);
    match &state.manners.awake {
        Awake::Yes => {
            let words = "It is kept awake now; the screen may go dark. Closing a lid or choosing sleep still sends it to sleep";
            ui.add(egui::Label::new(text::help(p, words)).wrap());
        }
        // Why is for the log: it tells of buses and sockets.
        Awake::Refused(_) if on => {
            warning_line(
                ui,
                "The system does not let itself be kept awake; switch sleep off in its own settings",
            );
        }
        Awake::No | Awake::Refused(_) => {}
    }
}

fn closing_ui(ui: &mut Ui, state: &State, actions: &mut Actions) {
    let mut on_close = state.settings.on_close;
    let choices = [
        (OnClose::Ask, "Asks"),
        (OnClose::KeepAnswering, "Keeps answering, without the window"),
        (OnClose::Quit, "Quits, after saying what becomes of calls"),
    ];
    let help = match state.manners.has_tray {
        Some(true) => "Switchboard's icon is in the tray; a click on it brings the window back",
        Some(false) => {
            "This desktop shows no icons in a tray; start Switchboard once more to bring the window back"
        }
        None => "",
    };
    let field = Field::new("Closing the window").help(help);
    if field.show(ui, |ui| select(ui, "closing", SELECT, &mut on_close, &choices)).changed() {
        actions.push(super::save(Settings { on_close, ..state.settings.clone() }));
    }
}
