//! What is said of a shift under the pointer.

use chrono_tz::Tz;
use egui::{Label, Ui};

use crate::routing::week::LineWeek;
use crate::ui::theme::{palette, space, text};
use crate::ui::widgets::{safe_text, warning_line};

/// So many other rules are named.
const NAMED: usize = 6;

/// Draws it.
pub(super) fn ui(ui: &mut Ui, line: &LineWeek, zone: Tz, shift: usize) {
    let p = palette(ui);
    let Some(shift) = line.shifts.get(shift) else { return };
    ui.spacing_mut().item_spacing.y = space::XS;
    ui.set_max_width(360.0);
    let words = format!("{} · {}", line.when_words(shift, zone), line.taker(shift).words());
    ui.add(Label::new(text::label(safe_text(&words).into_owned())).wrap());
    if !shift.others.is_empty() {
        ui.label(text::help(p, "Also possible here, for some callers:"));
        for words in line.other_words(shift).take(NAMED) {
            ui.add(Label::new(text::help(p, safe_text(&format!("•  {words}")).into_owned())).wrap());
        }
        if shift.others.len() > NAMED {
            ui.label(text::help(p, format!("•  and {} more", shift.others.len() - NAMED)));
        }
    }
    if shift.is_sampled {
        warning_line(ui, "One of its conditions can only be asked, so the edges may be off by 15 minutes");
    }
    ui.label(text::faint(p, "Click to try a call then"));
}
