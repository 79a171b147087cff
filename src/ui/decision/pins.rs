//! Facts that are given for a call: what contacts, web look-ups and the like would say.

use std::collections::BTreeMap;

use egui::Ui;

use super::zone;
use crate::routing::{Kind, Value, read_moment, write_moment};
use crate::ui::app::State;
use crate::ui::theme::{icons, space, text};
use crate::ui::widgets::{Button, Field, TextField, safe_text, search_select, segmented};

/// The facts as they are typed.
#[derive(Default)]
pub(crate) struct Pins {
    rows: Vec<Pin>,
}

struct Pin {
    name: String,
    /// What counts while the text cannot be read.
    value: Value,
    text: String,
}

impl Pins {
    /// These facts, to be changed.
    pub(crate) fn of(facts: &BTreeMap<String, Value>, state: &State) -> Self {
        let row = |(name, value): (&String, &Value)| Pin::of(name.clone(), value.clone(), state);
        Self { rows: facts.iter().map(row).collect() }
    }

    /// The facts as they count now.
    pub(crate) fn facts(&self) -> BTreeMap<String, Value> {
        self.rows.iter().map(|row| (row.name.clone(), row.value.clone())).collect()
    }

    /// Draws the rows.
    pub(crate) fn ui(&mut self, ui: &mut Ui, state: &State) {
        let mut removed = None;
        for (index, row) in self.rows.iter_mut().enumerate() {
            let name = row.name.clone();
            if ui.push_id(name, |ui| row.ui(ui, state)).inner {
                removed = Some(index);
            }
        }
        if let Some(index) = removed {
            self.rows.remove(index);
        }
        let is_given = |name: &str| self.rows.iter().any(|row| row.name == name);
        let mut options: Vec<_> = state
            .facts
            .iter()
            .filter(|(name, _)| !is_given(name))
            .map(|(name, info)| (name.clone(), info.title.clone()))
            .collect();
        options.sort_by(|one, other| one.1.cmp(&other.1));
        let (_, chosen) = search_select(ui, "Give a fact", "Give a fact…", &options);
        if let Some(name) = chosen {
            let kind = state.facts.get(name).map_or(Kind::Text, |info| info.kind);
            self.rows.push(Pin::of(name.clone(), starter(kind, state), state));
        }
    }
}

fn starter(kind: Kind, state: &State) -> Value {
    match kind {
        Kind::Text => Value::Text(String::new()),
        Kind::Number => Value::Number(0.0),
        Kind::YesNo => Value::YesNo(true),
        Kind::Time => Value::Time(state.now.with_timezone(&zone(state)).fixed_offset()),
        Kind::List => Value::List(Vec::new()),
    }
}

impl Pin {
    fn of(name: String, value: Value, state: &State) -> Self {
        let text = match &value {
            Value::Text(text) => text.clone(),
            Value::Number(number) => number.to_string(),
            Value::YesNo(_) => String::new(),
            Value::Time(at) => write_moment(&at.with_timezone(&zone(state))).replacen('T', " ", 1),
            Value::List(items) => items.join(", "),
        };
        Self { name, value, text }
    }

    /// Draws it. Says whether it is to be removed.
    fn ui(&mut self, ui: &mut Ui, state: &State) -> bool {
        let title = state.facts.get(&self.name).map_or_else(|| self.name.clone(), |info| info.title.clone());
        let title = safe_text(&title);
        let remove = format!("Remove {title}");
        let hint = match self.value.kind() {
            Kind::Number => "3",
            Kind::Time => "2026-12-24 18:00",
            Kind::List => "One, another",
            Kind::Text | Kind::YesNo => "",
        };
        let wrong = self.read(state).err();
        let mut removed = false;
        Field::new(&title).error(wrong).show_group(ui, |ui| {
            ui.horizontal(|ui| {
                ui.spacing_mut().item_spacing.x = space::XS;
                if let Value::YesNo(yes) = &mut self.value {
                    segmented(ui, yes, &[(true, "Yes"), (false, "No")]);
                } else {
                    let width = ui.available_width() - 32.0 - space::XS;
                    let field = TextField::new(&mut self.text).hint(hint).width(width).id_salt("value");
                    if ui.add(field).changed()
                        && let Ok(value) = self.read(state)
                    {
                        self.value = value;
                    }
                }
                removed = ui.add(Button::icon(icons::X, &remove)).clicked();
            });
        });
        removed
    }

    /// What the text says.
    fn read(&self, state: &State) -> Result<Value, &'static str> {
        let text = self.text.trim();
        match &self.value {
            Value::Text(_) => Ok(Value::Text(self.text.clone())),
            Value::Number(_) => match text.parse::<f64>() {
                Ok(number) if number.is_finite() => Ok(Value::Number(number)),
                _ => Err("This is not a number, so the one before counts"),
            },
            Value::YesNo(yes) => Ok(Value::YesNo(*yes)),
            Value::Time(before) => match read_moment(text, zone(state)) {
                // What was not typed anew keeps its seconds.
                Ok(at) if at.fixed_offset().timestamp() / 60 == before.timestamp() / 60 => {
                    Ok(Value::Time(*before))
                }
                Ok(at) => Ok(Value::Time(at.fixed_offset())),
                Err(_) => Err("This is not a date and time, so the one before counts"),
            },
            Value::List(_) => Ok(Value::List(
                text.split(',').map(|item| item.trim().to_owned()).filter(|item| !item.is_empty()).collect(),
            )),
        }
    }
}

/// The heading above the rows.
pub(crate) fn pins_heading_ui(ui: &mut Ui) {
    ui.label(text::label("Facts that are given"));
}
