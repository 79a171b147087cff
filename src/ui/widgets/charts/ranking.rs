//! Bars one below the other, each with its name and number.

use egui::{Align2, Color32, CornerRadius, FontId, Rect, Sense, Ui, pos2, vec2};

use super::part;
use crate::ui::theme::{self, RADIUS_SMALL, space, text};
use crate::ui::widgets::{paint, safe_text};

/// Height of a row, in points.
const ROW: f32 = 28.0;

/// Names take no more of it, in points.
const NAMES: f32 = 240.0;

/// One bar.
pub struct Ranked {
    /// Its name.
    pub name: String,
    /// How long it is, against the others.
    pub value: f32,
    /// Its number in words.
    pub words: String,
    /// Its colour.
    pub colour: Color32,
    /// All of it in words.
    pub about: String,
    /// There is something behind it.
    pub can_click: bool,
}

/// Draws them in all the width; `salt` tells them from others. Gives the one that was clicked.
pub fn ranking(ui: &mut Ui, salt: &str, rows: &[Ranked]) -> Option<usize> {
    let p = theme::palette(ui);
    let most = rows.iter().map(|row| row.value).fold(0.0, f32::max).max(f32::MIN_POSITIVE);
    let small = text::medium(text::SMALL + 0.5);
    let wide = |words: &str, font: &FontId| {
        paint::line(ui, words, font.clone(), p.text_soft, f32::INFINITY).size().x
    };
    let numbers = rows.iter().map(|row| wide(&row.words, &small)).fold(0.0, f32::max);
    let body = text::regular(text::BODY);
    let longest = rows.iter().map(|row| wide(&safe_text(&row.name), &body)).fold(0.0, f32::max) + space::M;
    let id = ui.scope_id().with(salt);
    let mut clicked = None;
    ui.spacing_mut().item_spacing.y = 0.0;
    for (index, row) in rows.iter().enumerate() {
        let (place, _) = ui.allocate_exact_size(vec2(ui.available_width(), ROW), Sense::hover());
        let response = part(ui, place, id.with(index), &safe_text(&row.about), row.can_click);
        if response.hovered() && row.can_click {
            let ground = place.expand2(vec2(6.0, 0.0));
            ui.painter().rect_filled(ground, CornerRadius::same(RADIUS_SMALL), p.sunken);
        }
        let names = longest.clamp(place.width() * 0.42, place.width() * 0.64).min(NAMES);
        let middle = place.center().y;
        let name = paint::line(ui, &safe_text(&row.name), body.clone(), p.text, names - space::S);
        ui.painter().galley(pos2(place.left(), middle - name.size().y / 2.0), name, p.text);
        let trough = Rect::from_min_max(
            pos2(place.left() + names, middle - 4.0),
            pos2(place.right() - numbers - space::S, middle + 4.0),
        );
        ui.painter().rect_filled(trough, CornerRadius::same(4), p.sunken);
        if row.value > 0.0 {
            let long = (trough.width() * row.value / most).max(4.0);
            let bar = Rect::from_min_size(trough.min, vec2(long, trough.height()));
            ui.painter().rect_filled(bar, CornerRadius::same(4), row.colour);
        }
        let at = pos2(place.right(), middle);
        ui.painter().text(at, Align2::RIGHT_CENTER, &row.words, small.clone(), p.text_soft);
        paint::focus_ring(ui, &response, place.shrink(2.0), RADIUS_SMALL);
        if response.clicked() {
            clicked = Some(index);
        }
    }
    clicked
}
