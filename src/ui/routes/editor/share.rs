//! Several agents who share the calls of a rule: how, who, how many calls each; and what each got
//! so far.

use std::ops::ControlFlow;

use egui::Ui;

use super::agent_choice::agent_select;
use crate::plugins::ChoiceEntry;
use crate::routing::{Agent, AgentVersion, Share, Sharer, Vocabulary};
use crate::service::messages::ShareCounts;
use crate::storage::call_log::Connected;
use crate::ui::app::State;
use crate::ui::lines::AgentForm;
use crate::ui::theme::{Tone, icons, palette, space, text};
use crate::ui::widgets::{Button, Field, TextField, number_field, problem_line, select};

/// Of these many percent are the shares.
const WHOLE: u32 = 100;

/// The dialog that makes an agent while it is open.
#[derive(Default)]
pub(super) struct ShareEditor {
    form: Option<AgentForm>,
}

impl ShareEditor {
    /// Draws the controls of a rule (the fallback has none). Gives back an agent made here, who has
    /// joined already.
    pub(super) fn ui(
        &mut self,
        ui: &mut Ui,
        state: &State,
        rule: Option<&str>,
        share: &mut Share,
    ) -> Option<Agent> {
        how_ui(ui, state, share);
        let entry = state.registry.find_choice(&share.how);
        let has_percent = entry.as_ref().is_some_and(|entry| entry.kind.has_percent());
        Field::new("Agents").show_group(ui, |ui| {
            ui.vertical(|ui| {
                ui.spacing_mut().item_spacing.y = space::S;
                self.agents_ui(ui, state, rule, share, has_percent);
            });
        });
        if has_percent {
            sum_ui(ui, share);
        }
        if let Some(entry) = entry {
            ui.push_id(entry.id(), |ui| entry.kind.editor_ui(ui, share));
        }
        let ControlFlow::Break(made) = self.form.as_mut()?.ui(ui, state) else { return None };
        self.form = None;
        if let Some(agent) = &made {
            join(share, has_percent, &agent.id);
        }
        made
    }

    fn agents_ui(
        &mut self,
        ui: &mut Ui,
        state: &State,
        rule: Option<&str>,
        share: &mut Share,
        has_percent: bool,
    ) {
        let choice = state.registry.choice(share, rule.unwrap_or(""), &state.draft);
        let expected = choice.map(|choice| choice.expected()).unwrap_or_default();
        let counts = state.shares.as_ref().filter(|counts| counts.rule.as_deref() == rule);
        let mut removed = None;
        for index in 0..share.agents.len() {
            let actual = counts.map(|counts| told(counts, &share.agents, index));
            let part = &mut share.agents[index];
            ui.push_id(index, |ui| {
                ui.vertical(|ui| {
                    ui.spacing_mut().item_spacing.y = 2.0;
                    if part_ui(ui, state, index + 1, part, has_percent) {
                        removed = Some(index);
                    }
                    let expected =
                        expected.get(index).map(|part| format!("{} to be expected", percent(*part)));
                    let words: Vec<String> = expected.into_iter().chain(actual).collect();
                    if !words.is_empty() {
                        ui.label(text::help(palette(ui), words.join("  ·  ")));
                    }
                });
            });
        }
        if let Some(index) = removed {
            share.agents.remove(index);
        }
        ui.horizontal(|ui| {
            ui.spacing_mut().item_spacing.x = space::S;
            if ui.add(Button::secondary("Add an agent").with_icon(icons::PLUS).small()).clicked() {
                let is_free = |agent: &&Agent| share.agents.iter().all(|part| part.agent != agent.id);
                let free = state.draft.agents.iter().find(is_free).map_or("", |agent| agent.id.as_str());
                join(share, has_percent, free);
            }
            if ui.add(Button::quiet("New agent…").small()).clicked() {
                self.form = Some(AgentForm::default());
            }
        });
    }
}

fn how_ui(ui: &mut Ui, state: &State, share: &mut Share) {
    let entries: Vec<ChoiceEntry<'_>> = state.registry.choices().collect();
    let ids: Vec<String> = entries.iter().map(ChoiceEntry::id).collect();
    let options: Vec<(String, &str)> =
        ids.iter().cloned().zip(entries.iter().map(|entry| entry.info.title.as_str())).collect();
    let help = state.registry.find_choice(&share.how).map_or("", |entry| entry.info.help.as_str());
    let mut how = share.how.clone();
    let field = Field::new("Shared").help(help);
    field.show(ui, |ui| select(ui, "how calls are shared", 240.0, &mut how, &options));
    if how != share.how {
        switch(state, share, how);
    }
}

