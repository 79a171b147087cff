//! A switch: on or off, at once.

use super::paint;
use crate::ui::theme::{self, CONTROL_HEIGHT_SMALL, RADIUS_SMALL, space, text};
use egui::{Color32, Rect, Response, Role, Sense, Ui, WidgetInfo, pos2, vec2};

const WIDTH: f32 = 34.0;
const HEIGHT: f32 = 20.0;

/// A switch with its words beside it; a click on either turns it.
pub fn toggle(ui: &mut Ui, on: &mut bool, words: &str) -> Response {
    let p = theme::palette(ui);
    let font = text::regular(text::BODY);
    let galley = paint::line(ui, words, font, p.text, paint::room(ui) - WIDTH - space::S);
    let size = vec2(WIDTH + space::S + galley.size().x, CONTROL_HEIGHT_SMALL);
    let response = turn(ui, size, on, words);
    let at = pos2(response.rect.left() + WIDTH + space::S, response.rect.center().y - galley.size().y / 2.0);
    ui.painter().galley(at, galley, Color32::PLACEHOLDER);
    response
}

/// A switch alone; `name` is its tooltip and what screen readers call it.
pub fn switch(ui: &mut Ui, on: &mut bool, name: &str) -> Response {
    turn(ui, vec2(WIDTH, CONTROL_HEIGHT_SMALL), on, name).on_hover_text(name)
}

fn turn(ui: &mut Ui, size: egui::Vec2, on: &mut bool, name: &str) -> Response {
    let (rect, mut response) = ui.allocate_exact_size(size, Sense::click());
    if response.clicked() {
        *on = !*on;
        response.mark_changed();
    }
    response.widget_info(|| WidgetInfo::selected(Role::Switch, ui.is_enabled(), *on, name));

    let p = theme::palette(ui);
    let how_on = ui.ctx().animate_bool_responsive(response.id, *on);
    let track = Rect::from_min_size(pos2(rect.left(), rect.center().y - HEIGHT / 2.0), vec2(WIDTH, HEIGHT));
    let off = if response.hovered() { p.text_faint } else { p.border_strong };
    let fill = off.lerp_to_gamma(p.accent, how_on);
    ui.painter().rect_filled(track, HEIGHT / 2.0, fill);
    let x = egui::lerp(track.left() + HEIGHT / 2.0..=track.right() - HEIGHT / 2.0, how_on);
    let knob = pos2(x, track.center().y);
    ui.painter().circle_filled(knob, HEIGHT / 2.0 - 3.0, p.on_accent);
    paint::focus_ring(ui, &response, track, RADIUS_SMALL + 4);
    response
}
