//! A chip: one condition of a rule, one filter, one entry of a list.

use std::borrow::Cow;

use super::paint;
use crate::routing::safe_text;
use crate::ui::theme::{self, RADIUS_SMALL, Tone, icons, space, text};
use egui::text::{LayoutJob, TextFormat};
use egui::{
    Color32, CornerRadius, Rect, Response, Role, Sense, Stroke, StrokeKind, Ui, WidgetInfo, pos2, vec2,
};

const HEIGHT: f32 = 26.0;
const ICON: f32 = 14.0;
const REMOVE: f32 = 22.0;
const LETTERS: f32 = 13.0;

/// A short text on a tinted ground.
#[must_use = "show it in a ui"]
#[expect(clippy::struct_excessive_bools, reason = "each is a choice of its own")]
pub struct Chip<'a> {
    text: Cow<'a, str>,
    /// The text in parts, with whether each is strong; without any, all of it is plain.
    parts: &'a [(String, bool)],
    icon: Option<char>,
    tone: Tone,
    negated: bool,
    unfinished: bool,
    removable: bool,
    clickable: bool,
}

/// What the person did with a chip.
pub struct ChipResponse {
    /// The chip itself; `clicked()` where it is clickable.
    pub response: Response,
    /// The cross was pressed.
    pub removed: bool,
}

impl<'a> Chip<'a> {
    /// A plain chip.
    pub fn new(text: &'a str) -> Self {
        Self::of(Cow::Borrowed(text), &[])
    }

    /// A plain chip whose words are in parts; those marked `true` are strong.
    pub fn phrase(parts: &'a [(String, bool)]) -> Self {
        Self::of(parts.iter().map(|(words, _)| words.as_str()).collect(), parts)
    }

    fn of(text: Cow<'a, str>, parts: &'a [(String, bool)]) -> Self {
        Self {
            text,
            parts,
            icon: None,
            tone: Tone::Neutral,
            negated: false,
            unfinished: false,
            removable: false,
            clickable: false,
        }
    }

    /// An icon before the words.
    pub fn icon(mut self, icon: char) -> Self {
        self.icon = Some(icon);
        self
    }

    /// Another colour.
    pub fn tone(mut self, tone: Tone) -> Self {
        self.tone = tone;
        self
    }

    /// The opposite is meant: says "not" before the words.
    pub fn negated(mut self, negated: bool) -> Self {
        self.negated = negated;
        self
    }

    /// Something in it is still to be filled in: red.
    pub fn unfinished(mut self, unfinished: bool) -> Self {
        self.unfinished = unfinished;
        self
    }

    /// Has a cross at its end.
    pub fn removable(mut self) -> Self {
        self.removable = true;
        self
    }

    /// Can be pressed.
    pub fn clickable(mut self) -> Self {
        self.clickable = true;
        self
    }

    fn words(&self, colour: Color32) -> LayoutJob {
        let format = |strong| {
            let font = if strong { text::semibold(LETTERS) } else { text::regular(LETTERS) };
            TextFormat::simple(font, colour)
        };
        let mut job = LayoutJob::default();
        for (words, strong) in self.parts {
            job.append(words, 0.0, format(*strong));
        }
        if self.parts.is_empty() {
            job.append(&self.text, 0.0, format(false));
        }
        job
    }

    /// Draws it.
    pub fn show(self, ui: &mut Ui) -> ChipResponse {
        let p = theme::palette(ui);
        let tone = if self.unfinished { Tone::Reject } else { self.tone };
        let colours = p.tone(tone);
        let words = if tone == Tone::Neutral { p.text } else { colours.text };
        let icon = if self.unfinished { Some(icons::CIRCLE_ALERT) } else { self.icon };

        let not = self.negated.then(|| {
            let red = p.tone(Tone::Reject).text;
            paint::line(ui, "not", text::semibold(LETTERS), red, f32::INFINITY)
        });
        let before = space::S
            + icon.map_or(0.0, |_| ICON + 6.0)
            + not.as_ref().map_or(0.0, |not| not.size().x + space::XS);
        let after = if self.removable { REMOVE } else { space::S };
        let room = paint::room(ui) - before - after;
        let galley = paint::cut(ui, self.words(words), room);

        let size = vec2(before + galley.size().x + after, HEIGHT);
        let sense = if self.clickable { Sense::click() } else { Sense::hover() };
        let (rect, mut response) = ui.allocate_exact_size(size, sense);
        let name = safe_text(&self.text);
        let name = if self.negated { format!("not {name}") } else { name.into_owned() };
        let role = if self.clickable { Role::Button } else { Role::Label };
        response.widget_info(|| WidgetInfo::labeled(role, ui.is_enabled(), &name));

        let over = self.clickable && response.hovered();
        let border = if over { p.border_strong } else { colours.border };
        ui.painter().rect(
            rect,
            CornerRadius::same(RADIUS_SMALL),
            colours.soft,
            Stroke::new(1.0, border),
            StrokeKind::Inside,
        );
        let middle = rect.center().y;
        let mut x = rect.left() + space::S;
        if let Some(icon) = icon {
            let colour = if tone == Tone::Neutral { p.text_soft } else { words };
            paint::icon(ui, pos2(x + ICON / 2.0, middle), icon, ICON, colour);
            x += ICON + 6.0;
        }
        if let Some(not) = not {
            let width = not.size().x;
            let top = middle - not.size().y / 2.0;
            ui.painter().galley(pos2(x, top), not, Color32::PLACEHOLDER);
            x += width + space::XS;
        }
        let cut = galley.elided;
        ui.painter().galley(pos2(x, middle - galley.size().y / 2.0), galley, words);
        paint::focus_ring(ui, &response, rect, RADIUS_SMALL);
        let removed = self.removable && remove_cross(ui, &response, rect, &name);
        if cut {
            response = response.on_hover_text(&name);
        }
        ChipResponse { response, removed }
    }
}

fn remove_cross(ui: &Ui, chip: &Response, rect: Rect, name: &str) -> bool {
    let p = theme::palette(ui);
    let cross = Rect::from_min_max(pos2(rect.right() - REMOVE, rect.top()), rect.max);
    let response = ui.interact(cross, chip.id.with("remove"), Sense::click());
    response.widget_info(|| WidgetInfo::labeled(Role::Button, ui.is_enabled(), format!("Remove {name}")));
    let colour = if response.hovered() { p.text } else { p.text_soft };
    paint::icon(ui, cross.center(), icons::X, ICON, colour);
    paint::focus_ring(ui, &response, cross.shrink(4.0), RADIUS_SMALL - 2);
    response.on_hover_text("Remove").clicked()
}
