//! What a list shows while there is nothing in it: what it is for, and what to do.

use super::paint;
use crate::ui::theme::{self, Tone, space, text};
use egui::{Sense, Ui, vec2};

/// An empty place.
#[must_use = "show it in a ui"]
pub struct EmptyState<'a> {
    /// Drawn large.
    pub icon: char,
    /// A few words: what is not there.
    pub title: &'a str,
    /// A sentence: what will be here, or what to do.
    pub text: &'a str,
}

impl EmptyState<'_> {
    /// Draws it in the middle; `add` is for the button that helps on.
    pub fn show<R>(self, ui: &mut Ui, add: impl FnOnce(&mut Ui) -> R) -> R {
        let p = theme::palette(ui);
        let colours = p.tone(Tone::Accent);
        ui.vertical_centered(|ui| {
            ui.add_space(space::XL);
            let (rect, _) = ui.allocate_exact_size(vec2(56.0, 56.0), Sense::hover());
            ui.painter().circle_filled(rect.center(), 28.0, colours.soft);
            paint::icon(ui, rect.center(), self.icon, 24.0, colours.text);
            ui.add_space(space::S);
            ui.label(text::strong(self.title).size(16.0));
            let side = (ui.available_width() - 440.0).max(0.0) / 2.0;
            super::screen::inset(ui, side, |ui| {
                ui.vertical_centered(|ui| {
                    ui.label(text::soft(p, self.text));
                });
            });
            ui.add_space(space::S);
            let inner = add(ui);
            ui.add_space(space::XL);
            inner
        })
        .inner
    }
}
