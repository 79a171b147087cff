//! What `switchboard` and `switchboard serve` have in common: that there is one of them on the same files,
//! the guard, and how the program ends.

use std::process::ExitCode;

use super::second::{self, Which};
use super::{Args, Failure};
use crate::guard::{self, Guarded};
use crate::program::Program;

/// How the program ended, which it was meant to.
pub(super) enum Ended {
    /// Everything is saved.
    Well,
    /// Not everything could be saved, for this reason.
    Unsaved(Failure),
    /// To be started afresh, with a window.
    #[cfg(feature = "desktop")]
    Again,
    /// Its window broke, so it is to be started afresh, with one as long as that does not go on.
    #[cfg(feature = "desktop")]
    Broke,
}

/// Runs the program under a guard, or is told by one to be it. `run` is an error if it cannot start.
pub(super) fn guarded(
    args: &Args,
    run: impl Fn(&Args, Guarded) -> Result<Ended, Failure>,
) -> Result<ExitCode, Failure> {
    if let Some(guarded) = Guarded::of_this_process() {
        return Ok(ExitCode::from(code(unless_running(args, run(args, guarded)))));
    }
    // Kept to the end of this process, so also while the guard starts the program again.
    let _first = match second::which(args)? {
        Which::First(lock) => lock,
        Which::Second(told) => {
            say!("{told}");
            return Ok(ExitCode::SUCCESS);
        }
    };
    if !args.unguarded {
        match guard::keep() {
            Ok(code) => return Ok(ExitCode::from(code)),
            Err(cause) => complain!("Nothing will start Switchboard again if it breaks off ({cause})"),
        }
    }
    match unless_running(args, run(args, Guarded::default()))? {
        Ended::Unsaved(failure) => Err(failure),
        _ => Ok(ExitCode::SUCCESS),
    }
}

/// A program whose guard was ended by force goes on without one; then nobody but the program itself
/// has claimed the files.
fn unless_running(args: &Args, ended: Result<Ended, Failure>) -> Result<Ended, Failure> {
    match ended {
        Err(failure) if second::is_running(&failure) => {
            say!("{}", second::greet(args)?);
            Ok(Ended::Well)
        }
        ended => ended,
    }
}

/// What the guard is told.
fn code(ended: Result<Ended, Failure>) -> u8 {
    let (code, failure) = match ended {
        Ok(Ended::Well) => return guard::ENDED,
        #[cfg(feature = "desktop")]
        Ok(Ended::Again) => return guard::AGAIN,
        #[cfg(feature = "desktop")]
        Ok(Ended::Broke) => return guard::BROKE,
        Ok(Ended::Unsaved(failure)) => (guard::UNSAVED, failure),
        Err(failure) => (guard::REFUSED, failure),
    };
    complain!("switchboard: {failure}");
    code
}

/// Ends the program.
pub(super) fn stop(program: Program) -> Ended {
    match program.stop() {
        Ok(()) => Ended::Well,
        Err(unsaved) => Ended::Unsaved(unsaved.into()),
    }
}
