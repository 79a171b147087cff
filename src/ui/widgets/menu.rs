//! Menus: behind a right click, and behind a "…" button.

use super::Button;
use crate::ui::theme::{self, icons, space};
use egui::{Popup, Response, Ui};

/// How wide a menu is at least, in points.
const MIN_WIDTH: f32 = 176.0;

/// A "…" button called `name`, with a menu behind it.
pub fn more_menu(ui: &mut Ui, name: &str, add: impl FnOnce(&mut Ui)) -> Response {
    menu_button(ui, Button::icon(icons::ELLIPSIS, name).small(), add)
}

/// Any other button with a menu behind it.
pub fn menu_button(ui: &mut Ui, button: Button<'_>, add: impl FnOnce(&mut Ui)) -> Response {
    let button = ui.add(button);
    show(Popup::menu(&button), add);
    button
}

/// The same menu behind a right click on something that senses clicks.
pub fn context_menu(response: &Response, add: impl FnOnce(&mut Ui)) {
    show(Popup::context_menu(response), add);
}

fn show(popup: Popup<'_>, add: impl FnOnce(&mut Ui)) {
    popup.style(theme::menu_style).gap(space::XS).show(|ui| {
        ui.set_min_width(MIN_WIDTH);
        add(ui);
    });
}

/// A row of a menu. A click closes the menu.
pub fn menu_item(ui: &mut Ui, icon: char, words: &str) -> Response {
    ui.add(Button::item(words, false).with_icon(icon))
}

/// A row of a menu that destroys something.
pub fn menu_danger(ui: &mut Ui, icon: char, words: &str) -> Response {
    ui.add(Button::item(words, true).with_icon(icon))
}

/// A hairline between rows of a menu.
pub fn menu_separator(ui: &mut Ui) {
    ui.add_space(space::XS / 2.0);
    super::divider(ui);
    ui.add_space(space::XS / 2.0);
}
