//! The controls for what is taken from the answer, and the answer to the last test to take from
//! by clicking.

use egui::{Label, ScrollArea, Ui};
use serde_json::Value as Json;

use super::mapping::kind_of;
use super::settings::{KINDS, MAX_FACTS, Mapping, Settings, check_facts};
use crate::plugins::LookUpEditor;
use crate::routing::Kind;
use crate::ui::theme::{Tone, icons, palette, space, text};
use crate::ui::widgets::{Button, Field, TextField, divider, safe_text, select};

/// How much of an answer is shown, in lines.
const MOST_LINES: usize = 300;

pub(super) fn facts_ui(ui: &mut Ui, settings: &mut Settings, context: &LookUpEditor<'_>) {
    let p = palette(ui);
    let mut deleted = None;
    for (index, mapping) in settings.facts.iter_mut().enumerate() {
        ui.push_id(("fact", index), |ui| {
            if index > 0 {
                divider(ui);
            }
            if mapping_ui(ui, index, mapping) {
                deleted = Some(index);
            }
        });
    }
    if let Some(index) = deleted {
        settings.facts.remove(index);
    }
    if let Err(why) = check_facts(&settings.facts) {
        ui.add(Label::new(text::help(p, &why).color(p.tone(Tone::Reject).text)).wrap());
    }
    let is_full = settings.facts.len() >= MAX_FACTS;
    if ui.add_enabled(!is_full, Button::secondary("Add a fact").with_icon(icons::PLUS)).clicked() {
        settings.facts.push(Mapping::default());
    }
    let id = &context.used.id;
    let words =
        format!("Rules and variables know them as {id}.name, and as {id}.found whether there was any");
    ui.label(text::help(p, &words));
    let tested = context.inspection.and_then(|found| found.test.as_ref());
    if let Some(answer) = tested.and_then(|test| test.answer.as_ref()) {
        divider(ui);
        answer_ui(ui, answer, &mut settings.facts);
    }
}

/// Says whether it is to be deleted.
fn mapping_ui(ui: &mut Ui, index: usize, mapping: &mut Mapping) -> bool {
    let mut deleted = false;
    let Mapping { name, title, pointer, kind, if_none, if_it_fails } = mapping;
    let width = ((ui.available_width() - 44.0 - 3.0 * space::M) / 3.0).clamp(120.0, 300.0);
    // Each field says which fact it is of, as there are several.
    let called = |label: &str| format!("{label}, fact {}", index + 1);
    let text_ui = |ui: &mut Ui, field: Field<'_>, label: &str, text: TextField<'_>| {
        let text = text.width(width).id_salt(label);
        field.show_group(ui, |ui| ui.add(text).accessible_name(called(label))).changed()
    };
    ui.horizontal_top(|ui| {
        ui.spacing_mut().item_spacing.x = space::M;
        text_ui(ui, Field::new("Name"), "Name", TextField::new(name).hint("tier"));
        let place = TextField::new(pointer).mono().hint("/customer/tier");
        text_ui(ui, Field::new("Place in the answer"), "Place", place);
        Field::new("Type").show_group(ui, |ui| {
            select(ui, "type", width, kind, &KINDS).accessible_name(called("Type"));
        });
        ui.vertical(|ui| {
            ui.add_space(24.0);
            let name = format!("Delete fact {}", index + 1);
            deleted = ui.add(Button::icon(icons::TRASH, &name)).clicked();
        });
    });
    ui.horizontal_top(|ui| {
        ui.spacing_mut().item_spacing.x = space::M;
        text_ui(ui, Field::new("Title").optional(), "Title", TextField::new(title).hint("Customer tier"));
        for (label, value) in [("If the answer has none", if_none), ("If it fails", if_it_fails)] {
            let mut typed = value.clone().unwrap_or_default();
            let field = TextField::new(&mut typed).hint("not known");
            if text_ui(ui, Field::new(label).optional(), label, field) {
                *value = (!typed.is_empty()).then_some(typed);
            }
        }
    });
    deleted
}

/// The answer to the last test: a click takes a value, another one leaves it again.
fn answer_ui(ui: &mut Ui, answer: &Json, facts: &mut Vec<Mapping>) {
    ui.label(text::label("The answer to the last test"));
    ui.label(text::help(palette(ui), "Click a value to take it, or to leave it out again"));
    ScrollArea::vertical().max_height(280.0).auto_shrink([false, true]).show(ui, |ui| {
        ui.spacing_mut().item_spacing.y = 2.0;
        let mut left = MOST_LINES;
        value_ui(ui, answer, "", "", 0, facts, &mut left);
        if left == 0 {
            ui.label(text::help(palette(ui), "There is more, which is not shown"));
        }
    });
}

