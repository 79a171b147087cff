//! Who answers each minute of a week: what it takes besides the table to work that out.

use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use chrono::{DateTime, Days, NaiveDate, Utc};

use super::account::Account;
use super::control::BROKEN;
use super::knowing;
use super::live::Live;
use super::messages::{Event, Level, Note};
use crate::plugins::{Ask, Registry, hours};
use crate::routing::week::{LineWeek, WeekOf};
use crate::routing::{Call, Facts, Overrides, Problem, Table};
use crate::storage::call_log::LogReader;

/// The week that is wanted.
#[derive(Clone, Debug)]
pub struct WeekWish {
    /// The table.
    pub table: Arc<Table>,
    /// What stands above its rules.
    pub overrides: Arc<Overrides>,
    /// The first day.
    pub monday: NaiveDate,
}

impl PartialEq for WeekWish {
    /// The same table and overrides, not just equal ones: comparing large tables takes time.
    fn eq(&self, other: &Self) -> bool {
        self.monday == other.monday
            && Arc::ptr_eq(&self.table, &other.table)
            && Arc::ptr_eq(&self.overrides, &other.overrides)
    }
}

/// A week, worked out.
#[derive(Clone, Debug)]
pub struct ShownWeek {
    /// What was wanted.
    pub wish: WeekWish,
    /// Who answers each line, or what keeps the table from answering any call.
    pub lines: Result<Vec<LineWeek>, Vec<Problem>>,
    /// What the seven days are called in schedules, such as "Thanksgiving Day"; mostly nothing.
    pub names: [Vec<String>; 7],
}

/// Works a week out. Takes some time with large tables: never on a call's way, nor in the window.
#[must_use]
pub fn work_out(wish: WeekWish, registry: &Registry, own_agents: &BTreeMap<String, bool>) -> ShownWeek {
    let WeekWish { table, overrides, monday } = &wish;
    let names = std::array::from_fn(|day| {
        monday.checked_add_days(Days::new(day as u64)).map(|date| names_of(table, date)).unwrap_or_default()
    });
    let lines = Live::build(0, table.clone(), registry).map(|live| {
        let facts = |call: &Call, at: DateTime<Utc>| facts_of_stranger(&live, call, at);
        let week =
            WeekOf { table, vocabulary: registry, overrides, own_agents, facts: &facts, monday: *monday };
        week.lines()
    });
    ShownWeek { wish, lines, names }
}

/// The same as an answer to the window. Which lines have an agent of their own at Retell is known from
/// their calls and from what Retell told; where the log cannot be read, it is not known.
pub(super) fn answer(
    wish: WeekWish,
    registry: &Registry,
    log: &LogReader,
    account: Option<&Account>,
    now: DateTime<Utc>,
) -> Event {
    let work = || {
        let own_agents = knowing::own_agents(log, &wish.table, account, now).unwrap_or_default();
        work_out(wish, registry, &own_agents)
    };
    match catch_unwind(AssertUnwindSafe(work)) {
        Ok(week) => Event::Week(Arc::new(week)),
        Err(_panic) => Event::Failed(Note { level: Level::Error, text: BROKEN.into() }),
    }
}

/// What is known of a call by somebody who is in no file and has not called before.
fn facts_of_stranger(live: &Live, call: &Call, at: DateTime<Utc>) -> Facts {
    let ask = Ask { call: Arc::new(call.clone()), at };
    let mut facts = Facts::default();
    for opened in &live.look_ups {
        facts.merge(opened.look_up.of_stranger(&ask));
    }
    facts
}

fn names_of(table: &Table, date: NaiveDate) -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    for name in table.schedules.iter().filter_map(|schedule| hours::day_name(schedule, table, date)) {
        if !names.contains(&name) {
            names.push(name);
        }
    }
    names
}
