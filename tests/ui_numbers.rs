//! The tab "Numbers" used as a person would, with made-up numbers and on a running program.
#![cfg(feature = "desktop")]
#![allow(clippy::unwrap_used, clippy::expect_used)]

#[path = "support/program.rs"]
mod program;
mod support;
#[path = "support/watching.rs"]
mod watching;
#[path = "support/whole.rs"]
mod whole;

use std::sync::Arc;
use std::time::Duration;

use egui::{Role, Theme, Ui};
use egui_kittest::Harness;
use egui_kittest::kittest::Queryable;
use switchboard::service::messages::Command;
use switchboard::service::numbers::{LookUpTimes, Numbers, NumbersTold, NumbersWish, Share, Usual};
use switchboard::storage::Home;
use switchboard::storage::call_log::search::{DecidedBy, Filter};
use switchboard::storage::call_log::{Detail, LogWriter, Record, Summary};
use switchboard::ui::app::{Action, Actions, State};
use switchboard::ui::calls::CallsScreen;
use switchboard::ui::widgets::shell::Place;
use watching::{empty_state, framed, full_state, now};
use whole::Whole;

struct World {
    state: State,
    screen: CallsScreen,
    actions: Actions,
    /// How many times the usual.
    many: u64,
}

fn numbers(wish: NumbersWish, many: u64) -> Numbers {
    let share =
        |name: &str, calls: u64| Share { what: name.to_owned(), name: name.into(), calls: calls * many };
    let rule = |name: &str, calls| Share {
        what: DecidedBy::Rule(name.to_lowercase()),
        name: name.into(),
        calls: calls * many,
    };
    let fallback = Share { what: DecidedBy::Fallback, name: String::new(), calls: 31 * many };
    let bell = |hour: usize| 9.0 * (-((hour as f32 - 11.0) / 4.5).powi(2)).exp();
    let callers = (0..10).map(|n| Share {
        what: format!("+1415555{:04}", 2671 + n * 37),
        name: if n % 3 == 0 { "Anna Miller".into() } else { String::new() },
        calls: (31 - n * 2) * many,
    });
    Numbers {
        today: now().date_naive(),
        since: now() - chrono::TimeDelta::days(29),
        calls: 642 * many,
        outcomes: vec![share("connect", 540), share("keep", 71), share("reject", 31)],
        agents: vec![share("Reception", 301), share("Sales", 170), share("After hours", 69)],
        rules: vec![
            rule("Office hours", 410),
            rule("Nights and weekends", 151),
            rule("VIP callers", 50),
            fallback,
        ],
        callers: callers.collect(),
        different_callers: 310 * many,
        withheld: 12 * many,
        week: std::array::from_fn(|day| {
            std::array::from_fn(|hour| {
                (bell(hour) * if day > 4 { 0.3 } else { 1.0 + day as f32 * 0.1 }).round() as u64 * many
            })
        }),
        hours_today: std::array::from_fn(|hour| {
            if hour > 14 { 0 } else { (bell(hour) * 1.2).round() as u64 * many }
        }),
        usual: Some(Usual { hours: std::array::from_fn(|hour| bell(hour) * many as f32), days: 4 }),
        look_ups: vec![
            LookUpTimes { name: "CRM".into(), asked: 610, failed: 3, median_us: 180_000, slow_us: 940_000 },
            LookUpTimes { name: "Contacts".into(), asked: 642, failed: 0, median_us: 700, slow_us: 2100 },
        ],
        timed_calls: 642,
        wish,
    }
}

fn show(ui: &mut Ui, world: &mut World) {
    let World { state, screen, actions, many } = world;
    let mut now = Actions::new();
    framed(ui, Place::Calls, |ui| screen.ui(ui, state, &mut now));
    for action in &now {
        let Action::Send(Command::CountCalls(wish)) = action else { continue };
        let (wish, took) = (wish.clone(), Duration::from_millis(3));
        let numbers = Ok(Arc::new(numbers(wish.clone(), *many)));
        state.numbers = Some(NumbersTold { wish, at: state.now, took, numbers });
        ui.ctx().request_repaint();
    }
    actions.extend(now);
}

