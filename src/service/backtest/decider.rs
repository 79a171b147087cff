//! A table made ready to decide calls of the past. What follows from call, time and table is worked out
//! anew, as tables differ in that; all else is taken as it was known, as far as the table asks for it.

use std::collections::BTreeSet;
use std::fmt;
use std::sync::Arc;

use chrono::{DateTime, Utc};

use super::{Fate, Made, OfRule};
use crate::plugins::{Ask, OpenLookUp, Registry};
use crate::retell::Inbound;
use crate::routing::{Answer, Call, Compiled, Decision, Detail, Facts, Problem, Table, compile};
use crate::service::answering::{call_of, effect};
use crate::service::look_ups::known_again;

/// A call of the past with what was known of it.
#[derive(Clone, Debug)]
pub(super) struct Past {
    pub(super) inbound: Inbound,
    pub(super) at: DateTime<Utc>,
    pub(super) facts: Facts,
    /// The names of the facts that were looked up then.
    pub(super) looked_up: Arc<BTreeSet<String>>,
}

/// A table at work on calls of the past.
pub(super) struct Decider {
    table: Arc<Table>,
    registry: Arc<Registry>,
    compiled: Compiled,
    repeatable: Vec<OpenLookUp>,
    /// The facts that are looked up for its calls.
    looked_up: BTreeSet<String>,
    /// Those that it goes by and that cannot be worked out anew.
    asks_for: BTreeSet<String>,
}

/// A call as this table decides it.
pub(super) struct Decidable {
    pub(super) call: Arc<Call>,
    pub(super) at: DateTime<Utc>,
    pub(super) facts: Facts,
}

impl fmt::Debug for Decider {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Decider").finish_non_exhaustive()
    }
}

impl Decider {
    pub(super) fn of(table: Arc<Table>, registry: Arc<Registry>) -> Result<Self, Vec<Problem>> {
        let compiled = compile(&table, &*registry)?;
        let mut repeatable = registry.own_look_ups(&table);
        repeatable.retain(|opened| opened.look_up.is_repeatable());
        let again: BTreeSet<&String> = repeatable.iter().flat_map(|opened| &opened.gives).collect();
        let looked_up = registry.looked_up(&table);
        let asks_for = compiled.facts();
        let asks_for =
            asks_for.into_iter().filter(|name| looked_up.contains(name) && !again.contains(name)).collect();
        Ok(Self { table, registry, compiled, repeatable, looked_up, asks_for })
    }

    /// The call with what this table would know of it.
    pub(super) fn prepare(&self, past: &Past) -> Decidable {
        let mut facts = Facts::default();
        for (name, value) in past.facts.iter().filter(|(name, _)| self.looked_up.contains(*name)) {
            facts.set(name, value.clone());
        }
        for (name, why) in past.facts.iter_missing().filter(|(name, _)| self.looked_up.contains(*name)) {
            facts.set_missing(name, why);
        }
        let call = Arc::new(call_of(past.inbound.clone(), &self.table.country));
        facts.merge(known_again(&self.repeatable, &Ask { call: call.clone(), at: past.at }));
        for name in self.asks_for.difference(&past.looked_up) {
            if facts.get(name).is_none() && facts.why_missing(name).is_none() {
                facts.set_not_asked(name);
            }
        }
        Decidable { call, at: past.at, facts }
    }

    /// The facts that it goes by and that nobody asked for when the call came in.
    pub(super) fn not_asked<'a>(&'a self, call: &Decidable) -> impl Iterator<Item = &'a String> {
        self.asks_for.iter().filter(|name| call.facts.is_not_asked(name))
    }

    pub(super) fn decide(&self, Decidable { call, at, facts }: &Decidable) -> Decision {
        self.compiled.decide_with(call, facts, *at, Detail::Nothing)
    }

    pub(super) fn fate(&self, decision: &Decision, call: &Call) -> Fate {
        Fate::of(decision, call, &self.table, &self.registry)
    }

    /// Whether a rule may have been passed over for want of facts that nobody asked for.
    pub(super) fn is_unsure(&self, Decidable { call, at, facts }: &Decidable) -> bool {
        self.compiled.is_unsure(call, facts, *at)
    }

    /// Counts this call for a rule.
    pub(super) fn count(&self, rule: &mut OfRule, Decidable { call, at, facts }: &Decidable) {
        match self.compiled.answer_of(&rule.id, call, facts, *at) {
            Answer::Yes => {
                rule.matched += 1;
                rule.taken += usize::from(!self.compiled.would_reach(&rule.id, call, facts, *at));
            }
            Answer::Unknown if self.compiled.lacks(&rule.id, facts) => rule.unsure += 1,
            Answer::Unknown | Answer::No => {}
        }
    }

    /// What people call a fact.
    pub(super) fn title(&self, fact: &str) -> String {
        self.registry.fact(fact, &self.table).map_or_else(|| fact.to_owned(), |info| info.title)
    }

    /// What it makes of a call, in full.
    pub(super) fn look_into(&self, past: &Past) -> Made {
        let Decidable { call, at, facts } = self.prepare(past);
        let decision = self.compiled.decide_with(&call, &facts, at, self.compiled.logged());
        let fate = self.fate(&decision, &call);
        let effect = match &fate {
            Fate::OneOf(sharing) => {
                format!("Retell will connect one of these, by the calls before: {}", sharing.names.join(", "))
            }
            Fate::Agent { .. } | Fate::OwnAgent | Fate::Nobody => effect(&decision, &call),
        };
        Made { decision, fate, effect, facts }
    }
}
