//! One call: its form or its JSON, and what would come of it.

use std::time::Duration;

use egui::Ui;

use super::both;
use super::form::Form;
use super::front_door::FrontDoorPanel;
use super::given::Given;
use super::presets::PresetMenu;
use super::raw::Raw;
use super::result::ResultView;
use super::time_field::TimeField;
use super::wanted::Wanted;
use crate::storage::Preset;
use crate::ui::app::{Action, Actions, State};
use crate::ui::decision;
use crate::ui::theme::space;
use crate::ui::widgets::{self, Banner, Level};

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
    Both,
}

/// What stands in the fields, and what was asked.
#[derive(Default)]
pub(super) struct OneCall {
    input: Input,
    against: Against,
    form: Form,
    time: TimeField,
    raw: Raw,
    given: Given,
    presets: PresetMenu,
    /// What was asked for last of the live table and of the draft; the same is not asked for twice.
    asked: [Option<Wanted>; 2],
    live: ResultView,
    draft: ResultView,
    front_door: FrontDoorPanel,
    /// A payload to fill in when the screen is next drawn, and when it came, if that is known.
    to_load: Option<(String, Option<i64>)>,
    /// The size of what was pasted last, if that was too large to come in.
    refused: Option<usize>,
    is_set_up: bool,
}

impl OneCall {
    /// Fills it in like this payload.
    pub(super) fn load_payload(&mut self, payload: &str, came_ms: Option<i64>) {
        self.to_load = Some((payload.to_owned(), came_ms));
    }

    /// Tries it against the draft, or else the live table; where both are seen, it stays so.
    pub(super) fn try_against(&mut self, draft: bool) {
        if self.against != Against::Both {
            self.against = if draft { Against::Draft } else { Against::Live };
        }
    }

    /// Something of this size was pasted and did not come in.
    pub(super) fn refuse_paste(&mut self, bytes: usize) {
        self.refused = Some(bytes);
    }

    /// Whether live and draft stand beside each other, for which all the width is wanted.
    pub(super) fn is_side_by_side(&self) -> bool {
        self.against == Against::Both
    }

    /// Draws it.
    pub(super) fn ui(&mut self, ui: &mut Ui, state: &State, actions: &mut Actions) {
        self.set_up(state);
        let wanted = self.wanted(state);
        for (wanted, asked) in wanted.iter().flatten().zip(&mut self.asked) {
            ask(wanted.as_ref(), asked, actions);
        }
        let full = ui.available_rect_before_wrap();
        if let Some((left, right)) = decision::split(full) {
            decision::child(ui, left, |ui| {
                decision::scrolled(ui, "try form", |ui| self.input_ui(ui, state, actions));
            });
            decision::child(ui, right, |ui| {
                decision::scrolled(ui, "try result", |ui| self.result_ui(ui, state, &wanted, actions));
            });
            ui.advance_cursor_after_rect(full);
        } else {
            decision::scrolled(ui, "try", |ui| {
                self.input_ui(ui, state, actions);
                self.result_ui(ui, state, &wanted, actions);
            });
        }
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
        if let Some((payload, came_ms)) = self.to_load.take() {
            self.load(&payload, state);
            // What was pinned is of another call.
            self.given = Given::default();
            self.time = TimeField::at_ms(self.form.timestamp().or(came_ms), decision::zone(state));
        }
        self.form.keep_up(state);
        self.time.keep_up(state.now, decision::zone(state));
    }

    fn load(&mut self, payload: &str, state: &State) {
        self.refused = None;
        self.raw.text = decision::pretty(payload);
        self.input = if self.read_raw(state) { Input::Form } else { Input::Raw };
    }

    fn load_preset(&mut self, preset: &Preset, state: &State) {
        self.load(&preset.payload.to_string(), state);
        let at = preset.at.map(|at| at.timestamp_millis());
        self.time = TimeField::at_ms(at, decision::zone(state));
        self.time.keep_up(state.now, decision::zone(state));
        self.given = Given::of(preset, state);
    }

    /// Takes the JSON over into the form, if it can be read.
    fn read_raw(&mut self, state: &State) -> bool {
        let Some(inbound) = self.raw.read() else { return false };
        self.form = Form::of(inbound, state);
        true
    }

    /// What shall be tried against the live table and against the draft, or what is missing for it.
    fn wanted(&self, state: &State) -> Result<[Option<Wanted>; 2], String> {
        if let (Input::Raw, Some(error)) = (self.input, &self.raw.error) {
            return Err(error.clone());
        }
        self.form.check()?;
        let at = self.time.at(decision::zone(state))?;
        let call = crate::service::call_of(self.form.inbound(state), &state.draft.country);
        let knowing = self.given.knowing();
        let wanted = |draft| Wanted {
            call: call.clone(),
            at,
            draft,
            version: state.live.version,
            knowing: knowing.clone(),
        };
        let live = (self.against != Against::Draft).then(|| wanted(None));
        let draft = (self.against != Against::Live).then(|| wanted(Some(state.draft.clone())));
        Ok([live, draft])
    }

