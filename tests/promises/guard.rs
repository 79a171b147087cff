//! The guard: whatever the program dies of, no caller is turned away, and it goes on without end.

use std::collections::BTreeSet;
use std::io::{BufRead, BufReader, Write};
use std::net::SocketAddr;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::time::{Duration, Instant};

use rustix::fs::{OFlags, fcntl_setfl};
use tokio::io::AsyncWriteExt;
use tokio::net::TcpStream;
use tokio::time::{sleep, timeout};

use crate::load::now_ms;
use crate::program::{KEY, logged, payload, rule, table};
use crate::serving::{Serving, children_of, guarded};
use crate::{body, put_table, runtime, times, wire};

/// How long a call waits for its answer. Retell does for ten seconds, as does `tests/soak.sh`; a debug
/// build on a busy machine may take a few to answer its first call after each start.
fn patience() -> Duration {
    Duration::from_secs(times("SOAK_RINGS", 60).into())
}

/// Calls a second.
const PACE: u32 = 20;

pub(crate) fn start(home: &Path, faults: &str) -> Serving {
    put_rule(home);
    Serving::of(guarded(home).env("RETELL_API_KEY", KEY).env("FAILPOINTS", faults))
}

/// One rule for all calls.
pub(crate) fn put_rule(home: &Path) {
    let mut table = table();
    table.rules = vec![rule("All", None, "vip")];
    put_table(home, &table);
}

/// What became of calls.
#[derive(Default)]
pub(crate) struct Rung {
    answered: BTreeSet<u32>,
    refused: u32,
    slowest: Duration,
}

/// Rings while `meanwhile` runs, which is given how many calls were answered so far.
pub(crate) fn ring_while(addr: SocketAddr, mut meanwhile: impl FnMut(&AtomicU32)) -> (u32, Rung) {
    let (is_over, answered) = (AtomicBool::new(false), Arc::new(AtomicU32::new(0)));
    let count = answered.clone();
    std::thread::scope(|scope| {
        let ringing = scope.spawn(|| runtime().block_on(ring(addr, &is_over, count)));
        meanwhile(&answered);
        is_over.store(true, Ordering::Relaxed);
        ringing.join().unwrap()
    })
}

/// Sends calls until it is over. One whose connection breaks is sent again, as tunnels and Retell do,
/// as long as Retell waits.
async fn ring(addr: SocketAddr, is_over: &AtomicBool, answered: Arc<AtomicU32>) -> (u32, Rung) {
    let refused = Arc::new(AtomicU32::new(0));
    let mut under_way = Vec::new();
    while !is_over.load(Ordering::Relaxed) {
        let (number, refused, answered) = (under_way.len() as u32, refused.clone(), answered.clone());
        under_way.push(tokio::spawn(async move {
            let started = Instant::now();
            let is_answered = timeout(patience(), ring_once(addr, number, &refused)).await.is_ok();
            answered.fetch_add(u32::from(is_answered), Ordering::Relaxed);
            (number, is_answered, started.elapsed())
        }));
        sleep(Duration::from_secs(1) / PACE).await;
    }
    let sent = under_way.len() as u32;
    let mut rung = Rung::default();
    for call in under_way {
        let (number, is_answered, took) = call.await.unwrap();
        rung.slowest = rung.slowest.max(took);
        if is_answered {
            rung.answered.insert(number);
        }
    }
    rung.refused = refused.load(Ordering::Relaxed);
    (sent, rung)
}

pub(crate) async fn ring_once(addr: SocketAddr, number: u32, refused: &AtomicU32) {
    let body = body(number);
    loop {
        match TcpStream::connect(addr).await {
            Ok(mut socket) => {
                let _ = socket.write_all(&wire::signed(KEY, &body, now_ms())).await;
                match wire::read_answer(&mut socket).await.status {
                    0 => {}
                    status => return assert_eq!(status, 200, "call {number}"),
                }
            }
            Err(_) => drop(refused.fetch_add(1, Ordering::Relaxed)),
        }
        sleep(Duration::from_millis(30)).await;
    }
}

pub(crate) fn assert_all_answered(what: &str, (sent, rung): &(u32, Rung), home: &Path) {
    let Rung { answered, refused, slowest } = rung;
    println!(
        "{what}: {sent} calls, {} answered, {refused} refused, the slowest in {slowest:.1?}",
        answered.len()
    );
    assert_eq!((answered.len(), *refused), (*sent as usize, 0), "{what}");
    let logged = logged(home);
    let missing = answered
        .iter()
        .filter(|number| !logged.iter().any(|record| record.detail.request == body_of(**number, record)));
    assert_eq!(missing.count(), 0, "{what}: answered, but not in the log");
}

/// Requests tell when they were sent, so they are known by the rest.
fn body_of(number: u32, record: &switchboard::storage::call_log::Record) -> String {
    let request = &record.detail.request;
    if request.contains(&format!("\"call_{number}\"")) { request.clone() } else { String::new() }
}

