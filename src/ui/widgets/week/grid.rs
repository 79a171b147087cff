//! The week drawn: a row for each day, half hours to paint with the pointer, and beside each row
//! the same hours as text, which is how the keyboard and screen readers get at them.

use super::{DAYS, add, covers, parse_day, remove, write_day};
use crate::plugins::hours::weekly::{DAY, Span, tidy};
use crate::ui::theme::{self, CONTROL_HEIGHT, RADIUS_SMALL, Tone, space, text};
use crate::ui::widgets::{TextField, paint};
use egui::{
    Align2, CornerRadius, CursorIcon, Id, Pos2, Rect, Response, Role, Sense, Stroke, StrokeKind, Ui,
    WidgetInfo, pos2, vec2,
};

const HALF_HOURS: u16 = 48;
const NAMES: f32 = 46.0;
const ROW: f32 = CONTROL_HEIGHT + 4.0;
const FIELD: f32 = 196.0;
/// Below this width, in points, the fields stand below the drawing instead of beside it.
const NARROW: f32 = 620.0;

/// A stroke of the pointer: where it began, what it does, and what was there before.
#[derive(Clone)]
struct Drawing {
    from: (u8, u16),
    erase: bool,
    before: Vec<Span>,
}

/// Draws the week and lets it be changed. `salt` tells it from others. Says whether it changed.
pub fn week_grid(ui: &mut Ui, salt: &str, spans: &mut Vec<Span>) -> bool {
    let id = ui.scope_id().with(salt);
    let beside = ui.available_width() >= NARROW;
    let fields = if beside { FIELD + space::M } else { 0.0 };
    let size = vec2(ui.available_width(), 18.0 + 7.0 * ROW);
    let (rect, _) = ui.allocate_exact_size(size, Sense::hover());
    let cells = Rect::from_min_max(
        pos2(rect.left() + NAMES, rect.top() + 18.0),
        pos2(rect.right() - fields, rect.bottom()),
    );
    let mut changed = drawing(ui, id, cells, spans);
    paint_week(ui, cells, spans);
    for day in 0..7 {
        let row = if beside {
            let top = cells.top() + f32::from(day) * ROW + 2.0;
            Rect::from_min_size(pos2(cells.right() + space::M, top), vec2(FIELD, CONTROL_HEIGHT))
        } else {
            let (rect, _) = ui.allocate_exact_size(vec2(size.x, CONTROL_HEIGHT), Sense::hover());
            let name = DAYS[usize::from(day)];
            let colour = theme::palette(ui).text_soft;
            ui.painter().text(
                rect.left_center(),
                Align2::LEFT_CENTER,
                name,
                text::regular(text::BODY),
                colour,
            );
            rect.with_min_x(rect.left() + 96.0)
        };
        let mut child = ui.new_child(egui::UiBuilder::new().max_rect(row).id_salt((salt, day)));
        changed |= day_field(&mut child, id.with(("typed", day)), day, spans);
    }
    changed
}

fn day_field(ui: &mut Ui, state: Id, day: u8, spans: &mut Vec<Span>) -> bool {
    // What is being typed, and the hours it was typed over: when those change otherwise, it goes.
    let written = write_day(spans, day);
    let typing: Option<(String, String)> = ui.data(|data| data.get_temp(state));
    let typing = typing.filter(|(_, over)| *over == written).map(|(typed, _)| typed);
    let mut typed = typing.unwrap_or(written);
    let wrong = parse_day(day, &typed).err();
    if wrong.is_some() {
        let red = Stroke::new(1.0, theme::palette(ui).tone(Tone::Reject).solid);
        let widgets = &mut ui.visuals_mut().widgets;
        widgets.inactive.bg_stroke = red;
        widgets.hovered.bg_stroke = red;
        ui.visuals_mut().selection.stroke = red;
    }
    let name = format!("Hours on {}", DAYS[usize::from(day)]);
    let response = ui.add(TextField::new(&mut typed).hint("Closed").id_salt(state)).accessible_name(name);
    let mut changed = false;
    if response.changed()
        && let Ok(read) = parse_day(day, &typed)
    {
        spans.retain(|span| span.day != day);
        spans.extend(read);
        *spans = tidy(spans);
        changed = true;
    }
    let has_focus = response.has_focus();
    ui.data_mut(|data| {
        if has_focus {
            data.insert_temp(state, (typed, write_day(spans, day)));
        } else if wrong.is_none() {
            data.remove::<(String, String)>(state);
        }
    });
    if let Some(wrong) = wrong.filter(|_| has_focus || response.hovered()) {
        response.show_tooltip_text(wrong);
    }
    changed
}

