//! Publishing where no program runs: the next start answers calls by it.

use std::sync::Arc;

use chrono::{DateTime, Utc};

use super::from_outside::{CHANGED, DESPITE};
use super::ready;
use crate::plugins::Registry;
use crate::routing::{Counts, Table, changes};
use crate::service::overriding::user;
use crate::storage::version::Remarks;
use crate::storage::{Home, TableStore, Trouble};

/// What came of it.
#[derive(Debug)]
pub struct PublishedOnFiles {
    /// The number of the new version.
    pub version: u32,
    /// What was wrong with the files.
    pub troubles: Vec<Trouble>,
}

/// Makes the draft the next version, if it still is `table`, as its owner looked at it. No program starts
/// in between. The error says why nothing was published.
pub fn publish_on_files(
    home: &Home,
    table: &Arc<Table>,
    (note, despite): (&str, &str),
    registry: &Registry,
    now: DateTime<Utc>,
) -> Result<PublishedOnFiles, String> {
    let _claimed = home.prepare().and_then(|()| home.lock()).map_err(|error| error.to_string())?;
    let (mut store, found) = TableStore::<Table>::find(home, now);
    if found.draft.as_ref() != Some(&**table) {
        return Err(CHANGED.to_owned());
    }
    let (_, failing) = ready(table.clone(), registry, despite).map_err(|held| held.words(DESPITE))?;
    let changes = found.live.map(|live| Counts::of(&changes(&live.table, table, registry)));
    let remarks = Remarks { note: note.to_owned(), by: user(), changes, failing, ..Remarks::default() };
    let saved = store.publish_beside(table, now, remarks).map_err(|error| error.to_string())?;
    let troubles = found.troubles.into_iter().chain(saved.trouble).collect();
    Ok(PublishedOnFiles { version: saved.value.version, troubles })
}
