//! The week drawn: a row for each day with its spans, which the pointer makes, moves and stretches
//! (`drag`), and beside each row the same hours as text, which is how the keyboard and screen
//! readers get at them.

use super::drag::{Grip, dragged, grip_at};
use super::{DAYS, hours_field, remove, same_as, write_day};
use crate::plugins::hours::weekly::{DAY, Span};
use crate::ui::theme::{self, CONTROL_HEIGHT, RADIUS_SMALL, Tone, icons, space, text};
use crate::ui::widgets::{context_menu, menu_danger, menu_item, paint};
use egui::{
    Align2, CornerRadius, CursorIcon, Id, Pos2, Rect, Response, Role, Sense, Stroke, StrokeKind, Ui,
    WidgetInfo, pos2, vec2,
};

const NAMES: f32 = 46.0;
const ROW: f32 = CONTROL_HEIGHT + 4.0;
const FIELD: f32 = 196.0;
/// How long the break is that the menu makes, in minutes.
const BREAK: u16 = 60;
/// Below this width, in points, the fields stand below the drawing instead of beside it.
const NARROW: f32 = 620.0;

/// A drag of the pointer: where it began, at what, and what was there before.
#[derive(Clone)]
struct Drag {
    from: (u8, u16),
    grip: Grip,
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
    let mut changed = pointer_ui(ui, id, cells, spans);
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
        let name = format!("Hours on {}", DAYS[usize::from(day)]);
        changed |= hours_field(&mut child, id.with(("typed", day)), &name, None, day, spans);
    }
    changed
}

fn pointer_ui(ui: &Ui, id: Id, cells: Rect, spans: &mut Vec<Span>) -> bool {
    let response = ui.interact(cells, id, Sense::click_and_drag());
    response.widget_info(|| {
        WidgetInfo::labeled(Role::Figure, ui.is_enabled(), "Week; type the hours in the fields beside it")
    });
    let minute = f32::from(DAY) / cells.width();
    let at = |pos: Pos2| moment_at(cells, pos);
    let grip = |spans: &[Span], pos: Pos2| grip_at(spans, at(pos), minute);
    let mut changed = menu_ui(&response, id.with("menu"), spans, at);
    let state = id.with("drag");
    let begun: Option<Drag> = ui.data(|data| data.get_temp(state));
    let pressed = ui.input(|input| input.pointer.press_origin());
    let pointer = response.interact_pointer_pos().filter(|_| response.dragged());
    let shown =
        begun.as_ref().map(|drag| drag.grip).or_else(|| response.hover_pos().map(|pos| grip(spans, pos)));
    if let Some(shown) = shown {
        ui.set_cursor_icon(match (shown, begun.is_some()) {
            (Grip::Nothing | Grip::Cut, _) => CursorIcon::Crosshair,
            (Grip::Whole(_), false) => CursorIcon::Grab,
            (Grip::Whole(_), true) => CursorIcon::Grabbing,
            (Grip::Start(_) | Grip::End(_), _) => CursorIcon::ResizeHorizontal,
        });
    }
    let Some(pointer) = pointer else {
        ui.data_mut(|data| data.remove::<Drag>(state));
        if let Some(over) = response.hover_pos() {
            show_time(&response, grip(spans, over).span(), at(over));
        }
        return changed;
    };
    let drag = begun.unwrap_or_else(|| {
        let from = pressed.unwrap_or(pointer);
        let cuts = ui.input(|input| input.modifiers.shift);
        let grip = if cuts { Grip::Cut } else { grip(spans, from) };
        let drag = Drag { from: at(from), grip, before: spans.clone() };
        ui.data_mut(|data| data.insert_temp(state, drag.clone()));
        drag
    });
    let (after, span) = dragged(&drag.before, drag.grip, drag.from, at(pointer));
    show_time(&response, Some(span), at(pointer));
    changed |= after != *spans;
    *spans = after;
    changed
}

/// What a right click offers: on a span, and on its day.
fn menu_ui(response: &Response, state: Id, spans: &mut Vec<Span>, at: impl Fn(Pos2) -> (u8, u16)) -> bool {
    let ctx = &response.ctx;
    if let Some(pos) = response.interact_pointer_pos().filter(|_| response.secondary_clicked()) {
        ctx.data_mut(|data| data.insert_temp(state, at(pos)));
    }
    let mut changed = false;
    context_menu(response, |ui| {
        let Some((day, minute)) = ui.data(|data| data.get_temp::<(u8, u16)>(state)) else { return };
        let name = DAYS[usize::from(day)];
        if menu_item(ui, icons::COPY, &format!("Same as {name} from Monday to Friday")).clicked() {
            same_as(spans, day, 0..5);
            changed = true;
        }
        if menu_item(ui, icons::COPY, &format!("Same as {name} every day")).clicked() {
            same_as(spans, day, 0..7);
            changed = true;
        }
        if let Some(span) = grip_at(spans, (day, minute), 0.0).span() {
            let from = minute / BREAK * BREAK;
            let words = format!("Break from {:02}:00 to {:02}:00", from / 60, from / 60 + 1);
            if menu_item(ui, icons::MINUS, &words).clicked() {
                remove(spans, day, from, from + BREAK);
                changed = true;
            }
            if menu_danger(ui, icons::TRASH, &format!("Delete {}", times(span))).clicked() {
                spans.retain(|other| *other != span);
                changed = true;
            }
        }
        if menu_danger(ui, icons::TRASH, &format!("Close on {name}")).clicked() {
            spans.retain(|span| span.day != day);
            changed = true;
        }
    });
    changed
}

/// Day and minute under a point; the nearest ones where it is outside.
fn moment_at(cells: Rect, at: Pos2) -> (u8, u16) {
    let x = (at.x - cells.left()) / cells.width() * f32::from(DAY);
    let y = (at.y - cells.top()) / ROW;
    (y.clamp(0.0, 6.0) as u8, x.clamp(0.0, f32::from(DAY)) as u16)
}

fn show_time(response: &Response, span: Option<Span>, (day, minute): (u8, u16)) {
    let words = if let Some(span) = span {
        format!("{} {}", DAYS[usize::from(span.day)], times(span))
    } else {
        let minute = minute / 30 * 30;
        format!("{} {:02}:{:02}", DAYS[usize::from(day)], minute / 60, minute % 60)
    };
    response.clone().on_hover_text_at_pointer(words);
}

fn times(span: Span) -> String {
    write_day(&[span], span.day)
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
