//! What the header says of tables: which is live and until when, how the draft differs, and what
//! is planned.

use chrono::{DateTime, Utc};

use super::State;
use crate::routing::moment_short;
use crate::ui::decision::zone;
use crate::ui::widgets::time_until;

/// "Live v12 · draft has 3 changes · next on 24 Dec, 18:00 (in 3 days)".
pub(super) fn words(state: &State) -> String {
    let parts = [Some(live(state)), Some(draft(state)), planned(state)];
    parts.into_iter().flatten().collect::<Vec<_>>().join(" · ")
}

fn live(state: &State) -> String {
    match (state.live.version, state.live_until()) {
        (0, _) => "No table is live".to_owned(),
        (version, None) => format!("Live v{version}"),
        (version, Some(until)) => {
            format!("Live v{version} until {}, then v{} again", moment(state, until.at), until.back_to)
        }
    }
}

fn draft(state: &State) -> String {
    if state.not_saved.is_some() {
        return "the draft is not saved!".to_owned();
    }
    match state.changes.len() {
        0 => "no unpublished changes".to_owned(),
        1 => "draft has 1 change".to_owned(),
        n => format!("draft has {n} changes"),
    }
}

fn planned(state: &State) -> Option<String> {
    if state.plans.iter().any(|plan| plan.failed.is_some()) {
        return Some("a planned publish failed!".to_owned());
    }
    let next = state.plans.first()?;
    Some(format!("publishes on {}", moment(state, next.at)))
}

/// "24 Dec, 18:00 (in 3 days)".
fn moment(state: &State, at: DateTime<Utc>) -> String {
    let local = moment_short(&at.with_timezone(&zone(state)), state.now);
    format!("{local} ({})", time_until(at, state.now))
}
