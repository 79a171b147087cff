//! The hours of a day as a field to type in.

use super::{parse_day, write_day};
use crate::plugins::hours::weekly::{Span, tidy};
use crate::ui::theme::{self, Tone};
use crate::ui::widgets::TextField;
use egui::{Id, Stroke, Ui};

/// Draws the field called `name`, `width` wide, or as wide as there is room. What cannot be read stays
/// while it is typed, with the reason, and changes nothing. Says whether the hours changed.
pub fn hours_field(
    ui: &mut Ui,
    state: Id,
    name: &str,
    width: Option<f32>,
    day: u8,
    spans: &mut Vec<Span>,
) -> bool {
    // What is being typed, and the hours it was typed over: when those change otherwise, it goes.
    let written = write_day(spans, day);
    let typing: Option<(String, String)> = ui.data(|data| data.get_temp(state));
    let typing = typing.filter(|(_, over)| *over == written).map(|(typed, _)| typed);
    let mut typed = typing.unwrap_or(written);
    let wrong = parse_day(day, &typed).err();
    if wrong.is_some() {
        let red = Stroke::new(1.0, theme::palette(ui).tone(Tone::Reject).solid);
        let widgets = &mut ui.visuals_mut().widgets;
        widgets.inactive.bg_stroke = red;
        widgets.hovered.bg_stroke = red;
        ui.visuals_mut().selection.stroke = red;
    }
    let mut field = TextField::new(&mut typed).hint("Closed").id_salt(state);
    if let Some(width) = width {
        field = field.width(width);
    }
    let response = ui.add(field).accessible_name(name);
    let mut changed = false;
    if response.changed()
        && let Ok(read) = parse_day(day, &typed)
    {
        spans.retain(|span| span.day != day);
        spans.extend(read);
        *spans = tidy(spans);
        changed = true;
    }
    let has_focus = response.has_focus();
    ui.data_mut(|data| {
        if has_focus {
            data.insert_temp(state, (typed, write_day(spans, day)));
        } else if wrong.is_none() {
            data.remove::<(String, String)>(state);
        }
    });
    if let Some(wrong) = wrong.filter(|_| has_focus || response.hovered()) {
        response.show_tooltip_text(wrong);
    }
    changed
}
