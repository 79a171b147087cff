//! Differences between the rules of two tables: which are new, gone or moved, and what each asks
//! and does.

use chrono_tz::Tz;

use super::outcome::{along, does, outcome};
use super::pairs::Pairs;
use super::{About, Change, ChangeKind, Sides, Tell, settings, shown};
use crate::routing::{AnyOf, Rule, Table, Test, Vocabulary, moment_words, read_moment};

/// Tells what differs between the rules.
pub(super) fn rules(told: &mut Vec<Change>, sides: Sides<'_>, from: &[Rule], to: &[Rule]) {
    let pairs = Pairs::of(from, to, |rule| &rule.id);
    for (place, new, old) in pairs.now() {
        let subject = format!("Rule “{}”", new.name);
        let mut tell = Tell { told, about: About::Rule, id: Some(new.id.clone()), subject };
        let at = || pairs.place_words(place, |rule| &rule.name);
        let Some(old) = old else {
            let what = summary(new, sides.to, sides.vocabulary);
            let at = at().replacen("to the", "at the", 1).replacen("to place", "at place", 1);
            tell.say(ChangeKind::New, &format!("is new, {at}: {what}"));
            continue;
        };
        if old != new {
            rule(&mut tell, sides, old, new);
        }
        if pairs.has_moved(place) {
            tell.say(ChangeKind::Moved, &format!("moved {}", at()));
        }
    }
    for old in pairs.gone() {
        let subject = format!("Rule “{}”", old.name);
        let mut tell = Tell { told, about: About::Rule, id: Some(old.id.clone()), subject };
        tell.say(ChangeKind::Gone, "is gone");
    }
}

fn rule(tell: &mut Tell<'_>, sides: Sides<'_>, from: &Rule, to: &Rule) {
    let Rule { id: _, name, note, enabled, from: begins, until, when, then } = to;
    if from.name != *name {
        tell.sentence(ChangeKind::Changed, format!("Rule “{}” is now called “{name}”", from.name));
    }
    tell.note(&from.note, note);
    if from.enabled != *enabled {
        tell.changed(if *enabled { "is now on" } else { "is now off" });
    }
    moment(tell, sides, ("begins", "no longer waits until"), from.from.as_ref(), begins.as_ref());
    moment(tell, sides, ("ends", "no longer ends"), from.until.as_ref(), until.as_ref());
    conditions(tell, sides, &from.when, when);
    outcome(tell, sides, &from.then, then);
}

/// What a rule asks and does, in one go: "connects Reception when the caller is in Germany; sets the
/// variable shop".
fn summary(rule: &Rule, table: &Table, vocabulary: &dyn Vocabulary) -> String {
    let does = does(&rule.then.action, table, vocabulary);
    let asks: Vec<String> = rule.when.iter().map(|group| words(group, table, vocabulary)).collect();
    let when =
        if asks.is_empty() { "for any call".to_owned() } else { format!("when {}", asks.join(" and ")) };
    let begins = rule.from.iter().map(|from| format!("begins {}", moment_of(from, table)));
    let ends = rule.until.iter().map(|until| format!("ends {}", moment_of(until, table)));
    let parts =
        [format!("{does} {when}")].into_iter().chain(along(&rule.then, vocabulary)).chain(begins).chain(ends);
    let off = if rule.enabled { "" } else { " (it is off)" };
    format!("{}{off}", parts.collect::<Vec<_>>().join("; "))
}

/// A moment that a rule begins or ends, in words.
fn moment_of(text: &str, table: &Table) -> String {
    let zone: Tz = table.time_zone();
    read_moment(text, zone).map_or_else(|_| format!("“{}”", shown(text)), |at| moment_words(&at))
}

fn moment(
    tell: &mut Tell<'_>,
    sides: Sides<'_>,
    (verb, no_longer): (&str, &str),
    from: Option<&String>,
    to: Option<&String>,
) {
    let words = moment_of;
    match (from, to) {
        _ if from == to => {}
        (None, Some(to)) => tell.changed(&format!("now {verb} {}", words(to, sides.to))),
        (Some(from), None) => tell.changed(&format!("{no_longer} {}", words(from, sides.from))),
        (Some(from), Some(to)) => {
            tell.changed(&format!("now {verb} {} (was {})", words(to, sides.to), words(from, sides.from)));
        }
        (None, None) => {}
    }
}

/// Groups of conditions that are on both sides are left out; of the others, those that ask about
/// the same are told as changed, the rest as added or removed.
fn conditions(tell: &mut Tell<'_>, sides: Sides<'_>, from: &[AnyOf], to: &[AnyOf]) {
    if from == to {
        return;
    }
    let mut removed: Vec<&AnyOf> = from.iter().collect();
    let mut added: Vec<&AnyOf> = Vec::new();
    for group in to {
        match removed.iter().position(|old| *old == group) {
            Some(place) => drop(removed.remove(place)),
            None => added.push(group),
        }
    }
    if removed.is_empty() && added.is_empty() {
        return tell.changed("asks its conditions in another order");
    }
    let words_of = |group: &AnyOf, table| words(group, table, sides.vocabulary);
    for new in added {
        let alike = removed.iter().position(|old| asks_alike(old, new));
        let new_words = words_of(new, sides.to);
        let Some(place) = alike else {
            tell.changed(&format!("now also requires that {new_words}"));
            continue;
        };
        let old = removed.remove(place);
        let old_words = words_of(old, sides.from);
        if old_words == new_words {
            for rest in hidden(old, new) {
                tell.changed(&format!("asks differently whether {new_words}: {rest}"));
            }
        } else {
            tell.changed(&format!("now requires that {new_words} (was: {old_words})"));
        }
    }
    for old in removed {
        tell.changed(&format!("no longer requires that {}", words_of(old, sides.from)));
    }
    if to.is_empty() {
        tell.changed("now matches any call");
    }
}

/// Whether two groups share a kind of condition.
fn asks_alike(one: &AnyOf, other: &AnyOf) -> bool {
    one.any_of.iter().any(|test| other.any_of.iter().any(|another| another.condition == test.condition))
}

/// What differs where the words are the same, as when long lists are only counted in them.
fn hidden(from: &AnyOf, to: &AnyOf) -> Vec<String> {
    let pairs = from.any_of.iter().zip(&to.any_of);
    let alike = pairs.filter(|(from, to)| from.condition == to.condition && from.not == to.not);
    let found: Vec<String> =
        alike.flat_map(|(from, to)| settings::differences(&from.settings, &to.settings)).collect();
    if found.is_empty() { vec!["its parts are others".to_owned()] } else { found }
}

/// A group of conditions in words: "the caller is in Germany or the caller is on VIP".
fn words(group: &AnyOf, table: &Table, vocabulary: &dyn Vocabulary) -> String {
    let test = |test: &Test| match vocabulary.condition(test, table) {
        Ok(condition) => condition.words(test.not).to_string(),
        Err(_) => format!("an unfinished condition ({}) holds", test.condition),
    };
    let words: Vec<String> = group.any_of.iter().map(test).collect();
    if words.is_empty() { "an empty group holds".to_owned() } else { words.join(" or ") }
}
