//! Noticing that the log's files were damaged or taken away while they are in use, and saving what can
//! be saved of them.

use std::fs;
use std::path::{Path, PathBuf};

use rusqlite::types::Value;
use rusqlite::{Connection, OpenFlags, OptionalExtension, Transaction, params_from_iter};

use super::database::{Database, DatabaseError, Place, create_private};

/// So many calls are taken over at a time, so that new ones do not wait.
const SLICE: usize = 64;

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
/// last down to it.
#[derive(Debug)]
pub(super) struct Rescue {
    from: Connection,
    /// The damaged log.
    pub(super) kept: PathBuf,
    /// The last call taken over on the way up, and on the way down once that has begun.
    up: i64,
    down: Option<i64>,
    /// How many calls were taken over so far.
    pub(super) saved: usize,
}

impl Rescue {
    /// Begins with the damaged log at this path, which is only read. `None` if nothing of it can be.
    pub(super) fn of(kept: &Path) -> Option<Self> {
        let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let from = Connection::open_with_flags(kept, flags).ok()?;
        from.query_row("SELECT count(*) FROM pragma_table_info('calls')", [], |_| Ok(())).ok()?;
        Some(Self { from, kept: kept.to_owned(), up: i64::MIN, down: None, saved: 0 })
    }

    /// Takes over the next calls; `true` when there are no more. An error is the new log's.
    pub(super) fn step(&mut self, log: &mut Database) -> Result<bool, DatabaseError> {
        let transaction = log.connection.transaction()?;
        let (sql, bound) = match self.down {
            None => ("SELECT * FROM calls WHERE id > ?1 ORDER BY id", self.up),
            Some(down) => ("SELECT * FROM calls WHERE id < ?1 ORDER BY id DESC", down),
        };
        let read = take_over(&self.from, sql, bound, &transaction)?;
        transaction.commit()?;
        self.saved += read.ids.len();
        let last = read.ids.last().copied();
        match (&mut self.down, read.end) {
            (None, End::Slice) => self.up = last.unwrap_or(self.up),
            (None, End::Damage) => {
                self.up = last.unwrap_or(self.up);
                self.down = Some(i64::MAX);
            }
            (None, End::All) | (Some(_), End::All | End::Damage) => return Ok(true),
            (Some(down), End::Slice) => *down = last.unwrap_or(*down),
        }
        // Both ways have met.
        Ok(self.down.is_some_and(|down| down <= self.up))
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

/// Copies the next calls that `sql` reads.
fn take_over(
    from: &Connection,
    sql: &str,
    bound: i64,
    into: &Transaction<'_>,
) -> Result<Read, DatabaseError> {
    let mut read = Read { ids: Vec::new(), end: End::Damage };
    let Ok(mut statement) = from.prepare(sql) else { return Ok(read) };
    let names = statement.column_names().collect::<Vec<_>>().join(", ");
    let columns = statement.column_count();
    let places = vec!["?"; columns].join(", ");
    let mut insert =
        into.prepare_cached(&format!("INSERT OR IGNORE INTO calls ({names}) VALUES ({places})"))?;
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
        let values: rusqlite::Result<Vec<Value>> = (0..columns).map(|column| row.get(column)).collect();
        let (Ok(id), Ok(values)) = (row.get::<_, i64>("id"), values) else { return Ok(read) };
        // A row that no longer makes sense stays where it is.
        if insert.execute(params_from_iter(values)).is_ok() {
            note.execute([id])?;
        }
        read.ids.push(id);
    }
    read.end = End::Slice;
    Ok(read)
}
