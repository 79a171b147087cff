//! Reading the call log, beside the writer and without holding it up.
//!
//! Each question opens a connection of its own (some 0.2 ms): so none is left pointing at a file
//! that was moved aside meanwhile, and none keeps the writer from moving it.

use std::collections::BTreeMap;

use rusqlite::{Connection, OptionalExtension, Row, params};

use super::afterwards::{self, COLUMNS as AFTERWARDS};
use super::database::Place;
use super::record::{Connected, Detail, Past, Record, Refused, Summary};
use super::writer::LogError;
use crate::routing::{Medium, Turn};
use crate::storage::Home;

pub(super) const SUMMARY: &str =
    "SELECT id, at_ms, caller, called, line, version, rule_id, rule_name, outcome,
    agent, took_us, attempts, fallback_used, late, unreadable, medium, overruled, agent_id, is_test,
    agent_version, turn_of, turn, caller_name, look_up_failed";

const PAST: &str = "SELECT caller, at_ms, outcome, agent, agent_id
    FROM calls INDEXED BY calls_of_caller WHERE is_test = 0 AND medium = 'call' AND";

/// Answers questions about the log. Cheap to make and to copy, usable from any thread.
#[derive(Debug, Clone)]
pub struct LogReader {
    place: Place,
}

impl LogReader {
    /// Reads the log of `home`, whether a program is writing to it or not.
    #[must_use]
    pub fn of(home: &Home) -> Self {
        Self::at(Place::File(home.calls_file()))
    }

    pub(super) fn at(place: Place) -> Self {
        Self { place }
    }

    /// The newest calls, newest first: at most `limit`, and only those before call `before_id`.
    pub fn recent(&self, limit: usize, before_id: Option<i64>) -> Result<Vec<Summary>, LogError> {
        let sql = format!("{SUMMARY} FROM calls WHERE id < ?1 ORDER BY id DESC LIMIT ?2");
        let before = before_id.unwrap_or(i64::MAX);
        self.ask(|log| {
            let mut statement = log.prepare(&sql)?;
            statement.query_map(params![before, limit as i64], summary)?.collect()
        })
    }

    /// Everything known of call `id`, if there is such a call.
    pub fn detail(&self, id: i64) -> Result<Option<Record>, LogError> {
        let sql = format!("{SUMMARY}, detail, {AFTERWARDS} FROM calls WHERE id = ?1");
        self.ask(|log| log.query_row(&sql, [id], record).optional())
    }

    /// The newest calls since a moment (in ms since 1970 UTC) in full, newest first, at most `limit`.
    pub fn newest(&self, limit: usize, since_ms: i64) -> Result<Vec<Record>, LogError> {
        let sql =
            format!("{SUMMARY}, detail, {AFTERWARDS} FROM calls WHERE at_ms >= ?1 ORDER BY id DESC LIMIT ?2");
        self.ask(|log| log.prepare(&sql)?.query_map(params![since_ms, limit as i64], record)?.collect())
    }

    /// How many calls since a moment each rule decided, by its id; `None` for the fallback.
    pub fn decided_since(&self, since_ms: i64) -> Result<BTreeMap<Option<String>, u64>, LogError> {
        let sql = "SELECT rule_id, count(*) FROM calls WHERE at_ms >= ?1 GROUP BY rule_id";
        let count = |row: &Row<'_>| Ok((row.get(0)?, row.get::<_, i64>(1)?.cast_unsigned()));
        self.ask(|log| log.prepare(sql)?.query_map([since_ms], count)?.collect())
    }

