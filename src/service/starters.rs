//! Tables to start from, kept in `assets/starters/`. Each is complete but for the owner's numbers
//! and agents, which [`Starter::fill`] puts in. To add one: a file there, and its name here.

use std::collections::BTreeMap;

use serde::Deserialize;

use crate::routing::{Agent, Line, List, Table, UsedLookUp, fresh_id};

/// The files, in the order in which they are offered.
const FILES: [&str; 5] = [
    include_str!("../../assets/starters/office.json"),
    include_str!("../../assets/starters/vip.json"),
    include_str!("../../assets/starters/languages.json"),
    include_str!("../../assets/starters/locations.json"),
    include_str!("../../assets/starters/rota.json"),
];

/// A table to start from.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Starter {
    /// A few words: "Office with opening hours".
    pub title: String,
    /// One sentence on what happens to calls.
    pub about: String,
    /// What each agent of the table is there for, by its id.
    pub roles: BTreeMap<String, String>,
    /// The table, whose lines have no number and whose agents no id at Retell.
    pub table: Table,
}

/// All tables to start from; a test sees to it that each file can be read.
#[must_use]
pub fn starters() -> Vec<Starter> {
    FILES.into_iter().filter_map(|text| serde_json::from_str(text).ok()).collect()
}

impl Starter {
    /// The table with a number for each of its lines and a Retell id for each of its agents, in
    /// their order; what is still empty stays so. Country, zone, lines, agents, lists and look-ups of
    /// `draft` are kept, with their names; its schedules, rules, fallback and test cases are not.
    #[must_use]
    pub fn fill(&self, draft: &Table, numbers: &[String], retell_ids: &[String]) -> Table {
        let mut table = Table {
            country: draft.country.clone(),
            zone: draft.zone.clone(),
            languages: draft.languages.clone(),
            ..self.table.clone()
        };
        for (line, number) in table.lines.iter_mut().zip(numbers) {
            line.number.clone_from(number);
        }
        for (agent, retell_id) in table.agents.iter_mut().zip(retell_ids) {
            agent.retell_id.clone_from(retell_id);
        }
        keep(&mut table.lines, &draft.lines);
        keep(&mut table.agents, &draft.agents);
        keep(&mut table.lists, &draft.lists);
        keep(&mut table.look_ups, &draft.look_ups);
        table
    }
}

/// What lines, agents, lists and look-ups have in common.
trait Named: Clone {
    fn id(&mut self) -> &mut String;
    fn name(&mut self) -> &mut String;
    /// Whether both are the same thing by what they say, such as the same number or agent.
    fn is_same(&self, _other: &Self) -> bool {
        false
    }
}

impl Named for Line {
    fn id(&mut self) -> &mut String {
        &mut self.id
    }
    fn name(&mut self) -> &mut String {
        &mut self.name
    }
    fn is_same(&self, other: &Self) -> bool {
        !self.number.is_empty() && self.number == other.number
    }
}

impl Named for Agent {
    fn id(&mut self) -> &mut String {
        &mut self.id
    }
    fn name(&mut self) -> &mut String {
        &mut self.name
    }
    fn is_same(&self, other: &Self) -> bool {
        !self.retell_id.is_empty() && self.retell_id == other.retell_id
    }
}

impl Named for List {
    fn id(&mut self) -> &mut String {
        &mut self.id
    }
    fn name(&mut self) -> &mut String {
        &mut self.name
    }
}

impl Named for UsedLookUp {
    fn id(&mut self) -> &mut String {
        &mut self.id
    }
    fn name(&mut self) -> &mut String {
        &mut self.name
    }
}

/// Adds the owner's own to those of the starter. One that is in both keeps the owner's name;
/// another one that has the name of one of the owner's is marked as the example's.
fn keep<T: Named>(items: &mut Vec<T>, own: &[T]) {
    for mut owned in own.iter().cloned() {
        if let Some(same) = items.iter_mut().find(|item| item.is_same(&owned)) {
            same.name().clone_from(owned.name());
            continue;
        }
        for item in items.iter_mut() {
            if item.name() == owned.name() {
                item.name().push_str(" (example)");
            }
        }
        let taken: Vec<String> = items.iter_mut().map(|item| item.id().clone()).collect();
        let name = owned.name().clone();
        *owned.id() = fresh_id(&name, taken.iter().map(String::as_str));
        items.push(owned);
    }
}