fn window(state: State, many: u64, size: [f32; 2], theme: Theme) -> Harness<'static, World> {
    let world = World { state, screen: CallsScreen::default(), actions: Vec::new(), many };
    let mut harness = support::window(size, theme).build_ui_state(show, world);
    harness.run();
    harness.get_by_role_and_label(Role::RadioButton, "Numbers").click();
    harness.run();
    harness
}

/// What was asked for last.
fn asked(harness: &Harness<'static, World>) -> Filter {
    let filters = harness.state().actions.iter().rev().filter_map(|action| match action {
        Action::Send(Command::FindCalls { filter, .. }) => Some(filter.clone()),
        _ => None,
    });
    filters.into_iter().next().unwrap()
}

#[test]
fn a_click_on_a_number_shows_its_calls() {
    let of_span = |filter: Filter| Filter { from_ms: None, before_ms: None, tests: None, ..filter };
    let any = Filter::default;
    let cases = [
        ("Rejected: 31 calls, 5 % of all", Filter { outcome: Some("reject".into()), ..any() }),
        ("Sales: 170 calls, 26 % of all", Filter { agent: Some("Sales".into()), ..any() }),
        ("The fallback: 31 calls, 5 % of all", Filter { decided_by: Some(DecidedBy::Fallback), ..any() }),
        ("(415) 555-2708: 29 calls, 5 % of all", Filter { caller: Some("+14155552708".into()), ..any() }),
        ("CRM: asked 610 times, 3 late", Filter { look_up_failed: true, ..any() }),
    ];
    for (words, filter) in cases {
        let mut harness = window(full_state(), 1, [1280.0, 2000.0], Theme::Light);
        harness.get_by_label_contains(words).click();
        harness.run();
        let found = asked(&harness);
        assert_eq!(found.tests, Some(false), "tests are not in the numbers");
        assert!(found.from_ms.is_some(), "{words}: the time is the one that was counted");
        assert_eq!(of_span(found), filter, "{words}");
        harness.get_by_label("Show all");
    }
}

#[test]
fn hours_lead_to_their_calls() {
    let mut harness = window(full_state(), 1, [1280.0, 2000.0], Theme::Light);
    harness.get_by_label("10:00 to 11:00 today: 10 calls; a usual Monday has 8.6").click();
    harness.run();
    let hour = asked(&harness);
    let ten: chrono::DateTime<chrono::Utc> = "2026-11-23T15:00:00Z".parse().unwrap();
    assert_eq!(hour.from_ms, Some(ten.timestamp_millis()));
    assert_eq!(hour.before_ms, Some(ten.timestamp_millis() + 3_600_000));

    harness.get_by_role_and_label(Role::RadioButton, "Numbers").click();
    harness.run();
    harness.get_by_label("Saturday, 11:00 to 12:00: 3 calls, less than 1 % of all").click();
    harness.run();
    let hour = asked(&harness).hour.unwrap();
    assert_eq!((hour.day, hour.hour, hour.zone.as_str()), (5, 11, "America/New_York"));
    harness.get_by_label("Hour: Sat, 11:00 to 12:00").click();
    harness.run();
    assert_eq!(asked(&harness).hour, None);
}

#[test]
fn numbers_are_counted_again_when_there_are_more_calls_but_not_all_the_time() {
    let counted = |harness: &Harness<'static, World>| {
        let is_count = |action: &&Action| matches!(action, Action::Send(Command::CountCalls(_)));
        harness.state().actions.iter().filter(is_count).count()
    };
    let mut harness = window(full_state(), 1, [1280.0, 800.0], Theme::Light);
    harness.run_steps(5);
    assert_eq!(counted(&harness), 1);
    harness.state_mut().state.total_calls += 1;
    harness.run_steps(5);
    assert_eq!(counted(&harness), 1, "it was counted just before");
    harness.state_mut().state.now += chrono::TimeDelta::seconds(5);
    harness.run_steps(5);
    assert_eq!(counted(&harness), 2);
    harness.get_by_label("7 days").click();
    harness.run();
    assert_eq!(counted(&harness), 3);
}

