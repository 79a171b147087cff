//! Menus: behind a right click, and behind a "…" button.

use super::Button;
use crate::ui::theme::{self, icons, space};
use egui::{Popup, Response, Ui};

/// A "…" button called `name`, with a menu behind it.
pub fn more_menu(ui: &mut Ui, name: &str, add: impl FnOnce(&mut Ui)) -> Response {
    let button = ui.add(Button::icon(icons::ELLIPSIS, name).small());
    Popup::menu(&button).style(theme::menu_style).gap(4.0).show(add);
    button
}

/// The same menu behind a right click on something that senses clicks.
pub fn context_menu(response: &Response, add: impl FnOnce(&mut Ui)) {
    Popup::context_menu(response).style(theme::menu_style).show(add);
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
