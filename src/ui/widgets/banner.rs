//! A banner: something about the whole window that stays until it is dealt with.

use super::paint;
use crate::ui::theme::{self, RADIUS, Tone, icons, space, text};
use egui::{CornerRadius, Frame, Label, Margin, Sense, Stroke, Ui, vec2};

/// How grave a banner or message is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Level {
    /// Something was done.
    Success,
    /// Good to know.
    Info,
    /// Wants attention.
    Warning,
    /// Failed.
    Error,
}

impl Level {
    /// Its colour.
    #[must_use]
    pub fn tone(self) -> Tone {
        match self {
            Self::Success => Tone::Connect,
            Self::Info => Tone::Keep,
            Self::Warning => Tone::Warning,
            Self::Error => Tone::Reject,
        }
    }

    /// Its sign.
    #[must_use]
    pub fn icon(self) -> char {
        match self {
            Self::Success => icons::CIRCLE_CHECK,
            Self::Info => icons::INFO,
            Self::Warning => icons::TRIANGLE_ALERT,
            Self::Error => icons::CIRCLE_ALERT,
        }
    }

    /// Its word, for those who do not see the colour.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Success => "Done",
            Self::Info => "Note",
            Self::Warning => "Warning",
            Self::Error => "Error",
        }
    }
}

/// A sentence across the width, with room for buttons.
#[must_use = "show it in a ui"]
pub struct Banner<'a> {
    level: Level,
    text: &'a str,
    detail: &'a str,
}

impl<'a> Banner<'a> {
    /// A banner that says `text`.
    pub fn new(level: Level, text: &'a str) -> Self {
        Self { level, text, detail: "" }
    }

    /// A second, quieter sentence: what to do.
    pub fn detail(mut self, detail: &'a str) -> Self {
        self.detail = detail;
        self
    }

    /// Draws it; `actions` adds buttons below the words.
    pub fn show<R>(self, ui: &mut Ui, actions: impl FnOnce(&mut Ui) -> R) -> R {
        let p = theme::palette(ui);
        let colours = p.tone(self.level.tone());
        Frame::new()
            .fill(colours.soft)
            .stroke(Stroke::new(1.0, colours.border))
            .corner_radius(CornerRadius::same(RADIUS))
            .inner_margin(Margin::symmetric(space::L as i8, space::M as i8))
            .show(ui, |ui| {
                ui.take_available_width();
                ui.horizontal_top(|ui| {
                    let (rect, _) = ui.allocate_exact_size(vec2(18.0, 18.0), Sense::hover());
                    paint::icon(ui, rect.center(), self.level.icon(), 18.0, colours.text);
                    ui.add_space(space::XS);
                    ui.vertical(|ui| {
                        ui.spacing_mut().item_spacing.y = space::XS;
                        ui.add(Label::new(text::label(self.text).color(p.text)).wrap());
                        if !self.detail.is_empty() {
                            ui.add(Label::new(text::soft(p, self.detail)).wrap());
                        }
                        ui.spacing_mut().interact_size.y = 0.0;
                        ui.horizontal_wrapped(actions).inner
                    })
                    .inner
                })
                .inner
            })
            .inner
    }
}
