//! "Closed until ..." and "everything to X until ...": above every rule, always with an end.
//!
//! Overrides are a matter of the day and no part of the table, so they have no versions and are
//! not published. Where several are in force for a call, one that was set for its line beats one
//! for all lines, and among those the one that was set last counts.

mod decide;
mod until;
mod words;

use chrono::{DateTime, DurationRound, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

use super::{Action, Call, Outcome, Phase, Table, fresh_id};

pub use decide::Ruling;
pub use until::{Until, read_from, read_until};
pub use words::{left, moment_near, who_answers};

/// The number of the file format that this program writes.
pub const OVERRIDES_FORMAT: u32 = 1;
/// So many are kept, those that are over included.
const KEPT: usize = 200;
/// The longest that one lasts, in days: anything longer belongs into the table.
const LONGEST_DAYS: i64 = 366;

/// All overrides: those in force, those to come, and the last ones that are over.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Overrides {
    /// The file format; see [`OVERRIDES_FORMAT`].
    pub format: u32,
    /// What callers meet while closed, as it was chosen last.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub when_closed: Option<Outcome>,
    /// In the order in which they were set.
    #[serde(default)]
    pub overrides: Vec<Override>,
}

/// One override.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Override {
    /// Unique among the overrides.
    pub id: String,
    /// What it is for people.
    pub what: What,
    /// The id of the line that it is for; without one it is for all lines.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub line: Option<String>,
    /// The first moment at which it counts.
    pub from: DateTime<Utc>,
    /// The first moment at which it no longer does.
    pub until: DateTime<Utc>,
    /// What happens to calls meanwhile. Facts in its texts may be those of the call and `override.reason`,
    /// `override.from` and `override.until`.
    pub then: Outcome,
    /// Why, for people and for the agent.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub reason: String,
    /// Who set it: "ada in the window".
    #[serde(default)]
    pub set_by: String,
    /// When it was set.
    pub set_at: DateTime<Utc>,
    /// When it was ended before its time, and by whom.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ended: Option<Ended>,
}

/// What an override is for people.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum What {
    /// "Closed until ..."
    Closed,
    /// "Everything to X until ..."
    Everything,
}

/// How an override ended before its time.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Ended {
    /// When.
    pub at: DateTime<Utc>,
    /// Who ended it: "ada on the command line".
    pub by: String,
}

/// An override that is wanted.
#[derive(Clone, Debug, PartialEq)]
pub struct Wish {
    /// What it is for people.
    pub what: What,
    /// The id of its line; `None`: all lines.
    pub line: Option<String>,
    /// From when on; `None`: at once.
    pub from: Option<DateTime<Utc>>,
    /// Until when.
    pub until: DateTime<Utc>,
    /// What happens to calls meanwhile.
    pub then: Outcome,
    /// Why; may be empty.
    pub reason: String,
}

/// The variables that tell an agent until when it is closed and why.
const CLOSED_VARIABLES: [(&str, &str); 2] =
    [("closed_until", "{{override.until}}"), ("closed_reason", "{{override.reason|}}")];

/// What callers meet while closed: who answers, and whether that agent is told until when and why,
/// as the variables `closed_until` and `closed_reason`.
#[must_use]
pub fn closed_outcome(action: Action, tells: bool) -> Outcome {
    let mut outcome = Outcome { action, ..Outcome::default() };
    // A rejected call has no agent that could be told anything.
    if tells && outcome.action != Action::Reject {
        outcome.variables = CLOSED_VARIABLES.map(|(name, text)| (name.to_owned(), text.to_owned())).into();
    }
    outcome
}

impl Default for Overrides {
    fn default() -> Self {
        Self { format: OVERRIDES_FORMAT, when_closed: None, overrides: Vec::new() }
    }
}

impl Override {
    /// How it stands at `at`. One that was ended stays over, even if the clock is put back.
    #[must_use]
    pub fn phase(&self, at: DateTime<Utc>) -> Phase {
        if self.ended.is_some() || at >= self.until {
            Phase::Expired
        } else if at < self.from {
            Phase::NotYet
        } else {
            Phase::Now
        }
    }

    /// Whether calls to this line are its business; `None`: a number that is no line of the table.
    #[must_use]
    pub fn is_for(&self, line: Option<&str>) -> bool {
        self.line.as_deref().is_none_or(|own| Some(own) == line)
    }
}

impl Overrides {
    /// The one that decides a call to this line at `at`, if one does.
    #[must_use]
    pub fn over(&self, line: Option<&str>, at: DateTime<Utc>) -> Option<&Override> {
        let for_it = self.overrides.iter().enumerate();
        for_it
            .filter(|(_, over)| over.phase(at) == Phase::Now && over.is_for(line))
            .max_by_key(|(index, over)| (over.line.is_some(), over.set_at, *index))
            .map(|(_, over)| over)
    }

