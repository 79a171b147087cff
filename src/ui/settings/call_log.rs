//! How long calls are kept, and whether their numbers can be read in the window.

use egui::Ui;

use super::save;
use crate::storage::Settings;
use crate::ui::app::{Actions, State};
use crate::ui::theme::space;
use crate::ui::widgets::{Field, section, select, toggle};

const ABOUT: &str = "Calls that are older go from the log by themselves, a few at a time; a week before the first \
     ones go it is said here and above. None go while no call has come for a month";

const USUAL: [(Option<u32>, &str); 5] = [
    (Some(30), "30 days"),
    (Some(90), "90 days"),
    (Some(365), "A year"),
    (Some(3650), "Ten years"),
    (None, "For good"),
];

pub(super) fn ui(ui: &mut Ui, state: &State, actions: &mut Actions) {
    section(ui, "Call log", ABOUT, |ui| {
        let mut days = state.settings.keep_calls_days;
        let by_hand = days.map(|days| format!("{days} days")).unwrap_or_default();
        let mut choices = USUAL.to_vec();
        if !choices.iter().any(|(choice, _)| *choice == days) {
            choices.push((days, &by_hand));
        }
        let help = "Save calls as a file first if you want to keep older ones";
        Field::new("Keep calls").help(help).show_group(ui, |ui| {
            if select(ui, "Keep calls", 180.0, &mut days, &choices).changed() {
                actions.push(save(Settings { keep_calls_days: days, ..state.settings.clone() }));
            }
        });
        ui.add_space(space::M);
        let mut hide_numbers = state.settings.hide_numbers;
        if toggle(ui, &mut hide_numbers, "Hide phone numbers from others in the room").changed() {
            actions.push(save(Settings { hide_numbers, ..state.settings.clone() }));
        }
    });
}
