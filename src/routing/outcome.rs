//! What a rule does with a call: who answers, with what.

use std::collections::BTreeMap;
use std::fmt;

use serde::{Deserialize, Serialize};

use super::Share;

/// Any JSON object, in the order it was written.
pub type Object = serde_json::Map<String, serde_json::Value>;

/// What happens to a call, and what the agent is told.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Outcome {
    /// Who answers.
    pub action: Action,
    /// Variables for the agent, as templates: `{{caller.country}}`, `{{contact.name|there}}`.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub variables: BTreeMap<String, String>,
    /// Any JSON object that Retell keeps with the call and sends back in its events.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub metadata: Option<Object>,
    /// Settings of the agent for this call only (`agent_override` on the wire).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub agent_settings: Option<Object>,
    /// Who is told of it after the answer: the ids of notices that are set up on this computer.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub tell: Vec<String>,
}

/// Who answers.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Action {
    /// An agent of the table.
    Connect {
        /// Its id in the table.
        agent: String,
        /// A version other than the agent's current one.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        version: Option<AgentVersion>,
    },
    /// One of several agents of the table.
    Share(Share),
    /// The agent that is set on the line at Retell.
    #[default]
    Keep,
    /// Nobody: the call is ended. Works only while the line has no agent at Retell.
    Reject,
    /// Adds variables, metadata and settings, and goes on with the next rule.
    GoOn,
}

/// Which version of an agent: a number, or a tag such as `prod`. `latest` and
/// `latest_published` have a meaning at Retell.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged, expecting = "a version number, or a tag name in quotes")]
pub enum AgentVersion {
    /// A version number.
    Number(u32),
    /// A tag.
    Tag(String),
}

impl AgentVersion {
    /// What the owner typed: digits are a number, anything else a tag, nothing is none.
    #[must_use]
    pub fn from_text(text: &str) -> Option<Self> {
        let text = text.trim();
        if text.is_empty() {
            return None;
        }
        Some(text.parse().map_or_else(|_| Self::Tag(text.to_owned()), Self::Number))
    }
}

impl fmt::Display for AgentVersion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Number(number) => write!(f, "{number}"),
            Self::Tag(tag) => f.write_str(tag),
        }
    }
}

/// Puts `over` on top of `base`: objects are merged, anything else is replaced.
pub(super) fn merge_objects(base: &mut Object, over: &Object) {
    for (key, value) in over {
        match (base.get_mut(key), value) {
            (Some(serde_json::Value::Object(old)), serde_json::Value::Object(new)) => merge_objects(old, new),
            _ => {
                base.insert(key.clone(), value.clone());
            }
        }
    }
}
