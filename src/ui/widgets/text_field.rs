//! Fields to type into: one line, several lines, and secrets that can be revealed.

use super::Button;
use crate::ui::theme::{CONTROL_HEIGHT, icons, space, text};
use egui::{Margin, Response, TextEdit, Ui, Widget, vec2};

/// What goes into a single line; a pasted book would hold up the window.
const MOST_IN_A_LINE: usize = 10_000;

/// A text field; as wide as there is room unless a width is set.
#[must_use = "add it to a ui"]
pub struct TextField<'a> {
    value: &'a mut String,
    hint: &'a str,
    rows: usize,
    width: Option<f32>,
    mono: bool,
    secret: bool,
    id_salt: Option<egui::IdSalt>,
}

impl<'a> TextField<'a> {
    /// One line of text.
    pub fn new(value: &'a mut String) -> Self {
        Self { value, hint: "", rows: 1, width: None, mono: false, secret: false, id_salt: None }
    }

    /// Shown while it is empty: an example.
    pub fn hint(mut self, hint: &'a str) -> Self {
        self.hint = hint;
        self
    }

    /// Several lines, this many at least.
    pub fn rows(mut self, rows: usize) -> Self {
        self.rows = rows;
        self
    }

    /// This wide, in points.
    pub fn width(mut self, width: f32) -> Self {
        self.width = Some(width);
        self
    }

    /// For code and numbers.
    pub fn mono(mut self) -> Self {
        self.mono = true;
        self
    }

    /// Dots instead of letters, with a button that reveals them.
    pub fn secret(mut self) -> Self {
        self.secret = true;
        self
    }

    /// A lasting identity, where fields come and go around it.
    pub fn id_salt(mut self, salt: impl egui::AsIdSalt) -> Self {
        self.id_salt = Some(egui::IdSalt::new(salt));
        self
    }

    fn edit(self, ui: &mut Ui, width: f32, hidden: bool) -> Response {
        let font = if self.mono { text::mono(text::MONO) } else { text::regular(text::BODY) };
        let edit = if self.rows > 1 {
            TextEdit::multiline(self.value).desired_rows(self.rows)
        } else {
            TextEdit::singleline(self.value)
                .align(egui::Align2::LEFT_CENTER)
                .min_size(vec2(0.0, CONTROL_HEIGHT))
                .char_limit(MOST_IN_A_LINE)
        };
        let mut edit = edit
            .hint_text(self.hint)
            .font(font)
            .password(hidden)
            .margin(Margin::symmetric(10, 6))
            .desired_width(width);
        if let Some(salt) = self.id_salt {
            edit = edit.id_salt(salt);
        }
        ui.add(edit)
    }
}

impl Widget for TextField<'_> {
    fn ui(self, ui: &mut Ui) -> Response {
        let width = self.width.unwrap_or_else(|| ui.available_width());
        if !self.secret {
            return self.edit(ui, width, false);
        }
        let state = ui.scope_id().with(("revealed", self.id_salt));
        let mut revealed = ui.data(|data| data.get_temp(state).unwrap_or(false));
        ui.horizontal(|ui| {
            ui.spacing_mut().item_spacing.x = space::XS;
            let response = self.edit(ui, width - CONTROL_HEIGHT - space::XS, !revealed);
            let (icon, name) = if revealed { (icons::EYE_OFF, "Hide") } else { (icons::EYE, "Show") };
            if ui.add(Button::icon(icon, name)).clicked() {
                revealed = !revealed;
                ui.data_mut(|data| data.insert_temp(state, revealed));
            }
            response
        })
        .inner
    }
}
