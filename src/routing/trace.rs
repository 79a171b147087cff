//! A decision and how it came about, in the owner's own names. Kept with each logged call, so it
//! must stay readable by later versions.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::{AgentVersion, Answer, Chosen, Object, Turn};

/// What was decided for a call, by which rule, and why.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Decision {
    /// Who answers.
    pub action: Decided,
    /// What gave the decision.
    pub by: By,
    /// Why this agent, where it was one of several.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub chosen: Option<Chosen>,
    /// Variables for the agent, filled in.
    #[serde(default)]
    pub variables: BTreeMap<String, String>,
    /// Metadata for Retell to keep with the call.
    #[serde(default)]
    pub metadata: Option<Object>,
    /// Settings of the agent for this call only.
    #[serde(default)]
    pub agent_settings: Option<Object>,
    /// Who is told of the call after the answer, by ids.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub tell: Vec<String>,
    /// Each rule of the table in order, or those that were met.
    #[serde(default)]
    pub trace: Vec<RuleTrace>,
    /// How many rules are not in the trace: they are for other callers or lines, or came too late.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub untold: usize,
    /// What else is worth knowing, in sentences: a placeholder that had no value.
    #[serde(default)]
    pub notes: Vec<String>,
}

/// Who answers, with names as they were on the day.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Decided {
    /// An agent.
    Connect {
        /// What the owner calls it.
        name: String,
        /// Its id in the table of that day; empty in calls that were logged before it was kept.
        #[serde(default)]
        id: String,
        /// Its id at Retell.
        retell_id: String,
        /// A version other than its current one.
        #[serde(default)]
        version: Option<AgentVersion>,
    },
    /// The agent set on the line at Retell.
    Keep,
    /// Nobody.
    Reject,
}

/// What gave a decision.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum By {
    /// A rule.
    Rule {
        /// Its id in the table of that day.
        id: String,
        /// Its name on that day.
        name: String,
    },
    /// No rule matched.
    Fallback,
    /// An override stood above all rules, and none was looked at.
    Override {
        /// Its id.
        id: String,
        /// "Closed until Mon 23 Nov 2026, 14:30".
        words: String,
        /// Why, as its maker put it; may be empty.
        #[serde(default, skip_serializing_if = "String::is_empty")]
        reason: String,
        /// Who set it: "ada in the window".
        set_by: String,
        /// When it was set.
        set_at: DateTime<Utc>,
    },
    /// Something broke, and the table's fallback was used: the reason in words.
    Trouble(String),
}

/// One rule, as it was met.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RuleTrace {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// What came of it.
    pub verdict: RuleVerdict,
    /// What kept it from taking part: "until Thu 31 Dec 2026, 18:00". Empty where nothing did.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub why: String,
    /// Its conditions, if they were looked at.
    #[serde(default)]
    pub groups: Vec<GroupTrace>,
}

/// What came of a rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RuleVerdict {
    /// It gave the decision.
    Won,
    /// It matched, added its part, and the next rules were looked at.
    Added,
    /// A condition did not hold, or could not be told.
    NoMatch,
    /// It is switched off.
    Off,
    /// The time from which it takes part has not come.
    NotYet,
    /// The time until which it takes part is over.
    Expired,
    /// A rule above had already decided.
    NotReached,
}

impl RuleVerdict {
    /// Whether the rule had a part in the decision.
    #[must_use]
    pub fn takes_part(self) -> bool {
        matches!(self, Self::Won | Self::Added)
    }
}

/// Tests of which one had to hold.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct GroupTrace {
    /// Whether one did.
    pub answer: Answer,
    /// Each test.
    pub tests: Vec<TestTrace>,
}

/// One test.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TestTrace {
    /// What was asked, negation included: "the caller is not in Germany".
    pub words: String,
    /// Whether that holds.
    pub answer: Answer,
    /// Why: "the caller is in France".
    pub why: String,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "the signature serde asks for")]
fn is_zero(count: &usize) -> bool {
    *count == 0
}

impl Decision {
    /// The turn that the call takes, where agents take turns.
    #[must_use]
    pub fn turn(&self) -> Option<&Turn> {
        self.chosen.as_ref()?.turn.as_ref()
    }

    /// The name of the rule that decided, if one did.
    #[must_use]
    pub fn rule_name(&self) -> Option<&str> {
        match &self.by {
            By::Rule { name, .. } => Some(name),
            By::Fallback | By::Override { .. } | By::Trouble(_) => None,
        }
    }
}
