//! The editor of one rule, or of the fallback: name, conditions, outcome. Each keystroke is an
//! edit of the draft.

mod agent_choice;
mod dates;
mod share;
mod tell;
mod then;
mod variables;
mod when;

use std::collections::BTreeMap;

use egui::text::{CCursor, CCursorRange};
use egui::text_edit::TextEditState;
use egui::{Response, Ui};

use super::Target;
use super::backtest::Asking;
use super::checks::InEditor;
use super::recount::Recount;
use crate::routing::{self, Agent, Outcome, Problem, Rule, Table};
use crate::service::messages::Command;
use crate::ui::app::{Action, Actions, State};
use crate::ui::theme::space;
use crate::ui::widgets::{Field, TextField, card, problem_line, section, toggle};
use then::Then;

/// What the editor remembers: texts that are not yet what the table could hold.
#[derive(Default)]
pub(super) struct Editor {
    /// By rule, so that a half-written text is still there on coming back. The fallback has "".
    then: BTreeMap<String, Then>,
    /// The rule whose shares were counted last.
    counted: Option<Recount<Option<String>>>,
    /// The dates of the rule are to be shown though there are none.
    dates_wanted: bool,
    checks: InEditor,
    backtest: Asking,
    /// The name is to be typed over.
    name_wanted: bool,
    /// The rule's name when it was opened, to name the steps for undo alike.
    opened: Option<(String, String)>,
}

impl Editor {
    /// Says that something is opened anew.
    pub(super) fn begin(&mut self, is_new: bool) {
        self.name_wanted = is_new;
        self.dates_wanted = false;
        self.opened = None;
    }

    /// Texts that cannot be read, of rules that `table` still has.
    pub(super) fn unread(&self, table: &Table) -> Vec<Problem> {
        let mut unread = Vec::new();
        for (id, then) in self.then.iter().filter(|(_, then)| then.is_torn()) {
            let rule = table.rules.iter().enumerate().find(|(_, rule)| rule.id == *id);
            let (field, place, outcome) = match rule {
                Some((index, rule)) => {
                    (format!("rules[{index}].then"), format!("Rule “{}”", rule.name), &rule.then)
                }
                None if id.is_empty() => ("fallback".to_owned(), "The fallback".to_owned(), &table.fallback),
                None => continue,
            };
            unread.extend(then.unread(outcome).map(|text| {
                let message = format!("{text} cannot be read; put the text right, or clear it");
                let problem = Problem::new(field.clone(), place.clone(), message);
                Problem { rule: rule.map(|_| id.clone()), ..problem }
            }));
        }
        unread
    }

    /// Forgets what is half written.
    pub(super) fn forget_texts(&mut self) {
        self.then.clear();
    }

    /// Draws the editor of something that is in the draft.
    pub(super) fn ui(&mut self, ui: &mut Ui, state: &State, target: &Target, actions: &mut Actions) {
        ui.spacing_mut().item_spacing.y = space::M;
        match target {
            Target::Rule(id) => {
                let rules = &state.draft.rules;
                if let Some(index) = rules.iter().position(|rule| rule.id == *id) {
                    ui.push_id(id, |ui| self.rule_ui(ui, state, index, actions));
                }
            }
            Target::Fallback => {
                ui.push_id("fallback", |ui| self.fallback_ui(ui, state, actions));
            }
        }
    }

    /// Asks what agents who share calls got so far.
    fn count_shares(
        &mut self,
        ui: &Ui,
        state: &State,
        rule: Option<&str>,
        outcome: &Outcome,
        actions: &mut Actions,
    ) {
        let shared = matches!(outcome.action, routing::Action::Share(_));
        let of = rule.map(str::to_owned);
        if shared && Recount::is_due(&mut self.counted, ui.ctx(), state, of.clone(), PartialEq::eq) {
            actions.push(Action::Send(Command::CountShares { rule: of }));
        }
    }

