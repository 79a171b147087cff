//! Who calls: conditions on the number, its kind and country and whether it is withheld, and the
//! same as facts for agents to hear, with the language and the local time that the country tells.
//! In the US and Canada area codes tell the state or province too.

mod country;
#[cfg(feature = "desktop")]
mod editor;
mod kind;
mod number;
mod places;
mod prefixes;
mod region;
mod withheld;

use std::collections::BTreeMap;
use std::sync::Arc;

use futures_util::FutureExt;
use futures_util::future::{self, BoxFuture};

use super::lists::AllLists;
use super::{Ask, ConditionKind, Fault, Host, LookUp, Manifest, Plugin, spoken};
use crate::routing::{Facts, Problem, Table, Value, number as phone};
use kind::NumberKind;

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
        &[&number::Kind, &kind::Kind, &withheld::Kind, &country::Kind, &region::Kind]
    }

    fn look_up(&self, table: &Table, _host: &Host) -> Option<Arc<dyn LookUp>> {
        Some(Arc::new(CallerFacts {
            home: table.country.clone(),
            languages: table.languages.clone(),
            lists: AllLists::of(table),
        }))
    }

    fn check(&self, table: &Table) -> Vec<Problem> {
        let wrong = |country: &str, language: &str| {
            if phone::country_name(country).is_none() {
                Some(format!(
                    "“{country}” is not a country; write two letters such as CH, or remove it in Settings"
                ))
            } else if language_name(language).is_none() {
                Some(format!("“{language}” is not a language that is known here; choose one in Settings"))
            } else {
                None
            }
        };
        let problem = |(country, language): (&String, &String)| {
            let message = wrong(country, language)?;
            Some(Problem::new(format!("languages.{country}"), "Languages of callers", message))
        };
        table.languages.iter().filter_map(problem).collect()
    }
}

/// The language to try first with callers from a country, as its code: `de`.
#[must_use]
pub fn language_of(country: &str) -> Option<&'static str> {
    places::of(country).language
}

/// The English name of a language that can be suggested.
#[must_use]
pub fn language_name(code: &str) -> Option<&'static str> {
    places::language_name(code)
}

/// All languages that can be suggested, as code and name, in the order of their names.
#[must_use]
pub fn languages() -> Vec<(&'static str, &'static str)> {
    let mut all = places::LANGUAGES.to_vec();
    all.sort_by_key(|(_, name)| *name);
    all
}

struct CallerFacts {
    home: String,
    /// What the owner says of the language of callers from a country.
    languages: BTreeMap<String, String>,
    lists: AllLists,
}

impl LookUp for CallerFacts {
    fn ask(&self, ask: Ask) -> BoxFuture<'static, Result<Facts, Fault>> {
        let mut facts = facts(&ask, &self.home, &self.languages);
        facts.set("caller.lists", Value::List(self.lists.names(&ask.call, ask.at)));
        future::ready(Ok(facts)).boxed()
    }

    fn is_repeatable(&self) -> bool {
        true
    }
}

/// What the number tells.
pub(super) fn facts(ask: &Ask, home: &str, languages: &BTreeMap<String, String>) -> Facts {
    let number = ask.call.from.number().ok_or_else(|| WITHHELD.to_owned());
    let country = number.clone().and_then(country_of);
    let country_name = country.clone().and_then(|code| phone::country_name(&code).ok_or(no_country()));
    let place = country.as_deref().map(places::of).unwrap_or_default();
    let in_country = |why: &str| country_name.clone().map_or_else(|why| why, |name| format!("{name} {why}"));
    let chosen = country.as_ref().ok().and_then(|code| languages.get(code)).map(String::as_str);
    let language = chosen.or(place.language).ok_or_else(|| in_country("has no language to suggest"));
    let zone = place.zone.or_else(|| prefixes::of(ask.call.from.number()?).zone);
    let local = zone.map(|zone| ask.at.with_timezone(&zone));
    let local =
        local.ok_or_else(|| in_country("has more than one time zone, and the number does not tell which"));

    let mut facts = Facts::default();
    facts.set("caller.withheld", Value::YesNo(number.is_err()));
    let formatted = number.clone().map(|number| phone::for_people(number, home));
    for (name, value) in [
        ("caller.number", number.clone().map(str::to_owned)),
        ("caller.digits", number.clone().map(digits)),
        ("caller.national", number.clone().and_then(|number| Ok(national(number, &country.clone()?)))),
        ("caller.speakable", formatted.clone().and_then(|number| speakable(&number))),
        ("caller.formatted", formatted),
        ("caller.region", number.clone().and_then(region::region_of).map(str::to_owned)),
        ("caller.kind", number.and_then(|number| NumberKind::of(number).map(|kind| kind.words().into()))),
        ("caller.country_name", country_name.clone().map(str::to_owned)),
        ("caller.language", language.clone().map(str::to_owned)),
        ("caller.language_name", language.map(|code| places::language_name(code).unwrap_or(code).to_owned())),
        ("caller.local_time", local.as_ref().map(|local| spoken::time(local, home)).map_err(Clone::clone)),
        ("caller.local_weekday", local.as_ref().map(spoken::weekday).map_err(Clone::clone)),
        ("caller.country", country),
    ] {
        match value {
            Ok(text) => facts.set(name, Value::Text(text)),
            Err(why) => facts.set_missing(name, why),
        }
    }
    facts
}

fn country_of(number: &str) -> Result<String, String> {
    phone::country_of(number).ok_or_else(no_country)
}

fn no_country() -> String {
    "the caller's number does not tell its country".into()
}

fn digits(number: &str) -> String {
    number.chars().filter(char::is_ascii_digit).collect()
}

/// The digits of a number as they are dialled in its own country.
fn national(number: &str, country: &str) -> String {
    digits(&phone::for_people(number, country))
}

/// A number in the groups it is written in, digit by digit: "4 1 5, 5 5 5, 2 6 7 1".
fn speakable(formatted: &str) -> Result<String, String> {
    let groups = formatted.split(|c: char| !c.is_ascii_digit()).filter(|group| !group.is_empty());
    let spaced = |group: &str| group.chars().map(String::from).collect::<Vec<_>>().join(" ");
    let groups: Vec<String> = groups.map(spaced).collect();
    if groups.is_empty() {
        return Err(format!("“{formatted}” has no digits to read aloud"));
    }
    let plus = if formatted.starts_with('+') { "plus " } else { "" };
    Ok(format!("{plus}{}", groups.join(", ")))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn numbers_are_read_aloud_in_groups() {
        for (formatted, aloud) in [
            ("(415) 555-2671", "4 1 5, 5 5 5, 2 6 7 1"),
            ("+49 30 901820", "plus 4 9, 3 0, 9 0 1 8 2 0"),
            ("1001", "1 0 0 1"),
        ] {
            assert_eq!(speakable(formatted).unwrap(), aloud);
        }
        assert!(speakable("Bob").is_err());
    }
}
