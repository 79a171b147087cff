//! How the internet reaches this computer: how that is, and the ways to choose from.

mod certificate_ui;
mod state_ui;
mod timeline_ui;
mod tool_ui;

use std::collections::BTreeMap;
use std::path::PathBuf;

use egui::Ui;
use serde_json::Value;

use crate::plugins::reach::{ReachEditor, ReachKind, SecretWish};
use crate::service::messages::Command;
use crate::storage::{ReachSettings, Secret, Settings};
use crate::ui::app::{Action, Actions, State};
use crate::ui::theme::{palette, space, text};
use crate::ui::widgets::{Button, divider, section, segmented, toggle};

/// The section's own state.
#[derive(Default)]
pub(in crate::ui) struct ReachSection {
    /// The way that is looked at.
    shown: Option<String>,
    /// What is typed and not used yet, for the way that is looked at.
    typed: Option<Typed>,
}

/// What is typed for a way, and what it was begun from.
struct Typed {
    way: String,
    begun_from: ReachSettings,
    settings: Value,
    program: String,
    /// Settings and program before anything was typed.
    as_begun: (Value, String),
}

impl Typed {
    fn of(way: &str, kind: &dyn ReachKind, reach: &ReachSettings) -> Self {
        let settings = reach.settings.get(way).cloned().unwrap_or_else(|| kind.starter());
        let program = reach.programs.get(way).map(|path| path.display().to_string()).unwrap_or_default();
        let as_begun = (settings.clone(), program.clone());
        Self { way: way.to_owned(), begun_from: reach.clone(), settings, program, as_begun }
    }

    fn is_changed(&self) -> bool {
        let (settings, program) = &self.as_begun;
        (&self.settings, self.program.trim()) != (settings, program)
    }

    /// The settings as they would be with this way in use.
    fn used(&self) -> ReachSettings {
        let mut reach = self.begun_from.clone();
        reach.way = Some(self.way.clone());
        put(&mut reach.settings, &self.way, Some(self.settings.clone()));
        let program = self.program.trim();
        put(&mut reach.programs, &self.way, (!program.is_empty()).then(|| PathBuf::from(program)));
        reach
    }
}

fn put<T>(map: &mut BTreeMap<String, T>, key: &str, value: Option<T>) {
    match value {
        Some(value) => drop(map.insert(key.to_owned(), value)),
        None => drop(map.remove(key)),
    }
}

impl ReachSection {
    /// What it is about.
    pub(in crate::ui) const ABOUT: &str = "Retell sends each call to a public address. One of these passes it on to this \
                                           computer; it is started with Switchboard and ended with it";

    pub(super) fn ui(&mut self, ui: &mut Ui, state: &State, actions: &mut Actions) {
        section(ui, "Reaching this computer", Self::ABOUT, |ui| {
            state_ui::state_ui(ui, state, actions);
            certificate_ui::certificate_ui(ui, state, actions);
            state_ui::address_ui(ui, state, actions);
            timeline_ui::timeline_ui(ui, state);
            follow_ui(ui, state, actions);
            ui.add_space(space::S);
            divider(ui);
            ui.add_space(space::S);
            self.ways_ui(ui, state, actions);
        });
    }

    /// How it is, and the ways to choose from.
    pub(in crate::ui) fn body_ui(&mut self, ui: &mut Ui, state: &State, actions: &mut Actions) {
        state_ui::state_ui(ui, state, actions);
        certificate_ui::certificate_ui(ui, state, actions);
        divider(ui);
        self.ways_ui(ui, state, actions);
    }

    fn ways_ui(&mut self, ui: &mut Ui, state: &State, actions: &mut Actions) {
        let ways: Vec<_> = state.registry.ways().collect();
        let used = state.settings.reach.way.as_deref();
        let mut shown = self.shown.clone().or_else(|| used.map(str::to_owned)).unwrap_or_default();
        let choices: Vec<_> =
            ways.iter().map(|(manifest, _)| (manifest.id.clone(), manifest.name.as_str())).collect();
        ui.horizontal_wrapped(|ui| {
            if segmented(ui, &mut shown, &choices) {
                self.shown = Some(shown.clone());
            }
        });
        let Some((manifest, kind)) = ways.into_iter().find(|(manifest, _)| manifest.id == shown) else {
            let words = "Choose one. If a tunnel or a proxy of yours runs already, choose Own address";
            ui.label(text::help(palette(ui), words));
            return;
        };
        ui.label(text::help(palette(ui), kind.about()));
        let reach = &state.settings.reach;
        let typed = self.typed.take().filter(|typed| typed.way == shown && typed.begun_from == *reach);
        let mut typed = typed.unwrap_or_else(|| Typed::of(&shown, kind, reach));
        ui.push_id(&shown, |ui| {
            if let Some(tool) = kind.tool() {
                tool_ui::tool_ui(ui, tool, state.tools.get(&shown), &mut typed.program, actions);
            }
            let context = ReachEditor { secrets: &state.secrets, port: state.listen().port() };
            if let Some(SecretWish { name, secret }) = kind.editor_ui(ui, &mut typed.settings, &context) {
                let secret = secret.as_deref().and_then(Secret::new);
                actions.push(Action::Send(Command::SetSecret { name: name.to_owned(), secret }));
            }
            ui.add_space(space::XS);
            buttons_ui(ui, &manifest.name, &typed, state, actions);
        });
        self.typed = Some(typed);
    }
}

/// What happens to connected lines when the address changes.
fn follow_ui(ui: &mut Ui, state: &State, actions: &mut Actions) {
    if state.settings.reach.way.is_none() {
        return;
    }
    let mut follow_address = state.settings.follow_address;
    ui.add_space(space::S);
    if toggle(ui, &mut follow_address, "Write a new address to the connected lines by itself").changed() {
        actions.push(super::save(Settings { follow_address, ..state.settings.clone() }));
    }
    let help = "Only to lines that were connected from here and that nobody changed at Retell since, once it is proved \
                that calls arrive at it";
    ui.label(text::help(palette(ui), help));
}

fn buttons_ui(ui: &mut Ui, name: &str, typed: &Typed, state: &State, actions: &mut Actions) {
    let mut save = |reach: ReachSettings| {
        actions.push(super::save(Settings { reach, ..state.settings.clone() }));
    };
    let is_used = state.settings.reach.way.as_ref() == Some(&typed.way);
    ui.horizontal(|ui| {
        if !is_used {
            if ui.add(Button::primary(&format!("Use {name}"))).clicked() {
                save(typed.used());
            }
            return;
        }
        let button = Button::primary("Use these settings").tooltip(if typed.is_changed() {
            "Begins anew with what stands above"
        } else {
            "They are in use; nothing was changed above"
        });
        if ui.add_enabled(typed.is_changed(), button).clicked() {
            save(typed.used());
        }
        if ui.add(Button::secondary(&format!("Stop using {name}"))).clicked() {
            save(ReachSettings { way: None, ..state.settings.reach.clone() });
        }
    });
}
