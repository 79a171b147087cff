//! The page of test cases: calls that the table must decide in a certain way. And what other places
//! show of them: which tests cover a rule, and how a call becomes one.

mod edits;
mod expected;
mod form;
mod of_rule;
mod result;
mod untested;
mod words;

use egui::{Label, Sides, Ui};

use crate::routing::TestCase;
use crate::service::{DecidedCall, Tested};
use crate::ui::app::{Action, Actions, State};
use crate::ui::theme::{icons, palette, space, text};
use crate::ui::widgets::{
    Button, EmptyState, Screen, card, menu_danger, menu_item, menu_separator, more_menu, problem_line,
    safe_text,
};
use edits::Deed;
use form::TestForm;
pub(super) use of_rule::{coverage_ui, of_rule_ui};
use untested::Untested;

/// The page, while it is open.
#[derive(Default)]
pub(super) struct TestCases {
    /// The test case that is being edited.
    open: Option<TestForm>,
    untested: Untested,
    only_failing: bool,
}

/// Adds a test case that wants of this call what was decided, and opens it.
pub(crate) fn make_test(state: &State, decided: DecidedCall<'_>, actions: &mut Actions) {
    let caller = state.number_in_name(decided.call.from.number());
    let test = decided.test_case(&caller, &state.draft, &state.registry);
    add(state, test, actions);
}

/// Adds a test case and opens it.
fn add(state: &State, test: TestCase, actions: &mut Actions) {
    let id = test.id.clone();
    actions.push(edits::add(&state.draft, test));
    actions.push(Action::OpenTest(Some(id)));
}

impl TestCases {
    /// The page with this test case open.
    pub(super) fn at(id: Option<String>) -> Self {
        Self { open: id.map(TestForm::of), ..Self::default() }
    }

    /// Draws it. Says whether it stays open.
    pub(super) fn ui(&mut self, ui: &mut Ui, state: &State, actions: &mut Actions) -> bool {
        if let Some(form) = self.open.as_mut().filter(|form| form.is_there(state)) {
            if !form.ui(ui, state, actions) {
                self.open = None;
                ui.ctx().request_repaint();
            }
            return true;
        }
        self.open = None;
        let (mut back, mut adds) = (false, false);
        let about = "Calls that must be decided in a certain way, whatever is changed";
        let adds_first = Screen::new("Test cases", about).show(
            ui,
            |ui| {
                adds = ui.add(Button::primary("Add a test").with_icon(icons::PLUS)).clicked();
                back = super::back_button(ui);
            },
            |ui| {
                if state.draft.test_cases.is_empty() {
                    let adds = empty_ui(ui);
                    self.untested.ui(ui, state, actions);
                    return adds;
                }
                result::summary_ui(ui, state, &mut self.only_failing);
                if !self.only_failing {
                    self.untested.ui(ui, state, actions);
                }
                for (index, test) in state.draft.test_cases.iter().enumerate() {
                    let passes = state.tests_of_draft.of(&test.id).is_none_or(Tested::passes);
                    if self.only_failing && passes {
                        continue;
                    }
                    ui.push_id(&test.id, |ui| self.test_ui(ui, state, index, test, actions));
                }
                false
            },
        );
        if adds || adds_first {
            add(state, edits::starter(state), actions);
        }
        !back
    }

    fn test_ui(&mut self, ui: &mut Ui, state: &State, index: usize, test: &TestCase, actions: &mut Actions) {
        let asked = card(ui, |ui| {
            ui.spacing_mut().item_spacing.y = space::XS;
            let asked = head_ui(ui, state, index, test);
            let sentence = words::sentence(test, state);
            ui.add(Label::new(text::help(palette(ui), sentence)).wrap());
            let tested = state.tests_of_draft.of(&test.id);
            for wrong in tested.iter().flat_map(|tested| &tested.wrong) {
                problem_line(ui, &safe_text(wrong));
            }
            asked
        });
        match asked.inner {
            Some(Asked::Open) => {
                self.open = Some(TestForm::of(test.id.clone()));
                ui.ctx().request_repaint();
            }
            Some(Asked::Do(deed)) => actions.extend(edits::apply(&state.draft, index, deed)),
            None => {}
        }
    }
}

enum Asked {
    Open,
    Do(Deed),
}

/// Result and name, and what can be done.
fn head_ui(ui: &mut Ui, state: &State, index: usize, test: &TestCase) -> Option<Asked> {
    let name = safe_text(&test.name);
    let last = state.draft.test_cases.len() - 1;
    let mut asked = None;
    Sides::new().shrink_left().height(32.0).show(
        ui,
        |ui| {
            result::badge_ui(ui, state.tests_of_draft.of(&test.id));
            ui.add(Label::new(text::strong(&*name)).truncate());
        },
        |ui| {
            more_menu(ui, &format!("More about {name}"), |ui| {
                let mut item = |ui: &mut Ui, icon, words, deed, is_possible| {
                    let item = ui.add_enabled_ui(is_possible, |ui| menu_item(ui, icon, words).clicked());
                    if item.inner {
                        asked = Some(Asked::Do(deed));
                    }
                };
                item(ui, icons::DUPLICATE, "Duplicate", Deed::Duplicate, true);
                item(ui, icons::ARROW_UP, "Move up", Deed::Up, index > 0);
                item(ui, icons::ARROW_DOWN, "Move down", Deed::Down, index < last);
                menu_separator(ui);
                if menu_danger(ui, icons::TRASH, "Delete test").clicked() {
                    asked = Some(Asked::Do(Deed::Delete));
                }
            });
            if ui.add(Button::secondary("Edit").small().name(&format!("Edit {name}"))).clicked() {
                asked = Some(Asked::Open);
            }
        },
    );
    asked
}

fn empty_ui(ui: &mut Ui) -> bool {
    let empty = EmptyState {
        icon: icons::CIRCLE_CHECK,
        title: "No test cases yet",
        text: "A test case is a call and who must answer it, such as “My wife always gets through”. All are \
               run on every change, and one that fails keeps the draft from being published.",
    };
    let add = Button::secondary("Add a test").with_icon(icons::PLUS).name("Add the first test");
    card(ui, |ui| empty.show(ui, |ui| ui.add(add).clicked())).inner
}
