//! The call itself and when it came: conditions on whether it is a call or a text, on the date, on SIP headers and on the line's own
//! agent at Retell, a steady sample of callers, and the business's own clock as facts.

mod day_of_month;
mod default_agent;
#[cfg(feature = "desktop")]
mod editor;
mod medium;
mod month_window;
mod sample;
mod sip_header;

use std::collections::BTreeMap;
use std::sync::Arc;

use chrono_tz::Tz;
use futures_util::FutureExt;
use futures_util::future::{self, BoxFuture};

use super::{Ask, ConditionKind, FactInfo, Fault, Host, LookUp, Manifest, Plugin, spoken};
use crate::routing::{Facts, Kind, Table, Value};

/// The plugin.
#[must_use]
pub fn plugin() -> impl Plugin {
    CallPlugin { manifest: Manifest::built_in(include_str!("plugin.toml")) }
}

struct CallPlugin {
    manifest: Manifest,
}

impl Plugin for CallPlugin {
    fn manifest(&self) -> &Manifest {
        &self.manifest
    }

    fn conditions(&self) -> &[&'static dyn ConditionKind] {
        &[
            &medium::Kind,
            &month_window::Kind,
            &day_of_month::Kind,
            &sample::Kind,
            &sip_header::Kind,
            &default_agent::Kind,
        ]
    }

    fn facts(&self, table: &Table) -> BTreeMap<String, FactInfo> {
        let mut facts = self.manifest.facts.clone();
        facts.extend(sip_header::named_in(table).into_iter().map(|name| {
            let title = format!("SIP header {name}");
            (sip_fact(&name), FactInfo { kind: Kind::Text, title, example: "spring-sale".into() })
        }));
        facts
    }

    fn look_up(&self, table: &Table, _host: &Host) -> Option<Arc<dyn LookUp>> {
        let headers = sip_header::named_in(table);
        Some(Arc::new(CallFacts { zone: spoken::zone(table), country: table.country.clone(), headers }))
    }
}

struct CallFacts {
    zone: Result<Tz, String>,
    /// The home country: how the hour is said.
    country: String,
    /// Headers that the table asks for.
    headers: Vec<String>,
}

impl LookUp for CallFacts {
    fn ask(&self, ask: Ask) -> BoxFuture<'static, Result<Facts, Fault>> {
        future::ready(Ok(self.facts(&ask))).boxed()
    }

    fn is_repeatable(&self) -> bool {
        true
    }
}

impl CallFacts {
    fn facts(&self, ask: &Ask) -> Facts {
        let mut facts = Facts::default();
        let now = self.zone.as_ref().map(|zone| ask.at.with_timezone(zone));
        for (name, value) in [
            ("call.time", now.as_ref().map(|now| spoken::time(now, &self.country))),
            ("call.weekday", now.as_ref().map(spoken::weekday)),
            (
                "call.now",
                now.as_ref().map(|now| {
                    format!("{}, {}", now.format("%A, %-d %B %Y"), spoken::time(now, &self.country))
                }),
            ),
            ("call.greeting", now.as_ref().map(|now| spoken::greeting(now).to_owned())),
            ("call.zone", now.as_ref().map(|now| now.timezone().name().to_owned())),
            ("call.date", now.as_ref().map(|now| now.format("%-d %B %Y").to_string())),
        ] {
            match value {
                Ok(text) => facts.set(name, Value::Text(text)),
                Err(why) => facts.set_missing(name, *why),
            }
        }
        facts.set("call.medium", Value::Text(ask.call.medium.word().to_owned()));
        for (name, value) in &ask.call.headers {
            facts.set(sip_fact(name), Value::Text(value.clone()));
        }
        for name in &self.headers {
            facts.set_missing(sip_fact(name), sip_header::absent(name));
        }
        facts
    }
}

/// The fact for a SIP header, in letters that placeholders can have.
fn sip_fact(name: &str) -> String {
    let fits = |c: char| c.is_alphanumeric() || matches!(c, '.' | '_' | '-');
    let name = name.trim().to_lowercase();
    format!("call.sip.{}", name.replace(|c| !fits(c), "_"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn header_facts_fit_into_placeholders() {
        assert_eq!(sip_fact(" X-Campaign "), "call.sip.x-campaign");
        assert_eq!(sip_fact("Odd name:"), "call.sip.odd_name_");
    }
}
