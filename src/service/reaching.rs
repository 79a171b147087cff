//! Finds a call that reaches a rule, to begin a test case with.

use chrono::{DateTime, DurationRound, TimeDelta, Utc};

use super::test_cases::{expectation, known};
use crate::plugins::Registry;
use crate::routing::{By, Caller, Decision, Detail, Rule, Table, TestCase, compile, write_moment};

/// How far apart the times are that are tried, in hours. Hours that are shorter may be missed.
const STEP_HOURS: i64 = 2;
/// For how many days ahead times are tried.
const DAYS: i64 = 7;
/// No more calls than this are tried.
const TRIED: usize = 600;

/// A test case like `guess` about the first call that makes this rule take part, and that wants what
/// comes of it. Tries each of the callers on each of the lines (their ids) at the guess's time and at
/// times of the week from then on. The guess itself where none of these calls reaches the rule.
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
    let look_ups = registry.own_look_ups(table);
    let zone = table.zone.parse().unwrap_or(chrono_tz::UTC);
    let calls = times(start).flat_map(|at| {
        let moment = write_moment(&at.with_timezone(&zone));
        let by = move |(to, from): (&String, &Caller)| {
            let (to, from, at) = (to.clone(), from.clone(), moment.clone());
            (to, from, at)
        };
        lines
            .iter()
            .flat_map(|to| callers.iter().map(move |from| (to, from)))
            .map(by)
            .map(move |call| (at, call))
    });
    for (at, (to, from, moment)) in calls.take(TRIED) {
        let test = TestCase { to, from, at: moment, ..guess.clone() };
        let (call, facts) = known(&test, at, table, &look_ups);
        if !compiled.would_match(&rule.id, &call, &facts, at) {
            continue;
        }
        let decision = compiled.decide_with(&call, &facts, at, Detail::Met);
        if takes_part(&decision, rule) {
            return TestCase { expect: expectation(&decision, table), ..test };
        }
    }
    guess
}

fn takes_part(decision: &Decision, rule: &Rule) -> bool {
    matches!(&decision.by, By::Rule { id, .. } if *id == rule.id)
        || decision.trace.iter().any(|met| met.id == rule.id && met.verdict.takes_part())
}

/// The time itself, then full hours of the week from then on.
fn times(start: DateTime<Utc>) -> impl Iterator<Item = DateTime<Utc>> {
    let hour = start.duration_trunc(TimeDelta::hours(1)).unwrap_or(start);
    let later = (1..=DAYS * 24 / STEP_HOURS).map(move |step| hour + TimeDelta::hours(step * STEP_HOURS));
    std::iter::once(start).chain(later)
}
