//! A line in the list: its name and number, who uses it, and how it is at Retell.

use egui::{Label, Ui};

use super::today::CallsToday;
use super::usage::User;
use super::{Pressed, edit_buttons, one_line, row, used_by};
use crate::routing::Line;
use crate::ui::app::{Actions, State};
use crate::ui::at_retell::LineAtRetell;
use crate::ui::theme::{palette, space, text};
use crate::ui::widgets::safe_text;

/// Draws it.
pub(super) fn line_ui(
    ui: &mut Ui,
    line: &Line,
    users: &[User],
    for_all: usize,
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
        strip.cell(|ui| {
            let words = today.words(number);
            one_line(ui, text::help(palette(ui), words.as_str()), &words);
        });
        strip.cell(|ui| pressed = edit_buttons(ui, name));
    });
    ui.spacing_mut().item_spacing.y = space::XS;
    if let Some(line) = LineAtRetell::of(line, state) {
        line.connection_ui(ui, actions);
        line.safety_ui(ui, actions);
    }
    let words = safe_text(&rules_words(users, for_all)).into_owned();
    ui.add(Label::new(text::help(palette(ui), words)).wrap());
    ui.add_space(space::XS);
    pressed
}

/// Which rules concern it: those that name it, and how many name no line at all.
fn rules_words(users: &[User], for_all: usize) -> String {
    let for_all = match for_all {
        0 => None,
        1 => Some("1 rule is for all lines".to_owned()),
        count => Some(format!("{count} rules are for all lines")),
    };
    let words: Vec<String> = used_by(users).into_iter().chain(for_all).collect();
    if words.is_empty() { "No rule for it: the fallback answers".to_owned() } else { words.join(" · ") }
}
