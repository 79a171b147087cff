//! Who uses a line or an agent. Made anew when the draft changes.

use std::collections::HashMap;
use std::sync::Arc;

use crate::routing::{Action, AgentVersion, Outcome, Rule, Table};

/// The condition that names lines, and where in its settings.
const LINE_CONDITION: &str = "line.is";
const LINES: &str = "lines";

/// A rule, or the fallback.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct User {
    /// What people call it.
    pub(super) name: String,
    /// The rule's id; `None` for the fallback.
    pub(super) rule: Option<String>,
    /// The version of the agent that it connects, where it names one.
    pub(super) version: Option<String>,
}

/// All uses in a draft.
#[derive(Default)]
pub(super) struct Usage {
    made_from: Option<Arc<Table>>,
    lines: HashMap<String, Vec<User>>,
    agents: HashMap<String, Vec<User>>,
    for_all_lines: usize,
}

impl Usage {
    pub(super) fn refresh(&mut self, draft: &Arc<Table>) {
        if super::is_same(self.made_from.as_ref(), draft) {
            return;
        }
        *self = Self { made_from: Some(draft.clone()), ..Self::default() };
        for rule in &draft.rules {
            let user = User { name: rule.name.clone(), rule: Some(rule.id.clone()), version: None };
            let mut lines = lines_of(rule).peekable();
            self.for_all_lines += usize::from(lines.peek().is_none());
            for line in lines {
                add(&mut self.lines, line, &user);
            }
            self.add_agent(&rule.then, &user);
        }
        let fallback = User { name: "All other calls".to_owned(), rule: None, version: None };
        self.add_agent(&draft.fallback, &fallback);
    }

    /// The rules that name this line.
    pub(super) fn of_line(&self, id: &str) -> &[User] {
        self.lines.get(id).map_or(&[], Vec::as_slice)
    }

    /// How many rules name no line, and so are for each of them.
    pub(super) fn for_all_lines(&self) -> usize {
        self.for_all_lines
    }

    /// The rules, and the fallback, that connect this agent.
    pub(super) fn of_agent(&self, id: &str) -> &[User] {
        self.agents.get(id).map_or(&[], Vec::as_slice)
    }

    fn add_agent(&mut self, outcome: &Outcome, user: &User) {
        let mut connects = |agent: &str, version: Option<&AgentVersion>| {
            let user = User { version: version.map(ToString::to_string), ..user.clone() };
            add(&mut self.agents, agent, &user);
        };
        match &outcome.action {
            Action::Connect { agent, version } => connects(agent, version.as_ref()),
            Action::Share(share) => {
                for part in &share.agents {
                    connects(&part.agent, part.version.as_ref());
                }
            }
            Action::Keep | Action::Reject | Action::GoOn => {}
        }
    }
}

fn add(users: &mut HashMap<String, Vec<User>>, id: &str, user: &User) {
    let users = users.entry(id.to_owned()).or_default();
    if users.last() != Some(user) {
        users.push(user.clone());
    }
}

fn lines_of(rule: &Rule) -> impl Iterator<Item = &str> {
    let tests = rule.when.iter().flat_map(|group| &group.any_of);
    tests
        .filter(|test| test.condition == LINE_CONDITION)
        .filter_map(|test| test.settings.get(LINES)?.as_array())
        .flatten()
        .filter_map(serde_json::Value::as_str)
}
