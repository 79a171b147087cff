//! The real program as a process of its own: `switchboard serve`.
#![allow(dead_code, reason = "each test file uses a part")]

use std::io::{BufRead, BufReader};
use std::net::SocketAddr;
use std::path::Path;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, sync_channel};
use std::time::{Duration, Instant};

/// How long anything may take before a test gives up.
const PATIENCE: Duration = Duration::from_secs(30);

/// A running `switchboard serve`; killed when it goes.
pub(crate) struct Serving {
    child: Child,
    pub(crate) addr: SocketAddr,
    lines: Receiver<String>,
    /// All that it said so far.
    pub(crate) said: Vec<String>,
}

/// The command, on this folder and a port of its own: one process, so that tests can end it in any way.
pub(crate) fn serve(home: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_switchboard"));
    command.arg("--unguarded");
    on(&mut command, home);
    command
}

/// The same as its owner starts it: under a guard.
pub(crate) fn guarded(home: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_switchboard"));
    on(&mut command, home);
    command
}

/// The same with a window, on a display that the environment is to name.
pub(crate) fn windowed(home: &Path, addr: SocketAddr) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_switchboard"));
    at(&mut command, home, addr);
    command
}

fn on(command: &mut Command, home: &Path) {
    command.arg("serve");
    at(command, home, SocketAddr::from(([127, 0, 0, 1], 0)));
}

fn at(command: &mut Command, home: &Path, addr: SocketAddr) {
    command.arg("--home").arg(home).args(["--listen", &addr.to_string()]);
    command.env_remove("SWITCHBOARD_HOME").env_remove("RETELL_API_KEY");
}

impl Serving {
    /// Starts on this folder, with this key.
    pub(crate) fn start(home: &Path, key: &str) -> Self {
        Self::of(serve(home).env("RETELL_API_KEY", key))
    }

    /// Starts what serves, and waits until it does.
    pub(crate) fn of(command: &mut Command) -> Self {
        let mut serving = Self::begin(command, SocketAddr::from(([127, 0, 0, 1], 0)));
        let line = serving.hear("Answering calls at ");
        let url = line.split_whitespace().last().unwrap();
        let addr = url.strip_prefix("http://").and_then(|rest| rest.split('/').next()).unwrap();
        serving.addr = addr.parse().unwrap();
        serving
    }

    /// Starts what will serve here.
    pub(crate) fn begin(command: &mut Command, addr: SocketAddr) -> Self {
        let mut child = command.stdin(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap();
        let stderr = BufReader::new(child.stderr.take().unwrap());
        let (tell, lines) = sync_channel(100_000);
        std::thread::Builder::new()
            .name("listen".into())
            .spawn(move || {
                for line in stderr.lines().map_while(Result::ok) {
                    let _ = tell.try_send(line);
                }
            })
            .unwrap();
        Self { child, addr, lines, said: Vec::new() }
    }

    /// Waits for a line that holds this.
    pub(crate) fn hear(&mut self, part: &str) -> String {
        self.hear_within(part, PATIENCE)
    }

    /// The same, but no longer than this.
    pub(crate) fn hear_within(&mut self, part: &str, patience: Duration) -> String {
        let until = Instant::now() + patience;
        loop {
            match self.lines.recv_timeout(until.saturating_duration_since(Instant::now())) {
                Ok(line) => {
                    self.said.push(line.clone());
                    if line.contains(part) {
                        return line;
                    }
                }
                Err(RecvTimeoutError::Timeout) => panic!("never said “{part}”, but: {:#?}", self.said),
                Err(RecvTimeoutError::Disconnected) => panic!("ended, having said: {:#?}", self.said),
            }
        }
    }

    /// The program under the guard; none while it is started again.
    pub(crate) fn child(&self) -> Option<u32> {
        children_of(self.id()).first().copied()
    }

    pub(crate) fn id(&self) -> u32 {
        self.child.id()
    }

    /// Ends it without a warning, as a crash or the system would.
    pub(crate) fn kill_9(&mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    /// Waits for its end, which somebody else asked for.
    pub(crate) fn ended(&mut self) -> ExitStatus {
        self.child.wait().unwrap()
    }

    /// Asks it to end, and waits until it has.
    #[cfg(unix)]
    pub(crate) fn stop(&mut self) -> ExitStatus {
        Command::new("kill").arg(self.id().to_string()).status().unwrap();
        let ended = self.child.wait().unwrap();
        self.said.extend(self.lines.iter());
        ended
    }
}

impl Drop for Serving {
    fn drop(&mut self) {
        let children = children_of(self.id());
        let _ = self.child.kill();
        let _ = self.child.wait();
        for child in children {
            let _ = Command::new("kill").args(["-9", &child.to_string()]).status();
        }
    }
}

/// The processes that this one started, where the system tells.
pub(crate) fn children_of(id: u32) -> Vec<u32> {
    let Ok(processes) = std::fs::read_dir("/proc") else { return Vec::new() };
    let ids = processes.filter_map(|entry| entry.ok()?.file_name().to_str()?.parse::<u32>().ok());
    let is_child = |child: &u32| {
        let stat = std::fs::read_to_string(format!("/proc/{child}/stat")).unwrap_or_default();
        // After the name in parentheses: the state, then the parent. A dead one is no child any more.
        let after = stat.rsplit_once(')').map(|(_, after)| after.split_whitespace().collect::<Vec<_>>());
        after.is_some_and(|after| after.len() > 1 && after[0] != "Z" && after[1] == id.to_string())
    };
    ids.filter(is_child).collect()
}
