//! The `SQLite` file itself: its place, its tables, and the statements that write to it.
//!
//! Synchronous and unaware of threads, waiting and retries. WAL with `synchronous = NORMAL`
//! survives the death of the process; [`Database::beat`] makes it survive a power cut
//! (<https://sqlite.org/pragma.html#pragma_synchronous>).

use std::path::{Path, PathBuf};
use std::time::Duration;

use rusqlite::{Connection, ErrorCode, OpenFlags, Transaction, params};

use super::afterwards::{self, Afterwards};
use super::ends::{self, EndNews};
use super::record::{Record, Refused};
use super::rescue::Files;

/// Steps from an empty file to today's tables; `user_version` counts those taken. Never edit one
/// that was released: add the next.
const MIGRATIONS: &[&str] = &[
    "
    CREATE TABLE calls (
        id INTEGER PRIMARY KEY,
        at_ms INTEGER NOT NULL,
        caller TEXT,
        called TEXT NOT NULL,
        line TEXT,
        version INTEGER NOT NULL,
        rule_id TEXT,
        rule_name TEXT,
        outcome TEXT NOT NULL,
        agent TEXT,
        took_us INTEGER NOT NULL,
        attempts INTEGER NOT NULL,
        fallback_used INTEGER NOT NULL,
        late INTEGER NOT NULL,
        unreadable INTEGER NOT NULL,
        detail TEXT NOT NULL
    ) STRICT;
    CREATE INDEX calls_by_time ON calls (at_ms);
    CREATE INDEX calls_by_caller ON calls (caller, at_ms);
    CREATE TABLE refused (
        id INTEGER PRIMARY KEY,
        at_ms INTEGER NOT NULL,
        peer TEXT NOT NULL,
        code TEXT NOT NULL,
        reason TEXT NOT NULL,
        body_bytes INTEGER NOT NULL,
        count INTEGER NOT NULL
    ) STRICT;
    CREATE INDEX refused_alike ON refused (code, peer, at_ms);
    CREATE TABLE beat (count INTEGER NOT NULL) STRICT;
    INSERT INTO beat VALUES (0);
",
    "
    ALTER TABLE calls ADD COLUMN medium TEXT NOT NULL DEFAULT 'call';
",
    "
    ALTER TABLE calls ADD COLUMN agent_id TEXT;
    ALTER TABLE calls ADD COLUMN is_test INTEGER NOT NULL DEFAULT 0;
    -- Whole in itself, so that a caller's history is read without touching the long rows.
    CREATE INDEX calls_of_caller ON calls (caller, at_ms, medium, outcome, agent, agent_id, is_test);
    DROP INDEX calls_by_caller;
",
    "
    ALTER TABLE calls ADD COLUMN overruled TEXT;
",
    "
    ALTER TABLE calls ADD COLUMN agent_version TEXT;
    ALTER TABLE calls ADD COLUMN turn_of TEXT;
    ALTER TABLE calls ADD COLUMN turn INTEGER;
    CREATE INDEX calls_by_turn ON calls (turn_of, turn) WHERE turn_of IS NOT NULL;
    CREATE INDEX calls_by_rule
        ON calls (rule_id, at_ms, outcome, overruled, is_test, agent_id, agent_version);
",
    "
    -- Tells this log from one that takes its place.
    CREATE TABLE identity (id BLOB NOT NULL) STRICT;
    INSERT INTO identity VALUES (randomblob(16));
    -- Calls that changed after they were written: what was made of them is to be made again.
    CREATE TABLE changes (number INTEGER PRIMARY KEY AUTOINCREMENT, call INTEGER NOT NULL) STRICT;
",
    "
    -- What Retell told of calls after they were answered.
    CREATE TABLE ends (
        call INTEGER PRIMARY KEY,
        call_id TEXT NOT NULL,
        started_ms INTEGER,
        duration_ms INTEGER,
        reason TEXT,
        summary TEXT,
        sentiment TEXT,
        successful INTEGER,
        voicemail INTEGER,
        result TEXT
    ) STRICT;
    CREATE INDEX ends_by_call_id ON ends (call_id);
    CREATE TRIGGER ends_go_with_calls AFTER DELETE ON calls
        BEGIN DELETE FROM ends WHERE call = old.id; END;
",
    "
    ALTER TABLE calls ADD COLUMN caller_name TEXT;
    ALTER TABLE calls ADD COLUMN look_up_failed INTEGER NOT NULL DEFAULT 0;
",
    "
    -- What took how long after the record was made.
    CREATE TABLE times (call INTEGER PRIMARY KEY, record_us INTEGER NOT NULL, answer_us INTEGER NOT NULL)
        STRICT;
    CREATE TRIGGER times_go_with_calls AFTER DELETE ON calls
        BEGIN DELETE FROM times WHERE call = old.id; END;
",
    "
    -- The damaged log that calls are still taken over from, and callers who were erased meanwhile.
    CREATE TABLE rescue (kept TEXT NOT NULL) STRICT;
    CREATE TABLE erased (caller TEXT PRIMARY KEY) STRICT;
",
];

