//! Undo and redo for the draft, without a limit: each step keeps the whole table, which is small.

use std::sync::Arc;

use chrono::{DateTime, TimeDelta, Utc};

use crate::routing::Table;

/// Edits called the same within this time of each other, in milliseconds, are one step: a word
/// that is typed is taken back whole.
const TOGETHER_MS: i64 = 1500;

/// The drafts before this one and those taken back.
#[derive(Default)]
pub(super) struct History {
    past: Vec<Step>,
    future: Vec<Step>,
    last: Option<DateTime<Utc>>,
}

/// A draft that can come back, and what was done to get away from it.
struct Step {
    what: String,
    table: Arc<Table>,
}

impl History {
    /// Keeps the draft `before` an edit called `what`.
    pub(super) fn record(&mut self, what: String, before: Arc<Table>, at: DateTime<Utc>) {
        self.future.clear();
        let goes_on = self.last.is_some_and(|last| at - last < TimeDelta::milliseconds(TOGETHER_MS))
            && self.past.last().is_some_and(|step| step.what == what);
        self.last = Some(at);
        if !goes_on {
            self.past.push(Step { what, table: before });
        }
    }

    /// Whatever comes next is a step of its own, so that undo stops at the draft as it is now.
    pub(super) fn pause(&mut self) {
        self.last = None;
    }

    /// Takes back the last edit: what it was called, and the draft before it.
    pub(super) fn undo(&mut self, current: Arc<Table>) -> Option<(String, Arc<Table>)> {
        self.last = None;
        turn(&mut self.past, &mut self.future, current)
    }

    /// Does again what was taken back last: what it was called, and the draft after it.
    pub(super) fn redo(&mut self, current: Arc<Table>) -> Option<(String, Arc<Table>)> {
        self.last = None;
        turn(&mut self.future, &mut self.past, current)
    }

    /// What [`History::undo`] would take back.
    pub(super) fn to_undo(&self) -> Option<&str> {
        self.past.last().map(|step| step.what.as_str())
    }

    /// What [`History::redo`] would do again.
    pub(super) fn to_redo(&self) -> Option<&str> {
        self.future.last().map(|step| step.what.as_str())
    }
}

fn turn(from: &mut Vec<Step>, to: &mut Vec<Step>, current: Arc<Table>) -> Option<(String, Arc<Table>)> {
    let Step { what, table } = from.pop()?;
    to.push(Step { what: what.clone(), table: current });
    Some((what, table))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used)]

    use super::*;

    fn table(zone: &str) -> Arc<Table> {
        Arc::new(Table::empty("US", zone))
    }

    #[test]
    fn what_is_typed_in_one_go_is_one_step_and_comes_back() {
        let start = DateTime::from_timestamp(1_800_000_000, 0).unwrap();
        let later = |ms| start + TimeDelta::milliseconds(ms);
        let mut history = History::default();
        history.record("Rename".into(), table(""), later(0));
        history.record("Rename".into(), table("a"), later(1000));
        history.record("Rename".into(), table("ab"), later(2000));
        history.record("Rename".into(), table("abc"), later(9000));
        history.record("Delete".into(), table("abcd"), later(9001));

        let (what, undone) = history.undo(table("gone")).unwrap();
        assert_eq!((what.as_str(), undone.zone.as_str()), ("Delete", "abcd"));
        let (_, undone) = history.undo(undone).unwrap();
        assert_eq!(undone.zone, "abc");
        assert_eq!(history.to_redo(), Some("Rename"));
        let (_, undone) = history.undo(undone).unwrap();
        assert_eq!((undone.zone.as_str(), history.to_undo()), ("", None));

        let (_, again) = history.redo(undone).unwrap();
        assert_eq!(again.zone, "abc");
        history.record("Move".into(), again.clone(), later(9002));
        assert!(history.redo(again).is_none(), "a new edit leaves nothing to do again");
    }
}
