//! What can be done about a finding with one click: a table in, another one out.

use super::week::WeekSpan;
use super::words::spans_words;
use crate::routing::{Action, AnyOf, Outcome, Rule, Table, Vocabulary, fresh_id};

/// Something that can be done about a finding. Rules and lines are named by their ids.
#[derive(Clone, Debug, PartialEq)]
pub enum Repair {
    /// Move a rule to just above another one.
    MoveAbove {
        /// The rule that is moved.
        rule: String,
        /// The one that comes after it.
        above: String,
    },
    /// Delete a rule.
    Delete(String),
    /// Make one rule of two that do the same: either's calls.
    Join {
        /// The rule that stays.
        rule: String,
        /// The rule that becomes part of it.
        with: String,
    },
    /// Delete an agent that nothing uses.
    DeleteAgent(String),
    /// Add a rule for calls to a line at some times of the week.
    AddRule {
        /// The line.
        line: String,
        /// The times, in the table's zone.
        hours: Vec<WeekSpan>,
    },
}

/// A table after a repair.
pub struct Repaired {
    /// The words for undo.
    pub what: String,
    /// The table as it is now.
    pub table: Table,
    /// A rule that is new and unfinished, to be opened.
    pub opens: Option<String>,
}

impl Repair {
    /// What it does, for a button: "Move above “Block list”".
    #[must_use]
    pub fn words(&self, table: &Table) -> String {
        let name = |id: &str| table.rule(id).map_or_else(String::new, |rule| rule.name.clone());
        match self {
            Self::MoveAbove { above, .. } => format!("Move above “{}”", name(above)),
            Self::Delete(_) => "Delete this rule".to_owned(),
            Self::Join { rule, .. } => format!("Join with “{}”", name(rule)),
            Self::DeleteAgent(_) => "Delete this agent".to_owned(),
            Self::AddRule { hours, .. } => format!("Add a rule for {}", spans_words(hours)),
        }
    }

    /// Does it. `None` where the table has changed so that it cannot be done any more.
    #[must_use]
    pub fn apply(&self, table: &Table, vocabulary: &dyn Vocabulary) -> Option<Repaired> {
        let mut table = table.clone();
        let place = |table: &Table, id: &str| table.rules.iter().position(|rule| rule.id == id);
        let mut opens = None;
        let what = match self {
            Self::MoveAbove { rule, above } => {
                let rule = table.rules.remove(place(&table, rule)?);
                let what = format!("Move rule “{}”", rule.name);
                let above = place(&table, above)?;
                table.rules.insert(above, rule);
                what
            }
            Self::Delete(rule) => {
                let rule = table.rules.remove(place(&table, rule)?);
                format!("Delete rule “{}”", rule.name)
            }
            Self::Join { rule, with } => {
                let with = table.rules.remove(place(&table, with)?);
                let place = place(&table, rule)?;
                let rule = &mut table.rules[place];
                let group = joint(rule, &with)?;
                rule.when[group].any_of.extend(with.when.into_iter().nth(group)?.any_of);
                format!("Join rule “{}” with “{}”", rule.name, with.name)
            }
            Self::DeleteAgent(id) => {
                let place = table.agents.iter().position(|agent| agent.id == *id)?;
                format!("Delete agent “{}”", table.agents.remove(place).name)
            }
            Self::AddRule { line, hours } => {
                let line = table.line(line)?.clone();
                let tests = vocabulary.tests_for(&mut table, &line, hours)?;
                let name = format!("{} {}", line.name, spans_words(hours));
                let id = fresh_id(&name, table.rules.iter().map(|rule| rule.id.as_str()));
                let when = tests.into_iter().map(AnyOf::from).collect();
                let action = Action::Connect { agent: String::new(), version: None };
                let then = Outcome { action, ..Outcome::default() };
                let what = format!("Add rule “{name}”");
                opens = Some(id.clone());
                let (note, from, until) = (String::new(), None, None);
                table.rules.push(Rule { id, name, note, enabled: true, from, until, when, then });
                what
            }
        };
        Some(Repaired { what, table, opens })
    }
}

/// Whether two rules do the same with a call that both match. Agents who share the calls of a rule do
/// so by a round of that rule, unless it has a name.
pub(super) fn do_the_same(rule: &Rule, other: &Rule) -> bool {
    let is_own_round = matches!(&rule.then.action, Action::Share(share) if share.name.trim().is_empty());
    rule.then == other.then && !is_own_round
}

/// The one group of conditions in which two rules differ that are alike otherwise.
pub(super) fn joint(rule: &Rule, other: &Rule) -> Option<usize> {
    let alike = rule.enabled == other.enabled
        && rule.from == other.from
        && rule.until == other.until
        && do_the_same(rule, other)
        && rule.when.len() == other.when.len();
    if !alike {
        return None;
    }
    let mut differ = (0..rule.when.len()).filter(|group| rule.when[*group] != other.when[*group]);
    let group = differ.next()?;
    differ.next().is_none().then_some(group)
}
