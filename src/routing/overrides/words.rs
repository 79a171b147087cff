//! Overrides in the owner's words.

use chrono::{DateTime, Datelike, LocalResult, TimeDelta, TimeZone, Utc};
use chrono_tz::Tz;

use super::{Override, What};
use crate::routing::{Action, Table, capital, moment_words};

impl Override {
    /// "Closed until 14:30", "Sales line: everything to Reception until Tue 09:00", as seen from `now`.
    #[must_use]
    pub fn words(&self, table: &Table, now: DateTime<Utc>) -> String {
        let zone = table.time_zone();
        let near = |at: DateTime<Utc>| moment_near(&at.with_timezone(&zone), now);
        self.told(table, (self.from > now).then(|| near(self.from)).as_deref(), &near(self.until))
    }

    /// The same with the dates in full, for what is kept.
    #[must_use]
    pub fn full_words(&self, table: &Table) -> String {
        let zone = table.time_zone();
        self.told(table, None, &moment_words(&self.until.with_timezone(&zone)))
    }

    fn told(&self, table: &Table, from: Option<&str>, until: &str) -> String {
        let what = match self.what {
            What::Closed => "closed".to_owned(),
            What::Everything => format!("everything to {}", agent_name(&self.then.action, table)),
        };
        let from = from.map(|from| format!(" from {from}")).unwrap_or_default();
        match &self.line {
            None => format!("{}{from} until {until}", capital(&what)),
            Some(line) => {
                let name = table.line(line).map_or("A line that is gone", |line| &line.name);
                let colon = if self.what == What::Closed { "" } else { ":" };
                format!("{name}{colon} {what}{from} until {until}")
            }
        }
    }

    /// "Set by ada in the window, 13:30".
    #[must_use]
    pub fn set_words(&self, zone: Tz, now: DateTime<Utc>) -> String {
        let when = moment_near(&self.set_at.with_timezone(&zone), now);
        if self.set_by.is_empty() { format!("Set {when}") } else { format!("Set by {}, {when}", self.set_by) }
    }

    /// What of it is no longer in this table, and what follows from that.
    #[must_use]
    pub fn loose_end(&self, table: &Table) -> Option<&'static str> {
        if self.line.as_deref().is_some_and(|line| table.line(line).is_none()) {
            return Some("Its line is not in the live table, so it counts for no call");
        }
        match &self.then.action {
            Action::Connect { agent, .. } if table.agent(agent).is_none() => {
                Some("Its agent is not in the live table, so the fallback says who answers")
            }
            _ => None,
        }
    }
}

/// "After hours answers", "the line's own agent answers", "callers are rejected".
#[must_use]
pub fn who_answers(action: &Action, table: &Table) -> String {
    match action {
        Action::Connect { .. } => format!("{} answers", agent_name(action, table)),
        Action::Keep => "the line's own agent answers".to_owned(),
        Action::Reject => "callers are rejected".to_owned(),
        Action::Share(_) | Action::GoOn => "the fallback says who answers".to_owned(),
    }
}

fn agent_name(action: &Action, table: &Table) -> String {
    match action {
        Action::Connect { agent, .. } => {
            table.agent(agent).map_or_else(|| "an agent that is gone".to_owned(), |agent| agent.name.clone())
        }
        Action::Keep => "the line's own agent".to_owned(),
        Action::Share(_) => "several agents".to_owned(),
        Action::Reject | Action::GoOn => "nobody".to_owned(),
    }
}

/// "14:30" today, "Tue 09:00" within the week around, else "Thu 24 Dec, 09:00" and the year where it is
/// another one; with the zone where that time comes twice.
#[must_use]
pub fn moment_near(at: &DateTime<Tz>, now: DateTime<Utc>) -> String {
    let now = now.with_timezone(&at.timezone());
    let days = at.num_days_from_ce() - now.num_days_from_ce();
    let format = match days {
        0 => "%H:%M",
        -6..=6 => "%a %H:%M",
        _ if at.year() == now.year() => "%a %-d %b, %H:%M",
        _ => "%a %-d %b %Y, %H:%M",
    };
    let words = at.format(format).to_string();
    match at.timezone().from_local_datetime(&at.naive_local()) {
        LocalResult::Ambiguous(..) => format!("{words} {}", at.format("%Z")),
        _ => words,
    }
}

/// "26 min left", "2 h 5 min left", "3 days left". Rounded up, so that it never says none too early.
#[must_use]
pub fn left(until: DateTime<Utc>, now: DateTime<Utc>) -> String {
    let seconds = (until - now).num_seconds();
    if seconds < 60 {
        return "less than a minute left".to_owned();
    }
    let minutes = TimeDelta::seconds(seconds + 59).num_minutes();
    match (minutes / 60, minutes % 60) {
        (0, minutes) => format!("{minutes} min left"),
        (hours @ 1..48, 0) => format!("{hours} h left"),
        (hours @ 1..48, minutes) => format!("{hours} h {minutes} min left"),
        (hours, _) => format!("{} days left", hours / 24),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn moments_are_told_as_short_as_they_are_clear() {
        let zone = Tz::Europe__Berlin;
        let now: DateTime<Utc> = "2026-10-23T12:00:00Z".parse().unwrap();
        for (at, words) in [
            ("2026-10-23T16:30:00Z", "18:30"),
            ("2026-10-26T08:00:00Z", "Mon 09:00"),
            ("2026-10-22T08:00:00Z", "Thu 10:00"),
            ("2026-10-25T00:30:00Z", "Sun 02:30 CEST"),
            ("2026-12-24T08:00:00Z", "Thu 24 Dec, 09:00"),
            ("2027-01-04T08:00:00Z", "Mon 4 Jan 2027, 09:00"),
        ] {
            let at: DateTime<Utc> = at.parse().unwrap();
            assert_eq!(moment_near(&at.with_timezone(&zone), now), words);
        }
    }

    #[test]
    fn what_is_left_is_rounded_up() {
        let now: DateTime<Utc> = "2026-11-23T15:05:00Z".parse().unwrap();
        for (seconds, words) in [
            (0, "less than a minute left"),
            (59, "less than a minute left"),
            (60, "1 min left"),
            (25 * 60 + 1, "26 min left"),
            (60 * 60, "1 h left"),
            (2 * 3600 + 5 * 60, "2 h 5 min left"),
            (3 * 86400 + 60, "3 days left"),
        ] {
            assert_eq!(left(now + TimeDelta::seconds(seconds), now), words, "{seconds}");
        }
    }
}
