//! How long deciding and checking take: `cargo bench --bench routing`. Everything is measured side by
//! side in one run, so that ratios mean something on any machine.
#![allow(clippy::unwrap_used)]

use std::collections::BTreeMap;
use std::hint::black_box;
use std::time::{Duration, Instant};

use chrono::{DateTime, Utc};
use serde_json::json;
use switchboard::plugins::Registry;
use switchboard::routing::checks::{Checker, Knowledge};
use switchboard::routing::week::WeekOf;
use switchboard::routing::{Call, Caller, Compiled, Detail, Facts, Overrides, Rule, Table, compile};

fn now() -> DateTime<Utc> {
    "2026-11-23T15:05:00Z".parse().unwrap()
}

fn number(n: usize) -> String {
    format!("+1415{:07}", 2_000_000 + n)
}

/// A rule for each of `count` callers, then hours for everyone.
fn table(count: usize) -> Table {
    let rule = |n: usize| {
        json!({ "id": format!("r{n}"), "name": format!("Caller {n}"),
            "when": [{ "any_of": [{ "condition": "caller.number", "settings": { "numbers": [number(n)] } }] },
                { "any_of": [{ "condition": "hours.open", "settings": { "schedule": format!("s{}", n % 5) } }] }],
            "then": { "action": { "connect": { "agent": if n.is_multiple_of(2) { "a" } else { "b" } } } } })
    };
    let schedules: Vec<_> = (0..5)
        .map(|n| json!({ "id": format!("s{n}"), "name": format!("Hours {n}"), "hours": format!("Mo-Fr 0{}:00-17:30; Sa 10:00-1{n}:00", n + 4) }))
        .collect();
    let mut table: Table = serde_json::from_value(json!({
        "format": 1, "country": "US", "zone": "America/New_York",
        "lines": [{ "id": "main", "name": "Main line", "number": "+14155550123" }],
        "agents": [{ "id": "a", "name": "A", "retell_id": "agent_a" }, { "id": "b", "name": "B", "retell_id": "agent_b" }],
        "schedules": schedules,
        "fallback": { "action": { "connect": { "agent": "a" } } },
    }))
    .unwrap();
    table.rules = (0..count).map(|n| serde_json::from_value::<Rule>(rule(n)).unwrap()).collect();
    table
}

/// How long one of them takes, of many.
fn each(times: usize, mut work: impl FnMut(usize)) -> Duration {
    let started = Instant::now();
    (0..times).for_each(&mut work);
    started.elapsed() / u32::try_from(times).unwrap()
}

fn decide(compiled: &Compiled, rules: usize, detail: Detail, times: usize) -> Duration {
    let facts = Facts::default();
    let calls: Vec<Call> =
        (0..64).map(|n| Call::new(Caller::Number(number(n * 7919 % (2 * rules))), "+14155550123")).collect();
    each(times, |n| {
        black_box(compiled.decide_with(&calls[n % calls.len()], &facts, now(), detail));
    })
}

fn main() {
    let registry = Registry::built_in();
    println!("{:>8} {:>12} {:>12} {:>12} {:>12}", "rules", "compile", "decide", "with met", "with all");
    for rules in [10, 1_000, 100_000] {
        let table = table(rules);
        let started = Instant::now();
        let compiled = compile(&table, &registry).unwrap();
        let compiling = started.elapsed();
        let quick = decide(&compiled, rules, Detail::Nothing, 20_000);
        let met = decide(&compiled, rules, Detail::Met, 20_000);
        let all = decide(&compiled, rules, Detail::All, 20_000_usize.div_ceil(rules).max(3));
        println!("{rules:>8} {compiling:>12.1?} {quick:>12.1?} {met:>12.1?} {all:>12.1?}");
    }
    println!();
    for rules in [60, 1_000] {
        let mut table = table(rules);
        let mut checker = Checker::default();
        let knowledge = Knowledge::default();
        let mut check = |table: &Table| {
            let started = Instant::now();
            let found = checker.check(table, &registry, &knowledge, now(), &|| false).unwrap();
            (started.elapsed(), found.len())
        };
        let (first, _) = check(&table);
        let mut edits: Vec<Duration> = (0..20)
            .map(|n| {
                table.rules[n].then.variables.insert("greeting".into(), format!("Hello {n}"));
                table.rules.swap(n, n + 20);
                check(&table).0
            })
            .collect();
        edits.sort_unstable();
        println!(
            "{rules} rules checked: first {first:.1?}, after an edit {:.1?} (worst {:.1?})",
            edits[10], edits[19]
        );
        let (overrides, own_agents) = (Overrides::default(), BTreeMap::new());
        let facts = |_: &Call, _| Facts::default();
        let monday = now().date_naive();
        let week = || {
            let (table, vocabulary, overrides) = (&table, &registry, &overrides);
            WeekOf { table, vocabulary, overrides, own_agents: &own_agents, facts: &facts, monday }.lines()
        };
        let shifts = week()[0].shifts.len();
        let took = each(5, |_| drop(black_box(week())));
        println!("{rules} rules: the week of a line, in {shifts} shifts, {took:.1?}");
    }
}
