//! Noticing that the log's files were damaged or taken away while they are in use, and saving what can
//! be saved of them.

use std::fs;
use std::path::{Path, PathBuf};

use rusqlite::types::Value;
use rusqlite::{
    CachedStatement, Connection, OpenFlags, OptionalExtension, Row, Statement, Transaction, params_from_iter,
};

use super::database::{Database, DatabaseError, Place, create_private};

/// So many calls are taken over at a time, so that new ones do not wait.
const SLICE: usize = 64;

/// So many kinds of refused requests are taken over at most; that is all a whole log has.
const REFUSED: usize = 10_000;

/// Ends it: nothing is left to be taken over.
pub(super) const OVER: &str = "DELETE FROM rescue; DELETE FROM erased";

/// Tables with a row for a call, which goes where the call goes.
const OF_CALLS: [&str; 2] = ["ends", "times"];

/// So many calls are looked at to see whether a log is whole, which takes a millisecond.
const LOOKED_AT: u64 = 64;

/// What tells a file from another one that takes its place.
type FileId = (u64, u64);

/// The files of a log that is in use, as they were when it was opened.
#[derive(Debug, Default)]
pub(super) struct Files(Vec<(PathBuf, FileId)>);

impl Files {
    /// The files of the log at this path.
    pub(super) fn of(path: &Path) -> Self {
        let files = [path.to_owned(), beside(path, "-wal")];
        Self(files.into_iter().filter_map(|file| Some((file.clone(), file_id(&file)?))).collect())
    }

    fn are_there(&self) -> bool {
        self.0.iter().all(|(file, id)| file_id(file) == Some(*id))
    }
}

#[cfg(unix)]
fn file_id(file: &Path) -> Option<FileId> {
    use std::os::unix::fs::MetadataExt;
    fs::metadata(file).ok().map(|found| (found.dev(), found.ino()))
}

/// Elsewhere the system does not let go of files that are in use.
#[cfg(not(unix))]
fn file_id(file: &Path) -> Option<FileId> {
    fs::metadata(file).ok().map(|_| (0, 0))
}

/// A file of the log at this path, by the end of its name.
pub(super) fn beside(path: &Path, tail: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(tail);
    name.into()
}

impl Database {
    /// Whether what is on the disk is what was written: the files themselves, and calls from the first
    /// to the last as a stranger reads them, others at each `turn`.
    pub(super) fn look(&self, place: &Place, turn: u64) -> Result<(), DatabaseError> {
        if !self.files.are_there() {
            return Err(DatabaseError::Damaged("its file was taken away or replaced".to_owned()));
        }
        let stranger = place.connect_for_reading()?;
        let ends =
            "SELECT coalesce((SELECT min(id) FROM calls), 0), coalesce((SELECT max(id) FROM calls), 0)";
        let (first, last): (i64, i64) = stranger.query_row(ends, [], |row| Ok((row.get(0)?, row.get(1)?)))?;
        let step = last.abs_diff(first) / LOOKED_AT;
        let mut call =
            stranger.prepare("SELECT length(detail) FROM calls WHERE id >= ?1 ORDER BY id LIMIT 1")?;
        for nth in 0..=LOOKED_AT {
            let from = first.saturating_add_unsigned(step * nth + turn % step.max(1)).min(last);
            call.query_row([from], |_| Ok(())).optional()?;
        }
        Ok(())
    }

    /// Writes all that this connection still knows to a file of its own, which then is as good as the
    /// log. `None` if not all of it is there.
    pub(super) fn save_whole(&self, path: &Path) -> Option<PathBuf> {
        let saved = beside(path, "-saved");
        let _ = fs::remove_file(&saved);
        create_private(&saved).ok()?;
        let whole = self.connection.execute("VACUUM INTO ?1", [saved.to_str()?]).and_then(|_| {
            Connection::open_with_flags(&saved, OpenFlags::SQLITE_OPEN_READ_ONLY)?.query_row(
                "PRAGMA quick_check(1)",
                [],
                |row| row.get::<_, String>(0),
            )
        });
        if whole.is_ok_and(|said| said == "ok") {
            return Some(saved);
        }
        let _ = fs::remove_file(&saved);
        None
    }
}

