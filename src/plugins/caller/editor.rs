//! The controls for conditions on the caller.

use egui::{Key, Ui};
use serde_json::Value;

use super::country::Settings as Countries;
use super::kind::{NumberKind, Settings as Kinds};
use super::number::{Numbers, Settings as NumberList};
use super::prefixes;
use super::region::Settings as Regions;
use crate::plugins::EditorContext;
use crate::plugins::editing::{COMMAS, edit, entries_ui};
use crate::routing::{count, number as phone};
use crate::ui::theme::{palette, space, text};
use crate::ui::widgets::{Button, Chip, Field, TextField, search_select};

/// How many countries are offered while one is typed.
const OFFERED: usize = 6;

pub(super) fn number_ui(ui: &mut Ui, settings: &mut Value, context: &EditorContext<'_>) {
    edit(ui, settings, |ui, NumberList { numbers }| {
        let read = Numbers::read(numbers, &context.table.country);
        let error = read.bad.first().map(|bad| format!("“{bad}” cannot be read as a phone number"));
        let help = match (read.exact.len(), read.prefixes.len()) {
            (0, 0) => {
                "One on each line, in any spelling; +49* stands for all numbers that start with +49".into()
            }
            (exact, prefixes) => {
                format!("{}, {}", count(exact, "number", "numbers"), count(prefixes, "prefix", "prefixes"))
            }
        };
        let field = Field::new("Numbers").help(&help).error(error.as_deref());
        entries_ui(ui, field, "+1 415 555 2671", COMMAS, numbers);
    });
}

pub(super) fn withheld_ui(ui: &mut Ui) {
    let words = "Holds when the caller hides the number. There is nothing to set.";
    ui.label(text::help(palette(ui), words));
}

pub(super) fn kind_ui(ui: &mut Ui, settings: &mut Value) {
    edit(ui, settings, |ui, Kinds { kinds }| {
        ui.horizontal_wrapped(|ui| {
            ui.spacing_mut().item_spacing.x = space::L;
            for kind in NumberKind::CHOICES {
                let mut chosen = kinds.contains(&kind);
                if ui.checkbox(&mut chosen, kind.title()).changed() {
                    kinds.retain(|other| *other != kind);
                    if chosen {
                        kinds.push(kind);
                    }
                }
            }
        });
        let words = "In some countries, such as the United States, numbers do not tell a mobile from a landline; choose both to match them";
        ui.label(text::help(palette(ui), words));
    });
}

pub(super) fn country_ui(ui: &mut Ui, settings: &mut Value, _context: &EditorContext<'_>) {
    edit(ui, settings, |ui, Countries { countries }| {
        if !countries.is_empty() {
            ui.horizontal_wrapped(|ui| {
                countries.retain(|code| {
                    let name = phone::country_name(code);
                    let chip = Chip::new(name.unwrap_or(code)).unfinished(name.is_none());
                    !chip.removable().show(ui).removed
                });
            });
        }
        if let Some(code) = search_ui(ui, countries) {
            countries.push(code);
        }
    });
}

pub(super) fn region_ui(ui: &mut Ui, settings: &mut Value) {
    edit(ui, settings, |ui, Regions { regions }| {
        if !regions.is_empty() {
            ui.horizontal_wrapped(|ui| {
                let known = prefixes::regions();
                regions.retain(|region| {
                    let chip = Chip::new(region).unfinished(!known.contains(&region.as_str()));
                    !chip.removable().show(ui).removed
                });
            });
        }
        let free = prefixes::regions().iter().filter(|region| !regions.iter().any(|taken| taken == *region));
        let options: Vec<_> = free.map(|region| (*region, (*region).to_owned())).collect();
        let (_, chosen) = search_select(ui, "Add a state or province", "Add a state or province…", &options);
        if let Some(region) = chosen {
            regions.push((*region).to_owned());
        }
        let words = "As the area code tells. People keep their number when they move";
        ui.label(text::help(palette(ui), words));
    });
}

/// A field to find a country by its name; gives the code of the one that was chosen.
fn search_ui(ui: &mut Ui, taken: &[String]) -> Option<String> {
    let id = ui.scope_id().with("search");
    let mut typed: String = ui.data(|data| data.get_temp(id)).unwrap_or_default();
    let field = Field::new("Add a country");
    let response = field.show(ui, |ui| ui.add(TextField::new(&mut typed).hint("Type its name").width(240.0)));
    let offered = matching(&typed, taken);
    let mut chosen = None;
    if response.lost_focus() && ui.input(|input| input.key_pressed(Key::Enter)) {
        chosen = offered.first().map(|(code, _)| code.clone());
        response.request_focus();
    }
    ui.horizontal_wrapped(|ui| {
        for (code, name) in &offered {
            let label = format!("Add {name}");
            if ui.add(Button::secondary(name).name(&label).small()).clicked() {
                chosen = Some(code.clone());
            }
        }
    });
    if chosen.is_some() {
        typed.clear();
    }
    ui.data_mut(|data| data.insert_temp(id, typed));
    chosen
}

/// The countries that a typed text may mean; those that begin with it come first.
fn matching(typed: &str, taken: &[String]) -> Vec<(String, &'static str)> {
    let typed = typed.trim().to_lowercase();
    if typed.is_empty() {
        return Vec::new();
    }
    let mut found = phone::countries();
    found.retain(|(code, name)| {
        let fits = name.to_lowercase().contains(&typed) || code.eq_ignore_ascii_case(&typed);
        fits && !taken.contains(code)
    });
    let begins = |(code, name): &(String, &str)| {
        name.to_lowercase().starts_with(&typed) || code.eq_ignore_ascii_case(&typed)
    };
    found.sort_by_key(|country| !begins(country));
    found.truncate(OFFERED);
    found
}
