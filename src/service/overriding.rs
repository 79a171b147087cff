//! Setting and ending what stands above the rules: for the window through the control thread, and
//! for the command line beside it. Also who does it, and when a schedule opens next.

use std::sync::Arc;

use chrono::{DateTime, Utc};

use super::control::Control;
use super::messages::{Event, Level};
use crate::plugins::hours;
use crate::routing::{Override, Overrides, Phase, Table, Until, What, Wish, read_until};

/// Where somebody sets or ends an override.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Door {
    /// The window.
    Window,
    /// The command line.
    CommandLine,
}

/// Who does it, as far as the system tells: "ada in the window".
#[must_use]
pub fn who(door: Door) -> String {
    let place = match door {
        Door::Window => "in the window",
        Door::CommandLine => "on the command line",
    };
    let user = user();
    format!("{} {place}", if user.is_empty() { "someone" } else { &user })
}

/// Who uses this computer, by the name the system has for them; empty where it tells none.
#[must_use]
pub fn user() -> String {
    let named = ["USER", "USERNAME", "LOGNAME"].into_iter().filter_map(|name| std::env::var(name).ok());
    named.map(|name| name.trim().to_owned()).find(|name| !name.is_empty()).unwrap_or_default()
}

/// Until when something lasts that begins at `start`, as people write it. The error is a sentence.
pub fn until(text: &str, start: DateTime<Utc>, table: &Table) -> Result<DateTime<Utc>, String> {
    let zone = table.time_zone();
    let name = match read_until(text, start, zone)? {
        Until::At(end) => return Ok(end),
        Until::NextOpening(name) => name,
    };
    let names = || table.schedules.iter().map(|schedule| schedule.name.as_str()).collect::<Vec<_>>();
    let schedule = match (name.as_str(), table.schedules.as_slice()) {
        (_, []) => {
            return Err("There is no schedule whose opening could be waited for; write a time".to_owned());
        }
        ("", [only]) => only,
        ("", _) => {
            let example = names()[0];
            return Err(format!(
                "There are several schedules ({}); write which, like next-opening:{example}",
                names().join(", ")
            ));
        }
        (name, schedules) => {
            let found = schedules.iter().find(|schedule| schedule.name.to_lowercase() == name.to_lowercase());
            found.ok_or_else(|| format!("No schedule is called “{name}”; there is {}", names().join(", ")))?
        }
    };
    match hours::opens_next(schedule, table, start)? {
        Some(at) => Ok(at.with_timezone(&Utc)),
        None => Err(format!("{} does not open again within a year; write a time", schedule.name)),
    }
}

/// All lines closed from now until then, as it was chosen last what that means; `None` where nothing was
/// chosen yet, or the time cannot be read.
#[must_use]
pub fn closed_until(text: &str, overrides: &Overrides, table: &Table, now: DateTime<Utc>) -> Option<Wish> {
    let then = overrides.when_closed.clone()?;
    let until = until(text, now, table).ok()?;
    Some(Wish { what: What::Closed, line: None, from: None, until, then, reason: String::new() })
}

/// Sets an override; if `keep`, what it does is what "closed" means from now on.
pub fn set(
    overrides: &mut Overrides,
    wish: Wish,
    keep: bool,
    by: &str,
    now: DateTime<Utc>,
) -> Result<Override, String> {
    let over = overrides.set(wish, by, now)?;
    if keep {
        overrides.when_closed = Some(over.then.clone());
    }
    Ok(over)
}

impl Control {
    pub(super) fn set_override(&mut self, wish: Wish, keep: bool) {
        let now = self.clock.now();
        let by = who(Door::Window);
        let changed = self.override_store.change(now, |all| set(all, wish, keep, &by, now));
        self.take_overrides();
        match changed {
            Ok(changed) => {
                self.counts_only_now(changed.not_saved);
                self.tell_trouble(changed.trouble);
                self.tell_set(&changed.value);
            }
            Err(reason) => self.fail(reason),
        }
    }

