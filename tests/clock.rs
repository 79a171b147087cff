//! A clock that is off or set, and a computer that sleeps: it is told in words before it costs a call, and
//! nothing that takes its time is measured by the clock on the wall.
#![cfg(feature = "desktop")]
#![allow(clippy::unwrap_used, clippy::expect_used)]

#[path = "support/program.rs"]
mod program;
mod support;
#[path = "support/whole.rs"]
mod whole;

use std::net::IpAddr;
use std::process::Command;
use std::sync::atomic::{AtomicI64, AtomicU32, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use chrono::TimeDelta;
use egui::Theme;
use program::{KEY, Running, logged, payload, post};
use support::desk::{click, fill};
use switchboard::guard::Guarded;
use switchboard::program::{Options, Program};
use switchboard::retell::{ApiKey, signature};
use switchboard::service::messages::{Event, Level};
use switchboard::service::{Clock, Grade, Health, Network, Skew};
use switchboard::storage::Home;
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

/// Not even where no genuine call has told yet that the clock is right.
#[test]
fn an_old_request_that_is_sent_again_makes_nothing_red_and_two_that_agree_do() {
    let home = tempfile::tempdir().unwrap();
    let running = Running::start(home.path());
    let url = format!("{}/webhook/inbound", running.url);
    let signed_long_ago = |body: &str| {
        let at = Clock::system().now().timestamp_millis() - 600_000;
        signature::sign(&ApiKey::new(KEY), body.as_bytes(), at)
    };
    let engine = running.program.engine();
    let (serving, proof) = (running.program.serving(), running.program.proof());
    let grade = || engine.standing(&serving.borrow(), &proof.borrow()).grade;
    let level = || engine.skew().borrow().map(Skew::level);

    let again = payload("+14155550199", "+14155552671", "call_again");
    let signature = signed_long_ago(&again);
    for _ in 0..3 {
        assert_eq!(post(&url, &again, Some(&signature)).0, 401);
        assert_eq!((grade(), level()), (Grade::Doubtful, Some(Level::Warning)));
    }
    let mut status = Command::new(env!("CARGO_BIN_EXE_switchboard"));
    status.arg("--home").arg(home.path()).args(["status", "--check"]).env_remove("SWITCHBOARD_HOME");
    let told = status.output().unwrap();
    assert!(told.status.success(), "{told:?}");
    assert!(String::from_utf8_lossy(&told.stdout).contains("the clock may be wrong"), "{told:?}");

    let other = payload("+14155550199", "+14155552671", "call_other");
    assert_eq!(post(&url, &other, Some(&signed_long_ago(&other))).0, 401);
    assert_eq!((grade(), level()), (Grade::Bad, Some(Level::Error)));
    assert_eq!(running.call(&payload("+14155550199", "+14155552671", "call_now")).0, 200);
    assert_eq!((grade(), level()), (Grade::Good, None));
    running.stop();
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

#[test]
fn a_network_that_goes_or_is_another_one_is_told_and_seen_in_the_time_line() {
    let home = tempfile::tempdir().unwrap();
    let (at_home, office) = (IpAddr::from([192, 168, 1, 7]), IpAddr::from([10, 1, 0, 7]));
    let (address, looks) = (Arc::new(Mutex::new(Some(at_home))), Arc::<AtomicU32>::default());
    let (own, looked) = (address.clone(), looks.clone());
    let network = Network::told_by(move || {
        let own = *own.lock().unwrap();
        looked.fetch_add(1, Ordering::Relaxed);
        own
    });
    let files = Home::at(home.path()).unwrap();
    let listen = Some("127.0.0.1:0".parse().unwrap());
    let options = Options { home: files, listen, clock: Clock::system() };
    let running = Running::of(Program::start_in(options, Guarded::default(), network).unwrap());
    while looks.load(Ordering::Relaxed) == 0 {
        std::thread::sleep(Duration::from_millis(2));
    }
    let moves = |to: Option<IpAddr>| *address.lock().unwrap() = to;
    let told = |begins: &str| {
        running.hear(|event| match event {
            Event::Note(note) if note.text.starts_with(begins) => Some(note.text),
            _ => None,
        })
    };
    let is_seen = |told: &str| {
        let noted = Health::Network(told.to_owned());
        running.hear(|event| match event {
            Event::Proof(proof) => {
                proof.timeline.stretches().iter().any(|stretch| stretch.health == noted).then_some(())
            }
            _ => None,
        });
    };

    moves(None);
    told("This computer lost its network at ");
    moves(Some(at_home));
    let again = told("This computer had no network from ");
    assert!(again.contains(" to ") && !again.contains("another"), "{again}");
    is_seen(&again);
    moves(Some(office));
    let elsewhere = told("This computer has been in another network since ");
    is_seen(&elsewhere);
    running.stop();
    let kept = std::fs::read_to_string(home.path().join("outages.json")).unwrap();
    assert!(kept.contains(&again) && kept.contains(&elsewhere), "{kept}");
}