/// Takes calls over from a damaged log, bit by bit: from the first on up to the damage, then from the
/// last down to it. What else is known of a call goes with it; the refused requests come last.
#[derive(Debug)]
pub(super) struct Rescue {
    from: Connection,
    /// The damaged log.
    pub(super) kept: PathBuf,
    /// The last call taken over on the way up, and on the way down once that has begun.
    up: i64,
    down: Option<i64>,
    /// All calls that can be read are taken over.
    has_all_calls: bool,
    /// How many calls were taken over so far.
    pub(super) saved: usize,
}

impl Rescue {
    /// Begins with the damaged log at this path, which is only read. `None` if nothing of it can be.
    pub(super) fn of(kept: &Path) -> Option<Self> {
        let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let from = Connection::open_with_flags(kept, flags).ok()?;
        from.query_row("SELECT count(*) FROM pragma_table_info('calls')", [], |_| Ok(())).ok()?;
        let kept = kept.to_owned();
        Some(Self { from, kept, up: i64::MIN, down: None, has_all_calls: false, saved: 0 })
    }

    /// The one that was not done with when the program ended, of the log at this path; the name of its file
    /// if that is gone.
    pub(super) fn unfinished(log: &Database, path: &Path) -> Option<Result<Self, PathBuf>> {
        let name = log.connection.query_row("SELECT kept FROM rescue", [], |row| row.get::<_, String>(0));
        let kept = path.with_file_name(name.ok()?);
        if kept.exists() { Self::of(&kept).map(Ok) } else { Some(Err(kept)) }
    }

    /// Notes it in the new log, so that the next start goes on with it, and callers who are erased meanwhile
    /// stay so.
    pub(super) fn note(&self, log: &Database) -> Result<(), DatabaseError> {
        let Some(name) = self.kept.file_name().and_then(|name| name.to_str()) else { return Ok(()) };
        let note = "INSERT INTO rescue SELECT ?1 WHERE NOT EXISTS (SELECT 1 FROM rescue)";
        log.connection.execute(note, [name])?;
        Ok(())
    }

    /// Takes over the next calls, or what comes after them; `true` when there is no more. An error is
    /// the new log's.
    pub(super) fn step(&mut self, log: &mut Database) -> Result<bool, DatabaseError> {
        let transaction = log.connection.transaction()?;
        if self.has_all_calls {
            take_over_refused(&self.from, &transaction)?;
            transaction.execute_batch(OVER)?;
            transaction.commit()?;
            return Ok(true);
        }
        let (sql, bound) = match self.down {
            None => ("SELECT * FROM calls WHERE id > ?1 ORDER BY id", self.up),
            Some(down) => ("SELECT * FROM calls WHERE id < ?1 ORDER BY id DESC", down),
        };
        let read = take_over(&self.from, sql, bound, &transaction)?;
        // Those who were erased since stay so; what came since then has other ids.
        let taken = read.ids.iter().min().zip(read.ids.iter().max());
        if let Some((first, last)) = taken {
            let erased =
                "DELETE FROM calls WHERE caller IN (SELECT caller FROM erased) AND id BETWEEN ?1 AND ?2";
            transaction.execute(erased, [first, last])?;
        }
        transaction.commit()?;
        self.saved += read.ids.len();
        let last = read.ids.last().copied();
        match (&mut self.down, read.end) {
            (None, End::Slice) => self.up = last.unwrap_or(self.up),
            (None, End::Damage) => {
                self.up = last.unwrap_or(self.up);
                self.down = Some(i64::MAX);
            }
            (None, End::All) | (Some(_), End::All | End::Damage) => self.has_all_calls = true,
            (Some(down), End::Slice) => *down = last.unwrap_or(*down),
        }
        // Both ways have met.
        self.has_all_calls |= self.down.is_some_and(|down| down <= self.up);
        Ok(false)
    }
}

/// Where a slice ended.
enum End {
    Slice,
    All,
    Damage,
}

struct Read {
    ids: Vec<i64>,
    end: End,
}

