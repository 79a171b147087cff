//! The certificate that this computer gets by itself: until when it is valid, or why there is none.

use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use egui::Ui;

use super::state_ui::row_ui;
use crate::reach::{Certified, Doing};
use crate::routing::moment_near;
use crate::service::messages::Command;
use crate::ui::app::{Action, Actions, State};
use crate::ui::decision::zone;
use crate::ui::theme::{Tone, icons};
use crate::ui::widgets::{Banner, Button, Level, safe_text};

/// Draws it, where there is to be one.
pub(super) fn certificate_ui(ui: &mut Ui, state: &State, actions: &mut Actions) {
    let Some(Certified { authority, valid_until, now }) = &state.certified else { return };
    let zone = zone(state);
    let day = |at: &DateTime<Utc>| at.with_timezone(&zone).format("%-d %b %Y").to_string();
    match (now, valid_until) {
        (Doing::Resting { renews_at }, valid_until) => {
            let until = valid_until.as_ref().map(day).unwrap_or_default();
            let words = format!("valid until {until}, and renewed by itself from {} on", day(renews_at));
            row_ui(ui, Tone::Connect, "Certificate", &words);
        }
        (Doing::Asking, None) => {
            row_ui(ui, Tone::Neutral, "Certificate", &format!("being asked for at {authority}…"));
        }
        (Doing::Asking, Some(until)) => {
            let words =
                format!("being renewed at {authority}…; the one in use is valid until {}", day(until));
            row_ui(ui, Tone::Neutral, "Certificate", &words);
        }
        // Why stands above, with a button.
        (Doing::Failed { again_at, .. }, None) => {
            let words = format!("{authority} is asked again {}", moment(*again_at, zone, state));
            row_ui(ui, Tone::Neutral, "Certificate", &words);
        }
        (Doing::Failed { why, again_at }, Some(until)) => {
            let title = format!("The certificate could not be renewed; it is valid until {}", day(until));
            let detail = format!(
                "{}. {}. It is asked again {}",
                safe_text(&why.reason),
                safe_text(&why.next),
                moment(*again_at, zone, state)
            );
            Banner::new(Level::Warning, &title).detail(&detail).show(ui, |ui| {
                if ui.add(Button::secondary("Ask now").with_icon(icons::REFRESH).small()).clicked() {
                    actions.push(Action::Send(Command::ReachAgain));
                }
            });
        }
    }
}

fn moment(at: DateTime<Utc>, zone: Tz, state: &State) -> String {
    moment_near(&at.with_timezone(&zone), state.now)
}
