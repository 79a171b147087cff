//! What an agent brings to every call that it answers: defaults of the variables that its prompt
//! needs, and settings. What rules say goes before it.

use std::collections::HashMap;

use super::compiled::Contribution;
use super::outcome::merge_objects;
use super::{Call, Decided, Facts, Object, Table, Template};

/// The defaults of all agents, by their id at Retell.
#[derive(Debug, Default)]
pub(super) struct AgentDefaults(HashMap<String, Defaults>);

#[derive(Debug)]
struct Defaults {
    /// The agent's name.
    name: String,
    /// The variables that it needs, with their defaults.
    needs: Vec<(String, Option<Template>)>,
    settings: Option<Object>,
}

impl AgentDefaults {
    /// Those of a table. A default that cannot be read is told where the table is checked.
    pub(super) fn of(table: &Table) -> Self {
        let of = |agent: &super::Agent| Defaults {
            name: agent.name.clone(),
            needs: agent
                .needs
                .iter()
                .map(|needed| {
                    let default = needed.default.as_deref();
                    (needed.name.clone(), default.and_then(|text| Template::parse(text).ok()))
                })
                .collect(),
            settings: agent.settings.clone(),
        };
        let agents = table.agents.iter().filter(|agent| !agent.needs.is_empty() || agent.settings.is_some());
        Self(agents.map(|agent| (agent.retell_id.clone(), of(agent))).collect())
    }

    /// What variables are made of where no rule sets them.
    pub(super) fn templates(&self) -> impl Iterator<Item = &Template> {
        self.0.values().flat_map(|agent| &agent.needs).filter_map(|(_, default)| default.as_ref())
    }

    /// Puts those of the agent that answers below what rules have said. The agent of a line is
    /// only known with its call.
    pub(super) fn complete(
        &self,
        action: &Decided,
        call: Option<&Call>,
        sum: &mut Contribution,
        facts: &Facts,
        notes: &mut Vec<String>,
    ) {
        let retell_id = match action {
            Decided::Connect { retell_id, .. } => Some(retell_id),
            Decided::Keep => call.and_then(|call| call.default_agent.as_ref()),
            Decided::Reject => None,
        };
        let Some(Defaults { name, needs, settings }) = retell_id.and_then(|id| self.0.get(id)) else {
            return;
        };
        for (variable, default) in needs {
            if sum.variables.contains_key(variable) && !sum.hollow.contains(variable) {
                continue;
            }
            if let Some(default) = default {
                let value = default.fill(facts, |note| notes.push(format!("Variable {variable}: {note}")));
                notes.push(format!(
                    "Variable {variable}: no rule gave it a value, so it is {name}'s “{value}”"
                ));
                sum.variables.insert(variable.clone(), value);
            } else if !sum.variables.contains_key(variable) {
                notes.push(format!(
                    "{name}'s prompt needs the variable {variable}, and no rule set it, so its placeholder would \
                     be read out; set it in a rule, or give it a default under Lines & agents"
                ));
            }
        }
        if let Some(settings) = settings {
            let mut all = settings.clone();
            merge_objects(&mut all, sum.agent_settings.as_ref().unwrap_or(&Object::new()));
            sum.agent_settings = Some(all);
        }
    }
}
