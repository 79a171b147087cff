//! What becomes of a call: who answers it in the end, as far as that can be told afterwards.

use serde_json::Value;

use crate::plugins::Registry;
use crate::routing::{Action, AgentVersion, By, Call, Decided, Decision, Share, Table};

/// Who answers a call.
#[derive(Clone, Debug)]
pub enum Fate {
    /// An agent.
    Agent {
        /// What the owner calls it.
        name: String,
        /// Its id at Retell.
        retell_id: String,
        /// A version other than its current one.
        version: Option<AgentVersion>,
    },
    /// One of several agents; who, depends on calls before it.
    OneOf(Sharing),
    /// The agent that is set on the line at Retell.
    OwnAgent,
    /// Nobody.
    Nobody,
}

/// Agents who share calls in a way that depends on other calls.
#[derive(Clone, Debug)]
pub struct Sharing {
    /// What they are called.
    pub names: Vec<String>,
    how: String,
    settings: Value,
    /// Id at Retell, version, percentage.
    parts: Vec<(String, Option<AgentVersion>, Option<u32>)>,
}

impl Fate {
    /// What becomes of a call by this decision of `table`.
    pub(super) fn of(decision: &Decision, call: &Call, table: &Table, registry: &Registry) -> Self {
        if let Some(sharing) = Sharing::of(decision, table, registry) {
            return Self::OneOf(sharing);
        }
        match (&decision.action, &call.default_agent) {
            (Decided::Connect { name, retell_id, version, .. }, _) => {
                Self::Agent { name: name.clone(), retell_id: retell_id.clone(), version: version.clone() }
            }
            // A call to a line with an agent of its own cannot be rejected.
            (Decided::Keep | Decided::Reject, Some(_)) => Self::OwnAgent,
            (Decided::Keep | Decided::Reject, None) => Self::Nobody,
        }
    }

    /// Whether the same answers, whatever it is called. Of agents who share calls it is the same as
    /// long as they share them alike.
    pub(super) fn is_same(&self, other: &Self) -> bool {
        match (self, other) {
            (
                Self::Agent { retell_id, version, .. },
                Self::Agent { retell_id: other_id, version: other_version, .. },
            ) => retell_id == other_id && version == other_version,
            (Self::OneOf(one), Self::OneOf(other)) => {
                one.how == other.how && one.settings == other.settings && one.parts == other.parts
            }
            (Self::OwnAgent, Self::OwnAgent) | (Self::Nobody, Self::Nobody) => true,
            _ => false,
        }
    }

    /// Who answers, in a few words: "Reception", "shared among Ada, Bo".
    #[must_use]
    pub fn words(&self) -> String {
        match self {
            Self::Agent { name, version: None, .. } => name.clone(),
            Self::Agent { name, version: Some(version), .. } => format!("{name} (version {version})"),
            Self::OneOf(sharing) => format!("shared among {}", sharing.names.join(", ")),
            Self::OwnAgent => "the line's own agent".to_owned(),
            Self::Nobody => "nobody".to_owned(),
        }
    }
}

impl Sharing {
    fn of(decision: &Decision, table: &Table, registry: &Registry) -> Option<Self> {
        decision.chosen.as_ref()?;
        let outcome = match &decision.by {
            By::Rule { id, .. } => &table.rule(id)?.then,
            By::Fallback => &table.fallback,
            By::Override { .. } | By::Trouble(_) => return None,
        };
        let Action::Share(Share { how, agents, settings, .. }) = &outcome.action else { return None };
        let is_certain = registry.find_choice(how).is_some_and(|choice| choice.kind.is_repeatable());
        if is_certain || agents.len() < 2 {
            return None;
        }
        let agent = |id: &str| table.agent(id).map(|agent| (agent.name.clone(), agent.retell_id.clone()));
        let mut names = Vec::new();
        let mut parts = Vec::new();
        for part in agents {
            let (name, retell_id) = agent(&part.agent)?;
            names.push(match part.percent {
                Some(percent) => format!("{name} {percent}%"),
                None => name,
            });
            parts.push((retell_id, part.version.clone(), part.percent));
        }
        Some(Self { names, how: how.clone(), settings: settings.clone(), parts })
    }
}
