//! Choosing a day without typing: day, month and, for a date, year.

use chrono::{Datelike, NaiveDate};
use egui::Ui;

use super::select;
use crate::plugins::dates::{YearDay, days_in, month_name};
use crate::ui::theme::space;

/// A day of the year; `label` begins the names of its parts. Says whether it changed.
pub fn year_day_select(ui: &mut Ui, label: &str, chosen: &mut YearDay) -> bool {
    ui.horizontal(|ui| {
        ui.spacing_mut().item_spacing.x = space::XS;
        parts_ui(ui, label, chosen)
    })
    .inner
}

/// A date of this year or one of the next ten, or of the year it has. Says whether it changed.
pub fn date_select(ui: &mut Ui, label: &str, chosen: &mut NaiveDate, this_year: i32) -> bool {
    let (mut day, mut year) = (YearDay::of(*chosen), chosen.year());
    ui.horizontal(|ui| {
        ui.spacing_mut().item_spacing.x = space::XS;
        let mut changed = parts_ui(ui, label, &mut day);
        let years = std::iter::once(year).filter(|year| !(this_year..this_year + 10).contains(year));
        let years: Vec<(i32, String)> =
            years.chain(this_year..this_year + 10).map(|year| (year, year.to_string())).collect();
        let options: Vec<(i32, &str)> = years.iter().map(|(year, words)| (*year, words.as_str())).collect();
        let name = format!("{label} year");
        changed |= select(ui, &name, 84.0, &mut year, &options).accessible_name(&name).changed();
        // 29 February of a year that has none becomes the 28th.
        let dates = [day.day, day.day.saturating_sub(1)];
        let date = dates.into_iter().find_map(|last| NaiveDate::from_ymd_opt(year, day.month, last));
        if let Some(date) = date.filter(|_| changed) {
            *chosen = date;
        }
        changed
    })
    .inner
}

fn parts_ui(ui: &mut Ui, label: &str, chosen: &mut YearDay) -> bool {
    let names: Vec<String> = (1..=days_in(chosen.month).unwrap_or(31)).map(|day| day.to_string()).collect();
    let days: Vec<(u32, &str)> = (1..).zip(names.iter().map(String::as_str)).collect();
    let name = format!("{label} day");
    let mut changed = select(ui, &name, 72.0, &mut chosen.day, &days).accessible_name(&name).changed();
    let months: Vec<(u32, &str)> = (1..=12).map(|month| (month, month_name(month))).collect();
    let name = format!("{label} month");
    if select(ui, &name, 130.0, &mut chosen.month, &months).accessible_name(&name).changed() {
        chosen.day = chosen.day.min(days_in(chosen.month).unwrap_or(31));
        changed = true;
    }
    changed
}
