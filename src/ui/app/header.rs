//! What the header says: the state of things in words.

use crate::service::Health;
use crate::service::messages::Serving;
use crate::ui::theme::Tone;

use super::State;
use super::live_words::{self, LiveWords};

/// The words of the header.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Words {
    pub(super) tone: Tone,
    /// Whether calls are answered.
    pub(super) state: String,
    /// Which table is live, and what of the draft.
    pub(super) detail: LiveWords,
    pub(super) can_publish: bool,
    /// Why the draft cannot be published; empty where nothing stands against it.
    pub(super) obstacle: String,
}

/// The words for this state.
pub(super) fn words(state: &State) -> Words {
    let (tone, answering) = answering(state);
    let obstacle = obstacle(state);
    Words {
        tone,
        state: answering,
        detail: live_words::words(state),
        can_publish: !state.changes.is_empty() && obstacle.is_empty(),
        obstacle,
    }
}

fn answering(state: &State) -> (Tone, String) {
    let refused = || (Tone::Reject, "Every call is refused: no API key".to_owned());
    match &state.serving {
        Serving::Blocked { addr, free_port, .. } => {
            let port = addr.port();
            // Another port is only looked for where this one is taken.
            let why = if free_port.is_some() { "is taken" } else { "cannot be used" };
            (Tone::Reject, format!("Calls cannot be received: port {port} {why}"))
        }
        Serving::Starting => (Tone::Neutral, "Starting…".to_owned()),
        Serving::Listening(_) if state.is_practice() => {
            (Tone::Warning, "Practice mode: real calls are refused".to_owned())
        }
        Serving::Listening(_) if state.keys.current.is_none() => refused(),
        Serving::Listening(_) if state.skew.is_some_and(|skew| skew.is_refusing) => {
            (Tone::Reject, "Calls are refused: the clock is wrong".to_owned())
        }
        Serving::Listening(_) if state.proof.outage().is_some() => {
            let brief = state.proof.outage().map_or("", Health::brief);
            (Tone::Reject, format!("Calls do not arrive: {}", brief.to_lowercase()))
        }
        Serving::Listening(_) if state.proof.misses > 0 => {
            (Tone::Warning, "Answering calls; looking whether they arrive…".to_owned())
        }
        Serving::Listening(addr) => (Tone::Connect, format!("Answering calls on port {}", addr.port())),
    }
}

fn obstacle(state: &State) -> String {
    let Some(first) = state.obstacles().next() else { return String::new() };
    let first = format!("{}: {}", first.place, first.message);
    match state.obstacles().count() {
        1 => format!("To be put right first. {first}"),
        n => format!("{n} things are to be put right first. {first}"),
    }
}
