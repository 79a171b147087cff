//! Which test cases cover a rule, in its row and in its editor.

use egui::{Label, Sides, Ui};

use super::{add, edits};
use crate::routing::Rule;
use crate::service::Tested;
use crate::ui::app::{Action, Actions, State, TestResults};
use crate::ui::decision;
use crate::ui::theme::{Tone, icons, palette, space, text};
use crate::ui::widgets::{Button, badge, safe_text, section};

/// So many tests are named at a rule in the list.
const NAMED: usize = 8;

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
    badge(ui, tone, icon, &words).on_hover_ui(|ui| {
        for tested in tests.of_rule(rule).take(NAMED) {
            named_ui(ui, tested);
        }
        if all > NAMED {
            ui.label(text::faint(palette(ui), format!("and {} more", all - NAMED)));
        }
    });
}

/// A test and whether it passes, by sign and colour.
fn named_ui(ui: &mut Ui, tested: &Tested) {
    let (icon, tone, words) = if tested.passes() {
        (icons::CIRCLE_CHECK, Tone::Connect, "Passes")
    } else {
        (icons::CIRCLE_X, Tone::Reject, "Fails")
    };
    ui.horizontal(|ui| {
        ui.spacing_mut().item_spacing.x = space::XS + 2.0;
        ui.label(text::icon(icon, palette(ui).tone(tone).text)).on_hover_text(words);
        ui.add(Label::new(text::body(safe_text(&tested.name))).truncate());
    });
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
                |ui| named_ui(ui, tested),
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
