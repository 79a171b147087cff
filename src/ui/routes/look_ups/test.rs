//! Asking a look-up about a caller, to see what it finds out.

use egui::{Key, Ui};

use crate::plugins::Tested;
use crate::routing::{Call, Caller, UsedLookUp, capital, number as phone};
use crate::ui::app::{Actions, State};
use crate::ui::decision::{facts_ui, milliseconds};
use crate::ui::theme::{icons, palette, space, text};
use crate::ui::widgets::{Banner, Button, Field, Level, TextField, menu_button, menu_item, section};

/// How many of the last callers are offered.
const RECENT: usize = 8;

/// The caller as typed, and what was asked.
#[derive(Default)]
pub(super) struct Test {
    caller: String,
    asked: Option<Asked>,
}

/// A test that was asked for.
struct Asked {
    settings: serde_json::Value,
    /// How many tests had been answered by then.
    answered: u64,
    /// How often something had not come by then.
    failures: u64,
}

impl Test {
    pub(super) fn ui(&mut self, ui: &mut Ui, state: &State, used: &UsedLookUp, actions: &mut Actions) {
        section(ui, "Test", "Asks it now, exactly as for a call, about one caller", |ui| {
            let number = phone::parse(&self.caller, &state.draft.country);
            let is_unread = number.is_none() && !self.caller.trim().is_empty();
            let error = is_unread
                .then_some("This is no phone number; write it with its country code, such as +14155552671");
            let is_waiting = self.is_waiting(state);
            Field::new("Caller").error(error).show_group(ui, |ui| {
                ui.horizontal(|ui| {
                    let field = TextField::new(&mut self.caller).hint("(415) 555-2671").width(220.0);
                    let field = ui.add(field.id_salt("test caller")).accessible_name("Caller to test with");
                    let enter = field.lost_focus() && ui.input(|input| input.key_pressed(Key::Enter));
                    recent_ui(ui, state, &mut self.caller);
                    let words = if is_waiting { "Testing…" } else { "Test" };
                    let pressed = ui.add_enabled(
                        number.is_some() && !is_waiting,
                        Button::secondary(words).name("Test this look-up"),
                    );
                    if let Some(number) = number.filter(|_| pressed.clicked() || (enter && !is_waiting)) {
                        let line = state.draft.lines.first().map(|line| line.number.clone());
                        let call = Call::new(Caller::Number(number), line.unwrap_or_default());
                        actions.push(super::inspect(&state.draft, &used.id, Some(call)));
                        self.asked = Some(Asked {
                            settings: used.settings.clone(),
                            answered: state.tests,
                            failures: state.failures,
                        });
                    }
                });
            });
            let Some(asked) = self.asked.as_ref().filter(|_| !self.is_waiting(state)) else { return };
            let tested = state.inspected.get(&used.id).and_then(|found| found.test.as_ref());
            if let Some(tested) = tested.filter(|_| state.tests > asked.answered) {
                tested_ui(ui, state, tested, asked.settings != used.settings);
            }
        });
    }

    fn is_waiting(&self, state: &State) -> bool {
        self.asked
            .as_ref()
            .is_some_and(|asked| asked.answered == state.tests && asked.failures == state.failures)
    }
}

/// A menu of those who called last.
fn recent_ui(ui: &mut Ui, state: &State, caller: &mut String) {
    let mut recent: Vec<&str> = Vec::new();
    for number in state.calls.iter().filter_map(|call| call.from.as_deref()) {
        if recent.len() < RECENT && !recent.contains(&number) {
            recent.push(number);
        }
    }
    if recent.is_empty() {
        return;
    }
    let button = Button::icon(icons::CHEVRON_DOWN, "Recent callers");
    menu_button(ui, button, |ui| {
        for number in recent {
            let words = state.number(Some(number));
            if menu_item(ui, icons::PHONE_INCOMING, &words).clicked() {
                number.clone_into(caller);
            }
        }
    });
}

fn tested_ui(ui: &mut Ui, state: &State, tested: &Tested, is_old: bool) {
    let p = palette(ui);
    ui.add_space(space::S);
    let caller = state.number(tested.call.from.number());
    if is_old {
        ui.label(text::help(p, "The settings have changed since this test; test again"));
    }
    match &tested.facts {
        Ok(facts) => {
            let took = milliseconds((tested.took_ms * 1000.0) as u64);
            ui.label(text::help(p, format!("Asked about {caller}, answered after {took} ms")));
            facts_ui(ui, state, facts);
        }
        Err(reason) => {
            // Perhaps nobody was asked at all, so nothing is said of an answer.
            let words = format!("Nothing was found out about {caller}");
            Banner::new(Level::Warning, &words).detail(&capital(reason)).show(ui, |_| ());
        }
    }
    if !tested.detail.is_empty() {
        ui.add_space(space::S);
        egui::CollapsingHeader::new("Word for word").show(ui, |ui| {
            ui.add(egui::Label::new(text::code(&tested.detail)).wrap().selectable(true));
        });
    }
}
