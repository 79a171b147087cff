//! One call looked into: the story first, then how it was decided, what was known, what went out.

use std::time::Duration;

use chrono::DateTime;
use egui::{CornerRadius, Frame, Layout, Margin, ScrollArea, Stroke, Ui};
use serde_json::Value;

use super::add_to_list::AddToList;
use super::{columns, ended, new_rule, story};
use crate::retell::{Inbound, payload};
use crate::routing::{By, Decision, Facts, grouped};
use crate::service::messages::Command;
use crate::service::{DecidedCall, call_of};
use crate::storage::call_log::{Record, Step, Summary, told};
use crate::ui::app::{Action, Actions, State};
use crate::ui::decision::{self, TimedStep};
use crate::ui::routes::test_cases;
use crate::ui::theme::{self, CONTROL_HEIGHT_SMALL, RADIUS, icons, space};
use crate::ui::widgets::{self, Button, json_view, key_value, key_value_ui, phrase, safe_text};

const JSON_HEIGHT: f32 = 320.0;

/// What is wanted of the screen around the panel.
pub(super) enum Wish {
    /// The panel is to be closed.
    Close,
    /// The calls of this caller are to be shown.
    CallsOf(String),
}

/// The record as it is shown: read once, not in each frame.
#[derive(Default)]
pub(super) struct Detail {
    read: Option<Read>,
    add_to_list: AddToList,
    /// It is asked whether all calls of this caller are to be erased.
    erasing: Option<String>,
    /// How often something had failed when the record was asked for.
    failures: u64,
}

struct Read {
    /// The record this was made of: its id, where it is held, and whether its numbers are hidden.
    of: (i64, usize, bool),
    decision: Result<Decision, String>,
    facts: Result<Facts, String>,
    /// The decision and the facts as they were, where `decision` and `facts` hide numbers.
    whole: Option<(Decision, Facts)>,
    /// The request, if it can be read.
    inbound: Option<Inbound>,
    request: String,
    answer: String,
    steps: Vec<TimedStep>,
}

impl Read {
    fn of(state: &State, record: &Record, of: (i64, usize, bool)) -> Self {
        let Record { summary, detail } = record;
        let numbers = [summary.from.as_deref().unwrap_or_default(), summary.to.as_str()];
        let shown = |text: &str| state.without_numbers(text, &numbers);
        let raw = |value: &Value| shown(&serde_json::to_string_pretty(value).unwrap_or_default());
        Self {
            of,
            decision: serde_json::from_value(hidden(&detail.decision, &shown))
                .map_err(|_| raw(&detail.decision)),
            facts: serde_json::from_value(hidden(&detail.facts, &shown)).map_err(|_| raw(&detail.facts)),
            whole: serde_json::from_value(detail.decision.clone())
                .ok()
                .zip(serde_json::from_value(detail.facts.clone()).ok()),
            inbound: payload::parse_pasted(&detail.request).ok(),
            request: shown(&decision::pretty(&detail.request)),
            answer: shown(&decision::pretty(&detail.answer)),
            steps: in_order(&detail.steps).into_iter().map(timed).collect(),
        }
    }
}

/// The same with what stands in it as text as it may be shown; what is looked up by stays.
fn hidden(value: &Value, shown: &impl Fn(&str) -> String) -> Value {
    match value {
        Value::String(text) => Value::String(shown(text)),
        Value::Array(all) => all.iter().map(|one| hidden(one, shown)).collect(),
        Value::Object(all) => {
            let part = |(name, part): (&String, &Value)| {
                let is_id = name == "id" || name.ends_with("_id");
                (name.clone(), if is_id { part.clone() } else { hidden(part, shown) })
            };
            Value::Object(all.iter().map(part).collect())
        }
        other => other.clone(),
    }
}

impl Read {
    /// Why a request was no call, with what to do.
    fn why_unreadable(&self, call: &Summary) -> Option<&str> {
        let made = self.decision.as_ref().ok().filter(|_| call.unreadable)?;
        match &made.by {
            By::Trouble(why) => Some(why),
            _ => made.notes.first().map(String::as_str),
        }
    }
}

impl Detail {
    /// Asks for the record of this call.
    pub(super) fn ask(&mut self, state: &State, id: i64, actions: &mut Actions) {
        self.failures = state.failures;
        if let Some(caller) = state.found.row(id).and_then(|call| call.from.clone()) {
            actions.push(Action::Send(Command::CountCaller(caller)));
        }
        actions.push(Action::Send(Command::LoadRecord(id)));
    }