/// Copies the next calls that `sql` reads, each with its rows in the other tables.
fn take_over(
    from: &Connection,
    sql: &str,
    bound: i64,
    into: &Transaction<'_>,
) -> Result<Read, DatabaseError> {
    let mut read = Read { ids: Vec::new(), end: End::Damage };
    let Ok(mut statement) = from.prepare(sql) else { return Ok(read) };
    let columns = statement.column_count();
    let mut insert = into.prepare_cached(&insert_like(&statement, "calls"))?;
    let mut companions: Vec<_> =
        OF_CALLS.iter().filter_map(|table| Companion::of(table, from, into)).collect();
    let mut note = into.prepare_cached("INSERT INTO changes (call) VALUES (?1)")?;
    let Ok(mut rows) = statement.query([bound]) else { return Ok(read) };
    while read.ids.len() < SLICE {
        let row = match rows.next() {
            Ok(Some(row)) => row,
            Ok(None) => {
                read.end = End::All;
                return Ok(read);
            }
            Err(_) => return Ok(read),
        };
        let (Ok(id), Ok(values)) = (row.get::<_, i64>("id"), values(row, columns)) else { return Ok(read) };
        // A row that no longer makes sense stays where it is.
        if insert.execute(params_from_iter(values)).is_ok() {
            note.execute([id])?;
            for companion in &mut companions {
                companion.copy(id);
            }
        }
        read.ids.push(id);
    }
    read.end = End::Slice;
    Ok(read)
}

/// One of the tables with a row for a call, on its way from a damaged log to a new one.
struct Companion<'a> {
    select: Statement<'a>,
    insert: CachedStatement<'a>,
}

impl<'a> Companion<'a> {
    /// `None` if the damaged log has no such table that can be read.
    fn of(table: &str, from: &'a Connection, into: &'a Connection) -> Option<Self> {
        let select = from.prepare(&format!("SELECT * FROM {table} WHERE call = ?1")).ok()?;
        let insert = into.prepare_cached(&insert_like(&select, table)).ok()?;
        Some(Self { select, insert })
    }

    /// Copies the row of this call. The call itself counts for more: a row that cannot be read, or no
    /// longer makes sense, stays where it is.
    fn copy(&mut self, call: i64) {
        let columns = self.select.column_count();
        if let Ok(row) = self.select.query_row([call], |row| values(row, columns)) {
            let _ = self.insert.execute(params_from_iter(row));
        }
    }
}

/// Copies the refused requests: from the latest down to the damage, then from the first up to it. They
/// are numbered from 0 downwards, so that those of the new log, which begin at 1, stay the later ones.
fn take_over_refused(from: &Connection, into: &Transaction<'_>) -> Result<(), DatabaseError> {
    let mut rows = refused(from, "id <= ?1 ORDER BY id DESC", i64::MAX);
    let last = rows.last().map_or(i64::MAX, |(id, _)| *id);
    rows.extend(refused(from, "id < ?1 ORDER BY id", last).into_iter().rev());
    let mut insert = into.prepare_cached(
        "INSERT OR IGNORE INTO refused (id, at_ms, peer, code, reason, body_bytes, count)
         VALUES (?, ?, ?, ?, ?, ?, ?)",
    )?;
    for (below, (_, row)) in (0_i64..).zip(rows) {
        let row = std::iter::once(Value::Integer(-below)).chain(row);
        // One that no longer makes sense stays where it is.
        let _ = insert.execute(params_from_iter(row));
    }
    Ok(())
}

/// The refused requests that fit, each with its id, as far as they can be read.
fn refused(from: &Connection, which: &str, bound: i64) -> Vec<(i64, Vec<Value>)> {
    let sql = format!("SELECT at_ms, peer, code, reason, body_bytes, count, id FROM refused WHERE {which}");
    let Ok(mut statement) = from.prepare(&sql) else { return Vec::new() };
    let read = statement.query_map([bound], |row| Ok((row.get::<_, i64>("id")?, values(row, 6)?)));
    read.map(|rows| rows.map_while(Result::ok).take(REFUSED).collect()).unwrap_or_default()
}

/// What writes rows as `read` gives them to a table of another log, but for those that it has.
fn insert_like(read: &Statement<'_>, table: &str) -> String {
    let names = read.column_names().collect::<Vec<_>>().join(", ");
    let places = vec!["?"; read.column_count()].join(", ");
    format!("INSERT OR IGNORE INTO {table} ({names}) VALUES ({places})")
}

/// The first columns of a row, so many.
fn values(row: &Row<'_>, columns: usize) -> rusqlite::Result<Vec<Value>> {
    (0..columns).map(|column| row.get(column)).collect()
}
