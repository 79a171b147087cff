//! `switchboard check`: tells everything that keeps a table from being published.

use std::path::PathBuf;
use std::process::ExitCode;

use clap::Args as ClapArgs;

use super::{Args, Failure, table};
use crate::plugins::Registry;
use crate::routing::{FORMAT, compile};
use crate::storage::read;

/// Which table to check.
#[derive(Debug, ClapArgs)]
pub(super) struct CheckArgs {
    /// The table's file [default: the one being edited, routing.json]
    file: Option<PathBuf>,
}

pub(super) fn run(args: &Args, check: &CheckArgs) -> Result<ExitCode, Failure> {
    let (file, table) = match &check.file {
        Some(file) => (file.clone(), read::read_json(file, FORMAT)?),
        None => table::draft(args)?,
    };
    let Err(problems) = compile(&table, &Registry::built_in()) else {
        println!("No problems: {}", file.display());
        return Ok(ExitCode::SUCCESS);
    };
    let text = std::fs::read_to_string(&file).unwrap_or_default();
    for problem in &problems {
        println!("{}:{}: {problem}", file.display(), read::line_of(&text, &problem.field));
    }
    let count = problems.len();
    eprintln!("{count} {} to put right", if count == 1 { "problem" } else { "problems" });
    Ok(ExitCode::FAILURE)
}
