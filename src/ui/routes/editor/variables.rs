//! Variables for the agent: names, and texts with facts in them.

use std::collections::BTreeMap;

use egui::{Popup, ScrollArea, Ui};

use crate::routing::{Facts, Template, Value};
use crate::ui::app::State;
use crate::ui::theme::{self, icons, palette, space, text};
use crate::ui::widgets::{Button, TextField, row_button};

const NAME_WIDTH: f32 = 150.0;
const BUTTON_WIDTH: f32 = 32.0;

/// The rows as they are typed: names may still be empty or stand twice.
#[derive(Default)]
pub(super) struct Variables {
    rows: Vec<(String, String)>,
}

impl Variables {
    /// Draws the rows and keeps `variables` in step with them.
    pub(super) fn ui(&mut self, ui: &mut Ui, state: &State, variables: &mut BTreeMap<String, String>) {
        if self.meaning() != *variables {
            self.rows = variables.iter().map(|(name, value)| (name.clone(), value.clone())).collect();
        }
        let examples = examples(state);
        let mut removed = None;
        for index in 0..self.rows.len() {
            let twice = self.rows[..index].iter().any(|(name, _)| *name == self.rows[index].0);
            let row = &mut self.rows[index];
            if ui.push_id(index, |ui| row_ui(ui, state, index + 1, row, twice, &examples)).inner {
                removed = Some(index);
            }
        }
        if let Some(index) = removed {
            self.rows.remove(index);
        }
        if ui.add(Button::secondary("Add a variable").with_icon(icons::PLUS).small()).clicked() {
            self.rows.push(Default::default());
        }
        *variables = self.meaning();
    }

    /// What the table holds: rows with a name; of the same name, the last.
    fn meaning(&self) -> BTreeMap<String, String> {
        let named = self.rows.iter().map(|(name, value)| (name.trim(), value));
        named
            .filter(|(name, _)| !name.is_empty())
            .map(|(name, value)| (name.to_owned(), value.clone()))
            .collect()
    }
}

/// One variable. Says whether it is to be removed.
fn row_ui(
    ui: &mut Ui,
    state: &State,
    number: usize,
    (name, value): &mut (String, String),
    twice: bool,
    examples: &Facts,
) -> bool {
    let mut removed = false;
    ui.vertical(|ui| {
        ui.spacing_mut().item_spacing.y = space::XS;
        ui.horizontal(|ui| {
            ui.spacing_mut().item_spacing.x = space::S;
            let width = ui.available_width() - NAME_WIDTH - 2.0 * BUTTON_WIDTH - 3.0 * space::S;
            ui.add(TextField::new(name).hint("name").mono().width(NAME_WIDTH).id_salt("name"))
                .accessible_name(format!("Name of variable {number}"));
            ui.add(TextField::new(value).hint("Text, with facts in it").width(width).id_salt("value"))
                .accessible_name(format!("Value of variable {number}"));
            fact_menu(ui, state, number, value);
            let remove = format!("Remove variable {number}");
            removed = ui.add(Button::icon(icons::X, &remove)).clicked();
        });
        if let Err(problem) = check(name, value, twice) {
            super::problem_ui(ui, &problem);
        } else if let Some(preview) = preview(value, examples) {
            ui.label(text::help(palette(ui), format!("For example: {preview}")));
        }
    });
    removed
}

fn check(name: &str, value: &str, twice: bool) -> Result<(), String> {
    if name.trim().is_empty() {
        return if value.is_empty() { Ok(()) } else { Err("Give it a name, or it is left out".to_owned()) };
    }
    if twice {
        return Err("This name stands above too; the lower one counts".to_owned());
    }
    Template::parse(value).map(drop)
}

/// The text filled with the examples of facts, if it has any in it.
fn preview(value: &str, examples: &Facts) -> Option<String> {
    let template = Template::parse(value).ok()?;
    template.facts().next()?;
    Some(template.fill(examples, |_| ()))
}

fn examples(state: &State) -> Facts {
    let mut facts = Facts::default();
    for (name, info) in &state.facts {
        facts.set(name.clone(), Value::Text(info.example.clone()));
    }
    facts
}

fn fact_menu(ui: &mut Ui, state: &State, number: usize, value: &mut String) {
    let name = format!("Insert a fact into variable {number}");
    let button = ui.add(Button::icon(icons::BRACES, &name));
    Popup::menu(&button).style(theme::menu_style).gap(4.0).show(|ui| {
        ui.set_width(300.0);
        ScrollArea::vertical().max_height(320.0).show(ui, |ui| {
            for (fact, info) in &state.facts {
                if row_button(ui, &info.title, &format!("for example {}", info.example)) {
                    value.extend(["{{", fact.as_str(), "}}"]);
                }
            }
        });
    });
}
