//! A program that runs as long as it is wanted, and no longer than this one.
//!
//! On Unix a shell of three lines stands between: it ends the program when its own input closes, which
//! the system does for us however we end, a kill included. On Windows the program is ended when we end
//! in order; after a kill of this process it has to be ended by hand.

use std::io;
use std::path::Path;
use std::process::Stdio;
use std::time::Duration;

use tokio::io::{AsyncBufReadExt, AsyncRead, BufReader};
use tokio::process::{ChildStdin, Command};
use tokio::sync::mpsc;
use tokio::time::timeout;

/// Keeps Windows from opening a console for it.
#[cfg(windows)]
pub(super) const NO_WINDOW: u32 = 0x0800_0000;
/// How long it may take to end when it is asked to.
const STOP: Duration = Duration::from_secs(5);
/// The longest line that is listened to, in bytes; more of it is passed over.
const LONGEST: usize = 64 * 1024;
/// How many lines wait to be heard; a program that prints more waits in turn.
const WAITING: usize = 256;
/// How long after its end something that it printed is waited for.
const LAST_WORDS: Duration = Duration::from_millis(500);

/// Ends the program given as arguments when the standard input closes, first politely; ends with its
/// status.
#[cfg(unix)]
const KEEPER: &str = r#"exec 3<&0
"$0" "$@" 3<&- </dev/null &
program=$!
{ cat <&3; kill "$program"; sleep 3; kill -9 "$program"; } >/dev/null 2>&1 &
guard=$!
exec 3<&-
wait "$program"
status=$?
kill "$guard" 2>/dev/null
exit "$status""#;

/// A running program.
pub(super) struct Child {
    process: tokio::process::Child,
    lines: mpsc::Receiver<String>,
    /// Closed when it is to end.
    input: Option<ChildStdin>,
}

/// What a program did.
#[derive(Debug)]
pub(super) enum Said {
    /// It printed a line.
    Line(String),
    /// It ended, or nobody knows any more whether it runs.
    Ended,
}

impl Child {
    pub(super) fn start(program: &Path, args: &[String], env: &[(&str, String)]) -> io::Result<Self> {
        let mut command = command(program);
        command.args(args).envs(env.iter().map(|(name, value)| (name, value)));
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).kill_on_drop(true);
        let mut process = command.spawn()?;
        let (sender, lines) = mpsc::channel(WAITING);
        if let Some(out) = process.stdout.take() {
            tokio::spawn(read_lines(out, sender.clone()));
        }
        if let Some(errors) = process.stderr.take() {
            tokio::spawn(read_lines(errors, sender));
        }
        let input = process.stdin.take();
        Ok(Self { process, lines, input })
    }

    /// What it does next. May be dropped at any time without losing anything.
    pub(super) async fn next(&mut self) -> Said {
        let Self { process, lines, .. } = self;
        tokio::select! {
            biased;
            Some(line) = lines.recv() => Said::Line(line),
            _ = process.wait() => match timeout(LAST_WORDS, lines.recv()).await {
                Ok(Some(line)) => Said::Line(line),
                _ => Said::Ended,
            },
        }
    }

    /// Ends it and waits for that.
    pub(super) async fn stop(mut self) {
        drop(self.input.take());
        #[cfg(windows)]
        let _ = self.process.start_kill();
        // What it still prints must not hold it up.
        let ending = async {
            while self.lines.recv().await.is_some() {}
            let _ = self.process.wait().await;
        };
        let _ = timeout(STOP, ending).await;
    }
}

#[cfg(unix)]
fn command(program: &Path) -> Command {
    let mut command = Command::new("/bin/sh");
    command.arg("-c").arg(KEEPER).arg(program);
    // Ctrl+C in a terminal is meant for this program, which ends the other one when calls are done.
    command.process_group(0);
    command
}

#[cfg(windows)]
fn command(program: &Path) -> Command {
    let mut command = Command::new(program);
    command.creation_flags(NO_WINDOW);
    command
}

/// Passes on what is printed, line by line.
async fn read_lines(from: impl AsyncRead + Unpin, to: mpsc::Sender<String>) {
    let mut from = BufReader::new(from);
    let mut line = Vec::new();
    loop {
        let Ok(buffer) = from.fill_buf().await else { return };
        if buffer.is_empty() {
            return;
        }
        let end = buffer.iter().position(|&byte| byte == b'\n');
        let room = LONGEST - line.len();
        let part = &buffer[..end.unwrap_or(buffer.len())];
        line.extend_from_slice(&part[..part.len().min(room)]);
        let used = end.map_or(buffer.len(), |end| end + 1);
        from.consume(used);
        if end.is_some()
            && to.send(String::from_utf8_lossy(&std::mem::take(&mut line)).into_owned()).await.is_err()
        {
            return;
        }
    }
}
