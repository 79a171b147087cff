//! A line that says what is wrong, or what to mind, with its sign.

use super::capital;
use crate::ui::theme::{Tone, icons, palette, space, text};
use egui::{Label, Sense, Ui, vec2};

/// Something wrong, with its sign.
pub fn problem_line(ui: &mut Ui, problem: &str) {
    line(ui, Tone::Reject, icons::CIRCLE_ALERT, problem);
}

/// Something to mind that keeps nothing from working, with its sign.
pub fn warning_line(ui: &mut Ui, warning: &str) {
    line(ui, Tone::Warning, icons::TRIANGLE_ALERT, warning);
}

fn line(ui: &mut Ui, tone: Tone, icon: char, words: &str) {
    let colour = palette(ui).tone(tone).text;
    ui.horizontal_top(|ui| {
        ui.spacing_mut().item_spacing.x = space::XS + 2.0;
        ui.spacing_mut().interact_size.y = 0.0;
        let (rect, _) = ui.allocate_exact_size(vec2(14.0, 16.0), Sense::hover());
        let middle = egui::Align2::CENTER_CENTER;
        ui.painter().text(rect.center(), middle, icon, text::icon_font(14.0), colour);
        let words = egui::RichText::new(capital(words)).font(text::regular(13.0)).color(colour);
        ui.add(Label::new(words).wrap());
    });
}
