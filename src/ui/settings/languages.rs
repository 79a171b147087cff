//! Languages of callers by their country, where the owner knows better than the program. Part of
//! the table, so they are edited in the draft.

use std::collections::BTreeMap;

use egui::Ui;

use crate::plugins::caller::{language_name, language_of, languages};
use crate::routing::{Table, number};
use crate::ui::app::{Action, Actions, State};
use crate::ui::theme::{icons, palette, space, text};
use crate::ui::widgets::{Button, search_select, section, select};

const ABOUT: &str = "What agents are told of a caller's likely language, by the country of the number. Add a country \
                     to say otherwise. Part of the table, like what stands above";
const COUNTRY_WIDTH: f32 = 200.0;

/// What can be chosen, made once.
pub(super) struct LanguagesSection {
    countries: Vec<(String, String)>,
    languages: Vec<(String, &'static str)>,
}

impl Default for LanguagesSection {
    fn default() -> Self {
        let countries = number::countries().into_iter().map(|(code, name)| {
            let suggested = language_of(&code).and_then(language_name);
            (code, suggested.map_or_else(|| name.to_owned(), |language| format!("{name} ({language})")))
        });
        let languages = languages().into_iter().map(|(code, name)| (code.to_owned(), name));
        Self { countries: countries.collect(), languages: languages.collect() }
    }
}

impl LanguagesSection {
    pub(super) fn ui(&self, ui: &mut Ui, state: &State, actions: &mut Actions) {
        section(ui, "Languages of callers", ABOUT, |ui| {
            let before = &state.draft.languages;
            let mut after = before.clone();
            for (country, language) in before {
                ui.push_id(country, |ui| self.row_ui(ui, country, language, &mut after));
            }
            let (_, chosen) = search_select(ui, "Add a country", "Add a country…", &self.countries);
            if let Some(country) = chosen.filter(|country| !before.contains_key(*country)) {
                let suggested = language_of(country).unwrap_or("en");
                after.insert(country.clone(), suggested.to_owned());
            }
            if after != *before {
                let table = Table { languages: after, ..Table::clone(&state.draft) };
                actions.push(Action::Edit { what: "Change the languages of callers".to_owned(), table });
            }
        });
    }

    fn row_ui(&self, ui: &mut Ui, country: &str, language: &str, after: &mut BTreeMap<String, String>) {
        let name = number::country_name(country).unwrap_or(country);
        ui.horizontal(|ui| {
            ui.spacing_mut().item_spacing.x = space::S;
            ui.allocate_ui(egui::vec2(COUNTRY_WIDTH, 32.0), |ui| {
                ui.set_width(COUNTRY_WIDTH);
                ui.add(egui::Label::new(text::label(name)).truncate());
            });
            let mut chosen = language.to_owned();
            let label = format!("Language of callers from {name}");
            if select(ui, "language", 200.0, &mut chosen, &self.languages).accessible_name(label).changed() {
                after.insert(country.to_owned(), chosen);
            }
            let remove = format!("Remove {name}");
            if ui.add(Button::icon(icons::X, &remove)).clicked() {
                after.remove(country);
            }
            if let Some(usual) = language_of(country).and_then(language_name) {
                ui.label(text::faint(palette(ui), format!("else {usual}")));
            }
        });
    }
}