/// Waits for what must come soon.
pub(crate) fn wait_for<T>(what: &str, found: impl Fn() -> Option<T>) -> T {
    let until = Instant::now() + Duration::from_secs(30);
    loop {
        if let Some(found) = found() {
            return found;
        }
        assert!(Instant::now() < until, "waited in vain for {what}");
        std::thread::sleep(Duration::from_millis(5));
    }
}

/// Ends it as the system does: nothing of it is left.
pub(crate) fn stop(mut serving: Serving) {
    let child = wait_for("a child", || serving.child());
    assert!(serving.stop().success());
    assert!(!Path::new(&format!("/proc/{child}/stat")).exists(), "the child lives on");
}

/// Waits until the program that runs now has answered as many calls as come in a second: one in the debug build takes a
/// second or two to answer its first.
pub(crate) fn wait_for_answers(answered: &AtomicU32) {
    let enough = answered.load(Ordering::Relaxed) + PACE;
    wait_for("answers", || (answered.load(Ordering::Relaxed) >= enough).then_some(()));
}

#[test]
fn kill_9_of_the_program_turns_no_caller_away() {
    let kills = times("SOAK_DEATHS", 3);
    let home = tempfile::tempdir().unwrap();
    let serving = start(home.path(), "");
    let mut before = None;
    let mut next =
        || before.replace(wait_for("a child", || serving.child().filter(|child| Some(*child) != before)));
    let rung = ring_while(serving.addr, |answered| {
        for _ in 0..kills {
            next();
            wait_for_answers(answered);
            let child = serving.child().unwrap();
            assert!(Command::new("kill").args(["-9", &child.to_string()]).status().unwrap().success());
        }
        next();
        wait_for_answers(answered);
    });
    stop(serving);
    assert_all_answered(&format!("{kills} times kill -9"), &rung, home.path());
}

