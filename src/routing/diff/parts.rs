//! Differences between the parts of tables that rules are made with: lists, schedules, lines,
//! agents, look-ups.

use std::collections::BTreeMap;
use std::sync::Arc;

use chrono::NaiveDate;

use super::pairs::{Pairs, things};
use super::{About, Change, ChangeKind, Sides, Tell, count, country_words, listed, or_none, settings, shown};
use crate::routing::number;
use crate::routing::{Agent, Entry, Holidays, Line, List, NeededVariable, Schedule, TestCase, UsedLookUp};

/// Tells what differs between lists of callers.
pub(super) fn lists(told: &mut Vec<Change>, sides: Sides<'_>, from: &[List], to: &[List]) {
    let describe = |list: &List| match list.entries.len() {
        0 => ", and empty".to_owned(),
        n => format!(", with {}", count(n, "caller", "callers")),
    };
    things(
        told,
        (About::List, "List"),
        (from, to),
        |list| (&list.id, &list.name),
        describe,
        |tell, old, new| {
            let List { id: _, name: _, note, entries: new_entries } = new;
            tell.note(&old.note, note);
            if !Arc::ptr_eq(&old.entries, new_entries) {
                entries(tell, sides, &old.entries, new_entries);
            }
        },
    );
}

fn entries(tell: &mut Tell<'_>, sides: Sides<'_>, from: &[Entry], to: &[Entry]) {
    let name = |entry: &Entry| caller(&entry.what, &sides.to.country);
    let pairs = Pairs::of(from, to, |entry| &entry.what);
    let (mut added, mut other) = (Vec::new(), Vec::new());
    for (_, new, old) in pairs.now() {
        match old {
            None => added.push(new),
            Some(old) if old != new => other.push((old, new)),
            Some(_) => {}
        }
    }
    let removed: Vec<&Entry> = pairs.gone().collect();
    let subject = lower(&tell.subject);
    for (entries, what) in [(&added, "added to"), (&removed, "removed from")] {
        if !entries.is_empty() {
            let callers = count(entries.len(), "caller", "callers");
            let words = format!("{callers} {what} {subject}: {}", listed(entries, |entry| name(entry)));
            tell.sentence(ChangeKind::Changed, words);
        }
    }
    if let [(old, new)] = other[..] {
        entry(tell, &format!("{} on {subject}", name(new)), old, new);
    } else if !other.is_empty() {
        let callers = count(other.len(), "caller", "callers");
        let names = listed(&other, |(_, new)| name(new));
        tell.changed(&format!("has other notes or dates for {callers}: {names}"));
    }
    if pairs.has_order_changed() {
        tell.changed("has its callers in another order");
    }
}

fn entry(tell: &mut Tell<'_>, subject: &str, from: &Entry, to: &Entry) {
    let Entry { what: _, note, added, until } = to;
    let tell = &mut Tell { told: tell.told, about: tell.about, id: tell.id.clone(), subject: subject.into() };
    tell.note(&from.note, note);
    let day = |day: &Option<NaiveDate>, none: &str| {
        day.map_or_else(|| none.to_owned(), |day| day.format("%-d %B %Y").to_string())
    };
    if from.added != *added {
        let (new, old) = (day(added, "an unknown day"), day(&from.added, "an unknown day"));
        tell.changed(&format!("was added on {new} (was {old})"));
    }
    if from.until != *until {
        let (new, old) = (day(until, "further notice"), day(&from.until, "further notice"));
        tell.changed(&format!("now counts until {new} (was {old})"));
    }
}

/// Who an entry of a list stands for, for people.
fn caller(what: &str, home: &str) -> String {
    match what.strip_prefix("country:") {
        Some(code) => format!("all of {}", country_words(code)),
        None => number::for_people(what, home),
    }
}

/// A subject inside of a sentence: "list “VIP”".
fn lower(subject: &str) -> String {
    let mut letters = subject.chars();
    letters.next().map_or_else(String::new, |first| first.to_lowercase().chain(letters).collect())
}

