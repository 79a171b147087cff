//! What calls that came, and Retell, tell of a table: which lines have an agent of their own at Retell, and which
//! rules do nothing.

use std::collections::BTreeMap;

use chrono::{DateTime, TimeDelta, Utc};

use super::account::Account;
use super::answering::call_of;
use super::live::Live;
use crate::retell::payload;
use crate::routing::checks::{InPractice, Knowledge};
use crate::routing::{Call, Facts, Medium, Rule, Table};
use crate::storage::Home;
use crate::storage::call_log::{LogError, LogReader, Record};
use crate::storage::version;

/// How far back the log is looked at.
const BACK: TimeDelta = TimeDelta::days(60);
/// How many of the newest calls are looked at in full.
const CALLS: usize = 300;
/// With fewer calls than this in that time nothing is said of rules that matched none.
const ENOUGH: u64 = 50;

/// Gathers it. Takes some time: never on a call's way.
pub fn gather(
    home: &Home,
    log: &LogReader,
    live: &Live,
    account: Option<&Account>,
    now: DateTime<Utc>,
) -> Result<Knowledge, LogError> {
    let since = now - BACK;
    let calls = newest(log, &live.table, since)?;
    let rules = practice(home, log, live, &calls, since)?;
    let agents = account
        .map(|account| account.agents.iter().map(|agent| (agent.id.clone(), agent.is_suspended)).collect());
    let default_agents = default_agents(&calls, account);
    Ok(Knowledge { default_agents, agents, rules, ..Knowledge::default() })
}

/// Which lines have an agent of their own at Retell, by number, and which have none.
pub fn own_agents(
    log: &LogReader,
    table: &Table,
    account: Option<&Account>,
    now: DateTime<Utc>,
) -> Result<BTreeMap<String, bool>, LogError> {
    Ok(default_agents(&newest(log, table, now - BACK)?, account))
}

fn newest(log: &LogReader, table: &Table, since: DateTime<Utc>) -> Result<Vec<Past>, LogError> {
    let newest = log.newest(CALLS, since.timestamp_millis())?;
    Ok(newest.iter().filter_map(|record| Past::of(record, table)).collect())
}

/// Lines and whether they have an agent of their own, as was told last: by a call, or by Retell.
fn default_agents(calls: &[Past], account: Option<&Account>) -> BTreeMap<String, bool> {
    let mut known: BTreeMap<String, (DateTime<Utc>, bool)> = BTreeMap::new();
    for past in calls.iter().filter(|past| past.call.medium == Medium::Call) {
        known.entry(past.call.to.clone()).or_insert((past.at, past.call.default_agent.is_some()));
    }
    if let Some(account) = account {
        for number in &account.numbers {
            let told = (account.asked_at, !number.agents.is_empty());
            let known = known.entry(number.number.clone()).or_insert(told);
            if known.0 < told.0 {
                *known = told;
            }
        }
    }
    known.into_iter().map(|(line, (_, has_agent))| (line, has_agent)).collect()
}

/// A call of the log as it can be decided again.
struct Past {
    call: Call,
    facts: Facts,
    at: DateTime<Utc>,
    decided_by: Option<String>,
}

impl Past {
    fn of(record: &Record, table: &Table) -> Option<Self> {
        let inbound = payload::parse_pasted(&record.detail.request).ok()?;
        Some(Self {
            call: call_of(inbound, &table.country),
            facts: serde_json::from_value(record.detail.facts.clone()).unwrap_or_default(),
            at: DateTime::from_timestamp_millis(record.summary.at_ms)?,
            decided_by: record.summary.rule_id.clone(),
        })
    }
}

fn practice(
    home: &Home,
    log: &LogReader,
    live: &Live,
    calls: &[Past],
    since: DateTime<Utc>,
) -> Result<BTreeMap<String, InPractice>, LogError> {
    let counts = log.decided_since(since.timestamp_millis())?;
    if counts.values().sum::<u64>() < ENOUGH {
        return Ok(BTreeMap::new());
    }
    let ages = ages(home, live, since);
    let rules = live.table.rules.iter().filter(|rule| rule.enabled);
    let practice = rules.filter_map(|rule| {
        let matched = counts.get(&Some(rule.id.clone())).copied().unwrap_or_default();
        let shadowed = if matched == 0 { shadowed(live, rule, calls) } else { BTreeMap::new() };
        let practice = InPractice { rule: rule.clone(), since: *ages.get(&rule.id)?, matched, shadowed };
        Some((rule.id.clone(), practice))
    });
    Ok(practice.collect())
}

/// Which rules took the calls that this one would have matched, and how many.
fn shadowed(live: &Live, rule: &Rule, calls: &[Past]) -> BTreeMap<String, u64> {
    let mut shadowed = BTreeMap::new();
    for past in calls {
        let by = past.decided_by.as_ref().filter(|by| **by != rule.id && live.table.rule(by).is_some());
        let Some(by) = by else { continue };
        if live.compiled.would_match(&rule.id, &past.call, &past.facts, past.at) {
            *shadowed.entry(by.clone()).or_default() += 1;
        }
    }
    shadowed
}

/// Since when each rule of the live table answers calls as it is now; `back` is far enough.
fn ages(home: &Home, live: &Live, back: DateTime<Utc>) -> BTreeMap<String, DateTime<Utc>> {
    let mut ages: BTreeMap<String, DateTime<Utc>> = BTreeMap::new();
    let mut same: Vec<&Rule> = live.table.rules.iter().collect();
    for number in (1..=live.version).rev() {
        let Ok(version) = version::version::<Table>(home, number) else { break };
        same.retain(|rule| version.table.rule(&rule.id) == Some(rule));
        ages.extend(same.iter().map(|rule| (rule.id.clone(), version.published_at)));
        if same.is_empty() || version.published_at <= back {
            break;
        }
    }
    ages
}
