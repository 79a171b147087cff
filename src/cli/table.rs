//! Which table a command is about: a file, or the one in use.

use std::path::{Path, PathBuf};

use crate::cli::{Args, Failure};
use crate::routing::{FORMAT, Table};
use crate::storage::{ReadError, read, version};

/// Reads the table in `file`, or else the one that answers calls.
pub(super) fn live_or(args: &Args, file: Option<&Path>) -> Result<(PathBuf, Table), Failure> {
    if let Some(file) = file {
        return Ok((file.to_owned(), read::read_json(file, FORMAT)?));
    }
    let home = args.home()?;
    match version::newest::<Table>(&home) {
        Some(version) => Ok((home.versions_folder(), version?.table)),
        None => draft(args),
    }
}

/// Reads the table that is being edited.
pub(super) fn draft(args: &Args) -> Result<(PathBuf, Table), Failure> {
    let file = args.home()?.routing_file();
    match read::read_json(&file, FORMAT) {
        Ok(table) => Ok((file, table)),
        Err(ReadError::Missing { .. }) => Err(format!(
            "no table was made here yet; save one there (switchboard table example prints a small one): {}",
            file.display()
        )
        .into()),
        Err(error) => Err(error.into()),
    }
}
