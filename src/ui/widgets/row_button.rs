//! A row of a menu or a list that can be chosen: a title, and a line of help below it.

use crate::routing::safe_text;
use crate::ui::theme::{RADIUS_SMALL, palette, text};
use egui::{CornerRadius, Role, Sense, Ui, WidgetInfo};

/// The row. Says whether it was chosen.
pub fn row_button(ui: &mut Ui, title: &str, help: &str) -> bool {
    let p = palette(ui);
    let (title, help) = (&*safe_text(title), &*safe_text(help));
    let width = ui.available_width();
    let inside = width - 20.0;
    let title_job = egui::text::LayoutJob::simple(title.to_owned(), text::medium(text::BODY), p.text, inside);
    let help_job =
        egui::text::LayoutJob::simple(help.to_owned(), text::regular(text::SMALL), p.text_soft, inside);
    let (title_text, help_text) = (ui.painter().layout_job(title_job), ui.painter().layout_job(help_job));
    let height = 12.0 + title_text.size().y + 2.0 + help_text.size().y;
    let (rect, response) = ui.allocate_exact_size(egui::vec2(width, height), Sense::click());
    response.widget_info(|| WidgetInfo::labeled(Role::Button, ui.is_enabled(), title));
    if response.hovered() || response.has_focus() {
        ui.painter().rect_filled(rect, CornerRadius::same(RADIUS_SMALL), p.sunken);
    }
    let at = rect.min + egui::vec2(10.0, 6.0);
    let below = at + egui::vec2(0.0, title_text.size().y + 2.0);
    ui.painter().galley(at, title_text, p.text);
    ui.painter().galley(below, help_text, p.text_soft);
    response.clicked()
}
