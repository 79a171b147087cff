//! Calls that are older than they are to be kept: what the owner is told before they go.
#![cfg(feature = "desktop")]
#![allow(clippy::unwrap_used, clippy::expect_used)]

#[path = "support/program.rs"]
mod program;
mod support;
#[path = "support/whole.rs"]
mod whole;

use chrono::TimeDelta;
use egui::Role;
use egui_kittest::kittest::Queryable;
use program::{PATIENCE, Running};
use switchboard::service::Clock;
use switchboard::service::messages::{Command, Event, OldCalls};
use switchboard::storage::call_log::{Detail, LogReader, LogWriter, Record, Summary};
use switchboard::storage::{Home, Settings};
use whole::Whole;

/// Calls of so many days ago.
fn log_of(folder: &std::path::Path, days_ago: &[i64]) -> Home {
    let home = Home::at(folder).unwrap();
    home.prepare().unwrap();
    let now = Clock::system().now();
    let log = LogWriter::open(&home, now).unwrap();
    for days in days_ago {
        let summary = Summary {
            at_ms: (now - TimeDelta::days(*days)).timestamp_millis(),
            from: Some("+14155552671".into()),
            to: "+14155550100".into(),
            outcome: "keep".into(),
            attempts: 1,
            ..Summary::default()
        };
        log.record(Record { summary, detail: Detail::default() }).committed_blocking().unwrap();
    }
    home
}

fn old_calls(running: &Running) -> Option<OldCalls> {
    running.hear(|event| if let Event::OldCalls(old) = event { Some(old) } else { None })
}

fn said(running: &Running) -> OldCalls {
    let end = std::time::Instant::now() + PATIENCE;
    while std::time::Instant::now() < end {
        if let Some(old) = old_calls(running) {
            return old;
        }
    }
    panic!("nothing was said of old calls");
}

#[test]
fn old_calls_go_once_it_was_said_and_not_before() {
    let folder = tempfile::tempdir().unwrap();
    let home = log_of(folder.path(), &[400, 200, 91, 10, 0]);
    let running = Running::start(folder.path());
    let OldCalls { calls, days, from } = said(&running);
    assert_eq!((calls, days), (3, 90));
    let wait = from - running.program.clock().now();
    assert!(wait > TimeDelta::days(6) && wait <= TimeDelta::days(7), "{wait}");
    let log = LogReader::of(&home);
    assert_eq!(log.count(), Ok(5));
    running.stop();

    // It stays said.
    let running = Running::start(folder.path());
    assert_eq!(said(&running).from, from);
    running.ask(Command::LetOldCallsGo);
    let end = std::time::Instant::now() + PATIENCE;
    while log.count() != Ok(2) && std::time::Instant::now() < end {
        std::thread::sleep(std::time::Duration::from_millis(10));
    }
    assert_eq!(log.count(), Ok(2));
    running.ask(Command::LetOldCallsGo);
    let total = running.hear(|event| if let Event::TotalCalls(total) = event { Some(total) } else { None });
    assert_eq!(total, 2, "the window counts those that are left");
    running.stop();
}

#[test]
fn other_days_are_said_anew() {
    let folder = tempfile::tempdir().unwrap();
    let home = log_of(folder.path(), &[400, 200, 91, 10, 0]);
    let running = Running::start(folder.path());
    assert_eq!(said(&running).calls, 3);
    let keep = |days| Settings {
        keep_calls_days: days,
        listen: "127.0.0.1:0".parse().unwrap(),
        ..Settings::default()
    };
    running.ask(Command::SaveSettings(keep(Some(365))));
    assert_eq!(said(&running).calls, 1);
    running.ask(Command::SaveSettings(keep(None)));
    assert_eq!(old_calls(&running), None);
    assert_eq!(LogReader::of(&home).count(), Ok(5));
    running.stop();
}

#[test]
fn a_clock_far_ahead_lets_no_call_go() {
    let folder = tempfile::tempdir().unwrap();
    let home = log_of(folder.path(), &[60, 10, 0]);
    let ahead = || Clock::system().now() + TimeDelta::days(365);
    let running = Running::start_at(folder.path(), Clock::turned_by(ahead));
    running.ask(Command::LetOldCallsGo);
    // Done after the other, so that there was time to let calls go.
    running.ask(Command::CountCaller("+14155552671".into()));
    let counted =
        running.hear(|event| if let Event::Caller(calls) = event { Some(calls.calls) } else { None });
    assert_eq!(counted, 3);
    running.stop();
    assert_eq!(LogReader::of(&home).count(), Ok(3));
}

#[test]
fn the_window_says_it_and_keeps_them() {
    for (size, theme, look) in support::looks() {
        let folder = tempfile::tempdir().unwrap();
        let home = log_of(folder.path(), &[400, 200, 91, 10, 0]);
        let mut whole = Whole::start(folder.path(), "127.0.0.1:0", size, theme);
        whole.until("what is said of old calls", |state| state.old_calls.is_some());
        assert!(whole.says_about("3 calls are older than 90 days"));
        support::save_picture(&mut whole.harness, &format!("old-calls-{look}"));
        whole.harness.get_by_role_and_label(Role::Button, "Keep all calls").click();
        whole.harness.run();
        whole.until("that all are kept", |state| {
            state.settings.keep_calls_days.is_none() && state.old_calls.is_none()
        });
        assert!(!whole.says_about("3 calls are older than 90 days"));
        whole.stop();
        assert_eq!(LogReader::of(&home).count(), Ok(5));
    }
}
