//! Reading the call log for its numbers: what is counted over many calls.
//!
//! Two indices hold all that is counted, so that the long rows of a million calls are not touched.
//! Tests that the owner sent count nowhere.

use rusqlite::{OptionalExtension, Row, params};
use serde::Deserialize;

use super::reader::LogReader;
use super::record::Step;
use super::writer::LogError;

/// The calls whose ids are above `after` and at most `last`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Ids {
    /// 0 for all from the first on.
    pub after: i64,
    /// The last of them.
    pub last: i64,
}

/// What is counted of one call.
#[derive(Debug, Clone, Copy)]
pub struct Counted<'a> {
    /// The caller's number; `None` if withheld.
    pub caller: Option<&'a str>,
    /// When it arrived, in ms since 1970 UTC.
    pub at_ms: i64,
    /// `connect`, `keep` or `reject`.
    pub outcome: &'a str,
    /// The name of the agent connected, if one was.
    pub agent: Option<&'a str>,
}

/// How many calls a rule, the fallback or what stands above the rules decided.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DecidedCalls {
    /// The rule; `None` for the fallback and for what stands above the rules.
    pub rule_id: Option<String>,
    /// Something that stood above the rules decided.
    pub overruled: bool,
    /// How many calls.
    pub calls: u64,
}

/// The part of a record that tells where the time went.
#[derive(Default, Deserialize)]
#[serde(default)]
struct Timed {
    steps: Vec<Step>,
}

impl LogReader {
    /// Gives `each` the calls of these ids since a moment (in ms since 1970 UTC), in any order.
    pub fn each_counted(
        &self,
        ids: Ids,
        since_ms: i64,
        mut each: impl FnMut(Counted<'_>),
    ) -> Result<(), LogError> {
        let index = if ids.after == 0 { "INDEXED BY calls_of_caller" } else { "NOT INDEXED" };
        let sql = format!(
            "SELECT caller, at_ms, outcome, agent FROM calls {index}
            WHERE is_test = 0 AND at_ms >= ?1 AND id > ?2 AND id <= ?3"
        );
        self.ask(|log| {
            let mut statement = log.prepare(&sql)?;
            let mut rows = statement.query(params![since_ms, ids.after, ids.last])?;
            while let Some(row) = rows.next()? {
                each(Counted {
                    caller: row.get_ref(0)?.as_str_or_null()?,
                    at_ms: row.get(1)?,
                    outcome: row.get_ref(2)?.as_str()?,
                    agent: row.get_ref(3)?.as_str_or_null()?,
                });
            }
            Ok(())
        })
    }

    /// Who decided the calls of these ids since a moment (in ms since 1970 UTC), and how many each.
    pub fn decided_calls(&self, ids: Ids, since_ms: i64) -> Result<Vec<DecidedCalls>, LogError> {
        let index = if ids.after == 0 { "INDEXED BY calls_by_rule" } else { "NOT INDEXED" };
        let sql = format!(
            "SELECT CASE WHEN overruled IS NULL THEN rule_id END AS rule_id,
                overruled IS NOT NULL AS overruled, count(*) AS calls
            FROM calls {index} WHERE is_test = 0 AND at_ms >= ?1 AND id > ?2 AND id <= ?3 GROUP BY 1, 2"
        );
        let read = |row: &Row<'_>| {
            Ok(DecidedCalls {
                rule_id: row.get("rule_id")?,
                overruled: row.get("overruled")?,
                calls: row.get::<_, i64>("calls")?.cast_unsigned(),
            })
        };
        let bounds = params![since_ms, ids.after, ids.last];
        self.ask(|log| log.prepare(&sql)?.query_map(bounds, read)?.collect())
    }

    /// The last id of a call; 0 where there is none.
    pub fn last_id(&self) -> Result<i64, LogError> {
        self.ask(|log| log.query_row("SELECT coalesce(max(id), 0) FROM calls", [], |row| row.get(0)))
    }

    /// How many calls there are up to the one with this id.
    pub fn count_up_to(&self, last: i64) -> Result<u64, LogError> {
        // All are counted from the smallest index, and the few newer ones from the log itself.
        let sql =
            "SELECT (SELECT count(*) FROM calls) - (SELECT count(*) FROM calls NOT INDEXED WHERE id > ?1)";
        self.ask(|log| log.query_row(sql, [last], |row| row.get::<_, i64>(0))).map(i64::cast_unsigned)
    }

    /// What a rule was called when it last decided a call.
    pub fn last_rule_name(&self, rule_id: &str) -> Result<Option<String>, LogError> {
        let sql = "SELECT rule_name FROM calls INDEXED BY calls_by_rule
            WHERE rule_id = ?1 ORDER BY at_ms DESC LIMIT 1";
        self.ask(|log| log.query_row(sql, [rule_id], |row| row.get(0)).optional()).map(Option::flatten)
    }

    /// What a caller was called when they last called, if a contact had their number then.
    pub fn last_caller_name(&self, caller: &str) -> Result<Option<String>, LogError> {
        let sql = "SELECT caller_name FROM calls INDEXED BY calls_of_caller
            WHERE caller = ?1 ORDER BY at_ms DESC LIMIT 1";
        self.ask(|log| log.query_row(sql, [caller], |row| row.get(0)).optional()).map(Option::flatten)
    }

    /// When the first call arrived that is in the log, and when the last one that is no test, in ms
    /// since 1970 UTC.
    pub fn oldest_and_newest_ms(&self) -> Result<(Option<i64>, Option<i64>), LogError> {
        let sql = "SELECT (SELECT min(at_ms) FROM calls), (SELECT at_ms FROM calls INDEXED BY calls_by_time
            WHERE is_test = 0 ORDER BY at_ms DESC LIMIT 1)";
        self.ask(|log| log.query_row(sql, [], |row| Ok((row.get(0)?, row.get(1)?))))
    }

    /// How many calls arrived before a moment (in ms since 1970 UTC).
    pub fn count_before(&self, at_ms: i64) -> Result<u64, LogError> {
        let sql = "SELECT count(*) FROM calls WHERE at_ms < ?1";
        self.ask(|log| log.query_row(sql, [at_ms], |row| row.get::<_, i64>(0))).map(i64::cast_unsigned)
    }

    /// Where the time went in the newest calls since a moment (in ms since 1970 UTC), at most `limit`.
    pub fn newest_steps(&self, limit: usize, since_ms: i64) -> Result<Vec<Vec<Step>>, LogError> {
        let sql = "SELECT detail FROM calls INDEXED BY calls_by_time WHERE at_ms >= ?1 AND is_test = 0
            ORDER BY at_ms DESC LIMIT ?2";
        let read = |row: &Row<'_>| {
            // One that another version wrote tells nothing here.
            let timed: Timed = serde_json::from_str(row.get_ref(0)?.as_str()?).unwrap_or_default();
            Ok(timed.steps)
        };
        self.ask(|log| log.prepare(sql)?.query_map(params![since_ms, limit as i64], read)?.collect())
    }
}
