//! What several widgets paint alike: the focus ring, icons, one line of text cut to a width.

use crate::routing::safe_text;
use crate::ui::theme::{self, text};
use egui::text::{LayoutJob, TextWrapping};
use egui::{Align2, Color32, CornerRadius, FontId, Galley, Pos2, Rect, Response, Stroke, StrokeKind, Ui};
use std::sync::Arc;

/// The ring around what has the keyboard.
pub(super) fn focus_ring(ui: &Ui, response: &Response, rect: Rect, radius: u8) {
    if response.has_focus() {
        ui.painter().rect_stroke(
            rect.expand(2.0),
            CornerRadius::same(radius + 2),
            Stroke::new(2.0, theme::palette(ui).focus),
            StrokeKind::Middle,
        );
    }
}

/// An icon, centred.
pub(super) fn icon(ui: &Ui, centre: Pos2, icon: char, size: f32, colour: Color32) {
    ui.painter().text(centre, Align2::CENTER_CENTER, icon, text::icon_font(size), colour);
}

/// One line of text, cut with an ellipsis where it is wider than `width`.
pub(super) fn line(ui: &Ui, text: &str, font: FontId, colour: Color32, width: f32) -> Arc<Galley> {
    cut(ui, LayoutJob::simple_singleline(safe_text(text).into_owned(), font, colour), width)
}

/// The same for text in parts.
pub(super) fn cut(ui: &Ui, mut job: LayoutJob, width: f32) -> Arc<Galley> {
    job.break_on_newline = false;
    job.wrap = TextWrapping::truncate_at_width(width.max(0.0));
    ui.painter().layout_job(job)
}

/// The width that one inline widget may take: the row's rest, or a whole row where rows wrap.
pub(super) fn room(ui: &Ui) -> f32 {
    if ui.layout().main_wrap { ui.max_rect().width() } else { ui.available_width() }
}