/// Up to this size a file is checked from end to end when it is opened (some 0.1 s). In a larger
/// one damage shows when it is met.
const CHECKED_BYTES: u64 = 32 * 1024 * 1024;

/// So many kinds of refused requests are kept; older ones go.
const REFUSED_ROWS_MAX: i64 = 10_000;

/// Refused requests that arrive within this time of the first are one row.
const ALIKE_MS: i64 = 60_000;

/// So many changes are kept for those who make something of the log.
const CHANGES_MAX: i64 = 100_000;

/// So many old calls are deleted at a time.
const ERASED_AT_ONCE: i64 = 100;

/// Where the log is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Place {
    File(PathBuf),
    /// Gone when the program ends; shared between the connections of this process under this name,
    /// which is plain letters and digits.
    Memory(String),
}

/// Why a log could not be opened or written.
#[derive(Debug, thiserror::Error)]
pub(super) enum DatabaseError {
    #[error("the call log is damaged ({0})")]
    Damaged(String),
    #[error("the call log was written by a newer Switchboard (format {0})")]
    Newer(i64),
    /// This row can never be written; others can.
    #[error("a call could not be logged ({0})")]
    Row(rusqlite::Error),
    /// Full or locked: may pass, and reading goes on meanwhile.
    #[error("{0}")]
    Busy(String),
    /// Gone, read-only, failing: may pass, but needs a new connection.
    #[error("{0}")]
    Disk(String),
}

impl From<rusqlite::Error> for DatabaseError {
    fn from(error: rusqlite::Error) -> Self {
        match error.sqlite_error_code() {
            Some(ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase) => Self::Damaged(error.to_string()),
            Some(ErrorCode::ConstraintViolation | ErrorCode::TooBig | ErrorCode::TypeMismatch) => {
                Self::Row(error)
            }
            Some(ErrorCode::DiskFull | ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => {
                Self::Busy(error.to_string())
            }
            _ => Self::Disk(error.to_string()),
        }
    }
}

impl Place {
    pub(super) fn connect(&self, flags: OpenFlags) -> rusqlite::Result<Connection> {
        let flags = flags | OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let connection = match self {
            Self::File(path) => Connection::open_with_flags(path, flags)?,
            Self::Memory(name) => Connection::open_with_flags(
                format!("file:/{name}?vfs=memdb"),
                flags | OpenFlags::SQLITE_OPEN_URI,
            )?,
        };
        connection.busy_timeout(Duration::from_millis(250))?;
        Ok(connection)
    }

    /// A connection that can only read. In WAL it neither waits for the writer nor holds it up.
    pub(super) fn connect_for_reading(&self) -> rusqlite::Result<Connection> {
        let connection = self.connect(OpenFlags::empty())?;
        connection.pragma_update(None, "query_only", true)?;
        Ok(connection)
    }
}

/// The one connection that writes.
#[derive(Debug)]
pub(super) struct Database {
    pub(super) connection: Connection,
    pub(super) files: Files,
}

impl Database {
    /// Opens the log, making or upgrading it where needed. A newer one is left untouched.
    pub(super) fn open(place: &Place) -> Result<Self, DatabaseError> {
        if let Place::File(path) = place {
            create_private(path).map_err(|cause| DatabaseError::Disk(cause.to_string()))?;
        }
        let mut connection = place.connect(OpenFlags::SQLITE_OPEN_CREATE)?;
        let found: i64 = connection.pragma_query_value(None, "user_version", |row| row.get(0))?;
        let known = MIGRATIONS.len() as i64;
        if found > known {
            return Err(DatabaseError::Newer(found));
        }
        check(&connection, place)?;
        // In the order the manual asks for: erasing and journal before the first table.
        connection.pragma_update(None, "secure_delete", true)?;
        connection.pragma_update_and_check(None, "journal_mode", "WAL", |_| Ok(()))?;
        connection.pragma_update(None, "synchronous", "NORMAL")?;
        connection.pragma_update(None, "journal_size_limit", 8 * 1024 * 1024)?;
        // The writer empties the WAL when it is idle; this is for a day without a pause.
        connection.pragma_update(None, "wal_autocheckpoint", 10_000)?;
        migrate(&mut connection, found)?;
        let old = "DELETE FROM changes WHERE number <= (SELECT max(number) FROM changes) - ?1";
        connection.execute(old, [CHANGES_MAX])?;
        let files = match place {
            Place::File(path) => Files::of(path),
            Place::Memory(_) => Files::default(),
        };
        Ok(Self { connection, files })
    }

