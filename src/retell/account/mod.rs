//! What Retell's own interface tells of an account, its agents and its phone numbers, and what it lets
//! change on them. `read` reads what it says, `change` says what is to be different; sending either is
//! the service's business.
//!
//! Shapes and errors are those of the official SDKs (npm `retell-sdk` 5.66).

mod change;
mod error;
mod read;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

pub use change::{NumberChange, Setting, change_body, change_path};
pub use error::AccountError;
pub use read::{Page, agents_path, numbers_path, read_agents, read_number, read_numbers};

/// Where Retell answers questions about accounts.
pub const API: &str = "https://api.retellai.com";

/// An agent as Retell knows it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct AccountAgent {
    /// Its id.
    pub id: String,
    /// Its name there; empty if it has none.
    pub name: String,
    /// Retell lets nobody speak with it just now.
    pub is_suspended: bool,
    /// It answers texts, not calls.
    pub is_for_texts: bool,
    /// The versions that have a name, such as `prod`; without a number where Retell tells none.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub tags: BTreeMap<String, Option<u64>>,
}

/// A phone number as Retell knows it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct AccountNumber {
    /// The number, with country code.
    pub number: String,
    /// Its name there; empty if it has none.
    pub name: String,
    /// The agents that answer it where nobody else is named.
    pub agents: Vec<OwnAgent>,
    /// Who is asked about its calls.
    pub webhook: Option<String>,
    /// Who is asked about its text messages.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub texts_webhook: Option<String>,
}

/// An agent of a number's own, with all that Retell says of it, so that it can be set again as it was.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "Kept")]
pub struct OwnAgent {
    /// Its id.
    #[serde(rename = "agent_id")]
    pub id: String,
    /// Its version and its share of the calls.
    #[serde(flatten)]
    pub rest: Map<String, Value>,
}

impl OwnAgent {
    /// The only agent of a number, in its current version.
    #[must_use]
    pub fn only(id: &str) -> Self {
        let rest = Map::from_iter([("weight".to_owned(), Value::from(1))]);
        Self { id: id.to_owned(), rest }
    }
}

/// How an own agent stands in files: those of earlier programs have nothing but its id.
#[derive(Deserialize)]
#[serde(untagged)]
enum Kept {
    Id(String),
    Whole {
        agent_id: String,
        #[serde(flatten)]
        rest: Map<String, Value>,
    },
}

impl From<Kept> for OwnAgent {
    fn from(kept: Kept) -> Self {
        match kept {
            Kept::Id(id) => Self::only(&id),
            Kept::Whole { agent_id, rest } => Self { id: agent_id, rest },
        }
    }
}
