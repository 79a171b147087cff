//! Pictures of numbers: columns, ranked bars, a map of hours. Each takes values with their words, tells
//! them when pointed at and to screen readers, and gives back what was clicked.

mod columns;
mod heat;
mod ranking;

pub use columns::{Column, columns};
pub use heat::{Heat, heat};
pub use ranking::{Ranked, ranking};

use egui::{Id, Rect, Response, Role, Sense, Ui, WidgetInfo};

/// A part of a chart: says `about` when it is pointed at, and can be clicked if there is something
/// behind it.
fn part(ui: &Ui, rect: Rect, id: Id, about: &str, can_click: bool) -> Response {
    let sense = if can_click { Sense::click() } else { Sense::hover() };
    let response = ui.interact(rect, id, sense);
    let role = if can_click { Role::Button } else { Role::Label };
    response.widget_info(|| WidgetInfo::labeled(role, ui.is_enabled(), about));
    if can_click {
        response.clone().on_hover_cursor(egui::CursorIcon::PointingHand);
    }
    response.on_hover_text(about)
}
