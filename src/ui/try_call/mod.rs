//! The screen of calls that did not happen: fill in a call, see which rule would win and what
//! Retell would be told, then send the same as a real request. Deciding is the service's
//! business; here are only the form, what was asked, and how the answer is shown.

mod both;
mod callers;
mod compare;
mod form;
mod form_ui;
mod front_door;
mod given;
mod one_call;
mod presets;
mod raw;
mod result;
mod time_field;
mod wanted;

use egui::{Event, Ui};

pub(crate) use self::form::Form;
use self::one_call::OneCall;
use super::app::{Actions, State};
use super::widgets::Screen;
use crate::retell::payload;

/// The screen "Try a call".
#[derive(Default)]
pub struct TryCallScreen {
    one: OneCall,
}

impl TryCallScreen {
    /// Fills the form in like this payload of a call, with its own time if it tells one. A payload
    /// that cannot be read is shown as JSON with what is wrong.
    pub fn load_payload(&mut self, payload: &str) {
        self.one.load_payload(payload);
    }

    /// Tries calls against the draft, or else the live table.
    pub fn try_against(&mut self, draft: bool) {
        self.one.try_against(draft);
    }

    /// Draws the screen.
    pub fn ui(&mut self, ui: &mut Ui, state: &State, actions: &mut Actions) {
        if let Some(bytes) = keep_out_large_pastes(ui) {
            self.one.refuse_paste(bytes);
        }
        let about = "See which rule would answer a call, and why; nobody is called";
        let screen = Screen::new("Try a call", about).no_scroll();
        let screen = if self.one.is_side_by_side() { screen.wide() } else { screen };
        screen.show(ui, |_| (), |ui| self.one.ui(ui, state, actions));
    }
}

/// What is pasted and larger than any request that would be taken does not come in: laying out
/// megabytes of text would stop the window. Gives its size.
fn keep_out_large_pastes(ui: &Ui) -> Option<usize> {
    ui.input_mut(|input| {
        let mut largest = None;
        input.events.retain(|event| match event {
            Event::Paste(text) if text.len() > payload::MAX_BYTES => {
                largest = largest.max(Some(text.len()));
                false
            }
            _ => true,
        });
        largest
    })
}
