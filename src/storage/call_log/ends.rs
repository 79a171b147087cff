//! What became of calls after they were answered, as Retell tells it: one row for each call of the
//! log of which something was told. Events may come in any order, and again.

use std::collections::HashMap;

use rusqlite::{Connection, OptionalExtension, Row, Transaction, params};

use super::database::DatabaseError;
use super::reader::LogReader;
use super::record::Record;
use super::writer::LogError;
use crate::routing::CallEnd;

/// A call is taken to be the one that an event is about if it was answered at most so long before it
/// was connected, in ms.
const BEFORE_MS: i64 = 2 * 60_000;
/// Clocks may differ by so much, in ms.
const AFTER_MS: i64 = 60_000;
/// So many calls of the same caller are looked at.
const LOOKED_AT: i64 = 20;

const ENDS: &str = "SELECT call, started_ms, duration_ms, reason, summary, sentiment, successful, voicemail, result FROM ends";

/// What an event told of a call.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct EndNews {
    /// The call's id at Retell.
    pub call_id: String,
    /// The caller's number as the log has it; `None` if withheld.
    pub from: Option<String>,
    /// The number that was called, as the log has it.
    pub to: String,
    /// When it was connected, in ms since 1970 UTC; when the event came, where that was not told.
    pub at_ms: i64,
    /// What is known by now.
    pub end: CallEnd,
}

/// Joins what was told to its call. Gives the call, if the log has it.
pub(super) fn join(log: &Transaction<'_>, news: &EndNews) -> Result<Option<i64>, DatabaseError> {
    let Some(call) = find(log, news)? else { return Ok(None) };
    let CallEnd { started_ms, duration_ms, reason, summary, sentiment, successful, voicemail, result } =
        &news.end;
    log.prepare_cached(
        "INSERT INTO ends (call, call_id, started_ms, duration_ms, reason, summary, sentiment, successful,
            voicemail, result)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)
         ON CONFLICT (call) DO UPDATE SET
            started_ms = coalesce(excluded.started_ms, started_ms),
            duration_ms = coalesce(excluded.duration_ms, duration_ms),
            reason = coalesce(excluded.reason, reason),
            summary = coalesce(excluded.summary, summary),
            sentiment = coalesce(excluded.sentiment, sentiment),
            successful = coalesce(excluded.successful, successful),
            voicemail = coalesce(excluded.voicemail, voicemail),
            result = coalesce(excluded.result, result)",
    )?
    .execute(params![
        call,
        news.call_id,
        started_ms,
        duration_ms,
        reason,
        summary,
        sentiment,
        successful,
        voicemail,
        result
    ])?;
    if [reason, summary, sentiment, result].into_iter().any(Option::is_some) {
        // It is found by what became of it.
        log.prepare_cached("INSERT INTO changes (call) VALUES (?1)")?.execute([call])?;
    }
    Ok(Some(call))
}

/// The call that the news are about: the one that was told of under this id before, or the one of this
/// caller to this line that came nearest to its start, of which no other is told. Where the request named
/// the call's id, only that call will do.
fn find(log: &Transaction<'_>, news: &EndNews) -> Result<Option<i64>, DatabaseError> {
    let EndNews { call_id, from, to, at_ms, .. } = news;
    let known = "SELECT call FROM ends WHERE call_id = ?1";
    if let Some(call) = log.prepare_cached(known)?.query_row([call_id], |row| row.get(0)).optional()? {
        return Ok(Some(call));
    }
    let candidates =
        "SELECT id, called, detail, EXISTS (SELECT 1 FROM ends WHERE ends.call = calls.id) FROM calls
        WHERE caller IS ?1 AND at_ms BETWEEN ?2 AND ?3 AND is_test = 0 ORDER BY abs(at_ms - ?5) LIMIT ?4";
    let mut statement = log.prepare_cached(candidates)?;
    let mut rows = statement.query(params![from, at_ms - BEFORE_MS, at_ms + AFTER_MS, LOOKED_AT, at_ms])?;
    let mut by_numbers = None;
    while let Some(row) = rows.next()? {
        let (id, called, detail): (i64, String, String) = (row.get(0)?, row.get(1)?, row.get(2)?);
        let named = id_in(&detail);
        if named.as_ref() == Some(call_id) {
            return Ok(Some(id));
        }
        let is_told_of: bool = row.get(3)?;
        if named.is_none() && called == *to && !is_told_of {
            by_numbers = by_numbers.or(Some(id));
        }
    }
    Ok(by_numbers)
}

/// The call's id in the request of a record, if it named one.
fn id_in(detail: &str) -> Option<String> {
    let detail: serde_json::Value = serde_json::from_str(detail).ok()?;
    let request: serde_json::Value = serde_json::from_str(detail.get("request")?.as_str()?).ok()?;
    Some(request.get("call_inbound")?.get("call_id")?.as_str()?.to_owned())
}

impl LogReader {
    /// What became of these calls, each with its record, as far as that was told.
    pub fn ends(&self, calls: &[i64]) -> Result<Vec<(i64, CallEnd)>, LogError> {
        let sql = format!("{ENDS} WHERE call = ?1");
        self.ask(|log| {
            let mut statement = log.prepare(&sql)?;
            let one = |call: &i64| statement.query_row([call], end).optional().transpose();
            calls.iter().filter_map(one).collect()
        })
    }

    /// Calls in full, each with what became of it as far as that was told, in the order of these ids;
    /// those that are gone are left out.
    pub fn records_and_ends(&self, ids: &[i64]) -> Result<Vec<(Record, Option<CallEnd>)>, LogError> {
        let records = self.records(ids)?;
        let mut ends: HashMap<i64, CallEnd> = self.ends(ids)?.into_iter().collect();
        let with_end = |record: Record| {
            let end = ends.remove(&record.summary.id);
            (record, end)
        };
        Ok(records.into_iter().map(with_end).collect())
    }
}

/// What is known of the call with this id at Retell.
pub(super) fn known(log: &Connection, call_id: &str) -> rusqlite::Result<Option<(i64, CallEnd)>> {
    let sql = format!("{ENDS} WHERE call_id = ?1");
    log.query_row(&sql, [call_id], end).optional()
}

fn end(row: &Row<'_>) -> rusqlite::Result<(i64, CallEnd)> {
    let end = CallEnd {
        started_ms: row.get("started_ms")?,
        duration_ms: row.get("duration_ms")?,
        reason: row.get("reason")?,
        summary: row.get("summary")?,
        sentiment: row.get("sentiment")?,
        successful: row.get("successful")?,
        voicemail: row.get("voicemail")?,
        result: row.get("result")?,
    };
    Ok((row.get("call")?, end))
}
