//! The days and hours, and where the blocks stand on them.

use egui::{
    Align2, CornerRadius, Id, Rect, Response, Role, ScrollArea, Sense, Stroke, StrokeKind, Ui, WidgetInfo,
    pos2, vec2,
};

use super::Block;
use crate::ui::theme::{self, Tone, space, text};
use crate::ui::widgets::paint;

/// Seconds of a day.
const DAY: f32 = 86_400.0;
/// The room for the hours at the left, in points.
const HOURS: f32 = 44.0;
/// The room for the names of the days, in points, and for what is special about one.
const HEAD: f32 = 22.0;
const ABOUT: f32 = 16.0;
/// How high an hour is at least, in points.
const HOUR: f32 = 14.0;

/// A day.
pub struct Column {
    /// "Mon 23".
    pub title: String,
    /// What is special about it; mostly empty.
    pub about: String,
    /// Whether it is today.
    pub is_today: bool,
    /// Hours of the clock that do not come, or come twice.
    pub odd: Vec<Odd>,
}

/// Hours that do not come, or come twice: in seconds of the day.
pub struct Odd {
    /// Where they begin.
    pub from_s: u32,
    /// Where they end.
    pub to_s: u32,
    /// What stands there where nothing else can: of those that do not come.
    pub words: &'static str,
}

/// What was pressed: a block, and at which second of its day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pressed {
    /// Its place among the blocks.
    pub block: usize,
    /// The second of the day under the pointer; from the keyboard, where the block begins.
    pub second: u32,
}

/// A week.
pub struct Roster<'a> {
    /// What the hours are, in a few letters, and in a sentence: "EST".
    pub corner: (&'a str, &'a str),
    /// The days.
    pub columns: &'a [Column],
    /// What stands on them.
    pub blocks: &'a [Block<'a>],
    /// Today and the second of the day, if it is in this week.
    pub now: Option<(usize, u32)>,
}

