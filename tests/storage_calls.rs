//! The call log on real files: round trip, sick disks, damage, and the death of the process.

#![allow(clippy::unwrap_used, clippy::expect_used)]

use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::process::{Command, Stdio};
use std::time::Duration;

use chrono::{DateTime, Utc};
use rusqlite::Connection;
use serde_json::json;
use switchboard::routing::CallEnd;
use switchboard::storage::Home;
use switchboard::storage::call_log::{
    Afterwards, Detail, EndNews, LogError, LogHealth, LogReader, LogWriter, Record, Refused, Step, Summary,
    Ticket,
};
use tempfile::TempDir;

const LONG: Duration = Duration::from_secs(30);

fn at() -> DateTime<Utc> {
    DateTime::from_timestamp(1_790_000_000, 0).unwrap()
}

fn home() -> (TempDir, Home) {
    let folder = tempfile::tempdir().unwrap();
    let home = Home::at(folder.path()).unwrap();
    home.prepare().unwrap();
    (folder, home)
}

fn open(home: &Home) -> LogWriter {
    LogWriter::open(home, at()).unwrap()
}

fn call(from: &str) -> Record {
    Record {
        summary: Summary {
            at_ms: at().timestamp_millis(),
            from: Some(from.to_owned()),
            to: "+14155550123".into(),
            outcome: "keep".into(),
            version: 3,
            attempts: 1,
            ..Summary::default()
        },
        detail: Detail { request: "{}".into(), ..Detail::default() },
    }
}

fn full_call() -> Record {
    let mut record = call("+14155552671");
    record.summary.line = Some("Main line".into());
    record.summary.rule_id = Some("r-1".into());
    record.summary.rule_name = Some("Existing “customers”".into());
    record.summary.overruled = Some("Closed until Mon 23 Nov 2026, 14:30".into());
    record.summary.outcome = "connect".into();
    record.summary.agent = Some("Reception".into());
    record.summary.took_us = 1_234;
    record.summary.fallback_used = true;
    record.summary.unreadable = true;
    record.summary.medium = switchboard::routing::Medium::Text;
    record.detail = Detail {
        request: "{\"a\": \"\u{0}\"}".into(),
        facts: json!({"known": {"caller.country": {"text": "US"}}}),
        decision: json!({"trace": [{"verdict": "matched"}]}),
        answer: "{\"call_inbound\":{}}".into(),
        steps: vec![Step { name: "verify".into(), took_us: 2, ..Step::default() }],
    };
    record
}

fn refused(code: &str, peer: &str, at_ms: i64) -> Refused {
    let reason = format!("{code} at {at_ms}");
    let (peer, code) = (peer.into(), code.into());
    Refused { id: 0, at_ms, last_ms: at_ms, peer, code, reason, body_bytes: 9, count: 1 }
}

/// Waits until the log is good or not, as asked.
async fn health_is(log: &LogWriter, good: bool) -> LogHealth {
    let mut health = log.health();
    let told = health.wait_for(|health| health.is_good() == good);
    tokio::time::timeout(LONG, told).await.expect("in time").unwrap().clone()
}

async fn committed(ticket: Ticket) -> Result<(), LogError> {
    tokio::time::timeout(LONG, ticket.committed()).await.expect("in time")
}

#[test]
fn what_is_logged_can_be_read_at_once_and_after_a_restart() {
    let (_folder, home) = home();
    let log = open(&home);
    let mut withheld = call("");
    withheld.summary.from = None;
    let ids: Vec<i64> = [full_call(), withheld, call("+49301")]
        .into_iter()
        .map(|record| {
            let ticket = log.record(record);
            let id = ticket.id;
            ticket.committed_blocking().unwrap();
            id
        })
        .collect();
    assert_eq!(ids, [1, 2, 3]);

    let mut expected = full_call();
    expected.summary.id = 1;
    for reader in [log.reader(), LogReader::of(&home)] {
        assert_eq!(reader.detail(1).unwrap().unwrap(), expected);
        assert_eq!(reader.detail(9).unwrap(), None);
        assert_eq!(reader.count().unwrap(), 3);
        let listed = reader.recent(2, None).unwrap();
        assert_eq!(listed.iter().map(|call| call.id).collect::<Vec<_>>(), [3, 2]);
        assert_eq!(listed[1].from, None);
        assert_eq!(reader.recent(10, Some(2)).unwrap(), [expected.summary.clone()]);
    }

    log.attempt_again(1);
    log.mark_late(2);
    let took = |ms| Duration::from_millis(ms);
    log.took(1, Afterwards { record: took(3), answer: took(1) });
    log.took(77, Afterwards { record: took(3), answer: took(1) });
    log.stop(LONG).unwrap();
    assert!(!home.data.join("calls.sqlite3-wal").exists(), "nothing is left to be merged");
    let log = open(&home);
    assert_eq!(log.reader().detail(1).unwrap().unwrap().summary.attempts, 2);
    assert!(log.reader().detail(2).unwrap().unwrap().summary.late);
    let step = |name: &str, took_us| Step { name: name.into(), took_us, ..Step::default() };
    let steps = log.reader().detail(1).unwrap().unwrap().detail.steps;
    assert_eq!(
        steps[1..],
        [step("record", 3000), step("answer", 1000)],
        "and none of a call that is not there"
    );
    let kept = || {
        let log = Connection::open(home.calls_file()).unwrap();
        log.query_row("SELECT count(*) FROM times", [], |row| row.get::<_, i64>(0)).unwrap()
    };
    assert_eq!(kept(), 1);
    assert_eq!(log.erase_caller("+14155552671").blocking_recv().unwrap(), Ok(1));
    assert_eq!(kept(), 0, "it goes with its call");
    assert_eq!(log.record(call("+1")).id, 4);
}

