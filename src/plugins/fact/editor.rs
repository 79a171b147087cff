//! The controls for the condition on a fact: which fact, how it is compared, and what with.

use egui::Ui;
use serde_json::Value;

use super::{Operator, Settings};
use crate::plugins::EditorContext;
use crate::plugins::editing::{edit, entries_ui};
use crate::ui::widgets::{Field, TextField, select};

pub(super) fn compare_ui(ui: &mut Ui, settings: &mut Value, context: &EditorContext<'_>) {
    edit(ui, settings, |ui, Settings { fact, is, value }| {
        ui.horizontal_top(|ui| {
            let operators = |fact: &str| {
                let kind = context.facts.get(fact).map(|info| info.kind);
                Operator::ALL.into_iter().filter(move |operator| kind.is_none_or(|kind| operator.fits(kind)))
            };
            if fact_ui(ui, fact, context) && !operators(fact).any(|operator| operator == *is) {
                *is = operators(fact).next().unwrap_or_default();
            }
            let options: Vec<_> = operators(fact).map(|operator| (operator, operator.words(false))).collect();
            Field::new("Comparison").show(ui, |ui| select(ui, "comparison", 140.0, is, &options));
        });
        if !context.facts.contains_key(fact) {
            let help = "Its dotted name, such as contact.name";
            Field::new("Name of the fact")
                .help(help)
                .show(ui, |ui| ui.add(TextField::new(fact).width(240.0)));
        }
        value_ui(ui, *is, value);
    });
}

/// Says whether another fact was chosen.
fn fact_ui(ui: &mut Ui, fact: &mut String, context: &EditorContext<'_>) -> bool {
    let known = context.facts.iter().map(|(name, info)| (Some(name.clone()), info.title.as_str()));
    let mut options: Vec<(Option<String>, &str)> = known.collect();
    options.sort_by_key(|(_, title)| *title);
    options.push((None, "Another fact…"));
    let mut chosen = context.facts.contains_key(fact).then(|| fact.clone());
    let response = Field::new("Fact").show(ui, |ui| select(ui, "fact", 220.0, &mut chosen, &options));
    if response.changed() {
        *fact = chosen.unwrap_or_default();
    }
    response.changed()
}

fn value_ui(ui: &mut Ui, is: Operator, value: &mut Value) {
    let hint = match is {
        Operator::Known | Operator::Yes | Operator::No => return,
        Operator::OneOf => {
            let mut values = texts(value);
            let field = Field::new("Values").help("One on each line");
            if entries_ui(ui, field, "", &[], &mut values).changed() {
                *value = values.into();
            }
            return;
        }
        Operator::LessThan | Operator::MoreThan => "3",
        Operator::Before | Operator::After => "2026-12-24 18:00",
        Operator::Is | Operator::Contains | Operator::StartsWith => "",
    };
    let mut text = texts(value).join(", ");
    let response =
        Field::new("Value").show(ui, |ui| ui.add(TextField::new(&mut text).hint(hint).width(240.0)));
    if response.changed() {
        *value = text.into();
    }
}

/// A value as the texts it is made of.
fn texts(value: &Value) -> Vec<String> {
    match value {
        Value::Null => Vec::new(),
        Value::String(text) => vec![text.clone()],
        Value::Array(items) => items.iter().flat_map(texts).collect(),
        other => vec![other.to_string()],
    }
}