    /// Draws the panel of the call with this id.
    pub(super) fn ui(&mut self, ui: &mut Ui, state: &State, id: i64, actions: &mut Actions) -> Option<Wish> {
        let p = theme::palette(ui);
        let record = state.record.as_deref().filter(|record| record.summary.id == id);
        self.bring_up_to(state, record);
        // The list's copy is the newer one: attempts are counted there.
        let listed = state.found.row(id);
        let summary = listed.or(record.map(|record| &record.summary));
        let mut wish = None;
        Frame::new()
            .fill(p.surface)
            .stroke(Stroke::new(1.0, p.border))
            .corner_radius(CornerRadius::same(RADIUS))
            .show(ui, |ui| {
                ui.set_min_size(ui.available_size());
                ui.spacing_mut().item_spacing.y = 0.0;
                let margin = Margin { left: 14, right: 8, top: 7, bottom: 7 };
                Frame::new().inner_margin(margin).show(ui, |ui| {
                    wish = head_ui(ui, state, record, actions).then_some(Wish::Close);
                });
                widgets::divider(ui);
                ScrollArea::vertical().id_salt(("call detail", id)).auto_shrink(false).show(ui, |ui| {
                    Frame::new().inner_margin(Margin::same(space::L as i8)).show(ui, |ui| {
                        ui.spacing_mut().item_spacing.y = space::M;
                        if let Some(summary) = summary {
                            let made = self.read.as_ref().and_then(|read| read.decision.as_ref().ok());
                            phrase(ui, story::sentence(state, summary, made).parts());
                            ui.horizontal_wrapped(|ui| {
                                ui.spacing_mut().interact_size.y = CONTROL_HEIGHT_SMALL;
                                self.add_to_list.ui(ui, state, summary, actions);
                                new_rule::new_rule_ui(ui, state, summary, actions);
                                if let Some(read) = &self.read {
                                    make_test_ui(ui, state, summary, read, actions);
                                }
                                if let Some(caller) = caller_ui(ui, state, summary) {
                                    wish = Some(caller);
                                }
                                self.erase_ui(ui, state, summary);
                            });
                            ended::ended_ui(ui, state, summary.id);
                            self.parts_ui(ui, state, summary, actions);
                        } else {
                            decision::quiet(ui, "This call is not in the log any more");
                        }
                    });
                });
            });
        self.erasing_ui(ui, state, actions);
        wish
    }

    /// The menu with what can be undone by nobody.
    fn erase_ui(&mut self, ui: &mut Ui, state: &State, call: &Summary) {
        let Some(from) = &call.from else { return };
        widgets::more_menu(ui, "More about this caller", |ui| {
            let words = format!("Erase all calls of {}…", state.number(Some(from)));
            if widgets::menu_danger(ui, icons::TRASH, &words).clicked() {
                self.erasing = Some(from.clone());
            }
        });
    }

    fn erasing_ui(&mut self, ui: &Ui, state: &State, actions: &mut Actions) {
        let Some(number) = &self.erasing else { return };
        let title = format!("Erase all calls of {}?", state.number(Some(number)));
        let confirm = widgets::Confirm {
            title: &title,
            text: "They go from the call log, from the search and from the caller's history, for good. \
                   Lists, contacts, test cases and saved files stay as they are",
            yes: "Erase",
            danger: true,
        };
        if let Some(answer) = confirm.ask(ui) {
            if answer {
                actions.push(Action::Send(Command::EraseCaller(number.clone())));
            }
            self.erasing = None;
        }
    }

    fn bring_up_to(&mut self, state: &State, record: Option<&Record>) {
        let hides = state.settings.hide_numbers;
        let of = record.map(|record| (record.summary.id, std::ptr::from_ref(record).addr(), hides));
        if self.read.as_ref().map(|read| read.of) != of {
            self.read = record.zip(of).map(|(record, of)| Read::of(state, record, of));
        }
    }

    /// In place of a record that is not there, or not yet.
    fn missing_ui(&mut self, ui: &mut Ui, state: &State, id: i64, actions: &mut Actions) {
        ui.horizontal(|ui| {
            if self.failures == state.failures {
                ui.spinner();
                decision::quiet(ui, "Getting the details");
            } else {
                decision::quiet(ui, "The details could not be loaded");
                if ui.add(Button::secondary("Load again").small()).clicked() {
                    self.ask(state, id, actions);
                }
            }
        });
    }

