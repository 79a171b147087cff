//! The call log: no answered call is missing from it after a kill, and no sick disk is felt by
//! callers.

use std::collections::BTreeSet;
use std::fs::{self, File};
use std::io::{Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use crate::load::Load;
use crate::program::{KEY, logged, rule, table};
use crate::serving::{Serving, serve};
#[cfg(target_os = "linux")]
use crate::skip;
use crate::wire::Answer;
use crate::{body, put_table, runtime, times};

/// Trouble is told within this.
const TOLD_WITHIN: Duration = Duration::from_secs(5);

fn home() -> tempfile::TempDir {
    let home = tempfile::tempdir().unwrap();
    let mut table = table();
    table.rules = vec![rule("All", None, "vip")];
    put_table(home.path(), &table);
    home
}

/// A call each 20 ms.
fn steady(serving: &Serving) -> Load {
    Load { addr: serving.addr, key: KEY, per_second: 50, at_once: 64 }
}

fn assert_all_answered(answers: &[(u32, Answer)]) {
    for (number, answer) in answers {
        assert_eq!(answer.status, 200, "call {number}: {answer:?}");
    }
}

/// The numbers of the calls that are in the log, as [`body`] gave them.
fn logged_numbers(home: &Path) -> BTreeSet<u32> {
    let number = |request: &str| {
        let (_, rest) = request.split_once("call_id\":\"call_")?;
        rest.split('"').next()?.parse().ok()
    };
    logged(home).iter().filter_map(|record| number(&record.detail.request)).collect()
}

fn missing(home: &Path, answered: impl IntoIterator<Item = u32>) -> Vec<u32> {
    let logged = logged_numbers(home);
    answered.into_iter().filter(|number| !logged.contains(number)).collect()
}

#[test]
fn kill_9_under_load_loses_no_call_that_was_answered() {
    let kills = times("SOAK_KILLS", 3);
    let home = home();
    let mut answered = Vec::new();
    for round in 0..kills {
        let mut serving = Serving::start(home.path(), KEY);
        let load = steady(&serving);
        let calls = round * 1_000..round * 1_000 + 75;
        let answers = runtime().block_on(async {
            let sending = tokio::spawn(async move { load.send(calls, body).await });
            // Somewhere in the middle, each time elsewhere.
            tokio::time::sleep(Duration::from_millis(500 + u64::from(round) * 137 % 700)).await;
            serving.kill_9();
            sending.await.unwrap()
        });
        answered
            .extend(answers.into_iter().filter(|(_, answer)| answer.status == 200).map(|(number, _)| number));
    }
    assert!(answered.len() > kills as usize * 5, "{}", answered.len());
    let missing = missing(home.path(), answered.iter().copied());
    println!("{kills} kills at 50 calls a second: {} answered, {} missing", answered.len(), missing.len());
    assert_eq!(missing, Vec::<u32>::new());
}

/// A writer that stands still: another program holds the log.
#[test]
fn a_log_that_cannot_be_written_delays_no_call_and_heals() {
    let stalled = times("SOAK_STALLED_SECONDS", 2);
    let home = home();
    let mut serving = Serving::start(home.path(), KEY);
    let load = steady(&serving);
    let runtime = runtime();
    assert_all_answered(&runtime.block_on(load.send(0..20, body)));
    let other = rusqlite::Connection::open(home.path().join("calls.sqlite3")).unwrap();
    other.execute_batch("BEGIN IMMEDIATE").unwrap();
    let calls = 20 + stalled * 50;
    let answers = runtime.block_on(load.send(20..calls, body));
    assert_all_answered(&answers);
    println!(
        "log held for {stalled} s: all but 1% answered in {:.1?}, the slowest in {:.1?}",
        crate::load::all_but(0.01, &answers),
        crate::load::all_but(0.0, &answers)
    );
    let told = serving.hear_within("Calls are answered, but wait to be logged", TOLD_WITHIN);
    assert!(told.contains("calls.sqlite3"), "{told}");
    other.execute_batch("ROLLBACK").unwrap();
    serving.hear_within("Calls are logged again", TOLD_WITHIN);
    serving.stop();
    assert_eq!(missing(home.path(), 0..calls), Vec::<u32>::new());
}

/// A disk that takes no more: the system lets no file grow beyond a size.
#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_delays_no_call_and_heals() {
    let limit = |id: u32, bytes: &str| {
        let done =
            Command::new("prlimit").args(["--pid", &id.to_string(), &format!("--fsize={bytes}:")]).status();
        done.is_ok_and(|status| status.success())
    };
    let home = home();
    // A file that has grown too large would end the program, did the shell not see to it.
    let serve = serve(home.path());
    let words: Vec<_> = std::iter::once(serve.get_program()).chain(serve.get_args()).collect();
    let mut shell = Command::new("sh");
    shell.args(["-c", "trap '' XFSZ; exec \"$@\"", "sh"]).args(words).env("RETELL_API_KEY", KEY);
    let mut serving = Serving::of(&mut shell);
    let load = steady(&serving);
    let runtime = runtime();
    assert_all_answered(&runtime.block_on(load.send(0..20, body)));
    if !limit(serving.id(), "65536") {
        return skip("prlimit is not installed (Debian package util-linux)");
    }
    assert_all_answered(&runtime.block_on(load.send(20..100, body)));
    serving.hear_within("Calls are answered, but wait to be logged", TOLD_WITHIN);
    assert!(limit(serving.id(), "unlimited"));
    serving.hear_within("Calls are logged again", TOLD_WITHIN);
    assert_all_answered(&runtime.block_on(load.send(100..120, body)));
    serving.stop();
    assert_eq!(missing(home.path(), 0..120), Vec::<u32>::new());
}

