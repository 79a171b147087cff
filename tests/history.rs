//! Who called before, through the whole program: calls in quick succession, repeated requests,
//! tests, restarts, sick disks and old logs.
#![allow(clippy::unwrap_used, clippy::expect_used)]

#[path = "support/program.rs"]
mod support;

use std::path::Path;

use serde_json::json;
use support::{Running, payload, rule, table};
use switchboard::routing::{Call, Caller, Decision, Facts, Table};
use switchboard::service::messages::{Command, Event, Trial};

const CALLER: &str = "+12137771234";
const LINE: &str = "+12137771235";

/// The 4th call within 10 minutes goes to the VIP desk, all others to reception.
fn repeat_table() -> Table {
    let mut table = table();
    let fourth = json!({"nth": 4, "within": 10, "unit": "minutes"});
    table.rules =
        vec![rule("Again", Some(("history.repeat", fourth)), "vip"), rule("All", None, "reception")];
    table
}

/// Sends a call and gives the agent that it was connected to.
fn agent_of(running: &Running, from: &str, id: &str) -> String {
    let (status, answer) = running.call(&payload(from, LINE, id));
    assert_eq!(status, 200);
    let answer: serde_json::Value = serde_json::from_str(&answer).unwrap();
    answer["call_inbound"]["override_agent_id"].as_str().unwrap_or_default().to_owned()
}

fn try_at(running: &Running, at: &str) -> (Decision, Facts) {
    let call = Call::new(Caller::Number(CALLER.into()), LINE);
    let at = at.parse().unwrap_or_else(|_| running.program.clock().now());
    running.ask(Command::Try(Box::new(Trial::new(call, at, None))));
    let tried = running.hear(|event| if let Event::Tried(tried) = event { Some(tried) } else { None });
    let decided = tried.result.unwrap();
    (decided.decision, decided.facts)
}

fn earlier(running: &Running, at: &str) -> String {
    let (_, facts) = try_at(running, at);
    facts.get("history.calls").map_or_else(String::new, switchboard::routing::Value::words)
}

#[test]
fn calls_in_quick_succession_count_and_repeated_requests_trials_and_tests_do_not() {
    let home = tempfile::tempdir().unwrap();
    let running = Running::start(home.path());
    running.publish(repeat_table());
    for id in ["a", "a", "b", "b", "b", "c"] {
        assert_eq!(agent_of(&running, CALLER, id), "agent_reception", "call {id}");
        try_at(&running, "now");
    }
    running.ask(Command::SendSigned(payload(CALLER, LINE, "test")));
    let sent = running.hear(|event| if let Event::FrontDoor(sent) = event { Some(sent) } else { None });
    assert!(sent.result.unwrap().1.contains("agent_vip"), "a test is decided like any call");
    assert_eq!(earlier(&running, "now"), "3");
    assert_eq!(agent_of(&running, "+14155552671", "other"), "agent_reception", "others have their own count");
    assert_eq!(agent_of(&running, CALLER, "d"), "agent_vip");
    // At another time other calls are earlier ones.
    assert_eq!(earlier(&running, "2001-01-01T00:00:00Z"), "0");
    running.stop();

    let running = Running::start(home.path());
    assert_eq!(earlier(&running, "now"), "4", "the log remembers, and tests count in no later run either");
    assert_eq!(agent_of(&running, CALLER, "e"), "agent_vip");
    running.stop();
}

#[test]
fn the_command_line_counts_as_the_window_does() {
    let home = tempfile::tempdir().unwrap();
    let running = Running::start(home.path());
    running.publish(repeat_table());
    for id in ["a", "b", "c"] {
        agent_of(&running, CALLER, id);
    }
    running.stop();
    let route = |from: &str| {
        let out = std::process::Command::new(env!("CARGO_BIN_EXE_switchboard"))
            .args(["--home", home.path().to_str().unwrap(), "route", "--from", from, "--to", "Main line"])
            .output()
            .unwrap();
        String::from_utf8(out.stdout).unwrap()
    };
    let said = route(CALLER);
    assert!(
        said.contains("VIP desk") && said.contains("it is the caller's 4th call within 10 minutes"),
        "{said}"
    );
    assert!(route("+14155552671").contains("Reception"));
}

#[test]
fn calls_are_answered_while_the_log_cannot_be_read() {
    let home = tempfile::tempdir().unwrap();
    std::fs::create_dir_all(home.path().join("calls.sqlite3")).unwrap();
    let running = Running::start(home.path());
    running.publish(repeat_table());
    for id in ["a", "b", "c", "d"] {
        assert_eq!(agent_of(&running, CALLER, id), "agent_reception", "what is not known never matches");
    }
    let (decision, facts) = try_at(&running, "now");
    assert!(facts.why_missing("history.calls_10m").unwrap().contains("cannot be read"), "{facts:?}");
    assert!(decision.trace[0].groups[0].tests[0].why.starts_with("the earlier calls are not known"));
    drop(running.link);
    // What could not be logged is told at the end.
    running.program.stop().unwrap_err();
}

/// The log of a version that kept neither agents' ids nor tests apart.
fn old_log(home: &Path) {
    let log = rusqlite::Connection::open(home.join("calls.sqlite3")).unwrap();
    log.execute_batch(include_str!("support/calls-1.sql")).unwrap();
}

#[test]
fn a_log_of_an_older_version_is_taken_over_with_all_its_calls() {
    let home = tempfile::tempdir().unwrap();
    old_log(home.path());
    let running = Running::start(home.path());
    let mut table = table();
    let last = |agent| json!({"agents": [agent]});
    table.rules =
        vec![rule("Known", Some(("history.last_agent", last("vip"))), "vip"), rule("All", None, "reception")];
    running.publish(table);
    assert_eq!(earlier(&running, "now"), "2");
    assert_eq!(agent_of(&running, CALLER, "new"), "agent_vip");
    running.ask(Command::Open);
    let opening = running.opening();
    let agents: Vec<_> = opening.calls.iter().map(|call| call.agent_id.as_deref()).collect();
    assert_eq!((opening.total_calls, agents), (4, vec![Some("vip"), None, None, None]));
    running.stop();
}
