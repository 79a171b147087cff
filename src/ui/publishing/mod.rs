//! The dialogs at the end of editing: make the draft live, now or later, or throw it away.
//!
//! The publish dialog is a list of sections, each in a file of its own. What changes stands on the
//! left, what speaks for and against it on the right: draw a new section in
//! `PublishDialog::verdicts_ui`. Below stands what is asked, always in sight.

mod backtest;
mod changes;
mod checks;
mod discard;
mod note;
mod obstacles;
mod section;
mod tests;
mod when;

use std::sync::Arc;

use egui::{Align, Label, Layout, ScrollArea, Ui, vec2};

pub(crate) use changes::changes_ui;
pub use discard::discard_ui;

use crate::service::messages::Command;
use crate::ui::app::{Action, Actions, State};
use crate::ui::routes::backtest::Asking;
use crate::ui::theme::{icons, palette, space, text};
use crate::ui::widgets::{Button, Dialog, divider};
use note::Note;
use tests::Tests;
use when::{Moments, When};

/// How wide the dialog is where the window is, in points.
const WIDTH: f32 = 960.0;
/// From this width on there are two columns.
const WIDE: f32 = 760.0;
/// Between two columns.
const GAP: f32 = space::XL;
/// What the dialog needs besides its content: margins, heading, buttons.
const AROUND: f32 = 212.0;
/// However small the window is, the sections are this high; then all of it is scrolled.
const LEAST: f32 = 150.0;

/// Shows what changes, asks for a note and a time, and publishes the draft.
#[derive(Default)]
pub struct PublishDialog {
    note: Note,
    when: When,
    tests: Tests,
    backtest: Asking,
    /// How high what stands below the sections was drawn last.
    below: f32,
}

impl PublishDialog {
    /// Draws it. Says whether it stays open.
    pub fn ui(&mut self, ui: &Ui, state: &State, actions: &mut Actions) -> bool {
        let can_publish =
            state.obstacles().next().is_none() && state.not_saved.is_none() && !state.changes.is_empty();
        let words = self.when.button();
        let is_held_up = self.tests.despite(state).is_none();
        let is_ready = can_publish && !is_held_up && self.when.moments(state).is_ok();
        let ((leaves, enter), (publish, cancel), esc) = Dialog::new("Publish the draft").width(WIDTH).show(
            ui,
            |ui| {
                ui.spacing_mut().item_spacing.y = space::S;
                // Outlines at the very edge of what scrolls would be cut.
                ui.set_max_width(ui.available_width() - 2.0);
                let leaves = self.sections_ui(ui, state, can_publish, actions);
                (leaves, can_publish && self.below_ui(ui, state))
            },
            |ui| {
                let publish = Button::primary(words.text).with_icon(words.icon).name(words.name);
                let publish = ui.add_enabled(is_ready, publish).clicked();
                let cancel = ui.add(Button::secondary("Cancel")).clicked();
                if can_publish && is_held_up {
                    let words = "Tests fail: put that right, or publish anyway with a reason";
                    ui.add(Label::new(text::help(palette(ui), words)).truncate());
                }
                (publish, cancel)
            },
        );
        let wanted = (can_publish && (publish || enter)).then(|| self.command(state)).flatten();
        let is_done = wanted.is_some();
        actions.extend(wanted.map(Action::Send));
        let is_over = is_done || cancel || esc;
        if is_over {
            *self = Self::default();
        } else if leaves {
            // What was typed is there again when the person comes back.
            self.tests.ask_again();
        }
        !(is_over || leaves)
    }

    /// What is asked of the service; `None` while something is missing.
    fn command(&self, state: &State) -> Option<Command> {
        let (table, note) = (Arc::clone(&state.draft), self.note.text());
        let despite = self.tests.despite(state)?;
        Some(match self.when.moments(state).ok()? {
            Moments { at: None, until } => Command::Publish { table, note, until, despite },
            Moments { at: Some(at), until } => Command::Plan { table, note, at, until, despite },
        })
    }

