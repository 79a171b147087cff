//! The call that has just come in, calmly said in the header for some seconds.

use chrono::{DateTime, TimeDelta, Utc};
use egui::Ui;

use super::{Action, Actions, State};
use crate::routing::Medium;
use crate::storage::call_log::Summary;
use crate::ui::theme::icons;
use crate::ui::widgets::shell::Place;
use crate::ui::widgets::{Button, safe_text};

/// So long it is said.
const SHOWN: TimeDelta = TimeDelta::seconds(8);
/// It takes no more of the header, in points: in a narrow window and in others.
const WIDTH: (f32, f32) = (150.0, 400.0);
const NARROW: f32 = 1200.0;

/// Draws it; a click shows the calls.
pub(super) fn ringing_ui(ui: &mut Ui, state: &State, actions: &mut Actions) {
    let Some(call) = state.calls.front() else { return };
    let ends = arrived(call) + SHOWN;
    let Some(left) = (ends - state.now).to_std().ok().filter(|_| arrived(call) <= state.now) else { return };
    ui.ctx().request_repaint_after(left);
    let words = words(state, call);
    let icon = if call.medium == Medium::Text { icons::MESSAGE } else { icons::PHONE_INCOMING };
    ui.scope(|ui| {
        let is_narrow = ui.ctx().content_rect().width() < NARROW;
        ui.set_max_width(if is_narrow { WIDTH.0 } else { WIDTH.1 });
        let button = Button::secondary(&words).with_icon(icon).selected(true).tooltip(&words);
        if ui.add(button).clicked() {
            actions.push(Action::Go(Place::Calls));
        }
    });
}

fn arrived(call: &Summary) -> DateTime<Utc> {
    DateTime::from_timestamp_millis(call.at_ms).unwrap_or_default()
}

/// "Anna Miller calls Main line"; with others that came in the same seconds: "… and 2 more".
fn words(state: &State, call: &Summary) -> String {
    let caller = match (&call.caller_name, &call.from) {
        (Some(name), _) => name.clone(),
        (None, Some(from)) => state.number(Some(from)),
        (None, None) if call.unreadable => "Somebody".to_owned(),
        (None, None) => "A withheld number".to_owned(),
    };
    let does = if call.medium == Medium::Text { "writes to" } else { "calls" };
    let line = match &call.line {
        Some(name) => name.clone(),
        None if call.to.is_empty() => "an unknown line".to_owned(),
        None => state.number(Some(&call.to)),
    };
    let others = state.calls.iter().skip(1).take_while(|other| arrived(other) + SHOWN > state.now).count();
    let more = if others == 0 { String::new() } else { format!(" and {others} more") };
    let test = if call.is_test { " (a test)" } else { "" };
    safe_text(&format!("{caller} {does} {line}{test}{more}")).into_owned()
}
