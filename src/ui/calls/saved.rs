//! The menu of filters that have a name, and the dialog that gives one.

use egui::{Key, Ui};

use super::filter::FilterBar;
use crate::service::messages::Command;
use crate::storage::{SavedFilter, Settings};
use crate::ui::app::{Action, Actions, State};
use crate::ui::theme::icons;
use crate::ui::widgets::{
    Button, Dialog, Field, TextField, menu_button, menu_danger, menu_item, menu_separator, safe_text,
};

/// So many letters a name has at most.
const NAME_MAX: usize = 60;

/// The menu, and the name while it is typed.
#[derive(Default)]
pub(super) struct SavedFilters {
    naming: Option<String>,
}

impl SavedFilters {
    /// Draws the button. There is none while nothing is saved and nothing is chosen.
    pub(super) fn ui(&mut self, ui: &mut Ui, state: &State, bar: &mut FilterBar, actions: &mut Actions) {
        let saved = &state.settings.saved_filters;
        if saved.is_empty() && !bar.is_on() {
            return;
        }
        let shown = saved.iter().find(|saved| bar.is(saved));
        let words = shown.map(|saved| safe_text(&saved.name));
        let words = words.as_deref().unwrap_or("Saved filters");
        let button = Button::secondary(words).with_icon(icons::BOOKMARK).with_trailing(icons::CHEVRON_DOWN);
        let button = button.small().selected(shown.is_some()).name("Saved filters");
        menu_button(ui, button, |ui| {
            for filter in saved {
                let is_shown = shown.is_some_and(|shown| shown.name == filter.name);
                let icon = if is_shown { icons::CHECK } else { icons::FILTER };
                if menu_item(ui, icon, &safe_text(&filter.name)).clicked() {
                    bar.take(filter);
                }
            }
            if !saved.is_empty() {
                menu_separator(ui);
            }
            if let Some(shown) = shown {
                let words = format!("Remove “{}”", safe_text(&shown.name));
                if menu_danger(ui, icons::TRASH, &words).clicked() {
                    let mut left = saved.clone();
                    left.retain(|filter| filter.name != shown.name);
                    actions.push(save(state, left));
                }
            } else if bar.is_on() && menu_item(ui, icons::PLUS, "Save these filters…").clicked() {
                self.naming = Some(String::new());
            }
        });
        self.naming_ui(ui, state, bar, actions);
    }

    fn naming_ui(&mut self, ui: &Ui, state: &State, bar: &FilterBar, actions: &mut Actions) {
        let Some(name) = &mut self.naming else { return };
        let typed = name.trim().to_owned();
        let saved = &state.settings.saved_filters;
        let is_same = |other: &SavedFilter| other.name.to_lowercase() == typed.to_lowercase();
        let error = match saved.iter().any(is_same) {
            true => Some("Another one is called that; choose another name"),
            false if typed.chars().count() > NAME_MAX => Some("This name is too long; choose a shorter one"),
            false => None,
        };
        let is_ready = !typed.is_empty() && error.is_none();
        let (enter, (is_done, cancels), closed) = Dialog::new("Save these filters").width(440.0).show(
            ui,
            |ui| {
                let help = "Days such as “Last 7 days” move on with time";
                let field = Field::new("Name").help(help).error(error);
                let field = field.show(ui, |ui| {
                    ui.add(TextField::new(name).hint("Rejected this week").id_salt("filter name"))
                });
                if ui.memory(|memory| memory.focused().is_none()) {
                    field.request_focus();
                }
                ui.input(|input| input.key_pressed(Key::Enter))
            },
            |ui| {
                let is_done = ui.add_enabled(is_ready, Button::primary("Save")).clicked();
                (is_done, ui.add(Button::secondary("Cancel")).clicked())
            },
        );
        if is_done || (enter && is_ready) {
            let mut filters = saved.clone();
            filters.push(bar.to_save(typed));
            filters.sort_by_key(|filter| filter.name.to_lowercase());
            actions.push(save(state, filters));
            self.naming = None;
        } else if cancels || closed {
            self.naming = None;
        }
    }
}

fn save(state: &State, saved_filters: Vec<SavedFilter>) -> Action {
    Action::Send(Command::SaveSettings(Settings { saved_filters, ..state.settings.clone() }))
}
