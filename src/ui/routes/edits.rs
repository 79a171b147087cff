//! What can be done to the rules of a table. Pure: a table in, another one out, and the words
//! for the step that undo takes back.

use std::collections::HashSet;

use crate::routing::{Action, Outcome, Rule, Table, fresh_id, fresh_name};

/// What a person wants of one rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Deed {
    Open,
    AddAbove,
    AddBelow,
    Duplicate,
    Switch,
    Up,
    Down,
    Top,
    Bottom,
    Delete,
}

/// A table after a deed.
pub(super) struct Done {
    /// The words for undo.
    pub(super) what: String,
    /// The table as it is now.
    pub(super) table: Table,
    /// The rule that gets the keyboard.
    pub(super) focus: Option<String>,
    /// Whether that rule is new and so is opened.
    pub(super) opens: bool,
}

/// Does it to the rule at `index`; `None` where nothing changes.
pub(super) fn apply(table: &Table, index: usize, deed: Deed) -> Option<Done> {
    let rule = table.rules.get(index)?;
    let last = table.rules.len() - 1;
    match deed {
        Deed::Open => None,
        Deed::AddAbove => Some(add(table, index)),
        Deed::AddBelow => Some(add(table, index + 1)),
        Deed::Up => shift(table, index, index.checked_sub(1)?),
        Deed::Down => shift(table, index, index + 1),
        Deed::Top => shift(table, index, 0),
        Deed::Bottom => shift(table, index, last),
        Deed::Duplicate => {
            let copy = Rule {
                id: new_id(table, &rule.name),
                name: new_name(table, &format!("{} (copy)", rule.name)),
                ..rule.clone()
            };
            // Named by the copy, as each copy is a step of its own for undo.
            let what = format!("Add rule “{}”", copy.name);
            Some(done(table, what, Some(copy.id.clone()), |rules| rules.insert(index + 1, copy)))
        }
        Deed::Switch => {
            let word = if rule.enabled { "off" } else { "on" };
            let what = format!("Switch {word} rule “{}”", rule.name);
            let focus = Some(rule.id.clone());
            Some(done(table, what, focus, |rules| rules[index].enabled = !rules[index].enabled))
        }
        Deed::Delete => {
            let next = table.rules.get(index + 1).or_else(|| table.rules.get(index.checked_sub(1)?));
            let focus = next.map(|rule| rule.id.clone());
            let what = format!("Delete rule “{}”", rule.name);
            Some(done(table, what, focus, |rules| drop(rules.remove(index))))
        }
    }
}

/// A new rule at `at`. It connects an agent that is still to be chosen: until then the draft
/// cannot be published, so that no rule answers calls by oversight.
pub(super) fn add(table: &Table, at: usize) -> Done {
    let name = new_name(table, "New rule");
    let rule = Rule {
        id: new_id(table, &name),
        name,
        note: String::new(),
        enabled: true,
        from: None,
        until: None,
        when: Vec::new(),
        then: Outcome {
            action: Action::Connect { agent: String::new(), version: None },
            ..Outcome::default()
        },
    };
    let what = format!("Add rule “{}”", rule.name);
    let mut done = done(table, what, Some(rule.id.clone()), |rules| {
        rules.insert(at.min(rules.len()), rule);
    });
    done.opens = true;
    done
}

/// The rule at `from` moved so that it stands at `to`.
pub(super) fn shift(table: &Table, from: usize, to: usize) -> Option<Done> {
    let rule = table.rules.get(from).filter(|_| from != to && to < table.rules.len())?;
    let last = table.rules.len() - 1;
    let way = match to {
        _ if to + 1 == from => "up",
        _ if from + 1 == to => "down",
        0 => "to the top",
        _ if to == last => "to the bottom",
        _ if to < from => "up",
        _ => "down",
    };
    let what = format!("Move rule “{}” {way}", rule.name);
    Some(done(table, what, Some(rule.id.clone()), |rules| {
        let rule = rules.remove(from);
        rules.insert(to, rule);
    }))
}

fn done(table: &Table, what: String, focus: Option<String>, change: impl FnOnce(&mut Vec<Rule>)) -> Done {
    let mut table = table.clone();
    change(&mut table.rules);
    Done { what, table, focus, opens: false }
}

fn new_id(table: &Table, name: &str) -> String {
    fresh_id(name, table.rules.iter().map(|rule| rule.id.as_str()))
}

fn new_name(table: &Table, wanted: &str) -> String {
    let taken: HashSet<&str> = table.rules.iter().map(|rule| rule.name.as_str()).collect();
    fresh_name(wanted, |name| taken.contains(name))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn table(names: &[&str]) -> Table {
        let mut table = Table::empty("US", "America/New_York");
        for name in names {
            table = add(&table, usize::MAX).table;
            table.rules.last_mut().unwrap().name = (*name).to_owned();
        }
        table
    }

    fn names(table: &Table) -> Vec<&str> {
        table.rules.iter().map(|rule| rule.name.as_str()).collect()
    }

    #[test]
    fn rules_go_where_they_are_sent() {
        for (deed, order) in [
            (Deed::Up, Some(["B", "A", "C"])),
            (Deed::Down, Some(["A", "C", "B"])),
            (Deed::Top, Some(["B", "A", "C"])),
            (Deed::Bottom, Some(["A", "C", "B"])),
            (Deed::Open, None),
        ] {
            let done = apply(&table(&["A", "B", "C"]), 1, deed);
            assert_eq!(done.as_ref().map(|done| names(&done.table)), order.map(|o| o.to_vec()), "{deed:?}");
        }
        let moved = apply(&table(&["A", "B", "C"]), 2, Deed::Top).unwrap();
        assert_eq!(moved.what, "Move rule “C” to the top");
        assert!(apply(&table(&["A"]), 0, Deed::Up).is_none(), "the first cannot go up");
        assert!(apply(&table(&["A"]), 0, Deed::Down).is_none(), "the last cannot go down");
    }

    #[test]
    fn copies_and_new_rules_have_names_and_ids_of_their_own() {
        let once = apply(&table(&["A"]), 0, Deed::Duplicate).unwrap().table;
        let twice = apply(&once, 0, Deed::Duplicate).unwrap().table;
        assert_eq!(names(&twice), ["A", "A (copy) 2", "A (copy)"]);
        let both = add(&add(&twice, 0).table, 0).table;
        assert_eq!(names(&both)[..2], ["New rule 2", "New rule"]);
        // Undo takes steps that are called alike and follow at once for one.
        assert_ne!(add(&twice, 0).what, add(&add(&twice, 0).table, 0).what);
        assert_ne!(apply(&once, 0, Deed::Duplicate).unwrap().what, "Add rule “A (copy)”");
        let ids: HashSet<_> = both.rules.iter().map(|rule| &rule.id).collect();
        assert_eq!(ids.len(), both.rules.len());
    }

    #[test]
    fn deleting_leaves_the_keyboard_with_a_neighbour() {
        let table = table(&["A", "B"]);
        let first = apply(&table, 0, Deed::Delete).unwrap();
        assert_eq!(first.focus, Some(table.rules[1].id.clone()));
        let last = apply(&first.table, 0, Deed::Delete).unwrap();
        assert_eq!((last.focus, last.what), (None, "Delete rule “B”".to_owned()));
    }
}
