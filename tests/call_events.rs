//! Call events at the real port: what became of a call finds its record, whatever the order, and
//! nothing of it gets in the way of calls.
#![allow(clippy::unwrap_used, clippy::expect_used)]

#[path = "support/program.rs"]
mod support;

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use chrono::TimeDelta;
use serde_json::{Value, json};
use support::{KEY, Running, payload, post, rule, table};
use switchboard::retell::{ApiKey, signature};
use switchboard::routing::CallEnd;
use switchboard::service::Clock;
use switchboard::service::messages::{Command, Event, ExportFormat};
use switchboard::storage::Settings;

const FROM: &str = "+12137771234";
const LINE: &str = "+12137771235";

fn event(name: &str, call_id: &str, more: &Value) -> String {
    let now = Clock::system().now().timestamp_millis();
    let mut call = json!({"call_id": call_id, "direction": "inbound", "from_number": FROM, "to_number": LINE,
        "start_timestamp": now});
    for (field, value) in more.as_object().unwrap() {
        call[field] = value.clone();
    }
    json!({"event": name, "call": call}).to_string()
}

fn start(home: &Path) -> Running {
    let running = Running::start(home);
    let mut table = table();
    table.rules = vec![rule("All", None, "vip")];
    running.publish(table);
    running
}

fn switch_on(running: &Running) {
    running.ask(Command::Open);
    let settings = Settings { take_call_events: true, ..running.opening().settings };
    running.ask(Command::SaveSettings(settings));
    running.hear(|event| match event {
        Event::Settings(settings) => settings.take_call_events.then_some(()),
        _ => None,
    });
}

/// Posts an event as Retell does and waits for what is known by then.
fn ended(running: &Running, body: &str) -> (i64, CallEnd) {
    assert_eq!(running.call_at("/webhook/events", body).0, 204);
    running.hear(|event| match event {
        Event::Ends(mut ends) => ends.pop(),
        _ => None,
    })
}

fn record(running: &Running, call_id: &str) -> i64 {
    assert_eq!(running.call(&payload(FROM, LINE, call_id)).0, 200);
    running.hear(|event| if let Event::Call(call) = event { Some(call.id) } else { None })
}

/// What is saved of these calls.
fn saved(running: &Running, file: &Path, format: ExportFormat, ids: &[i64]) -> String {
    running.ask(Command::ExportCalls { file: file.to_owned(), format, ids: Arc::from(ids) });
    running.hear(|event| matches!(event, Event::Exporting(None)).then_some(()));
    std::fs::read_to_string(file).unwrap()
}

#[test]
fn the_address_exists_only_once_it_is_wanted_and_takes_only_what_is_signed() {
    let home = tempfile::tempdir().unwrap();
    let running = start(home.path());
    let body = event("call_ended", "call_1", &json!({}));
    let url = format!("{}/webhook/events", running.url);
    assert_eq!(running.call_at("/webhook/events", &body).0, 404, "off unless it is switched on");
    switch_on(&running);
    assert_eq!(post(&url, &body, None).0, 401);
    let other =
        signature::sign(&ApiKey::new("key_other"), body.as_bytes(), Clock::system().now().timestamp_millis());
    assert_eq!(post(&url, &body, Some(&other)).0, 401);
    let refused =
        running.hear(|event| if let Event::Refused(refused) = event { Some(refused) } else { None });
    assert_eq!(refused.code, "no_signature");
    let large = event("call_analyzed", "call_1", &json!({"transcript": "x".repeat(3 << 20)}));
    assert_eq!(running.call_at("/webhook/events", &large).0, 413);
    for nothing_for_us in ["{", "[]", r#"{"event":"something_new"}"#] {
        assert_eq!(running.call_at("/webhook/events", nothing_for_us).0, 204, "{nothing_for_us}");
    }
    running.stop();
}

#[test]
fn events_find_their_call_in_any_order_and_again_and_outlive_the_program() {
    let home = tempfile::tempdir().unwrap();
    let running = start(home.path());
    switch_on(&running);
    let first = record(&running, "call_1");
    let second = record(&running, "call_2");
    let untold = record(&running, "call_3");
    let analysis = json!({"call_analysis": {"call_summary": "Anna booked a table.", "user_sentiment": "Positive",
        "call_successful": true, "custom_analysis_data": {"outcome": "booked"}}, "transcript": "x".repeat(200_000)});
    let analyzed = ended(&running, &event("call_analyzed", "call_1", &analysis));
    assert_eq!((analyzed.0, analyzed.1.duration_ms), (first, None));
    let end = event(
        "call_ended",
        "call_1",
        &json!({"duration_ms": 240_000, "disconnection_reason": "user_hangup"}),
    );
    let known = ended(&running, &end);
    assert_eq!(known, ended(&running, &end), "the same again changes nothing");
    assert_eq!(
        (known.0, known.1.duration_ms, known.1.result.as_deref()),
        (first, Some(240_000), Some("booked"))
    );
    assert_eq!(ended(&running, &event("call_started", "call_2", &json!({}))).0, second);
    // Pasted into the number's own field, the address still brings them home, and refuses none.
    let made = event("call_ended", "call_3", &json!({"direction": "outbound"}));
    assert_eq!(running.call(&made).0, 204);
    assert_eq!(running.call(&event("call_ended", "call_2", &json!({"duration_ms": 1000}))).0, 204);
    let lines =
        saved(&running, &home.path().join("calls.jsonl"), ExportFormat::JsonLines, &[first, second, untold]);
    let told: Vec<Value> = lines.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let became = &told[0]["ended"];
    assert_eq!(
        (&became["duration_ms"], &became["reason"], &became["result"], &became["summary"]),
        (&json!(240_000), &json!("user_hangup"), &json!("booked"), &json!("Anna booked a table."))
    );
    assert!(told[1]["ended"]["connected_at"].is_string(), "{}", told[1]);
    assert_eq!(told[2].get("ended"), None, "nothing was told of it");
    running.stop();

    let again = Running::start(home.path());
    again.ask(Command::Open);
    let ends = again.hear(|event| match event {
        Event::Ends(ends) if ends.len() == 2 => Some(ends),
        _ => None,
    });
    assert!(ends.contains(&known), "{ends:?}");
    let table = saved(&again, &home.path().join("calls.csv"), ExportFormat::Csv, &[first]);
    let row = table.lines().nth(1).unwrap();
    assert!(row.ends_with(",240,user_hangup,booked,yes,Positive,Anna booked a table."), "{row}");
    again.stop();
}