fn value_ui(
    ui: &mut Ui,
    value: &Json,
    key: &str,
    pointer: &str,
    depth: usize,
    facts: &mut Vec<Mapping>,
    left: &mut usize,
) {
    if *left == 0 {
        return;
    }
    *left -= 1;
    let inner: Vec<(String, &Json)> = match value {
        Json::Object(fields) => fields.iter().map(|(name, value)| (name.clone(), value)).collect(),
        Json::Array(items) if items.iter().any(|item| item.is_object() || item.is_array()) => {
            items.iter().enumerate().map(|(index, value)| (index.to_string(), value)).collect()
        }
        _ => {
            return ui.push_id(pointer, |ui| leaf_ui(ui, value, key, pointer, depth, facts)).inner;
        }
    };
    if !key.is_empty() {
        ui.horizontal(|ui| {
            ui.add_space(depth as f32 * space::L);
            let words = if inner.is_empty() { format!("{key} (empty)") } else { key.to_owned() };
            ui.label(text::soft(palette(ui), safe_text(&words)));
        });
    }
    let depth = if key.is_empty() { depth } else { depth + 1 };
    for (name, value) in inner {
        let place = format!("{pointer}/{}", name.replace('~', "~0").replace('/', "~1"));
        value_ui(ui, value, &name, &place, depth, facts, left);
    }
}

fn leaf_ui(ui: &mut Ui, value: &Json, key: &str, pointer: &str, depth: usize, facts: &mut Vec<Mapping>) {
    let taken = facts.iter().position(|fact| fact.pointer == pointer);
    let shown: String = match value {
        Json::String(text) => text.chars().take(120).collect(),
        other => other.to_string().chars().take(120).collect(),
    };
    ui.horizontal(|ui| {
        ui.add_space(depth as f32 * space::L);
        let name = if taken.is_some() { format!("Leave out {pointer}") } else { format!("Take {pointer}") };
        let icon = if taken.is_some() { icons::CHECK } else { icons::PLUS };
        let words = if key.is_empty() { "The whole answer" } else { key };
        let button = Button::quiet(words).with_icon(icon).small().name(&name).selected(taken.is_some());
        let can_take = taken.is_some() || (!value.is_null() && facts.len() < MAX_FACTS);
        if ui.add_enabled(can_take, button).clicked() {
            match taken {
                Some(index) => drop(facts.remove(index)),
                None => facts.push(mapping_of(value, key, pointer, facts)),
            }
        }
        ui.add(Label::new(text::code(safe_text(&shown))).truncate());
    });
}

/// A fact that takes this value, with a name of its own.
fn mapping_of(value: &Json, key: &str, pointer: &str, facts: &[Mapping]) -> Mapping {
    let (mut name, mut before) = (String::new(), '_');
    for c in key.chars() {
        // "isVip" is two words, and "VIP" is one.
        let begins = c.is_ascii_uppercase() && before.is_ascii_lowercase();
        if (begins || !c.is_ascii_alphanumeric()) && !name.ends_with('_') {
            name.push('_');
        }
        if c.is_ascii_alphanumeric() {
            name.push(c.to_ascii_lowercase());
        }
        before = c;
    }
    let base = match name.trim_matches('_') {
        "" => "answer",
        super::FOUND => "found_there",
        name => name,
    };
    let is_taken = |name: &str| facts.iter().any(|fact| fact.name == name);
    let counted = (2..=MAX_FACTS + 2).map(|count| format!("{base}_{count}"));
    let name = std::iter::once(base.to_owned()).chain(counted).find(|name| !is_taken(name));
    let kind: Kind = kind_of(value);
    Mapping { name: name.unwrap_or_default(), pointer: pointer.to_owned(), kind, ..Mapping::default() }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_clicked_value_becomes_a_fact_with_a_fitting_name_and_type() {
        for (key, value, name, kind) in [
            ("tier", json!("gold"), "tier", Kind::Text),
            ("firstName", json!("Ada"), "first_name", Kind::Text),
            ("Is VIP?", json!(true), "is_vip", Kind::YesNo),
            ("", json!(7), "answer", Kind::Number),
            ("found", json!(["a"]), "found_there", Kind::List),
            ("orders", json!(7), "orders_2", Kind::Number),
        ] {
            let there = [Mapping { name: "orders".into(), ..Mapping::default() }];
            let taken = mapping_of(&value, key, "/x", &there);
            assert_eq!((taken.name.as_str(), taken.kind), (name, kind), "{key}");
            assert_eq!(check_facts(&[taken]), Ok(()), "{key}");
        }
    }
}
