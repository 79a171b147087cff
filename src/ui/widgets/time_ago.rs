//! How long ago something was, in words.

use chrono::{DateTime, Utc};

/// "just now", "12 s ago", "4 min ago", "3 h ago", "yesterday", "5 days ago", then the date.
#[must_use]
pub fn time_ago(then: DateTime<Utc>, now: DateTime<Utc>) -> String {
    let seconds = (now - then).num_seconds();
    match seconds {
        ..5 => "just now".to_owned(),
        5..60 => format!("{seconds} s ago"),
        60..3600 => format!("{} min ago", seconds / 60),
        3600..86_400 => format!("{} h ago", seconds / 3600),
        86_400..172_800 => "yesterday".to_owned(),
        172_800..604_800 => format!("{} days ago", seconds / 86_400),
        _ => then.format("%-d %b %Y").to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_says_what_a_person_would_say() {
        let now = DateTime::from_timestamp(1_700_000_000, 0).unwrap_or_default();
        for (seconds, words) in [
            (-30, "just now"),
            (0, "just now"),
            (12, "12 s ago"),
            (59, "59 s ago"),
            (60, "1 min ago"),
            (3599, "59 min ago"),
            (7200, "2 h ago"),
            (90_000, "yesterday"),
            (400_000, "4 days ago"),
            (10_000_000, "22 Jul 2023"),
        ] {
            let then = now - chrono::TimeDelta::seconds(seconds);
            assert_eq!(time_ago(then, now), words, "{seconds}");
        }
    }
}