fn drawing(ui: &Ui, id: Id, cells: Rect, spans: &mut Vec<Span>) -> bool {
    let response = ui.interact(cells, id, Sense::click_and_drag()).on_hover_cursor(CursorIcon::Crosshair);
    response.widget_info(|| {
        WidgetInfo::labeled(Role::Figure, ui.is_enabled(), "Week; type the hours in the fields beside it")
    });
    let state = id.with("drawing");
    let pressed = ui.input(|input| input.pointer.press_origin());
    let begun: Option<Drawing> = ui.data(|data| data.get_temp(state));
    let Some(pointer) = response.interact_pointer_pos() else {
        ui.data_mut(|data| data.remove::<Drawing>(state));
        return false;
    };
    let drawing = begun.unwrap_or_else(|| {
        let from = cell_at(cells, pressed.unwrap_or(pointer));
        let erase = covers(spans, from.0, from.1 * 30);
        let drawing = Drawing { from, erase, before: spans.clone() };
        ui.data_mut(|data| data.insert_temp(state, drawing.clone()));
        drawing
    });
    let after = painted(&drawing, cell_at(cells, pointer));
    show_time(&response, cells, pointer);
    let changed = after != *spans;
    *spans = after;
    changed
}

/// The week after a stroke that now ends at `to`: a block of days and half hours.
fn painted(drawing: &Drawing, to: (u8, u16)) -> Vec<Span> {
    let mut spans = drawing.before.clone();
    let from = drawing.from;
    let (first, last) = (from.1.min(to.1) * 30, (from.1.max(to.1) + 1) * 30);
    for day in from.0.min(to.0)..=from.0.max(to.0) {
        if drawing.erase {
            remove(&mut spans, day, first, last);
        } else {
            add(&mut spans, day, first, last);
        }
    }
    spans
}

/// Day and half hour under a point; the nearest one where it is outside.
fn cell_at(cells: Rect, at: Pos2) -> (u8, u16) {
    let x = (at.x - cells.left()) / cells.width() * f32::from(HALF_HOURS);
    let y = (at.y - cells.top()) / ROW;
    (y.clamp(0.0, 6.0) as u8, x.clamp(0.0, f32::from(HALF_HOURS - 1)) as u16)
}

fn show_time(response: &Response, cells: Rect, pointer: Pos2) {
    let (day, half) = cell_at(cells, pointer);
    let time = format!("{} {:02}:{:02}", DAYS[usize::from(day)], half / 2, half % 2 * 30);
    response.clone().on_hover_text_at_pointer(time);
}

fn x_of(cells: Rect, minute: u16) -> f32 {
    cells.left() + cells.width() * f32::from(minute) / f32::from(DAY)
}

fn paint_week(ui: &Ui, cells: Rect, spans: &[Span]) {
    let p = theme::palette(ui);
    let painter = ui.painter();
    let small = text::regular(text::SMALL - 1.0);
    let step = if cells.width() < 420.0 { 6 } else { 3 };
    for hour in (0..=24_u16).step_by(step) {
        let at = pos2(x_of(cells, hour * 60), cells.top() - 4.0);
        painter.text(at, Align2::CENTER_BOTTOM, hour, small.clone(), p.text_faint);
    }
    let colours = p.tone(Tone::Accent);
    for (day, name) in DAYS.iter().enumerate() {
        let top = cells.top() + day as f32 * ROW;
        let row =
            Rect::from_min_size(pos2(cells.left(), top), vec2(cells.width(), ROW)).shrink2(vec2(0.0, 2.0));
        let at = pos2(cells.left() - NAMES, row.center().y);
        painter.text(at, Align2::LEFT_CENTER, &name[..3], text::medium(13.0), p.text_soft);
        let radius = CornerRadius::same(RADIUS_SMALL);
        painter.rect(row, radius, p.sunken, Stroke::new(1.0, p.border), StrokeKind::Inside);
        for hour in 1..24_u16 {
            let line = Stroke::new(1.0, if hour % 6 == 0 { p.border_strong } else { p.border });
            painter.vline(x_of(cells, hour * 60), row.shrink(1.0).y_range(), line);
        }
        let parts = spans.iter().flat_map(|span| span.parts());
        for (_, from, to) in parts.filter(|(d, ..)| usize::from(*d) == day) {
            let open = row.with_min_x(x_of(cells, from)).with_max_x(x_of(cells, to)).shrink2(vec2(0.0, 1.0));
            painter.rect(
                open,
                CornerRadius::same(RADIUS_SMALL - 1),
                colours.solid.gamma_multiply(0.85),
                Stroke::new(1.0, colours.solid),
                StrokeKind::Inside,
            );
            paint_times(ui, open, from, to);
        }
    }
}

/// The times on a span, where they fit.
fn paint_times(ui: &Ui, open: Rect, from: u16, to: u16) {
    let clock = |minute: u16| format!("{:02}:{:02}", minute / 60, minute % 60);
    let words = format!("{}–{}", clock(from), clock(to));
    let on = theme::palette(ui).on_accent;
    let galley = paint::line(ui, &words, text::medium(11.0), on, f32::INFINITY);
    if galley.size().x + space::S < open.width() {
        let at = open.center() - galley.size() / 2.0;
        ui.painter().galley(at, galley, on);
    }
}
