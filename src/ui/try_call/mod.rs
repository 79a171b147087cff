//! The screen of calls that did not happen: fill in a call, see which rule would win and what
//! Retell would be told, then send the same as a real request. Deciding is the service's
//! business; here are only the form, what was asked, and how the answer is shown.

mod compare;
mod form;
mod form_ui;
mod front_door;
mod raw;
mod result;
mod time_field;
mod wanted;

use std::time::Duration;

use egui::Ui;

pub(crate) use self::form::Form;
use self::front_door::FrontDoorPanel;
use self::raw::Raw;
use self::result::ResultView;
use self::time_field::TimeField;
use self::wanted::Wanted;
use super::app::{Action, Actions, State};
use super::decision;
use super::theme::space;
use super::widgets::{self, Screen};

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Input {
    #[default]
    Form,
    Raw,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Against {
    #[default]
    Live,
    Draft,
}

/// The screen "Try a call".
#[derive(Default)]
pub struct TryCallScreen {
    input: Input,
    against: Against,
    form: Form,
    time: TimeField,
    raw: Raw,
    /// What was asked for last; the same is not asked for twice.
    asked: Option<Wanted>,
    result: ResultView,
    front_door: FrontDoorPanel,
    /// A payload to fill in when the screen is next drawn.
    to_load: Option<String>,
    is_set_up: bool,
}

impl TryCallScreen {
    /// Fills the form in like this payload of a call, with its own time if it tells one. A payload
    /// that cannot be read is shown as JSON with what is wrong.
    pub fn load_payload(&mut self, payload: &str) {
        self.to_load = Some(payload.to_owned());
    }

    /// Tries calls against the draft, or else the live table.
    pub fn try_against(&mut self, draft: bool) {
        self.against = if draft { Against::Draft } else { Against::Live };
    }

    /// Draws the screen.
    pub fn ui(&mut self, ui: &mut Ui, state: &State, actions: &mut Actions) {
        self.set_up(state);
        let wanted = self.wanted(state);
        self.ask(wanted.as_ref().ok(), actions);
        let about = "See which rule would answer a call, and why; nobody is called";
        Screen::new("Try a call", about).no_scroll().show(
            ui,
            |_| (),
            |ui| {
                let full = ui.available_rect_before_wrap();
                let Some((left, right)) = decision::split(full) else {
                    return decision::scrolled(ui, "try", |ui| {
                        self.input_ui(ui, state);
                        self.result_ui(ui, state, &wanted, actions);
                    });
                };
                decision::child(ui, left, |ui| {
                    decision::scrolled(ui, "try form", |ui| self.input_ui(ui, state));
                });
                decision::child(ui, right, |ui| {
                    decision::scrolled(ui, "try result", |ui| self.result_ui(ui, state, &wanted, actions));
                });
                ui.advance_cursor_after_rect(full);
            },
        );
        if self.time.follows_now {
            ui.ctx().request_repaint_after(Duration::from_mins(1));
        }
    }

    /// What is filled in before the person does anything, and payloads from elsewhere.
    fn set_up(&mut self, state: &State) {
        if !self.is_set_up {
            self.is_set_up = true;
            self.form = Form::starter(state);
            self.raw.write(&self.form.inbound(state));
        }
        if let Some(payload) = self.to_load.take() {
            self.raw.text = decision::pretty(&payload);
            if self.read_raw(state) {
                self.input = Input::Form;
                self.time = TimeField::at_ms(self.form.timestamp(), decision::zone(state));
            } else {
                self.input = Input::Raw;
            }
        }
        self.form.keep_up(state);
        self.time.keep_up(state.now, decision::zone(state));
    }

    /// Takes the JSON over into the form, if it can be read.
    fn read_raw(&mut self, state: &State) -> bool {
        let Some(inbound) = self.raw.read() else { return false };
        self.form = Form::of(inbound, state);
        true
    }

    /// What shall be tried, or what is missing for it.
    fn wanted(&self, state: &State) -> Result<Wanted, String> {
        if let (Input::Raw, Some(error)) = (self.input, &self.raw.error) {
            return Err(error.clone());
        }
        self.form.check()?;
        let at = self.time.at(decision::zone(state))?;
        let call = crate::service::call_of(self.form.inbound(state), &state.draft.country);
        let draft = (self.against == Against::Draft).then(|| state.draft.clone());
        Ok(Wanted { call, at, draft, version: state.live.version })
    }

    fn ask(&mut self, wanted: Option<&Wanted>, actions: &mut Actions) {
        if let Some(wanted) = wanted
            && self.asked.as_ref() != Some(wanted)
        {
            self.asked = Some(wanted.clone());
            actions.push(Action::Send(wanted.command()));
        }
    }

    fn input_ui(&mut self, ui: &mut Ui, state: &State) {
        ui.push_id("input", |ui| {
            widgets::card(ui, |ui| {
                ui.spacing_mut().item_spacing.y = space::M;
                widgets::segmented(ui, &mut self.input, &[(Input::Form, "Form"), (Input::Raw, "Raw JSON")]);
                match self.input {
                    Input::Form => {
                        if self.form.ui(ui, state) {
                            self.raw.write(&self.form.inbound(state));
                        }
                    }
                    Input::Raw => {
                        let sample = || self.form.sample(state);
                        if self.raw.ui(ui, sample) {
                            self.read_raw(state);
                        }
                    }
                }
                widgets::divider(ui);
                self.time.ui(ui, state);
            });
        });
    }

    fn result_ui(
        &mut self,
        ui: &mut Ui,
        state: &State,
        wanted: &Result<Wanted, String>,
        actions: &mut Actions,
    ) {
        ui.push_id("result", |ui| {
            ui.spacing_mut().item_spacing.y = space::M;
            widgets::card(ui, |ui| {
                ui.horizontal_wrapped(|ui| {
                    let live = format!("Live v{}", state.live.version);
                    let options = [(Against::Live, live.as_str()), (Against::Draft, "Draft")];
                    widgets::segmented(ui, &mut self.against, &options);
                    if wanted.as_ref().is_ok_and(|wanted| wanted.answer(state).is_none()) {
                        ui.spinner().on_hover_text("Working it out");
                    }
                });
                self.result.ui(ui, state, wanted, actions);
            });
            let inbound = self.form.inbound(state);
            self.front_door.ui(ui, state, wanted, inbound, self.time.follows_now, actions);
        });
    }
}
