//! The dialog that closes lines for a time, or sends everything to one agent.

use egui::{Label, Ui};

use super::form::{Form, Who};
use crate::routing::{What, capital, moment_words};
use crate::service::messages::Command;
use crate::ui::app::{Action, Actions, State};
use crate::ui::decision;
use crate::ui::theme::{self, icons, space, text};
use crate::ui::widgets::{
    Banner, Button, Dialog, Field, Level, TextField, safe_text, segmented, select, toggle,
};

/// How wide the dialog is, in points.
const DIALOG: f32 = 560.0;
/// How wide fields are: the bar of what scrolls covers nothing.
const WIDTH: f32 = DIALOG - 24.0;
/// How wide choices are.
const SELECT: f32 = 240.0;

/// Draws it. Says whether it stays open.
pub(super) fn dialog_ui(form: &mut Form, ui: &Ui, state: &State, actions: &mut Actions) -> bool {
    let wish = form.wish(state);
    let (later, what) = (form.later, form.what);
    let ((), (done, cancel), esc) = Dialog::new("Close or redirect calls").width(DIALOG).show(
        ui,
        |ui| {
            ui.spacing_mut().item_spacing.y = space::M;
            content_ui(form, ui, state);
            for words in form.overlaps(state) {
                Banner::new(Level::Info, &safe_text(&words)).show(ui, |_| ());
            }
        },
        |ui| {
            let missing = wish.as_ref().err().cloned().unwrap_or_default();
            let (words, icon) = match (later, what) {
                (true, _) => ("Schedule it", icons::CALENDAR_CLOCK),
                (false, What::Closed) => ("Close now", icons::DOOR_CLOSED),
                (false, What::Everything) => ("Redirect now", icons::PHONE_FORWARDED),
            };
            let mut button = Button::primary(words).with_icon(icon);
            if !missing.is_empty() {
                button = button.tooltip(&missing);
            }
            let done = ui.add_enabled(wish.is_ok(), button).clicked();
            (done, ui.add(Button::secondary("Cancel")).clicked())
        },
    );
    if done && let Ok(wish) = wish {
        let keep = wish.what == What::Closed;
        actions.push(Action::Send(Command::Override { wish: Box::new(wish), keep }));
    }
    !(done || cancel || esc)
}

fn content_ui(form: &mut Form, ui: &mut Ui, state: &State) {
    let p = theme::palette(ui);
    let kinds = [(What::Closed, "Closed"), (What::Everything, "Everything to one agent")];
    segmented(ui, &mut form.what, &kinds);
    ui.add(
        Label::new(text::help(p, "It stands above every rule, ends by itself, and can be ended at any time"))
            .wrap(),
    );
    ui.columns(2, |columns| {
        let lines = &state.live.table.lines;
        let mut options = vec![(None, "All lines")];
        options.extend(lines.iter().map(|line| (Some(line.id.clone()), line.name.as_str())));
        Field::new("For")
            .show(&mut columns[0], |ui| select(ui, "closure line", SELECT, &mut form.line, &options));
        Field::new("From").show_group(&mut columns[1], |ui| {
            segmented(ui, &mut form.later, &[(false, "Now"), (true, "Later")]);
        });
    });
    from_ui(form, ui, state);
    until_ui(form, ui, state);
    answers_ui(form, ui, state);
    let help = match form.what {
        What::Closed => "Told to the agent that answers, and kept in the log",
        What::Everything => "Kept in the log",
    };
    Field::new("Reason").optional().help(help).show(ui, |ui| {
        ui.add(TextField::new(&mut form.reason).hint("Staff meeting").width(WIDTH).id_salt("closure reason"))
    });
}

fn from_ui(form: &mut Form, ui: &mut Ui, state: &State) {
    if !form.later {
        return;
    }
    let starts = form.starts(state);
    let (help, error) = told(state, &form.from, starts, "From", "A time of day, or a date and time");
    Field::new("Beginning").help(&help).error(error.as_deref()).show(ui, |ui| {
        let hint = "2026-12-24 12:00, 17:00, tomorrow 09:00";
        ui.add(TextField::new(&mut form.from).hint(hint).width(WIDTH).id_salt("closure from"))
    });
}

fn until_ui(form: &mut Form, ui: &mut Ui, state: &State) {
    let ends = form.ends(state);
    let (help, error) =
        told(state, &form.until, ends, "Until", "A length, a time of day, or a date and time");
    Field::new("Until").help(&help).error(error.as_deref()).show(ui, |ui| {
        let hint = "30m, 17:00, 2026-12-24 09:00";
        ui.add(TextField::new(&mut form.until).hint(hint).width(WIDTH).id_salt("closure until"))
    });
    ui.horizontal_wrapped(|ui| {
        ui.spacing_mut().item_spacing = egui::vec2(space::XS, space::XS);
        for (words, until) in [("30 minutes", "30m"), ("2 hours", "2h"), ("Rest of the day", "today")] {
            if ui.add(Button::secondary(words).small()).clicked() {
                until.clone_into(&mut form.until);
            }
        }
        for schedule in &state.live.table.schedules {
            let words = format!("{} opens next", safe_text(&schedule.name));
            if ui.add(Button::secondary(&words).small()).clicked() {
                form.until = format!("next-opening:{}", schedule.name);
            }
        }
    });
}

/// What a time means in full, or what is wrong with it once something was typed.
fn told(
    state: &State,
    typed: &str,
    read: Result<chrono::DateTime<chrono::Utc>, String>,
    word: &str,
    forms: &str,
) -> (String, Option<String>) {
    let zone = decision::zone(state);
    match read {
        Ok(at) => {
            let place = zone.name().replace('_', " ");
            (format!("{word} {} ({place})", moment_words(&at.with_timezone(&zone))), None)
        }
        Err(_) if typed.trim().is_empty() => (forms.to_owned(), None),
        Err(wrong) => (String::new(), Some(capital(&wrong))),
    }
}

fn answers_ui(form: &mut Form, ui: &mut Ui, state: &State) {
    if form.what == What::Everything {
        Field::new("Agent").show(ui, |ui| agent_ui(form, ui, state));
        return;
    }
    let help = match form.who {
        Who::Agent => "",
        Who::Own => "A line without an agent of its own at Retell drops its calls",
        Who::Nobody => {
            "Works only on lines without an agent of their own at Retell; where a line has one, that agent answers rejected calls too"
        }
    };
    let options =
        [(Who::Agent, "An agent"), (Who::Own, "The line’s own agent"), (Who::Nobody, "Nobody (reject)")];
    Field::new("Who answers while closed").help(help).show_group(ui, |ui| {
        segmented(ui, &mut form.who, &options);
    });
    if form.who == Who::Agent {
        Field::new("Agent").show(ui, |ui| agent_ui(form, ui, state));
    }
    if form.who != Who::Nobody {
        toggle(ui, &mut form.tells, "Tell the agent until when and why");
        if form.tells {
            let p = theme::palette(ui);
            let words = "As the variables closed_until and closed_reason, which its prompt can use";
            ui.add(Label::new(text::help(p, words)).wrap());
        }
    }
}

fn agent_ui(form: &mut Form, ui: &mut Ui, state: &State) -> egui::Response {
    let agents = &state.live.table.agents;
    if agents.is_empty() {
        let p = theme::palette(ui);
        let words = "No agent is live yet; add one under Lines & agents, and publish";
        return ui.add(Label::new(text::help(p, words)).wrap());
    }
    let options: Vec<_> = agents.iter().map(|agent| (agent.id.clone(), agent.name.as_str())).collect();
    select(ui, "closure agent", SELECT, &mut form.agent, &options)
}
