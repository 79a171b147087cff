//! The screen of calls that did not happen: fill in a call, see which rule would win and what
//! Retell would be told, then send the same as a real request. Deciding is the service's
//! business; here are only the form, what was asked, and how the answer is shown.

mod both;
mod burst_panel;
mod callers;
mod compare;
mod files_panel;
mod form;
mod form_ui;
mod front_door;
mod given;
mod one_call;
mod presets;
mod raw;
mod result;
mod signature_panel;
mod time_field;
mod wanted;

use std::path::PathBuf;

use egui::{Event, Ui};

use self::burst_panel::BurstPanel;
use self::files_panel::FilesPanel;
pub(crate) use self::form::Form;
use self::one_call::OneCall;
use self::signature_panel::SignaturePanel;
use super::app::{Action, Actions, State};
use super::decision::scrolled;
use super::widgets::{Screen, segmented};
use crate::retell::payload;
use crate::service::messages::{Level, Note};

/// What can be tried.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Tab {
    #[default]
    One,
    Files,
    Signature,
    Burst,
}

/// The screen "Try a call".
#[derive(Default)]
pub struct TryCallScreen {
    tab: Tab,
    one: OneCall,
    files: FilesPanel,
    signature: SignaturePanel,
    burst: BurstPanel,
}

impl TryCallScreen {
    /// Fills the form in like this payload of a call, with its own time if it tells one, or else with the
    /// one that is known (in ms since 1970 UTC). A payload that cannot be read is shown as JSON with what is
    /// wrong.
    pub fn load_payload(&mut self, payload: &str, came_ms: Option<i64>) {
        self.tab = Tab::One;
        self.one.load_payload(payload, came_ms);
    }

    /// Tries the requests in these files and folders.
    pub fn load_files(&mut self, paths: Vec<PathBuf>) {
        self.tab = Tab::Files;
        self.files.load(paths);
    }

    /// Tries calls against the draft, or else the live table.
    pub fn try_against(&mut self, draft: bool) {
        self.one.try_against(draft);
    }

    /// Draws the screen.
    pub fn ui(&mut self, ui: &mut Ui, state: &State, actions: &mut Actions) {
        if let Some(bytes) = keep_out_large_pastes(ui) {
            if self.tab == Tab::One {
                self.one.refuse_paste(bytes);
            } else {
                let size = one_call::size_words(bytes);
                let text =
                    format!("What was pasted is {size} and was not taken; a request holds at most 64 KB");
                actions.push(Action::Tell(Note { level: Level::Warning, text }));
            }
        }
        let about = "See which rule would answer a call, and why; nobody is called";
        let is_wide = self.tab == Tab::One && self.one.is_side_by_side();
        let screen = Screen::new("Try a call", about).no_scroll();
        let screen = if is_wide { screen.wide() } else { screen };
        let Self { tab, one, files, signature, burst } = self;
        let mut opened = None;
        screen.show(
            ui,
            |_| (),
            |ui| {
                let tabs = [
                    (Tab::One, "One call"),
                    (Tab::Files, "Files"),
                    (Tab::Signature, "Signature"),
                    (Tab::Burst, "Burst"),
                ];
                segmented(ui, tab, &tabs);
                match tab {
                    Tab::One => one.ui(ui, state, actions),
                    Tab::Files => opened = files.ui(ui, state, actions),
                    Tab::Signature => scrolled(ui, "signature", |ui| signature.ui(ui, state, actions)),
                    Tab::Burst => scrolled(ui, "burst", |ui| burst.ui(ui, state, actions)),
                }
            },
        );
        if let Some(body) = opened {
            self.load_payload(&body, None);
        }
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
