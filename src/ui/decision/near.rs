//! The rules that nearly matched a call.

use egui::{Label, Sides, Ui};

use crate::routing::{Answer, Decision, GroupTrace, RuleTrace, RuleVerdict};
use crate::ui::app::{Action, Actions, State};
use crate::ui::theme::{self, CONTROL_HEIGHT_SMALL, Tone, icons, text};
use crate::ui::widgets::{Button, safe_text};

/// So many are told.
const TOLD: usize = 4;

/// Rules above the one that decided that lacked one condition of several, with that condition.
pub(crate) fn near_misses_ui(ui: &mut Ui, state: &State, decision: &Decision, actions: &mut Actions) {
    let near: Vec<_> = near_misses(decision).take(TOLD).collect();
    if near.is_empty() {
        return;
    }
    super::part(ui, "Nearly matched", |ui| {
        for (rule, lacking) in near {
            ui.push_id(&rule.id, |ui| miss_ui(ui, state, rule, lacking, actions));
        }
    });
}

fn near_misses(decision: &Decision) -> impl Iterator<Item = (&RuleTrace, &GroupTrace)> {
    decision.trace.iter().filter(|rule| rule.verdict == RuleVerdict::NoMatch).filter_map(|rule| {
        let mut lacking = rule.groups.iter().filter(|group| group.answer != Answer::Yes);
        let first = lacking.next()?;
        (rule.groups.len() > 1 && lacking.next().is_none()).then_some((rule, first))
    })
}

fn miss_ui(ui: &mut Ui, state: &State, rule: &RuleTrace, lacking: &GroupTrace, actions: &mut Actions) {
    let p = theme::palette(ui);
    let words: Vec<&str> = lacking.tests.iter().map(|test| test.words.as_str()).collect();
    let why = lacking.tests.first().map(|test| test.why.as_str()).unwrap_or_default();
    let known =
        if lacking.answer == Answer::Unknown { "it cannot be told whether " } else { "it lacks that " };
    let why = if why.is_empty() { String::new() } else { format!(" · {why}") };
    let sentence = format!("“{}” fits but for one thing: {known}{}{why}", rule.name, words.join(" or "));
    Sides::new().shrink_left().wrap().show(
        ui,
        |ui| {
            ui.label(text::icon(icons::CIRCLE_ALERT, p.tone(Tone::Warning).text));
            ui.add(Label::new(text::body(safe_text(&sentence))).wrap());
        },
        |ui| {
            if state.draft.rule(&rule.id).is_some() {
                let name = format!("Open nearly matched rule {}", safe_text(&rule.name));
                if ui.add(Button::icon(icons::CHEVRON_RIGHT, &name).small()).clicked() {
                    actions.push(Action::OpenRule(rule.id.clone()));
                }
            } else {
                ui.add_space(CONTROL_HEIGHT_SMALL);
            }
        },
    );
}
