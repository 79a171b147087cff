//! The two dialogs at the end of editing: make the draft live, or throw it away.

use std::sync::Arc;

use egui::{Label, RichText, Ui};

use super::sentences::capital;
use crate::routing::Problem;
use crate::service::messages::Command;
use crate::ui::app::{Action, Actions, State};
use crate::ui::theme::{icons, palette, space, text};
use crate::ui::widgets::{Banner, Button, Confirm, Dialog, Field, Level, TextField};

/// Asks for a note and publishes the draft.
#[derive(Default)]
pub struct PublishDialog {
    note: String,
    was_shown: bool,
}

impl PublishDialog {
    /// Draws it. Says whether it stays open.
    pub fn ui(&mut self, ui: &Ui, state: &State, actions: &mut Actions) -> bool {
        let is_fit = state.obstacles().next().is_none() && state.not_saved.is_none();
        let can_publish = is_fit && !state.changes.is_empty();
        let mut closed = false;
        let mut enter = false;
        let ((), (publish, cancel), beside) = Dialog::new("Publish the draft").width(520.0).show(
            ui,
            |ui| {
                ui.spacing_mut().item_spacing.y = space::S;
                closed |= obstacles_ui(ui, state, actions);
                changes_ui(ui, state);
                ui.add_space(space::S);
                enter = can_publish && self.note_ui(ui);
            },
            |ui| {
                let publish = Button::primary("Publish").with_icon(icons::PUBLISH).name("Publish now");
                let publish = ui.add_enabled(can_publish, publish).clicked();
                (publish, ui.add(Button::secondary("Cancel")).clicked())
            },
        );
        let publish = publish || enter;
        if publish {
            let note = self.note.trim().to_owned();
            actions.push(Action::Send(Command::Publish { table: Arc::clone(&state.draft), note }));
        }
        !(publish || cancel || beside || closed)
    }

    /// Says whether Enter was pressed in the field.
    fn note_ui(&mut self, ui: &mut Ui) -> bool {
        let field = Field::new("Note").optional().help("Stays with this version, to know it by later");
        let response = field.show(ui, |ui| {
            ui.add(TextField::new(&mut self.note).hint("Summer hours").id_salt("publish note"))
        });
        if !self.was_shown {
            self.was_shown = true;
            response.request_focus();
        }
        response.lost_focus() && ui.input(|input| input.key_pressed(egui::Key::Enter))
    }
}

/// What keeps the draft from being published. Says whether the person went to put it right.
fn obstacles_ui(ui: &mut Ui, state: &State, actions: &mut Actions) -> bool {
    if let Some(reason) = &state.not_saved {
        Banner::new(Level::Error, "The draft could not be saved").detail(reason).show(ui, |_| ());
    }
    let title = match state.obstacles().count() {
        0 => return false,
        1 => "One thing must be put right first".to_owned(),
        n => format!("{n} things must be put right first"),
    };
    let mut goes = false;
    Banner::new(Level::Error, &title).show(ui, |_| ());
    for (index, problem) in state.obstacles().enumerate() {
        ui.push_id(index, |ui| goes |= problem_ui(ui, problem, actions));
    }
    ui.add_space(space::S);
    goes
}

fn problem_ui(ui: &mut Ui, problem: &Problem, actions: &mut Actions) -> bool {
    let ((), goes) = egui::Sides::new().shrink_left().show(
        ui,
        |ui| {
            ui.vertical(|ui| {
                ui.spacing_mut().item_spacing.y = 2.0;
                ui.add(Label::new(text::label(&problem.place)).truncate());
                let message = RichText::new(capital(&problem.message)).color(palette(ui).text_soft);
                ui.add(Label::new(message).wrap());
            });
        },
        |ui| {
            let goal = match &problem.rule {
                Some(rule) => Action::OpenRule(rule.clone()),
                None if problem.field.starts_with("fallback") => Action::OpenFallback,
                None => return false,
            };
            let name = format!("Open {}", problem.place);
            let open = Button::secondary("Open").with_trailing(icons::ARROW_RIGHT).small().name(&name);
            let clicked = ui.add(open).clicked();
            if clicked {
                actions.push(goal);
            }
            clicked
        },
    );
    goes
}

fn changes_ui(ui: &mut Ui, state: &State) {
    let p = palette(ui);
    let version = state.live.version;
    if state.changes.is_empty() {
        let words = format!("The draft is the same as version {version}, which is live");
        ui.label(RichText::new(words).color(p.text_soft));
        return;
    }
    ui.label(
        RichText::new(format!("What changes for calls, compared with version {version}")).color(p.text_soft),
    );
    for change in &state.changes {
        ui.horizontal_top(|ui| {
            ui.spacing_mut().interact_size.y = 0.0;
            ui.label(RichText::new("•").color(p.text_faint));
            ui.add(Label::new(&change.words).wrap());
        });
    }
}

/// Asks whether the draft shall be thrown away, and does it. Says whether the question stays.
pub fn discard_ui(ui: &Ui, state: &State, actions: &mut Actions) -> bool {
    let lost = match state.changes.len() {
        0 => "Nothing is lost".to_owned(),
        1 => "One change is lost".to_owned(),
        n => format!("{n} changes are lost"),
    };
    let version = state.live.version;
    let text = format!("{lost}, and the draft becomes version {version} again, which is live.");
    let answer =
        Confirm { title: "Discard the draft?", text: &text, yes: "Discard draft", danger: true }.ask(ui);
    if answer == Some(true) {
        actions.push(Action::Send(Command::DiscardDraft));
    }
    answer.is_none()
}
