//! How long it is until something, in words.

use chrono::{DateTime, Utc};

/// "in 3 days", "in 2 h 5 min", "in 12 min", "in less than a minute"; "now" once it has come.
#[must_use]
pub fn time_until(then: DateTime<Utc>, now: DateTime<Utc>) -> String {
    let seconds = (then - now).num_seconds();
    let (minutes, hours, days) = (seconds / 60, seconds / 3600, seconds / 86_400);
    match seconds {
        ..=0 => "now".to_owned(),
        1..60 => "in less than a minute".to_owned(),
        60..3600 => format!("in {minutes} min"),
        3600..86_400 if minutes % 60 == 0 => format!("in {hours} h"),
        3600..86_400 => format!("in {hours} h {} min", minutes % 60),
        86_400..172_800 => "in 1 day".to_owned(),
        _ => format!("in {days} days"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_says_what_a_person_would_say() {
        let now = DateTime::from_timestamp(1_700_000_000, 0).unwrap_or_default();
        for (seconds, words) in [
            (-5, "now"),
            (0, "now"),
            (59, "in less than a minute"),
            (60, "in 1 min"),
            (3599, "in 59 min"),
            (7200, "in 2 h"),
            (7500, "in 2 h 5 min"),
            (90_000, "in 1 day"),
            (400_000, "in 4 days"),
        ] {
            assert_eq!(time_until(now + chrono::TimeDelta::seconds(seconds), now), words, "{seconds}");
        }
    }
}
