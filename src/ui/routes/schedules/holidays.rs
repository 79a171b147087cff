//! Public holidays of a schedule: whose they are, what happens on them, and which of the coming ones
//! differ.

use std::sync::LazyLock;

use chrono::{Days, NaiveDate};
use egui::{Label, Ui};

use super::special::Opened;
use crate::plugins::hours::calendar::{self, Holiday};
use crate::plugins::hours::choice::Choice;
use crate::plugins::hours::plan::Plan;
use crate::plugins::hours::weekly::Span;
use crate::routing::{Schedule, Table, number};
use crate::ui::theme::{palette, space, text};
use crate::ui::widgets::week::hours_field;
use crate::ui::widgets::{Button, Field, search_select, select};

/// How far ahead holidays are listed, in days.
const AHEAD: u64 = 372;
/// How many are listed before the rest is asked for.
const FIRST: usize = 5;
/// From this width on, in points, a holiday fits on one line.
const WIDE: f32 = 560.0;

/// What happens on a day.
#[derive(Clone, Copy, PartialEq, Eq)]
enum What {
    Same,
    Closed,
    Hours,
    Ignored,
}

/// The countries with a calendar, as code and name.
static COUNTRIES: LazyLock<Vec<(&str, String)>> = LazyLock::new(|| {
    let named = |code| number::country_name(code).map(|name| (code, name.to_owned()));
    let mut all: Vec<_> = calendar::countries().filter_map(named).collect();
    all.sort_by(|a, b| a.1.cmp(&b.1));
    all
});

/// Draws what happens on public holidays, and those to come.
pub(super) fn holidays_ui(
    ui: &mut Ui,
    table: &Table,
    schedule: &mut Schedule,
    plan: &mut Plan,
    known: &[Holiday],
    today: NaiveDate,
    open: &mut Opened,
) {
    ui.horizontal_wrapped(|ui| {
        ui.spacing_mut().item_spacing.x = space::L;
        Field::new("Public holidays").show_group(ui, |ui| rule_ui(ui, plan));
        place_ui(ui, table, schedule);
    });
    if plan.on_holidays().is_none() {
        return;
    }
    let mut ahead = coming(known, today);
    if ahead.is_empty() {
        ui.label(text::help(palette(ui), "No public holidays are known there; choose another country"));
        return;
    }
    let all = ahead.len();
    if !open.all_holidays {
        ahead.truncate(FIRST);
    }
    ui.scope(|ui| {
        ui.spacing_mut().item_spacing.y = space::XS;
        for (date, holiday) in ahead {
            ui.push_id(holiday.name, |ui| holiday_ui(ui, schedule, plan, holiday, date, today));
        }
    });
    if all > FIRST {
        let words = if open.all_holidays {
            "Show fewer".to_owned()
        } else {
            format!("Show all {all} of the next year")
        };
        if ui.add(Button::quiet(&words).small()).clicked() {
            open.all_holidays = !open.all_holidays;
        }
    }
}

fn rule_ui(ui: &mut Ui, plan: &mut Plan) {
    let hours = plan.on_holidays().map(|special| special.hours.clone());
    let mut what = match &hours {
        None => What::Ignored,
        Some(hours) if hours.is_empty() => What::Closed,
        Some(_) => What::Hours,
    };
    let options =
        [(What::Closed, "Closed"), (What::Hours, "Other hours"), (What::Ignored, "Like any other day")];
    ui.horizontal(|ui| {
        ui.spacing_mut().item_spacing.x = space::S;
        let response = select(ui, "holidays", 160.0, &mut what, &options);
        if response.accessible_name("Public holidays").changed() {
            plan.set_on_holidays(match what {
                What::Closed => Some(Vec::new()),
                What::Hours => Some(starter()),
                What::Ignored | What::Same => None,
            });
        } else if let Some(mut hours) = hours.filter(|_| what == What::Hours)
            && hours_field(
                ui,
                ui.scope_id().with("holiday hours"),
                "Hours on public holidays",
                Some(170.0),
                0,
                &mut hours,
            )
        {
            plan.set_on_holidays(Some(hours));
        }
    });
}

/// The country and region whose holidays count.
fn place_ui(ui: &mut Ui, table: &Table, schedule: &mut Schedule) {
    let (country, region) = calendar::place(schedule, table);
    let (country, region) = (country.to_ascii_uppercase(), region.map(str::to_owned));
    let shown = number::country_name(&country).unwrap_or(&country);
    Field::new("Country").show(ui, |ui| {
        let (button, chosen) = search_select(ui, "Country of the holidays", shown, &COUNTRIES);
        if let Some(chosen) = chosen {
            let is_home = chosen.eq_ignore_ascii_case(&table.country);
            schedule.holidays.country = (!is_home).then(|| (*chosen).to_owned());
            schedule.holidays.region = None;
        }
        button
    });
    let regions = calendar::regions(&country);
    if regions.is_empty() {
        return;
    }
    let name_of = |code: &str| regions.iter().find(|(other, _)| *other == code).map(|(_, name)| *name);
    let shown = region.as_deref().map_or("The whole country", |region| name_of(region).unwrap_or(region));
    let mut options: Vec<(Option<&str>, String)> =
        regions.iter().map(|(code, name)| (Some(*code), (*name).to_owned())).collect();
    options.sort_by(|a, b| a.1.cmp(&b.1));
    options.insert(0, (None, "The whole country".to_owned()));
    Field::new("Region").show(ui, |ui| {
        let (button, chosen) = search_select(ui, "Region of the holidays", shown, &options);
        if let Some(chosen) = chosen {
            schedule.holidays.region = chosen.map(str::to_owned);
        }
        button
    });
}

