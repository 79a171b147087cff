//! Who called before: facts from the call log about this caller, and conditions on them. Calls
//! are counted up to the time that is asked for, so a trial for another time is right too. The
//! conditions look at the facts alone: what a record keeps is enough to decide it again.

mod before;
#[cfg(feature = "desktop")]
mod editor;
mod last_agent;
mod last_call;
mod look_up;
mod repeat;
mod window;

use std::collections::BTreeMap;
use std::sync::Arc;

use super::{ConditionKind, FactInfo, Host, LookUp, Manifest, Plugin, shares};
use crate::routing::{Agent, Facts, Kind, Table, Value};
#[cfg(feature = "desktop")]
pub(super) use editor::window_ui;
pub(super) use look_up::{ago, last_with};
pub(super) use window::Window;
use window::windows_of;

/// The plugin.
#[must_use]
pub fn plugin() -> impl Plugin {
    History { manifest: Manifest::built_in(include_str!("plugin.toml")) }
}

struct History {
    manifest: Manifest,
}

impl Plugin for History {
    fn manifest(&self) -> &Manifest {
        &self.manifest
    }

    fn conditions(&self) -> &[&'static dyn ConditionKind] {
        &[&before::Kind, &repeat::Kind, &last_call::Kind, &last_agent::Kind]
    }

    fn facts(&self, table: &Table) -> BTreeMap<String, FactInfo> {
        let mut facts = self.manifest.facts.clone();
        facts.extend(windows_of(table).into_iter().map(|window| {
            let title = format!("Earlier calls within {}", window.words());
            (window.fact(), FactInfo { kind: Kind::Number, title, example: "2".into() })
        }));
        facts.extend(remembered(table).map(|agent| {
            let title = format!("Last call with {}", agent.name);
            (
                last_with(&agent.id),
                FactInfo { kind: Kind::Time, title, example: "Monday 5 January, 09:00".into() },
            )
        }));
        facts
    }

    fn look_up(&self, table: &Table, host: &Host) -> Option<Arc<dyn LookUp>> {
        Some(look_up::of(table, host))
    }
}

/// The agents of whom it must be known when they answered a caller last.
fn remembered(table: &Table) -> impl Iterator<Item = &Agent> {
    shares::remembered(table).filter_map(|id| table.agent(id))
}

/// Whether it is known that the caller has not called before.
fn is_first_time(facts: &Facts) -> bool {
    facts.get("history.first_time") == Some(&Value::YesNo(true))
}

/// Why a fact is not known, to stand in a reason.
fn unknown(facts: &Facts, name: &str) -> String {
    match facts.why_missing(name) {
        Some(why) => format!("the earlier calls are not known: {why}"),
        None => "the earlier calls are not known".to_owned(),
    }
}
