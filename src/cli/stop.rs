//! `switchboard stop`: ends the program that runs on the same files, as quitting it does.

use std::process::ExitCode;
use std::thread::sleep;
use std::time::{Duration, Instant};

use super::{Args, Failure};
use crate::local::{self, AskError};

/// How long it may take: it finishes the calls that are under way, and has limits of its own.
const PATIENCE: Duration = Duration::from_secs(20);

pub(super) fn run(args: &Args) -> Result<ExitCode, Failure> {
    let home = args.home()?;
    match local::stop(&home) {
        Ok(()) => {}
        Err(AskError::Nobody) => {
            say!("Switchboard is not running with these files");
            return Ok(ExitCode::SUCCESS);
        }
        Err(error) => return Err(error.into()),
    }
    let until = Instant::now() + PATIENCE;
    while home.is_in_use() {
        if Instant::now() > until {
            return Err(
                "Switchboard was told to stop, and has not yet; end it by force if it does not".into()
            );
        }
        sleep(Duration::from_millis(50));
    }
    say!("Switchboard has stopped");
    Ok(ExitCode::SUCCESS)
}
