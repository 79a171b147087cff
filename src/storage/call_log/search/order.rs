//! The order in which calls that were found stand.

use std::cmp::Reverse;

use serde::{Deserialize, Serialize};

use crate::storage::call_log::Summary;

/// In which order calls are wanted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Order {
    /// The newest first.
    #[default]
    Newest,
    /// The oldest first.
    Oldest,
    /// By who called: names, then numbers, then those who hide theirs.
    Caller,
    /// By the line's name, else its number.
    Line,
    /// By the name of what decided.
    Rule,
    /// By the agent's name; calls without one come last.
    Agent,
    /// What took longest first.
    Slowest,
}

impl Order {
    /// By anything but the time, no more calls than this are put in order: the newest. More than a
    /// person reads, and read from the log in a moment.
    pub const MOST: usize = 10_000;

    /// Whether it is by the time, so that all calls can stand in it.
    #[must_use]
    pub fn is_by_time(self) -> bool {
        matches!(self, Self::Newest | Self::Oldest)
    }

    /// Puts calls, newest first, in this order; alike ones stay newest first.
    pub(super) fn sort(self, calls: &mut [Summary]) {
        fn words(text: Option<&String>) -> (bool, String) {
            (text.is_none(), text.map(|text| text.to_lowercase()).unwrap_or_default())
        }
        match self {
            Self::Newest => {}
            Self::Oldest => calls.reverse(),
            Self::Caller => calls.sort_by_cached_key(|call| {
                (call.caller_name.is_none(), words(call.caller_name.as_ref().or(call.from.as_ref())))
            }),
            Self::Line => {
                calls.sort_by_cached_key(|call| words(Some(call.line.as_ref().unwrap_or(&call.to))));
            }
            Self::Rule => {
                calls.sort_by_cached_key(|call| words(call.overruled.as_ref().or(call.rule_name.as_ref())));
            }
            Self::Agent => calls.sort_by_cached_key(|call| words(call.agent.as_ref())),
            Self::Slowest => calls.sort_by_key(|call| Reverse(call.took_us)),
        }
    }
}
