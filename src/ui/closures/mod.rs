//! What stands above the rules, in the window: the button in the header, the strip below it while
//! something is in force, the dialog that makes one, and the list of all.

mod button;
mod form;
mod form_ui;
mod list;
mod strip;

use egui::Ui;

use super::app::{Actions, State};
use crate::routing::{Override, What, capital, who_answers};

pub use button::button_ui;
pub use strip::strip_ui;

use form::Form;

/// How the dialog is filled in when it opens.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClosingStart {
    /// Closing, or everything to one agent.
    pub what: What,
    /// Until when, as people write it; may be empty.
    pub until: String,
}

/// The dialogs, as far as they are open.
#[derive(Default)]
pub struct Closures {
    form: Option<Form>,
    start: Option<ClosingStart>,
    list: bool,
}

impl Closures {
    /// Opens the dialog that makes an override.
    pub fn close(&mut self, start: Option<ClosingStart>) {
        self.start = Some(start.unwrap_or(ClosingStart { what: What::Closed, until: String::new() }));
    }

    /// Opens the list.
    pub fn show_list(&mut self) {
        self.list = true;
    }

    /// Draws what is open. The list waits behind the dialog.
    pub fn ui(&mut self, ui: &Ui, state: &State, actions: &mut Actions) {
        if let Some(start) = self.start.take() {
            self.form = Some(Form::new(start, state));
        }
        if let Some(form) = &mut self.form {
            if !form_ui::dialog_ui(form, ui, state, actions) {
                self.form = None;
            }
        } else if self.list {
            self.list = list::list_ui(ui, state, actions);
        }
    }
}

/// "Open now" for a closure, "End now" for anything else that is in force.
fn end_words(over: &Override) -> &'static str {
    match over.what {
        What::Closed => "Open now",
        What::Everything => "End now",
    }
}

/// Who answers meanwhile, why, and who set it.
fn details(over: &Override, state: &State) -> String {
    let table = &state.live.table;
    let zone = super::decision::zone(state);
    let mut parts = vec![capital(&who_answers(&over.then.action, table))];
    if !over.reason.is_empty() {
        parts.push(over.reason.clone());
    }
    parts.push(over.set_words(zone, state.now));
    parts.join(" · ")
}
