//! The table of one version, to be read only.

use std::sync::Arc;

use egui::{Label, Ui};

use super::row::{origin_words, when};
use super::{Asked, Loaded, Side};
use crate::routing::{Table, number};
use crate::ui::app::State;
use crate::ui::routes::sentences::outcome_ui;
use crate::ui::routes::view::{RuleView, View};
use crate::ui::theme::{Tone, icons, palette, space, text};
use crate::ui::widgets::{Button, Screen, card, divider, key_value, phrase, safe_text, section, status};

/// The page of one version.
pub(super) struct TablePage {
    version: u32,
    view: View,
}

impl TablePage {
    pub(super) fn new(version: u32) -> Self {
        Self { version, view: View::default() }
    }

    pub(super) fn version(&self) -> u32 {
        self.version
    }

    /// Draws it. Says whether it stays open, and what is wanted.
    pub(super) fn ui(&mut self, ui: &mut Ui, state: &State, table: &Loaded) -> (bool, Option<Asked>) {
        let version = self.version;
        let is_live = version == state.live.version;
        let info = state.versions.iter().find(|info| info.version == version);
        let about = match info {
            Some(info) => [Some(when(state, info)), origin_words(info.remarks.origin)],
            None => [None, None],
        };
        let mut about: Vec<String> = about.into_iter().flatten().collect();
        about.extend(info.map(|info| info.remarks.note.clone()).filter(|note| !note.is_empty()));
        let about = if about.is_empty() { "A table of this past".to_owned() } else { about.join(" · ") };
        let (mut back, mut asked) = (false, None);
        let title = format!("Version {version}{}", if is_live { ", which is live" } else { "" });
        Screen::new(&title, &safe_text(&about)).show(
            ui,
            |ui| {
                if !is_live && ui.add(Button::secondary("Bring back…")).clicked() {
                    asked = Some(Asked::BringBack(version));
                }
                if let Loaded::Here(table) = table
                    && ui.add(Button::secondary("Put in the draft").with_icon(icons::PENCIL)).clicked()
                {
                    asked =
                        Some(Asked::ToDraft(format!("Put version {version} in the draft"), table.clone()));
                }
                let compare = Button::secondary("Compare with the draft").with_icon(icons::COMPARE);
                if ui.add(compare).clicked() {
                    asked = Some(Asked::Compare(Side::Version(version), Side::Draft));
                }
                let button = Button::secondary("Versions").with_icon(icons::CHEVRON_LEFT);
                back = ui.add(button.name("Back to versions")).clicked();
            },
            |ui| match table {
                Loaded::Here(table) => {
                    self.view.update_to(table, &*state.registry);
                    table_ui(ui, &self.view, table);
                }
                Loaded::OnItsWay => drop(ui.label(text::soft(palette(ui), "Reading…"))),
                Loaded::Failed => drop(ui.label("This version cannot be read; the message says why")),
            },
        );
        (!back, asked)
    }
}

fn table_ui(ui: &mut Ui, view: &View, table: &Arc<Table>) {
    section(ui, "Rules", "", |ui| {
        if view.rules.is_empty() {
            ui.label(text::soft(palette(ui), "There are none"));
        }
        for (index, rule) in view.rules.iter().enumerate() {
            if index > 0 {
                divider(ui);
            }
            rule_ui(ui, index, rule);
        }
        divider(ui);
        ui.horizontal_wrapped(|ui| {
            ui.label(text::strong("All other calls"));
            outcome_ui(ui, &view.fallback);
        });
    });
    card(ui, |ui| parts_ui(ui, table));
}

fn rule_ui(ui: &mut Ui, index: usize, rule: &RuleView) {
    ui.horizontal_wrapped(|ui| {
        ui.label(text::faint(palette(ui), (index + 1).to_string()));
        ui.label(text::strong(&rule.name));
        if !rule.enabled {
            status(ui, Tone::Neutral, "Off");
        }
        if !rule.note.is_empty() {
            ui.add(Label::new(text::faint(palette(ui), &rule.note)).truncate());
        }
    });
    let mut words = Vec::new();
    for (index, group) in rule.when.iter().enumerate() {
        words.push((if index == 0 { "when " } else { " and " }.to_owned(), false));
        for (index, condition) in group.iter().enumerate() {
            if index > 0 {
                words.push((" or ".to_owned(), false));
            }
            words.extend(condition.words.iter().cloned());
        }
    }
    if words.is_empty() {
        words.push(("any call".to_owned(), false));
    }
    let period = rule.period.words();
    if !period.is_empty() {
        words.push((format!(", {period}"), false));
    }
    phrase(ui, &words);
    ui.horizontal_wrapped(|ui| outcome_ui(ui, &rule.then));
    ui.add_space(space::XS);
}

fn parts_ui(ui: &mut Ui, table: &Table) {
    for line in &table.lines {
        let number = number::for_people(&line.number, &table.country);
        key_value(ui, "Line", &safe_text(&format!("{}: {number}", line.name)));
    }
    for agent in &table.agents {
        key_value(ui, "Agent", &safe_text(&agent.name));
    }
    for schedule in &table.schedules {
        key_value(ui, "Schedule", &safe_text(&format!("{}: {}", schedule.name, schedule.hours)));
    }
    for list in &table.lists {
        let callers = match list.entries.len() {
            1 => "1 caller".to_owned(),
            n => format!("{n} callers"),
        };
        key_value(ui, "List", &safe_text(&format!("{}: {callers}", list.name)));
    }
    for used in &table.look_ups {
        let off = if used.enabled { "" } else { " (not asked)" };
        key_value(ui, "Look-up", &safe_text(&format!("{}{off}", used.name)));
    }
    key_value(ui, "Home country", number::country_name(&table.country).unwrap_or(&table.country));
    key_value(ui, "Time zone", &table.zone.replace('_', " "));
}
