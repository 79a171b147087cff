//! The controls for what a share needs to know besides its agents.

use egui::Ui;

use crate::plugins::editing::edit;
use crate::plugins::history::{Window, window_ui};
use crate::routing::Share;
use crate::ui::theme::{palette, space, text};
use crate::ui::widgets::{Field, TextField};

pub(super) fn weighted_ui(ui: &mut Ui, share: &mut Share) {
    let help = "Shares with the same name give a caller the same lot; another name draws anew";
    name_ui(ui, "Name of the draw", help, &mut share.name);
    withheld_ui(ui);
}

pub(super) fn round_robin_ui(ui: &mut Ui, share: &mut Share) {
    let help = "Rules with the same name share one round; without a name this rule has its own";
    name_ui(ui, "Name of the round", help, &mut share.name);
}

pub(super) fn sticky_ui(ui: &mut Ui, share: &mut Share) {
    edit(ui, &mut share.settings, |ui, Window { within, unit }| {
        ui.horizontal_top(|ui| {
            ui.spacing_mut().item_spacing.x = space::L;
            window_ui(ui, within, unit);
        });
    });
    let words = "Callers who have not spoken with one of these agents for so long are shared by percentage";
    ui.label(text::help(palette(ui), words));
    let help = "Shares with the same name give a new caller the same lot";
    name_ui(ui, "Name of the draw", help, &mut share.name);
    withheld_ui(ui);
}

fn name_ui(ui: &mut Ui, label: &str, help: &str, name: &mut String) {
    let field = Field::new(label).help(help).optional();
    field.show(ui, |ui| ui.add(TextField::new(name).hint("Pilot").width(240.0).id_salt("share name")));
}

fn withheld_ui(ui: &mut Ui) {
    let words = "Callers who hide their number are drawn by the line they call and the minute";
    ui.label(text::help(palette(ui), words));
}
