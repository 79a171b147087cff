//! How it was: since when calls arrive, and when they did not. Kept in a file, so that last night can be
//! looked at in the morning.

use std::path::PathBuf;
use std::sync::Arc;

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

use crate::storage::{Home, ReadError, atomic, read};

const FORMAT: u32 = 1;
/// For so long it is known how it was.
const KEPT: TimeDelta = TimeDelta::days(8);
/// Between two looks further apart than this nobody looked.
const APART: TimeDelta = TimeDelta::minutes(3);
/// A stretch that goes on is written this often.
const WRITTEN: TimeDelta = TimeDelta::minutes(5);
/// No more stretches than this are kept.
const MOST: usize = 2000;

/// Whether calls arrive, and if not, where they get lost; with words for the owner.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase", tag = "is", content = "why")]
pub enum Health {
    /// They arrive.
    Good,
    /// The tunnel, or the way to it, is down.
    Tunnel(String),
    /// This program does not take them.
    Program(String),
    /// The key is missing, or what is signed is changed on the way.
    Key(String),
    /// Somebody else answers at the address.
    Elsewhere(String),
    /// The computer slept, or the program stood still.
    Away(String),
    /// The computer had no network, or came into another one.
    Network(String),
}

impl Health {
    /// Whether calls arrive.
    #[must_use]
    pub fn is_good(&self) -> bool {
        *self == Self::Good
    }

    /// What is wrong, and what to do.
    #[must_use]
    pub fn words(&self) -> &str {
        match self {
            Self::Good => "Calls arrive",
            Self::Tunnel(why)
            | Self::Program(why)
            | Self::Key(why)
            | Self::Elsewhere(why)
            | Self::Away(why)
            | Self::Network(why) => why,
        }
    }

    /// The same in few words.
    #[must_use]
    pub fn brief(&self) -> &'static str {
        match self {
            Self::Good => "Calls arrive",
            Self::Tunnel(_) => "The tunnel is down",
            Self::Program(_) => "The port is taken",
            Self::Key(_) => "The key is wrong",
            Self::Elsewhere(_) => "Another machine answers",
            Self::Away(_) => "This computer slept or stood still",
            Self::Network(_) => "This computer's network went or was changed",
        }
    }

    fn is_like(&self, other: &Self) -> bool {
        std::mem::discriminant(self) == std::mem::discriminant(other)
    }
}

/// A stretch of time in which nothing changed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stretch {
    /// When it began.
    pub from: DateTime<Utc>,
    /// When it was last looked.
    pub until: DateTime<Utc>,
    /// How it was.
    pub health: Health,
}

#[derive(Default, Serialize, Deserialize)]
struct File {
    format: u32,
    stretches: Vec<Stretch>,
}

/// How it was, the oldest first. Clones share what is in them until one of them changes.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Timeline {
    stretches: Arc<Vec<Stretch>>,
    /// Where it is kept; nowhere, if what stands there must not be written over.
    file: Option<PathBuf>,
    written_at: DateTime<Utc>,
}

impl Timeline {
    /// Reads what is known. A file that cannot be read is no loss worth telling of: it is begun anew.
    #[must_use]
    pub fn open(home: &Home, now: DateTime<Utc>) -> Self {
        let file = home.outages_file();
        let (stretches, is_ours) = match read::read_json::<File>(&file, FORMAT) {
            Ok(File { stretches, .. }) => (stretches, true),
            Err(ReadError::Missing { .. }) => (Vec::new(), true),
            Err(ReadError::Bad(_)) => (Vec::new(), atomic::move_aside(&file, "rejected", now).is_ok()),
            Err(_) => (Vec::new(), false),
        };
        Self {
            stretches: Arc::new(stretches),
            file: is_ours.then_some(file),
            written_at: DateTime::default(),
        }
    }

    /// All stretches, the oldest first.
    #[must_use]
    pub fn stretches(&self) -> &[Stretch] {
        &self.stretches
    }

