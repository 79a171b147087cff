//! The frame of a screen: title, one sentence of what it is, actions at the right, content.

use crate::ui::theme::{self, space, text};
use egui::{Frame, Margin, ScrollArea, Sides, Ui};

/// How wide content grows at most, in points: longer lines are hard to read.
const MAX_WIDTH: f32 = 1080.0;

/// A screen of the window.
#[must_use = "show it in a ui"]
pub struct Screen<'a> {
    title: &'a str,
    about: &'a str,
    wide: bool,
    scroll: bool,
}

impl<'a> Screen<'a> {
    /// A screen with its title and one sentence of what it is.
    pub fn new(title: &'a str, about: &'a str) -> Self {
        Self { title, about, wide: false, scroll: true }
    }

    /// The content takes all the width, for tables.
    pub fn wide(mut self) -> Self {
        self.wide = true;
        self
    }

    /// The content scrolls by itself.
    pub fn no_scroll(mut self) -> Self {
        self.scroll = false;
        self
    }

    /// Draws it. `actions` are laid out from the right: the main one first.
    pub fn show<R>(
        self,
        ui: &mut Ui,
        actions: impl FnOnce(&mut Ui),
        content: impl FnOnce(&mut Ui) -> R,
    ) -> R {
        let width = ui.available_width();
        let side = if self.wide { 0.0 } else { ((width - MAX_WIDTH) / 2.0).max(0.0) };
        let side = (side + space::XL).min(width / 4.0) as i8;
        let margin =
            |top: f32, bottom: f32| Margin { left: side, right: side, top: top as i8, bottom: bottom as i8 };
        Frame::new().inner_margin(margin(space::XL, space::L)).show(ui, |ui| {
            ui.take_available_width();
            ui.spacing_mut().item_spacing.y = space::XS;
            Sides::new().shrink_left().truncate().height(theme::CONTROL_HEIGHT).show(
                ui,
                |ui| ui.label(text::title(self.title)),
                actions,
            );
            let p = theme::palette(ui);
            ui.label(text::soft(p, self.about));
        });
        let body = |ui: &mut Ui| {
            Frame::new()
                .inner_margin(margin(0.0, space::XL))
                .show(ui, |ui| {
                    ui.take_available_width();
                    ui.spacing_mut().item_spacing.y = space::M;
                    content(ui)
                })
                .inner
        };
        if self.scroll {
            ScrollArea::vertical().id_salt(self.title).auto_shrink(false).show(ui, body).inner
        } else {
            body(ui)
        }
    }
}
