//! What is logged: one row per answered call, one per kind of refused request.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::routing::{Medium, Turn};

/// One answered call, as lists show it. What the table and its parts were called then stays,
/// whatever they are called later.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[expect(clippy::struct_excessive_bools, reason = "each is a column of its own")]
pub struct Summary {
    /// Given by the log when the call is recorded; rises with time.
    pub id: i64,
    /// When the call arrived, in ms since 1970 UTC.
    pub at_ms: i64,
    /// The caller's number; `None` if withheld.
    pub from: Option<String>,
    /// The caller's name, if a contact has the number.
    pub caller_name: Option<String>,
    /// The number that was called.
    pub to: String,
    /// The name of that line, if it is one of the owner's.
    pub line: Option<String>,
    /// The version of the table that decided.
    pub version: u32,
    /// The rule that decided; `None` for the fallback.
    pub rule_id: Option<String>,
    /// That rule's name.
    pub rule_name: Option<String>,
    /// The override that stood above the rules, in words: "Closed until Mon 23 Nov 2026, 14:30".
    pub overruled: Option<String>,
    /// `connect`, `keep` or `reject`.
    pub outcome: String,
    /// The name of the agent connected, if one was.
    pub agent: Option<String>,
    /// That agent's id in the table.
    pub agent_id: Option<String>,
    /// The version of it, if another than its current one was asked for.
    pub agent_version: Option<String>,
    /// The turn that this call took, where agents take turns.
    pub turn: Option<Turn>,
    /// From the first byte of the request to the answer, in microseconds.
    pub took_us: u64,
    /// How often Retell asked for this call; 1 unless it asked again.
    pub attempts: u32,
    /// Something failed on the way, and the fallback answered for it.
    pub fallback_used: bool,
    /// The answer went out before this row was safe on disk.
    pub late: bool,
    /// The request was signed but could not be understood.
    pub unreadable: bool,
    /// Whether it is a call or a text message.
    pub medium: Medium,
    /// A look-up was late or failed, so something was not known.
    pub look_up_failed: bool,
    /// The owner sent it to try the way in; it counts nowhere.
    pub is_test: bool,
}

/// How many calls a rule connected to an agent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Connected {
    /// The agent's id in the table, where it was kept.
    pub agent_id: Option<String>,
    /// The version of it that was asked for, if any was.
    pub agent_version: Option<String>,
    /// How many calls.
    pub calls: u64,
}

/// What remains of a call for the history of its caller.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Past {
    /// The caller's number.
    pub from: String,
    /// When the call arrived, in ms since 1970 UTC.
    pub at_ms: i64,
    /// `connect`, `keep` or `reject`.
    pub outcome: String,
    /// The name of the agent connected, if one was.
    pub agent: Option<String>,
    /// That agent's id in the table, where it was kept.
    pub agent_id: Option<String>,
}

/// What is shown when a call is looked into, and what a backtest starts from.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Detail {
    /// The body of the request.
    pub request: String,
    /// What was known of the call when it was decided.
    pub facts: Value,
    /// The decision with its trace.
    pub decision: Value,
    /// The body of the answer.
    pub answer: String,
    /// Where the time went.
    pub steps: Vec<Step>,
}

/// One part of a call's way.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Step {
    /// What was done, such as `verify` or `look-up Contacts`; `record` and `answer` are there once the answer
    /// has gone out. Older records have what went wrong with
    /// a look-up here, without its name.
    pub name: String,
    /// How long it took, in microseconds.
    pub took_us: u64,
    /// What a look-up told besides facts, such as that it was not asked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
    /// What went wrong, in a sentence.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fault: Option<String>,
}

/// One answered call with everything known of it.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Record {
    /// The part that lists show.
    pub summary: Summary,
    /// The rest.
    pub detail: Detail,
}

/// Requests that were refused, all alike: same reason, same sender.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refused {
    /// Given by the log.
    pub id: i64,
    /// When the first of them arrived, in ms since 1970 UTC.
    pub at_ms: i64,
    /// When the latest of them arrived; to the minute, where they were added up.
    pub last_ms: i64,
    /// The sender's address, without its port.
    pub peer: String,
    /// The reason in one word, the same for all of a kind.
    pub code: String,
    /// The reason in a sentence that says what to do, as of the latest of them.
    pub reason: String,
    /// The size of the latest body in bytes.
    pub body_bytes: u64,
    /// How many they are.
    pub count: u64,
}