/// The next date of each holiday within a year, in the order of the calendar.
fn coming(known: &[Holiday], today: NaiveDate) -> Vec<(NaiveDate, &Holiday)> {
    let next = |holiday: &Holiday| {
        let dates = (0..AHEAD).filter_map(|days| today.checked_add_days(Days::new(days)));
        dates.into_iter().find(|date| holiday.is_on(*date))
    };
    let mut ahead: Vec<_> =
        known.iter().filter_map(|holiday| next(holiday).map(|date| (date, holiday))).collect();
    ahead.sort_by_key(|(date, _)| *date);
    ahead
}

fn holiday_ui(
    ui: &mut Ui,
    schedule: &mut Schedule,
    plan: &mut Plan,
    holiday: &Holiday,
    date: NaiveDate,
    today: NaiveDate,
) {
    let choice = plan.choice(&schedule.holidays, holiday);
    let chosen = if ui.available_width() >= WIDE {
        ui.horizontal(|ui| {
            ui.spacing_mut().item_spacing.x = space::M;
            let names = (ui.available_width() - 170.0 - 170.0 - 2.0 * space::M).max(120.0);
            let size = egui::vec2(names, 32.0);
            ui.allocate_ui_with_layout(size, egui::Layout::left_to_right(egui::Align::Center), |ui| {
                ui.set_min_width(names);
                name_ui(ui, holiday, date);
            });
            choice_ui(ui, plan, holiday, &choice)
        })
        .inner
    } else {
        ui.horizontal(|ui| name_ui(ui, holiday, date));
        ui.horizontal(|ui| choice_ui(ui, plan, holiday, &choice)).inner
    };
    if let Some(chosen) = chosen {
        plan.choose(&mut schedule.holidays, holiday, chosen, today);
    }
}

fn name_ui(ui: &mut Ui, holiday: &Holiday, date: NaiveDate) {
    let p = palette(ui);
    let left = egui::Layout::left_to_right(egui::Align::Center);
    ui.allocate_ui_with_layout(egui::vec2(124.0, 20.0), left, |ui| {
        ui.set_min_width(124.0);
        ui.label(text::soft(p, date.format("%a %-d %b %Y").to_string()));
    });
    ui.add(Label::new(text::body(holiday.name)).truncate());
}

fn choice_ui(ui: &mut Ui, plan: &Plan, holiday: &Holiday, choice: &Choice) -> Option<Choice> {
    let is_closed = plan.on_holidays().is_none_or(|special| special.hours.is_empty());
    let mut what = match choice {
        Choice::Same => What::Same,
        Choice::Hours(hours) if hours.is_empty() && is_closed => What::Same,
        Choice::Hours(hours) if hours.is_empty() => What::Closed,
        Choice::Hours(_) => What::Hours,
        Choice::Ignored => What::Ignored,
    };
    let mut options = vec![
        (What::Same, if is_closed { "Closed" } else { "As all holidays" }),
        (What::Hours, "Other hours"),
        (What::Ignored, "Like any other day"),
    ];
    if !is_closed {
        options.insert(1, (What::Closed, "Closed"));
    }
    let name = format!("On {}", holiday.name);
    if select(ui, "choice", 170.0, &mut what, &options).accessible_name(&name).changed() {
        return Some(match what {
            What::Same => Choice::Same,
            What::Closed => Choice::Hours(Vec::new()),
            What::Hours => Choice::Hours(starter()),
            What::Ignored => Choice::Ignored,
        });
    }
    let Choice::Hours(hours) = choice else { return None };
    let mut hours = hours.clone();
    let name = format!("Hours on {}", holiday.name);
    let shown = what == What::Hours;
    let id = ui.scope_id().with("hours");
    let changed = shown && hours_field(ui, id, &name, Some(170.0), 0, &mut hours);
    changed.then_some(Choice::Hours(hours))
}

/// Closed or certain hours, for a special day. Says whether it changed.
pub(super) fn open_hours(ui: &mut Ui, what: &str, hours: &mut Vec<Span>) -> bool {
    let mut open = !hours.is_empty();
    let options = [(false, "Closed"), (true, "Open at these hours")];
    ui.horizontal(|ui| {
        ui.spacing_mut().item_spacing.x = space::S;
        let name = format!("Hours of the {what}");
        let mut changed =
            select(ui, "open", 190.0, &mut open, &options).accessible_name("Open or closed").changed();
        if changed {
            *hours = if open { starter() } else { Vec::new() };
        }
        if open {
            let id = ui.scope_id().with("hours");
            changed |= hours_field(ui, id, &name, Some(200.0), 0, hours);
        }
        changed
    })
    .inner
}

fn starter() -> Vec<Span> {
    vec![Span { day: 0, from_min: 10 * 60, to_min: 14 * 60 }]
}
