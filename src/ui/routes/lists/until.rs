//! The field for the last day of an entry.

use chrono::{Days, Months, NaiveDate};
use egui::Ui;

use crate::ui::theme::space;
use crate::ui::widgets::{Button, Field, TextField};

/// A day as it is typed; empty for always.
#[derive(Default)]
pub(super) struct Until {
    text: String,
}

impl Until {
    pub(super) fn of(until: Option<NaiveDate>) -> Self {
        Self { text: until.map_or_else(String::new, |day| day.to_string()) }
    }

    /// The day, or what is wrong with what was typed.
    pub(super) fn day(&self) -> Result<Option<NaiveDate>, &'static str> {
        let text = self.text.trim();
        if text.is_empty() {
            return Ok(None);
        }
        text.parse().map(Some).map_err(|_| "This is not a date; write it like 2026-12-31")
    }

    /// Draws the field with quick choices beside it.
    pub(super) fn ui(&mut self, ui: &mut Ui, today: NaiveDate) {
        let field = Field::new("Until").optional().error(self.day().err());
        field.help("The last day on which it counts; empty for always").show(ui, |ui| {
            ui.horizontal(|ui| {
                ui.spacing_mut().item_spacing.x = space::S;
                let field = TextField::new(&mut self.text).hint("2026-12-31").width(130.0);
                let response = ui.add(field.mono().id_salt("until"));
                let choices = [
                    ("1 week", today.checked_add_days(Days::new(7))),
                    ("1 month", today.checked_add_months(Months::new(1))),
                    ("1 year", today.checked_add_months(Months::new(12))),
                    ("Always", None),
                ];
                for (words, day) in choices {
                    if ui.add(Button::secondary(words)).clicked() {
                        *self = Self::of(day);
                    }
                }
                response
            })
            .inner
        });
    }
}
