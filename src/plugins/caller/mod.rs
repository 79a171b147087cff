//! Who calls: conditions on the number, its country and whether it is withheld, and the same
//! as facts for agents to hear.

mod country;
#[cfg(feature = "desktop")]
mod editor;
mod number;
mod withheld;

use std::sync::Arc;

use futures_util::FutureExt;
use futures_util::future::{self, BoxFuture};

use super::lists::AllLists;
use super::{Ask, ConditionKind, Fault, LookUp, Manifest, Plugin};
use crate::routing::{Call, Facts, Table, Value, number as phone};

/// Why nothing is known of a caller who hides the number.
const WITHHELD: &str = "the caller's number is withheld";

/// The plugin.
#[must_use]
pub fn plugin() -> impl Plugin {
    Caller { manifest: Manifest::built_in(include_str!("plugin.toml")) }
}

struct Caller {
    manifest: Manifest,
}

impl Plugin for Caller {
    fn manifest(&self) -> &Manifest {
        &self.manifest
    }

    fn conditions(&self) -> &[&'static dyn ConditionKind] {
        &[&number::Kind, &withheld::Kind, &country::Kind]
    }

    fn look_up(&self, table: &Table) -> Option<Arc<dyn LookUp>> {
        Some(Arc::new(CallerFacts { home: table.country.clone(), lists: AllLists::of(table) }))
    }
}

struct CallerFacts {
    home: String,
    lists: AllLists,
}

impl LookUp for CallerFacts {
    fn ask(&self, ask: Ask) -> BoxFuture<'static, Result<Facts, Fault>> {
        let mut facts = facts(&ask.call, &self.home);
        facts.set("caller.lists", Value::List(self.lists.names(&ask.call, ask.at)));
        future::ready(Ok(facts)).boxed()
    }
}

fn facts(call: &Call, home: &str) -> Facts {
    let mut facts = Facts::default();
    let number = call.from.number();
    facts.set("caller.withheld", Value::YesNo(number.is_none()));
    let country = number.and_then(phone::country_of);
    let no_country =
        if number.is_some() { "the caller's number does not tell its country" } else { WITHHELD };
    for (name, value, why_not) in [
        ("caller.number", number.map(str::to_owned), WITHHELD),
        ("caller.formatted", number.map(|number| phone::for_people(number, home)), WITHHELD),
        (
            "caller.country_name",
            country.as_deref().and_then(phone::country_name).map(str::to_owned),
            no_country,
        ),
        ("caller.country", country, no_country),
    ] {
        match value {
            Some(text) => facts.set(name, Value::Text(text)),
            None => facts.set_missing(name, why_not),
        }
    }
    facts
}
