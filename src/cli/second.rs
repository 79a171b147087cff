//! A start while the program runs already: it shows the window of that one, and says so.

use std::thread::sleep;
use std::time::{Duration, Instant};

use super::{Args, Failure};
use crate::local::{self, AskError, Summoned};
use crate::program::StartError;
use crate::storage::{Home, HomeError, HomeLock};

/// How long the one that runs may take to say that it is there: it may be starting just now, or be
/// started again after it broke off.
const PATIENCE: Duration = Duration::from_secs(20);
/// The pause between two looks.
const LOOK: Duration = Duration::from_millis(100);

/// Which start this is.
pub(super) enum Which {
    /// The first: no other may begin on these files as long as this is kept. `None` where nothing can
    /// be written, which is told by the program itself.
    First(Option<HomeLock>),
    /// The program runs already; this tells what became of that.
    Second(&'static str),
}

/// Finds out which start this is, and has the window shown, if this one would, by the one that runs.
pub(super) fn which(args: &Args) -> Result<Which, Failure> {
    // What is wrong with the folder, the program tells itself.
    let Ok(home) = args.home() else { return Ok(Which::First(None)) };
    let until = Instant::now() + PATIENCE;
    loop {
        match home.prepare().and_then(|()| home.lock_starts()) {
            Ok(lock) => return Ok(Which::First(Some(lock))),
            Err(HomeError::InUse { .. }) => {}
            Err(_) => return Ok(Which::First(None)),
        }
        if let Some(told) = look(args, &home, until)? {
            return Ok(Which::Second(told));
        }
    }
}

/// Whether this is why the program cannot start.
pub(super) fn is_running(failure: &Failure) -> bool {
    matches!(failure.downcast_ref(), Some(StartError::Home(HomeError::InUse { .. })))
}

/// Has the window shown by the program that runs, and tells what became of that.
pub(super) fn greet(args: &Args) -> Result<&'static str, Failure> {
    let home = args.home()?;
    let until = Instant::now() + PATIENCE;
    loop {
        if let Some(told) = look(args, &home, until)? {
            return Ok(told);
        }
    }
}

/// Asks the program that runs; `None` after a while if it is not known yet.
fn look(args: &Args, home: &Home, until: Instant) -> Result<Option<&'static str>, Failure> {
    if !args.wants_window() {
        return Ok(Some("Switchboard is already running with these files, and goes on"));
    }
    match local::show(home) {
        Ok(Summoned::Shown) => Ok(Some("Switchboard is already running; its window is shown")),
        Ok(Summoned::NoWindow) => Ok(Some(
            "Switchboard is already running with these files, without a window; to see one, end it first with: switchboard stop",
        )),
        // Where nobody answers, it may be starting.
        Ok(Summoned::NotYet) | Err(AskError::Nobody) if Instant::now() < until => {
            sleep(LOOK);
            Ok(None)
        }
        Ok(Summoned::NotYet) => Err("Switchboard is already running, and does not come to show its window".into()),
        Err(AskError::Nobody) => Err(
            "Switchboard is already running with these files, and cannot be reached to show its window; end it and start it again".into(),
        ),
        Err(error) => Err(error.into()),
    }
}
