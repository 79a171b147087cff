//! Dialogs: one question over a veiled window. Esc closes, the keyboard stays inside. A click beside
//! it does nothing, so that what was typed is not lost by a slip.

use super::Button;
use crate::ui::theme::{self, RADIUS, space, text};
use egui::{CornerRadius, Frame, Id, Layout, Margin, Modal, Stroke, Ui};

/// A dialog with a heading, content and a row of buttons.
#[must_use = "show it"]
pub struct Dialog<'a> {
    title: &'a str,
    width: f32,
}

impl<'a> Dialog<'a> {
    /// A dialog; its title is its identity too.
    pub fn new(title: &'a str) -> Self {
        Self { title, width: 440.0 }
    }

    /// This wide, in points (440 else), where the window is wide enough.
    pub fn width(mut self, width: f32) -> Self {
        self.width = width;
        self
    }

    /// Draws it. `buttons` are laid out from the right: the main one first. Gives back what both
    /// gave, and whether the person wants it closed with Esc.
    pub fn show<A, B>(
        self,
        ui: &Ui,
        content: impl FnOnce(&mut Ui) -> A,
        buttons: impl FnOnce(&mut Ui) -> B,
    ) -> (A, B, bool) {
        let p = theme::palette(ui);
        let id = Id::unique(("dialog", self.title));
        let window = ui.ctx().content_rect().size();
        let frame = Frame::new()
            .fill(p.raised)
            .stroke(Stroke::new(1.0, p.border))
            .corner_radius(CornerRadius::same(RADIUS + 4))
            .shadow(ui.visuals().window_shadow)
            .inner_margin(Margin::same(space::XL as i8));
        let modal = Modal::new(id).frame(frame).backdrop_color(p.veil).show(ui, |ui| {
            ui.set_width(self.width.min(window.x - 4.0 * space::XL));
            // Else it stays as low as it was in its first frame, however much it has to show.
            ui.set_max_height(window.y - 2.0 * space::XL);
            ui.label(text::heading(self.title));
            ui.add_space(space::XS);
            let inner = scrolled(ui, window.y - 200.0, content);
            ui.add_space(space::L);
            let row = Layout::right_to_left(egui::Align::Center);
            let size = egui::vec2(ui.available_width(), theme::CONTROL_HEIGHT);
            let pressed = ui.allocate_ui_with_layout(size, row, buttons).inner;
            (inner, pressed)
        });
        let close = modal.should_close() && !modal.backdrop_response.clicked();
        let (inner, pressed) = modal.inner;
        (inner, pressed, close)
    }
}

/// Shows content in as much height as it needs, up to `max_height`. The scroll bar stands in the
/// dialog's margin, where it covers nothing.
fn scrolled<A>(ui: &mut Ui, max_height: f32, content: impl FnOnce(&mut Ui) -> A) -> A {
    let width = ui.available_width();
    let mut place = ui.available_rect_before_wrap();
    place.max.x += space::M;
    let mut wider = ui.new_child(egui::UiBuilder::new().max_rect(place));
    let area = egui::ScrollArea::vertical().max_height(max_height).auto_shrink([false, true]);
    let inner = area.show(&mut wider, |ui| {
        ui.set_max_width(width);
        content(ui)
    });
    ui.allocate_space(egui::vec2(width, wider.min_rect().height()));
    inner.inner
}

/// A question with two answers.
#[must_use = "ask it"]
pub struct Confirm<'a> {
    /// The question.
    pub title: &'a str,
    /// What will happen.
    pub text: &'a str,
    /// The word on the button that does it.
    pub yes: &'a str,
    /// Whether it destroys something.
    pub danger: bool,
}

impl Confirm<'_> {
    /// Draws it; gives the answer once there is one. The harmless button has the keyboard first.
    #[must_use]
    pub fn ask(self, ui: &Ui) -> Option<bool> {
        let p = theme::palette(ui);
        let ((), answer, close) = Dialog::new(self.title).show(
            ui,
            |ui| {
                ui.label(text::soft(p, self.text));
            },
            |ui| {
                let yes = if self.danger { Button::danger(self.yes) } else { Button::primary(self.yes) };
                let yes = ui.add(yes);
                let no = ui.add(Button::secondary("Cancel"));
                if ui.memory(|memory| memory.focused().is_none()) {
                    let first = if self.danger { &no } else { &yes };
                    first.request_focus();
                }
                if yes.clicked() { Some(true) } else { no.clicked().then_some(false) }
            },
        );
        answer.or(close.then_some(false))
    }
}
