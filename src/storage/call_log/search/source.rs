//! What the search reads of the log.

use rusqlite::{OptionalExtension, Row, params};

use super::filter::{Filter, HourOfWeek};
use crate::storage::call_log::afterwards::COLUMNS as AFTERWARDS;
use crate::storage::call_log::reader::{LogReader, SUMMARY, record, summary};
use crate::storage::call_log::record::{Record, Summary};
use crate::storage::call_log::writer::LogError;

/// A call that is another than it was, is gone, or came later than one with a higher id.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Change {
    /// The changes are counted.
    pub(super) number: i64,
    pub(super) id: i64,
}

impl LogReader {
    /// Calls as lists show them, in the order of these ids; those that are gone are left out.
    pub fn rows(&self, ids: &[i64]) -> Result<Vec<Summary>, LogError> {
        let sql = format!("{SUMMARY} FROM calls WHERE id = ?1");
        self.ask(|log| {
            let mut statement = log.prepare(&sql)?;
            let found = ids.iter().map(|id| statement.query_row([id], summary).optional());
            found.filter_map(Result::transpose).collect()
        })
    }

    /// Calls in full, in the order of these ids; those that are gone are left out.
    pub fn records(&self, ids: &[i64]) -> Result<Vec<Record>, LogError> {
        let sql = format!("{SUMMARY}, detail, {AFTERWARDS} FROM calls WHERE id = ?1");
        self.ask(|log| {
            let mut statement = log.prepare(&sql)?;
            let found = ids.iter().map(|id| statement.query_row([id], record).optional());
            found.filter_map(Result::transpose).collect()
        })
    }

    /// The ids of the calls after call `after` whose time fits, highest first; all else of the filter is
    /// left aside.
    pub(super) fn ids(&self, filter: &Filter, after: i64) -> Result<Vec<i64>, LogError> {
        // The rows themselves are long; the index by time has all that is asked for.
        let by_time = "SELECT id, at_ms FROM calls INDEXED BY calls_by_time
            WHERE at_ms >= ?1 AND at_ms < ?2 AND id > ?3 ORDER BY at_ms DESC, id DESC";
        let newer =
            "SELECT id, at_ms FROM calls WHERE ?1 <= at_ms AND at_ms < ?2 AND id > ?3 ORDER BY id DESC";
        let sql = if after > 0 { newer } else { by_time };
        let (from, before) = (filter.from_ms.unwrap_or(i64::MIN), filter.before_ms.unwrap_or(i64::MAX));
        let is_of_hour = filter.hour.as_ref().map(HourOfWeek::test);
        let mut ids: Vec<i64> = self.ask(|log| {
            let mut statement = log.prepare(sql)?;
            let mut rows = statement.query(params![from, before, after])?;
            let mut ids = Vec::new();
            while let Some(row) = rows.next()? {
                let fits = match &is_of_hour {
                    Some(is_of_hour) => is_of_hour(row.get(1)?),
                    None => true,
                };
                if fits {
                    ids.push(row.get(0)?);
                }
            }
            Ok(ids)
        })?;
        // In order already, but for days on which the clock was set.
        ids.sort_by(|a, b| b.cmp(a));
        Ok(ids)
    }

    /// Which log this is: another one has taken its place if this is another.
    pub(super) fn identity(&self) -> Result<Vec<u8>, LogError> {
        self.ask(|log| log.query_row("SELECT id FROM identity", [], |row| row.get(0)))
    }

    /// The lowest and the highest id; 1 and 0 if there are none.
    pub(super) fn first_and_last_id(&self) -> Result<(i64, i64), LogError> {
        let sql = "SELECT coalesce((SELECT min(id) FROM calls), 1), coalesce((SELECT max(id) FROM calls), 0)";
        self.ask(|log| log.query_row(sql, [], |row| Ok((row.get(0)?, row.get(1)?))))
    }

    /// The id that so many calls lie below `id`; `None` if there is none below it.
    pub(super) fn id_below(&self, id: i64, calls: usize) -> Result<Option<i64>, LogError> {
        let sql = "SELECT min(id) FROM (SELECT id FROM calls WHERE id < ?1 ORDER BY id DESC LIMIT ?2)";
        self.ask(|log| log.query_row(sql, params![id, calls as i64], |row| row.get(0)))
    }

    /// What `of` makes of the calls from `first` to `last`, of their details as they are kept and of what
    /// Retell told of their ends: at most `limit` of them, lowest id first.
    pub(super) fn each<T>(
        &self,
        (first, last): (i64, i64),
        limit: usize,
        of: impl Fn(&Summary, &str, &str) -> T,
    ) -> Result<Vec<T>, LogError> {
        let sql = format!(
            "{SUMMARY}, detail, (SELECT concat_ws(' ', summary, result, sentiment, reason) FROM ends
                WHERE ends.call = calls.id) AS became
            FROM calls WHERE id BETWEEN ?1 AND ?2 ORDER BY id LIMIT ?3"
        );
        let read = |row: &Row<'_>| {
            let became = row.get_ref("became")?.as_str_or_null()?.unwrap_or_default();
            Ok(of(&summary(row)?, row.get_ref("detail")?.as_str()?, became))
        };
        self.ask(|log| log.prepare(&sql)?.query_map(params![first, last, limit as i64], read)?.collect())
    }

    /// The changes after this one.
    pub(super) fn changes(&self, after: i64, limit: usize) -> Result<Vec<Change>, LogError> {
        let sql = "SELECT number, call FROM changes WHERE number > ?1 ORDER BY number LIMIT ?2";
        let read = |row: &Row<'_>| Ok(Change { number: row.get(0)?, id: row.get(1)? });
        self.ask(|log| log.prepare(sql)?.query_map(params![after, limit as i64], read)?.collect())
    }

    /// The first change that is kept and the last that there was, 0 if none.
    pub(super) fn first_and_last_change(&self) -> Result<(i64, i64), LogError> {
        let sql = "SELECT coalesce((SELECT min(number) FROM changes), 0),
            coalesce((SELECT seq FROM sqlite_sequence WHERE name = 'changes'), 0)";
        self.ask(|log| log.query_row(sql, [], |row| Ok((row.get(0)?, row.get(1)?))))
    }
}