    fn rule_ui(&mut self, ui: &mut Ui, state: &State, index: usize, actions: &mut Actions) {
        let before = &state.draft.rules[index];
        let mut rule = before.clone();
        self.count_shares(ui, state, Some(&before.id), &before.then, actions);
        self.head_ui(ui, &mut rule);
        when::when_ui(ui, state, &mut rule.when);
        dates::dates_ui(ui, state, &mut rule, &mut self.dates_wanted);
        super::backtest::of_rule_ui(ui, state, &mut self.backtest, before, actions);
        let then = self.then.entry(rule.id.clone()).or_default();
        let new_agent = then.ui(ui, state, Some(&before.id), &mut rule.then);
        problems_ui(ui, super::problems_of(state, &before.id));
        super::test_cases::of_rule_ui(ui, state, before, actions);
        let found = state.findings.of_rule(&before.id);
        self.checks.ui(ui, state, &before.id, found, actions);
        if rule == *before && new_agent.is_none() {
            return;
        }
        if self.opened.as_ref().is_none_or(|(id, _)| *id != rule.id) {
            self.opened = Some((rule.id.clone(), before.name.clone()));
        }
        let name = self.opened.as_ref().map_or("", |(_, name)| name.as_str());
        let what = match &new_agent {
            Some(agent) => format!("Add agent “{}”", agent.name),
            None => words_for(before, &rule, name),
        };
        push(state, what, new_agent, actions, |table| table.rules[index] = rule);
    }

    fn fallback_ui(&mut self, ui: &mut Ui, state: &State, actions: &mut Actions) {
        let mut outcome: Outcome = state.draft.fallback.clone();
        self.count_shares(ui, state, None, &outcome, actions);
        let then = self.then.entry(String::new()).or_default();
        let new_agent = then.ui(ui, state, None, &mut outcome);
        let problems = state.obstacles().filter(|problem| problem.field.starts_with("fallback"));
        problems_ui(ui, problems.map(|problem| problem.message.as_str()));
        self.checks.ui(ui, state, "", state.findings.of_fallback(), actions);
        if outcome == state.draft.fallback && new_agent.is_none() {
            return;
        }
        let what = new_agent
            .as_ref()
            .map_or("Change the fallback".to_owned(), |agent| format!("Add agent “{}”", agent.name));
        push(state, what, new_agent, actions, |table| table.fallback = outcome);
    }

    fn head_ui(&mut self, ui: &mut Ui, rule: &mut Rule) {
        card(ui, |ui| {
            ui.spacing_mut().item_spacing.y = space::M;
            let name = Field::new("Name")
                .show(ui, |ui| ui.add(TextField::new(&mut rule.name).hint("Office hours").id_salt("name")));
            if std::mem::take(&mut self.name_wanted) {
                type_over(ui, &name, rule.name.chars().count());
            }
            Field::new("Note").optional().show(ui, |ui| {
                ui.add(TextField::new(&mut rule.note).hint("Why this rule is here").id_salt("note"))
            });
            toggle(ui, &mut rule.enabled, "Rule is on");
        });
    }
}

/// Stands below all fields: it comes and goes while they are used, and must not move them.
fn problems_ui<'a>(ui: &mut Ui, problems: impl Iterator<Item = &'a str>) {
    let mut problems = problems.peekable();
    if problems.peek().is_some() {
        section(ui, "To be put right", "The draft can be published once this is done", |ui| {
            for problem in problems {
                problem_line(ui, problem);
            }
        });
    }
}

/// Gives the field the keyboard, with its whole text selected.
fn type_over(ui: &Ui, field: &Response, letters: usize) {
    field.request_focus();
    let mut state = TextEditState::load(ui.ctx(), field.id).unwrap_or_default();
    let all = CCursorRange::two(CCursor::new(0), CCursor::new(letters));
    state.cursor.set_char_range(Some(all));
    state.store(ui.ctx(), field.id);
}

fn words_for(before: &Rule, after: &Rule, name: &str) -> String {
    if before.name != after.name {
        format!("Rename rule “{name}”")
    } else if before.enabled != after.enabled {
        format!("Switch {} rule “{name}”", if after.enabled { "on" } else { "off" })
    } else {
        format!("Change rule “{name}”")
    }
}

fn push(
    state: &State,
    what: String,
    new_agent: Option<Agent>,
    actions: &mut Actions,
    change: impl FnOnce(&mut Table),
) {
    let mut table = Table::clone(&state.draft);
    table.agents.extend(new_agent);
    change(&mut table);
    actions.push(Action::Edit { what, table });
}
