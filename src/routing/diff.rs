//! What differs between two tables, in sentences.

use serde::Serialize;

use super::Table;

/// One difference, in words: "Rule “Block list” is new".
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Change(pub String);

/// Everything that changes when `to` takes the place of `from`.
#[must_use]
pub fn changes(from: &Table, to: &Table) -> Vec<Change> {
    let mut changes = Vec::new();
    compare(&mut changes, "Rule", &from.rules, &to.rules, |rule| (&rule.id, &rule.name));
    compare(&mut changes, "Line", &from.lines, &to.lines, |line| (&line.id, &line.name));
    compare(&mut changes, "Agent", &from.agents, &to.agents, |agent| (&agent.id, &agent.name));
    compare(&mut changes, "Schedule", &from.schedules, &to.schedules, |hours| (&hours.id, &hours.name));
    compare(&mut changes, "Look-up", &from.look_ups, &to.look_ups, |used| (&used.id, &used.name));
    compare(&mut changes, "List", &from.lists, &to.lists, |list| (&list.id, &list.name));
    for (words, same) in [
        ("The fallback is changed", from.fallback == to.fallback),
        ("The home country is changed", from.country == to.country),
        ("The time zone is changed", from.zone == to.zone),
        ("The languages of callers are changed", from.languages == to.languages),
    ] {
        if !same {
            changes.push(Change(words.to_owned()));
        }
    }
    changes
}

fn compare<T: PartialEq>(
    changes: &mut Vec<Change>,
    what: &str,
    from: &[T],
    to: &[T],
    key: impl Fn(&T) -> (&String, &String),
) {
    let mut say = |words: String| changes.push(Change(words));
    for item in to {
        let (id, name) = key(item);
        match from.iter().find(|old| key(old).0 == id) {
            None => say(format!("{what} “{name}” is new")),
            Some(old) if key(old).1 != name => {
                say(format!("{what} “{}” is now called “{name}”", key(old).1));
            }
            Some(old) if old != item => say(format!("{what} “{name}” is changed")),
            Some(_) => {}
        }
    }
    for item in from {
        let (id, name) = key(item);
        if !to.iter().any(|new| key(new).0 == id) {
            say(format!("{what} “{name}” is gone"));
        }
    }
    if order_of_common(from, to, &key) != order_of_common(to, from, &key) {
        say(format!("{what}s are in another order"));
    }
}

/// The ids of `list` that `other` has too, in order.
fn order_of_common<'a, T>(
    list: &'a [T],
    other: &[T],
    key: &impl Fn(&T) -> (&String, &String),
) -> Vec<&'a String> {
    list.iter().map(|item| key(item).0).filter(|id| other.iter().any(|o| key(o).0 == *id)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::routing::{Outcome, Rule};

    fn rule(id: &str, name: &str) -> Rule {
        Rule {
            id: id.into(),
            name: name.into(),
            note: String::new(),
            enabled: true,
            from: None,
            until: None,
            when: Vec::new(),
            then: Outcome::default(),
        }
    }

    #[test]
    fn tells_new_gone_renamed_changed_and_moved() {
        let mut from = Table::empty("US", "America/New_York");
        from.rules = vec![rule("a", "A"), rule("b", "B"), rule("c", "C"), rule("d", "D")];
        let mut to = from.clone();
        assert_eq!(changes(&from, &to), []);
        to.rules.remove(0);
        to.rules.swap(0, 1);
        to.rules[0].enabled = false;
        to.rules[1].name = "Bee".into();
        to.rules.push(rule("e", "E"));
        to.country = "DE".into();
        let words: Vec<_> = changes(&from, &to).into_iter().map(|change| change.0).collect();
        assert_eq!(
            words,
            [
                "Rule “C” is changed",
                "Rule “B” is now called “Bee”",
                "Rule “E” is new",
                "Rule “A” is gone",
                "Rules are in another order",
                "The home country is changed",
            ]
        );
    }
}
