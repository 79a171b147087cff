//! Filters of the screen "Calls" that the owner gave a name.

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

use super::call_log::search::Filter;

/// A filter with its name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SavedFilter {
    /// What the owner calls it.
    pub name: String,
    /// What is looked for, but for the time.
    #[serde(default)]
    pub filter: Filter,
    /// Of which days; of all, if none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub days: Option<DaysChoice>,
}

/// Days to choose calls by, in the business's time zone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DaysChoice {
    /// The day that is today then.
    Today,
    /// The one before.
    Yesterday,
    /// So many up to now, today included.
    Last(u32),
    /// From the one to the other, both included.
    Between(NaiveDate, NaiveDate),
    /// The hour that begins then.
    Hour(DateTime<Utc>),
}
