//! What editors of conditions share: settings in and out of their JSON, and lists typed as text.

use egui::{Response, Ui};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::settings;
use crate::ui::theme::{palette, space, text};
use crate::ui::widgets::{Chip, Field, TextField, number_field, safe_text};

/// Draws controls for settings and writes back what was changed. Settings that cannot be read
/// are drawn as if new, and stay as they are until something is changed.
pub(super) fn edit<T>(ui: &mut Ui, value: &mut Value, draw: impl FnOnce(&mut Ui, &mut T))
where
    T: Serialize + DeserializeOwned + Default + Clone + PartialEq,
{
    let before: T = settings::read(value).unwrap_or_default();
    let mut after = before.clone();
    draw(ui, &mut after);
    if after != before
        && let Ok(changed) = serde_json::to_value(after)
    {
        *value = changed;
        // What is said about the settings was drawn from what they were.
        ui.ctx().request_repaint();
    }
}

/// A field for a whole number; empty stands for 0.
pub(super) fn number_ui(ui: &mut Ui, field: Field<'_>, hint: &str, number: &mut u32) -> Response {
    field.show(ui, |ui| number_field(ui, number, hint, 80.0))
}

/// A box for each of `items` (id and name), several of which may be chosen. One that is chosen and
/// gone from the table is shown, so that it can be taken away.
pub(super) fn several_ui(ui: &mut Ui, items: &[(&str, &str)], none_yet: &str, chosen: &mut Vec<String>) {
    if items.is_empty() {
        ui.label(text::help(palette(ui), none_yet));
    }
    ui.horizontal_wrapped(|ui| {
        ui.spacing_mut().item_spacing.x = space::L;
        for (id, name) in items {
            let mut is_chosen = chosen.iter().any(|other| other == id);
            if ui.checkbox(&mut is_chosen, safe_text(name)).changed() {
                chosen.retain(|other| other != id);
                if is_chosen {
                    chosen.push((*id).to_owned());
                }
            }
        }
        chosen.retain(|id| {
            let is_there = items.iter().any(|(other, _)| other == id);
            is_there || !Chip::new(id).unfinished(true).removable().show(ui).removed
        });
    });
}

/// What parts one entry from the next, besides the end of a line.
pub(super) const COMMAS: &[char] = &[',', ';'];

/// A field for several texts, parted by lines and by `marks`.
pub(super) fn entries_ui(
    ui: &mut Ui,
    field: Field<'_>,
    hint: &str,
    marks: &[char],
    entries: &mut Vec<String>,
) -> Response {
    let split = |text: &str| split(text, marks);
    let id = ui.scope_id().with("entries");
    // What was typed is kept as long as it means the same, so that blanks and line ends stay.
    let typed: Option<String> = ui.data(|data| data.get_temp(id));
    let mut text = typed.filter(|typed| split(typed) == *entries).unwrap_or_else(|| entries.join("\n"));
    let response = field.show(ui, |ui| ui.add(TextField::new(&mut text).rows(3).hint(hint)));
    if response.changed() {
        *entries = split(&text);
    }
    ui.data_mut(|data| data.insert_temp(id, text));
    response
}

fn split(text: &str, marks: &[char]) -> Vec<String> {
    let entries = text.split(|c| c == '\n' || marks.contains(&c)).map(str::trim);
    entries.filter(|entry| !entry.is_empty()).map(str::to_owned).collect()
}
