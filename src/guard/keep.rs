//! Starts the child, waits for its end, and starts it again.

use std::io;
use std::path::Path;
use std::pin::pin;
use std::process::{ExitStatus, Stdio};
use std::time::{Duration, Instant};

use tokio::process::{Child, Command};
use tokio::time::{sleep, timeout};

use super::deaths::{Death, Deaths};
use super::socket::{Line, Sockets};
use super::tell::tell;
use super::{AGAIN, BROKE, ENDED, Mode, REFUSED, UNSAVED};

/// Tells the child that it is one, and how it is started.
const MODE: &str = "SWITCHBOARD_GUARD";
/// Tells the child whether there was one before it.
const IS_AGAIN: &str = "SWITCHBOARD_GUARD_AGAIN";
/// Tells the child how the one before it died.
const DIED: &str = "SWITCHBOARD_GUARD_DIED";
/// How long the child may take to end when it is asked to; it has shorter limits of its own.
const END: Duration = Duration::from_secs(12);
/// The pause before another try where the system starts no program.
const RETRY: Duration = Duration::from_millis(500);

/// What a guard's child knows of its start.
#[derive(Debug, Default)]
pub struct Guarded {
    /// How it is started.
    pub mode: Mode,
    /// There was one before it.
    pub is_again: bool,
    /// How the one before it died, if it did, in the system's words.
    pub died: Option<String>,
    /// Gives it its listening sockets, where the system can hand them down.
    pub line: Option<Line>,
    /// The guard itself.
    pub guard: Option<Parent>,
}

impl Guarded {
    /// What this process was told; `None` if it is no guard's child.
    #[must_use]
    pub fn of_this_process() -> Option<Self> {
        let mode = Mode::of_name(&std::env::var(MODE).ok()?)?;
        let died = std::env::var(DIED).ok().filter(|died| !died.is_empty());
        let is_again = std::env::var(IS_AGAIN).is_ok_and(|again| again == "yes");
        Some(Self { mode, is_again, died, line: Line::of_this_process(), guard: Parent::of_this_process() })
    }
}

/// The process that started this one.
#[derive(Clone, Copy, Debug)]
pub struct Parent(u32);

impl Parent {
    /// `None` where the system does not tell whether it still lives.
    #[cfg_attr(unix, expect(clippy::unnecessary_wraps, reason = "as on systems that do not tell"))]
    fn of_this_process() -> Option<Self> {
        #[cfg(unix)]
        return Some(Self(std::os::unix::process::parent_id()));
        #[cfg(not(unix))]
        None
    }

    /// Whether it still lives, so that somebody starts this program again.
    #[must_use]
    pub fn is_there(self) -> bool {
        Self::of_this_process().is_some_and(|now| now.0 == self.0)
    }
}

/// Is the guard of this program, called as this process was, until the program ends on purpose or
/// the guard is told to stop. Gives the exit code; the error says why there can be no guard at all.
pub fn keep() -> io::Result<u8> {
    let program = std::env::current_exe()?;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(keep_up(&program))
}

async fn keep_up(program: &Path) -> io::Result<u8> {
    let mut sockets = Sockets::default();
    let mut deaths = Deaths::default();
    let mut died = String::new();
    let mut stop = pin!(told_to_stop());
    let mut starts: u64 = 0;
    loop {
        let (ours, theirs) = Line::pair()?;
        let mut child = match start(program, deaths.mode(), starts > 0, &died, theirs) {
            Ok(child) => child,
            Err(cause) if starts == 0 => return Err(cause),
            Err(cause) => {
                tell(format!("Switchboard cannot be started ({cause}); trying again"));
                tokio::select! {
                    () = sleep(RETRY) => continue,
                    () = &mut stop => return Ok(own_code(ENDED.into())),
                }
            }
        };
        starts += 1;
        // Only now, as nothing is as urgent as another start.
        if !died.is_empty() {
            tell(format!("Switchboard broke off ({died}) and is started again"));
        }
        let ended = tokio::select! {
            ended = child.wait() => ended?,
            never = sockets.hand_down(&ours) => match never {},
            () = &mut stop => return Ok(end(child).await?.code().map_or(ENDED, own_code)),
        };
        match ended.code().and_then(|code| u8::try_from(code).ok()) {
            Some(code @ (ENDED | UNSAVED)) => return Ok(own_code(code.into())),
            // What keeps it from starting at all is nothing to be repeated; later on it may pass.
            Some(REFUSED) if starts == 1 => return Ok(own_code(REFUSED.into())),
            Some(AGAIN) => {
                deaths.forget();
                died.clear();
            }
            code => {
                died = ended.to_string();
                let death = if code == Some(BROKE) { Death::Window } else { Death::Program };
                sleep(deaths.add(death, Instant::now())).await;
            }
        }
    }
}

fn start(program: &Path, mode: Mode, is_again: bool, died: &str, line: Stdio) -> io::Result<Child> {
    let mut command = Command::new(program);
    command.args(std::env::args_os().skip(1)).env(MODE, mode.name()).env(DIED, died);
    command.env(IS_AGAIN, if is_again { "yes" } else { "no" });
    command.stdin(line).spawn()
}

/// The guard's own exit code, after the child's.
fn own_code(code: i32) -> u8 {
    u8::from(code != i32::from(ENDED))
}

/// Asks the child to end, and sees to it that it does.
async fn end(mut child: Child) -> io::Result<ExitStatus> {
    #[cfg(unix)]
    if let Some(id) = child.id().and_then(|id| rustix::process::Pid::from_raw(id.cast_signed())) {
        // It may have ended just now.
        let _ = rustix::process::kill_process(id, rustix::process::Signal::TERM);
    }
    // Elsewhere it has heard what the guard heard.
    if let Ok(ended) = timeout(END, child.wait()).await {
        return ended;
    }
    child.kill().await?;
    child.wait().await
}

/// Ends at Ctrl+C, when the system asks this process to stop, or when its terminal is closed. All are
/// noticed from this call on; it needs a runtime.
pub fn told_to_stop() -> impl Future<Output = ()> + Send + 'static {
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        let signals = [SignalKind::terminate(), SignalKind::interrupt()].map(signal);
        let hangup = (!outlives_its_terminal()).then(|| signal(SignalKind::hangup()));
        async move {
            let [Ok(mut terminate), Ok(mut interrupt)] = signals else { return std::future::pending().await };
            let hung_up = async move {
                let Some(Ok(mut hangup)) = hangup else { return std::future::pending::<()>().await };
                hangup.recv().await;
            };
            tokio::select! {
                _ = terminate.recv() => {}
                _ = interrupt.recv() => {}
                () = hung_up => {}
            }
        }
    }
    #[cfg(not(unix))]
    async {
        if tokio::signal::ctrl_c().await.is_err() {
            std::future::pending::<()>().await;
        }
    }
}

/// Whether who started this process wants it to go on without its terminal, as `nohup` does: it is told by
/// ignoring the signal, which listening for it would undo.
#[cfg(unix)]
fn outlives_its_terminal() -> bool {
    use std::io::IsTerminal;
    match std::fs::read_to_string("/proc/self/status") {
        Ok(status) => status
            .lines()
            .find_map(|line| line.strip_prefix("SigIgn:"))
            .and_then(|ignored| u64::from_str_radix(ignored.trim(), 16).ok())
            // The first bit is the first signal, and that is this one.
            .is_some_and(|ignored| ignored & 1 == 1),
        // Other systems do not tell, but `nohup` leaves neither of the two at a terminal.
        Err(_) => !std::io::stdout().is_terminal() && !std::io::stderr().is_terminal(),
    }
}
