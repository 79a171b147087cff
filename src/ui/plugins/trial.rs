//! Asking a plugin about a caller, to see what it says.

use egui::{Key, Ui};

use super::wish;
use crate::plugins::Tested;
use crate::routing::{Call, Caller, number as phone};
use crate::service::messages::PluginWish;
use crate::ui::app::{Actions, State};
use crate::ui::decision::{facts_ui, milliseconds};
use crate::ui::theme::{palette, space, text};
use crate::ui::widgets::{Banner, Button, Field, Level, TextField, safe_text, section};

/// The caller as typed.
#[derive(Default)]
pub(super) struct Trial {
    caller: String,
}

impl Trial {
    pub(super) fn ui(&mut self, ui: &mut Ui, state: &State, id: &str, actions: &mut Actions) {
        section(ui, "Try it", "Asks it now, exactly as for a call, about one caller", |ui| {
            let number = phone::parse(&self.caller, &state.draft.country);
            let is_unread = number.is_none() && !self.caller.trim().is_empty();
            let error = is_unread
                .then_some("This is no phone number; write it with its country code, such as +14155552671");
            Field::new("Caller").error(error).show_group(ui, |ui| {
                ui.horizontal(|ui| {
                    let field = TextField::new(&mut self.caller).hint("(415) 555-2671").width(220.0);
                    let field = ui.add(field.id_salt("plugin caller")).accessible_name("Caller to try with");
                    let enter = field.lost_focus() && ui.input(|input| input.key_pressed(Key::Enter));
                    let button = Button::secondary("Try").name("Try this plugin");
                    let pressed = ui.add_enabled(number.is_some(), button).clicked();
                    if let Some(number) = number.filter(|_| pressed || enter) {
                        let line = state.draft.lines.first().map(|line| line.number.clone());
                        let call = Call::new(Caller::Number(number), line.unwrap_or_default());
                        actions.push(wish(PluginWish::Try { id: id.to_owned(), call }));
                    }
                });
            });
            if let Some((_, tested)) = state.plugin_tried.as_ref().filter(|(tried, _)| tried == id) {
                tested_ui(ui, state, tested);
            }
        });
    }
}

fn tested_ui(ui: &mut Ui, state: &State, tested: &Tested) {
    ui.add_space(space::S);
    let caller = state.number(tested.call.from.number());
    let took = milliseconds((tested.took_ms * 1000.0) as u64);
    let words = format!("Asked about {caller}, answered after {took} ms");
    match &tested.facts {
        Ok(facts) => {
            ui.label(text::help(palette(ui), words));
            facts_ui(ui, state, facts);
        }
        Err(reason) => Banner::new(Level::Warning, &words).detail(&safe_text(reason)).show(ui, |_| ()),
    }
    if !tested.detail.is_empty() {
        ui.label(text::help(palette(ui), safe_text(&tested.detail)));
    }
}
