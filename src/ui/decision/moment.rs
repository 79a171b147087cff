//! Moments in the business's own time zone.

use chrono::{DateTime, Utc};
use chrono_tz::Tz;

use crate::ui::app::State;

/// The business's time zone; UTC if the table names one that does not exist.
pub(crate) fn zone(state: &State) -> Tz {
    state.draft.time_zone()
}

/// "Mon 23 Nov 2026, 14:03:12 EST".
pub(crate) fn exact(state: &State, at: DateTime<Utc>) -> String {
    at.with_timezone(&zone(state)).format("%a %-d %b %Y, %H:%M:%S %Z").to_string()
}

/// Whether two moments are on the same day where the business is.
pub(crate) fn same_day(state: &State, one: DateTime<Utc>, other: DateTime<Utc>) -> bool {
    let zone = zone(state);
    one.with_timezone(&zone).date_naive() == other.with_timezone(&zone).date_naive()
}