#[cfg(unix)]
#[test]
fn the_log_is_for_its_owner_only() {
    use std::os::unix::fs::PermissionsExt;
    let (_folder, home) = home();
    let log = open(&home);
    log.record(call("+1")).committed_blocking().unwrap();
    for name in ["calls.sqlite3", "calls.sqlite3-wal"] {
        let mode = fs::metadata(home.data.join(name)).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600, "{name}");
    }
}

#[test]
fn refused_requests_alike_are_one_row() {
    let (_folder, home) = home();
    let log = open(&home);
    for second in 0..70 {
        log.refuse(refused("mismatch", "10.0.0.1", second * 1_000));
        // One by one, so that they are not added up before they are written.
        log.record(call("+1")).committed_blocking().unwrap();
    }
    log.refuse(refused("mismatch", "10.0.0.2", 1_000));
    log.refuse(refused("no header", "10.0.0.1", 1_000));
    log.stop(LONG).unwrap();

    let mut rows = LogReader::of(&home).refused(10).unwrap();
    rows.sort_by_key(|row| (row.code.clone(), row.peer.clone(), row.at_ms));
    let told: Vec<_> = rows.iter().map(|r| (r.code.as_str(), r.peer.as_str(), r.at_ms, r.count)).collect();
    assert_eq!(
        told,
        [
            ("mismatch", "10.0.0.1", 0, 70),
            ("mismatch", "10.0.0.2", 1_000, 1),
            ("no header", "10.0.0.1", 1_000, 1),
        ]
    );
    assert_eq!(rows[0].reason, "mismatch at 69000", "as of the latest");
}

#[test]
fn a_burst_is_written_whole_and_in_order() {
    let (_folder, home) = home();
    let log = open(&home);
    let tickets: Vec<Ticket> = (0..3_000).map(|n| log.record(call(&format!("+{n}")))).collect();
    for ticket in tickets {
        ticket.committed_blocking().unwrap();
    }
    let calls = log.reader().recent(3_000, None).unwrap();
    assert_eq!(calls.len(), 3_000);
    assert!(calls.iter().rev().enumerate().all(|(n, call)| call.from.as_deref() == Some(&format!("+{n}"))));
}

#[tokio::test]
async fn a_log_that_cannot_be_opened_holds_nobody_up_and_heals() {
    let (_folder, home) = home();
    fs::create_dir(home.calls_file()).unwrap();
    let log = open(&home);
    let tickets: Vec<Ticket> = (0..20).map(|_| log.record(call("+1"))).collect();
    let LogHealth::Trouble(told) = health_is(&log, false).await else { panic!() };
    assert!(told.ends_with(home.calls_file().to_str().unwrap()), "{told}");
    assert!(log.reader().recent(1, None).is_err());

    fs::remove_dir(home.calls_file()).unwrap();
    for ticket in tickets {
        committed(ticket).await.unwrap();
    }
    health_is(&log, true).await;
    assert_eq!(log.reader().count().unwrap(), 20);
}

#[tokio::test]
async fn a_log_held_by_another_program_heals_when_it_lets_go() {
    let (_folder, home) = home();
    let log = open(&home);
    committed(log.record(call("+1"))).await.unwrap();

    let other = Connection::open(home.calls_file()).unwrap();
    other.execute_batch("BEGIN IMMEDIATE").unwrap();
    let waiting = log.record(call("+2"));
    log.refuse(refused("mismatch", "10.0.0.1", 5));
    health_is(&log, false).await;
    assert_eq!(log.reader().count().unwrap(), 1, "reading goes on");

    other.execute_batch("ROLLBACK").unwrap();
    committed(waiting).await.unwrap();
    health_is(&log, true).await;
    assert_eq!((log.reader().count().unwrap(), log.lost()), (2, 0));
    assert_eq!(log.reader().refused(5).unwrap().len(), 1);
}

