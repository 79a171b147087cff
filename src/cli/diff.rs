//! `switchboard diff`: tells what changes from one table to another, in sentences. The exit code
//! is that of `diff`: 0 the same, 1 different, 2 trouble.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::Args as ClapArgs;

use super::{Args, Failure, plugins, say, table};
use crate::plugins::Host;
use crate::routing::{Change, FORMAT, Table, changes};
use crate::service::Clock;
use crate::storage::{Version, read, version};

/// Which tables to compare.
#[derive(Debug, ClapArgs)]
pub(super) struct DiffArgs {
    /// The table before: a version's number, "live", "draft", or a file
    #[arg(default_value = "live")]
    from: Side,

    /// The table after, alike
    #[arg(default_value = "draft")]
    to: Side,

    /// Print JSON
    #[arg(long)]
    json: bool,
}

/// Where a table is.
#[derive(Clone, Debug)]
enum Side {
    Version(u32),
    Live,
    Draft,
    File(PathBuf),
}

impl std::str::FromStr for Side {
    type Err = std::convert::Infallible;

    /// Whatever is no number and no such word is a file, so a file called `12` is `./12`.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let number = text.strip_prefix('v').unwrap_or(text);
        Ok(match text {
            "live" => Self::Live,
            "draft" => Self::Draft,
            _ => number.parse().map_or_else(|_| Self::File(text.into()), Self::Version),
        })
    }
}

impl Side {
    /// What it is called, and the table.
    fn read(&self, args: &Args) -> Result<(String, Table), Failure> {
        Ok(match self {
            Self::Version(number) => {
                let published = version::version::<Table>(&args.home()?, *number)?;
                (format!("version {number}"), published.table)
            }
            Self::Live => {
                let newest = version::newest::<Table>(&args.home()?);
                let version = newest.ok_or("nothing was published yet, so no table is live")??;
                (format!("version {} (live)", version.version), version.table)
            }
            Self::Draft => ("the draft".to_owned(), table::draft(args)?.1),
            Self::File(file) => (file.display().to_string(), read_file(file)?),
        })
    }
}

fn read_file(file: &Path) -> Result<Table, Failure> {
    match read::read_json::<Table>(file, FORMAT) {
        Ok(table) => Ok(table),
        // A version's own file holds a table too.
        Err(error) => match read::read_json::<Version<Table>>(file, version::FORMAT) {
            Ok(version) => Ok(version.table),
            Err(_) => Err(error.into()),
        },
    }
}

pub(super) fn run(args: &Args, diff: &DiffArgs) -> ExitCode {
    match compare(args, diff) {
        Ok(is_same) => ExitCode::from(u8::from(!is_same)),
        Err(failure) => {
            complain!("switchboard: {failure}");
            ExitCode::from(2)
        }
    }
}

fn compare(args: &Args, diff: &DiffArgs) -> Result<bool, Failure> {
    let (from_name, from) = diff.from.read(args)?;
    let (to_name, to) = diff.to.read(args)?;
    let registry = plugins::registry(args, Host::default(), Clock::system().now())?;
    let changes = changes(&from, &to, &registry);
    if diff.json {
        let told = serde_json::json!({ "from": from_name, "to": to_name, "changes": changes });
        say::json(&told)?;
    } else {
        print(&from_name, &to_name, &changes);
    }
    Ok(changes.is_empty())
}

/// Tells changes, a line for each.
pub(super) fn print(from: &str, to: &str, changes: &[Change]) {
    if changes.is_empty() {
        return say!("No differences between {from} and {to}");
    }
    say!("From {from} to {to}:");
    for change in changes {
        say!("  {}", change.words);
    }
}