/// Another way to share: with percentages where it has some.
fn switch(state: &State, share: &mut Share, how: String) {
    let Some(entry) = state.registry.find_choice(&how) else { return };
    share.settings = entry.kind.starter();
    share.how = how;
    match entry.kind.has_percent() {
        true if share.agents.iter().all(|part| part.percent.is_none()) => spread(share),
        true => {}
        false => share.agents.iter_mut().for_each(|part| part.percent = None),
    }
}

/// Equal shares, whole percents; what is left over goes to the first.
pub(super) fn spread(share: &mut Share) {
    let count = share.agents.len().max(1) as u32;
    for (place, part) in (0..).zip(&mut share.agents) {
        part.percent = Some(WHOLE / count + u32::from(place < WHOLE % count));
    }
}

/// Lets an agent in. It gets what is not given away yet.
fn join(share: &mut Share, has_percent: bool, agent: &str) {
    let left = WHOLE.saturating_sub(sum(share).min(u64::from(WHOLE)) as u32);
    let percent = has_percent.then_some(left);
    share.agents.push(Sharer { agent: agent.to_owned(), version: None, percent });
}

fn sum(share: &Share) -> u64 {
    share.agents.iter().map(|part| u64::from(part.percent.unwrap_or(0))).sum()
}

/// One agent. Says whether it is to be taken away.
fn part_ui(ui: &mut Ui, state: &State, number: usize, part: &mut Sharer, has_percent: bool) -> bool {
    let mut removed = false;
    ui.horizontal(|ui| {
        ui.spacing_mut().item_spacing.x = space::S;
        let others = 84.0 + if has_percent { 84.0 } else { 0.0 } + 32.0 + 3.0 * space::S;
        let width = (ui.available_width() - others).clamp(120.0, 240.0);
        agent_select(ui, "agent", width, &state.draft.agents, &mut part.agent)
            .accessible_name(format!("Agent {number}"));
        let mut typed = part.version.as_ref().map(ToString::to_string).unwrap_or_default();
        let field = TextField::new(&mut typed).hint("Version").width(84.0).id_salt("version");
        if ui.add(field).accessible_name(format!("Version of agent {number}")).changed() {
            part.version = AgentVersion::from_text(&typed);
        }
        if has_percent {
            let mut percent = part.percent.unwrap_or(0);
            ui.scope(|ui| {
                ui.spacing_mut().item_spacing.x = space::XS;
                let field = number_field(ui, &mut percent, "0", 56.0);
                if field.accessible_name(format!("Percent of agent {number}")).changed() {
                    part.percent = Some(percent);
                }
                ui.label(text::soft(palette(ui), "%"));
            });
        }
        removed = ui.add(Button::icon(icons::X, &format!("Remove agent {number}"))).clicked();
    });
    removed
}

/// That the shares are 100% together, or how to make them so.
fn sum_ui(ui: &mut Ui, share: &mut Share) {
    let sum = sum(share);
    ui.horizontal(|ui| {
        ui.spacing_mut().item_spacing.x = space::M;
        if sum == u64::from(WHOLE) {
            let p = palette(ui);
            ui.spacing_mut().item_spacing.x = space::XS + 2.0;
            ui.label(text::icon(icons::CHECK, p.tone(Tone::Connect).text));
            ui.label(text::soft(p, "Together 100%"));
        } else {
            let words = format!("Together {sum}%, and it should be 100%");
            ui.scope(|ui| problem_line(ui, &words));
        }
        if ui.add(Button::quiet("Spread evenly").small()).clicked() {
            spread(share);
        }
    });
}

/// "68%", "33.3%".
fn percent(part: f64) -> String {
    let percent = (part * 1000.0).round() / 10.0;
    format!("{percent}%")
}

/// What an agent got: "68% in the last 30 days (123 of 180 calls)".
fn told(counts: &ShareCounts, agents: &[Sharer], index: usize) -> String {
    let connected = match &counts.connected {
        Ok(connected) => connected,
        Err(why) => return format!("what it got is not known ({why})"),
    };
    let calls_of = |part: &Sharer| -> u64 {
        let twins = agents.iter().filter(|other| other.agent == part.agent).count() > 1;
        let version = part.version.as_ref().map(ToString::to_string);
        let is_its = |one: &&Connected| {
            let same_version = !twins || one.agent_version == version;
            one.agent_id.as_deref() == Some(&*part.agent) && same_version
        };
        connected.iter().filter(is_its).map(|one| one.calls).sum()
    };
    let all: u64 = agents.iter().map(calls_of).sum();
    let (its, days) = (calls_of(&agents[index]), counts.days);
    match all {
        0 => format!("no calls in the last {days} days"),
        _ => format!("{} in the last {days} days ({its} of {all})", percent(its as f64 / all as f64)),
    }
}
