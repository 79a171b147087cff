//! The rules that no test covers, with the offer to write one.

use egui::{Label, Sides, Ui};

use super::{add, edits};
use crate::routing::Rule;
use crate::ui::app::{Action, Actions, State};
use crate::ui::theme::{Tone, icons, palette, text};
use crate::ui::widgets::{Button, safe_text, section};

/// So many are shown before somebody wants to see all.
const FEW: usize = 4;

/// What the hint remembers.
#[derive(Default)]
pub(super) struct Untested {
    all: bool,
}

impl Untested {
    /// Draws the hint; nothing where each rule has a test.
    pub(super) fn ui(&mut self, ui: &mut Ui, state: &State, actions: &mut Actions) {
        let rules: Vec<&Rule> = state.untested().collect();
        let heading = match rules.len() {
            0 => return,
            1 => "No test covers 1 rule".to_owned(),
            n => format!("No test covers {n} rules"),
        };
        let about = "If an edit breaks one of them, nothing tells you before callers notice";
        section(ui, &heading, about, |ui| {
            ui.spacing_mut().item_spacing.y = 2.0;
            let shown = if self.all { rules.len() } else { FEW };
            for rule in rules.iter().take(shown) {
                ui.push_id(&rule.id, |ui| rule_ui(ui, state, rule, actions));
            }
            if rules.len() > FEW {
                let words =
                    if self.all { "Show fewer".to_owned() } else { format!("Show all {}", rules.len()) };
                if ui.add(Button::quiet(&words).small()).clicked() {
                    self.all = !self.all;
                }
            }
        });
    }
}

fn rule_ui(ui: &mut Ui, state: &State, rule: &Rule, actions: &mut Actions) {
    let name = safe_text(&rule.name);
    Sides::new().shrink_left().height(30.0).show(
        ui,
        |ui| {
            ui.label(text::icon(icons::CIRCLE, palette(ui).tone(Tone::Neutral).text));
            ui.add(Label::new(text::body(&*name)).truncate());
        },
        |ui| {
            let (write, open) = (format!("Write a test for {name}"), format!("Open rule {name}"));
            let button = Button::secondary("Write one").with_icon(icons::PLUS).small().name(&write);
            if ui.add(button).clicked() {
                add(state, edits::for_rule(state, rule), actions);
            }
            if ui.add(Button::icon(icons::ARROW_RIGHT, &open).small()).clicked() {
                actions.push(Action::OpenRule(rule.id.clone()));
            }
        },
    );
}
