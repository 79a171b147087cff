//! At length nothing grows but what is remembered of calls, which is bounded: memory, threads, sockets and files stay as they are while calls come, tables are
//! published and the window is open. Short here; `tests/soak.sh` goes on for long.
#![cfg(all(target_os = "linux", feature = "desktop"))]
#![allow(clippy::unwrap_used, clippy::expect_used)]

#[path = "support/load.rs"]
mod load;
#[path = "support/program.rs"]
mod program;
mod support;
#[path = "support/whole.rs"]
mod whole;
#[path = "support/wire.rs"]
mod wire;

use std::fs;
use std::path::Path;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant};

use egui::Theme;
use load::Load;
use program::{KEY, payload, rule, table};
use support::desk::click;
use switchboard::retell::ApiKey;
use switchboard::service::messages::Serving;
use switchboard::ui::app::HELD;
use whole::Whole;

/// Calls a second.
const PACE: u32 = 20;

/// So much is remembered of each of the calls of late at most, to know them when they come again and to tell
/// who called before, in KiB.
const REMEMBERED_KIB: u64 = 4;
/// Of so many.
const OF_LATE: u32 = 30_000;

/// What this process holds.
#[derive(Clone, Copy, Debug)]
struct Held {
    memory_kib: u64,
    threads: u64,
    files: u64,
}

impl Held {
    fn now() -> Self {
        let status = fs::read_to_string("/proc/self/status").unwrap();
        let told = |name: &str| {
            let line = status.lines().find(|line| line.starts_with(name)).unwrap();
            line.split_whitespace().nth(1).unwrap().parse().unwrap()
        };
        let files = fs::read_dir("/proc/self/fd").unwrap().count() as u64;
        Self { memory_kib: told("VmRSS:"), threads: told("Threads:"), files }
    }
}

/// Edits the table beside the program, and publishes what the window makes of it.
fn publish(whole: &mut Whole, home: &Path, agent: &str) {
    let mut table = table();
    table.rules = vec![rule("All", None, agent)];
    fs::write(home.join("routing.json"), serde_json::to_vec(&table).unwrap()).unwrap();
    whole.until("the edit", |state| {
        state.draft.rules.first().is_some_and(|rule| rule.then == table.rules[0].then)
            && state.problems.is_empty()
            && !state.changes.is_empty()
    });
    let version = whole.state().live.version;
    click(&mut whole.harness, "Publish");
    click(&mut whole.harness, "Publish now");
    whole.until("the new version", |state| state.live.version > version && state.changes.is_empty());
}

fn seconds(variable: &str, usual: u32) -> u32 {
    std::env::var(variable).ok().and_then(|seconds| seconds.parse().ok()).unwrap_or(usual)
}

/// So many calls at the load's pace; counts the answers as they come, and gives how many were not 200.
fn call(load: &Load, calls: u32, answered: &AtomicU32) -> usize {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
    let body = |n: u32| payload(&format!("+1213{n:07}"), "+12137771235", &format!("call_{n}"));
    let mut refused = 0;
    // A stretch at a time, so that what was answered is let go of.
    for from in (0..calls).step_by(load.per_second as usize) {
        let answers = runtime.block_on(load.send(from..(from + load.per_second).min(calls), body));
        answered.fetch_add(answers.len() as u32, Ordering::Relaxed);
        refused += answers.iter().filter(|(_, answer)| answer.status != 200).count();
    }
    refused
}

#[test]
fn nothing_grows_while_calls_come_and_tables_are_published() {
    let seconds = seconds("SOAK_STEADY_SECONDS", 6);
    let home = tempfile::tempdir().unwrap();
    let mut whole = Whole::start(home.path(), "127.0.0.1:0", [1200.0, 760.0], Theme::Light);
    whole.program.engine().set_keys(vec![ApiKey::new(KEY)]);
    let Serving::Listening(addr) = whole.state().serving else { panic!("not listening") };
    let load = Load { addr, key: KEY, per_second: PACE, at_once: 16 };
    let answered = AtomicU32::new(0);
    let (warm, end) = std::thread::scope(|scope| {
        let all = seconds * PACE * 4 / 3;
        let (load, answered) = (&load, &answered);
        let calling = scope.spawn(move || call(load, all, answered));
        let started = Instant::now();
        let mut warm = None;
        let mut next = started;
        let mut agents = ["vip", "reception"].into_iter().cycle();
        while !calling.is_finished() {
            whole.harness.run_steps(1);
            if Instant::now() >= next {
                publish(&mut whole, home.path(), agents.next().unwrap());
                next = Instant::now() + Duration::from_secs(2);
            }
            if answered.load(Ordering::Relaxed) >= all / 4 {
                warm.get_or_insert_with(Held::now);
            }
            std::thread::sleep(Duration::from_millis(20));
        }
        assert_eq!(calling.join().unwrap(), 0, "not answered with 200");
        (warm.unwrap(), Held::now())
    });
    println!("  {} calls: from {warm:?} to {end:?}", answered.load(Ordering::Relaxed));
    let remembered = u64::from(answered.load(Ordering::Relaxed).min(OF_LATE)) * REMEMBERED_KIB;
    let most = warm.memory_kib + warm.memory_kib / 10 + 16 * 1024 + remembered;
    assert!(end.memory_kib < most, "memory grows");
    // Threads that wait for work come and go, and so do connections.
    assert!(end.threads <= warm.threads + 4, "threads grow");
    assert!(end.files <= warm.files + 16, "files and sockets grow");
    whole.stop();
}

/// Far more than a small business ever has, with the calls on the screen: each is there in the end. How long
/// the frames took is printed.
#[test]
fn sixty_calls_a_second_are_all_shown() {
    let per_second = 60;
    let calls = seconds("SOAK_BUSY_SECONDS", 2) * per_second;
    let home = tempfile::tempdir().unwrap();
    let mut table = table();
    table.rules = vec![rule("All", None, "vip")];
    fs::write(home.path().join("routing.json"), serde_json::to_vec(&table).unwrap()).unwrap();
    let mut whole = Whole::start(home.path(), "127.0.0.1:0", [1200.0, 760.0], Theme::Light);
    whole.program.engine().set_keys(vec![ApiKey::new(KEY)]);
    let Serving::Listening(addr) = whole.state().serving else { panic!("not listening") };
    whole.go_to_calls();
    let load = Load { addr, key: KEY, per_second, at_once: 32 };
    let answered = AtomicU32::new(0);
    let mut frames = std::thread::scope(|scope| {
        let calling = scope.spawn(|| call(&load, calls, &answered));
        let mut frames = Vec::new();
        while !calling.is_finished() {
            let begun = Instant::now();
            whole.harness.run_steps(1);
            frames.push(begun.elapsed());
            // As often as a screen shows a picture.
            std::thread::sleep(Duration::from_millis(16).saturating_sub(begun.elapsed()));
        }
        assert_eq!(calling.join().unwrap(), 0, "not answered with 200");
        frames
    });
    whole.until("all calls", |state| state.total_calls == u64::from(calls));
    whole.until("the last one", |state| state.calls.len() == calls.min(HELD as u32) as usize);
    frames.sort_unstable();
    let [median, most] = [frames.len() / 2, frames.len() * 99 / 100].map(|place| frames[place]);
    println!("  {calls} calls in {} frames: median {median:.1?}, 99% within {most:.1?}", frames.len());
    whole.stop();
}
