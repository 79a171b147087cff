//! Cards: what belongs together, on a surface with a hairline around it.

use crate::ui::theme::{self, RADIUS, space, text};
use egui::{CornerRadius, Frame, InnerResponse, Margin, Stroke, Ui};

/// A card as wide as there is room.
pub fn card<R>(ui: &mut Ui, add: impl FnOnce(&mut Ui) -> R) -> InnerResponse<R> {
    let p = theme::palette(ui);
    Frame::new()
        .fill(p.surface)
        .stroke(Stroke::new(1.0, p.border))
        .corner_radius(CornerRadius::same(RADIUS))
        .inner_margin(Margin::same(space::L as i8))
        .show(ui, |ui| {
            ui.take_available_width();
            add(ui)
        })
}

/// A card with a heading, and a sentence of what it is about (none where empty).
pub fn section<R>(
    ui: &mut Ui,
    heading: &str,
    about: &str,
    add: impl FnOnce(&mut Ui) -> R,
) -> InnerResponse<R> {
    card(ui, |ui| {
        let p = theme::palette(ui);
        ui.spacing_mut().item_spacing.y = space::XS;
        ui.label(text::heading(heading));
        if !about.is_empty() {
            ui.label(text::help(p, about));
        }
        ui.add_space(space::M);
        ui.spacing_mut().item_spacing.y = space::S;
        add(ui)
    })
}

/// A hairline across.
pub fn divider(ui: &mut Ui) {
    let p = theme::palette(ui);
    // A menu that finds out its width must not be widened by it.
    let width = if ui.is_sizing_pass() { 0.0 } else { ui.available_width() };
    let (rect, _) = ui.allocate_exact_size(egui::vec2(width, 1.0), egui::Sense::hover());
    ui.painter().hline(rect.x_range(), rect.center().y, Stroke::new(1.0, p.border));
}
