//! One test case as a form. Each keystroke is an edit of the draft, so what comes of it is seen at
//! once.

use egui::Ui;

use super::expected::ExpectedForm;
use super::result;
use crate::retell::{Inbound, payload};
use crate::routing::{Table, TestCase, moment_words, read_moment, write_moment};
use crate::service::{call_of, expectation};
use crate::ui::app::{Action, Actions, State};
use crate::ui::decision::{self, Pins, pins_heading_ui, zone};
use crate::ui::theme::{icons, space};
use crate::ui::try_call::Form;
use crate::ui::widgets::{Button, Field, Screen, TextField, capital, card, section};

/// A test case that is open.
pub(super) struct TestForm {
    id: String,
    fields: Option<Fields>,
}

/// What stands in the fields.
struct Fields {
    /// The test case as it stands in the draft. Where another stands there, someone else changed it.
    seen: TestCase,
    name: String,
    call: Form,
    at: String,
    pins: Pins,
    expect: ExpectedForm,
}

impl TestForm {
    /// The form of the test case with this id.
    pub(super) fn of(id: String) -> Self {
        Self { id, fields: None }
    }

    /// Whether the draft has it.
    pub(super) fn is_there(&self, state: &State) -> bool {
        state.draft.test_cases.iter().any(|test| test.id == self.id)
    }

    /// Draws it. Says whether it stays open.
    pub(super) fn ui(&mut self, ui: &mut Ui, state: &State, actions: &mut Actions) -> bool {
        let Some(index) = state.draft.test_cases.iter().position(|test| test.id == self.id) else {
            return false;
        };
        let test = &state.draft.test_cases[index];
        let fields = match &mut self.fields {
            Some(fields) if fields.seen == *test => fields,
            other => other.insert(Fields::of(test, state)),
        };
        fields.call.keep_up(state);
        let before = fields.test_case(state);
        let mut back = false;
        Screen::new("Edit test", "Every change is kept in the draft, and the test is run at once")
            .no_scroll()
            .show(
                ui,
                |ui| {
                    let button = Button::secondary("Test cases")
                        .with_icon(icons::CHEVRON_LEFT)
                        .name("Back to test cases");
                    back = ui.add(button).clicked();
                },
                |ui| fields.columns_ui(ui, state, test, actions),
            );
        let after = fields.test_case(state);
        if after != before {
            let what = if after.name == before.name {
                format!("Change test “{}”", before.name)
            } else {
                "Rename a test".to_owned()
            };
            let mut table = Table::clone(&state.draft);
            table.test_cases[index] = after.clone();
            fields.seen = after;
            actions.push(Action::Edit { what, table });
        }
        !back
    }
}

impl Fields {
    fn of(test: &TestCase, state: &State) -> Self {
        let call = test.call(&state.draft);
        let inbound = Inbound {
            medium: call.medium,
            event: payload::event(call.medium).to_owned(),
            from: call.from.number().map(str::to_owned),
            to: call.to,
            agent_id: call.default_agent,
            headers: call.headers,
            ..Inbound::default()
        };
        Self {
            seen: test.clone(),
            name: test.name.clone(),
            call: Form::of(inbound, state),
            at: test.at.replacen('T', " ", 1),
            pins: Pins::of(&test.facts, state),
            expect: ExpectedForm::of(&test.expect),
        }
    }

    /// The test case that the fields say.
    fn test_case(&self, state: &State) -> TestCase {
        let table = &*state.draft;
        let call = call_of(self.call.inbound(state), &table.country);
        TestCase {
            id: self.seen.id.clone(),
            name: self.name.clone(),
            medium: call.medium,
            from: call.from,
            to: table.line_by_number(&call.to).map_or_else(|| call.to.clone(), |line| line.id.clone()),
            has_default_agent: call.default_agent.is_some(),
            headers: call.headers,
            at: read_moment(&self.at, zone(state))
                .map_or_else(|_| self.at.trim().to_owned(), |at| write_moment(&at)),
            facts: self.pins.facts(),
            expect: self.expect.expected(),
        }
    }

    fn columns_ui(&mut self, ui: &mut Ui, state: &State, test: &TestCase, actions: &mut Actions) {
        let full = ui.available_rect_before_wrap();
        let Some((left, right)) = decision::split(full) else {
            return decision::scrolled(ui, "test", |ui| {
                self.call_ui(ui, state, actions);
                self.outcome_ui(ui, state, test, actions);
            });
        };
        decision::child(ui, left, |ui| {
            decision::scrolled(ui, "test call", |ui| self.call_ui(ui, state, actions));
        });
        decision::child(ui, right, |ui| {
            decision::scrolled(ui, "test result", |ui| self.outcome_ui(ui, state, test, actions));
        });
        ui.advance_cursor_after_rect(full);
    }

    fn call_ui(&mut self, ui: &mut Ui, state: &State, actions: &mut Actions) {
        ui.spacing_mut().item_spacing.y = space::M;
        card(ui, |ui| {
            ui.spacing_mut().item_spacing.y = space::M;
            Field::new("Name").show(ui, |ui| {
                ui.add(TextField::new(&mut self.name).hint("My wife always gets through").id_salt("name"))
            });
            self.call.ui(ui, state, actions);
            let read = read_moment(&self.at, zone(state));
            let help = read.as_ref().map(moment_words).unwrap_or_default();
            let wrong = read.err().map(|wrong| capital(&wrong));
            Field::new("Date and time").help(&help).error(wrong.as_deref()).show(ui, |ui| {
                ui.add(TextField::new(&mut self.at).hint("2026-12-24 09:00").mono().id_salt("at"))
            });
            pins_heading_ui(ui);
            decision::quiet(
                ui,
                "What contacts, web look-ups and earlier calls would say; they are not asked",
            );
            self.pins.ui(ui, state);
        });
    }

    fn outcome_ui(&mut self, ui: &mut Ui, state: &State, test: &TestCase, actions: &mut Actions) {
        ui.spacing_mut().item_spacing.y = space::M;
        section(ui, "What must come of it", "", |ui| self.expect.ui(ui, state));
        if result::result_ui(ui, state, test, actions)
            && let Some(made) = state.tests_of_draft.of(&test.id).and_then(|tested| tested.decision.as_ref())
        {
            self.expect.take(expectation(made, &state.draft));
        }
    }
}
