//! No command: the window, or without a display the same program without one.

use std::process::ExitCode;

use super::{Args, Failure, serve, start_logging};
use crate::program::Program;

pub(super) fn run(args: &Args) -> Result<ExitCode, Failure> {
    start_logging();
    let program = Program::start(args.options()?)?;
    serve::headless(program)
}