    /// The highest id any call has, 0 if none.
    pub(super) fn last_id(&self) -> Result<i64, DatabaseError> {
        let sql = "SELECT coalesce(max(id), 0) FROM calls";
        Ok(self.connection.query_row(sql, [], |row| row.get(0))?)
    }

    /// Begins a group of writes.
    pub(super) fn begin(&mut self) -> Result<Group<'_>, DatabaseError> {
        let behavior = rusqlite::TransactionBehavior::Immediate;
        Ok(Group { transaction: self.connection.transaction_with_behavior(behavior)? })
    }

    /// Makes everything committed so far survive a power cut: one tiny commit with a sync, which
    /// syncs the WAL and with it all that is before.
    pub(super) fn beat(&self) -> Result<(), DatabaseError> {
        self.connection.pragma_update(None, "synchronous", "FULL")?;
        let beaten = self.connection.execute("UPDATE beat SET count = count + 1", []);
        self.connection.pragma_update(None, "synchronous", "NORMAL")?;
        beaten?;
        Ok(())
    }

    /// Moves the WAL into the database as far as readers allow, and empties it if `whole`.
    pub(super) fn checkpoint(&self, whole: bool) -> Result<(), DatabaseError> {
        let mode = if whole { "TRUNCATE" } else { "PASSIVE" };
        self.connection.query_row(&format!("PRAGMA wal_checkpoint({mode})"), [], |_| Ok(()))?;
        Ok(())
    }
}

/// Writes that become permanent together or not at all.
#[derive(Debug)]
pub(super) struct Group<'a> {
    transaction: Transaction<'a>,
}

