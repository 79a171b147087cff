//! Columns side by side, with a mark at what is usual for each.

use egui::{Align2, CornerRadius, Rect, Sense, Stroke, Ui, pos2, vec2};

use super::part;
use crate::ui::theme::{self, Tone, text};
use crate::ui::widgets::paint;

/// Room for the words below, in points.
const BELOW: f32 = 18.0;
/// Room for the numbers at the left, in points.
const LEFT: f32 = 34.0;

/// One column.
pub struct Column {
    /// How high it is.
    pub value: f32,
    /// How high it usually is.
    pub usual: Option<f32>,
    /// Written below it; may be empty.
    pub label: String,
    /// All of it in words.
    pub about: String,
    /// There is something behind it.
    pub can_click: bool,
}

/// Draws columns in all the width, so high in points; `salt` tells them from others. Gives the one that
/// was clicked.
pub fn columns(ui: &mut Ui, salt: &str, height: f32, columns: &[Column]) -> Option<usize> {
    let p = theme::palette(ui);
    let (full, _) = ui.allocate_exact_size(vec2(ui.available_width(), height), Sense::hover());
    let area = Rect::from_min_max(full.min + vec2(LEFT, 6.0), full.max - vec2(0.0, BELOW));
    let highest = columns.iter().map(|column| column.value.max(column.usual.unwrap_or_default()));
    let top = round_up(highest.fold(0.0, f32::max));
    let y_of = |value: f32| area.bottom() - area.height() * (value / top).clamp(0.0, 1.0);
    let small = text::regular(text::SMALL - 1.0);
    // Between none and one there is nothing.
    let halves = if top >= 2.0 { 2 } else { 1 };
    for half in 0..=halves {
        let value = top * half as f32 / halves as f32;
        let y = y_of(value);
        ui.painter().hline(area.x_range(), y, Stroke::new(1.0, p.border));
        let at = pos2(area.left() - 6.0, y);
        let words = crate::routing::grouped(value.round() as usize);
        ui.painter().text(at, Align2::RIGHT_CENTER, words, small.clone(), p.text_faint);
    }
    let mut clicked = None;
    let width = area.width() / columns.len().max(1) as f32;
    let id = ui.scope_id().with(salt);
    for (index, column) in columns.iter().enumerate() {
        let left = area.left() + width * index as f32;
        let place = Rect::from_min_max(pos2(left, area.top()), pos2(left + width, full.bottom()));
        let response = part(ui, place, id.with(index), &column.about, column.can_click);
        let is_over = response.hovered() || response.has_focus();
        let inner = place.shrink2(vec2((width * 0.16).min(6.0), 0.0));
        if is_over {
            let ground = place.with_max_y(area.bottom());
            ui.painter().rect_filled(ground, CornerRadius::same(3), p.sunken);
        }
        if column.value > 0.0 {
            let bar = Rect::from_min_max(
                pos2(inner.left(), y_of(column.value).min(area.bottom() - 2.0)),
                pos2(inner.right(), area.bottom()),
            );
            let colour = if is_over { p.accent_hover } else { p.tone(Tone::Accent).solid };
            let corners = CornerRadius { nw: 3, ne: 3, ..CornerRadius::ZERO };
            ui.painter().rect_filled(bar, corners, colour);
        }
        if let Some(usual) = column.usual {
            let y = y_of(usual);
            ui.painter().hline(place.shrink2(vec2(1.0, 0.0)).x_range(), y, Stroke::new(2.0, p.text_soft));
        }
        let at = pos2(place.center().x, area.bottom() + 4.0);
        ui.painter().text(at, Align2::CENTER_TOP, &column.label, small.clone(), p.text_faint);
        paint::focus_ring(ui, &response, place.shrink(2.0), 3);
        if response.clicked() {
            clicked = Some(index);
        }
    }
    clicked
}

/// The end of a scale that holds this: a round number, which halves to a whole one (or is one).
fn round_up(value: f32) -> f32 {
    const COARSE: [f32; 5] = [1.0, 2.0, 4.0, 6.0, 8.0];
    const FINE: [f32; 8] = [1.0, 1.2, 1.6, 2.0, 3.0, 4.0, 6.0, 8.0];
    let mut step = 1.0_f32;
    loop {
        let factors = if step < 10.0 { &COARSE[..] } else { &FINE[..] };
        // Half a thousandth of a call is none.
        if let Some(factor) = factors.iter().find(|factor| step * **factor + 0.0005 >= value) {
            return step * factor;
        }
        step *= 10.0;
    }
}

#[cfg(test)]
mod tests {
    use super::round_up;

    #[test]
    fn scales_end_at_round_numbers() {
        let ends = [(0.0, 1.0), (1.0, 1.0), (3.0, 4.0), (7.5, 8.0), (9.0, 10.0), (11.0, 12.0), (21.0, 30.0)];
        for (value, end) in ends.into_iter().chain([(812.0, 1000.0), (1_100_000.0, 1_200_000.0)]) {
            assert!((round_up(value) - end).abs() < 0.5, "{value}: {}", round_up(value));
        }
    }
}
