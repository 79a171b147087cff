//! Rows of a small table of names and values, as in the details of a call.

use super::divider;
use crate::ui::theme::{self, space};
use egui::{Label, Ui, vec2};

/// Width of the column of names, in points.
const NAME_WIDTH: f32 = 168.0;

/// One row: a name, and a value as text that can be selected.
pub fn key_value(ui: &mut Ui, name: &str, value: &str) {
    key_value_ui(ui, name, |ui| {
        ui.add(Label::new(value).wrap().selectable(true));
    });
}

/// One row whose value is anything.
pub fn key_value_ui(ui: &mut Ui, name: &str, add: impl FnOnce(&mut Ui)) {
    let p = theme::palette(ui);
    ui.spacing_mut().item_spacing.y = 6.0;
    ui.horizontal_top(|ui| {
        ui.spacing_mut().interact_size.y = 22.0;
        let width = NAME_WIDTH.min(ui.available_width() * 0.4);
        ui.allocate_ui_with_layout(
            vec2(width, 22.0),
            egui::Layout::top_down(egui::Align::Min),
            |ui| {
                ui.set_width(width);
                ui.add(Label::new(egui::RichText::new(name).color(p.text_soft)).wrap());
            },
        );
        ui.add_space(space::S);
        ui.vertical(|ui| add(ui));
    });
    divider(ui);
}
