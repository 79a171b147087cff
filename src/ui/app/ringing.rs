//! The call that has just come in, calmly said in the header for some seconds.

use chrono::{DateTime, TimeDelta, Utc};
use egui::Context;

use super::State;
use crate::routing::Medium;
use crate::storage::call_log::Summary;
use crate::ui::theme::icons;
use crate::ui::widgets::safe_text;

/// So long it is said.
const SHOWN: TimeDelta = TimeDelta::seconds(8);

/// Its sign and words, if there is one; the window is drawn again when it is over.
pub(super) fn ringing(ctx: &Context, state: &State) -> Option<(char, String)> {
    let call = state.calls.front()?;
    let ends = arrived(call) + SHOWN;
    let left = (ends - state.now).to_std().ok().filter(|_| arrived(call) <= state.now)?;
    ctx.request_repaint_after(left);
    let icon = if call.medium == Medium::Text { icons::MESSAGE } else { icons::PHONE_INCOMING };
    Some((icon, words(state, call)))
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
