//! A clock that is off or set, and a computer that sleeps: it is told in words before it costs a call, and
//! nothing that takes its time is measured by the clock on the wall.
#![cfg(feature = "desktop")]
#![allow(clippy::unwrap_used, clippy::expect_used)]

#[path = "support/program.rs"]
mod program;
mod support;
#[path = "support/whole.rs"]
mod whole;

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use chrono::TimeDelta;
use egui::Theme;
use program::{KEY, Running, logged, payload, post};
use support::desk::{click, fill};
use switchboard::retell::{ApiKey, signature};
use switchboard::service::messages::{Event, Level};
use switchboard::service::{Clock, Health, Skew};
use whole::Whole;

/// A clock that is off by as many milliseconds as the number says.
fn wrong_by(ms: &Arc<AtomicI64>) -> Clock {
    let (ms, right) = (ms.clone(), Clock::system());
    Clock::turned_by(move || right.now() + TimeDelta::milliseconds(ms.load(Ordering::Relaxed)))
}

/// Calls as Retell does, whose clock is right.
fn call(url: &str, number: usize) -> u16 {
    let body = payload("+14155550199", "+14155552671", &format!("call_{number}"));
    let at = Clock::system().now().timestamp_millis();
    post(url, &body, Some(&signature::sign(&ApiKey::new(KEY), body.as_bytes(), at))).0
}

#[test]
fn a_clock_that_is_off_is_told_in_words_before_it_costs_a_call() {
    let home = tempfile::tempdir().unwrap();
    let off = Arc::<AtomicI64>::default();
    let size = [1000.0, 640.0];
    let mut whole = Whole::start_at(home.path(), "127.0.0.1:0", wrong_by(&off), size, Theme::Light);
    whole.go("Settings");
    fill(&mut whole.harness, "Paste your API key", KEY);
    click(&mut whole.harness, "Save the API key");
    whole.until("the key", |state| state.keys.current.is_some());
    let url = whole.url();
    for (number, (seconds, status, told, level)) in [
        (20, 200, "", None),
        (45, 200, "This computer's clock is 45 seconds ahead", Some(Level::Warning)),
        (-170, 200, "This computer's clock is 3 minutes behind", Some(Level::Error)),
        (-420, 401, "Calls are refused: this computer's clock is 7 minutes behind", Some(Level::Error)),
        (3600, 401, "Calls are refused: this computer's clock is 60 minutes ahead", Some(Level::Error)),
        (1, 200, "", None),
    ]
    .into_iter()
    .enumerate()
    {
        off.store(seconds * 1000, Ordering::Relaxed);
        assert_eq!(call(&url, number), status, "{seconds} s off");
        whole.until_seen(told, |whole| {
            let skew = whole.state().skew;
            let words = skew.map(Skew::words).unwrap_or_default();
            words == told && (told.is_empty() || whole.says(told))
        });
        assert_eq!(whole.state().skew.map(Skew::level), level, "{seconds} s off");
        if status == 401 {
            assert!(whole.says("Calls are refused: the clock is wrong"));
            support::save_picture(&mut whole.harness, "clock-wrong");
        }
    }
    let refused = whole.state().refused.iter().find(|refused| refused.code == "clock").unwrap();
    assert!(refused.reason.contains("turn on automatic time"), "{}", refused.reason);
    whole.stop();
}

#[test]
fn steps_of_the_clock_change_no_duration_and_no_answer() {
    let home = tempfile::tempdir().unwrap();
    let off = Arc::<AtomicI64>::default();
    let running = Running::start_at(home.path(), wrong_by(&off));
    let second = payload("+14155550199", "+14155552671", "call_again");
    let mut sent = 0;
    for step in [10, -10, 3600, -3600, 31_536_000, -31_536_000, 0] {
        let body = payload("+14155550199", "+14155552671", &format!("call_{step}"));
        assert_eq!(running.call(&body).0, 200);
        off.store(step * 1000, Ordering::Relaxed);
        let answer = running.call(&body);
        assert_eq!((answer.0, running.call(&second).0), (200, 200), "a step of {step} s");
        sent += 1;
    }
    running.stop();
    let records = logged(home.path());
    assert_eq!(records.len(), sent + 1, "each call is one, however often it came");
    for record in &records {
        let took = Duration::from_micros(record.summary.took_us);
        assert!(took < Duration::from_secs(5), "{took:?}");
        assert!(record.summary.attempts > 1);
    }
}

#[test]
fn a_clock_that_was_set_is_told() {
    let home = tempfile::tempdir().unwrap();
    let off = Arc::<AtomicI64>::default();
    let running = Running::start_at(home.path(), wrong_by(&off));
    off.store(-3_600_000, Ordering::Relaxed);
    let told = running.hear(|event| match event {
        Event::Note(note) if note.text.contains("clock was set") => Some(note.text),
        _ => None,
    });
    assert_eq!(told, "This computer's clock was set back by 60 min");
    running.stop();
}

#[test]
fn a_night_asleep_is_told_and_seen_in_the_time_line() {
    let home = tempfile::tempdir().unwrap();
    let slept = Arc::<AtomicI64>::default();
    let (asleep, right) = (slept.clone(), Clock::system());
    let passed =
        move || right.passed() + Duration::from_millis(asleep.load(Ordering::Relaxed).unsigned_abs());
    let running = Running::start_at(home.path(), wrong_by(&slept).passing(passed));
    slept.store(8 * 3_600_000, Ordering::Relaxed);
    let told = running.hear(|event| match event {
        Event::Note(note) if note.text.starts_with("This computer slept from ") => Some(note.text),
        _ => None,
    });
    assert!(told.ends_with("calls were not answered by Switchboard"), "{told}");
    running.hear(|event| match event {
        Event::Proof(proof) => {
            let stretch = proof.timeline.stretches().first()?;
            let hours = (stretch.until - stretch.from).num_minutes() as f32 / 60.0;
            (stretch.health == Health::Away(told.clone()) && (7.9..8.2).contains(&hours)).then_some(())
        }
        _ => None,
    });
    running.stop();
    let kept = std::fs::read_to_string(home.path().join("outages.json")).unwrap();
    assert!(kept.contains(&told), "{kept}");
}
