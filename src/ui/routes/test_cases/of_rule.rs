//! Which test cases cover a rule, in its row and in its editor.

use egui::{Label, Sides, Ui};

use super::{add, edits};
use crate::routing::Rule;
use crate::ui::app::{Action, Actions, State, TestResults};
use crate::ui::decision;
use crate::ui::theme::{Tone, icons, palette, space, text};
use crate::ui::widgets::{Button, badge, safe_text, section};

/// How many tests cover a rule, and whether they pass; nothing where none does.
pub(in crate::ui::routes) fn coverage_ui(ui: &mut Ui, tests: &TestResults, rule: &str) {
    let all = tests.of_rule(rule).count();
    let failing = tests.of_rule(rule).filter(|tested| !tested.passes()).count();
    let (tone, icon, words) = match (failing, all) {
        (_, 0) => return,
        (0, 1) => (Tone::Connect, icons::CIRCLE_CHECK, "1 test".to_owned()),
        (0, n) => (Tone::Connect, icons::CIRCLE_CHECK, format!("{n} tests")),
        (1, 1) => (Tone::Reject, icons::CIRCLE_X, "Test fails".to_owned()),
        (few, n) => (Tone::Reject, icons::CIRCLE_X, format!("{few} of {n} tests fail")),
    };
    let hint = if failing > 0 {
        "The list of test cases says what is wrong"
    } else {
        "Test cases that cover it pass"
    };
    badge(ui, tone, icon, &words).on_hover_text(hint);
}

/// The test cases that cover a rule, and the way to them; or that there is none.
pub(in crate::ui::routes) fn of_rule_ui(ui: &mut Ui, state: &State, rule: &Rule, actions: &mut Actions) {
    let tests = &state.tests_of_draft;
    if !tests.were_run() || !rule.enabled {
        return;
    }
    section(ui, "Tests", "", |ui| {
        ui.spacing_mut().item_spacing.y = space::XS;
        let mut writes = false;
        for tested in tests.of_rule(&rule.id) {
            Sides::new().shrink_left().height(28.0).show(
                ui,
                |ui| {
                    let (icon, tone) = if tested.passes() {
                        (icons::CIRCLE_CHECK, Tone::Connect)
                    } else {
                        (icons::CIRCLE_X, Tone::Reject)
                    };
                    let words = if tested.passes() { "Passes" } else { "Fails" };
                    ui.label(text::icon(icon, palette(ui).tone(tone).text)).on_hover_text(words);
                    ui.add(Label::new(text::body(safe_text(&tested.name))).truncate());
                },
                |ui| {
                    let name = format!("Open test {}", safe_text(&tested.name));
                    let open = Button::icon(icons::CHEVRON_RIGHT, &name).small();
                    if ui.add(open).clicked() {
                        actions.push(Action::OpenTest(Some(tested.id.clone())));
                    }
                },
            );
        }
        ui.horizontal_wrapped(|ui| {
            if tests.of_rule(&rule.id).next().is_none() {
                decision::quiet(ui, "No test covers this rule");
                writes = ui.add(Button::quiet("Write one").with_icon(icons::PLUS).small()).clicked();
            } else {
                let another = Button::quiet("Write another").with_icon(icons::PLUS).small();
                writes = ui.add(another).clicked();
            }
        });
        if writes {
            add(state, edits::for_rule(state, rule), actions);
        }
    });
}
