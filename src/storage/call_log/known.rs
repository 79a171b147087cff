//! Reading what was known of calls when they were decided: what it takes to decide them again.

use rusqlite::{Row, params};
use serde::{Deserialize, Deserializer};
use serde_json::Value;

use super::reader::{LogReader, SUMMARY, summary};
use super::record::Summary;
use super::writer::LogError;
use crate::routing::Facts;

/// What was known of a call when it was decided.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
pub struct Known {
    /// The body of the request.
    pub request: String,
    /// The facts; `None` if they were written in a way that is not known here.
    #[serde(default, deserialize_with = "facts_if_readable")]
    pub facts: Option<Facts>,
}

/// Read on their own, so that facts that cannot be read do not hide the request.
fn facts_if_readable<'de, D: Deserializer<'de>>(written: D) -> Result<Option<Facts>, D::Error> {
    Ok(serde_json::from_value(Value::deserialize(written)?).ok())
}

impl LogReader {
    /// The calls since a moment (in ms since 1970 UTC) with what was known of them, newest first: at
    /// most `limit`, and only those before the one that arrived then under that id. Their decisions,
    /// which are most of a record, are not read.
    pub fn known(
        &self,
        limit: usize,
        since_ms: i64,
        before: Option<(i64, i64)>,
    ) -> Result<Vec<(Summary, Known)>, LogError> {
        let sql = format!(
            "{SUMMARY}, detail FROM calls WHERE at_ms >= ?1 AND (at_ms, id) < (?2, ?3)
            ORDER BY at_ms DESC, id DESC LIMIT ?4"
        );
        let (at_ms, id) = before.unwrap_or((i64::MAX, i64::MAX));
        let read = |row: &Row<'_>| {
            let written: String = row.get("detail")?;
            Ok((summary(row)?, serde_json::from_str(&written).unwrap_or_default()))
        };
        self.ask(|log| {
            log.prepare(&sql)?.query_map(params![since_ms, at_ms, id, limit as i64], read)?.collect()
        })
    }

    /// How many calls are logged since a moment (in ms since 1970 UTC).
    pub fn count_since(&self, since_ms: i64) -> Result<u64, LogError> {
        let sql = "SELECT count(*) FROM calls WHERE at_ms >= ?1";
        self.ask(|log| log.query_row(sql, [since_ms], |row| row.get::<_, i64>(0))).map(i64::cast_unsigned)
    }
}
