//! `switchboard diagnostics`: saves what helps those who help, without a word of anybody.

use std::path::PathBuf;
use std::process::ExitCode;

use clap::Args as ClapArgs;

use super::{Args, Failure};
use crate::local;
use crate::service::diagnostics;

/// Where to.
#[derive(Debug, ClapArgs)]
pub(super) struct DiagnosticsArgs {
    /// The zip file to write
    #[arg(value_name = "FILE", default_value = "switchboard-diagnostics.zip")]
    file: PathBuf,
}

pub(super) fn run(args: &Args, diagnostics: &DiagnosticsArgs) -> Result<ExitCode, Failure> {
    let home = args.home()?;
    let status = local::status(&home).ok();
    let file = &diagnostics.file;
    diagnostics::save(&home, status.as_ref(), file)
        .map_err(|cause| format!("It could not be saved ({cause}); name another file: {}", file.display()))?;
    say!("Saved, without keys, numbers and names: {}", file.display());
    Ok(ExitCode::SUCCESS)
}
