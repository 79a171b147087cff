//! Test cases: calls that a table must decide in a certain way, kept in the table itself. What a
//! test says of a decision is here; asking the look-ups and deciding is done by who runs it.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::call::Medium;
use super::rule::is_false;
use super::{By, Call, Caller, Decided, Decision, Table, Value, read_moment};

/// A call, a time, and what must come of it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TestCase {
    /// Unique in the table; never shown.
    pub id: String,
    /// What the owner calls it: "My wife always gets through".
    pub name: String,
    /// Whether it is a call or a text message.
    #[serde(default, skip_serializing_if = "Medium::is_call")]
    pub medium: Medium,
    /// Who calls.
    pub from: Caller,
    /// The id of the line that is called, or any number.
    pub to: String,
    /// Whether the line has an agent of its own at Retell.
    #[serde(default, skip_serializing_if = "is_false")]
    pub has_default_agent: bool,
    /// SIP headers, by name.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub headers: BTreeMap<String, String>,
    /// When, as `2026-12-24T09:00` in the table's time zone.
    pub at: String,
    /// What is known besides: what contacts, web look-ups and the like would say. They are not asked.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub facts: BTreeMap<String, Value>,
    /// What must come of it.
    pub expect: Expected,
}

/// What must come of a test case.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Expected {
    /// Who answers.
    pub outcome: ExpectedOutcome,
    /// What must give the decision; without it, anything may.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by: Option<ExpectedBy>,
    /// Variables that the agent must be told; others may be there too.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub variables: BTreeMap<String, String>,
}

/// Who must answer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum ExpectedOutcome {
    /// The agent with this id in the table.
    Connect {
        /// Its id.
        agent: String,
    },
    /// The agent that is set on the line at Retell.
    Keep,
    /// Nobody.
    Reject,
}

/// What must give the decision.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ExpectedBy {
    /// The rule with this id.
    Rule(String),
    /// The fallback.
    Fallback,
}

/// Stands for the line's own agent at Retell, whose id nothing depends on.
const OWN_AGENT: &str = "agent_of_this_line";

impl TestCase {
    /// The call that the test is about.
    #[must_use]
    pub fn call(&self, table: &Table) -> Call {
        Call {
            medium: self.medium,
            from: self.from.clone(),
            to: table.line(&self.to).map_or_else(|| self.to.clone(), |line| line.number.clone()),
            default_agent: self.has_default_agent.then(|| OWN_AGENT.to_owned()),
            headers: self.headers.clone(),
        }
    }

    /// The time that it is about. The error is a sentence.
    pub fn moment(&self, table: &Table) -> Result<DateTime<Utc>, String> {
        let zone = table.zone.parse().map_err(|_| "The table's time zone is not known".to_owned())?;
        read_moment(&self.at, zone).map(|at| at.to_utc()).map_err(|wrong| format!("The time {wrong}"))
    }

    /// What is otherwise than it must be, in sentences; none if the test passes.
    #[must_use]
    pub fn judge(&self, decision: &Decision, table: &Table) -> Vec<String> {
        let Expected { outcome, by, variables } = &self.expect;
        let mut wrong = Vec::new();
        wrong.extend(wrong_outcome(outcome, &decision.action, table));
        wrong.extend(by.as_ref().and_then(|by| wrong_by(by, &decision.by, table)));
        for (name, wanted) in variables {
            match decision.variables.get(name) {
                Some(value) if value == wanted => {}
                Some(value) => wrong.push(format!("The variable {name} is “{value}” and not “{wanted}”")),
                None => wrong.push(format!("The variable {name} is not set; it was to be “{wanted}”")),
            }
        }
        wrong
    }
}

fn wrong_outcome(wanted: &ExpectedOutcome, decided: &Decided, table: &Table) -> Option<String> {
    let (is_right, wanted) = match (wanted, decided) {
        (ExpectedOutcome::Connect { agent }, decided) => {
            let Some(agent) = table.agent(agent) else {
                return Some("The agent that was to answer is not in the table any more".to_owned());
            };
            let is_right =
                matches!(decided, Decided::Connect { retell_id, .. } if *retell_id == agent.retell_id);
            (is_right, format!("not {}", agent.name))
        }
        (ExpectedOutcome::Keep, decided) => {
            (*decided == Decided::Keep, "not the line's own agent".to_owned())
        }
        (ExpectedOutcome::Reject, decided) => {
            (*decided == Decided::Reject, "it was to be rejected".to_owned())
        }
    };
    let found = match decided {
        Decided::Connect { name, .. } => format!("{name} answers"),
        Decided::Keep => "The line's own agent at Retell answers".to_owned(),
        Decided::Reject => "It is rejected".to_owned(),
    };
    (!is_right).then(|| format!("{found}, {wanted}"))
}

fn wrong_by(wanted: &ExpectedBy, by: &By, table: &Table) -> Option<String> {
    let wanted = match (wanted, by) {
        (ExpectedBy::Rule(wanted), By::Rule { id, .. }) if wanted == id => return None,
        (ExpectedBy::Fallback, By::Fallback) => return None,
        (ExpectedBy::Rule(id), _) => match table.rule(id) {
            Some(rule) => format!("not rule “{}”", rule.name),
            None => return Some("The rule that was to decide is not in the table any more".to_owned()),
        },
        (ExpectedBy::Fallback, _) => "not the fallback".to_owned(),
    };
    let found = match by {
        By::Rule { name, .. } => format!("Rule “{name}” decides"),
        By::Fallback => "The fallback decides".to_owned(),
        By::Override { words, .. } => format!("“{words}” decides"),
        By::Trouble(reason) => reason.clone(),
    };
    Some(format!("{found}, {wanted}"))
}