    pub(super) fn end_overrides(&mut self, ids: &[String]) {
        let now = self.clock.now();
        let by = who(Door::Window);
        let changed = self.override_store.change(now, |all| Ok(all.end(ids, &by, now)));
        self.take_overrides();
        match changed {
            Ok(changed) => {
                self.counts_only_now(changed.not_saved);
                self.tell_trouble(changed.trouble);
                for over in &changed.value {
                    self.tell_ended(over);
                }
            }
            Err(reason) => self.fail(reason),
        }
    }

    /// The command line and people may write the overrides too; and they begin and end by themselves.
    pub(super) fn look_at_overrides(&mut self) {
        match self.override_store.outside_edit() {
            None => {}
            Some(Ok(())) => {
                let before = self.engine.overrides();
                self.take_overrides();
                let after = self.engine.overrides();
                for over in &after.overrides {
                    match before.overrides.iter().find(|other| other.id == over.id) {
                        None if over.ended.is_none() => self.tell_set(over),
                        Some(other) if other.ended.is_none() && over.ended.is_some() => self.tell_ended(over),
                        _ => {}
                    }
                }
            }
            Some(Err(error)) => self.tell(
                Level::Warning,
                format!("The closures' file was changed and cannot be read, so what it said before counts. {error}"),
            ),
        }
        self.tell_begun_and_over();
    }

    /// Lets what the store says count, and tells the window.
    fn take_overrides(&mut self) {
        let overrides = Arc::new(self.override_store.current().clone());
        self.in_force = ids_in_force(&overrides, self.clock.now());
        self.engine.set_overrides(overrides.clone());
        self.feed.send(Event::Overrides(overrides));
    }

    /// What of the overrides no longer fits a table that has just gone live.
    pub(super) fn tell_loose_ends(&self) {
        let now = self.clock.now();
        for over in &self.override_store.current().overrides {
            if over.phase(now) != Phase::Expired
                && let Some(loose) = over.loose_end(&self.live.table)
            {
                let words = over.words(&self.live.table, now);
                self.tell(Level::Warning, format!("“{words}” no longer fits the live table. {loose}"));
            }
        }
    }

    /// Says which ones began or ran out since this was last asked.
    fn tell_begun_and_over(&mut self) {
        let now = self.clock.now();
        let in_force = ids_in_force(self.override_store.current(), now);
        if in_force == self.in_force {
            return;
        }
        let before = std::mem::replace(&mut self.in_force, in_force);
        for over in &self.override_store.current().overrides {
            let words = over.full_words(&self.live.table);
            if self.in_force.contains(&over.id) && !before.contains(&over.id) {
                self.tell(Level::Info, format!("“{words}” has begun"));
            } else if before.contains(&over.id) && over.ended.is_none() && over.until <= now {
                self.tell(Level::Info, format!("“{words}” is over, and the rules decide again"));
            }
        }
        // The window's own clock may be a moment behind.
        self.feed.send(Event::Overrides(self.engine.overrides()));
    }

    fn tell_set(&self, over: &Override) {
        let words = over.words(&self.live.table, self.clock.now());
        let reason = if over.reason.is_empty() { String::new() } else { format!(" ({})", over.reason) };
        let by = if over.set_by.is_empty() { "by hand" } else { &over.set_by };
        tracing::info!(id = over.id, by, "override set: {words}{reason}");
        self.tell(Level::Info, format!("{words}{reason}, set by {by}"));
    }

    fn tell_ended(&self, over: &Override) {
        let words = over.full_words(&self.live.table);
        let by = over.ended.as_ref().map_or("", |ended| &ended.by);
        tracing::info!(id = over.id, by, "override ended: {words}");
        self.tell(Level::Info, format!("“{words}” was ended by {by}"));
    }

    fn counts_only_now(&self, not_saved: Option<String>) {
        if let Some(reason) = not_saved {
            self.fail(format!("This counts only until Switchboard ends. {reason}"));
        }
    }
}

/// The ids of those in force.
#[must_use]
pub fn ids_in_force(overrides: &Overrides, at: DateTime<Utc>) -> Vec<String> {
    overrides.standing(Phase::Now, at).iter().map(|over| over.id.clone()).collect()
}
