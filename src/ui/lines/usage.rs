//! Who uses a line or an agent. Made anew when the draft changes.

use std::collections::HashMap;
use std::sync::Arc;

use crate::routing::{Action, Outcome, Rule, Table};

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
}

/// All uses in a draft.
#[derive(Default)]
pub(super) struct Usage {
    made_from: Option<Arc<Table>>,
    lines: HashMap<String, Vec<User>>,
    agents: HashMap<String, Vec<User>>,
}

impl Usage {
    pub(super) fn refresh(&mut self, draft: &Arc<Table>) {
        if super::is_same(self.made_from.as_ref(), draft) {
            return;
        }
        *self = Self { made_from: Some(draft.clone()), ..Self::default() };
        for rule in &draft.rules {
            let user = User { name: rule.name.clone(), rule: Some(rule.id.clone()) };
            for line in lines_of(rule) {
                add(&mut self.lines, line, &user);
            }
            self.add_agent(&rule.then, &user);
        }
        let fallback = User { name: "All other calls".to_owned(), rule: None };
        self.add_agent(&draft.fallback, &fallback);
    }

    /// The rules that name this line.
    pub(super) fn of_line(&self, id: &str) -> &[User] {
        self.lines.get(id).map_or(&[], Vec::as_slice)
    }

    /// The rules, and the fallback, that connect this agent.
    pub(super) fn of_agent(&self, id: &str) -> &[User] {
        self.agents.get(id).map_or(&[], Vec::as_slice)
    }

    fn add_agent(&mut self, outcome: &Outcome, user: &User) {
        match &outcome.action {
            Action::Connect { agent, .. } => add(&mut self.agents, agent, user),
            Action::Share(share) => {
                for part in &share.agents {
                    add(&mut self.agents, &part.agent, user);
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
