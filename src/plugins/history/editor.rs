//! The controls for conditions on earlier calls.

use egui::Ui;
use serde_json::Value;

use super::before::{Settings as Before, Sort};
use super::last_agent::Settings as LastAgent;
use super::last_call::Settings as LastCall;
use super::repeat::Settings as Repeat;
use super::window::{Unit, Window};
use crate::plugins::EditorContext;
use crate::plugins::editing::{edit, number_ui, several_ui};
use crate::ui::theme::{palette, space, text};
use crate::ui::widgets::{Field, select};

pub(super) fn before_ui(ui: &mut Ui, settings: &mut Value) {
    edit(ui, settings, |ui, Before { is }| {
        let sorts = [(Sort::FirstTime, "First-time callers"), (Sort::Returning, "Returning callers")];
        let help = "By the call log. Callers who hide their number are neither";
        Field::new("Caller").help(help).show(ui, |ui| select(ui, "sort", 220.0, is, &sorts));
    });
}

pub(super) fn repeat_ui(ui: &mut Ui, settings: &mut Value) {
    edit(ui, settings, |ui, Repeat { nth, within, unit }| {
        ui.horizontal_top(|ui| {
            ui.spacing_mut().item_spacing.x = space::L;
            let error = (*nth < 2).then_some("2 or more");
            number_ui(ui, Field::new("Call number").error(error), "4", nth);
            window_ui(ui, within, unit);
        });
        let words = "The call that comes in counts too, repeated requests for the same call do not. Whether rejected calls count is chosen in Settings.";
        ui.label(text::help(palette(ui), words));
    });
}

pub(super) fn last_call_ui(ui: &mut Ui, settings: &mut Value) {
    edit(ui, settings, |ui, LastCall { within, unit }| {
        ui.horizontal_top(|ui| {
            ui.spacing_mut().item_spacing.x = space::L;
            window_ui(ui, within, unit);
        });
        let words = "Never holds for a first call, or when the number is withheld";
        ui.label(text::help(palette(ui), words));
    });
}

/// How long: a number and its unit.
pub(in crate::plugins) fn window_ui(ui: &mut Ui, within: &mut u32, unit: &mut Unit) {
    let error = Window { within: *within, unit: *unit }.check().err();
    let short = error.map(|_| if *within == 0 { "How long?" } else { "Ten years at most" });
    number_ui(ui, Field::new("Within").error(short), "10", within);
    let units = Unit::ALL.map(|unit| (unit, unit.words()));
    Field::new("Unit").show(ui, |ui| select(ui, "unit", 120.0, unit, &units));
}

pub(super) fn last_agent_ui(ui: &mut Ui, settings: &mut Value, context: &EditorContext<'_>) {
    let table = context.table;
    edit(ui, settings, |ui, LastAgent { agents }| {
        let all: Vec<(&str, &str)> = table.agents.iter().map(|one| (&*one.id, &*one.name)).collect();
        several_ui(ui, &all, "There are no agents yet; add one under Lines & agents", agents);
    });
}
