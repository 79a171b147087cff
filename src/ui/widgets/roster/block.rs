//! One block of the week, and the same look as a swatch for the legend.

use egui::{Color32, CornerRadius, Rect, Response, Sense, Shape, Stroke, StrokeKind, Ui, pos2, vec2};

use crate::ui::theme::{self, Palette, Tone, icons, space, text};
use crate::ui::widgets::paint;

const RADIUS: u8 = 4;
/// The bar at the left of a block that has the full colour.
const BAR: f32 = 4.0;
/// How much of the full colour the ground has.
const TINT: f32 = 0.22;
/// How high a block is at least that has words on it, in points.
const LOWEST: f32 = 11.0;
/// Between the lines of a hatched block, in points.
const HATCH: f32 = 8.0;

/// What a block looks like.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Look<'a> {
    /// Ids of the agents, in whose colours it is; with none it is in its tone.
    pub agents: Vec<&'a str>,
    /// Its colour, where no agent has one.
    pub tone: Tone,
    /// What is drawn over it.
    pub pattern: Pattern,
}

/// What tells blocks apart besides their colour.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pattern {
    /// As planned.
    Plain,
    /// Nobody thought of this: an empty ground with a broken outline.
    Gap,
    /// Something stands above what is planned.
    Hatched,
}

/// A block.
pub struct Block<'a> {
    /// Which day: 0 to 6.
    pub day: usize,
    /// Where it begins, in seconds of the day.
    pub from_s: u32,
    /// Where it ends.
    pub to_s: u32,
    /// Which of how many that stand side by side, from the left.
    pub lane: (u8, u8),
    /// What it looks like.
    pub look: Look<'a>,
    /// What stands on it, in lines: the first is strong.
    pub lines: [String; 2],
    /// A sign that there is more to it than it says.
    pub has_more: bool,
    /// A sign that it is not exact.
    pub is_rough: bool,
    /// What it is called.
    pub name: String,
}

impl Look<'_> {
    fn colours(&self, p: &Palette) -> Vec<Color32> {
        if self.agents.is_empty() {
            return vec![p.tone(self.tone).solid];
        }
        self.agents.iter().map(|id| p.agent(id)).collect()
    }

    fn paint(&self, ui: &Ui, rect: Rect) {
        let p = theme::palette(ui);
        let painter = ui.painter().with_clip_rect(rect.intersect(ui.clip_rect()));
        let colours = self.colours(p);
        let corners = CornerRadius::same(RADIUS);
        let tinted = |colour: &Color32| p.surface.lerp_to_gamma(*colour, TINT);
        let ground = if self.pattern == Pattern::Gap { p.surface } else { tinted(&colours[0]) };
        painter.rect_filled(rect, corners, ground);
        // Who share calls have a stripe each, and their full colours side by side.
        let stripe = rect.width() / colours.len() as f32;
        for (index, colour) in (0_u8..).zip(&colours) {
            let left = rect.left() + stripe * f32::from(index);
            if index > 0 && self.pattern != Pattern::Gap {
                let part = rect.with_min_x(left).with_max_x(left + stripe);
                painter.rect_filled(part, CornerRadius::ZERO, tinted(colour));
            }
        }
        for (index, colour) in (0_u8..).zip(&colours) {
            let left = rect.left() + BAR * f32::from(index);
            let bar = rect.with_min_x(left).with_max_x(left + BAR);
            painter.rect_filled(bar, CornerRadius::same(2), *colour);
        }
        match self.pattern {
            Pattern::Plain => {
                let line = Stroke::new(1.0, p.surface.lerp_to_gamma(colours[0], 0.5));
                painter.rect_stroke(rect, corners, line, StrokeKind::Inside);
            }
            Pattern::Hatched => {
                let line = Stroke::new(1.5, p.surface.lerp_to_gamma(colours[0], 0.55));
                hatch(&painter, rect, line);
                painter.rect_stroke(rect, corners, Stroke::new(1.5, p.border_strong), StrokeKind::Inside);
            }
            Pattern::Gap => {
                let inside = rect.shrink(0.75);
                let corners = [
                    inside.left_top(),
                    inside.right_top(),
                    inside.right_bottom(),
                    inside.left_bottom(),
                    inside.left_top(),
                ];
                painter.extend(Shape::dashed_line(&corners, Stroke::new(1.5, p.text_faint), 4.0, 3.0));
            }
        }
    }
}

fn hatch(painter: &egui::Painter, rect: Rect, line: Stroke) {
    let mut x = rect.left() - rect.height();
    while x < rect.right() {
        painter.line_segment([pos2(x, rect.bottom()), pos2(x + rect.height(), rect.top())], line);
        x += HATCH;
    }
}

impl Block<'_> {
    pub(super) fn paint(&self, ui: &Ui, rect: Rect, response: &Response) {
        let p = theme::palette(ui);
        self.look.paint(ui, rect);
        let mut right = rect.right() - space::XS;
        for (shown, icon) in [(self.has_more, icons::USERS), (self.is_rough, icons::QUESTION)] {
            if shown && rect.height() >= 13.0 && right - rect.left() > 40.0 {
                paint::icon(ui, pos2(right - 6.0, rect.top() + 8.0), icon, 11.0, p.text_soft);
                right -= 14.0;
            }
        }
        self.words(ui, rect, right);
        if response.hovered() {
            let line = Stroke::new(2.0, p.text_soft);
            ui.painter().rect_stroke(rect, CornerRadius::same(RADIUS), line, StrokeKind::Inside);
        }
        paint::focus_ring(ui, response, rect.shrink(2.0), RADIUS);
    }

    /// As much of the words as there is room for.
    fn words(&self, ui: &Ui, rect: Rect, right: f32) {
        let p = theme::palette(ui);
        let bars = self.look.agents.len().max(1) as f32;
        let left = rect.left() + BAR * bars + space::XS;
        let mut top = rect.top() + 1.0;
        let fonts = [(text::medium(12.0), p.text), (text::regular(11.0), p.text_soft)];
        for (index, (words, (font, colour))) in self.lines.iter().zip(fonts).enumerate() {
            let width = if index == 0 { right } else { rect.right() - space::XS } - left;
            let galley = paint::line(ui, words, font, colour, width);
            let height = galley.size().y;
            if index == 0 && rect.height() < height + 2.0 {
                top = rect.center().y - height / 2.0;
            } else if top + height > rect.bottom() + 1.0 {
                return;
            }
            if rect.height() < LOWEST || width < 16.0 {
                return;
            }
            // A hatched ground would show through the letters.
            if self.look.pattern == Pattern::Hatched {
                let behind = Rect::from_min_size(pos2(left, top), galley.size()).expand2(vec2(2.0, 0.0));
                ui.painter().rect_filled(behind, CornerRadius::same(3), p.surface);
            }
            ui.painter().galley(pos2(left, top), galley, colour);
            top += height;
        }
    }
}

/// A look in small, for a legend.
pub fn swatch(ui: &mut Ui, look: &Look<'_>) {
    let (rect, _) = ui.allocate_exact_size(vec2(20.0, 14.0), Sense::hover());
    look.paint(ui, rect);
}
