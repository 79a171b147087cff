//! One schedule: name, zone, the week to paint, and the same as text.

use egui::Ui;

use crate::plugins::hours::{status, weekly};
use crate::routing::{Schedule, Table};
use crate::ui::app::State;
use crate::ui::theme::{palette, space, text};
use crate::ui::widgets::week::week_grid;
use crate::ui::widgets::{Banner, Field, Level, TextField, divider, zone_select, zone_words};

/// Draws the controls; `name_first` gives the name the keyboard.
pub(super) fn schedule_ui(ui: &mut Ui, state: &State, schedule: &mut Schedule, name_first: bool) {
    ui.spacing_mut().item_spacing.y = space::M;
    divider(ui);
    let columns = ui.available_width() > 560.0;
    let (name, zone) = (&mut schedule.name, &mut schedule.zone);
    if columns {
        ui.columns(2, |columns| {
            name_ui(&mut columns[0], name, name_first);
            zone_ui(&mut columns[1], &state.draft, zone);
        });
    } else {
        name_ui(ui, name, name_first);
        zone_ui(ui, &state.draft, zone);
    }
    week_ui(ui, &mut schedule.hours);
    text_ui(ui, state, schedule);
}

fn name_ui(ui: &mut Ui, name: &mut String, first: bool) {
    let field = Field::new("Name")
        .show(ui, |ui| ui.add(TextField::new(name).hint("Office hours").id_salt("schedule name")));
    if first {
        field.request_focus();
    }
}

/// The zone of this schedule; choosing the table's own leaves it to the table.
fn zone_ui(ui: &mut Ui, table: &Table, zone: &mut Option<String>) {
    let shown = zone
        .as_ref()
        .map_or_else(|| format!("{} (as the table)", zone_words(&table.zone)), |zone| zone_words(zone));
    Field::new("Time zone").show_group(ui, |ui| {
        ui.horizontal(|ui| {
            let (_, chosen) = zone_select(ui, &shown);
            if let Some(chosen) = chosen {
                *zone = (chosen != table.zone).then(|| chosen.to_owned());
            }
        });
    });
}

fn week_ui(ui: &mut Ui, hours: &mut String) {
    let Ok(mut week) = weekly::parse(hours) else {
        let about = "They stay as they are. To paint a week here, write it below as Mo-Fr 09:00-17:00.";
        Banner::new(Level::Info, "These hours say more than a week can show").detail(about).show(ui, |_| ());
        return;
    };
    ui.label(text::help(palette(ui), "Drag over the week to paint the open hours, or type them beside it"));
    if week_grid(ui, "week", &mut week) {
        *hours = weekly::write(&week);
    }
}

fn text_ui(ui: &mut Ui, state: &State, schedule: &mut Schedule) {
    let error =
        status(schedule, &state.draft, state.now).err().map(|error| crate::ui::widgets::capital(&error));
    let help = "In the notation of OpenStreetMap. It can say more than the week above, such as PH off for public holidays";
    Field::new("The same as text").help(help).error(error.as_deref()).show(ui, |ui| {
        ui.add(TextField::new(&mut schedule.hours).mono().hint("Mo-Fr 09:00-17:00").id_salt("hours text"))
    });
}
