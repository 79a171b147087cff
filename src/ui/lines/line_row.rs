//! A line in the list: its name and number, who uses it, and how it is at Retell.

use egui::{Label, Ui};

use super::today::CallsToday;
use super::usage::User;
use super::{Pressed, edit_buttons, one_line, row, used_by_ui};
use crate::routing::Line;
use crate::ui::app::{Actions, State};
use crate::ui::at_retell::LineAtRetell;
use crate::ui::theme::{palette, space, text};

/// Draws it.
pub(super) fn line_ui(
    ui: &mut Ui,
    line: &Line,
    users: &[User],
    today: &CallsToday<'_>,
    state: &State,
    actions: &mut Actions,
) -> Option<Pressed> {
    let Line { id: _, name, number } = line;
    let mut pressed = None;
    row(ui, |strip| {
        strip.cell(|ui| one_line(ui, text::label(name.as_str()), name));
        strip.cell(|ui| {
            let number = state.number(Some(number));
            one_line(ui, text::body(number.as_str()), &number);
        });
        strip.cell(|ui| used_by_ui(ui, users));
        strip.cell(|ui| pressed = edit_buttons(ui, name));
    });
    ui.spacing_mut().item_spacing.y = space::XS;
    if let Some(line) = LineAtRetell::of(line, state) {
        line.connection_ui(ui, actions);
        line.safety_ui(ui, actions);
    }
    ui.add(Label::new(text::help(palette(ui), today.words(number))));
    ui.add_space(space::XS);
    pressed
}