    fn parts_ui(&mut self, ui: &mut Ui, state: &State, call: &Summary, actions: &mut Actions) {
        let Some(read) = &self.read else {
            return self.missing_ui(ui, state, call.id, actions);
        };
        if let Some(why) = read.why_unreadable(call) {
            widgets::Banner::new(widgets::Level::Warning, "This was no call").detail(why).show(ui, |_| ());
        }
        decision::part(ui, "Where the time went", |ui| decision::timing_ui(ui, &read.steps));
        match &read.decision {
            Ok(made) => decision_ui(ui, state, made, actions),
            Err(raw) => decision::part(ui, "How it was decided", |ui| {
                decision::quiet(ui, "Another version of Switchboard wrote this, so it is shown as it is");
                json_view(ui, "decision", raw, JSON_HEIGHT);
            }),
        }
        match &read.facts {
            Ok(facts) => decision::part(ui, "What was known", |ui| decision::facts_ui(ui, state, facts)),
            Err(raw) => {
                decision::part(ui, "What was known", |ui| json_view(ui, "facts", raw, JSON_HEIGHT));
            }
        }
        if let Ok(made) = &read.decision {
            let variables = &made.variables;
            decision::part(ui, "What the agent was told", |ui| decision::variables_ui(ui, variables));
            decision::greeting_part(ui, state, made);
        }
        about_ui(ui, state, call, read, actions);
        decision::part(ui, "On the wire", |ui| {
            json_view(ui, "what Retell sent", &read.request, JSON_HEIGHT);
            ui.add_space(2.0);
            json_view(ui, "what it was answered", &read.answer, JSON_HEIGHT);
        });
    }
}

fn head_ui(ui: &mut Ui, state: &State, record: Option<&Record>, actions: &mut Actions) -> bool {
    ui.horizontal(|ui| {
        ui.spacing_mut().item_spacing.x = space::XS;
        ui.spacing_mut().interact_size.y = CONTROL_HEIGHT_SMALL;
        if let Some(record) = record {
            let detail = &record.detail;
            if ui.add(Button::secondary("Try again").with_icon(icons::PLAY).small()).clicked() {
                actions.push(Action::TryPayload(detail.request.clone(), record.summary.at_ms));
            }
            let button = Button::quiet("Copy").with_icon(icons::COPY).with_trailing(icons::CHEVRON_DOWN);
            widgets::menu_button(ui, button.small(), |ui| copy_ui(ui, state, record, actions));
        }
        ui.with_layout(Layout::right_to_left(egui::Align::Center), |ui| {
            ui.add(Button::icon(icons::X, "Close the details").small()).clicked()
        })
        .inner
    })
    .inner
}

/// What of a call can be copied.
fn copy_ui(ui: &mut Ui, state: &State, record: &Record, actions: &mut Actions) {
    let detail = &record.detail;
    if widgets::menu_item(ui, icons::PHONE_INCOMING, "The request").clicked() {
        actions.push(Action::Copy(detail.request.clone()));
    }
    if widgets::menu_item(ui, icons::SEND, "The answer").clicked() {
        actions.push(Action::Copy(detail.answer.clone()));
    }
    if widgets::menu_item(ui, icons::BRACES, "Everything as JSON").clicked() {
        let end = state.ends.get(&record.summary.id);
        let json = serde_json::to_string_pretty(&told::json(record, end)).unwrap_or_default();
        actions.push(Action::Copy(json));
    }
    // Its signature counts for five minutes.
    if widgets::menu_item(ui, icons::KEY, "A curl command, signed now").clicked() {
        actions.push(Action::Send(Command::AsCurl(detail.request.clone())));
    }
}

/// "5 calls, first on 12 May": the way to all calls of this caller.
fn caller_ui(ui: &mut Ui, state: &State, call: &Summary) -> Option<Wish> {
    let from = call.from.as_deref()?;
    let known = state.caller.as_ref().filter(|caller| caller.number == from)?;
    let first = DateTime::from_timestamp_millis(known.first_ms?)?.with_timezone(&decision::zone(state));
    let this_year = chrono::Datelike::year(&state.now.with_timezone(&decision::zone(state)));
    let is_of_this_year = chrono::Datelike::year(&first) == this_year;
    let first = first.format(if is_of_this_year { "%-d %b" } else { "%-d %b %Y" });
    let words = match known.calls {
        0 | 1 => "Their only call".to_owned(),
        calls => format!("{} calls, first on {first}", grouped(calls as usize)),
    };
    let button = Button::quiet(&words).with_icon(icons::HISTORY).small();
    let is_clicked = ui.add(button.tooltip("Show all calls of this caller")).clicked();
    is_clicked.then(|| Wish::CallsOf(from.to_owned()))
}

