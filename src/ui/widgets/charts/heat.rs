//! A map of cells: the more, the stronger its colour, with the number in it where there is room.

use egui::{Align2, CornerRadius, Rect, Sense, Ui, pos2, vec2};

use super::part;
use crate::ui::theme::{self, text};
use crate::ui::widgets::paint;

const LEFT: f32 = 40.0;
const ABOVE: f32 = 18.0;
const ROW: f32 = 26.0;
/// From this width of a cell on, in points, its number is written into it.
const WITH_NUMBER: f32 = 22.0;

/// What is drawn.
pub struct Heat<'a> {
    /// The names of the rows.
    pub rows: &'a [&'a str],
    /// The names of the columns; may be empty.
    pub columns: &'a [String],
    /// How many there are in a row and a column.
    pub value: &'a dyn Fn(usize, usize) -> u64,
    /// A cell in words.
    pub about: &'a dyn Fn(usize, usize) -> String,
}

/// Draws it in all the width; `salt` tells it from others. Gives row and column of the cell that was
/// clicked.
pub fn heat(
    ui: &mut Ui,
    salt: &str,
    Heat { rows, columns, value, about }: Heat<'_>,
) -> Option<(usize, usize)> {
    let p = theme::palette(ui);
    let size = vec2(ui.available_width(), ABOVE + ROW * rows.len() as f32);
    let (full, _) = ui.allocate_exact_size(size, Sense::hover());
    let width = (full.width() - LEFT) / columns.len().max(1) as f32;
    let all = (0..rows.len()).flat_map(|row| (0..columns.len()).map(move |column| value(row, column)));
    let most = all.max().unwrap_or_default().max(1);
    let small = text::regular(text::SMALL - 1.0);
    for (column, name) in columns.iter().enumerate() {
        let at = pos2(full.left() + LEFT + width * (column as f32 + 0.5), full.top());
        ui.painter().text(at, Align2::CENTER_TOP, name, small.clone(), p.text_faint);
    }
    let mut clicked = None;
    let id = ui.scope_id().with(salt);
    for (row, name) in rows.iter().enumerate() {
        let top = full.top() + ABOVE + ROW * row as f32;
        let at = pos2(full.left(), top + ROW / 2.0);
        ui.painter().text(at, Align2::LEFT_CENTER, name, text::regular(text::SMALL), p.text_soft);
        for column in 0..columns.len() {
            let left = full.left() + LEFT + width * column as f32;
            let place = Rect::from_min_size(pos2(left, top), vec2(width, ROW));
            let calls = value(row, column);
            let words = about(row, column);
            let response = part(ui, place, id.with((row, column)), &words, calls > 0);
            let cell = place.shrink(1.0);
            let share = (calls as f32 / most as f32).sqrt();
            // From a tint on, so that one call differs from none.
            let strong = 0.14 + 0.86 * share;
            let colour = if calls == 0 { p.sunken } else { p.surface.lerp_to_gamma(p.accent, strong) };
            ui.painter().rect_filled(cell, CornerRadius::same(3), colour);
            if calls > 0 && width >= WITH_NUMBER {
                // What can be read on every shade between surface and accent.
                let on = if p.dark || strong > 0.75 { p.on_accent } else { p.text };
                let words = short(calls);
                ui.painter().text(cell.center(), Align2::CENTER_CENTER, words, small.clone(), on);
            }
            if response.hovered() {
                let ring = egui::Stroke::new(1.5, p.focus);
                ui.painter().rect_stroke(cell, CornerRadius::same(3), ring, egui::StrokeKind::Inside);
            }
            paint::focus_ring(ui, &response, cell, 3);
            if response.clicked() {
                clicked = Some((row, column));
            }
        }
    }
    clicked
}

/// "812", "3k": what fits into a cell.
fn short(calls: u64) -> String {
    match calls {
        0..1000 => calls.to_string(),
        1000..999_500 => format!("{}k", (calls + 500) / 1000),
        _ => format!("{}M", (calls + 500_000) / 1_000_000),
    }
}
