//! No command: the window, or without a display the same program without one.

use std::process::ExitCode;

#[cfg(feature = "desktop")]
use super::start_logging;
use super::{Args, Failure, serve};
#[cfg(feature = "desktop")]
use crate::program::Program;

#[cfg(feature = "desktop")]
pub(super) fn run(args: &Args) -> Result<ExitCode, Failure> {
    use crate::ui::app;

    let options = args.options().map_err(in_a_window)?;
    let home = options.home.clone();
    let program = Program::start(options).map_err(in_a_window)?;
    let _logging = start_logging(&home);
    // Calls come first: the port is taken, or found blocked, before anything is drawn.
    program.wait_until_tried();
    let window = app::Window {
        connect: Box::new(|wake| program.connect(wake)),
        registry: program.registry(),
        clock: program.clock(),
    };
    match app::run(window) {
        Ok(()) => {
            program.stop()?;
            Ok(ExitCode::SUCCESS)
        }
        Err(error) => {
            eprintln!("{error}");
            serve::headless(program)
        }
    }
}

/// Shows why nothing starts, for those who see no terminal; without a display that is no loss.
#[cfg(feature = "desktop")]
fn in_a_window(failure: impl Into<Failure>) -> Failure {
    let failure = failure.into();
    let _ = crate::ui::app::run_failed(&failure.to_string());
    failure
}

#[cfg(not(feature = "desktop"))]
pub(super) fn run(args: &Args) -> Result<ExitCode, Failure> {
    serve::run(args)
}
