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
use egui::{Role, Theme};
use egui_kittest::kittest::Queryable;
use program::{KEY, Running};
use switchboard::retell::signature::{self, ApiKey};
use switchboard::service::Clock;
use switchboard::ui::theme::text;
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

/// How wide these words are where nothing is cut.
fn natural(whole: &Whole, words: &str, font: egui::FontId) -> f32 {
    let galley = |fonts: &mut egui::epaint::text::FontsView<'_>| {
        fonts.layout_no_wrap(words.to_owned(), font, egui::Color32::PLACEHOLDER).size().x
    };
    whole.harness.ctx.fonts_mut(galley)
}

#[test]
fn in_the_smallest_window_nothing_in_the_header_is_cut() {
    let folder = tempfile::tempdir().unwrap();
    let clock = Clock::turned_by(|| "2026-11-23T19:05:30Z".parse().unwrap());
    let settings = r#"{ "format": 1, "guided_start": "later" }"#;
    std::fs::write(folder.path().join("settings.json"), settings).unwrap();
    Running::start_at(folder.path(), clock.clone()).stop();
    let mut whole =
        Whole::start_at(folder.path(), "127.0.0.1:0", clock.clone(), [1000.0, 640.0], Theme::Light);
    whole.go("Lines & agents");
    support::desk::click(&mut whole.harness, "Add your first line");
    support::desk::fill(&mut whole.harness, "Name", "Main line");
    support::desk::fill(&mut whole.harness, "Phone number", "(415) 555-0100");
    support::desk::click(&mut whole.harness, "Save");
    whole.until("the change", |state| !state.changes.is_empty());
    let body = r#"{"event":"call_inbound","call_inbound":{"agent_id":"agent_own","from_number":"+14155552671","to_number":"+14155550100"}}"#;
    let signed = signature::sign(&ApiKey::new(KEY), body.as_bytes(), clock.now().timestamp_millis());
    assert_eq!(program::post(&whole.url(), body, Some(&signed)).0, 200);
    whole.until("the call", |state| state.calls.len() == 1);
    support::save_picture(&mut whole.harness, "ringing-tight");

    let state = format!("Answering calls on port {}", whole.url().split([':', '/']).nth(4).unwrap());
    let rings = "(415) 555-2671 calls (415) 555-0100";
    for (words, font) in [(state.as_str(), text::medium(text::BODY)), (rings, text::medium(text::SMALL))] {
        let (shown, natural) =
            (whole.harness.get_by_label(words).rect().width(), natural(&whole, words, font));
        assert!(shown + 0.5 >= natural, "{words}: {shown} of {natural}");
    }
    // From left to right, each ends before the next begins.
    let names =
        [rings, "Guided start, 1 of 6 steps done", "Close…", "Help", "Messages", "Discard", "Publish"];
    for name in names {
        whole.until_seen(name, |whole| whole.harness.query_by_role_and_label(Role::Button, name).is_some());
    }
    let boxes = names.map(|name| whole.harness.get_by_role_and_label(Role::Button, name).rect());
    for (name, pair) in names.iter().zip(boxes.windows(2)) {
        assert!(pair[0].right() <= pair[1].left(), "{name} lies over what follows: {pair:?}");
    }
    assert!(boxes.last().unwrap().right() <= 1000.0);
    whole.stop();
}
