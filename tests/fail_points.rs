//! Panics and hangs at every stage of a call's way: a genuine call is answered all the same, in
//! time, and the same when it comes again. In a file of its own, as fail points are the whole
//! process's.
#![allow(clippy::unwrap_used, clippy::expect_used)]

#[path = "support/program.rs"]
mod support;

use std::path::Path;
use std::thread;
use std::time::{Duration, Instant};

use fail::FailScenario;
use serde_json::{Value, json};
use support::{KEY, Running, logged, payload, post, rule, table};
use switchboard::program::Program;
use switchboard::retell::{ApiKey, signature};
use switchboard::routing::{Action, Outcome};
use switchboard::service::messages::{Command, Event};

/// Who answers where a stage breaks.
#[derive(Clone, Copy, Debug, PartialEq)]
enum By {
    /// The rule: what broke comes after the decision.
    Rule,
    Fallback,
    /// The line's own agent: the fallback cannot be written either.
    Nobody,
}

impl By {
    fn agent(self) -> Value {
        match self {
            Self::Rule => json!("agent_vip"),
            Self::Fallback => json!("agent_reception"),
            Self::Nobody => Value::Null,
        }
    }
}

const STAGES: [(&str, By); 8] = [
    ("parse", By::Fallback),
    ("recognise", By::Fallback),
    ("look-ups", By::Fallback),
    ("decide", By::Fallback),
    ("write-answer", By::Nobody),
    ("record", By::Rule),
    ("wait-for-record", By::Rule),
    ("tell", By::Rule),
];

/// Stages before it is known which call this is: what is answered there cannot be recognised again.
const BEFORE_IT_IS_KNOWN: [&str; 2] = ["parse", "recognise"];

fn start(home: &Path) -> Running {
    let running = Running::start(home);
    let mut table = table();
    table.rules = vec![rule("All", None, "vip")];
    table.fallback = Outcome {
        action: Action::Connect { agent: "reception".into(), version: None },
        ..Outcome::default()
    };
    running.publish(table);
    running
}

fn agent(answer: &str) -> Value {
    serde_json::from_str::<Value>(answer).unwrap()["call_inbound"]["override_agent_id"].clone()
}

/// How many calls are logged whose request holds this.
fn records(home: &Path, part: &str) -> usize {
    logged(home).iter().filter(|record| record.detail.request.contains(part)).count()
}

#[test]
fn a_panic_at_any_stage_costs_no_call_its_answer_nor_its_record() {
    let scenario = FailScenario::setup();
    let home = tempfile::tempdir().unwrap();
    let running = start(home.path());
    for (stage, by) in STAGES {
        let body = payload("+12137771234", "+12137771235", &format!("call_{stage}"));
        fail::cfg(stage, "panic").unwrap();
        let broken = running.call(&body);
        assert_eq!((broken.0, agent(&broken.1)), (200, by.agent()), "{stage}");
        // A retry while it is still broken, and one when it is not.
        assert_eq!(running.call(&body).0, 200, "{stage}");
        fail::remove(stage);
        let again = running.call(&body);
        if !BEFORE_IT_IS_KNOWN.contains(&stage) {
            assert_eq!(again, broken, "{stage}");
        }
    }
    let well = running.call(&payload("+12137771234", "+12137771235", "call_well"));
    assert_eq!((well.0, agent(&well.1)), (200, json!("agent_vip")));
    running.stop();
    for (stage, _) in STAGES {
        let records = records(home.path(), &format!("call_{stage}"));
        let is_right = if BEFORE_IT_IS_KNOWN.contains(&stage) { records >= 1 } else { records == 1 };
        assert!(is_right, "{stage}: {records}");
    }
    scenario.teardown();
}