    /// What rules over this call at `at`; `None`: the rules do. Without a call, what rules over one to
    /// an unknown number.
    #[must_use]
    pub fn ruling<'a>(
        &'a self,
        table: &'a Table,
        call: Option<&Call>,
        at: DateTime<Utc>,
    ) -> Option<Ruling<'a>> {
        let line = call.and_then(|call| table.line_by_number(&call.to)).map(|line| line.id.as_str());
        self.over(line, at).map(|over| Ruling { over, table })
    }

    /// Those that stand so at `at`; the ones to come by their beginning, the others newest first.
    #[must_use]
    pub fn standing(&self, phase: Phase, at: DateTime<Utc>) -> Vec<&Override> {
        let mut standing: Vec<_> = self.overrides.iter().filter(|over| over.phase(at) == phase).collect();
        match phase {
            Phase::NotYet => standing.sort_by_key(|over| over.from),
            Phase::Now => standing.sort_by_key(|over| (over.line.is_some(), std::cmp::Reverse(over.set_at))),
            Phase::Expired => standing.sort_by_key(|over| std::cmp::Reverse(over.over_since())),
        }
        standing
    }

    /// The next moment after `at` at which one begins or ends by itself.
    #[must_use]
    pub fn next_change(&self, at: DateTime<Utc>) -> Option<DateTime<Utc>> {
        let running = self.overrides.iter().filter(|over| over.phase(at) != Phase::Expired);
        running.flat_map(|over| [over.from, over.until]).filter(|moment| *moment > at).min()
    }

    /// Sets another one, or says in a sentence why it cannot be set.
    pub fn set(&mut self, wish: Wish, by: &str, now: DateTime<Utc>) -> Result<Override, String> {
        let Wish { what, line, from, until, then, reason } = wish;
        // From the whole minute on, so that a trial "now", which goes by minutes, meets it at once.
        let from = from.unwrap_or_else(|| now.duration_trunc(TimeDelta::minutes(1)).unwrap_or(now));
        if until <= now {
            return Err("That time is over already; choose a later one".to_owned());
        }
        if until <= from {
            return Err("It would end before it begins; choose a later end".to_owned());
        }
        if until - from.max(now) > TimeDelta::days(LONGEST_DAYS) {
            return Err("It would last longer than a year; make it a rule of the table".to_owned());
        }
        if matches!(then.action, Action::Share(_)) {
            return Err("Agents cannot share its calls; choose one of them".to_owned());
        }
        if then.action == Action::GoOn {
            return Err("Nothing comes after it; choose an agent, the line's own agent, or reject".to_owned());
        }
        let taken = self.overrides.iter().map(|over| over.id.as_str());
        let over = Override {
            id: fresh_id(&now.format("%Y %m %d %H%M%S").to_string(), taken),
            what,
            line,
            from,
            until,
            then,
            reason: reason.trim().to_owned(),
            set_by: by.to_owned(),
            set_at: now,
            ended: None,
        };
        self.overrides.push(over.clone());
        self.forget(now);
        Ok(over)
    }

    /// Ends those with these ids that are not over, and gives them back.
    pub fn end(&mut self, ids: &[String], by: &str, now: DateTime<Utc>) -> Vec<Override> {
        let mut ended = Vec::new();
        for over in &mut self.overrides {
            if ids.contains(&over.id) && over.phase(now) != Phase::Expired {
                over.ended = Some(Ended { at: now, by: by.to_owned() });
                ended.push(over.clone());
            }
        }
        ended
    }

    /// Puts `over` in the place of the one with its id, or at the end.
    pub fn put(&mut self, over: Override) {
        match self.overrides.iter_mut().find(|other| other.id == over.id) {
            Some(place) => *place = over,
            None => self.overrides.push(over),
        }
    }

    /// Forgets the oldest of too many. Those that are over are kept as long as there is room, as they
    /// tell what was, and as the clock may be wrong.
    fn forget(&mut self, now: DateTime<Utc>) {
        while self.overrides.len() > KEPT {
            let over =
                self.overrides.iter().enumerate().filter(|(_, over)| over.phase(now) == Phase::Expired);
            let Some((oldest, _)) = over.min_by_key(|(_, over)| over.over_since()) else { return };
            self.overrides.remove(oldest);
        }
    }
}

impl Override {
    /// When it was over, if it is.
    #[must_use]
    pub fn over_since(&self) -> DateTime<Utc> {
        self.ended.as_ref().map_or(self.until, |ended| ended.at)
    }
}
