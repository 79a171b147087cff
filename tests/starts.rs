//! However often the program is started on the same files, there is one of it, and the others say so.
#![cfg(unix)]
#![allow(clippy::unwrap_used, clippy::expect_used)]

#[path = "support/program.rs"]
mod program;
#[path = "support/serving.rs"]
mod serving;

use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::{Child, Command, Output, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use program::{KEY, PATIENCE, Running};
use serving::{Serving, children_of, guarded, serve};
use switchboard::local::{self, Summoned};
use switchboard::storage::Home;

fn wait_for<T>(what: &str, found: impl Fn() -> Option<T>) -> T {
    let until = Instant::now() + PATIENCE;
    loop {
        if let Some(found) = found() {
            return found;
        }
        assert!(Instant::now() < until, "waited in vain for {what}");
        std::thread::sleep(Duration::from_millis(10));
    }
}

/// A start as its owner makes it, where there is no display.
fn window(home: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_switchboard"));
    command.arg("--home").arg(home).args(["--listen", "127.0.0.1:0"]);
    for variable in ["SWITCHBOARD_HOME", "RETELL_API_KEY", "DISPLAY", "WAYLAND_DISPLAY", "WAYLAND_SOCKET"] {
        command.env_remove(variable);
    }
    command
}

/// It ended well and said this.
fn assert_second(output: &Output, says: &str) {
    let said = String::from_utf8_lossy(&output.stdout);
    let wrong = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success() && said.contains(says), "{}: {said}{wrong}", output.status);
    assert_eq!(said.lines().count(), 1, "{said}");
}

fn signal(signal: &str, process: u32) {
    assert!(Command::new("kill").args([signal, &process.to_string()]).status().unwrap().success());
}

/// Ends what is still running, with what it started.
struct Started(Vec<Child>);

impl Drop for Started {
    fn drop(&mut self) {
        for child in &mut self.0 {
            if child.try_wait().ok().flatten().is_none() {
                let children = children_of(child.id());
                signal("-TERM", child.id());
                let _ = child.wait();
                assert!(children.iter().all(|child| !Path::new(&format!("/proc/{child}/stat")).exists()));
            }
        }
    }
}

#[test]
fn twenty_starts_at_once_leave_one() {
    let home = tempfile::tempdir().unwrap();
    let start = |_| {
        window(home.path()).stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap()
    };
    let mut started = Started((0..20).map(start).collect());
    let mut over = Vec::new();
    let until = Instant::now() + PATIENCE * 3;
    while over.len() < 19 {
        assert!(Instant::now() < until, "{} go on", started.0.len());
        over.extend(started.0.extract_if(.., |child| child.try_wait().unwrap().is_some()));
        std::thread::sleep(Duration::from_millis(20));
    }
    for child in over {
        assert_second(&child.wait_with_output().unwrap(), "without a window");
    }
    // And it stays.
    assert_second(&window(home.path()).output().unwrap(), "without a window");
}

#[test]
fn a_start_while_the_guard_starts_the_program_again_gets_no_files() {
    let home = tempfile::tempdir().unwrap();
    let mut first = Serving::of(guarded(home.path()).env("RETELL_API_KEY", KEY));
    let child = wait_for("a child", || first.child());
    signal("-STOP", first.id());
    signal("-9", child);
    wait_for("its end", || first.child().is_none().then_some(()));
    for mut second in [guarded(home.path()), serve(home.path())] {
        assert_second(&second.output().unwrap(), "already running");
    }
    signal("-CONT", first.id());
    first.hear("Answering calls at ");
    assert!(first.stop().success());
}

#[test]
fn a_program_whose_guard_was_killed_keeps_its_files() {
    let home = tempfile::tempdir().unwrap();
    let mut first = Serving::of(guarded(home.path()).env("RETELL_API_KEY", KEY));
    let child = wait_for("a child", || first.child());
    first.kill_9();
    for mut second in [guarded(home.path()), serve(home.path())] {
        assert_second(&second.output().unwrap(), "already running");
    }
    assert_second(&window(home.path()).output().unwrap(), "without a window");
    signal("-TERM", child);
    wait_for("its end", || (!Path::new(&format!("/proc/{child}/stat")).exists()).then_some(()));
}

#[test]
fn the_window_is_brought_over_a_socket_that_only_its_owner_may_use() {
    let folder = tempfile::tempdir().unwrap();
    let home = Home::at(folder.path()).unwrap();
    assert!(local::show(&home).is_err_and(|error| error.to_string().contains("not running")));
    let running = Running::start(folder.path());
    let show = || wait_for("an answer", || local::show(&home).ok());
    assert_eq!(show(), Summoned::NotYet);
    let mode = home.local_socket().metadata().unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
    running.program.summons().no_window();
    assert_eq!(show(), Summoned::NoWindow);
    let came = Arc::new(AtomicBool::new(false));
    let comes = came.clone();
    running.program.summons().bring(move || comes.store(true, Ordering::Relaxed));
    assert_eq!(show(), Summoned::Shown);
    assert!(came.load(Ordering::Relaxed));
    running.stop();
    assert!(!home.local_socket().exists() && local::show(&home).is_err());
}

/// What a crash left does not keep the next one from being found.
#[test]
fn a_killed_program_leaves_nothing_in_the_way() {
    let folder = tempfile::tempdir().unwrap();
    let home = Home::at(folder.path()).unwrap();
    let mut first = Serving::start(folder.path(), KEY);
    wait_for("its socket", || local::show(&home).ok());
    first.kill_9();
    let mut second = Serving::start(folder.path(), KEY);
    assert_eq!(wait_for("its socket", || local::show(&home).ok()), Summoned::NoWindow);
    assert!(second.stop().success());
}

/// Two users, or a copied folder: the port stays the one that was set, and it is said who has it.
#[test]
fn a_port_that_another_switchboard_has_is_told_and_no_other_is_taken() {
    let (home, copy) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let first = Serving::start(home.path(), KEY);
    let port = first.addr.to_string();
    let mut second = Command::new(env!("CARGO_BIN_EXE_switchboard"));
    second.args(["--unguarded", "--home"]).arg(copy.path()).args(["serve", "--listen", &port]);
    let mut second = Started(vec![second.stdin(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap()]);
    let stderr = second.0[0].stderr.take().unwrap();
    let mut lines = std::io::BufRead::lines(std::io::BufReader::new(stderr)).map_while(Result::ok);
    let told = lines.find(|line| line.contains("already used")).unwrap();
    assert!(told.contains("another Switchboard") && told.contains(&first.id().to_string()), "{told}");
}