fn decision_ui(ui: &mut Ui, state: &State, made: &Decision, actions: &mut Actions) {
    decision::part(ui, "How it was decided", |ui| decision::trace_ui(ui, state, made, actions));
    if !made.notes.is_empty() {
        decision::part(ui, "Worth knowing", |ui| {
            for note in &made.notes {
                decision::quiet(ui, &safe_text(note));
            }
        });
    }
}

/// The button that makes a test case of this call. There is none for one that cannot be read.
fn make_test_ui(ui: &mut Ui, state: &State, call: &Summary, read: &Read, actions: &mut Actions) {
    let (Some((made, facts)), Some(inbound)) = (&read.whole, &read.inbound) else { return };
    let button = Button::secondary("Make a test of this").with_icon(icons::CIRCLE_CHECK).small();
    if ui.add(button.tooltip("Keeps this call and what came of it as a test case of the draft")).clicked() {
        let of = call_of(inbound.clone(), &state.draft.country);
        let decided = DecidedCall { call: &of, at: columns::moment(call), facts, decision: made };
        test_cases::make_test(state, decided, actions);
    }
}

/// Which table decided, and the way to it.
fn version_ui(ui: &mut Ui, version: u32, actions: &mut Actions) {
    key_value_ui(ui, "Decided by", |ui| {
        // None was published then, so none is kept.
        if version == 0 {
            ui.label("A table that is not kept");
            return;
        }
        let name = format!("Open version {version}");
        let words = format!("Version {version}");
        let button = Button::quiet(&words).with_icon(icons::HISTORY).small().name(&name);
        if ui.add(button.tooltip("Show the table as it was then")).clicked() {
            actions.push(Action::OpenVersion(version));
        }
    });
}

fn about_ui(ui: &mut Ui, state: &State, call: &Summary, read: &Read, actions: &mut Actions) {
    decision::part(ui, "About this call", |ui| {
        key_value(ui, "Arrived", &decision::exact(state, columns::moment(call)));
        key_value(ui, "Line", &safe_text(&state.number(Some(&call.to))));
        version_ui(ui, call.version, actions);
        if let Some(version) = read.decision.as_ref().ok().and_then(story::agent_version) {
            key_value(ui, "Agent's version", &safe_text(&version));
        }
        let attempts = match call.attempts {
            0 | 1 => "Once".to_owned(),
            count => format!("{count} times, and each time got the same answer"),
        };
        key_value(ui, "Retell asked", &attempts);
        let signed =
            if call.is_test { "By this computer, as a test" } else { "With your API key, as Retell does" };
        key_value(ui, "Signed", signed);
        if call.late {
            key_value(ui, "Written down", "After the answer, because the disk was slow");
        }
    });
}

/// The steps as they came after each other; look-ups are asked all at once.
fn in_order(steps: &[Step]) -> Vec<&Step> {
    let mut steps: Vec<_> = steps.iter().collect();
    steps.sort_by_key(|step| match step.name.as_str() {
        "verify" => 0,
        "look-ups" => 1,
        "decide" => 3,
        "record" => 4,
        "answer" => 5,
        _ => 2,
    });
    steps
}

/// A step in words. In older records look-ups that failed stand under what went wrong.
fn timed(step: &Step) -> TimedStep {
    let took = Duration::from_micros(step.took_us);
    let (name, fault) = match step.name.as_str() {
        "verify" => ("Check the signature".to_owned(), None),
        "look-ups" => ("All look-ups".to_owned(), None),
        "decide" => ("Decide".to_owned(), None),
        "record" => ("Write it down".to_owned(), None),
        "answer" => ("Send the answer".to_owned(), None),
        other => match (other.strip_prefix("look-up "), &step.note) {
            (Some(name), None) => (format!("Look-up: {name}"), step.fault.clone()),
            (Some(name), Some(note)) => (format!("Look-up: {name}: {note}"), step.fault.clone()),
            (None, _) => ("Look-up".to_owned(), Some(other.to_owned())),
        },
    };
    TimedStep { name, took, fault }
}
