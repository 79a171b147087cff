//! Choosing one of very many: a list that drops down, with a field that narrows it.

use super::{Button, TextField};
use crate::ui::theme::{self, CONTROL_HEIGHT, icons};
use egui::{Popup, PopupCloseBehavior, Response, ScrollArea, Ui};
use std::sync::LazyLock;

const LIST_HEIGHT: f32 = 260.0;
const LIST_WIDTH: f32 = 300.0;

/// A list of all time zones to choose from, by their names. Gives back the one that was chosen.
pub fn zone_select(ui: &mut Ui, shown: &str) -> (Response, Option<&'static str>) {
    static ZONES: LazyLock<Vec<(&'static str, String)>> = LazyLock::new(|| {
        chrono_tz::TZ_VARIANTS.iter().map(|zone| (zone.name(), zone_words(zone.name()))).collect()
    });
    let (button, chosen) = search_select(ui, "Time zone", shown, &ZONES);
    (button, chosen.copied())
}

/// A zone's name for people: "America/New York".
#[must_use]
pub fn zone_words(zone: &str) -> String {
    zone.replace('_', " ")
}

/// A button that says `shown`, and behind it the options of which the words hold what is typed.
/// Gives back the one that was chosen. `name` is what screen readers call it.
pub fn search_select<'a, T>(
    ui: &mut Ui,
    name: &str,
    shown: &str,
    options: &'a [(T, String)],
) -> (Response, Option<&'a T>) {
    search_menu(ui, Button::secondary(shown).with_trailing(icons::CHEVRON_DOWN).name(name), name, options)
}

/// The same behind any other button.
pub fn search_menu<'a, T>(
    ui: &mut Ui,
    button: Button<'_>,
    name: &str,
    options: &'a [(T, String)],
) -> (Response, Option<&'a T>) {
    let button = ui.add(button);
    let typed_id = button.id.with("typed");
    let popup = Popup::menu(&button)
        .close_behavior(PopupCloseBehavior::CloseOnClickOutside)
        .style(theme::menu_style)
        .gap(4.0);
    let chosen = popup.show(|ui| {
        ui.set_width(LIST_WIDTH);
        let mut typed: String = ui.data(|data| data.get_temp(typed_id)).unwrap_or_default();
        let field = ui
            .add(TextField::new(&mut typed).hint("Search").id_salt(typed_id))
            .accessible_name(format!("Search: {name}"));
        if button.clicked() {
            field.request_focus();
        }
        let words = typed.to_lowercase();
        ui.data_mut(|data| data.insert_temp(typed_id, typed));
        let found: Vec<_> = options.iter().filter(|(_, text)| text.to_lowercase().contains(&words)).collect();
        if found.is_empty() {
            ui.label(theme::text::help(theme::palette(ui), "Nothing is called that"));
        }
        rows_ui(ui, &found)
    });
    let chosen = chosen.and_then(|popup| popup.inner);
    if chosen.is_some() {
        Popup::close_id(ui.ctx(), Popup::default_response_id(&button));
        ui.data_mut(|data| data.remove::<String>(typed_id));
    }
    (button, chosen)
}

fn rows_ui<'a, T>(ui: &mut Ui, found: &[&'a (T, String)]) -> Option<&'a T> {
    let mut chosen = None;
    ScrollArea::vertical().max_height(LIST_HEIGHT).auto_shrink([false, true]).show_rows(
        ui,
        CONTROL_HEIGHT,
        found.len(),
        |ui, rows| {
            for (value, text) in found[rows].iter().copied() {
                if ui.add(Button::item(text, false)).clicked() {
                    chosen = Some(value);
                }
            }
        },
    );
    chosen
}