#[test]
fn a_call_that_ends_the_program_takes_no_other_with_it() {
    let deaths = times("SOAK_DEATHS", 2);
    for (fault, told) in [("abort", "SIGABRT"), ("overflow", "overflowed its stack")] {
        let home = tempfile::tempdir().unwrap();
        let mut serving = start(home.path(), &format!("{fault}=return(call_deadly)"));
        let rung = ring_while(serving.addr, |answered| {
            for _ in 0..deaths {
                wait_for_answers(answered);
                let deadly = payload("+12137770000", "+12137771235", "call_deadly");
                let request = wire::signed(KEY, &deadly, now_ms());
                let answer = runtime().block_on(wire::send(serving.addr, &request));
                assert_eq!(answer.status, 0, "it died of it");
                serving.hear("is started again");
                // Retell sends it again: it is answered by the fallback, and ends nothing any more.
                let answer = runtime().block_on(wire::send(serving.addr, &request));
                assert_eq!((answer.status, answer.body.as_str()), (200, r#"{"call_inbound":{}}"#));
            }
            wait_for_answers(answered);
        });
        assert!(serving.said.iter().any(|line| line.contains(told)), "{:?}", serving.said);
        stop(serving);
        assert_all_answered(&format!("{deaths} times {fault}"), &rung, home.path());
    }
}

/// A guard whose standard error is of no use; it ends with the test.
struct Mute(Child);

impl Drop for Mute {
    fn drop(&mut self) {
        let children = children_of(self.0.id());
        let _ = self.0.kill();
        let _ = self.0.wait();
        for child in children {
            kill("-KILL", child);
        }
    }
}

fn kill(signal: &str, process: u32) {
    let _ = Command::new("kill").args([signal, &process.to_string()]).status();
}

#[test]
fn a_standard_error_that_is_closed_or_full_holds_up_no_start() {
    for is_full in [false, true] {
        let home = tempfile::tempdir().unwrap();
        put_rule(home.path());
        let (reader, mut writer) = std::io::pipe().unwrap();
        let _reader = is_full.then_some(reader);
        if is_full {
            fcntl_setfl(&writer, OFlags::NONBLOCK).unwrap();
            while writer.write_all(&[b'.'; 4096]).is_ok() {}
            fcntl_setfl(&writer, OFlags::empty()).unwrap();
        }
        let mut command = guarded(home.path());
        command.args(["--log-format", "text"]).env("RETELL_API_KEY", KEY).env_remove("RUST_LOG");
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(writer);
        let mut guard = Mute(command.spawn().unwrap());
        let mut said = BufReader::new(guard.0.stdout.take().unwrap()).lines();
        let line = said.find_map(|line| Some(line.unwrap()).filter(|line| line.contains("http://"))).unwrap();
        let (_, address) = line.split_once("http://").unwrap();
        let addr: SocketAddr = address.split('/').next().unwrap().parse().unwrap();
        let first = wait_for("a child", || children_of(guard.0.id()).first().copied());
        kill("-KILL", first);
        wait_for("another child", || children_of(guard.0.id()).into_iter().find(|child| *child != first));
        let request = wire::signed(KEY, &body(1), now_ms());
        let answer = runtime().block_on(wire::send(addr, &request));
        assert_eq!(answer.status, 200, "full: {is_full}");
        kill("-TERM", guard.0.id());
        assert!(guard.0.wait().unwrap().success());
    }
}

/// What `switchboard` says to these words on this folder.
fn says(home: &Path, words: &[&str]) -> String {
    let mut command = Command::new(env!("CARGO_BIN_EXE_switchboard"));
    command.env_remove("SWITCHBOARD_HOME").env_remove("RETELL_API_KEY");
    let told = command.arg("--home").arg(home).args(words).output().unwrap();
    String::from_utf8(told.stdout).unwrap()
}

/// What `switchboard status` says.
pub(crate) fn status(home: &Path) -> String {
    says(home, &["status"])
}

/// Nobody looks at a window there.
#[test]
fn safe_mode_is_said_without_a_window_and_left_by_a_command() {
    let home = tempfile::tempdir().unwrap();
    let mut serving = start(home.path(), "");
    let mut before = None;
    for _ in 0..3 {
        let child = wait_for("a child", || serving.child().filter(|child| Some(*child) != before));
        assert!(Command::new("kill").args(["-9", &child.to_string()]).status().unwrap().success());
        before = Some(child);
    }
    let safe_mode = "Safe mode: Switchboard broke off several times within a minute";
    serving.hear(safe_mode);
    let said = wait_for("safe mode in the status", || {
        Some(status(home.path())).filter(|said| said.contains(", in safe mode"))
    });
    for words in ["Answering calls on port", safe_mode, "switchboard status --leave-safe-mode"] {
        assert!(said.contains(words), "{words}: {said}");
    }
    let told: serde_json::Value = serde_json::from_str(&says(home.path(), &["status", "--json"])).unwrap();
    assert!(told["status"]["safe_mode"].is_string(), "{told}");
    assert_eq!((&told["status"]["standing"]["grade"], &told["healthy"]), (&"doubtful".into(), &false.into()));

    let said = says(home.path(), &["status", "--leave-safe-mode"]);
    assert_eq!(said, "Everything runs again as you made it\n");
    let said = status(home.path());
    assert!(said.contains("Answering calls on port") && !said.contains("afe mode"), "{said}");
    let said = says(home.path(), &["status", "--leave-safe-mode"]);
    assert!(said.contains("not in safe mode"), "{said}");
    stop(serving);
}

#[test]
fn who_ends_the_guard_ends_the_program() {
    let home = tempfile::tempdir().unwrap();
    stop(start(home.path(), ""));
}

/// Whether this process, and so what it starts, is to go on without its terminal.
fn is_under_nohup() -> bool {
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let ignored = status.lines().find_map(|line| line.strip_prefix("SigIgn:")).unwrap();
    u64::from_str_radix(ignored.trim(), 16).unwrap() & 1 == 1
}

#[test]
fn a_closed_terminal_ends_the_program_in_good_order() {
    if is_under_nohup() {
        return println!("not tried: these tests run under nohup");
    }
    let home = tempfile::tempdir().unwrap();
    let mut serving = start(home.path(), "");
    let child = wait_for("a child", || serving.child());
    // It tells all that ran there.
    kill("-HUP", serving.id());
    kill("-HUP", child);
    serving.hear("Stopping");
    assert!(serving.ended().success());
    assert!(!Path::new(&format!("/proc/{child}/stat")).exists(), "the child lives on");
}

#[test]
fn nohup_lets_the_program_go_on_without_its_terminal() {
    let home = tempfile::tempdir().unwrap();
    put_rule(home.path());
    let plain = guarded(home.path());
    let mut command = Command::new("nohup");
    command.arg(plain.get_program()).args(plain.get_args()).stdout(Stdio::null());
    let serving = Serving::of(command.env_remove("SWITCHBOARD_HOME").env("RETELL_API_KEY", KEY));
    let child = wait_for("a child", || serving.child());
    kill("-HUP", serving.id());
    kill("-HUP", child);
    let request = wire::signed(KEY, &body(1), now_ms());
    assert_eq!(runtime().block_on(wire::send(serving.addr, &request)).status, 200);
    assert_eq!(serving.child(), Some(child));
    stop(serving);
}

#[test]
fn a_guard_that_is_killed_leaves_the_program_answering() {
    let home = tempfile::tempdir().unwrap();
    let mut serving = start(home.path(), "");
    let child = wait_for("a child", || serving.child());
    serving.kill_9();
    assert_eq!(children_of(serving.id()), Vec::<u32>::new());
    let request = wire::signed(KEY, &body(1), now_ms());
    let answer = runtime().block_on(wire::send(serving.addr, &request));
    assert!(Command::new("kill").arg(child.to_string()).status().unwrap().success());
    wait_for("its end", || (!Path::new(&format!("/proc/{child}/stat")).exists()).then_some(()));
    assert_eq!(answer.status, 200);
}
