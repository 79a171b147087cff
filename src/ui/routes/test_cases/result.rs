//! How what came of a test case is shown.

use egui::{Label, Ui};

use crate::routing::{By, Decided, Decision, TestCase};
use crate::service::Tested;
use crate::ui::app::{Actions, State};
use crate::ui::decision;
use crate::ui::theme::{Tone, icons, space, text};
use crate::ui::widgets::{
    Banner, Button, Level, badge, outcome_badge, problem_line, safe_text, section, toggle,
};

/// Whether it passes.
pub(super) fn badge_ui(ui: &mut Ui, tested: Option<&Tested>) {
    match tested {
        Some(tested) if tested.passes() => badge(ui, Tone::Connect, icons::CIRCLE_CHECK, "Passes"),
        Some(_) => badge(ui, Tone::Reject, icons::CIRCLE_X, "Fails"),
        None => badge(ui, Tone::Neutral, icons::CIRCLE, "Not run"),
    };
}

/// How all are doing, and the choice to see only those that fail.
pub(super) fn summary_ui(ui: &mut Ui, state: &State, only_failing: &mut bool) {
    let tests = &state.tests_of_draft;
    if !tests.were_run() {
        *only_failing = false;
        let title = "The tests cannot be run yet";
        let detail = "Something in the table is to be put right first; the routes show where";
        Banner::new(Level::Warning, title).detail(detail).show(ui, |_| ());
        return;
    }
    let (all, failing) = (state.draft.test_cases.len(), tests.failing().count());
    ui.horizontal(|ui| {
        match (failing, all) {
            (0, 1) => badge(ui, Tone::Connect, icons::CIRCLE_CHECK, "The test passes"),
            (0, n) => badge(ui, Tone::Connect, icons::CIRCLE_CHECK, &format!("All {n} tests pass")),
            (1, n) => badge(ui, Tone::Reject, icons::CIRCLE_X, &format!("1 of {n} tests fails")),
            (few, n) => badge(ui, Tone::Reject, icons::CIRCLE_X, &format!("{few} of {n} tests fail")),
        };
        if failing > 0 && failing < all {
            ui.add_space(space::S);
            toggle(ui, only_failing, "Only those that fail");
        } else {
            *only_failing = false;
        }
    });
}

/// What happens to the call as the draft is now, and why. Says whether that is to be what is wanted.
pub(super) fn result_ui(ui: &mut Ui, state: &State, test: &TestCase, actions: &mut Actions) -> bool {
    let mut takes = false;
    section(ui, "What happens now", "", |ui| {
        ui.spacing_mut().item_spacing.y = space::S;
        let Some(tested) = state.tests_of_draft.of(&test.id) else {
            let words = if state.tests_of_draft.were_run() {
                "It is being run"
            } else {
                "The test can be run once what is wrong in the table is put right; the routes show where"
            };
            return decision::quiet(ui, words);
        };
        ui.horizontal_wrapped(|ui| {
            badge_ui(ui, Some(tested));
            if !tested.passes() && tested.decision.is_some() {
                let take = Button::secondary("Expect this").with_icon(icons::CHECK).small();
                takes = ui.add(take.tooltip("Makes what happens now what must happen")).clicked();
            }
        });
        for wrong in &tested.wrong {
            problem_line(ui, &safe_text(wrong));
        }
        if let Some(made) = &tested.decision {
            ui.horizontal_wrapped(|ui| {
                outcome_badge(ui, decision::kind(&made.action));
                ui.add(Label::new(text::body(safe_text(&decided_words(made)))).wrap());
            });
            decision::part(ui, "Rules, from the top", |ui| decision::trace_ui(ui, state, made, actions));
            decision::part(ui, "What the agent is told", |ui| decision::variables_ui(ui, &made.variables));
        }
    });
    takes
}

/// "Reception answers, by rule “Office hours”".
fn decided_words(made: &Decision) -> String {
    let who = match &made.action {
        Decided::Connect { name, .. } => format!("{name} answers"),
        Decided::Keep => "The line's own agent answers".to_owned(),
        Decided::Reject => "It is rejected".to_owned(),
    };
    match &made.by {
        By::Rule { name, .. } => format!("{who}, by rule “{name}”"),
        By::Fallback => format!("{who}, by the fallback"),
        By::Override { words, .. } => format!("{who}: {words}"),
        By::Trouble(reason) => format!("{who}: {reason}"),
    }
}
