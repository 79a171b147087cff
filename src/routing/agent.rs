//! A voice agent as the table knows it, and what its prompt needs.

use serde::{Deserialize, Serialize};

use super::Object;

/// A voice agent at Retell.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Agent {
    /// Unique in the table; never shown.
    pub id: String,
    /// What the owner calls it: "Reception".
    pub name: String,
    /// Its id at Retell: `agent_...`.
    pub retell_id: String,
    /// The first words of its prompt as they stand at Retell, with `{{placeholders}}`. Only for
    /// showing how they will sound.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub greeting: String,
    /// The variables that its prompt needs.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub needs: Vec<NeededVariable>,
    /// Its settings for calls that come from here, unless a rule says otherwise
    /// (`agent_override` on the wire).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub settings: Option<Object>,
}

/// A variable that an agent's prompt needs.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NeededVariable {
    /// Its name in the prompt, without the braces.
    pub name: String,
    /// What it is where no rule sets it, as a template. Without one it must be set.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub default: Option<String>,
}
