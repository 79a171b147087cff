//! The dialogs at the end of editing: make the draft live, now or later, or throw it away.
//!
//! The publish dialog is a list of sections, each in a file of its own: draw a new one in
//! `PublishDialog::sections_ui`, and let it say there whether it stands against publishing.

mod backtest;
mod changes;
mod discard;
mod note;
mod obstacles;
mod when;

use std::sync::Arc;

use egui::Ui;

pub(crate) use changes::changes_ui;
pub use discard::discard_ui;

use crate::service::messages::Command;
use crate::ui::app::{Action, Actions, State};
use crate::ui::routes::backtest::Asking;
use crate::ui::theme::{icons, space};
use crate::ui::widgets::{Button, Dialog};
use note::Note;
use when::{Moments, When};

/// Shows what changes, asks for a note and a time, and publishes the draft.
#[derive(Default)]
pub struct PublishDialog {
    note: Note,
    when: When,
    backtest: Asking,
}

/// What the sections say.
struct Asked {
    /// The person went somewhere else to put something right.
    leaves: bool,
    /// Enter was pressed in the note.
    enter: bool,
    /// When to publish; `None` while that cannot be read.
    moments: Option<Moments>,
}

impl PublishDialog {
    /// Draws it. Says whether it stays open.
    pub fn ui(&mut self, ui: &Ui, state: &State, actions: &mut Actions) -> bool {
        let can_publish =
            state.obstacles().next().is_none() && state.not_saved.is_none() && !state.changes.is_empty();
        let words = self.when.button();
        let moments = self.when.moments(state).ok();
        let (asked, (publish, cancel), esc) = Dialog::new("Publish the draft").width(620.0).show(
            ui,
            |ui| {
                ui.spacing_mut().item_spacing.y = space::S;
                // Outlines at the very edge of what scrolls would be cut.
                ui.set_max_width(ui.available_width() - 2.0);
                self.sections_ui(ui, state, can_publish, actions)
            },
            |ui| {
                let publish = Button::primary(words.text).with_icon(words.icon).name(words.name);
                let publish = ui.add_enabled(can_publish && moments.is_some(), publish).clicked();
                (publish, ui.add(Button::secondary("Cancel")).clicked())
            },
        );
        let moments = asked.moments.filter(|_| can_publish && (publish || asked.enter));
        if let Some(moments) = moments {
            let (table, note) = (Arc::clone(&state.draft), self.note.text());
            actions.push(Action::Send(match moments {
                Moments { at: None, until } => Command::Publish { table, note, until },
                Moments { at: Some(at), until } => Command::Plan { table, note, at, until },
            }));
        }
        !(moments.is_some() || cancel || esc || asked.leaves)
    }

    /// Draws all sections, one under the other.
    fn sections_ui(&mut self, ui: &mut Ui, state: &State, can_publish: bool, actions: &mut Actions) -> Asked {
        let mut leaves = obstacles::ui(ui, state, actions);
        changes::section_ui(ui, state);
        if !state.changes.is_empty() {
            leaves |= backtest::section_ui(ui, state, &mut self.backtest, actions);
        }
        if !can_publish {
            return Asked { leaves, enter: false, moments: None };
        }
        ui.add_space(space::S);
        let enter = self.note.ui(ui);
        self.when.ui(ui, state);
        Asked { leaves, enter, moments: self.when.moments(state).ok() }
    }
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
