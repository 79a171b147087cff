//! One schedule: name, zone, the week, the days that differ, and all of it as text.

use egui::Ui;

use super::holidays::holidays_ui;
use super::special::{Opened, special_ui};
use crate::plugins::hours::plan::Plan;
use crate::plugins::hours::{calendar, one_line, status};
use crate::routing::{Schedule, Table, fresh_id};
use crate::ui::app::{Action, Actions, HoursFile, State};
use crate::ui::theme::{icons, palette, space, text};
use crate::ui::widgets::week::week_grid;
use crate::ui::widgets::{Banner, Button, Field, Level, TextField, divider, zone_select, zone_words};

/// Draws the controls; `name_first` gives the name the keyboard.
pub(super) fn schedule_ui(
    ui: &mut Ui,
    state: &State,
    schedule: &mut Schedule,
    open: &mut Opened,
    name_first: bool,
    actions: &mut Actions,
) {
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
    match Plan::parse(&schedule.hours) {
        Ok(plan) => plan_ui(ui, state, schedule, plan, open),
        Err(_) => text_only_ui(ui, state, schedule),
    }
    divider(ui);
    text_ui(ui, state, schedule, actions);
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

/// The week and the days that differ, edited by eye.
fn plan_ui(ui: &mut Ui, state: &State, schedule: &mut Schedule, mut plan: Plan, open: &mut Opened) {
    let before = plan.clone();
    let words = "Drag to add hours, a span to move it, its ends to stretch it; with Shift to cut a break. Right click for more, or type beside it";
    ui.add(egui::Label::new(text::help(palette(ui), words)).wrap());
    week_grid(ui, "week", &mut plan.week);
    divider(ui);
    let known = calendar::holidays_of(schedule, &state.draft);
    let today = state.now.with_timezone(&crate::ui::decision::zone(state)).date_naive();
    if let Err(error) = &known {
        let error = super::super::sentences::capital(error);
        Banner::new(Level::Warning, &error).show(ui, |_| ());
    }
    let known = known.unwrap_or_default();
    holidays_ui(ui, &state.draft, schedule, &mut plan, &known, today, open);
    special_ui(ui, &mut plan, &known, today, open);
    if plan != before {
        schedule.hours = plan.write();
    }
}

/// What is said in place of the week where the text says more, or cannot be read.
fn text_only_ui(ui: &mut Ui, state: &State, schedule: &Schedule) {
    if status(schedule, &state.draft, state.now).is_ok() {
        let about = "They decide calls as they stand. To edit them by eye, write the week first, as Mo-Fr 09:00-17:00, and the days that differ after it, each after a semicolon.";
        let banner = Banner::new(Level::Info, "These hours say more than can be edited by eye");
        banner.detail(about).show(ui, |_| ());
    } else {
        let banner = Banner::new(Level::Warning, "The text below cannot be read");
        let about = "Nothing of it is lost. Mend it, and the week is drawn here again.";
        banner.detail(about).show(ui, |_| ());
    }
}

fn text_ui(ui: &mut Ui, state: &State, schedule: &mut Schedule, actions: &mut Actions) {
    let error =
        status(schedule, &state.draft, state.now).err().map(|error| super::super::sentences::capital(&error));
    let help =
        "All of the above in the notation of OpenStreetMap: paste hours from elsewhere here, or copy these";
    Field::new("The same as text").help(help).error(error.as_deref()).show(ui, |ui| {
        ui.horizontal_top(|ui| {
            ui.spacing_mut().item_spacing.x = space::XS;
            let width = ui.available_width() - 32.0 - space::XS;
            let field = TextField::new(&mut schedule.hours).rows(2).mono().hint("Mo-Fr 09:00-17:00; PH off");
            let field = ui.add(field.width(width).id_salt("hours text"));
            if field.changed() && schedule.hours.contains(['\n', '\r']) {
                // Pasted, or Enter: the text has no lines.
                schedule.hours = one_line(&schedule.hours);
            }
            if ui.add(Button::icon(icons::COPY, "Copy the hours as text")).clicked() {
                actions.push(Action::Copy(exported(state, schedule)));
            }
            field
        })
        .inner
    });
    ui.horizontal(|ui| {
        ui.spacing_mut().item_spacing.x = space::S;
        if ui.add(Button::secondary("Open a file…").small().name("Open hours from a file")).clicked() {
            actions.push(Action::OpenHours(schedule.id.clone()));
        }
        let save = Button::secondary("Save as a file…").small().name("Save the hours as a file");
        if ui.add_enabled(error.is_none(), save).clicked() {
            let name = format!("{}.txt", fresh_id(&schedule.name, []));
            actions.push(Action::SaveHours(HoursFile { name, hours: exported(state, schedule) }));
        }
    });
}

/// The hours as another program understands them: holidays that are left out here are not in it.
fn exported(state: &State, schedule: &Schedule) -> String {
    let today = state.now.with_timezone(&crate::ui::decision::zone(state)).date_naive();
    match (Plan::parse(&schedule.hours), calendar::holidays_of(schedule, &state.draft)) {
        (Ok(plan), Ok(known)) if !schedule.holidays.except.is_empty() => {
            plan.spelled_out(&schedule.holidays, &known, today).write()
        }
        _ => schedule.hours.clone(),
    }
}
