//! A list of any number of rows of one height, of which only those in sight are drawn. Where it is
//! scrolled to is kept in double precision: a million rows are higher than the points of a single
//! one can count.

use egui::{CornerRadius, Id, Key, Modifiers, Rect, Sense, Ui, UiBuilder, pos2, vec2};

use crate::ui::theme;

/// The least height of the part that is dragged, in points.
const HANDLE_MIN: f32 = 28.0;

/// How far a long list is scrolled.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct LongList {
    top: f64,
    /// Where in the handle it was seized.
    seized_at: Option<f32>,
}

impl LongList {
    /// How wide the scroll bar and its margin are, in points. The rows leave it free also where all are
    /// in sight.
    pub const BAR: f32 = 12.0;

    /// What is above the upper edge, in points.
    #[must_use]
    pub fn top(&self) -> f64 {
        self.top
    }

    /// Scrolls so that so much is above the upper edge, in points.
    pub fn scroll_to(&mut self, top: f64) {
        self.top = top;
    }

    /// Draws the rows in sight into what is left of `ui`, and the scroll bar.
    pub fn show(
        &mut self,
        ui: &mut Ui,
        id: Id,
        (rows, height): (usize, f32),
        mut row: impl FnMut(&mut Ui, Rect, usize),
    ) {
        let full = ui.available_rect_before_wrap();
        ui.advance_cursor_after_rect(full);
        let all = rows as f64 * f64::from(height);
        let max = (all - f64::from(full.height())).max(0.0);
        let mut list = full;
        list.max.x -= Self::BAR;
        if max > 0.0 {
            self.keys(ui, full, f64::from(full.height()), max);
            let bar = Rect::from_min_max(pos2(list.right(), full.top()), full.max);
            self.bar_ui(ui, id, bar, all, max);
        }
        self.top = self.top.clamp(0.0, max);
        let first = (self.top / f64::from(height)) as usize;
        let above = (self.top - first as f64 * f64::from(height)) as f32;
        let mut ui = ui.new_child(UiBuilder::new().max_rect(list));
        ui.shrink_clip_rect(list);
        for place in first..rows {
            let y = list.top() - above + (place - first) as f32 * height;
            if y >= list.bottom() {
                break;
            }
            row(&mut ui, Rect::from_min_size(pos2(list.left(), y), vec2(list.width(), height)), place);
        }
    }

    /// The wheel, and the keys that go far.
    fn keys(&mut self, ui: &Ui, rect: Rect, page: f64, max: f64) {
        if !ui.rect_contains_pointer(rect) {
            return;
        }
        let (wheel, pages) = ui.input_mut(|input| {
            let wheel = input.smooth_scroll_delta().y;
            input.smooth_scroll_delta.y = 0.0;
            let pages = [(Key::PageUp, -page), (Key::PageDown, page), (Key::Home, -max), (Key::End, max)];
            let pressed = |(key, by)| if input.consume_key(Modifiers::NONE, key) { by } else { 0.0 };
            (wheel, pages.map(pressed).iter().sum::<f64>())
        });
        self.top += pages - f64::from(wheel);
    }

    fn bar_ui(&mut self, ui: &Ui, id: Id, bar: Rect, all: f64, max: f64) {
        let p = theme::palette(ui);
        let height = ((f64::from(bar.height()) * f64::from(bar.height()) / all) as f32).max(HANDLE_MIN);
        let way = (bar.height() - height).max(1.0);
        let at = |top: f64| bar.top() + (top / max) as f32 * way;
        let response = ui.interact(bar, id, Sense::click_and_drag());
        match response.interact_pointer_pos() {
            Some(pointer) if response.is_pointer_button_down_on() => {
                let handle = at(self.top.clamp(0.0, max));
                let inside = pointer.y - handle;
                // A press beside it brings its middle there.
                let seized = if (0.0..height).contains(&inside) { inside } else { height / 2.0 };
                let seized = *self.seized_at.get_or_insert(seized);
                self.top = f64::from((pointer.y - seized - bar.top()) / way) * max;
            }
            _ => self.seized_at = None,
        }
        let y = at(self.top.clamp(0.0, max));
        let is_seized = self.seized_at.is_some() || response.hovered();
        let width = if is_seized { 8.0 } else { 6.0 };
        let handle = Rect::from_min_size(pos2(bar.right() - width - 2.0, y), vec2(width, height));
        let colour = if is_seized { p.text_soft } else { p.border_strong };
        ui.painter().rect_filled(handle, CornerRadius::same(4), colour);
    }
}
