//! No command: the window, or without a display the same program without one.

use std::process::ExitCode;

use super::{Args, Failure, serve, start_logging};
use crate::program::Program;

#[cfg(feature = "desktop")]
pub(super) fn run(args: &Args) -> Result<ExitCode, Failure> {
    use crate::ui::app;

    start_logging();
    let started = args.options().map_err(Failure::from).and_then(|options| Ok(Program::start(options)?));
    let program = match started {
        Ok(program) => program,
        Err(failure) => {
            // For those who see no terminal. Where there is no display either, nothing is lost.
            let _ = app::run_failed(&failure.to_string());
            return Err(failure);
        }
    };
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

#[cfg(not(feature = "desktop"))]
pub(super) fn run(args: &Args) -> Result<ExitCode, Failure> {
    start_logging();
    serve::headless(Program::start(args.options()?)?)
}
