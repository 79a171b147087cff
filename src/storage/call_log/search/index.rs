//! The file with all words of all calls, made from the log: how it is kept up to date and asked.
//!
//! Rows that are new come first, then those of before, from the newest back, so that a log that was
//! never searched before can be searched from the first second on.

use std::fs;

use rusqlite::{Connection, OpenFlags, Transaction, params};

use super::filter::Filter;
use super::source::Change;
use super::words;
use crate::storage::call_log::database::{Place, create_private};
use crate::storage::call_log::{LogError, LogReader, Summary};

/// The version of the words. Raised when calls are to be found by other ones; the file is then made
/// anew.
const EDITION: i64 = 3;

/// `contentless_delete` and no place of a word in its text: what is found is read from the log.
/// Short beginnings are kept ready, because they stand in many words.
const TABLES: &str = "
    CREATE VIRTUAL TABLE words USING fts5(text, content = '', contentless_delete = 1,
        detail = none, prefix = '1 2 3',
        tokenize = \"unicode61 remove_diacritics 2 categories 'L* N* Co M*' tokenchars '='\");
    CREATE TABLE state (log BLOB NOT NULL, newest INTEGER NOT NULL, oldest INTEGER NOT NULL,
        is_whole INTEGER NOT NULL, changes INTEGER NOT NULL) STRICT;
";

/// How much is taken in at a time, so that a question never waits long.
pub(super) const CHUNK: usize = 500;

/// The index, up to date as far as `newest` and back to `oldest`.
#[derive(Debug)]
pub(super) struct Index {
    pub(super) connection: Connection,
    state: State,
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct State {
    /// Which log it is of.
    log: Vec<u8>,
    /// All calls from `oldest` to `newest` are in it; none if `oldest` is above.
    newest: i64,
    oldest: i64,
    /// There is no older call.
    is_whole: bool,
    /// The changes of the log that were taken in.
    changes: i64,
}

/// What taking in did.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub(super) struct Done {
    /// There are newer calls than before.
    pub(super) newer: bool,
    /// Calls that were there are found by other words, or are gone.
    pub(super) changed: bool,
    /// There is more to take in.
    pub(super) more: bool,
}

/// Why the index does not work just now.
#[derive(Debug, thiserror::Error)]
pub(super) enum IndexError {
    #[error(transparent)]
    Log(#[from] LogError),
    #[error("{0}")]
    File(#[from] rusqlite::Error),
    #[error("{0}")]
    Place(#[from] std::io::Error),
}

impl Index {
    /// Opens the index of a log at `place`. One that is of another log, damaged, or of another edition
    /// is made anew.
    pub(super) fn open(place: &Place, log: &LogReader) -> Result<Self, IndexError> {
        let identity = log.identity()?;
        let (first_change, _) = log.first_and_last_change()?;
        if let Some(index) = Self::open_as_it_is(place, &identity)
            && index.state.changes + 1 >= first_change
        {
            return Ok(index);
        }
        if let Place::File(path) = place {
            for tail in ["", "-wal", "-shm"] {
                let mut name = path.clone().into_os_string();
                name.push(tail);
                // If it cannot be removed, making it anew fails and says why.
                let _ = fs::remove_file(name);
            }
            create_private(path)?;
        }
        let connection = connect(place)?;
        let state = State { log: identity, newest: 0, oldest: 1, is_whole: false, changes: 0 };
        connection.execute_batch(TABLES)?;
        connection.execute(
            "INSERT INTO state VALUES (?1, ?2, ?3, ?4, ?5)",
            params![state.log, state.newest, state.oldest, state.is_whole, state.changes],
        )?;
        connection.pragma_update(None, "user_version", EDITION)?;
        Ok(Self { connection, state })
    }

    fn open_as_it_is(place: &Place, identity: &[u8]) -> Option<Self> {
        let connection = connect(place).ok()?;
        let edition: i64 = connection.pragma_query_value(None, "user_version", |row| row.get(0)).ok()?;
        let state = connection
            .query_row("SELECT log, newest, oldest, is_whole, changes FROM state", [], |row| {
                Ok(State {
                    log: row.get(0)?,
                    newest: row.get(1)?,
                    oldest: row.get(2)?,
                    is_whole: row.get(3)?,
                    changes: row.get(4)?,
                })
            })
            .ok()?;
        (edition == EDITION && state.log == identity).then_some(Self { connection, state })
    }

    /// Whether it is made of this log.
    pub(super) fn is_of(&self, identity: &[u8]) -> bool {
        self.state.log == identity
    }

    /// The oldest call that can be found, if older ones cannot yet.
    pub(super) fn reaches_back_to(&self) -> Option<i64> {
        (!self.state.is_whole).then_some(self.state.oldest)
    }

    /// The newest call that can be found; 0 while there is none.
    pub(super) fn newest(&self) -> i64 {
        self.state.newest
    }

    /// Takes in a part of what is not in it yet.
    pub(super) fn take_in(&mut self, log: &LogReader) -> Result<Done, IndexError> {
        let mut state = self.state.clone();
        let mut done = Done::default();
        if state.newest < state.oldest && !state.is_whole {
            // Nothing is in it: begin at the end of the log, whose changes so far do not matter.
            let (_, changes) = log.first_and_last_change()?;
            let (_, newest) = log.first_and_last_id()?;
            state = State { newest, oldest: newest + 1, changes, ..state };
        }
        let transaction = self.connection.transaction()?;
        let changes = log.changes(state.changes, CHUNK)?;
        done.more |= changes.len() == CHUNK;
        for Change { number, id } in changes {
            state.changes = number;
            // What is not in it yet comes in its turn.
            if id <= state.newest && (state.is_whole || id >= state.oldest) {
                done.changed = true;
                transaction.prepare_cached("DELETE FROM words WHERE rowid = ?1")?.execute([id])?;
                insert(&transaction, log.each((id, id), 1, words_of)?)?;
            }
        }
        let newer = log.each((state.newest + 1, i64::MAX), CHUNK, words_of)?;
        done.newer = !newer.is_empty();
        done.more |= newer.len() == CHUNK;
        state.newest = newer.last().map_or(state.newest, |(id, _)| *id);
        insert(&transaction, newer)?;
        if !state.is_whole && !done.more {
            match log.id_below(state.oldest, CHUNK)? {
                None => state.is_whole = true,
                Some(from) => {
                    insert(&transaction, log.each((from, state.oldest - 1), CHUNK, words_of)?)?;
                    state.oldest = from;
                    done.more = true;
                }
            }
        }
        if state != self.state {
            transaction.execute(
                "UPDATE state SET newest = ?1, oldest = ?2, is_whole = ?3, changes = ?4",
                params![state.newest, state.oldest, state.is_whole, state.changes],
            )?;
            transaction.commit()?;
            self.state = state;
        }
        Ok(done)
    }

    /// Rubs out what is left of calls that were deleted.
    pub(super) fn rub_out(&self) -> rusqlite::Result<()> {
        self.connection.execute("INSERT INTO words (words) VALUES ('optimize')", [])?;
        self.connection.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()))
    }

    /// The ids of the calls after `after` that fit, newest first.
    pub(super) fn find(&self, expression: &str, after: i64) -> rusqlite::Result<Vec<i64>> {
        let sql = "SELECT rowid FROM words WHERE words MATCH ?1 AND rowid > ?2 ORDER BY rowid DESC";
        let mut statement = self.connection.prepare_cached(sql)?;
        statement.query_map(params![expression, after], |row| row.get(0))?.collect()
    }
}

fn words_of(call: &Summary, detail: &str, became: &str) -> (i64, String) {
    (call.id, words::text_of(call, detail, became))
}

fn insert(transaction: &Transaction<'_>, texts: Vec<(i64, String)>) -> rusqlite::Result<()> {
    let mut statement = transaction.prepare_cached("INSERT INTO words (rowid, text) VALUES (?1, ?2)")?;
    texts.into_iter().try_for_each(|text| statement.execute(text).map(drop))
}

fn connect(place: &Place) -> rusqlite::Result<Connection> {
    let connection = place.connect(OpenFlags::SQLITE_OPEN_CREATE)?;
    connection.pragma_update(None, "secure_delete", true)?;
    connection.pragma_update_and_check(None, "journal_mode", "WAL", |_| Ok(()))?;
    // A power cut may take the last moments, which are then taken in again.
    connection.pragma_update(None, "synchronous", "NORMAL")?;
    connection.pragma_update(None, "journal_size_limit", 4 * 1024 * 1024)?;
    connection.pragma_update(None, "cache_size", -16 * 1024)?;
    Ok(connection)
}

/// The calls that fit `filter`, newest first: of all, or only those after `after`. `index` is needed
/// unless nothing but the time matters.
pub(super) fn matching(
    index: Option<&Index>,
    log: &LogReader,
    filter: &Filter,
    after: i64,
) -> Result<Option<Vec<i64>>, IndexError> {
    let Some(expression) = filter.expression() else {
        return Ok(Some(log.ids(filter, after)?));
    };
    let Some(index) = index else { return Ok(None) };
    let found = index.find(&expression, after)?;
    if !filter.has_days() || found.is_empty() {
        return Ok(Some(found));
    }
    let of_days = log.ids(filter, after)?;
    Ok(Some(in_both(&found, &of_days)))
}

/// Both are sorted, the highest first.
fn in_both(a: &[i64], b: &[i64]) -> Vec<i64> {
    let mut b = b.iter().copied().peekable();
    let mut in_b = |id: &i64| {
        while b.next_if(|other| other > id).is_some() {}
        b.peek() == Some(id)
    };
    a.iter().copied().filter(&mut in_b).collect()
}
