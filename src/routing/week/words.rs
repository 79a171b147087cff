//! Shifts in the owner's words.

use chrono::{DateTime, TimeDelta, Utc};
use chrono_tz::Tz;

use super::{Day, LineWeek, Piece, Shift, TakenBy, Taker, Turn, Who};
use crate::routing::diff::listed;

impl Who {
    /// "Reception", "Ada and Ben share", "The line's own agent", "Nobody (rejected)".
    #[must_use]
    pub fn words(&self) -> String {
        match self {
            Self::Agents(agents) => match &agents[..] {
                [agent] => agent.name.clone(),
                several => format!("{} share", listed(several, |agent| agent.name.clone())),
            },
            Self::LineAgent => "The line’s own agent".to_owned(),
            Self::NoAgent => "Nobody: the line has no agent of its own".to_owned(),
            Self::Rejected => "Nobody (rejected)".to_owned(),
            Self::RejectedInVain => "The line’s own agent, which takes rejected calls too".to_owned(),
        }
    }
}

impl TakenBy {
    /// "by “Office hours”", "no rule matches, so the fallback".
    #[must_use]
    pub fn words(&self) -> String {
        match self {
            Self::Rule { name, .. } => format!("by “{name}”"),
            Self::Fallback => "no rule matches, so the fallback".to_owned(),
            Self::Override { words, .. } => words.clone(),
        }
    }
}

impl Taker {
    /// "Reception (by “Office hours”)".
    #[must_use]
    pub fn words(&self) -> String {
        format!("{} ({})", self.who.words(), self.by.words())
    }
}

impl LineWeek {
    /// A part of a shift in one line: "Tue 09:00–12:00 · Reception (by “Office hours”)".
    #[must_use]
    pub fn piece_words(&self, day: &Day, piece: &Piece) -> String {
        let clock = |second: u32| format!("{:02}:{:02}", second / 3600, second % 3600 / 60);
        let turn = match piece.turn {
            Turn::Once => "",
            Turn::First => " (the first time)",
            Turn::Second => " (the second time)",
        };
        let times = format!("{} {}–{}{turn}", day.date.format("%a"), clock(piece.from_s), clock(piece.to_s));
        format!("{times} · {}", self.taker(&self.shifts[piece.shift]).words())
    }

    /// When a shift is: "Tue 09:00–12:00", "Mon 17:00 – Tue 09:00", "The whole week".
    #[must_use]
    pub fn when_words(&self, shift: &Shift, zone: Tz) -> String {
        if self.shifts.len() == 1 {
            return "The whole week".to_owned();
        }
        let shown = |at: DateTime<Utc>, format: &str| at.with_timezone(&zone).format(format).to_string();
        let day = |at: DateTime<Utc>| at.with_timezone(&zone).date_naive();
        let start = shown(shift.from, "%a %H:%M");
        // The end of a day is told as its last moment, and not as the next day.
        let ends_at_midnight = shown(shift.until, "%H:%M") == "00:00";
        let last = if ends_at_midnight { shift.until - TimeDelta::minutes(1) } else { shift.until };
        let end = if ends_at_midnight { "24:00".to_owned() } else { shown(last, "%H:%M") };
        if day(last) == day(shift.from) {
            return format!("{start}–{end}");
        }
        format!("{start} – {} {end}", shown(last, "%a"))
    }

    /// What can take other calls in a shift: "“VIP callers”: Anna". The fallback is told last.
    pub fn other_words(&self, shift: &Shift) -> impl Iterator<Item = String> {
        shift.others.iter().map(|other| {
            let Taker { by, who } = &self.takers[*other];
            match by {
                TakenBy::Rule { name, .. } => format!("“{name}”: {}", who.words()),
                TakenBy::Fallback => format!("No rule, so the fallback: {}", who.words()),
                TakenBy::Override { words, .. } => format!("{words}: {}", who.words()),
            }
        })
    }
}
