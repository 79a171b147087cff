//! What must come of a test case: who answers, what decides, and what the agent is told.

use egui::Ui;

use super::words;
use crate::routing::{Expected, ExpectedBy, ExpectedOutcome};
use crate::ui::app::State;
use crate::ui::theme::{CONTROL_HEIGHT, icons, space, text};
use crate::ui::widgets::{Button, Field, TextField, capital, safe_text, select};

/// What is wanted, as it is filled in.
pub(super) struct ExpectedForm {
    outcome: ExpectedOutcome,
    by: Option<ExpectedBy>,
    /// Names may still be empty.
    variables: Vec<(String, String)>,
}

impl ExpectedForm {
    pub(super) fn of(expect: &Expected) -> Self {
        let Expected { outcome, by, variables } = expect.clone();
        Self { outcome, by, variables: variables.into_iter().collect() }
    }

    /// What the test case holds.
    pub(super) fn expected(&self) -> Expected {
        let named = self.variables.iter().filter(|(name, _)| !name.trim().is_empty());
        Expected {
            outcome: self.outcome.clone(),
            by: self.by.clone(),
            variables: named.map(|(name, value)| (name.trim().to_owned(), value.clone())).collect(),
        }
    }

    /// Takes over who answers and what decides.
    pub(super) fn take(&mut self, expect: Expected) {
        (self.outcome, self.by) = (expect.outcome, expect.by);
    }

    /// Draws it.
    pub(super) fn ui(&mut self, ui: &mut Ui, state: &State) {
        ui.spacing_mut().item_spacing.y = space::M;
        let table = &*state.draft;
        let mut outcomes: Vec<_> = table
            .agents
            .iter()
            .map(|agent| ExpectedOutcome::Connect { agent: agent.id.clone() })
            .chain([ExpectedOutcome::Keep, ExpectedOutcome::Reject])
            .collect();
        if !outcomes.contains(&self.outcome) {
            outcomes.push(self.outcome.clone());
        }
        let names: Vec<_> =
            outcomes.iter().map(|outcome| capital(&safe_text(&words::outcome(outcome, table)))).collect();
        let options: Vec<_> = outcomes.iter().cloned().zip(names.iter().map(String::as_str)).collect();
        let width = ui.available_width();
        Field::new("Who must answer")
            .show(ui, |ui| select(ui, "outcome", width, &mut self.outcome, &options));
        self.by_ui(ui, state);
        self.variables_ui(ui);
    }

    fn by_ui(&mut self, ui: &mut Ui, state: &State) {
        let rules = state.draft.rules.iter();
        let mut deciders: Vec<_> = rules
            .map(|rule| {
                (Some(ExpectedBy::Rule(rule.id.clone())), format!("Rule “{}”", safe_text(&rule.name)))
            })
            .collect();
        deciders.insert(0, (None, "Whatever rule".to_owned()));
        deciders.push((Some(ExpectedBy::Fallback), "The fallback".to_owned()));
        if !deciders.iter().any(|(by, _)| *by == self.by) {
            deciders.push((self.by.clone(), "A rule that is gone".to_owned()));
        }
        let options: Vec<_> = deciders.iter().map(|(by, name)| (by.clone(), name.as_str())).collect();
        let width = ui.available_width();
        Field::new("What must decide").show(ui, |ui| select(ui, "by", width, &mut self.by, &options));
    }

    fn variables_ui(&mut self, ui: &mut Ui) {
        let mut removed = None;
        if !self.variables.is_empty() {
            ui.label(text::label("Variables that the agent must be told"));
        }
        for (index, (name, value)) in self.variables.iter_mut().enumerate() {
            ui.horizontal(|ui| {
                ui.spacing_mut().item_spacing.x = space::XS;
                let width = (ui.available_width() - CONTROL_HEIGHT - 2.0 * space::XS) / 2.0;
                let number = index + 1;
                let field = |text, hint, salt| TextField::new(text).hint(hint).width(width).id_salt(salt);
                ui.add(field(name, "name", ("variable", index)).mono())
                    .accessible_name(format!("Name of variable {number}"));
                ui.add(field(value, "Exact text", ("variable value", index)))
                    .accessible_name(format!("Value of variable {number}"));
                if ui.add(Button::icon(icons::X, &format!("Remove variable {number}"))).clicked() {
                    removed = Some(index);
                }
            });
        }
        if let Some(index) = removed {
            self.variables.remove(index);
        }
        if ui.add(Button::quiet("Add a variable").with_icon(icons::PLUS).small()).clicked() {
            self.variables.push(Default::default());
        }
    }
}
