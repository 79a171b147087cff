//! Times as they are read aloud, and the zone they are told in: shared by plugins that give
//! facts about now.

use chrono::{DateTime, Timelike};
use chrono_tz::Tz;

use crate::routing::Table;

/// Countries where people say "2:30 PM"; elsewhere it is "14:30".
const TWELVE_HOURS: [&str; 16] =
    ["AU", "BD", "CA", "CO", "EG", "HN", "IN", "JO", "MY", "NI", "NZ", "PH", "PK", "SA", "SV", "US"];

/// The hour as people of this country (two letters) say it.
pub(super) fn time(at: &DateTime<Tz>, country: &str) -> String {
    let twelve = TWELVE_HOURS.iter().any(|code| code.eq_ignore_ascii_case(country));
    at.format(if twelve { "%-I:%M %p" } else { "%H:%M" }).to_string()
}

/// The weekday: "Monday".
pub(super) fn weekday(at: &DateTime<Tz>) -> String {
    at.format("%A").to_string()
}

/// What one says on the phone at this hour: "Good morning".
pub(super) fn greeting(at: &DateTime<Tz>) -> &'static str {
    match at.hour() {
        4..12 => "Good morning",
        12..17 => "Good afternoon",
        _ => "Good evening",
    }
}

/// The table's own zone. The error is a sentence for the owner.
pub(super) fn zone(table: &Table) -> Result<Tz, String> {
    let zone = &table.zone;
    zone.parse().map_err(|_| format!("“{zone}” is not a time zone; choose one in Settings"))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use chrono::{DateTime, Utc};

    use super::*;

    #[test]
    fn says_the_hour_as_people_there_do() {
        let at: DateTime<Utc> = "2026-03-02T13:05:00Z".parse().unwrap();
        let at = at.with_timezone(&Tz::Europe__Berlin);
        assert_eq!(time(&at, "us"), "2:05 PM");
        assert_eq!(time(&at, "DE"), "14:05");
        assert_eq!(weekday(&at), "Monday");
    }
}