/// What is done to the log's files while calls come in, whether it can be noticed at all, and whether
/// every call outlives it.
struct Damage {
    name: &'static str,
    /// Given the log's main file.
    done: fn(&Path),
    is_noticed: bool,
    saves_all: bool,
}

const DAMAGES: [Damage; 5] = [
    // The write-ahead log holds a newer header, which takes this one's place.
    Damage {
        name: "rubbish in the header",
        done: |log| overwrite(log, 0, 100),
        is_noticed: false,
        saves_all: true,
    },
    Damage {
        name: "rubbish in the pages",
        done: |log| overwrite(log, 4096, usize::MAX),
        is_noticed: true,
        saves_all: false,
    },
    Damage {
        name: "half of it gone",
        done: |log| File::options().write(true).open(log).unwrap().set_len(len(log) / 2).unwrap(),
        is_noticed: true,
        saves_all: false,
    },
    Damage {
        name: "no write-ahead log",
        done: |log| fs::remove_file(beside(log, "-wal")).unwrap(),
        is_noticed: true,
        saves_all: true,
    },
    Damage { name: "no log", done: |log| fs::remove_file(log).unwrap(), is_noticed: true, saves_all: true },
];

fn len(file: &Path) -> u64 {
    fs::metadata(file).unwrap().len()
}

fn overwrite(file: &Path, from: u64, bytes: usize) {
    let rest = usize::try_from(len(file) - from).unwrap();
    let mut file = File::options().write(true).open(file).unwrap();
    file.seek(SeekFrom::Start(from)).unwrap();
    file.write_all(&vec![0xA5; bytes.min(rest)]).unwrap();
}

fn beside(log: &Path, tail: &str) -> PathBuf {
    let mut name = log.as_os_str().to_owned();
    name.push(tail);
    name.into()
}

#[test]
fn a_log_damaged_while_calls_come_in_is_told_of_kept_and_goes_on() {
    let runtime = runtime();
    for Damage { name, done, is_noticed, saves_all } in DAMAGES {
        let home = home();
        let log = home.path().join("calls.sqlite3");
        // Some calls are in the file already, and some on their way to it.
        let mut serving = Serving::start(home.path(), KEY);
        assert_all_answered(&runtime.block_on(Load { per_second: 0, ..steady(&serving) }.send(0..100, body)));
        serving.stop();
        let mut serving = Serving::start(home.path(), KEY);
        let load = steady(&serving);
        assert_all_answered(&runtime.block_on(load.send(100..120, body)));
        done(&log);
        assert_all_answered(&runtime.block_on(load.send(120..270, body)));
        if is_noticed {
            let told = serving.hear_within("The call log was damaged", TOLD_WITHIN);
            assert!(told.contains("calls.sqlite3"), "{name}: {told}");
        }
        serving.stop();
        let all = if saves_all { 0..270 } else { 120..270 };
        assert_eq!(missing(home.path(), all), Vec::<u32>::new(), "{name}: {:#?}", serving.said);
    }
}

/// A write to the log may wait so long for its way to the disk: 250 ms, and what a busy debug build takes.
#[cfg(target_os = "linux")]
const SYNCED_WITHIN: f64 = 1.5;

/// What a power cut would take: every write to the log is followed by its way to the disk, soon and time
/// and again while calls come, not only at the end. How soon is printed.
#[cfg(target_os = "linux")]
#[test]
fn every_write_to_the_log_is_followed_by_its_sync() {
    match Command::new("strace").args(["-o", "/dev/null", "true"]).status() {
        Err(_) => return skip("strace is not installed (Debian package strace)"),
        Ok(status) if status.success() => {}
        Ok(_) => return println!("skipped: strace may not trace here"),
    }
    let home = home();
    let trace = home.path().join("trace");
    let serve = serve(home.path());
    let mut traced = Command::new("strace");
    // As a grandchild of what it traces (-D), so that the program is the process that is started here.
    traced.args(["-D", "-f", "-ttt", "-y", "-s", "0", "-e", "trace=pwrite64,fsync,fdatasync", "-o"]);
    traced.arg(&trace).arg(serve.get_program()).args(serve.get_args()).env("RETELL_API_KEY", KEY);
    let mut serving = Serving::of(&mut traced);
    let started = crate::load::now_ms() as f64 / 1e3;
    let calls = times("SOAK_POWER_SECONDS", 2) * 50;
    let answers = runtime().block_on(steady(&serving).send(0..calls, body));
    assert_all_answered(&answers);
    let stopped = crate::load::now_ms() as f64 / 1e3;
    serving.stop();
    let mut waiting = Vec::new();
    let (mut written, mut synced, mut longest) = (0, 0, 0.0_f64);
    for line in
        fs::read_to_string(&trace).unwrap().lines().filter(|line| line.contains("/calls.sqlite3-wal>"))
    {
        let at: f64 = line.split_whitespace().nth(1).and_then(|at| at.parse().ok()).expect(line);
        if at < started {
            // An empty log may go.
        } else if line.contains("pwrite64(") {
            written += 1;
            waiting.push(at);
        } else if line.contains("sync(") {
            synced += u32::from(at < stopped);
            longest = waiting.drain(..).map(|since| at - since).fold(longest, f64::max);
        }
    }
    println!(
        "{calls} calls, {written} writes, each on its way to the disk after {:.0} ms at most, and {synced} syncs before the end",
        longest * 1e3
    );
    assert!(written > 0, "nothing was traced");
    assert!(synced >= 3, "{synced} syncs before the end");
    assert!(longest < SYNCED_WITHIN, "synced after {longest} s only");
    assert_eq!(waiting, Vec::<f64>::new(), "written, and never synced");
}
