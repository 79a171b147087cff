//! A table whose test cases fail does not go live: not by the window, not at its planned time, not
//! without a reason that is kept. The whole program, asked as the window asks it.
#![allow(clippy::unwrap_used, clippy::expect_used)]

#[path = "support/program.rs"]
mod support;

use std::path::Path;
use std::sync::Arc;

use chrono::{DateTime, TimeDelta, Utc};
use serde_json::json;
use support::{Running, table};
use switchboard::routing::Table;
use switchboard::service::Clock;
use switchboard::service::messages::{Command, Event};
use switchboard::storage::VersionInfo;
use switchboard::storage::version::{Failing, Origin};

const SAMPLE: &str =
    r#"{"event":"call_inbound","call_inbound":{"from_number":"+12137771234","to_number":"+12137771235"}}"#;

/// The table with a test that wants `outcome`; the fallback keeps the line's own agent.
fn wanting(outcome: &str) -> Table {
    let mut table = table();
    let test = json!({ "id": "t", "name": "Kept", "from": "withheld", "to": "main",
        "at": "2026-11-25T10:00", "expect": { "outcome": outcome } });
    table.test_cases = vec![serde_json::from_value(test).unwrap()];
    table
}

fn publish(running: &Running, table: Table, despite: &str) {
    let (table, note, despite) = (Arc::new(table), String::new(), despite.to_owned());
    running.ask(Command::Publish { table, note, until: None, despite });
}

fn failed(running: &Running) -> String {
    running.hear(|event| if let Event::Failed(note) = event { Some(note.text) } else { None })
}

fn version(running: &Running) -> VersionInfo {
    running.hear(|event| if let Event::Version(info) = event { Some(info) } else { None })
}

#[test]
fn a_failing_test_is_in_the_way_and_the_draft_is_kept() {
    let home = tempfile::tempdir().unwrap();
    let running = Running::start(home.path());
    publish(&running, wanting("reject"), "  ");
    assert_eq!(
        failed(&running),
        "The draft was not published. 1 test fails (“Kept”). Put that right, or give a reason in the publish dialog"
    );
    let draft: Table =
        serde_json::from_str(&std::fs::read_to_string(home.path().join("routing.json")).unwrap()).unwrap();
    assert_eq!(draft, wanting("reject"), "nothing is lost");
    assert!(!home.path().join("versions/000002.json").exists());

    publish(&running, wanting("keep"), "");
    assert_eq!(version(&running).remarks.failing, None, "tests that pass leave nothing to tell");
}

#[test]
fn with_a_reason_it_goes_live_and_the_version_keeps_the_reason() {
    let home = tempfile::tempdir().unwrap();
    let running = Running::start(home.path());
    publish(&running, wanting("reject"), "The line is about to be closed");
    let failing = Failing { tests: vec!["Kept".into()], reason: "The line is about to be closed".into() };
    let info = version(&running);
    assert_eq!(info.remarks.failing, Some(failing));
    let file = home.path().join(format!("versions/{:06}.json", info.version));
    assert!(std::fs::read_to_string(file).unwrap().contains("The line is about to be closed"));
}

#[test]
fn nothing_is_planned_that_fails_without_a_reason() {
    let home = tempfile::tempdir().unwrap();
    let running = Running::start(home.path());
    let plan = |despite: &str| {
        let at = running.program.clock().now() + TimeDelta::hours(3);
        let (table, note, despite) = (Arc::new(wanting("reject")), String::new(), despite.to_owned());
        running.ask(Command::Plan { table, note, at, until: None, despite });
    };
    plan("");
    assert!(failed(&running).starts_with("Nothing was planned. 1 test fails (“Kept”)"));
    plan("Agreed with Ann");
    let plans = running.hear(|event| match event {
        Event::Plans(plans) if !plans.is_empty() => Some(plans),
        _ => None,
    });
    assert_eq!(plans[0].despite, "Agreed with Ann");
}

/// What was planned by hand, or by an earlier program, is looked at again at its time.
#[test]
fn a_plan_whose_tests_fail_is_not_published_at_its_time() {
    for (despite, version) in [("", None), ("Agreed with Ann", Some(2))] {
        let home = tempfile::tempdir().unwrap();
        first_version(home.path());
        let at: DateTime<Utc> = "2026-11-25T10:00:00Z".parse().unwrap();
        let mut plan = json!({ "id": 1, "at": at, "planned_at": at, "table": wanting("reject") });
        if !despite.is_empty() {
            plan["despite"] = despite.into();
        }
        let plans = json!({ "format": 1, "plans": [plan] });
        std::fs::write(home.path().join("planned.json"), plans.to_string()).unwrap();
        let running = Running::start_at(home.path(), Clock::turned_by(move || at + TimeDelta::seconds(1)));
        let file = home.path().join("versions/000002.json");
        assert_eq!(file.exists().then_some(2), version, "{despite}");
        assert!(version.is_none() || std::fs::read_to_string(&file).unwrap().contains(despite));
        assert_eq!(running.call(SAMPLE).0, 200, "the table that runs goes on answering");
        let told = running.program.troubles().iter().any(|trouble| {
            let words = ["was NOT published", "1 test fails (“Kept”). Put it in the draft under Versions…"];
            words.iter().all(|words| trouble.message.contains(words))
        });
        assert_eq!(told, version.is_none(), "{despite}");
    }
}

/// In trouble the way back is open.
#[test]
fn a_version_comes_back_whatever_its_tests_say() {
    let home = tempfile::tempdir().unwrap();
    let running = Running::start(home.path());
    publish(&running, wanting("reject"), "In a hurry");
    let first = version(&running).version;
    publish(&running, wanting("keep"), "");
    assert_eq!(version(&running).version, first + 1);
    running.ask(Command::BringBack(first));
    let back = version(&running);
    assert_eq!((back.version, back.remarks.origin), (first + 2, Origin::BroughtBack { from: first }));
}

fn first_version(home: &Path) {
    std::fs::write(home.join("routing.json"), serde_json::to_vec(&table()).unwrap()).unwrap();
    Running::start(home).stop();
}
