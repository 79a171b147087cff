//! Runs the test cases of a table: the same deciding as on the wire, with what can be known without
//! asking anybody and with what the test says is known.

use std::sync::Arc;

use futures_util::FutureExt;

use super::live::Live;
use crate::plugins::Ask;
use crate::routing::{By, Decision, Facts, TestCase};

/// What came of a test case.
#[derive(Clone, Debug, PartialEq)]
pub struct Tested {
    /// The id of the test case.
    pub id: String,
    /// Its name.
    pub name: String,
    /// What is otherwise than it must be, in sentences; none if it passes.
    pub wrong: Vec<String>,
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
}

/// Runs all test cases of a table.
#[must_use]
pub fn run_tests(live: &Live) -> Vec<Tested> {
    live.table.test_cases.iter().map(|test| run(test, live)).collect()
}

fn run(test: &TestCase, live: &Live) -> Tested {
    let (id, name) = (test.id.clone(), test.name.clone());
    let at = match test.moment(&live.table) {
        Ok(at) => at,
        Err(wrong) => return Tested { id, name, wrong: vec![wrong], decision: None },
    };
    let ask = Ask { call: Arc::new(test.call(&live.table)), at };
    let mut facts = Facts::default();
    for opened in live.look_ups.iter().filter(|opened| opened.look_up.is_repeatable()) {
        // One that has to wait is not repeatable, whatever it says; its facts are missing.
        if let Some(Ok(found)) = opened.look_up.ask(ask.clone()).now_or_never() {
            facts.merge(found);
        }
    }
    for (name, value) in &test.facts {
        facts.set(name, value.clone());
    }
    let decision = live.compiled.decide(&ask.call, &facts, at);
    let wrong = test.judge(&decision, &live.table);
    Tested { id, name, wrong, decision: Some(decision) }
}