    fn input_ui(&mut self, ui: &mut Ui, state: &State, actions: &mut Actions) {
        ui.push_id("input", |ui| {
            widgets::card(ui, |ui| {
                ui.spacing_mut().item_spacing.y = space::M;
                self.head_ui(ui, state, actions);
                if let Some(bytes) = self.refused {
                    refused_ui(ui, bytes);
                }
                let changed = match self.input {
                    Input::Form => {
                        let changed = self.form.ui(ui, state, actions);
                        if changed {
                            self.raw.write(&self.form.inbound(state));
                        }
                        changed
                    }
                    Input::Raw => {
                        let sample = || self.form.sample(state);
                        let changed = self.raw.ui(ui, sample);
                        if changed {
                            self.read_raw(state);
                        }
                        changed
                    }
                };
                if changed {
                    self.refused = None;
                }
                widgets::divider(ui);
                self.time.ui(ui, state);
                widgets::divider(ui);
                self.given.ui(ui, state, self.asked.iter().flatten());
            });
        });
    }

    fn head_ui(&mut self, ui: &mut Ui, state: &State, actions: &mut Actions) {
        let mut chosen = None;
        let payload = match (self.input, &self.raw.error) {
            (Input::Raw, Some(_)) => None,
            _ => serde_json::from_str(&self.form.inbound(state).to_json()).ok(),
        };
        let at = (!self.time.follows_now).then(|| self.time.at(decision::zone(state)).ok()).flatten();
        let this = payload.map(|payload| self.given.preset(payload, at));
        egui::Sides::new().show(
            ui,
            |ui| {
                widgets::segmented(ui, &mut self.input, &[(Input::Form, "Form"), (Input::Raw, "Raw JSON")]);
            },
            |ui| {
                chosen = self.presets.ui(ui, state, this, actions);
            },
        );
        if let Some(preset) = chosen {
            self.load_preset(&preset, state);
        }
    }

    fn result_ui(
        &mut self,
        ui: &mut Ui,
        state: &State,
        wanted: &Result<[Option<Wanted>; 2], String>,
        actions: &mut Actions,
    ) {
        ui.push_id("result", |ui| {
            ui.spacing_mut().item_spacing.y = space::M;
            widgets::card(ui, |ui| {
                ui.horizontal_wrapped(|ui| {
                    let live = format!("Live v{}", state.live.version);
                    let options = [
                        (Against::Live, live.as_str()),
                        (Against::Draft, "Draft"),
                        (Against::Both, "Side by side"),
                    ];
                    widgets::segmented(ui, &mut self.against, &options);
                    let waits = |wanted: &Wanted| wanted.answer(state).is_none();
                    if wanted.iter().flatten().flatten().any(waits) {
                        ui.spinner().on_hover_text("Working it out");
                    }
                });
                match wanted {
                    Err(missing) => super::result::incomplete_ui(ui, missing),
                    Ok([Some(live), Some(draft)]) => {
                        let views = [&mut self.live, &mut self.draft];
                        both::both_ui(ui, state, [live, draft], views, actions);
                    }
                    Ok([Some(live), None]) => self.live.ui(ui, state, live, actions),
                    Ok([None, Some(draft)]) => self.draft.ui(ui, state, draft, actions),
                    Ok([None, None]) => {}
                }
            });
            let inbound = self.form.inbound(state);
            let one = match wanted {
                Ok([Some(live), _]) => Ok(live),
                Ok([None, Some(draft)]) => Ok(draft),
                Ok([None, None]) => Err(""),
                Err(missing) => Err(missing.as_str()),
            };
            self.front_door.ui(ui, state, one, &inbound, self.time.follows_now, actions);
        });
    }
}

fn ask(wanted: Option<&Wanted>, asked: &mut Option<Wanted>, actions: &mut Actions) {
    if let Some(wanted) = wanted
        && asked.as_ref() != Some(wanted)
    {
        *asked = Some(wanted.clone());
        actions.push(Action::Send(wanted.command()));
    }
}

fn refused_ui(ui: &mut Ui, bytes: usize) {
    let words = format!("What was pasted is {} and was not taken", size_words(bytes));
    let detail = "A request of Retell's is about 1 KB, and one of more than 64 KB is turned away at the door. \
                  What stood here before is still there";
    Banner::new(Level::Warning, &words).detail(detail).show(ui, |_| ());
}

/// "80 KB", "3.2 MB".
pub(super) fn size_words(bytes: usize) -> String {
    match bytes {
        0..1024 => format!("{bytes} bytes"),
        1024..1_048_576 => format!("{} KB", bytes.div_ceil(1024)),
        _ => format!("{:.1} MB", bytes as f64 / 1_048_576.0),
    }
}
