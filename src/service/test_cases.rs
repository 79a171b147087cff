//! Runs the test cases of a table: the same deciding as on the wire, with what can be known without
//! asking anybody and with what the test says is known. And makes test cases of calls.

use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::sync::Arc;

use chrono::{DateTime, Utc};

use super::live::Live;
use super::look_ups::known_again;
use crate::plugins::{Ask, OpenLookUp, Registry};
use crate::routing::{
    By, Call, Compiled, Decided, Decision, Expected, ExpectedBy, ExpectedOutcome, Facts, Table, TestCase,
    Value, fresh_id, fresh_name, write_moment,
};

/// What came of a test case.
#[derive(Clone, Debug, PartialEq)]
pub struct Tested {
    /// The id of the test case.
    pub id: String,
    /// Its name.
    pub name: String,
    /// What is otherwise than it must be, in sentences; none if it passes.
    pub wrong: Vec<String>,
    /// The id of the rule that it wants to decide, if it says so.
    pub wanted_rule: Option<String>,
    /// The decision, unless the test itself cannot be run.
    pub decision: Option<Decision>,
}

impl Tested {
    /// Whether everything is as it must be.
    #[must_use]
    pub fn passes(&self) -> bool {
        self.wrong.is_empty()
    }

    /// The id of the rule that decides, if one does.
    #[must_use]
    pub fn rule(&self) -> Option<&str> {
        match &self.decision.as_ref()?.by {
            By::Rule { id, .. } => Some(id),
            By::Fallback | By::Override { .. } | By::Trouble(_) => None,
        }
    }

    /// The ids of the rules that it says something about: those that take part in the decision, and the
    /// one that was to decide.
    #[must_use]
    pub fn rules(&self) -> BTreeSet<&str> {
        let trace = self.decision.iter().flat_map(|decision| &decision.trace);
        let met = trace.filter(|met| met.verdict.takes_part()).map(|met| met.id.as_str());
        met.chain(self.rule()).chain(self.wanted_rule.as_deref()).collect()
    }
}

/// Runs all test cases of a table at work.
#[must_use]
pub fn run_tests(live: &Live) -> Vec<Tested> {
    run_all(&live.table, &live.compiled, &live.look_ups)
}

/// Runs all test cases of a table that may have faults, in which case it is not `compiled` and there is
/// nothing to run. Opens no file and asks nobody.
#[must_use]
pub fn run_tests_of(table: &Table, compiled: Option<&Compiled>, registry: &Registry) -> Option<Vec<Tested>> {
    if table.test_cases.is_empty() {
        return Some(Vec::new());
    }
    Some(run_all(table, compiled?, &registry.own_look_ups(table)))
}

fn run_all(table: &Table, compiled: &Compiled, look_ups: &[OpenLookUp]) -> Vec<Tested> {
    table.test_cases.iter().map(|test| run(test, table, compiled, look_ups)).collect()
}

fn run(test: &TestCase, table: &Table, compiled: &Compiled, look_ups: &[OpenLookUp]) -> Tested {
    let wanted_rule = match &test.expect.by {
        Some(ExpectedBy::Rule(id)) => Some(id.clone()),
        Some(ExpectedBy::Fallback) | None => None,
    };
    let tested = |wrong, decision| {
        let (id, name) = (test.id.clone(), test.name.clone());
        Tested { id, name, wrong, wanted_rule, decision }
    };
    let at = match test.moment(table) {
        Ok(at) => at,
        Err(wrong) => return tested(vec![wrong], None),
    };
    let (call, facts) = known(test, at, table, look_ups);
    let decision = compiled.decide_with(&call, &facts, at, compiled.logged());
    tested(test.judge(&decision, table), Some(decision))
}

/// The call that a test case is about, and what is known of it.
pub(super) fn known(
    test: &TestCase,
    at: DateTime<Utc>,
    table: &Table,
    look_ups: &[OpenLookUp],
) -> (Arc<Call>, Facts) {
    let ask = Ask { call: Arc::new(test.call(table)), at };
    let mut facts = known_again(look_ups, &ask);
    for (name, value) in &test.facts {
        facts.set(name, value.clone());
    }
    (ask.call, facts)
}

/// A call that was decided, to make a test case of.
#[derive(Clone, Copy)]
pub struct DecidedCall<'a> {
    /// The call.
    pub call: &'a Call,
    /// When it arrived, or the time it was tried for.
    pub at: DateTime<Utc>,
    /// What was known of it.
    pub facts: &'a Facts,
    /// What the rules decided.
    pub decision: &'a Decision,
}

impl DecidedCall<'_> {
    /// A test case that wants the same decision again. What cannot be known again without asking
    /// somebody is pinned. `caller` is the caller as people write it, for the name.
    #[must_use]
    pub fn test_case(&self, caller: &str, table: &Table, registry: &Registry) -> TestCase {
        let Self { call, at, facts, decision } = *self;
        let zone = table.time_zone();
        let decider = match &decision.by {
            By::Rule { name, .. } => name,
            By::Fallback => "Fallback",
            By::Override { .. } | By::Trouble(_) => "Call",
        };
        let test = TestCase {
            id: String::new(),
            name: format!("{decider}: {caller}"),
            medium: call.medium,
            from: call.from.clone(),
            to: table.line_by_number(&call.to).map_or_else(|| call.to.clone(), |line| line.id.clone()),
            has_default_agent: call.default_agent.is_some(),
            headers: call.headers.clone(),
            at: write_moment(&at.with_timezone(&zone)),
            facts: to_pin(facts, table, registry),
            expect: expectation(decision, table),
        };
        named(test, table)
    }
}

/// Of these facts those that cannot be known again without asking somebody.
#[must_use]
pub fn to_pin(facts: &Facts, table: &Table, registry: &Registry) -> BTreeMap<String, Value> {
    let own = registry.own_look_ups(table);
    let repeatable = own.iter().filter(|opened| opened.look_up.is_repeatable());
    let known_again: HashSet<&str> =
        repeatable.flat_map(|opened| opened.gives.iter().map(String::as_str)).collect();
    let in_use = registry.facts(table);
    facts
        .iter()
        .filter(|(name, _)| in_use.contains_key(*name) && !known_again.contains(name))
        .map(|(name, value)| (name.to_owned(), value.clone()))
        .collect()
}

/// What a test case has to want so that this decision passes.
#[must_use]
pub fn expectation(decision: &Decision, table: &Table) -> Expected {
    let outcome = match &decision.action {
        Decided::Connect { id, retell_id, .. } => {
            let same = table.agents.iter().find(|agent| agent.retell_id == *retell_id);
            let agent = same.map_or_else(|| id.clone(), |agent| agent.id.clone());
            ExpectedOutcome::Connect { agent }
        }
        Decided::Keep => ExpectedOutcome::Keep,
        Decided::Reject => ExpectedOutcome::Reject,
    };
    let by = match &decision.by {
        By::Rule { id, .. } => table.rule(id).map(|rule| ExpectedBy::Rule(rule.id.clone())),
        By::Fallback => Some(ExpectedBy::Fallback),
        By::Override { .. } | By::Trouble(_) => None,
    };
    Expected { outcome, by, variables: BTreeMap::new() }
}

/// The test case with an id and a name that no other of the table has.
#[must_use]
pub fn named(test: TestCase, table: &Table) -> TestCase {
    let taken: HashSet<&str> = table.test_cases.iter().map(|other| other.name.as_str()).collect();
    let name = fresh_name(&test.name, |name| taken.contains(name));
    let id = fresh_id(&name, table.test_cases.iter().map(|other| other.id.as_str()));
    TestCase { id, name, ..test }
}