impl Roster<'_> {
    /// Draws it in all the room there is. `tip` says more of the block under the pointer, by its place.
    pub fn show(&self, ui: &mut Ui, tip: impl Fn(&mut Ui, usize)) -> Option<Pressed> {
        let width = ui.available_width();
        let has_about = self.columns.iter().any(|column| !column.about.is_empty());
        let height = HEAD + if has_about { ABOUT } else { 0.0 };
        let (head, _) = ui.allocate_exact_size(vec2(width, height), Sense::hover());
        self.head_ui(ui, head);
        let height = ui.available_height().max(24.0 * HOUR);
        ScrollArea::vertical()
            .id_salt("roster")
            .auto_shrink(false)
            .show(ui, |ui| {
                let (all, _) = ui.allocate_exact_size(vec2(width, height), Sense::hover());
                // Room for the numbers of the first and the last hour.
                let cells = all.with_min_x(all.left() + HOURS).shrink2(vec2(0.0, 8.0));
                self.paint_axes(ui, cells);
                let pressed = self.blocks_ui(ui, cells, &tip);
                self.paint_now(ui, cells);
                pressed
            })
            .inner
    }

    fn column(&self, cells: Rect, day: usize) -> Rect {
        let width = cells.width() / self.columns.len().max(1) as f32;
        let left = cells.left() + width * day as f32;
        cells.with_min_x(left).with_max_x(left + width)
    }

    fn head_ui(&self, ui: &Ui, head: Rect) {
        let p = theme::palette(ui);
        let cells = head.with_min_x(head.left() + HOURS);
        let (short, long) = self.corner;
        let corner = head.with_max_x(cells.left());
        let words = paint::line(ui, short, text::regular(11.0), p.text_faint, HOURS - space::S);
        let at = corner.right_top() - vec2(words.size().x + space::S, -1.0);
        ui.painter().galley(at, words, p.text_faint);
        let response = ui.interact(corner, ui.scope_id().with("corner"), Sense::hover());
        response.widget_info(|| WidgetInfo::labeled(Role::Label, true, long));
        response.on_hover_text(long);
        for (day, column) in self.columns.iter().enumerate() {
            let rect = self.column(cells, day).shrink2(vec2(space::XS, 0.0));
            let accent = p.tone(Tone::Accent).text;
            let colour = if column.is_today { accent } else { p.text };
            let title = paint::line(ui, &column.title, text::medium(13.0), colour, rect.width());
            ui.painter().galley(rect.left_top(), title, colour);
            if !column.about.is_empty() {
                let about = paint::line(ui, &column.about, text::regular(11.0), p.text_soft, rect.width());
                ui.painter().galley(rect.left_top() + vec2(0.0, 18.0), about, p.text_soft);
            }
            let response = ui.interact(rect, ui.scope_id().with(("day", day)), Sense::hover());
            let name = [&*column.title, &*column.about].join(" ");
            response.widget_info(|| WidgetInfo::labeled(Role::Label, true, name.trim()));
            if !column.about.is_empty() {
                response.on_hover_text(&column.about);
            }
        }
    }

    fn paint_axes(&self, ui: &Ui, cells: Rect) {
        let p = theme::palette(ui);
        let painter = ui.painter();
        painter.rect(cells, CornerRadius::ZERO, p.sunken, Stroke::new(1.0, p.border), StrokeKind::Inside);
        for hour in 0..=24_u32 {
            let y = y_of(cells, hour * 3600);
            if hour % 3 == 0 {
                let at = pos2(cells.left() - space::S, y);
                let words = format!("{hour:02}:00");
                painter.text(at, Align2::RIGHT_CENTER, words, text::regular(11.0), p.text_faint);
            }
            let colour = if hour % 6 == 0 { p.border_strong } else { p.border };
            painter.hline(cells.x_range(), y, Stroke::new(1.0, colour));
        }
        for (day, column) in self.columns.iter().enumerate() {
            let rect = self.column(cells, day);
            painter.vline(rect.left(), cells.y_range(), Stroke::new(1.0, p.border_strong));
            for odd in &column.odd {
                let rect = place(rect, odd.from_s, odd.to_s, (0, 1));
                let words = paint::line(ui, odd.words, text::regular(11.0), p.text_faint, rect.width());
                painter.galley(rect.center() - words.size() / 2.0, words, p.text_faint);
            }
        }
    }

    fn blocks_ui(&self, ui: &Ui, cells: Rect, tip: &impl Fn(&mut Ui, usize)) -> Option<Pressed> {
        let mut pressed = None;
        for (index, block) in self.blocks.iter().enumerate() {
            let rect = place(self.column(cells, block.day), block.from_s, block.to_s, block.lane);
            let id: Id = ui.scope_id().with(("block", block.day, block.from_s, block.lane.0));
            let response = ui.interact(rect, id, Sense::click());
            response.widget_info(|| WidgetInfo::labeled(Role::Button, ui.is_enabled(), &block.name));
            if response.has_focus() && !ui.clip_rect().contains_rect(rect) {
                ui.scroll_to_rect(rect, None);
            }
            block.paint(ui, rect, &response);
            if response.clicked() {
                pressed = Some(Pressed { block: index, second: second_at(&response, cells, block) });
            }
            response
                .on_hover_cursor(egui::CursorIcon::PointingHand)
                .on_hover_ui_at_pointer(|ui| tip(ui, index));
        }
        pressed
    }

    fn paint_now(&self, ui: &Ui, cells: Rect) {
        let Some((day, second)) = self.now else { return };
        let column = self.column(cells, day);
        let colour = theme::palette(ui).tone(Tone::Accent).solid;
        let at = pos2(column.left(), y_of(cells, second));
        ui.painter().circle_filled(at, 4.0, colour);
        ui.painter().hline(column.x_range(), at.y, Stroke::new(2.0, colour));
    }
}

fn y_of(cells: Rect, second: u32) -> f32 {
    cells.top() + cells.height() * second as f32 / DAY
}

fn place(column: Rect, from_s: u32, to_s: u32, (lane, lanes): (u8, u8)) -> Rect {
    let inside = column.shrink2(vec2(2.0, 0.0));
    let width = inside.width() / f32::from(lanes.max(1));
    let left = inside.left() + width * f32::from(lane);
    let (top, bottom) = (y_of(column, from_s) + 0.5, y_of(column, to_s) - 0.5);
    // Whatever is there can be seen.
    Rect::from_min_max(pos2(left, top), pos2(left + width, bottom.max(top + 2.0)))
}

fn second_at(response: &Response, cells: Rect, block: &Block<'_>) -> u32 {
    const STEP: u32 = 300;
    let Some(pointer) = response.interact_pointer_pos() else { return block.from_s };
    let second = ((pointer.y - cells.top()) / cells.height() * DAY).clamp(0.0, DAY) as u32;
    (second / STEP * STEP).max(block.from_s)
}
