//! Whether Retell may tell what became of calls.

use egui::{Frame, Margin, Ui};

use crate::service::EVENTS_PATH;
use crate::storage::Settings;
use crate::ui::app::{Actions, State};
use crate::ui::theme::{self, RADIUS_SMALL, space, text};
use crate::ui::widgets::{section, toggle};

const ABOUT: &str = "Optional. Retell tells how long a call lasted, how it ended and what it was about, and the call's \
                     line under Calls says so, such as “4 min · booked”";

/// Draws the section.
pub(super) fn call_events_ui(ui: &mut Ui, state: &State, actions: &mut Actions) {
    section(ui, "What became of calls", ABOUT, |ui| {
        let mut takes = state.settings.take_call_events;
        if toggle(ui, &mut takes, "Take call events").changed() {
            actions.push(super::save(Settings { take_call_events: takes, ..state.settings.clone() }));
        }
        if !takes {
            return;
        }
        let p = theme::palette(ui);
        let url = state.url_of(EVENTS_PATH);
        ui.add_space(space::XS);
        ui.label(text::label("Address for call events on this computer"));
        Frame::new()
            .fill(p.sunken)
            .corner_radius(RADIUS_SMALL)
            .inner_margin(Margin::symmetric(space::M as i8, space::XS as i8))
            .show(ui, |ui| super::copyable_ui(ui, &url, "Copy the address for call events", actions));
        let help = format!(
            "At Retell, set your tunnel's address followed by {EVENTS_PATH} as the webhook of your account or of an \
             agent. Only what is signed with your key is taken; transcripts are not kept"
        );
        ui.label(text::help(p, help));
    });
}
