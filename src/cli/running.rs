//! What `switchboard` and `switchboard serve` have in common: the guard, and how the program ends.

use std::process::ExitCode;

use super::{Args, Failure};
use crate::guard::{self, Guarded};
use crate::program::Program;

/// How the program ended, which it was meant to.
pub(super) enum Ended {
    /// Everything is saved.
    Well,
    /// Not everything could be saved, for this reason.
    Unsaved(Failure),
}

/// Runs the program under a guard, or is told by one to be it. `run` is an error if it cannot start.
pub(super) fn guarded(
    args: &Args,
    run: impl Fn(&Args, Guarded) -> Result<Ended, Failure>,
) -> Result<ExitCode, Failure> {
    if let Some(guarded) = Guarded::of_this_process() {
        return Ok(ExitCode::from(code(run(args, guarded))));
    }
    if !args.unguarded {
        match guard::keep() {
            Ok(code) => return Ok(ExitCode::from(code)),
            Err(cause) => eprintln!("Nothing will start Switchboard again if it breaks off ({cause})"),
        }
    }
    match run(args, Guarded::default())? {
        Ended::Well => Ok(ExitCode::SUCCESS),
        Ended::Unsaved(failure) => Err(failure),
    }
}

/// What the guard is told.
fn code(ended: Result<Ended, Failure>) -> u8 {
    let (code, failure) = match ended {
        Ok(Ended::Well) => return guard::ENDED,
        Ok(Ended::Unsaved(failure)) => (guard::UNSAVED, failure),
        Err(failure) => (guard::REFUSED, failure),
    };
    eprintln!("switchboard: {failure}");
    code
}

/// Ends the program.
pub(super) fn stop(program: Program) -> Ended {
    match program.stop() {
        Ok(()) => Ended::Well,
        Err(unsaved) => Ended::Unsaved(unsaved.into()),
    }
}
