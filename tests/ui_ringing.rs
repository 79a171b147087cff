//! A call that comes in while the window is open, as the header says it.
#![cfg(feature = "desktop")]
#![allow(clippy::unwrap_used, clippy::expect_used)]

#[path = "support/program.rs"]
mod program;
mod support;
#[path = "support/whole.rs"]
mod whole;

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use chrono::TimeDelta;
use egui::Role;
use egui_kittest::kittest::Queryable;
use program::{KEY, Running};
use switchboard::retell::signature::{self, ApiKey};
use switchboard::service::Clock;
use whole::Whole;

#[test]
fn the_header_says_who_calls_for_some_seconds() {
    for (size, theme, look) in support::looks() {
        let folder = tempfile::tempdir().unwrap();
        let later = Arc::new(AtomicI64::new(0));
        let turned = later.clone();
        let clock = Clock::turned_by(move || {
            let start: chrono::DateTime<chrono::Utc> = "2026-11-23T19:05:30Z".parse().unwrap();
            start + TimeDelta::seconds(turned.load(Ordering::Relaxed))
        });
        // Sets the key.
        Running::start_at(folder.path(), clock.clone()).stop();
        let mut whole = Whole::start_at(folder.path(), "127.0.0.1:0", clock.clone(), size, theme);
        let body = r#"{"event":"call_inbound","call_inbound":{"agent_id":"agent_own","from_number":"+14155552671","to_number":"+14155550100"}}"#;
        let signed = signature::sign(&ApiKey::new(KEY), body.as_bytes(), clock.now().timestamp_millis());
        let (status, _) = program::post(&whole.url(), body, Some(&signed));
        assert_eq!(status, 200);
        whole.until("the call", |state| state.calls.len() == 1);
        let words = "(415) 555-2671 calls (415) 555-0100";
        support::save_picture(&mut whole.harness, &format!("ringing-{look}"));
        whole.harness.get_by_role_and_label(Role::Button, words).click();
        whole.harness.run();
        whole.until("all calls", |state| state.found.len() == 1);
        assert!(whole.says("Answered (1)"), "a click shows the calls");

        later.store(9, Ordering::Relaxed);
        whole.harness.run_steps(2);
        assert!(!whole.says(words), "then it is over");
        whole.stop();
    }
}
