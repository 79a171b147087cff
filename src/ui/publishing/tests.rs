//! What the test cases say of the draft. One that fails keeps it from being published, unless a reason
//! is given.

use egui::Ui;

use super::section::{Standing, row_ui, section_ui, sentence_ui};
use crate::service::Tested;
use crate::ui::app::{Action, Actions, State};
use crate::ui::theme::icons;
use crate::ui::widgets::{Button, Field, TextField, problem_line, safe_text, toggle};

/// The section, and the reason to publish all the same.
#[derive(Default)]
pub(super) struct Tests {
    anyway: bool,
    reason: String,
}

impl Tests {
    /// Why it is published although tests fail, empty where none does; `None` while a reason is missing.
    pub(super) fn despite(&self, state: &State) -> Option<String> {
        if state.tests_of_draft.failing().next().is_none() {
            return Some(String::new());
        }
        let reason = self.reason.trim();
        (self.anyway && !reason.is_empty()).then(|| reason.to_owned())
    }

    /// Wants it said once more that it shall be published although tests fail.
    pub(super) fn ask_again(&mut self) {
        self.anyway = false;
    }

    /// Draws it. Says whether the person went to put something right.
    pub(super) fn ui(&mut self, ui: &mut Ui, state: &State, actions: &mut Actions) -> bool {
        let tests = &state.tests_of_draft;
        section_ui(ui, "Tests", Some(&standing(state)), |ui| {
            let mut goes = false;
            if tests.failing().next().is_some() {
                sentence_ui(ui, "Calls would be decided in another way than you want them to be");
            }
            for tested in tests.failing() {
                ui.push_id(&tested.id, |ui| goes |= failing_ui(ui, tested, actions));
            }
            if tests.failing().next().is_some() {
                self.anyway_ui(ui);
            }
            let bare = state.untested().count();
            if bare > 0 {
                let words = match bare {
                    1 => "No test covers 1 rule".to_owned(),
                    n => format!("No test covers {n} rules"),
                };
                let show = Button::quiet(&words).with_trailing(icons::ARROW_RIGHT).small();
                if ui.add(show).clicked() {
                    actions.push(Action::OpenTest(None));
                    goes = true;
                }
            }
            goes
        })
    }

    fn anyway_ui(&mut self, ui: &mut Ui) {
        let turned = toggle(ui, &mut self.anyway, "Publish anyway").changed();
        if self.anyway {
            let field = Field::new("Reason").help("Stays with this version").show(ui, |ui| {
                let field = TextField::new(&mut self.reason).hint("The new desk is not listed yet");
                ui.add(field.id_salt("reason"))
            });
            if turned {
                field.request_focus();
                field.scroll_to_me(None);
            }
        }
    }
}

fn standing(state: &State) -> Standing {
    let (all, failing) = (state.tests_of_draft.iter().count(), state.tests_of_draft.failing().count());
    match (failing, all) {
        (0, 0) => Standing::open("No tests yet"),
        (0, 1) => Standing::good("The test passes"),
        (0, n) => Standing::good(format!("All {n} tests pass")),
        (1, 1) => Standing::bad("The test fails"),
        (1, n) => Standing::bad(format!("1 of {n} tests fails")),
        (few, n) => Standing::bad(format!("{few} of {n} tests fail")),
    }
}

fn failing_ui(ui: &mut Ui, tested: &Tested, actions: &mut Actions) -> bool {
    let opens = row_ui(ui, &format!("Test “{}”", tested.name), |ui| {
        for wrong in &tested.wrong {
            problem_line(ui, &safe_text(wrong));
        }
    });
    if opens {
        actions.push(Action::OpenTest(Some(tested.id.clone())));
    }
    opens
}