impl Group<'_> {
    pub(super) fn insert(&self, record: &Record) -> Result<(), DatabaseError> {
        let Record { summary, detail } = record;
        let detail = serde_json::to_string(detail)
            .map_err(|error| rusqlite::Error::ToSqlConversionFailure(error.into()))?;
        let mut statement = self.transaction.prepare_cached(
            "INSERT INTO calls (id, at_ms, caller, called, line, version, rule_id, rule_name,
                outcome, agent, took_us, attempts, fallback_used, late, unreadable, medium, overruled,
                detail, agent_id, is_test, agent_version, turn_of, turn, caller_name, look_up_failed)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18,
                ?19, ?20, ?21, ?22, ?23, ?24, ?25)",
        )?;
        statement.execute(params![
            summary.id,
            summary.at_ms,
            summary.from,
            summary.to,
            summary.line,
            summary.version,
            summary.rule_id,
            summary.rule_name,
            summary.outcome,
            summary.agent,
            summary.took_us.cast_signed(),
            summary.attempts,
            summary.fallback_used,
            summary.late,
            summary.unreadable,
            summary.medium.word(),
            summary.overruled,
            detail,
            summary.agent_id,
            summary.is_test,
            summary.agent_version,
            summary.turn.as_ref().map(|turn| &turn.of),
            summary.turn.as_ref().map(|turn| turn.number.cast_signed()),
            summary.caller_name,
            summary.look_up_failed,
        ])?;
        Ok(())
    }

    pub(super) fn attempt_again(&self, id: i64) -> Result<(), DatabaseError> {
        let sql = "UPDATE calls SET attempts = attempts + 1 WHERE id = ?1";
        self.transaction.prepare_cached(sql)?.execute([id])?;
        // From the second on nothing is found by how many there were.
        let second = "INSERT INTO changes (call) SELECT id FROM calls WHERE id = ?1 AND attempts = 2";
        self.transaction.prepare_cached(second)?.execute([id])?;
        Ok(())
    }

    /// Notes that call `id` is another than it was, or came after one with a higher id.
    pub(super) fn changed(&self, id: i64) -> Result<(), DatabaseError> {
        let sql = "INSERT INTO changes (call) VALUES (?1)";
        self.transaction.prepare_cached(sql)?.execute([id])?;
        Ok(())
    }

    /// Deletes all calls of a caller; says how many.
    pub(super) fn erase_caller(&self, number: &str) -> Result<u64, DatabaseError> {
        let sql = "INSERT INTO changes (call) SELECT id FROM calls WHERE caller = ?1";
        self.transaction.prepare_cached(sql)?.execute([number])?;
        // Where calls are still taken over from a damaged log, theirs are left out.
        let sql = "INSERT OR IGNORE INTO erased SELECT ?1 FROM rescue";
        self.transaction.prepare_cached(sql)?.execute([number])?;
        let sql = "DELETE FROM calls WHERE caller = ?1";
        Ok(self.transaction.prepare_cached(sql)?.execute([number])? as u64)
    }

    /// Deletes some calls from before a moment, the oldest first, so few that nobody waits long.
    pub(super) fn erase_before(&self, at_ms: i64) -> Result<(), DatabaseError> {
        let oldest = "SELECT id FROM calls INDEXED BY calls_by_time WHERE at_ms < ?1 ORDER BY at_ms LIMIT ?2";
        let sql = format!("INSERT INTO changes (call) {oldest}");
        if self.transaction.prepare_cached(&sql)?.execute([at_ms, ERASED_AT_ONCE])? > 0 {
            let sql = format!("DELETE FROM calls WHERE id IN ({oldest})");
            self.transaction.prepare_cached(&sql)?.execute([at_ms, ERASED_AT_ONCE])?;
        }
        Ok(())
    }

    /// Joins what was told of a call to its row, if there is one.
    pub(super) fn join(&self, news: &EndNews) -> Result<(), DatabaseError> {
        ends::join(&self.transaction, news).map(drop)
    }

    /// Writes what took how long after the record of each call was made.
    pub(super) fn took(&self, times: &[(i64, Afterwards)]) -> Result<(), DatabaseError> {
        afterwards::write(&self.transaction, times)
    }

    pub(super) fn mark_late(&self, id: i64) -> Result<(), DatabaseError> {
        let sql = "UPDATE calls SET late = 1 WHERE id = ?1";
        self.transaction.prepare_cached(sql)?.execute([id])?;
        Ok(())
    }

    /// Counts `refused` in the row of its like from the last minute, else begins one.
    pub(super) fn refuse(&self, refused: &Refused) -> Result<(), DatabaseError> {
        let Refused { id: _, at_ms, last_ms: _, peer, code, reason, body_bytes, count } = refused;
        let (body_bytes, count) = (body_bytes.cast_signed(), count.cast_signed());
        let raised = self
            .transaction
            .prepare_cached(
                "UPDATE refused SET count = count + ?1, reason = ?2, body_bytes = ?3
                 WHERE id = (SELECT id FROM refused WHERE code = ?4 AND peer = ?5
                     AND at_ms BETWEEN ?6 - ?7 AND ?6 ORDER BY at_ms DESC LIMIT 1)",
            )?
            .execute(params![count, reason, body_bytes, code, peer, at_ms, ALIKE_MS])?;
        if raised > 0 {
            return Ok(());
        }
        self.transaction
            .prepare_cached(
                "INSERT INTO refused (at_ms, peer, code, reason, body_bytes, count)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
            )?
            .execute(params![at_ms, peer, code, reason, body_bytes, count])?;
        self.transaction
            .prepare_cached("DELETE FROM refused WHERE id <= (SELECT max(id) FROM refused) - ?1")?
            .execute([REFUSED_ROWS_MAX])?;
        Ok(())
    }

    pub(super) fn commit(self) -> Result<(), DatabaseError> {
        Ok(self.transaction.commit()?)
    }
}

/// `SQLite` would make the file readable by others; its companions take over what the file has.
pub(super) fn create_private(path: &Path) -> std::io::Result<()> {
    let mut options = std::fs::File::options();
    options.create(true).append(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path).map(drop)
}

fn check(connection: &Connection, place: &Place) -> Result<(), DatabaseError> {
    let Place::File(path) = place else { return Ok(()) };
    if std::fs::metadata(path).is_ok_and(|found| found.len() > CHECKED_BYTES) {
        return Ok(());
    }
    let said: String = connection.query_row("PRAGMA quick_check(1)", [], |row| row.get(0))?;
    if said == "ok" { Ok(()) } else { Err(DatabaseError::Damaged(said)) }
}

fn migrate(connection: &mut Connection, found: i64) -> Result<(), DatabaseError> {
    for (done, step) in (0_i64..).zip(MIGRATIONS) {
        if done < found {
            continue;
        }
        let transaction = connection.transaction()?;
        transaction.execute_batch(step)?;
        transaction.pragma_update(None, "user_version", done + 1)?;
        transaction.commit()?;
    }
    Ok(())
}
