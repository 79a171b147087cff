//! The same call gets the same answer, and is one call; a person who calls again is a new one.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use chrono::{DateTime, TimeDelta};
use serde_json::json;
use switchboard::routing::Table;
use switchboard::service::Clock;
use switchboard::service::messages::{Event, Serving};

use crate::program::{KEY, Running, logged, table};
use crate::wire::{self, Answer};
use crate::{body, runtime};

/// Two agents who take turns, so that each new call gets another one than the last.
fn in_turn() -> Table {
    let mut table = table();
    table.rules = vec![
        serde_json::from_value(json!({ "id": "team", "name": "Team", "then": { "action": { "share": {
            "how": "shares.round_robin", "agents": [{ "agent": "reception" }, { "agent": "vip" }],
        } } } }))
        .unwrap(),
    ];
    table
}

fn send_all(running: &Running, requests: Vec<Vec<u8>>) -> Vec<Answer> {
    let Serving::Listening(addr) = *running.program.serving().borrow() else { panic!("not listening") };
    runtime().block_on(async {
        let sending: Vec<_> = requests
            .into_iter()
            .map(|request| tokio::spawn(async move { wire::send(addr, &request).await }))
            .collect();
        let mut answers = Vec::new();
        for sent in sending {
            answers.push(sent.await.unwrap());
        }
        answers
    })
}

/// The agents that the logged calls were connected to, oldest first, and their attempts.
fn agents(home: &Path) -> Vec<(String, u32)> {
    let calls = logged(home).into_iter().map(|record| record.summary);
    calls.map(|call| (call.agent.unwrap_or_default(), call.attempts)).collect()
}

#[test]
fn one_request_a_hundred_times_at_once_is_one_call() {
    let home = tempfile::tempdir().unwrap();
    let running = Running::start(home.path());
    running.publish(in_turn());
    let at = running.program.clock().now().timestamp_millis();
    for call in 0..3 {
        // Half of them signed a moment later.
        let body = body(call);
        let requests = (0..100).map(|n| wire::signed(KEY, &body, at + n % 2)).collect();
        let answers = send_all(&running, requests);
        assert!(answers.iter().all(|answer| answer.status == 200 && answer.body == answers[0].body));
        running.hear(|event| matches!(event, Event::Again { attempts: 100, .. }).then_some(()));
    }
    let all = |agent: &str| (agent.to_owned(), 100);
    running.stop();
    assert_eq!(
        agents(home.path()),
        [all("Reception"), all("VIP desk"), all("Reception")],
        "turns did not move"
    );
}

/// Retell's attempts ten seconds apart, each signed anew, then a person who calls again.
#[test]
fn late_attempts_are_the_same_call_and_a_redial_is_a_new_one() {
    let start = DateTime::from_timestamp_millis(1_785_600_000_000).unwrap();
    let passed = Arc::new(AtomicI64::new(0));
    let clock = {
        let passed = passed.clone();
        Clock::turned_by(move || start + TimeDelta::seconds(passed.load(Ordering::Relaxed)))
    };
    let home = tempfile::tempdir().unwrap();
    let running = Running::start_at(home.path(), clock);
    running.publish(in_turn());
    let call = |id: &str, moment_ms: i64| {
        let told = |name: &str, value: &str| format!(r#""{name}":"{value}","#);
        let id = if id.is_empty() { String::new() } else { told("call_id", id) };
        let moment =
            if moment_ms == 0 { String::new() } else { format!(r#""event_timestamp":{moment_ms},"#) };
        format!(
            r#"{{"event":"call_inbound",{moment}"call_inbound":{{{id}"from_number":"+12137771234","to_number":"+12137771235"}}}}"#
        )
    };
    let first = start.timestamp_millis();
    let ways = [
        ("by its id", call("call_1", 0), call("call_2", 0)),
        ("by its moment", call("", first), call("", first + 5_000)),
        ("by its id, whatever the moment", call("call_3", first), call("call_4", first)),
    ];
    let mut expected = Vec::new();
    for (way, body, redial) in &ways {
        let attempt = || running.call(body);
        let answer = attempt();
        for _ in 1..4 {
            passed.fetch_add(10, Ordering::Relaxed);
            assert_eq!(attempt(), answer, "{way}");
        }
        expected.push(4);
        passed.fetch_add(5, Ordering::Relaxed);
        let again = running.call(redial);
        assert_eq!(again.0, 200);
        assert_ne!(again.1, answer.1, "{way}: a redial takes the next turn");
        expected.push(1);
        running.hear(|event| matches!(event, Event::Again { attempts: 4, .. }).then_some(()));
    }
    // Without an id and a moment, whoever got an answer and calls again is a new call.
    let bare = call("", 0);
    let one = running.call(&bare);
    passed.fetch_add(5, Ordering::Relaxed);
    // Until the server has seen the end of the connection.
    std::thread::sleep(std::time::Duration::from_millis(100));
    assert_ne!(running.call(&bare).1, one.1);
    expected.extend([1, 1]);
    running.stop();
    let attempts: Vec<u32> = agents(home.path()).into_iter().map(|(_, attempts)| attempts).collect();
    assert_eq!(attempts, expected);
}
