//! Times and numbers as they are read aloud, and the zone times are told in: shared by plugins.

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

/// "1st", "22nd", "13th".
pub(super) fn ordinal(number: u64) -> String {
    let end = match (number % 10, number % 100) {
        (_, 11..=13) => "th",
        (1, _) => "st",
        (2, _) => "nd",
        (3, _) => "rd",
        _ => "th",
    };
    format!("{number}{end}")
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use chrono::{DateTime, Utc};

    use super::*;

    #[test]
    fn places_are_named_as_people_say_them() {
        let said = [1, 2, 3, 4, 11, 12, 13, 21, 22, 23, 30, 31, 111].map(ordinal).join(" ");
        assert_eq!(said, "1st 2nd 3rd 4th 11th 12th 13th 21st 22nd 23rd 30th 31st 111th");
    }

    #[test]
    fn says_the_hour_as_people_there_do() {
        let at: DateTime<Utc> = "2026-03-02T13:05:00Z".parse().unwrap();
        let at = at.with_timezone(&Tz::Europe__Berlin);
        assert_eq!(time(&at, "us"), "2:05 PM");
        assert_eq!(time(&at, "DE"), "14:05");
        assert_eq!(weekday(&at), "Monday");
    }
}
