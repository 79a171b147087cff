//! What the checks say of the draft: the page with all of it, the strip above the rules that leads
//! there, the lines at a rule, and the part of the editor.

mod aside;
mod finding;
mod line;

use std::collections::BTreeMap;

use egui::{CollapsingHeader, Ui};

use crate::routing::Table;
use crate::routing::checks::{Finding, FindingKind, Level, bring_back};
use crate::ui::app::{Action, Actions, State};
use crate::ui::theme::{icons, palette, space, text};
use crate::ui::widgets::{Button, EmptyState, Screen, card, divider, section};
use aside::AsideForm;
pub(crate) use finding::goal as finding_goal;
pub(crate) use line::line_ui as finding_line_ui;
pub(super) use line::lines_ui;
use line::{icon_of, tone_of};

/// The page of all findings, while it is open.
#[derive(Default)]
pub(super) struct Checks {
    aside: Option<AsideForm>,
}

impl Checks {
    /// Draws it. Says whether it stays open.
    pub(super) fn ui(&mut self, ui: &mut Ui, state: &State, actions: &mut Actions) -> bool {
        let mut back = false;
        let about = "What stands out about the draft. Nothing here keeps it from being published";
        Screen::new("Checks", about).show(
            ui,
            |ui| {
                back = super::back_button(ui);
            },
            |ui| {
                ui.spacing_mut().item_spacing.y = space::M;
                if state.findings.open().next().is_none() {
                    nothing_ui(ui);
                }
                for level in Level::ALL {
                    self.level_ui(ui, state, level, actions);
                }
                aside_ui(ui, state, actions);
            },
        );
        self.aside.take_if(|form| !form.ui(ui, state, actions));
        !back
    }

    fn level_ui(&mut self, ui: &mut Ui, state: &State, level: Level, actions: &mut Actions) {
        let findings: Vec<&Finding> =
            state.findings.open().filter(|finding| finding.level == level).collect();
        if findings.is_empty() {
            return;
        }
        let (heading, about) = match level {
            Level::Error => ("Errors", "The table does not do what it says"),
            Level::Warning => ("Warnings", "Most likely not what you meant"),
            Level::Hint => ("Hints", "Good to know; often just as it should be"),
        };
        section(ui, heading, about, |ui| {
            for (index, finding) in findings.into_iter().enumerate() {
                if index > 0 {
                    divider(ui);
                }
                ui.push_id(index, |ui| {
                    if finding::finding_ui(ui, state, finding, true, actions) {
                        self.aside = Some(AsideForm::of(finding.clone()));
                    }
                });
            }
        });
    }
}

/// What was put aside, with the reasons.
fn aside_ui(ui: &mut Ui, state: &State, actions: &mut Actions) {
    let count = state.findings.dismissed().count();
    if count == 0 {
        return;
    }
    let p = palette(ui);
    CollapsingHeader::new(text::label(format!("Put aside ({count})"))).id_salt("aside").show(ui, |ui| {
        card(ui, |ui| {
            for (index, finding) in state.findings.dismissed().enumerate() {
                if index > 0 {
                    divider(ui);
                }
                ui.push_id(index, |ui| {
                    finding::head_ui(ui, state, finding, true);
                    let reason = finding.dismissed.as_deref().unwrap_or_default();
                    let words = if reason.is_empty() { "No reason given" } else { reason };
                    ui.add(egui::Label::new(text::faint(p, words)).wrap());
                    let button = Button::secondary("Let it count again").small();
                    let name = format!("Let it count again: {}", finding.place.words(&state.draft));
                    if ui.add(button.name(&name)).clicked() {
                        let mut table = Table::clone(&state.draft);
                        bring_back(&mut table, finding);
                        let what = format!("Let a {} count again", finding.level.word().to_lowercase());
                        actions.push(Action::Edit { what, table });
                    }
                });
            }
        });
    });
}

fn nothing_ui(ui: &mut Ui) {
    let nothing = EmptyState {
        icon: icons::CIRCLE_CHECK,
        title: "Nothing stands out",
        text: "No rule is hidden by others, none contradicts itself, and no line is left out.",
    };
    card(ui, |ui| nothing.show(ui, |_| ()));
}

/// How many findings there are, above the rules. Says whether they are to be shown.
pub(super) fn strip_ui(ui: &mut Ui, state: &State) -> bool {
    let (Some(words), Some(worst)) = (state.findings.words(), state.findings.worst()) else { return false };
    let colour = palette(ui).tone(tone_of(worst)).text;
    ui.horizontal(|ui| {
        ui.spacing_mut().item_spacing.x = space::S;
        ui.label(text::icon(icon_of(worst), colour));
        ui.label(text::soft(palette(ui), format!("The checks have {words}")));
        ui.add(Button::secondary("Show").with_trailing(icons::ARROW_RIGHT).small().name("Show the checks"))
            .clicked()
    })
    .inner
}

/// What the editor remembers of findings: the dialogs of rules.
#[derive(Default)]
pub(super) struct InEditor {
    aside: BTreeMap<String, AsideForm>,
}

impl InEditor {
    /// Draws what is found about one rule, or about the fallback (""), below its fields.
    pub(super) fn ui<'f>(
        &mut self,
        ui: &mut Ui,
        state: &State,
        of: &str,
        findings: impl Iterator<Item = &'f Finding>,
        actions: &mut Actions,
    ) {
        // What an agent lacks is said, and mended, at the variables.
        let findings = findings.filter(|finding| finding.kind != FindingKind::VariableNotSet);
        let mut findings = findings.peekable();
        if findings.peek().is_some() {
            section(
                ui,
                "Checks",
                "What stands out; nothing here keeps the draft from being published",
                |ui| {
                    for (index, finding) in findings.enumerate() {
                        ui.push_id(index, |ui| {
                            if finding::finding_ui(ui, state, finding, false, actions) {
                                self.aside.insert(of.to_owned(), AsideForm::of(finding.clone()));
                            }
                        });
                    }
                },
            );
        }
        if self.aside.get_mut(of).is_some_and(|form| !form.ui(ui, state, actions)) {
            self.aside.remove(of);
        }
    }
}
