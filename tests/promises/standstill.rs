//! A program that lives and answers nobody any more is ended, and started again.

use std::sync::atomic::AtomicU32;
use std::time::Duration;

use futures_util::future::join_all;
use tokio::time::timeout;

use crate::guard::{ring_once, start, stop, wait_for};
use crate::runtime;

/// Long enough for a standstill, its end, and another start of a debug build on a busy machine.
const PATIENCE: Duration = Duration::from_mins(2);

#[test]
fn calls_that_hang_all_at_once_are_answered_after_another_start() {
    let home = tempfile::tempdir().unwrap();
    let serving = start(home.path(), "decide=sleep(600000)");
    let first = wait_for("a child", || serving.child());
    // One more than there are threads that answer, so that none is left.
    let threads = std::thread::available_parallelism().map_or(4, |cores| cores.get().max(4)) as u32;
    let refused = AtomicU32::new(0);
    let ringing = join_all((0..=threads).map(|number| ring_once(serving.addr, number, &refused)));
    runtime().block_on(async { timeout(PATIENCE, ringing).await }).expect("every call is answered");
    assert_eq!(refused.into_inner(), 0);
    assert_ne!(wait_for("a child", || serving.child()), first, "it was started again");
    stop(serving);
}