    /// Draws what changes, and what speaks for and against it, each scrolled by itself where there is
    /// room for both. Says whether the person went somewhere else to put something right.
    fn sections_ui(&mut self, ui: &mut Ui, state: &State, can_publish: bool, actions: &mut Actions) -> bool {
        let leaves = obstacles::ui(ui, state, actions);
        if !can_publish {
            changes::section_ui(ui, state);
            return leaves;
        }
        if ui.available_width() < WIDE {
            changes::section_ui(ui, state);
            return self.verdicts_ui(ui, state, actions) || leaves;
        }
        let height = (ui.ctx().content_rect().height() - AROUND - self.below).max(LEAST);
        let scrolled = |ui: &mut Ui, salt: &str| {
            ui.set_max_height(height);
            ScrollArea::vertical().id_salt(salt).max_height(height).auto_shrink([false, true])
        };
        let mut goes = false;
        halves_ui(
            ui,
            |ui| {
                scrolled(ui, "changes").show(ui, |ui| changes::section_ui(ui, state));
            },
            |ui| {
                scrolled(ui, "verdicts").show(ui, |ui| goes = self.verdicts_ui(ui, state, actions));
            },
        );
        goes || leaves
    }

    /// Draws what speaks for and against publishing, one under the other. Says whether the person went
    /// somewhere else to put something right.
    fn verdicts_ui(&mut self, ui: &mut Ui, state: &State, actions: &mut Actions) -> bool {
        ui.spacing_mut().item_spacing.y = space::S;
        ui.set_max_width(ui.available_width() - 2.0);
        // First what can be in the way.
        let to_tests = self.tests.ui(ui, state, actions);
        ui.add_space(space::S);
        let to_calls = backtest::ui(ui, state, &mut self.backtest, actions);
        ui.add_space(space::S);
        let to_checks = checks::ui(ui, state, actions);
        to_tests || to_calls || to_checks
    }

    /// Draws what is asked: a note, and when. Says whether Enter was pressed in the note.
    fn below_ui(&mut self, ui: &mut Ui, state: &State) -> bool {
        let mut enter = false;
        let below = ui.scope(|ui| {
            ui.add_space(space::XS);
            divider(ui);
            if ui.available_width() < WIDE {
                enter = self.note.ui(ui);
                self.when.choice_ui(ui);
            } else {
                let Self { note, when, .. } = self;
                halves_ui(ui, |ui| enter = note.ui(ui), |ui| when.choice_ui(ui));
            }
            self.when.moments_ui(ui, state);
        });
        let height = below.response.rect.height() + space::S;
        if (height - self.below).abs() > 0.5 {
            self.below = height;
            ui.ctx().request_repaint();
        }
        enter
    }
}

/// Two things side by side, each with half of the width.
fn halves_ui(ui: &mut Ui, left: impl FnOnce(&mut Ui), right: impl FnOnce(&mut Ui)) {
    let width = (ui.available_width() - GAP) / 2.0;
    ui.horizontal_top(|ui| {
        ui.spacing_mut().item_spacing.x = GAP;
        half_ui(ui, width, left);
        half_ui(ui, width, right);
    });
}

fn half_ui(ui: &mut Ui, width: f32, add: impl FnOnce(&mut Ui)) {
    let layout = Layout::top_down(Align::Min);
    ui.allocate_ui_with_layout(vec2(width, 0.0), layout, |ui| {
        ui.set_width(width);
        ui.spacing_mut().item_spacing.x = space::S;
        add(ui);
    });
}

/// What the button says that does it.
#[derive(Clone, Copy)]
struct Words {
    text: &'static str,
    name: &'static str,
    icon: char,
}

const NOW: Words = Words { text: "Publish", name: "Publish now", icon: icons::PUBLISH };
const LATER: Words = Words { text: "Plan it", name: "Publish later", icon: icons::CALENDAR_CLOCK };