#[test]
fn a_hang_at_any_stage_is_left_behind_at_the_deadline() {
    let scenario = FailScenario::setup();
    let home = tempfile::tempdir().unwrap();
    let running = start(home.path());
    // One after the other, so that no more than three threads hang at a time, and one is left.
    for (stage, by) in STAGES {
        // It hangs once, so the fallback's answer can be written.
        let by = if by == By::Nobody { By::Fallback } else { by };
        let body = payload("+12137771234", "+12137771235", &format!("call_{stage}"));
        fail::cfg(stage, "1*sleep(5000)->off").unwrap();
        let started = Instant::now();
        let held_up = running.call(&body);
        // Retell waits ten seconds; the stage hangs for five.
        assert!(started.elapsed() < Duration::from_millis(4_500), "{stage}: {:?}", started.elapsed());
        assert_eq!((held_up.0, agent(&held_up.1)), (200, by.agent()), "{stage}");
        if !BEFORE_IT_IS_KNOWN.contains(&stage) {
            assert_eq!(running.call(&body), held_up, "{stage}");
        }
    }
    // Until the last one has got on.
    thread::sleep(Duration::from_millis(3_500));
    running.stop();
    for (stage, _) in STAGES {
        assert_eq!(records(home.path(), &format!("call_{stage}")), 1, "{stage}");
    }
    scenario.teardown();
}

/// Retell's four attempts, while the first is still under way: signed anew, and over each other.
#[test]
fn attempts_that_overlap_are_one_call() {
    let scenario = FailScenario::setup();
    let home = tempfile::tempdir().unwrap();
    let running = start(home.path());
    fail::cfg("decide", "sleep(1200)").unwrap();
    let bodies = [
        payload("+12137771234", "+12137771235", "call_id"),
        r#"{"event":"call_inbound","event_timestamp":1785600000123,"call_inbound":{"from_number":"+12137771234","to_number":"+12137771235"}}"#.to_owned(),
        r#"{"event":"call_inbound","call_inbound":{"from_number":"+12137771234","to_number":"+12137771235"}}"#.to_owned(),
    ];
    for body in &bodies {
        let url = format!("{}/webhook/inbound", running.url);
        let at = running.program.clock().now().timestamp_millis();
        let answers: Vec<_> = thread::scope(|scope| {
            let attempt = |nth: i64| {
                let (url, body) = (&url, body.as_str());
                scope.spawn(move || {
                    thread::sleep(Duration::from_millis(100) * u32::try_from(nth).unwrap());
                    let signed = signature::sign(&ApiKey::new(KEY), body.as_bytes(), at + nth);
                    post(url, body, Some(&signed))
                })
            };
            let attempts: Vec<_> = (0..4).map(attempt).collect();
            attempts.into_iter().map(|sent| sent.join().unwrap()).collect()
        });
        assert!(answers.iter().all(|answer| *answer == answers[0] && answer.0 == 200), "{answers:?}");
        running.hear(|event| matches!(event, Event::Again { attempts: 4, .. }).then_some(()));
    }
    running.stop();
    assert_eq!(logged(home.path()).len(), bodies.len());
    scenario.teardown();
}

/// The thread that writes the log breaks, time and again.
#[test]
fn a_panic_while_the_log_is_written_loses_no_record() {
    let scenario = FailScenario::setup();
    let home = tempfile::tempdir().unwrap();
    let running = start(home.path());
    fail::cfg("log", "2*panic->off").unwrap();
    for n in 0..5 {
        let (status, answer) = running.call(&payload("+12137771234", "+12137771235", &format!("call_{n}")));
        assert_eq!((status, agent(&answer)), (200, json!("agent_vip")));
    }
    let told = running.hear(|event| if let Event::Log(trouble) = event { trouble } else { None });
    assert!(told.contains("please report it"), "{told}");
    running.hear(|event| matches!(event, Event::Log(None)).then_some(()));
    running.stop();
    assert_eq!(logged(home.path()).len(), 5);
    scenario.teardown();
}

/// A window that breaks whenever it is told something.
#[test]
fn a_window_that_breaks_when_woken_costs_no_call() {
    let scenario = FailScenario::setup();
    let home = tempfile::tempdir().unwrap();
    let running = start(home.path());
    let program: &Program = &running.program;
    let broken = program.connect(|| panic!("on purpose"));
    for n in 0..5 {
        let (status, answer) = running.call(&payload("+12137771234", "+12137771235", &format!("call_{n}")));
        assert_eq!((status, agent(&answer)), (200, json!("agent_vip")));
    }
    broken.commands.send(Command::LoadRecord(5)).unwrap();
    let last = support::hear(&broken, |event| if let Event::Record(one) = event { Some(one) } else { None });
    assert!(last.detail.request.contains("call_4"), "and the service goes on");
    drop(broken);
    running.stop();
    scenario.teardown();
}
