//! Variables for the agent: names, and texts with facts in them; which ones the agent needs, and
//! how its greeting will sound.

use std::collections::BTreeMap;

use egui::{Popup, ScrollArea, Ui};

use crate::routing::variable::{check_name, surely_unset_after};
use crate::routing::{Action, Agent, Facts, Outcome, Rule, Template, Value};
use crate::ui::agents::greeting_ui;
use crate::ui::app::State;
use crate::ui::theme::{self, icons, palette, space, text};
use crate::ui::widgets::{Button, TextField, problem_line, row_button, safe_text, warning_line};

const NAME_WIDTH: f32 = 150.0;
const BUTTON_WIDTH: f32 = 32.0;

/// The rows as they are typed: names may still be empty or stand twice.
#[derive(Default)]
pub(super) struct Variables {
    rows: Vec<(String, String)>,
}

impl Variables {
    /// Draws the rows and keeps the variables of `outcome` in step with them. `above` are the
    /// rules that are looked at before it.
    pub(super) fn ui(&mut self, ui: &mut Ui, state: &State, outcome: &mut Outcome, above: &[Rule]) {
        if self.meaning() != outcome.variables {
            let rows = outcome.variables.iter();
            self.rows = rows.map(|(name, value)| (name.clone(), value.clone())).collect();
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
        for unset in surely_unset_after(&state.draft, outcome, above) {
            warning_line(ui, &safe_text(&unset.words()));
            let words = format!("Set {}", unset.variable);
            if ui.add(Button::secondary(&words).with_icon(icons::PLUS).small()).clicked() {
                self.rows.push((unset.variable, String::new()));
            }
        }
        if ui.add(Button::secondary("Add a variable").with_icon(icons::PLUS).small()).clicked() {
            self.rows.push(Default::default());
        }
        outcome.variables = self.meaning();
        if let Some(agent) = greeter(state, outcome) {
            ui.add_space(space::XS);
            let words = format!("How {} begins, for example", safe_text(&agent.name));
            ui.label(text::help(palette(ui), words));
            greeting_ui(ui, &agent.greeting, &example_variables(agent, outcome, above, &examples));
        }
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

/// The agent that answers, if its greeting is known.
fn greeter<'a>(state: &'a State, outcome: &Outcome) -> Option<&'a Agent> {
    let Action::Connect { agent, .. } = &outcome.action else { return None };
    state.draft.agent(agent).filter(|agent| !agent.greeting.trim().is_empty())
}

/// What the agent is told, for example: its own defaults, what rules above may add, and what is
/// set here.
fn example_variables(
    agent: &Agent,
    outcome: &Outcome,
    above: &[Rule],
    examples: &Facts,
) -> BTreeMap<String, String> {
    let defaults = agent.needs.iter().filter_map(|needed| Some((&needed.name, needed.default.as_ref()?)));
    let going_on = above.iter().filter(|rule| rule.enabled && rule.then.action == Action::GoOn);
    let added = going_on.flat_map(|rule| &rule.then.variables);
    let filled = |text: &String| Template::parse(text).ok().map(|read| read.fill(examples, |_| ()));
    defaults
        .chain(added)
        .chain(&outcome.variables)
        .filter_map(|(name, text)| Some((name.clone(), filled(text)?)))
        .collect()
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
            problem_line(ui, &problem);
        } else if let Some(unknown) = unknown_fact(state, value) {
            let words = format!("Nothing here is called {unknown}; choose a fact with the button beside it");
            warning_line(ui, &safe_text(&words));
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
    check_name(name.trim())?;
    if twice {
        return Err("This name stands above too; the lower one counts".to_owned());
    }
    Template::parse(value).map(drop)
}

/// The first fact in the text that no plugin gives.
fn unknown_fact(state: &State, value: &str) -> Option<String> {
    let template = Template::parse(value).ok()?;
    template.facts().find(|fact| !state.facts.contains_key(*fact)).map(str::to_owned)
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

/// The facts by their titles; the one that is chosen is put into the text.
fn fact_menu(ui: &mut Ui, state: &State, number: usize, value: &mut String) {
    let name = format!("Insert a fact into variable {number}");
    let button = ui.add(Button::icon(icons::BRACES, &name));
    let id = button.id.with("search");
    let menu = Popup::menu(&button).style(theme::menu_style).gap(4.0);
    menu.close_behavior(egui::PopupCloseBehavior::CloseOnClickOutside).show(|ui| {
        ui.set_width(300.0);
        let mut typed: String = ui.data(|data| data.get_temp(id)).unwrap_or_default();
        let field = ui.add(TextField::new(&mut typed).hint("Search").id_salt(id));
        if button.clicked() {
            field.request_focus();
        }
        field.accessible_name("Search facts");
        let words = typed.to_lowercase();
        ui.data_mut(|data| data.insert_temp(id, typed));
        let found = |title: &str, name: &str| title.to_lowercase().contains(&words) || name.contains(&words);
        ScrollArea::vertical().max_height(320.0).show(ui, |ui| {
            for (fact, info) in state.facts.iter().filter(|(name, info)| found(&info.title, name)) {
                if row_button(ui, &info.title, &format!("for example {}", info.example)) {
                    value.extend(["{{", fact.as_str(), "}}"]);
                    ui.data_mut(|data| data.remove::<String>(id));
                    Popup::close_id(ui.ctx(), Popup::default_response_id(&button));
                }
            }
        });
    });
}
