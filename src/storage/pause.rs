//! A pause of notices: until when nobody is told of anything. What happens meanwhile is told afterwards.

use chrono::{DateTime, TimeDelta, Utc};
use chrono_tz::Tz;
use serde::{Deserialize, Serialize};

use crate::routing::moment_near;

/// How long it lasts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Pause {
    /// Until this moment.
    Until(DateTime<Utc>),
    /// Until somebody ends it.
    UntilEnded,
}

impl Pause {
    /// One that begins now.
    #[must_use]
    pub fn for_an_hour(now: DateTime<Utc>) -> Self {
        Self::Until(now + TimeDelta::hours(1))
    }

    /// Whether it is not over yet.
    #[must_use]
    pub fn is_on(self, now: DateTime<Utc>) -> bool {
        match self {
            Self::Until(end) => now < end,
            Self::UntilEnded => true,
        }
    }

    /// "Notices are paused until 15:40", by the clocks of this zone.
    #[must_use]
    pub fn words(self, zone: Tz, now: DateTime<Utc>) -> String {
        match self {
            Self::Until(end) => {
                format!("Notices are paused until {}", moment_near(&end.with_timezone(&zone), now))
            }
            Self::UntilEnded => "Notices are paused until you switch them on again".to_owned(),
        }
    }
}