    /// The refused requests, those alike as one: the latest first, at most `limit`.
    pub fn refused(&self, limit: usize) -> Result<Vec<Refused>, LogError> {
        let sql = "SELECT alike.*, peer, code, reason, body_bytes FROM (
                SELECT max(id) AS id, min(at_ms) AS at_ms, max(at_ms) AS last_ms, sum(count) AS count
                FROM refused GROUP BY code, peer
            ) alike JOIN refused USING (id) ORDER BY last_ms DESC LIMIT ?1";
        self.ask(|log| log.prepare(sql)?.query_map([limit as i64], refused)?.collect())
    }

    /// Gives `each` what remains of the calls before `before_id` of all callers who showed their
    /// number, in the order of callers and of time. Tests are left out.
    pub fn past(&self, before_id: i64, mut each: impl FnMut(Past)) -> Result<(), LogError> {
        let sql = format!("{PAST} caller IS NOT NULL AND id < ?1 ORDER BY caller, at_ms");
        self.ask(|log| {
            log.prepare(&sql)?.query_map([before_id], past)?.try_for_each(|row| row.map(&mut each))
        })
    }

    /// What remains of the calls of one caller before `before_id`, in the order of time. Tests are left out.
    pub fn past_of(&self, caller: &str, before_id: i64) -> Result<Vec<Past>, LogError> {
        let sql = format!("{PAST} caller = ?1 AND id < ?2 ORDER BY at_ms");
        self.ask(|log| log.prepare(&sql)?.query_map(params![caller, before_id], past)?.collect())
    }

    /// How many calls of a caller there are, tests among them, and when the first arrived (in ms since
    /// 1970 UTC).
    pub fn calls_of(&self, caller: &str) -> Result<(u64, Option<i64>), LogError> {
        let sql = "SELECT count(*), min(at_ms) FROM calls INDEXED BY calls_of_caller WHERE caller = ?1";
        let read = |row: &Row<'_>| Ok((row.get::<_, i64>(0)?.cast_unsigned(), row.get(1)?));
        self.ask(|log| log.query_row(sql, [caller], read))
    }

    /// The calls since a moment (in ms since 1970 UTC) and after call `after`, oldest first, at most
    /// `limit`.
    pub fn since(&self, since_ms: i64, after: i64, limit: usize) -> Result<Vec<Summary>, LogError> {
        let sql = format!("{SUMMARY} FROM calls WHERE id > ?1 AND at_ms >= ?2 ORDER BY id LIMIT ?3");
        self.ask(|log| {
            log.prepare(&sql)?.query_map(params![after, since_ms, limit as i64], summary)?.collect()
        })
    }

    /// The last turns that were taken, of all rounds.
    pub fn last_turns(&self) -> Result<Vec<Turn>, LogError> {
        let sql = "SELECT turn_of, max(turn) AS turn FROM calls WHERE turn_of IS NOT NULL GROUP BY turn_of";
        let turns =
            self.ask(|log| log.prepare(sql)?.query_map([], turn)?.collect::<rusqlite::Result<Vec<_>>>());
        Ok(turns?.into_iter().flatten().collect())
    }

    /// How many calls this rule, or the fallback, connected to each agent since then (in ms since
    /// 1970 UTC). Tests are left out.
    pub fn connected(&self, rule: Option<&str>, since_ms: i64) -> Result<Vec<Connected>, LogError> {
        let sql = "SELECT agent_id, agent_version, count(*) AS calls FROM calls
            WHERE rule_id IS ?1 AND at_ms >= ?2 AND outcome = 'connect' AND overruled IS NULL
                AND is_test = 0
            GROUP BY agent_id, agent_version";
        self.ask(|log| log.prepare(sql)?.query_map(params![rule, since_ms], connected)?.collect())
    }

    /// How many calls are logged.
    pub fn count(&self) -> Result<u64, LogError> {
        self.ask(|log| log.query_row("SELECT count(*) FROM calls", [], |row| row.get::<_, i64>(0)))
            .map(i64::cast_unsigned)
    }

    pub(super) fn ask<T>(
        &self,
        question: impl FnOnce(&Connection) -> rusqlite::Result<T>,
    ) -> Result<T, LogError> {
        self.place
            .connect_for_reading()
            .and_then(|log| question(&log))
            .map_err(|error| LogError::Unreadable(error.to_string()))
    }
}

pub(super) fn summary(row: &Row<'_>) -> rusqlite::Result<Summary> {
    Ok(Summary {
        id: row.get("id")?,
        at_ms: row.get("at_ms")?,
        from: row.get("caller")?,
        to: row.get("called")?,
        line: row.get("line")?,
        version: row.get("version")?,
        rule_id: row.get("rule_id")?,
        rule_name: row.get("rule_name")?,
        outcome: row.get("outcome")?,
        agent: row.get("agent")?,
        took_us: row.get::<_, i64>("took_us")?.cast_unsigned(),
        attempts: row.get("attempts")?,
        fallback_used: row.get("fallback_used")?,
        late: row.get("late")?,
        unreadable: row.get("unreadable")?,
        overruled: row.get("overruled")?,
        medium: Medium::from_word(&row.get::<_, String>("medium")?),
        agent_id: row.get("agent_id")?,
        is_test: row.get("is_test")?,
        agent_version: row.get("agent_version")?,
        turn: turn(row)?,
        caller_name: row.get("caller_name")?,
        look_up_failed: row.get("look_up_failed")?,
    })
}

fn turn(row: &Row<'_>) -> rusqlite::Result<Option<Turn>> {
    let of: Option<String> = row.get("turn_of")?;
    let number: Option<i64> = row.get("turn")?;
    Ok(of.zip(number).map(|(of, number)| Turn { of, number: number.cast_unsigned() }))
}

fn past(row: &Row<'_>) -> rusqlite::Result<Past> {
    Ok(Past {
        from: row.get("caller")?,
        at_ms: row.get("at_ms")?,
        outcome: row.get("outcome")?,
        agent: row.get("agent")?,
        agent_id: row.get("agent_id")?,
    })
}

fn connected(row: &Row<'_>) -> rusqlite::Result<Connected> {
    Ok(Connected {
        agent_id: row.get("agent_id")?,
        agent_version: row.get("agent_version")?,
        calls: row.get::<_, i64>("calls")?.cast_unsigned(),
    })
}

pub(super) fn record(row: &Row<'_>) -> rusqlite::Result<Record> {
    let text: String = row.get("detail")?;
    // What cannot be understood must not hide the call: it is shown as it is.
    let mut detail =
        serde_json::from_str(&text).unwrap_or_else(|_| Detail { request: text, ..Detail::default() });
    detail.steps.extend(afterwards::steps(row)?);
    Ok(Record { summary: summary(row)?, detail })
}

fn refused(row: &Row<'_>) -> rusqlite::Result<Refused> {
    Ok(Refused {
        id: row.get("id")?,
        at_ms: row.get("at_ms")?,
        last_ms: row.get("last_ms")?,
        peer: row.get("peer")?,
        code: row.get("code")?,
        reason: row.get("reason")?,
        body_bytes: row.get::<_, i64>("body_bytes")?.cast_unsigned(),
        count: row.get::<_, i64>("count")?.cast_unsigned(),
    })
}