/// Tells what differs between schedules.
pub(super) fn schedules(told: &mut Vec<Change>, sides: Sides<'_>, from: &[Schedule], to: &[Schedule]) {
    things(
        told,
        (About::Schedule, "Schedule"),
        (from, to),
        |schedule| (&schedule.id, &schedule.name),
        |_| String::new(),
        |tell, old, new| {
            let Schedule { id: _, name: _, zone, hours, holidays: _ } = new;
            if old.hours != *hours {
                for rest in sides.vocabulary.hours_changes(&old.hours, hours) {
                    tell.changed(&rest);
                }
            }
            if old.zone != *zone {
                let words = |zone: &Option<String>| {
                    zone.as_deref().map_or_else(|| "the business's zone".to_owned(), or_none)
                };
                tell.changed(&format!("is now told in {} (was {})", words(zone), words(&old.zone)));
            }
            for rest in holidays(sides, &old.holidays, &new.holidays) {
                tell.changed(&rest);
            }
        },
    );
}

/// What differs between the public holidays of a schedule.
fn holidays(sides: Sides<'_>, from: &Holidays, to: &Holidays) -> Vec<String> {
    let Holidays { country, region, except } = to;
    let mut told = Vec::new();
    if from.country != *country || from.region != *region {
        let words = |holidays: &Holidays, home: &str| {
            let country = country_words(holidays.country.as_deref().unwrap_or(home));
            match &holidays.region {
                Some(region) => format!("{country}, region {}", or_none(region)),
                None => country.to_owned(),
            }
        };
        let (new, old) = (words(to, &sides.to.country), words(from, &sides.from.country));
        told.push(if new == old {
            "writes the country of its public holidays in another way".to_owned()
        } else {
            format!("now goes by the public holidays of {new} (was {old})")
        });
    }
    let missing = |all: &[String], name: &&String| !all.contains(name);
    told.extend(
        except
            .iter()
            .filter(|name| missing(&from.except, name))
            .map(|name| format!("no longer counts {} as a public holiday", or_none(name))),
    );
    told.extend(
        from.except
            .iter()
            .filter(|name| missing(except, name))
            .map(|name| format!("counts {} as a public holiday again", or_none(name))),
    );
    if told.is_empty() && from != to {
        told.push("names the public holidays that it leaves out in another order".to_owned());
    }
    told
}

/// Tells what differs between the owner's phone numbers.
pub(super) fn lines(told: &mut Vec<Change>, sides: Sides<'_>, from: &[Line], to: &[Line]) {
    things(
        told,
        (About::Line, "Line"),
        (from, to),
        |line| (&line.id, &line.name),
        |line| format!(": {}", number::for_people(&line.number, &sides.to.country)),
        |tell, old, new| {
            let Line { id: _, name: _, number } = new;
            if old.number != *number {
                let home = &sides.to.country;
                let words = |number: &str| or_none(&number::for_people(number, home));
                let (new, old) = (words(number), words(&old.number));
                // A file may hold one number in two spellings.
                if new == old {
                    tell.changed(&format!("has its number {new} in another spelling"));
                } else {
                    tell.changed(&format!("now has the number {new} (was {old})"));
                }
            }
        },
    );
}

/// Tells what differs between agents.
pub(super) fn agents(told: &mut Vec<Change>, from: &[Agent], to: &[Agent]) {
    things(
        told,
        (About::Agent, "Agent"),
        (from, to),
        |agent| (&agent.id, &agent.name),
        |_| String::new(),
        |tell, old, new| {
            let Agent { id: _, name: _, retell_id, greeting, needs: needed, settings: set } = new;
            if old.retell_id != *retell_id {
                tell.changed(&format!(
                    "now has the agent ID {} (was {})",
                    or_none(retell_id),
                    or_none(&old.retell_id)
                ));
            }
            if old.greeting != *greeting {
                tell.changed(&format!(
                    "begins with “{}” now (was “{}”)",
                    shown(greeting),
                    shown(&old.greeting)
                ));
            }
            needs(tell, &old.needs, needed);
            for rest in settings::of_agents(old.settings.as_ref(), set.as_ref()) {
                tell.changed(&format!("is set otherwise for its calls: {rest}"));
            }
        },
    );
}

