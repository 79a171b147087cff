//! The frame of a screen: title, one sentence of what it is, actions at the right, content.

use crate::ui::theme::{self, space, text};
use egui::{Frame, Margin, ScrollArea, Sides, Ui, UiBuilder};

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
        let side = side.max(space::XL.min(width / 4.0));
        let frame = |top: f32, bottom: f32| {
            Frame::new().inner_margin(Margin { top: top as i8, bottom: bottom as i8, ..Margin::ZERO })
        };
        inset(ui, side, |ui| {
            frame(space::XL, space::L).show(ui, |ui| {
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
        });
        let body = |ui: &mut Ui| {
            inset(ui, side, |ui| {
                frame(0.0, space::XL)
                    .show(ui, |ui| {
                        ui.take_available_width();
                        ui.spacing_mut().item_spacing.y = space::M;
                        content(ui)
                    })
                    .inner
            })
        };
        if self.scroll {
            ScrollArea::vertical().id_salt(self.title).auto_shrink(false).show(ui, body).inner
        } else {
            body(ui)
        }
    }
}

/// Keeps this much free at both sides, in points. A frame's margin ends at 127.
pub(super) fn inset<R>(ui: &mut Ui, side: f32, add: impl FnOnce(&mut Ui) -> R) -> R {
    let room = ui.available_rect_before_wrap();
    let inside = room.with_min_x(room.left() + side).with_max_x(room.right() - side);
    ui.scope_builder(UiBuilder::new().max_rect(inside), add).inner
}
