//! What was known of a call, and what the agent is told.

use std::collections::BTreeMap;

use egui::Ui;

use super::quiet;
use crate::routing::{Decision, Facts};
use crate::ui::agents::{greeting_of, greeting_ui};
use crate::ui::app::State;
use crate::ui::widgets::{key_value, safe_text};

/// The facts by the names that people know them by, then those that are missing, with why.
pub(crate) fn facts_ui(ui: &mut Ui, state: &State, facts: &Facts) {
    let title = |name: &str| state.facts.get(name).map_or_else(|| name.to_owned(), |fact| fact.title.clone());
    for (name, value) in facts.iter() {
        key_value(ui, &title(name), &safe_text(&value.words()));
    }
    for (name, reason) in facts.iter_missing() {
        key_value(ui, &title(name), &format!("Not known: {}", safe_text(reason)));
    }
    if facts.iter().next().is_none() && facts.iter_missing().next().is_none() {
        quiet(ui, "Nothing was looked up");
    }
}

/// How the agent that answers begins, if its greeting is known: with these variables, on this call.
pub(crate) fn greeting_part(ui: &mut Ui, state: &State, made: &Decision) {
    if let Some(agent) = greeting_of(&state.draft, &made.action) {
        let heading = format!("How {} begins", safe_text(&agent.name));
        super::part(ui, &heading, |ui| greeting_ui(ui, &agent.greeting, &made.variables));
    }
}

/// The variables as the agent gets them.
pub(crate) fn variables_ui(ui: &mut Ui, variables: &BTreeMap<String, String>) {
    for (name, value) in variables {
        key_value(ui, &safe_text(name), &safe_text(value));
    }
    if variables.is_empty() {
        quiet(ui, "None");
    }
}
