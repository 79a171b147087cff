//! What was known of a call that was tried: by who knows it, and how long it took to find out.

use std::collections::BTreeMap;

use egui::{Label, RichText, Sides, Ui};

use super::{milliseconds, quiet};
use crate::service::LookUpTrace;
use crate::service::messages::{Source, TriedDecision};
use crate::ui::app::State;
use crate::ui::theme::{self, Tone, space, text};
use crate::ui::widgets::{key_value, safe_text};

/// The facts below who gave them, with the time that took; what is missing, with why.
pub(crate) fn facts_by_source_ui(ui: &mut Ui, state: &State, decided: &TriedDecision) {
    let TriedDecision { facts, sources, look_ups, .. } = decided;
    let title = |name: &str| state.facts.get(name).map_or_else(|| name.to_owned(), |fact| fact.title.clone());
    let mut rows: BTreeMap<Option<Source>, Vec<(String, String)>> = BTreeMap::new();
    for (name, value) in facts.iter() {
        rows.entry(sources.get(name).copied()).or_default().push((title(name), value.words()));
    }
    for (name, reason) in facts.iter_missing() {
        let row = (title(name), format!("Not known: {reason}"));
        rows.entry(sources.get(name).copied()).or_default().push(row);
    }
    let untold: Vec<_> = rows.remove(&None).unwrap_or_default();
    if let Some(given) = rows.remove(&Some(Source::Given)) {
        group_ui(ui, "Given here", None, &given);
    }
    for (place, look_up) in look_ups.iter().enumerate() {
        let found = rows.remove(&Some(Source::LookUp(place))).unwrap_or_default();
        group_ui(ui, &look_up.name, Some(look_up), &found);
    }
    if !untold.is_empty() {
        group_ui(ui, "Known besides", None, &untold);
    }
    if look_ups.is_empty() && facts.iter().next().is_none() {
        quiet(ui, "Nothing was looked up");
    }
}

fn group_ui(ui: &mut Ui, name: &str, look_up: Option<&LookUpTrace>, rows: &[(String, String)]) {
    let p = theme::palette(ui);
    ui.add_space(space::XS);
    Sides::new().shrink_left().height(22.0).show(
        ui,
        |ui| {
            ui.label(text::label(safe_text(name)));
            let note = look_up.and_then(|look_up| look_up.note.as_deref());
            if let Some(note) = note {
                ui.add(Label::new(text::faint(p, safe_text(note))).truncate());
            } else if rows.is_empty() {
                ui.label(text::faint(p, "nothing to tell of this call"));
            }
        },
        |ui| {
            if let Some(look_up) = look_up.filter(|look_up| look_up.took_us > 0) {
                ui.label(text::code(format!("{} ms", milliseconds(look_up.took_us))));
            }
        },
    );
    if let Some(fault) = look_up.and_then(|look_up| look_up.fault.as_deref()) {
        let words =
            RichText::new(safe_text(fault)).font(text::regular(13.0)).color(p.tone(Tone::Warning).text);
        ui.add(Label::new(words).wrap());
    }
    for (name, value) in rows {
        key_value(ui, &safe_text(name), &safe_text(value));
    }
}
