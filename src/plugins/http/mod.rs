//! Facts from a server of the owner's: a CRM, a booking system, a spreadsheet. What is asked and
//! what is taken from the answer stands in the table; secrets never do.

#[cfg(feature = "desktop")]
mod editor;
#[cfg(feature = "desktop")]
mod editor_facts;
#[cfg(feature = "desktop")]
mod editor_send;
#[cfg(feature = "desktop")]
mod editor_starts;
mod inspect;
mod look_up;
mod mapping;
mod memory;
mod request;
mod settings;

use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, Mutex, PoisonError, Weak};

use futures_util::future::BoxFuture;

use super::{FactInfo, Host, Inspection, Look, LookUp, LookUpKind, Manifest, Plugin, settings as reading};
use crate::routing::{Kind, Table, UsedLookUp};
use look_up::{State, WebLookUp};
use request::Prepared;
use settings::{LIMITS_MS, Settings, check_facts};

/// The second half of the name of the fact that each web look-up gives besides those the owner
/// takes from its answer.
const FOUND: &str = "found";

/// The plugin.
#[must_use]
pub fn plugin() -> impl Plugin {
    Http { manifest: Manifest::built_in(include_str!("plugin.toml")), states: Mutex::default() }
}

struct Http {
    manifest: Manifest,
    /// What is known of each server that is asked by a table at work.
    states: Mutex<HashMap<String, Weak<State>>>,
}

impl Http {
    /// What is known of the server that is asked like this; kept as long as any table at work
    /// asks it like this.
    fn state(&self, used: &UsedLookUp, settings: &Settings) -> Arc<State> {
        let mut states = self.states.lock().unwrap_or_else(PoisonError::into_inner);
        states.retain(|_, state| state.strong_count() > 0);
        let entry = states.entry(key(used)).or_default();
        entry.upgrade().unwrap_or_else(|| {
            let state = Arc::new(State::new(settings));
            *entry = Arc::downgrade(&state);
            state
        })
    }

    fn known_state(&self, used: &UsedLookUp) -> Option<Arc<State>> {
        self.states.lock().unwrap_or_else(PoisonError::into_inner).get(&key(used))?.upgrade()
    }
}

fn key(used: &UsedLookUp) -> String {
    format!("{} {}", used.id, used.settings)
}

/// The full name of a fact.
fn fact_name(used: &str, name: &str) -> String {
    format!("{used}.{name}")
}

impl Plugin for Http {
    fn manifest(&self) -> &Manifest {
        &self.manifest
    }

    fn look_up_kind(&self) -> Option<&dyn LookUpKind> {
        Some(self)
    }
}

impl LookUpKind for Http {
    fn starter(&self, _table: &Table) -> serde_json::Value {
        serde_json::to_value(Settings::default()).unwrap_or_default()
    }

    fn facts(&self, used: &UsedLookUp) -> BTreeMap<String, FactInfo> {
        let Ok(Settings { facts, .. }) = reading::read(&used.settings) else { return BTreeMap::new() };
        let taken = facts.iter().filter(|fact| !fact.name.is_empty()).map(|fact| {
            let title = format!("{}: {}", used.name, fact.words());
            let example = fact.if_none.clone().unwrap_or_else(|| example(fact.kind).to_owned());
            (fact_name(&used.id, &fact.name), FactInfo { kind: fact.kind, title, example })
        });
        let title = format!("{}: knows the caller", used.name);
        let found = FactInfo { kind: Kind::YesNo, title, example: "yes".to_owned() };
        taken.chain([(fact_name(&used.id, FOUND), found)]).collect()
    }

    fn check(&self, used: &UsedLookUp, _table: &Table) -> Result<(), String> {
        let settings: Settings = reading::read(&used.settings)?;
        Prepared::of(&settings)?;
        if !LIMITS_MS.contains(&settings.time_limit_ms) {
            return Err(format!(
                "its time limit is {} ms; choose one from {} to {} ms, as callers wait for it",
                settings.time_limit_ms,
                LIMITS_MS.start(),
                LIMITS_MS.end()
            ));
        }
        check_facts(&settings.facts)
    }

    fn lack(&self, used: &UsedLookUp, host: &Host) -> Option<String> {
        let prepared = Prepared::of(&reading::read(&used.settings).ok()?).ok()?;
        prepared.lack(&host.secrets)
    }

    fn open(&self, used: &UsedLookUp, table: &Table, host: &Host) -> Result<Arc<dyn LookUp>, String> {
        let settings: Settings = reading::read(&used.settings)?;
        host.web.warm();
        let state = self.state(used, &settings);
        Ok(Arc::new(WebLookUp::open(used, &settings, table, host, state)?))
    }

    fn inspect(&self, look: Look<'_>, host: &Host) -> BoxFuture<'static, Inspection> {
        inspect::inspect(look, host, self.known_state(look.used).as_deref())
    }

    #[cfg(feature = "desktop")]
    fn editor_ui(
        &self,
        ui: &mut egui::Ui,
        settings: &mut serde_json::Value,
        context: &super::LookUpEditor<'_>,
    ) -> Option<super::LookUpWish> {
        editor::web_ui(ui, settings, context)
    }
}

fn example(kind: Kind) -> &'static str {
    match kind {
        Kind::Number => "3",
        Kind::YesNo => "yes",
        Kind::List => "A, B",
        Kind::Text | Kind::Time => "gold",
    }
}