#[test]
fn a_row_that_can_never_be_written_does_not_stop_the_others() {
    let (_folder, home) = home();
    let log = open(&home);
    log.record(call("+1")).committed_blocking().unwrap();
    // The next id is taken by a row that is not ours.
    let other = Connection::open(home.calls_file()).unwrap();
    other.execute_batch("CREATE TEMP TABLE t AS SELECT * FROM calls; UPDATE t SET id = 2; INSERT INTO calls SELECT * FROM t").unwrap();
    let (bad, good) = (log.record(call("+2")), log.record(call("+3")));
    assert!(matches!(bad.committed_blocking(), Err(LogError::Row(_))));
    good.committed_blocking().unwrap();
    assert_eq!(log.lost(), 1);
}

#[test]
fn a_log_that_cannot_be_written_at_the_end_says_how_much_is_lost() {
    let (_folder, home) = home();
    fs::create_dir(home.calls_file()).unwrap();
    let log = open(&home);
    let ticket = log.record(call("+1"));
    assert_eq!(log.stop(LONG), Err(LogError::Unwritten(1)));
    assert_eq!(ticket.committed_blocking(), Err(LogError::Closed));
    assert_eq!(log.record(call("+1")).committed_blocking(), Err(LogError::Closed));
}

#[test]
fn a_damaged_log_is_kept_and_a_fresh_one_begun() {
    let (_folder, home) = home();
    let log = open(&home);
    for _ in 0..50 {
        log.record(full_call()).committed_blocking().unwrap();
    }
    log.stop(LONG).unwrap();
    let whole = fs::read(home.calls_file()).unwrap();

    let damages: [(&str, Vec<u8>); 4] = [
        ("not a database", b"this is no database, whatever its name says".repeat(200)),
        ("header", [vec![0xFF; 100], whole[100..].to_vec()].concat()),
        ("a page", [&whole[..4_096], &[0xAA; 4_096], &whole[8_192..]].concat()),
        ("half of it", whole[..whole.len() / 2].to_vec()),
    ];
    for (name, damage) in damages {
        fs::write(home.calls_file(), &damage).unwrap();
        let log = open(&home);
        let troubles = log.troubles().borrow().clone();
        // How many of its calls were saved is told as soon as that is known, which may be now.
        let [trouble, saved @ ..] = troubles.as_slice() else { panic!("{name}: nothing is said") };
        assert!(saved.iter().all(|saved| saved.message.contains("taken over")), "{name}: {troubles:?}");
        assert_eq!(fs::read(trouble.kept.as_ref().unwrap()).unwrap(), damage, "{name}");
        let ticket = log.record(call("+1"));
        let id = ticket.id;
        ticket.committed_blocking().unwrap();
        assert!(log.reader().detail(id).unwrap().is_some(), "{name}");
        assert_eq!(*log.health().borrow(), LogHealth::Good, "{name}");
        log.stop(LONG).unwrap();
    }
}

#[tokio::test]
async fn what_belongs_to_calls_is_taken_over_from_a_damaged_log_with_them() {
    let (_folder, home) = home();
    let log = open(&home);
    let marked = |n: i64| {
        let mut record = call(&format!("+{n}"));
        record.detail.request = format!("the {n}th");
        record
    };
    let tickets: Vec<Ticket> = (1..=300).map(|n| log.record(marked(n))).collect();
    for ticket in tickets {
        committed(ticket).await.unwrap();
    }
    let end = CallEnd { duration_ms: Some(61_000), result: Some("booked".into()), ..CallEnd::default() };
    for n in [1, 300] {
        let (call_id, from, to) = (format!("call_{n}"), Some(format!("+{n}")), "+14155550123".into());
        let news = EndNews { call_id, from, to, at_ms: at().timestamp_millis(), end: end.clone() };
        assert_eq!(log.end(news).await, Some(Some((n, end.clone()))));
    }
    log.took(1, Afterwards { record: Duration::from_millis(3), answer: Duration::from_millis(1) });
    log.refuse(refused("mismatch", "10.0.0.1", 5));
    log.stop(LONG).unwrap();

    let mut bytes = fs::read(home.calls_file()).unwrap();
    let mark = b"the 150th";
    let place = bytes.windows(mark.len()).position(|found| found == mark).unwrap();
    let page = place / 4_096 * 4_096;
    bytes[page..page + 4_096].fill(0xAA);
    fs::write(home.calls_file(), bytes).unwrap();

    let log = open(&home);
    log.refuse(refused("mismatch", "10.0.0.1", 600_000));
    log.stop(LONG).unwrap();
    let reader = log.reader();
    assert!((200..300).contains(&reader.count().unwrap()), "only those in the damage are gone");
    assert_eq!(reader.detail(150).unwrap(), None);
    assert_eq!(reader.ends(&[1, 300]).unwrap(), [(1, end.clone()), (300, end)]);
    assert_eq!(reader.detail(1).unwrap().unwrap().detail.steps.len(), 2, "how long what came after took");
    let rows = reader.refused(5).unwrap();
    assert_eq!((rows.len(), rows[0].count), (1, 2));
    assert_eq!(rows[0].reason, "mismatch at 600000", "the new one stays the later one");
}