    /// Notes how it is now.
    pub fn add(&mut self, health: &Health, now: DateTime<Utc>) {
        let stretches = Arc::make_mut(&mut self.stretches);
        let mut is_new = true;
        if let Some(last) = stretches.last_mut()
            && (TimeDelta::zero()..=APART).contains(&(now - last.until))
        {
            // What lies between belongs to what was before.
            last.until = now;
            is_new = !last.health.is_like(health);
        }
        if is_new {
            stretches.push(Stretch { from: now, until: now, health: health.clone() });
            stretches.retain(|stretch| now - stretch.until < KEPT);
            let over = stretches.len().saturating_sub(MOST);
            stretches.drain(..over);
        }
        if is_new || (now - self.written_at).abs() >= WRITTEN {
            self.written_at = now;
            self.write();
        }
    }

    /// Notes how it was in a stretch that is over just now. What went wrong since it began came of that,
    /// and is one outage with it.
    pub fn note(&mut self, stretch: Stretch) {
        let stretches = Arc::make_mut(&mut self.stretches);
        stretches.retain(|other| other.health.is_good() || other.from < stretch.from);
        stretches.push(stretch);
        self.write();
    }

    fn write(&self) {
        let Some(file) = &self.file else { return };
        let content = File { format: FORMAT, stretches: self.stretches.to_vec() };
        if let Err(error) = atomic::write_json(file, &content) {
            tracing::warn!("when calls arrived was not kept: {error}");
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn stretches_go_on_while_nothing_changes_and_somebody_looks() {
        let folder = tempfile::tempdir().unwrap();
        let home = Home::at(folder.path()).unwrap();
        home.prepare().unwrap();
        let start: DateTime<Utc> = "2026-11-23T15:00:00Z".parse().unwrap();
        let at = |minutes: i64| start + TimeDelta::minutes(minutes);
        let down = || Health::Tunnel("cloudflared ended".into());
        let mut timeline = Timeline::open(&home, start);
        for (minute, health) in
            [(0, Health::Good), (1, Health::Good), (2, down()), (3, down()), (4, Health::Good)]
        {
            timeline.add(&health, at(minute));
        }
        // The program was off.
        timeline.add(&Health::Good, at(60));
        let told = |timeline: &Timeline| -> Vec<(i64, i64, bool)> {
            let minutes = |time: DateTime<Utc>| (time - start).num_minutes();
            timeline
                .stretches()
                .iter()
                .map(|stretch| (minutes(stretch.from), minutes(stretch.until), stretch.health.is_good()))
                .collect()
        };
        let wanted = [(0, 2, true), (2, 4, false), (4, 4, true), (60, 60, true)];
        assert_eq!(told(&timeline), wanted);
        assert_eq!(told(&Timeline::open(&home, at(61))), wanted);
        timeline.add(&Health::Good, at(60 * 24 * 9));
        assert_eq!(timeline.stretches().len(), 1, "what is older than a week goes");
    }

    #[test]
    fn what_came_of_a_noted_stretch_is_no_other_outage() {
        let start: DateTime<Utc> = "2026-11-23T15:00:00Z".parse().unwrap();
        let at = |minutes: i64| start + TimeDelta::minutes(minutes);
        let mut timeline = Timeline::default();
        timeline.add(&Health::Tunnel("before".into()), at(0));
        timeline.add(&Health::Good, at(1));
        timeline.add(&Health::Tunnel("it does not answer".into()), at(3));
        timeline.add(&Health::Tunnel("it does not answer".into()), at(5));
        let noted = Stretch { from: at(2), until: at(6), health: Health::Network("no network".into()) };
        timeline.note(noted.clone());
        let bad: Vec<_> = timeline.stretches().iter().filter(|stretch| !stretch.health.is_good()).collect();
        assert_eq!((bad.len(), bad[0].from, bad[1]), (2, at(0), &noted));
    }

    #[test]
    fn a_file_that_cannot_be_read_is_kept_beside() {
        let folder = tempfile::tempdir().unwrap();
        let home = Home::at(folder.path()).unwrap();
        home.prepare().unwrap();
        std::fs::write(home.outages_file(), "{\"format\":1,").unwrap();
        let mut timeline = Timeline::open(&home, DateTime::default());
        timeline.add(&Health::Good, DateTime::default());
        assert_eq!(
            std::fs::read_dir(home.data.clone())
                .unwrap()
                .filter(|entry| {
                    entry.as_ref().unwrap().file_name().to_string_lossy().starts_with("outages.json")
                })
                .count(),
            2
        );
    }
}
