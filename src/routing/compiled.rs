//! What a table is made into before it decides: names resolved, texts read, conditions that can be asked.
//! How it gets there is in `compile`, what it does in `decide`.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::agent_defaults::AgentDefaults;
use super::index::Index;
use super::outcome::merge_objects;
use super::{Choice, Condition, Decided, Facts, Object, Period, Template};

/// A table ready to decide calls. Made by [`compile`](super::compile); asked with [`Compiled::decide`].
#[derive(Debug)]
pub struct Compiled {
    pub(super) rules: Vec<CompiledRule>,
    pub(super) index: Index,
    /// How many conditions several tests ask.
    pub(super) shared: usize,
    pub(super) fallback: CompiledOutcome,
    pub(super) defaults: AgentDefaults,
}

impl Compiled {
    /// No rules, and every line keeps its own agent: for when there is no table to be had.
    #[must_use]
    pub fn keep() -> Self {
        let fallback = CompiledOutcome {
            action: Some(CompiledAction::Fixed(Decided::Keep)),
            variables: BTreeMap::new(),
            metadata: None,
            agent_settings: None,
            tell: Vec::new(),
        };
        Self {
            rules: Vec::new(),
            index: Index::default(),
            shared: 0,
            fallback,
            defaults: AgentDefaults::default(),
        }
    }
}

#[derive(Debug)]
pub(super) struct CompiledRule {
    pub(super) id: String,
    pub(super) name: String,
    pub(super) enabled: bool,
    pub(super) period: Period,
    pub(super) when: Vec<Vec<CompiledTest>>,
    pub(super) then: CompiledOutcome,
}

#[derive(Debug)]
pub(super) struct CompiledTest {
    pub(super) condition: Arc<dyn Condition>,
    pub(super) not: bool,
    /// Where its answer is kept for the other tests that ask the same condition.
    pub(super) place: Option<usize>,
}

/// Who answers.
#[derive(Debug)]
pub(super) enum CompiledAction {
    Fixed(Decided),
    /// One of these.
    Share {
        choice: Box<dyn Choice>,
        agents: Vec<Decided>,
        /// The one with the largest share, for when no choice can be made.
        likeliest: Decided,
    },
}

#[derive(Debug)]
pub(super) struct CompiledOutcome {
    /// `None`: add and go on.
    pub(super) action: Option<CompiledAction>,
    pub(super) variables: BTreeMap<String, Template>,
    pub(super) metadata: Option<Object>,
    pub(super) agent_settings: Option<Object>,
    pub(super) tell: Vec<String>,
}

/// What rules that matched have contributed so far.
#[derive(Default)]
pub(super) struct Contribution {
    pub(super) variables: BTreeMap<String, String>,
    /// Variables that came out empty, because nothing was known of the facts in them.
    pub(super) hollow: BTreeSet<String>,
    pub(super) metadata: Option<Object>,
    pub(super) agent_settings: Option<Object>,
    /// Who is told of the call.
    pub(super) tell: Vec<String>,
}

impl CompiledOutcome {
    /// Puts this outcome's part on top of what is there.
    pub(super) fn add_to(&self, sum: &mut Contribution, facts: &Facts, notes: &mut Vec<String>) {
        for (name, template) in &self.variables {
            let mut lacks = false;
            let value = template.fill(facts, |note| {
                lacks = true;
                notes.push(format!("Variable {name}: {note}"));
            });
            if lacks && value.trim().is_empty() {
                sum.hollow.insert(name.clone());
            } else {
                sum.hollow.remove(name);
            }
            sum.variables.insert(name.clone(), value);
        }
        for id in &self.tell {
            if !sum.tell.contains(id) {
                sum.tell.push(id.clone());
            }
        }
        for (base, over) in
            [(&mut sum.metadata, &self.metadata), (&mut sum.agent_settings, &self.agent_settings)]
        {
            if let Some(over) = over {
                merge_objects(base.get_or_insert_default(), over);
            }
        }
    }
}
