//! When something that was counted over the log is to be counted again: at once for something else,
//! and after new calls, but not for each of them on a busy day.

use std::time::Duration;

use chrono::{DateTime, Utc};
use egui::Context;

use crate::ui::app::State;

/// How long counts stay as they are while calls come in.
const REST: Duration = Duration::from_secs(10);

/// What was counted last.
pub(super) struct Recount<T> {
    of: T,
    calls: u64,
    at: DateTime<Utc>,
}

impl<T> Recount<T> {
    /// Whether to count for `of` now; `is_same` compares with what was counted last.
    pub(super) fn is_due(
        last: &mut Option<Self>,
        ctx: &Context,
        state: &State,
        of: T,
        is_same: impl Fn(&T, &T) -> bool,
    ) -> bool {
        if let Some(last) = last
            && is_same(&last.of, &of)
        {
            let passed = (state.now - last.at).to_std().unwrap_or_default();
            if last.calls == state.total_calls {
                return false;
            }
            if passed < REST {
                ctx.request_repaint_after(REST.saturating_sub(passed));
                return false;
            }
        }
        *last = Some(Self { of, calls: state.total_calls, at: state.now });
        true
    }
}
