//! Rows of a form: a label tied to its field, a helping sentence, and what is wrong.

use super::paint;
use crate::ui::theme::{self, Tone, icons, space, text};
use egui::{Response, Sense, Stroke, Ui, vec2};

/// A labelled field.
#[must_use = "show it in a ui"]
pub struct Field<'a> {
    label: &'a str,
    help: &'a str,
    error: Option<&'a str>,
    optional: bool,
}

impl<'a> Field<'a> {
    /// A field with this label.
    pub fn new(label: &'a str) -> Self {
        Self { label, help: "", error: None, optional: false }
    }

    /// A sentence below that helps.
    pub fn help(mut self, help: &'a str) -> Self {
        self.help = help;
        self
    }

    /// What is wrong, in place of the help, if anything is.
    pub fn error(mut self, error: Option<&'a str>) -> Self {
        self.error = error;
        self
    }

    /// Says that it may stay empty.
    pub fn optional(mut self) -> Self {
        self.optional = true;
        self
    }

    /// Draws label, the one control that `add` adds, and the sentence below it.
    pub fn show(self, ui: &mut Ui, add: impl FnOnce(&mut Ui) -> Response) -> Response {
        self.row(ui, |ui, label| add(ui).labelled_by(label))
    }

    /// The same for several controls; those without a name of their own get the label's.
    pub fn show_group<R>(self, ui: &mut Ui, add: impl FnOnce(&mut Ui) -> R) -> R {
        self.row(ui, |ui, label| ui.label_inputs_by(label, add))
    }

    fn row<R>(self, ui: &mut Ui, add: impl FnOnce(&mut Ui, egui::Id) -> R) -> R {
        let p = theme::palette(ui);
        ui.vertical(|ui| {
            ui.spacing_mut().item_spacing.y = 6.0;
            let row = std::mem::replace(&mut ui.spacing_mut().interact_size.y, 18.0);
            let label = ui
                .horizontal(|ui| {
                    ui.spacing_mut().item_spacing.x = 6.0;
                    let label = ui.label(text::label(self.label)).id;
                    if self.optional {
                        ui.label(text::faint(p, "optional"));
                    }
                    label
                })
                .inner;
            ui.spacing_mut().interact_size.y = row;
            let inner = ui
                .scope(|ui| {
                    if self.error.is_some() {
                        let red = Stroke::new(1.0, p.tone(Tone::Reject).solid);
                        let widgets = &mut ui.visuals_mut().widgets;
                        widgets.inactive.bg_stroke = red;
                        widgets.hovered.bg_stroke = red;
                    }
                    add(ui, label)
                })
                .inner;
            match self.error {
                Some(error) => error_line(ui, error),
                None if self.help.is_empty() => {}
                None => {
                    ui.label(text::help(p, self.help));
                }
            }
            inner
        })
        .inner
    }
}

fn error_line(ui: &mut Ui, error: &str) {
    let red = theme::palette(ui).tone(Tone::Reject).text;
    ui.horizontal_top(|ui| {
        ui.spacing_mut().item_spacing.x = space::XS + 2.0;
        let (rect, _) = ui.allocate_exact_size(vec2(14.0, 15.0), Sense::hover());
        paint::icon(ui, rect.center(), icons::CIRCLE_ALERT, 14.0, red);
        let words = text::help(theme::palette(ui), error).color(red);
        ui.add(egui::Label::new(words).wrap());
    });
}
