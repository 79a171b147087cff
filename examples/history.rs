//! How long it takes to hear who called before, in a log of a million calls: through memory, as
//! calls do, and through the file, as the command line does. Run it with
//! `cargo run --release --example history`.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a measurement, not the program")]

use std::time::{Duration, Instant};

use chrono::DateTime;
use switchboard::plugins::CallHistory;
use switchboard::plugins::lists::HitCounter;
use switchboard::routing::{List, Table};
use switchboard::service::{History, LoggedHistory};
use switchboard::storage::Home;
use switchboard::storage::call_log::{Detail, LogWriter, Record, Summary};

const CALLS: i64 = 1_000_000;
const CALLERS: i64 = 200_000;
const ASKED: i64 = 20_000;

fn caller(n: i64) -> String {
    format!("+1415{:07}", (n * 7919) % CALLERS)
}

fn call(n: i64) -> Record {
    let agent = ["Reception", "Sales", "After hours"][n as usize % 3];
    let summary = Summary {
        at_ms: 1_700_000_000_000 + n * 60_000,
        from: Some(caller(n)),
        to: "+14155550123".into(),
        outcome: "connect".into(),
        agent: Some(agent.into()),
        agent_id: Some(agent.to_lowercase()),
        rule_id: Some("office".into()),
        attempts: 1,
        ..Summary::default()
    };
    Record { summary, detail: Detail { request: "x".repeat(600), ..Detail::default() } }
}

fn fill(home: &Home) {
    let log = LogWriter::open(home, DateTime::UNIX_EPOCH).unwrap();
    let mut last = None;
    for n in 0..CALLS {
        last = Some(log.record(call(n)));
        // No faster than the disk, or calls would be left out.
        if n % 5_000 == 0 {
            last.take().unwrap().committed_blocking().unwrap();
        }
    }
    last.unwrap().committed_blocking().unwrap();
    log.stop(Duration::from_mins(1)).unwrap();
}

/// Asks about many callers, one after the other.
async fn ask(history: &dyn CallHistory) -> Vec<Duration> {
    let mut took = Vec::new();
    let mut calls = 0;
    for n in 0..ASKED {
        let started = Instant::now();
        calls += history.calls_of(&caller(n)).await.unwrap().len();
        took.push(started.elapsed());
    }
    assert_eq!(calls as i64, ASKED * CALLS / CALLERS);
    took.sort();
    took
}

fn tell(what: &str, took: &[Duration]) {
    let at = |part: usize| took[took.len() * part / 1000];
    println!("{what}: p50 {:?}, p99 {:?}, most {:?}", at(500), at(990), at(999));
}

/// The program's memory in MiB, where the system tells.
fn memory() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"))?;
    Some(line.split_whitespace().next()?.parse::<u64>().ok()? / 1024)
}

fn main() {
    let folder = tempfile::tempdir().unwrap();
    let home = Home::at(folder.path()).unwrap();
    home.prepare().unwrap();
    let started = Instant::now();
    fill(&home);
    println!("{CALLS} calls of {CALLERS} callers logged in {:?}", started.elapsed());

    let log = LogWriter::open(&home, DateTime::UNIX_EPOCH).unwrap();
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let before = memory();
    let history = History::of(log.reader(), log.next_id());
    let started = Instant::now();
    runtime.block_on(history.clone().read());
    let grown = memory().zip(before).map_or(0, |(after, before)| after.saturating_sub(before));
    println!("read into memory in {:?}, {grown} MiB", started.elapsed());
    tell("asked through memory", &runtime.block_on(ask(&history)));
    tell("asked through the file", &runtime.block_on(ask(&LoggedHistory(Some(log.reader())))));

    let started = Instant::now();
    let turns = log.reader().last_turns().unwrap().len();
    println!("last turns ({turns} rounds) in {:?}", started.elapsed());
    let started = Instant::now();
    let connected = log.reader().connected(Some("office"), 0).unwrap().len();
    println!("calls of {connected} agents of one rule in {:?}", started.elapsed());

    let entries =
        serde_json::json!([{ "what": "+1415*" }, { "what": "+14150000042" }, { "what": "country:DE" }]);
    let list = serde_json::json!({ "id": "list", "name": "List", "entries": entries });
    let list: List = serde_json::from_value(list).unwrap();
    let started = Instant::now();
    let mut counter = HitCounter::of(&list, &Table::empty("US", "America/New_York"));
    log.reader().past(i64::MAX, |past| counter.add(&past.from, past.at_ms)).unwrap();
    println!("hits of a list of {} in {:?}", counter.done().len(), started.elapsed());
}
