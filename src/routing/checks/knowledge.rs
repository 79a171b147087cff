//! What is known of a table besides the table itself: from calls that came, from Retell, and of this
//! computer.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};

use crate::routing::Rule;

/// What is known besides the table. Nothing is a fine thing to know: then nothing is said.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Knowledge {
    /// Lines by number: whether they have an agent of their own at Retell.
    pub default_agents: BTreeMap<String, bool>,
    /// The agents at Retell by their ids there, and whether each is suspended; `None`: not known.
    pub agents: Option<BTreeMap<String, bool>>,
    /// Rules by id: what came of them on the phone.
    pub rules: BTreeMap<String, InPractice>,
    /// Look-ups by id: what keeps them from working on this computer, as the end of a sentence.
    pub lacks: BTreeMap<String, String>,
}

/// What came of a rule on the phone.
#[derive(Clone, Debug, PartialEq)]
pub struct InPractice {
    /// The rule as it answers calls; of one that was changed since nothing is said.
    pub rule: Rule,
    /// Since when it answers calls just as it is now.
    pub since: DateTime<Utc>,
    /// How many calls it decided of late.
    pub matched: u64,
    /// Calls that it would have matched and that rules above it took: those rules by id, and how many.
    pub shadowed: BTreeMap<String, u64>,
}
