//! What came of a trial: what Retell would do, why, and the exact answer.

use egui::{Label, Ui};

use super::wanted::Wanted;
use crate::routing::{By, Decision, Problem};
use crate::service::DecidedCall;
use crate::service::messages::{RulesAlone, Trial, Tried, TriedDecision};
use crate::ui::app::{Action, Actions, State};
use crate::ui::decision;
use crate::ui::routes::test_cases;
use crate::ui::theme::{self, Tone, icons, text};
use crate::ui::widgets::{self, Button, EmptyState, json_view, outcome_badge, phrase, safe_text};

const JSON_HEIGHT: f32 = 360.0;

/// What is kept from frame to frame: the answer with line breaks.
#[derive(Default)]
pub(super) struct ResultView {
    exact: String,
    pretty: String,
}

impl ResultView {
    /// Draws what is known of what is wanted. While the answer is on its way the one before stays.
    pub(super) fn ui(&mut self, ui: &mut Ui, state: &State, wanted: &Wanted, actions: &mut Actions) {
        let last = if wanted.draft.is_some() { &state.tried_draft } else { &state.tried };
        let Some(tried) = last else { return };
        match &tried.result {
            Ok(decided) => self.decided_ui(ui, state, tried, decided, actions),
            Err(problems) => problems_ui(ui, problems, actions),
        }
    }

    fn decided_ui(
        &mut self,
        ui: &mut Ui,
        state: &State,
        tried: &Tried,
        decided: &TriedDecision,
        actions: &mut Actions,
    ) {
        let TriedDecision { decision: made, facts, answer, effect, rules, .. } = decided;
        headline_ui(ui, state, made, effect, tried);
        if let Some(rules) = rules {
            rules_alone_ui(ui, rules);
        }
        let traced = rules.as_ref().map_or(made, |rules| &rules.decision);
        let button = Button::secondary("Make a test of this").with_icon(icons::CIRCLE_CHECK).small();
        if ui.add(button.tooltip("Keeps this call and what came of it as a test case of the draft")).clicked()
        {
            let Trial { call, at, .. } = &tried.trial;
            let decided = DecidedCall { call, at: *at, facts, decision: traced };
            test_cases::make_test(state, decided, actions);
        }
        decision::near_misses_ui(ui, state, traced, actions);
        let heading = if rules.is_some() { "What the rules alone would do" } else { "Rules, from the top" };
        decision::part(ui, heading, |ui| decision::trace_ui(ui, state, traced, actions));
        for note in &made.notes {
            widgets::Banner::new(widgets::Level::Info, &safe_text(note)).show(ui, |_| ());
        }
        if self.exact != *answer {
            self.exact.clone_from(answer);
            self.pretty = decision::pretty(answer);
        }
        decision::part(ui, "Answer to Retell", |ui| json_view(ui, "answer", &self.pretty, JSON_HEIGHT));
        decision::part(ui, "What the agent is told", |ui| decision::variables_ui(ui, &made.variables));
        decision::greeting_part(ui, state, made);
        decision::part(ui, "What was known, and from whom", |ui| {
            decision::facts_by_source_ui(ui, state, decided);
        });
    }
}

fn headline_ui(ui: &mut Ui, state: &State, made: &Decision, effect: &str, tried: &Tried) {
    ui.horizontal_top(|ui| {
        ui.spacing_mut().interact_size.y = 24.0;
        outcome_badge(ui, decision::kind(&made.action));
        ui.add(Label::new(text::heading(safe_text(effect))).wrap());
    });
    let at = decision::exact(state, tried.trial.at);
    phrase(ui, decision::by(&made.by).plain(format!(" · {at}")).parts());
}

/// "by rule “VIP callers”".
pub(super) fn by_words(by: &By) -> String {
    match by {
        By::Rule { name, .. } => format!("by rule “{name}”"),
        By::Fallback => "by the fallback".to_owned(),
        By::Override { words, .. } => format!("as “{words}” stands above the rules"),
        By::Trouble(reason) => format!("by the fallback, because something broke: {reason}"),
    }
}

/// What the rules would have done, had nothing stood above them.
fn rules_alone_ui(ui: &mut Ui, rules: &RulesAlone) {
    let by = match &rules.decision.by {
        By::Rule { name, .. } => format!("By rule “{}”", safe_text(name)),
        _ => "By the fallback, because no rule matches".to_owned(),
    };
    let would = format!("Without it the rules would decide: {}", safe_text(&rules.effect));
    widgets::Banner::new(widgets::Level::Info, &would).detail(&by).show(ui, |_| ());
}

/// What has to be filled in first.
pub(super) fn incomplete_ui(ui: &mut Ui, missing: &str) {
    let empty = EmptyState { icon: icons::PHONE_INCOMING, title: "What would happen?", text: missing };
    empty.show(ui, |_| ());
}

fn problems_ui(ui: &mut Ui, problems: &[Problem], actions: &mut Actions) {
    ui.add(Label::new(text::heading("The draft cannot be tried yet")).wrap());
    decision::quiet(ui, "Put this right first; calls are answered by the live table meanwhile");
    for (index, problem) in problems.iter().enumerate() {
        if index > 0 {
            widgets::divider(ui);
        }
        problem_ui(ui, problem, actions);
    }
}

fn problem_ui(ui: &mut Ui, problem: &Problem, actions: &mut Actions) {
    let p = theme::palette(ui);
    egui::Sides::new().shrink_left().wrap().show(
        ui,
        |ui| {
            ui.label(text::icon(icons::CIRCLE_ALERT, p.tone(Tone::Reject).text));
            ui.vertical(|ui| {
                ui.spacing_mut().item_spacing.y = 2.0;
                ui.label(text::label(safe_text(&problem.place)));
                decision::quiet(ui, &safe_text(&problem.message));
            });
        },
        |ui| {
            if let Some(rule) = &problem.rule {
                let name = format!("Open {}", problem.place);
                if ui.add(Button::secondary("Open").small().name(&name)).clicked() {
                    actions.push(Action::OpenRule(rule.clone()));
                }
            }
        },
    );
}
