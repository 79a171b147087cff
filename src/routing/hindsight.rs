//! What can be asked of a table about calls that came before it: what a rule by itself makes of a call,
//! and whether the facts that were looked up then are enough to tell.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};

use super::asked::Asked;
use super::compiled::{CompiledOutcome, CompiledRule};
use super::decide::any;
use super::{Answer, Call, Compiled, Facts, Phase, Template};

impl Compiled {
    /// The names of all facts that decisions by this table depend on: what conditions of rules that are
    /// on look at, and what the agents are told.
    #[must_use]
    pub fn facts(&self) -> BTreeSet<String> {
        let rules = || self.rules.iter().filter(|rule| rule.enabled);
        let outcomes = rules().map(|rule| &rule.then).chain([&self.fallback]);
        let told = outcomes.flat_map(|then| &then.variables).map(|(_, template)| template);
        let told = told.chain(self.defaults.templates()).flat_map(Template::facts).map(str::to_owned);
        rules().flat_map(looks_at).chain(told).collect()
    }

    /// Whether the conditions of a rule hold for a call, whatever other rules do with it. For a rule that
    /// is not there, is off, or whose time this is not, they do not.
    #[must_use]
    pub fn answer_of(&self, rule: &str, call: &Call, facts: &Facts, at: DateTime<Utc>) -> Answer {
        let ask = Asked::of(self, call, facts, at);
        self.rules.iter().find(|known| known.id == rule).map_or(Answer::No, |rule| answer_of(rule, &ask))
    }

    /// The same where it is enough to know that they do.
    #[must_use]
    pub fn would_match(&self, rule: &str, call: &Call, facts: &Facts, at: DateTime<Utc>) -> bool {
        self.answer_of(rule, call, facts, at) == Answer::Yes
    }

    /// Whether nobody asked for a fact that the conditions of a rule look at.
    #[must_use]
    pub fn lacks(&self, rule: &str, facts: &Facts) -> bool {
        let found = self.rules.iter().find(|known| known.id == rule);
        found.is_some_and(|rule| lacks(rule, facts))
    }

    /// Whether this call would meet a rule: none above it decides.
    #[must_use]
    pub fn would_reach(&self, rule: &str, call: &Call, facts: &Facts, at: DateTime<Utc>) -> bool {
        let ask = Asked::of(self, call, facts, at);
        for place in self.index.candidates(call) {
            let met = &self.rules[place];
            if met.id == rule {
                return true;
            }
            if decides(&met.then) && answer_of(met, &ask) == Answer::Yes {
                return false;
            }
        }
        false
    }

    /// Whether a rule may have been passed over, or one looked at before it decides, for want of facts
    /// that nobody asked for.
    #[must_use]
    pub fn is_unsure(&self, call: &Call, facts: &Facts, at: DateTime<Utc>) -> bool {
        let ask = Asked::of(self, call, facts, at);
        for place in self.index.candidates(call) {
            let rule = &self.rules[place];
            match answer_of(rule, &ask) {
                Answer::Yes if decides(&rule.then) => return false,
                Answer::Unknown if lacks(rule, facts) => return true,
                Answer::Yes | Answer::No | Answer::Unknown => {}
            }
        }
        false
    }
}

fn decides(then: &CompiledOutcome) -> bool {
    then.action.is_some()
}

/// The facts that the conditions of a rule look at.
fn looks_at(rule: &CompiledRule) -> impl Iterator<Item = String> {
    rule.when.iter().flatten().flat_map(|test| test.condition.facts())
}

fn lacks(rule: &CompiledRule, facts: &Facts) -> bool {
    looks_at(rule).any(|fact| facts.is_not_asked(&fact))
}

fn answer_of(rule: &CompiledRule, ask: &Asked<'_>) -> Answer {
    if !rule.enabled || rule.period.phase(ask.at) != Phase::Now {
        return Answer::No;
    }
    let mut all = Answer::Yes;
    for group in &rule.when {
        match any(group.iter().map(|test| ask.answer(test))) {
            Answer::No => return Answer::No,
            Answer::Unknown => all = Answer::Unknown,
            Answer::Yes => {}
        }
    }
    all
}
