//! Which published table answers calls when the program starts.

use std::sync::Arc;

use chrono::{DateTime, Utc};

use crate::guard::Mode;
use crate::plugins::Registry;
use crate::routing::{Compiled, Table};
use crate::service::messages::LiveInfo;
use crate::service::{Live, SafeMode};
use crate::storage::{TableStore, Trouble, Version};

/// Which published table is tried first.
#[derive(Clone, Copy, PartialEq, Eq)]
enum First {
    Newest,
    /// The one before it.
    Older,
}

/// The table that answers calls, and what safe mode leaves out: a version that was published just
/// before is held back.
pub(super) fn live_in(
    mode: Mode,
    tables: &TableStore<Table>,
    newest: Version<Table>,
    now: DateTime<Utc>,
    registry: &Registry,
    troubles: &mut Vec<Trouble>,
) -> (Live, LiveInfo, Option<SafeMode>) {
    let (is_safe, number) = (mode.is_safe(), newest.version);
    let too_new = is_safe && SafeMode::holds_back(newest.published_at, now);
    let first = if too_new { First::Older } else { First::Newest };
    let (live, info) = first_live(tables, newest, first, registry, troubles);
    let held_back = (too_new && info.version < number).then_some(number);
    (live, info, is_safe.then_some(SafeMode { held_back }))
}

/// The newest published table that this program can run. One that names a plugin that is gone
/// does not keep an earlier one from answering.
fn first_live(
    tables: &TableStore<Table>,
    newest: Version<Table>,
    first: First,
    registry: &Registry,
    troubles: &mut Vec<Trouble>,
) -> (Live, LiveInfo) {
    let newest_number = newest.version;
    let older = tables.versions().into_iter().filter(|info| info.version < newest_number);
    let mut older = older.filter_map(|info| tables.load(info.version).ok());
    let before_it = if first == First::Older { older.next() } else { None };
    for Version { version, published_at, table, .. } in before_it.into_iter().chain([newest]).chain(older) {
        let table = Arc::new(table);
        match Live::build(version, table.clone(), registry) {
            Ok(live) => {
                if version != newest_number && first == First::Newest {
                    troubles.push(Trouble::new(format!("Version {version} answers calls instead")));
                }
                return (live, LiveInfo { version, published_at, table });
            }
            Err(problems) => troubles.push(Trouble::new(format!(
                "Version {version} cannot answer calls: {}",
                problems.first().map(ToString::to_string).unwrap_or_default()
            ))),
        }
    }
    let table = Arc::new(starter());
    troubles
        .push(Trouble::new("No version can answer calls, so each line's own agent does; publish a table"));
    let live = Live { version: 0, table: table.clone(), compiled: Compiled::keep(), look_ups: Vec::new() };
    (live, LiveInfo { version: 0, published_at: DateTime::UNIX_EPOCH, table })
}

/// The table of a fresh start: no rules, and a fallback that keeps each line's own agent.
pub(super) fn starter() -> Table {
    let zone = iana_time_zone::get_timezone()
        .ok()
        .filter(|zone| zone.parse::<chrono_tz::Tz>().is_ok())
        .unwrap_or_else(|| "America/New_York".to_owned());
    Table::empty("US", zone)
}