#[test]
fn a_log_cut_anywhere_opens_and_goes_on() {
    let (_folder, home) = home();
    let log = open(&home);
    log.record(full_call()).committed_blocking().unwrap();
    log.stop(LONG).unwrap();
    let whole = fs::read(home.calls_file()).unwrap();
    for cut in (0..whole.len()).step_by(1_021) {
        fs::write(home.calls_file(), &whole[..cut]).unwrap();
        let log = open(&home);
        log.record(call("+1")).committed_blocking().unwrap_or_else(|error| panic!("cut at {cut}: {error}"));
        log.stop(LONG).unwrap();
    }
}

#[test]
fn a_newer_log_is_left_untouched_and_calls_are_kept_in_memory() {
    let (_folder, home) = home();
    let other = Connection::open(home.calls_file()).unwrap();
    other.execute_batch("CREATE TABLE unheard (of); PRAGMA user_version = 99").unwrap();
    drop(other);
    let before = fs::read(home.calls_file()).unwrap();

    let log = open(&home);
    let LogHealth::Trouble(told) = log.health().borrow().clone() else { panic!() };
    assert!(told.contains("newer Switchboard"), "{told}");
    log.record(call("+1")).committed_blocking().unwrap();
    log.refuse(refused("mismatch", "10.0.0.1", 5));
    log.record(call("+2")).committed_blocking().unwrap();
    assert_eq!(log.reader().count().unwrap(), 2);
    assert_eq!(log.reader().refused(5).unwrap().len(), 1);
    assert_eq!(*log.health().borrow(), LogHealth::Trouble(told), "said for as long as it is so");
    log.stop(LONG).unwrap();
    assert_eq!(fs::read(home.calls_file()).unwrap(), before);
}

const CHILD_HOME: &str = "SWITCHBOARD_TEST_CHILD_HOME";

/// Not a test by itself: what the next one starts and kills.
#[test]
fn child_that_logs_until_killed() {
    let Some(folder) = std::env::var_os(CHILD_HOME) else { return };
    let log = open(&Home::at(folder.as_ref()).unwrap());
    let mut out = std::io::stdout();
    loop {
        let tickets: Vec<Ticket> = (0..5).map(|_| log.record(full_call())).collect();
        for ticket in tickets {
            let id = ticket.id;
            ticket.committed_blocking().unwrap();
            writeln!(out, "\nlogged {id}").unwrap();
            out.flush().unwrap();
        }
    }
}

#[test]
fn kill_9_loses_no_call_that_was_said_to_be_logged() {
    let (folder, home) = home();
    let mut last = 0;
    for round in 1..=5 {
        let mut child = Command::new(std::env::current_exe().unwrap())
            .args(["child_that_logs_until_killed", "--exact", "--nocapture"])
            .env(CHILD_HOME, folder.path())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let lines = BufReader::new(child.stdout.take().unwrap()).lines().map_while(Result::ok);
        let mut acknowledged = Vec::new();
        for line in lines {
            let Some(id) = line.strip_prefix("logged ") else { continue };
            acknowledged.extend(id.parse::<i64>());
            if acknowledged.len() == 37 * round {
                child.kill().unwrap();
            }
        }
        child.wait().unwrap();
        // The kill may cut the last number short, which then is one from before.
        acknowledged.retain(|id| *id > last);
        let reader = open(&home).reader();
        for id in &acknowledged {
            assert!(reader.detail(*id).unwrap().is_some(), "call {id} in round {round}");
        }
        last = *acknowledged.last().unwrap();
        let check = Connection::open(home.calls_file()).unwrap();
        let said: String = check.query_row("PRAGMA integrity_check", [], |row| row.get(0)).unwrap();
        assert_eq!(said, "ok");
    }
}