#[test]
fn hidden_numbers_stay_hidden_and_trouble_is_said() {
    let mut state = full_state();
    state.settings.hide_numbers = true;
    let mut harness = window(state, 1, [1280.0, 2000.0], Theme::Light);
    assert!(harness.query_by_label_contains("555-2708").is_none());
    harness.get_by_label_contains("•08: 29 calls");
    let state = &mut harness.state_mut().state;
    let told = state.numbers.as_mut().unwrap();
    told.numbers = Err("The call log cannot be read just now (it is locked); try again in a moment".into());
    harness.run_steps(2);
    harness.get_by_label_contains("it is locked");
}

#[test]
fn without_calls_it_says_what_will_be_here() {
    window(empty_state(), 1, [1000.0, 640.0], Theme::Light).get_by_label("No numbers yet");
}

/// Calls of the last days up to now.
fn log_of(home: &Home, calls: i64) {
    home.prepare().unwrap();
    let now = switchboard::service::Clock::system().now();
    let log = LogWriter::open(home, now).unwrap();
    let tickets: Vec<_> = (0..calls)
        .map(|n| {
            let connects = n % 4 != 0;
            let summary = Summary {
                at_ms: now.timestamp_millis() - (calls - n) * 1_200_000,
                from: Some(format!("+1415{:07}", 5_550_000 + n * n % 17)),
                to: "+14155550100".into(),
                version: 1,
                rule_name: connects.then(|| "Office hours".into()),
                rule_id: connects.then(|| "hours".into()),
                outcome: if connects { "connect" } else { "reject" }.into(),
                agent: connects.then(|| "Reception".into()),
                attempts: 1,
                ..Summary::default()
            };
            log.record(Record { summary, detail: Detail::default() })
        })
        .collect();
    for ticket in tickets {
        ticket.committed_blocking().unwrap();
    }
}

#[test]
fn a_running_program_counts_its_log_and_saves_a_picture() {
    let folder = tempfile::tempdir().unwrap();
    log_of(&Home::at(folder.path()).unwrap(), 400);
    let mut whole = Whole::start(folder.path(), "127.0.0.1:0", [1280.0, 1800.0], Theme::Light);
    whole.go_to_calls();
    whole.harness.get_by_role_and_label(Role::RadioButton, "Numbers").click();
    whole.harness.run();
    whole.until("the numbers", |state| state.numbers.is_some());
    assert!(whole.says("Rejected: 100 calls, 25 % of all"));

    let file = folder.path().join("calls.png");
    whole.harness.get_by_label("Save these numbers as a picture").click();
    whole.harness.run();
    let path = whole.harness.get_by_role_and_label(Role::TextInput, "Path of the file");
    path.type_text(file.to_str().unwrap());
    whole.harness.run();
    whole.harness.get_by_role_and_label(Role::Button, "Save").click();
    whole.harness.run();
    // Painting is slow in a program that is not optimised.
    let end = std::time::Instant::now() + 6 * program::PATIENCE;
    while !file.exists() && std::time::Instant::now() < end {
        std::thread::sleep(Duration::from_millis(10));
        whole.harness.run_steps(1);
    }
    let picture = image::open(&file).unwrap().to_rgb8();
    assert_eq!(picture.width(), 1650);
    assert!(picture.height() > 1500, "all of it, however high the window is: {}", picture.height());
    let colours: std::collections::HashSet<_> = picture.pixels().collect();
    assert!(colours.len() > 50, "it is not empty: {}", colours.len());
    let kept = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("target/pictures");
    std::fs::create_dir_all(&kept).unwrap();
    picture.save(kept.join("numbers-saved.png")).unwrap();

    whole.harness.get_by_label("Rejected: 100 calls, 25 % of all").click();
    whole.harness.run();
    whole.until("the rejected calls", |state| state.found.len() == 100);
    assert!(whole.says("Outcome: Reject"));
    whole.stop();
}

#[test]
fn pictures() {
    for (size, theme, look) in support::looks() {
        let mut harness = window(full_state(), 1, size, theme);
        support::save_picture(&mut harness, &format!("numbers-top-{look}"));
        let mut harness = window(full_state(), 1723, size, theme);
        support::save_more(&mut harness, &format!("numbers-many-{look}"));
        harness.get_by_label_contains("CRM: asked").scroll_to_me();
        harness.run_steps(20);
        support::save_picture(&mut harness, &format!("numbers-end-{look}"));
        let mut harness = window(empty_state(), 1, size, theme);
        support::save_more(&mut harness, &format!("numbers-none-{look}"));
    }
}
