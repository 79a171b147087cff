//! No command: the window, or without a display the same program without one.

use std::process::ExitCode;

use super::{Args, Failure, serve, start_logging};
use crate::program::Program;

pub(super) fn run(args: &Args) -> Result<ExitCode, Failure> {
    let options = args.options()?;
    let _logging = start_logging(&options.home);
    let program = Program::start(options)?;
    serve::headless(program)
}
