//! Where the business is: the home country of its numbers and its time zone. Both are part of the
//! table, so they are edited in the draft and published with it.

use chrono_tz::Tz;
use egui::Ui;

use crate::routing::{Table, number};
use crate::ui::app::{Action, Actions, State};
use crate::ui::theme::{palette, space, text};
use crate::ui::widgets::{Field, search_select, section, toggle, zone_select, zone_words};

const ABOUT: &str = "Part of the table: a change is made to the draft, and takes effect when you publish";

/// What can be chosen, made once.
pub(super) struct BusinessSection {
    countries: Vec<(String, String)>,
}

impl Default for BusinessSection {
    fn default() -> Self {
        let countries = number::countries().into_iter().map(|(code, name)| (code, name.to_owned()));
        Self { countries: countries.collect() }
    }
}

impl BusinessSection {
    pub(super) fn ui(&mut self, ui: &mut Ui, state: &State, actions: &mut Actions) {
        section(ui, "Your business", ABOUT, |ui| {
            ui.horizontal_top(|ui| {
                ui.spacing_mut().item_spacing.x = space::XL;
                self.country_ui(ui, state, actions);
                zone_ui(ui, state, actions);
            });
            rejected_ui(ui, state, actions);
        });
    }

    fn country_ui(&self, ui: &mut Ui, state: &State, actions: &mut Actions) {
        let country = &state.draft.country;
        let shown = number::country_name(country).unwrap_or(country);
        let help = "Its numbers can be written, and are shown, without the country code";
        field_ui(ui, "Home country", help, |ui| {
            let (button, chosen) = search_select(ui, "Home country", shown, &self.countries);
            if let Some(country) = chosen {
                let table = Table { country: country.clone(), ..Table::clone(&state.draft) };
                actions.push(Action::Edit { what: "Change the home country".to_owned(), table });
            }
            button
        });
    }
}

fn zone_ui(ui: &mut Ui, state: &State, actions: &mut Actions) {
    let zone = &state.draft.zone;
    let help = match zone.parse::<Tz>() {
        Ok(zone) => {
            let now = state.now.with_timezone(&zone).format("%A %H:%M");
            format!("Opening hours are told in it, unless they have one of their own; it is {now} there")
        }
        Err(_) => "This zone is not known here; choose another".to_owned(),
    };
    field_ui(ui, "Time zone", &help, |ui| {
        let (button, chosen) = zone_select(ui, &zone_words(zone));
        if let Some(zone) = chosen {
            let table = Table { zone: zone.to_owned(), ..Table::clone(&state.draft) };
            actions.push(Action::Edit { what: "Change the time zone".to_owned(), table });
        }
        button
    });
}

/// Whether calls that were rejected count among those that a caller made before.
fn rejected_ui(ui: &mut Ui, state: &State, actions: &mut Actions) {
    let mut counts = !state.draft.history.without_rejected;
    if toggle(ui, &mut counts, "Rejected calls count as earlier calls").changed() {
        let mut table = Table::clone(&state.draft);
        table.history.without_rejected = !counts;
        let what = if counts { "Count rejected calls" } else { "Leave rejected calls out" };
        actions.push(Action::Edit { what: what.to_owned(), table });
    }
    let help = "For rules on first-time, returning and repeated callers. Requests that Retell did not sign, tests and repeated requests for one call never count";
    ui.add(egui::Label::new(text::help(palette(ui), help)).wrap());
}

fn field_ui(ui: &mut Ui, label: &str, help: &str, add: impl FnOnce(&mut Ui) -> egui::Response) {
    ui.scope(|ui| {
        ui.set_max_width(300.0);
        Field::new(label).help(help).show(ui, add);
    });
}
