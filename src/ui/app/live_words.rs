//! What the header says of tables: which is live and until when, how the draft differs, and what
//! is planned.

use chrono::{DateTime, Utc};

use super::State;
use crate::routing::moment_short;
use crate::ui::decision::zone;
use crate::ui::widgets::time_until;

/// What the header says of tables.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct LiveWords {
    /// "Live v12 · draft has 3 changes · publishes on 24 Dec, 18:00 (in 3 days)".
    pub(super) full: String,
    /// The same for a narrow window: "Live v12 · 3 changes · publishes 24 Dec, 18:00".
    pub(super) brief: String,
}

pub(super) fn words(state: &State) -> LiveWords {
    let joined = |brief| {
        let parts = [Some(live(state, brief)), Some(draft(state, brief)), planned(state, brief)];
        parts.into_iter().flatten().collect::<Vec<_>>().join(" · ")
    };
    LiveWords { full: joined(false), brief: joined(true) }
}

fn live(state: &State, brief: bool) -> String {
    match (state.live.version, state.live_until()) {
        (0, _) => "No table is live".to_owned(),
        (version, None) => format!("Live v{version}"),
        (version, Some(until)) if brief => format!("Live v{version} until {}", short(state, until.at)),
        (version, Some(until)) => {
            format!("Live v{version} until {}, then v{} again", moment(state, until.at), until.back_to)
        }
    }
}

fn draft(state: &State, brief: bool) -> String {
    if state.not_saved.is_some() {
        return "the draft is not saved!".to_owned();
    }
    match state.changes.len() {
        0 if brief => "no changes".to_owned(),
        0 => "no unpublished changes".to_owned(),
        n => {
            let changes = if n == 1 { "1 change".to_owned() } else { format!("{n} changes") };
            if brief { changes } else { format!("draft has {changes}") }
        }
    }
}

fn planned(state: &State, brief: bool) -> Option<String> {
    if state.plans.iter().any(|plan| plan.failed.is_some()) {
        return Some("a planned publish failed!".to_owned());
    }
    let next = state.plans.first()?;
    Some(if brief {
        format!("publishes {}", short(state, next.at))
    } else {
        format!("publishes on {}", moment(state, next.at))
    })
}

/// "24 Dec, 18:00 (in 3 days)".
fn moment(state: &State, at: DateTime<Utc>) -> String {
    format!("{} ({})", short(state, at), time_until(at, state.now))
}

/// "24 Dec, 18:00".
fn short(state: &State, at: DateTime<Utc>) -> String {
    moment_short(&at.with_timezone(&zone(state)), state.now)
}
