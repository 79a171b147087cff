//! Rows of a small table of names and values, as in the details of a call.

use super::divider;
use crate::ui::theme::{self, space, text};
use egui::{Label, Ui};

/// Width of the column of names, in points.
const NAME_WIDTH: f32 = 168.0;

/// Height of a row that holds one line, in points.
const HEIGHT: f32 = 24.0;

/// One row: a name, and a value as text that can be selected.
pub fn key_value(ui: &mut Ui, name: &str, value: &str) {
    key_value_ui(ui, name, |ui| {
        words(ui, Label::new(text::body(value)).selectable(true));
    });
}

/// One row whose value is anything.
pub fn key_value_ui(ui: &mut Ui, name: &str, add: impl FnOnce(&mut Ui)) {
    let p = theme::palette(ui);
    ui.spacing_mut().item_spacing.y = 6.0;
    ui.horizontal_top(|ui| {
        let width = NAME_WIDTH.min(ui.available_width() * 0.4);
        ui.vertical(|ui| {
            ui.set_width(width);
            words(ui, Label::new(text::soft(p, name)));
        });
        ui.add_space(space::S);
        ui.vertical(add);
    });
    divider(ui);
}

/// Text whose first line stands in the middle of the row's height.
fn words(ui: &mut Ui, label: Label) {
    ui.spacing_mut().item_spacing.y = 0.0;
    ui.add_space((HEIGHT - text::LINE) / 2.0);
    ui.add(label.wrap());
}