#[test]
fn calls_without_an_id_are_found_by_their_numbers_and_unknown_ones_are_kept_out() {
    let home = tempfile::tempdir().unwrap();
    let running = start(home.path());
    switch_on(&running);
    let body = format!(
        r#"{{"event":"call_inbound","call_inbound":{{"from_number":"{FROM}","to_number":"{LINE}"}}}}"#
    );
    assert_eq!(running.call(&body).0, 200);
    let id = running.hear(|event| if let Event::Call(call) = event { Some(call.id) } else { None });
    for stranger in [
        event("call_ended", "call_x", &json!({"from_number": "+4930901820"})),
        event("call_ended", "call_x", &json!({"to_number": "+12137771236"})),
        event("call_ended", "call_x", &json!({"start_timestamp": 1_000})),
        event("call_ended", "call_x", &json!({"direction": "outbound"})),
    ] {
        assert_eq!(running.call_at("/webhook/events", &stranger).0, 204);
    }
    assert_eq!(ended(&running, &event("call_ended", "call_9", &json!({"duration_ms": 5000}))).0, id);
    // Another call of the same caller that the log does not have is not taken for this one.
    assert_eq!(running.call_at("/webhook/events", &event("call_ended", "call_10", &json!({}))).0, 204);
    let known = ended(&running, &event("call_analyzed", "call_9", &json!({})));
    assert_eq!((known.0, known.1.duration_ms), (id, Some(5000)));
    running.stop();
}

#[test]
fn of_two_calls_without_an_id_the_one_nearest_to_the_start_is_meant() {
    let home = tempfile::tempdir().unwrap();
    let ahead = Arc::<AtomicI64>::default();
    let (seconds, right) = (ahead.clone(), Clock::system());
    let clock = Clock::turned_by(move || right.now() + TimeDelta::seconds(seconds.load(Ordering::Relaxed)));
    let running = Running::start_at(home.path(), clock);
    switch_on(&running);
    let ring = |moment: u32| {
        let body = format!(
            r#"{{"event":"call_inbound","event_timestamp":{moment},"call_inbound":{{"from_number":"{FROM}","to_number":"{LINE}"}}}}"#
        );
        assert_eq!(running.call(&body).0, 200);
        running.hear(|event| if let Event::Call(call) = event { Some((call.id, call.at_ms)) } else { None })
    };
    let (first, at_ms) = ring(1);
    ahead.store(30, Ordering::Relaxed);
    let (again, _) = ring(2);
    for (call_id, start, meant) in [("call_a", at_ms + 2_000, first), ("call_b", at_ms + 32_000, again)] {
        let end = event("call_ended", call_id, &json!({ "start_timestamp": start }));
        assert_eq!(ended(&running, &end).0, meant, "{call_id}");
    }
    running.stop();
}

#[test]
fn an_arriving_call_at_the_address_of_events_is_answered_like_any_other() {
    let home = tempfile::tempdir().unwrap();
    let running = start(home.path());
    switch_on(&running);
    let (status, answer) = running.call_at("/webhook/events", &payload(FROM, LINE, "call_1"));
    assert_eq!(status, 200);
    assert!(answer.contains("agent_vip"), "{answer}");
    running.stop();
}

#[test]
fn calls_are_answered_while_events_pour_in() {
    let home = tempfile::tempdir().unwrap();
    let running = start(home.path());
    switch_on(&running);
    let url = format!("{}/webhook/events", running.url);
    let large = event("call_analyzed", "call_0", &json!({"transcript": "x".repeat(1 << 20)}));
    std::thread::scope(|scope| {
        for _ in 0..12 {
            scope.spawn(|| {
                let now = Clock::system().now().timestamp_millis();
                let signed = signature::sign(&ApiKey::new(KEY), large.as_bytes(), now);
                let (status, _) = post(&url, &large, Some(&signed));
                assert!(matches!(status, 204 | 503), "{status}: taken, or to be sent again");
            });
        }
        for index in 0..20 {
            let (status, answer) = running.call(&payload(FROM, LINE, &format!("call_{index}")));
            assert!(status == 200 && answer.contains("agent_vip"), "{status}: {answer}");
        }
    });
    running.stop();
}
