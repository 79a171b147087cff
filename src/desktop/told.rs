//! What the tray says and offers, at a moment.

use chrono::{DateTime, Utc};

use crate::routing::{Overrides, Phase, Table, moment_near};
use crate::service::{Standing, overriding};
use crate::storage::Settings;

/// So many schedules are offered; the window has all.
const SCHEDULES: usize = 3;

/// What is said in the tray.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Told {
    /// Whether calls are answered.
    pub standing: Standing,
    /// What stands above the rules now, if anything.
    pub closed: Option<String>,
    /// How all lines can be closed with one click.
    pub ways: Vec<Way>,
    /// Whether notices are told.
    pub notices: Notices,
}

/// Whether notices are told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Notices {
    /// Nobody is to be told of anything.
    Nobody,
    /// They are.
    Told,
    /// Not now; this says until when.
    Paused(String),
}

/// A way to close all lines.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Way {
    /// In words.
    pub words: String,
    /// Until when, as people write it.
    pub until: String,
}

impl Told {
    /// As it is now.
    #[must_use]
    pub fn of(
        standing: Standing,
        overrides: &Overrides,
        table: &Table,
        settings: &Settings,
        now: DateTime<Utc>,
    ) -> Self {
        let closed = overrides.standing(Phase::Now, now).first().map(|over| over.words(table, now));
        let notices = match settings.notices_paused.filter(|pause| pause.is_on(now)) {
            Some(pause) => Notices::Paused(pause.words(table.time_zone(), now)),
            None if settings.notices.iter().any(|used| used.enabled) => Notices::Told,
            None => Notices::Nobody,
        };
        Self { standing, closed, ways: ways(table, now), notices }
    }
}

/// How all lines can be closed at this moment.
#[must_use]
pub fn ways(table: &Table, now: DateTime<Utc>) -> Vec<Way> {
    let way = |words: &str, until: &str| Way { words: words.to_owned(), until: until.to_owned() };
    let mut ways = vec![way("for 30 minutes", "30m"), way("for the rest of the day", "today")];
    let zone = table.time_zone();
    ways.extend(table.schedules.iter().take(SCHEDULES).filter_map(|schedule| {
        let until = format!("next-opening:{}", schedule.name);
        let opens = overriding::until(&until, now, table).ok()?;
        let opens = moment_near(&opens.with_timezone(&zone), now);
        Some(Way { words: format!("until {} opens ({opens})", schedule.name), until })
    }));
    ways
}
