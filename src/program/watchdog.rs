//! Ends the program when it lives and answers nobody any more, as where everything that answers hangs at
//! once. Its guard then starts it again, which an end is noticed by and a standstill is not.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::mpsc::{RecvTimeoutError, SyncSender, sync_channel};
use std::thread;
use std::time::Duration;

use tokio::runtime::Handle;

use crate::guard::Parent;

/// How often it is looked whether anything is still done.
const EACH: Duration = Duration::from_secs(1);
/// After so many looks in a row without a sign of life, the program ends. Counted in looks and not in time,
/// for a computer that slept, or a program that was stopped, did not hang.
const MISSES: u32 = 6;

/// How long it may take to write down why.
const LAST_WORDS: Duration = Duration::from_millis(300);

/// Watches until it is dropped.
#[derive(Debug)]
pub(super) struct Watchdog {
    _over: SyncSender<()>,
}

impl Watchdog {
    /// Watches whether what is put down for these threads is done, as long as this guard is there.
    pub(super) fn start(runtime: Handle, guard: Parent) -> std::io::Result<Self> {
        let (over, is_over) = sync_channel(0);
        let watch = move || {
            let missed = Arc::<AtomicU32>::default();
            while is_over.recv_timeout(EACH) == Err(RecvTimeoutError::Timeout) {
                if missed.fetch_add(1, Ordering::Relaxed) >= MISSES && guard.is_there() {
                    tracing::error!(
                        "nothing was done for {MISSES} seconds, so the program ends to be started again"
                    );
                    thread::sleep(LAST_WORDS);
                    std::process::abort();
                }
                let missed = missed.clone();
                runtime.spawn(async move { missed.store(0, Ordering::Relaxed) });
            }
        };
        thread::Builder::new().name("watchdog".into()).spawn(watch)?;
        Ok(Self { _over: over })
    }
}
