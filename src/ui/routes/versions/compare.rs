//! Any two tables side by side: what changes from one to the other, in sentences.

use std::sync::Arc;

use egui::{Sides, Ui};

use super::{Loaded, Tables, moment};
use crate::routing::{Change, Counts, Table, changes};
use crate::ui::app::{Actions, State};
use crate::ui::publishing::changes_ui;
use crate::ui::theme::{icons, palette, space, text};
use crate::ui::widgets::{Button, card, select};

/// One of the two.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Side {
    /// A published version.
    Version(u32),
    /// What is being edited.
    Draft,
    /// What is planned, by its id.
    Plan(i64),
}

/// The comparison: closed at first.
#[derive(Default)]
pub(super) struct Compare {
    sides: Option<(Side, Side)>,
    /// What was compared last, so that it is done once.
    known: Option<(Arc<Table>, Arc<Table>, Vec<Change>)>,
    /// It was just opened and is to be brought into sight.
    is_new: bool,
}

impl Compare {
    /// Compares these two.
    pub(super) fn begin(&mut self, from: Side, to: Side) {
        self.sides = Some((from, to));
        self.is_new = true;
    }

    /// Draws it.
    pub(super) fn ui(&mut self, ui: &mut Ui, state: &State, tables: &mut Tables, actions: &mut Actions) {
        let Some((mut from, mut to)) = self.sides else {
            let compare = Button::secondary("Compare versions").with_icon(icons::COMPARE);
            if state.versions.len() > 1 && ui.add(compare).clicked() {
                let before = state.versions.get(1).map_or(state.live.version, |info| info.version);
                self.begin(Side::Version(before), Side::Version(state.live.version));
            }
            return;
        };
        let mut close = false;
        let drawn = card(ui, |ui| {
            ui.spacing_mut().item_spacing.y = space::S;
            close = head_ui(ui, state, &mut from, &mut to);
            match (load(from, state, tables, actions), load(to, state, tables, actions)) {
                (Loaded::Here(from), Loaded::Here(to)) => self.result_ui(ui, state, &from, &to),
                (Loaded::Failed, _) | (_, Loaded::Failed) => {
                    ui.label(text::soft(palette(ui), "One of the two cannot be read"));
                }
                _ => drop(ui.label(text::soft(palette(ui), "Reading…"))),
            }
        });
        if std::mem::take(&mut self.is_new) {
            drawn.response.scroll_to_me(Some(egui::Align::Min));
        }
        self.sides = (!close).then_some((from, to));
    }

    fn result_ui(&mut self, ui: &mut Ui, state: &State, from: &Arc<Table>, to: &Arc<Table>) {
        let is_known =
            |(a, b, _): &(Arc<Table>, Arc<Table>, Vec<Change>)| Arc::ptr_eq(a, from) && Arc::ptr_eq(b, to);
        if !self.known.as_ref().is_some_and(is_known) {
            let changes = changes(from, to, &*state.registry);
            self.known = Some((Arc::clone(from), Arc::clone(to), changes));
        }
        let Some((.., changes)) = &self.known else { return };
        if changes.is_empty() {
            ui.label("The two are the same");
            return;
        }
        ui.label(text::soft(palette(ui), Counts::of(changes).words()));
        changes_ui(ui, changes);
    }
}

/// Draws the two choices. Says whether it is to be closed.
fn head_ui(ui: &mut Ui, state: &State, from: &mut Side, to: &mut Side) -> bool {
    let options = options(state);
    let options: Vec<(Side, &str)> = options.iter().map(|(side, words)| (*side, words.as_str())).collect();
    Sides::new()
        .shrink_left()
        .height(36.0)
        .show(
            ui,
            |ui| {
                ui.spacing_mut().item_spacing.x = space::S;
                let width = ((ui.available_width() - 90.0) / 2.0).clamp(120.0, 280.0);
                ui.label(text::label("From"));
                select(ui, "compare from", width, from, &options).accessible_name("Compare from");
                ui.label(text::label("to"));
                select(ui, "compare to", width, to, &options).accessible_name("Compare to");
            },
            |ui| ui.add(Button::icon(icons::X, "Close the comparison")).clicked(),
        )
        .1
}

fn options(state: &State) -> Vec<(Side, String)> {
    let mut options = vec![(Side::Draft, "Draft".to_owned())];
    let plan = |plan: &crate::service::messages::Planned| {
        (Side::Plan(plan.id), format!("Planned for {}", moment(state, plan.at)))
    };
    options.extend(state.plans.iter().map(plan));
    options.extend(state.versions.iter().map(|info| {
        let live = if info.version == state.live.version { ", live" } else { "" };
        let note =
            if info.remarks.note.is_empty() { String::new() } else { format!(": {}", info.remarks.note) };
        (Side::Version(info.version), format!("Version {}{live}{note}", info.version))
    }));
    options
}

fn load(side: Side, state: &State, tables: &mut Tables, actions: &mut Actions) -> Loaded {
    match side {
        Side::Draft => Loaded::Here(Arc::clone(&state.draft)),
        Side::Version(version) => tables.get(state, version, actions),
        Side::Plan(id) => match state.plans.iter().find(|plan| plan.id == id) {
            Some(plan) => Loaded::Here(Arc::clone(&plan.table)),
            None => Loaded::Failed,
        },
    }
}
