//! The condition `history.last_agent`: which agent answered this caller last.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::{is_first_time, unknown};
use crate::plugins::{CompileContext, ConditionKind, settings};
use crate::routing::{Agent, Call, Condition, Facts, Phrase, Table, Value, Verdict};

/// What the owner set.
#[derive(Clone, Debug, Default, PartialEq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Settings {
    /// Ids of agents of the table.
    #[serde(default)]
    pub(super) agents: Vec<String>,
}

/// The kind of condition.
pub(super) struct Kind;

impl ConditionKind for Kind {
    fn name(&self) -> &'static str {
        "last_agent"
    }

    fn starter(&self, table: &Table) -> serde_json::Value {
        let first = table.agents.first().map(|agent| agent.id.as_str());
        json!({ "agents": first.into_iter().collect::<Vec<_>>() })
    }

    fn compile(
        &self,
        settings: &serde_json::Value,
        context: CompileContext<'_>,
    ) -> Result<Box<dyn Condition>, String> {
        let Settings { agents } = settings::read(settings)?;
        if agents.is_empty() {
            return Err("no agent is chosen; choose at least one".into());
        }
        let find = |id: &String| {
            let agent = context.table.agent(id);
            agent.cloned().ok_or_else(|| format!("the agent “{id}” is not in the table; choose another"))
        };
        Ok(Box::new(LastAgent { agents: agents.iter().map(find).collect::<Result<_, _>>()? }))
    }

    #[cfg(feature = "desktop")]
    fn editor_ui(
        &self,
        ui: &mut egui::Ui,
        settings: &mut serde_json::Value,
        context: &crate::plugins::EditorContext<'_>,
    ) {
        super::editor::last_agent_ui(ui, settings, context);
    }
}

/// States no region: its answer depends on three facts at once.
struct LastAgent {
    agents: Vec<Agent>,
}

impl Condition for LastAgent {
    fn words(&self, negated: bool) -> Phrase {
        let start = if negated { "the caller's last agent was not " } else { "the caller's last agent was " };
        Phrase::new().plain(start).any(self.agents.iter().map(|agent| agent.name.clone()))
    }

    fn test(&self, _call: &Call, facts: &Facts, _at: DateTime<Utc>) -> Verdict {
        let Some(name) = facts.get("history.last_agent") else {
            // Only where the calls themselves are known is it known that there was no agent.
            return match facts.get("history.first_time") {
                Some(_) if is_first_time(facts) => Verdict::known(false, "the caller has not called before"),
                Some(_) => Verdict::known(false, "no agent has answered this caller yet"),
                None => Verdict::unknown(unknown(facts, "history.last_agent")),
            };
        };
        let is = match facts.get("history.last_agent_id") {
            Some(Value::Text(id)) => self.agents.iter().any(|agent| agent.id == *id),
            _ => false,
        };
        Verdict::known(is, format!("the caller's last agent was {}", name.words()))
    }

    fn facts(&self) -> Vec<String> {
        vec![
            "history.last_agent".to_owned(),
            "history.last_agent_id".to_owned(),
            "history.first_time".to_owned(),
        ]
    }
}
