//! Choosing one of several: a list that drops down, and a row of segments.

use super::{Button, paint};
use crate::routing::safe_text;
use crate::ui::theme::{self, CONTROL_HEIGHT, RADIUS_SMALL, icons, space, text};
use egui::style::StyleModifier;
use egui::{
    ComboBox, CornerRadius, Frame, Margin, Response, Role, Sense, Stroke, StrokeKind, Ui, WidgetInfo, vec2,
};

/// A list that drops down, this wide in points. `salt` tells it from others near it; name it with
/// [`super::Field`] or `accessible_name`. The response says `changed()`.
pub fn select<T: PartialEq + Clone>(
    ui: &mut Ui,
    salt: &str,
    width: f32,
    value: &mut T,
    options: &[(T, &str)],
) -> Response {
    let chosen = options.iter().find(|(option, _)| option == value);
    let shown = chosen.map_or("Choose…", |(_, words)| words);
    let mut changed = false;
    // egui makes the button as high as this, and the rows of a list too.
    let before = std::mem::replace(&mut ui.spacing_mut().interact_size.y, CONTROL_HEIGHT);
    let mut response = ComboBox::from_id_salt(salt)
        .selected_text(egui::RichText::new(shown).font(text::regular(text::BODY)))
        .width(width.min(ui.available_width()))
        .truncate()
        .popup_style(StyleModifier::new(theme::menu_style))
        .icon(|ui, rect, _, _| {
            let colour = theme::palette(ui).text_soft;
            paint::icon(ui, rect.center(), icons::CHEVRON_DOWN, text::ICON, colour);
        })
        .show_ui(ui, |ui| {
            for (option, words) in options {
                let mut row = Button::item(words, false);
                if option == value {
                    row = row.selected(true).with_trailing(icons::CHECK);
                }
                if ui.add(row).clicked() && option != value {
                    *value = option.clone();
                    changed = true;
                }
            }
        })
        .response;
    ui.spacing_mut().interact_size.y = before;
    if changed {
        response.mark_changed();
    }
    response
}

/// A row of segments, one of them chosen. Says whether the choice changed.
pub fn segmented<T: PartialEq + Clone>(ui: &mut Ui, value: &mut T, options: &[(T, &str)]) -> bool {
    let p = theme::palette(ui);
    let mut changed = false;
    Frame::new()
        .fill(p.sunken)
        .stroke(Stroke::new(1.0, p.border))
        .corner_radius(CornerRadius::same(RADIUS_SMALL))
        .inner_margin(Margin::same(2))
        .show(ui, |ui| {
            ui.horizontal(|ui| {
                ui.spacing_mut().item_spacing.x = 2.0;
                for (option, words) in options {
                    if segment(ui, option == value, words).clicked() && option != value {
                        *value = option.clone();
                        changed = true;
                    }
                }
            });
        });
    changed
}

fn segment(ui: &mut Ui, chosen: bool, words: &str) -> Response {
    let p = theme::palette(ui);
    let colour = if chosen { p.text } else { p.text_soft };
    let words = &*safe_text(words);
    let galley = paint::line(ui, words, text::medium(13.0), colour, paint::room(ui) - 2.0 * space::M);
    let size = vec2(galley.size().x + 2.0 * space::M, CONTROL_HEIGHT - 6.0);
    let (rect, response) = ui.allocate_exact_size(size, Sense::click());
    response.widget_info(|| WidgetInfo::selected(Role::RadioButton, ui.is_enabled(), chosen, words));
    let radius = RADIUS_SMALL - 2;
    if chosen {
        let border = Stroke::new(1.0, p.border_strong);
        let fill = if p.dark { p.border } else { p.surface };
        ui.painter().rect(rect, CornerRadius::same(radius), fill, border, StrokeKind::Inside);
    }
    let at = rect.center() - galley.size() / 2.0;
    ui.painter().galley(at, galley, colour);
    paint::focus_ring(ui, &response, rect, radius);
    response
}
