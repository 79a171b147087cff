//! Says things on standard error, where there may be nobody any more who reads: neither a closed
//! terminal nor a pipe that is full may keep the guard from its work.

use std::io::Write;
use std::sync::OnceLock;
use std::sync::mpsc::{SyncSender, sync_channel};
use std::thread::Builder;

/// So many lines wait for who reads slowly; what comes then stays unsaid.
const WAITING: usize = 64;

/// Says a line, sooner or later; waits for nothing.
pub(super) fn tell(line: String) {
    static SPEAKER: OnceLock<Option<SyncSender<String>>> = OnceLock::new();
    if let Some(speaker) = SPEAKER.get_or_init(start) {
        let _ = speaker.try_send(line);
    }
}

fn start() -> Option<SyncSender<String>> {
    let (speaker, lines) = sync_channel::<String>(WAITING);
    let speak = move || {
        for line in lines {
            // In one piece, as the child says things there too.
            let _ = std::io::stderr().write_all(format!("{line}\n").as_bytes());
        }
    };
    Builder::new().name("tell".into()).spawn(speak).ok()?;
    Some(speaker)
}
