//! Finds a call that reaches a rule, to begin a test case with: as regions tell, and where conditions
//! state none, by trying.

mod pins;

use chrono::{DateTime, DurationRound, TimeDelta, Utc};

use super::test_cases::{expectation, known};
use crate::plugins::{OpenLookUp, Registry};
use crate::routing::checks::examples;
use crate::routing::{By, Caller, Compiled, Decision, Detail, Rule, Table, TestCase, compile, write_moment};

/// How far apart the times are that are tried where no condition states any, in hours.
const STEP_HOURS: i64 = 2;
/// For how many days ahead times are tried.
const DAYS: i64 = 7;
/// No more calls than this are tried in one way.
const TRIED: usize = 600;

/// A test case like `guess` about the first call that makes this rule take part, and that wants what
/// comes of it. Tries each of the callers on each of the lines (their ids) at the guess's time and at
/// others from then on, and the callers, lines and times that the rule's conditions state. What nobody
/// can know without being asked is pinned, where nothing less does. The guess itself where none of these
/// calls reaches the rule.
#[must_use]
pub fn reaching(
    guess: TestCase,
    rule: &Rule,
    callers: &[Caller],
    lines: &[String],
    table: &Table,
    registry: &Registry,
) -> TestCase {
    let (Ok(compiled), Ok(start)) = (compile(table, registry), guess.moment(table)) else { return guess };
    let begin = filled(guess.clone(), rule, registry);
    let search = Search { rule, callers, lines, table, compiled: &compiled, registry, start };
    search.find(&begin).unwrap_or(guess)
}

/// With what the call itself must bring for the rule's conditions to hold.
fn filled(mut test: TestCase, rule: &Rule, registry: &Registry) -> TestCase {
    for group in &rule.when {
        if let Some(first) = group.any_of.iter().find(|test| !test.not)
            && let Some(entry) = registry.find_condition(&first.condition)
        {
            entry.kind.fill(&first.settings, &mut test);
        }
    }
    test
}

struct Search<'a> {
    rule: &'a Rule,
    callers: &'a [Caller],
    lines: &'a [String],
    table: &'a Table,
    compiled: &'a Compiled,
    registry: &'a Registry,
    start: DateTime<Utc>,
}

impl Search<'_> {
    fn find(&self, guess: &TestCase) -> Option<TestCase> {
        let look_ups = self.registry.own_look_ups(self.table);
        let now = self.usual(guess, std::iter::once(self.start));
        let now = self.first(now, &look_ups);
        now.or_else(|| {
            let stated = self.stated(guess);
            let pinned = pins::of(self.rule, guess, self.table, self.registry, self.start);
            let with = |test: &TestCase| {
                pinned.as_ref().map(|facts| TestCase { facts: facts.clone(), ..test.clone() })
            };
            self.first(stated.iter().cloned(), &look_ups)
                .or_else(|| self.first(self.usual(guess, self.later()), &look_ups))
                .or_else(|| self.first(self.usual(&with(guess)?, std::iter::once(self.start)), &look_ups))
                .or_else(|| self.first(stated.iter().filter_map(with), &look_ups))
                .or_else(|| self.first(self.usual(&with(guess)?, self.later()), &look_ups))
        })
    }

    /// Calls that the rule's conditions state, at each of their times by the usual callers first.
    fn stated(&self, guess: &TestCase) -> Vec<TestCase> {
        let mut tests = Vec::new();
        let mut last = None;
        for (call, at) in examples(self.table, self.registry, &self.rule.id, self.start) {
            if last != Some(at) {
                last = Some(at);
                tests.extend(self.usual(guess, std::iter::once(at)));
            }
            let to =
                self.table.line_by_number(&call.to).map_or_else(|| call.to.clone(), |line| line.id.clone());
            let has_default_agent = guess.has_default_agent || call.default_agent.is_some();
            let at = self.written(at);
            tests.push(TestCase { from: call.from, to, at, has_default_agent, ..guess.clone() });
        }
        tests
    }

    /// Each of the callers on each of the lines at these times.
    fn usual(
        &self,
        guess: &TestCase,
        times: impl Iterator<Item = DateTime<Utc>>,
    ) -> impl Iterator<Item = TestCase> {
        times.flat_map(move |at| {
            let at = self.written(at);
            let calls = self.lines.iter().flat_map(|to| self.callers.iter().map(move |from| (to, from)));
            calls.map(move |(to, from)| {
                let (from, to, at) = (from.clone(), to.clone(), at.clone());
                TestCase { from, to, at, ..guess.clone() }
            })
        })
    }

    fn written(&self, at: DateTime<Utc>) -> String {
        let zone = self.table.time_zone();
        write_moment(&at.with_timezone(&zone))
    }

    /// Full hours of the week from the start on.
    fn later(&self) -> impl Iterator<Item = DateTime<Utc>> {
        let hour = self.start.duration_trunc(TimeDelta::hours(1)).unwrap_or(self.start);
        (1..=DAYS * 24 / STEP_HOURS).map(move |step| hour + TimeDelta::hours(step * STEP_HOURS))
    }

    /// The first of these that makes the rule take part, wanting what comes of it.
    fn first(&self, tests: impl Iterator<Item = TestCase>, look_ups: &[OpenLookUp]) -> Option<TestCase> {
        tests.take(TRIED).find_map(|test| {
            let at = test.moment(self.table).ok()?;
            let (call, facts) = known(&test, at, self.table, look_ups);
            if !self.compiled.would_match(&self.rule.id, &call, &facts, at) {
                return None;
            }
            let decision = self.compiled.decide_with(&call, &facts, at, Detail::Met);
            let expect = expectation(&decision, self.table);
            takes_part(&decision, self.rule).then_some(TestCase { expect, ..test })
        })
    }
}

fn takes_part(decision: &Decision, rule: &Rule) -> bool {
    matches!(&decision.by, By::Rule { id, .. } if *id == rule.id)
        || decision.trace.iter().any(|met| met.id == rule.id && met.verdict.takes_part())
}
