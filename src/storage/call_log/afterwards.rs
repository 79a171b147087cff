//! What is known of a call only after its record was written: how long writing it down and sending the
//! answer took. It waits beside the calls, never in their way, and stands in a table of its own, so that
//! no long row is written twice. What a sick disk does not take is let go.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use rusqlite::{Row, Transaction};

use super::database::DatabaseError;
use super::record::Step;

/// So many wait at most.
const WAITING_MAX: usize = 10_000;

/// Both times with the names of a record's steps, to be put after `detail` where a call is read whole.
pub(super) const COLUMNS: &str = "(SELECT record_us FROM times WHERE call = calls.id) AS record_us,
    (SELECT answer_us FROM times WHERE call = calls.id) AS answer_us";

/// What took how long once a call was decided.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Afterwards {
    /// Until its record was safe, or was waited for no longer.
    pub record: Duration,
    /// From then on until the whole answer was handed to the network.
    pub answer: Duration,
}

/// What waits to be written.
#[derive(Debug, Default)]
pub(super) struct Times {
    waiting: Mutex<Vec<(i64, Afterwards)>>,
}

impl Times {
    /// Adds those of call `id`; `true` if nothing waited before, so that the writer needs a nudge.
    pub(super) fn add(&self, id: i64, took: Afterwards) -> bool {
        let mut waiting = self.waiting();
        if waiting.len() < WAITING_MAX {
            waiting.push((id, took));
        }
        waiting.len() == 1
    }

    pub(super) fn is_empty(&self) -> bool {
        self.waiting().is_empty()
    }

    /// All that waits.
    pub(super) fn take(&self) -> Vec<(i64, Afterwards)> {
        std::mem::take(&mut *self.waiting())
    }

    fn waiting(&self) -> MutexGuard<'_, Vec<(i64, Afterwards)>> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Writes them, but for calls that are not in the log, or no longer.
pub(super) fn write(log: &Transaction<'_>, times: &[(i64, Afterwards)]) -> Result<(), DatabaseError> {
    let sql = "INSERT OR REPLACE INTO times (call, record_us, answer_us)
        SELECT id, ?2, ?3 FROM calls WHERE id = ?1";
    let mut statement = log.prepare_cached(sql)?;
    for (id, Afterwards { record, answer }) in times {
        statement.execute((id, record.as_micros() as i64, answer.as_micros() as i64))?;
    }
    Ok(())
}

/// The same as steps of a record; none of a call from before they were kept.
pub(super) fn steps(row: &Row<'_>) -> rusqlite::Result<Vec<Step>> {
    let times = [("record", row.get("record_us")?), ("answer", row.get("answer_us")?)];
    let step = |(name, took): (&str, Option<i64>)| {
        Some(Step { name: name.to_owned(), took_us: took?.cast_unsigned(), ..Step::default() })
    };
    Ok(times.into_iter().filter_map(step).collect())
}
