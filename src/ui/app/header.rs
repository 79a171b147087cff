//! What the header says: the state of things in words.

use crate::service::{Grade, Known, Standing};
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
    let known = Known {
        serving: &state.serving,
        has_key: state.keys.current.is_some(),
        is_practice: state.is_practice(),
        skew: state.skew,
        proof: &state.proof,
        safe_mode: state.safe_mode,
    };
    let Standing { grade, words } = known.standing();
    let tone = match grade {
        Grade::Starting => Tone::Neutral,
        Grade::Good => Tone::Connect,
        Grade::Doubtful => Tone::Warning,
        Grade::Bad => Tone::Reject,
    };
    (tone, words)
}

fn obstacle(state: &State) -> String {
    let Some(first) = state.obstacles().next() else { return String::new() };
    let first = format!("{}: {}", first.place, first.message);
    match state.obstacles().count() {
        1 => format!("To be put right first. {first}"),
        n => format!("{n} things are to be put right first. {first}"),
    }
}