/// Tells what differs between the variables that an agent needs.
fn needs(tell: &mut Tell<'_>, from: &[NeededVariable], to: &[NeededVariable]) {
    let find = |list: &[NeededVariable], name: &str| list.iter().find(|other| other.name == name).cloned();
    let words = |default: &Option<String>| {
        default
            .as_ref()
            .map_or_else(|| "no default".to_owned(), |text| format!("the default “{}”", shown(text)))
    };
    let mut is_told = false;
    for NeededVariable { name, default } in to {
        match find(from, name) {
            None => tell.changed(&format!("now needs the variable {name}, with {}", words(default))),
            Some(old) if old.default != *default => {
                let (new, old) = (words(default), words(&old.default));
                tell.changed(&format!("now has {new} for the variable {name} (was {old})"));
            }
            Some(_) => continue,
        }
        is_told = true;
    }
    for NeededVariable { name, .. } in from.iter().filter(|old| find(to, &old.name).is_none()) {
        tell.changed(&format!("no longer needs the variable {name}"));
        is_told = true;
    }
    if !is_told && from != to {
        tell.changed("has its needed variables in another order");
    }
}

/// Tells what differs between the languages of callers, by country.
pub(super) fn languages(
    told: &mut Vec<Change>,
    from: &BTreeMap<String, String>,
    to: &BTreeMap<String, String>,
) {
    let word = |language: Option<&String>| {
        language.map_or_else(|| "the usual one".to_owned(), |language| or_none(language))
    };
    for country in from.keys().chain(to.keys().filter(|code| !from.contains_key(*code))) {
        let (old, new) = (from.get(country), to.get(country));
        if old != new {
            let country = or_none(country_words(country));
            let words =
                format!("The language of callers from {country} is now {} (was {})", word(new), word(old));
            told.push(Change { kind: ChangeKind::Changed, about: About::Business, id: None, words });
        }
    }
}

/// Tells what differs between look-ups.
pub(super) fn look_ups(told: &mut Vec<Change>, from: &[UsedLookUp], to: &[UsedLookUp]) {
    things(
        told,
        (About::LookUp, "Look-up"),
        (from, to),
        |used| (&used.id, &used.name),
        |_| String::new(),
        |tell, old, new| {
            let UsedLookUp { id: _, name: _, plugin, enabled, settings } = new;
            if old.plugin != *plugin {
                tell.changed(&format!(
                    "now asks the plugin {} (was {})",
                    or_none(plugin),
                    or_none(&old.plugin)
                ));
            }
            if old.enabled != *enabled {
                tell.changed(if *enabled { "is now asked" } else { "is no longer asked" });
            }
            for rest in settings::differences(&old.settings, settings) {
                tell.changed(&format!("is set otherwise: {rest}"));
            }
        },
    );
}

/// Tells what differs between test cases, which are seldom changed and read by few: field by field.
pub(super) fn test_cases(told: &mut Vec<Change>, from: &[TestCase], to: &[TestCase]) {
    // Ids are the same already, and names have a sentence of their own.
    let fields = |test: &TestCase| {
        let unnamed = TestCase { id: String::new(), name: String::new(), ..test.clone() };
        serde_json::to_value(unnamed).unwrap_or_default()
    };
    things(
        told,
        (About::TestCase, "Test"),
        (from, to),
        |test| (&test.id, &test.name),
        |_| String::new(),
        |tell, old, new| {
            for rest in settings::differences(&fields(old), &fields(new)) {
                tell.changed(&format!("is set otherwise: {rest}"));
            }
        },
    );
}
