//! `switchboard publish`: makes the draft live, by the running program or, if none runs, on the files.
//! It shows what changes and refuses what the window refuses.

use std::io::{IsTerminal, Write, stderr, stdin};
use std::process::ExitCode;
use std::sync::Arc;

use clap::Args as ClapArgs;

use super::check::Report;
use super::keeper::Keeper;
use super::{Args, Failure, diff, plugins, table};
use crate::local;
use crate::plugins::{Host, Registry};
use crate::routing::checks::Level;
use crate::routing::{Table, changes};
use crate::service::Clock;
use crate::service::outside::Asked;
use crate::service::publishing::{self, publish_on_files, ready};
use crate::storage::{Home, version};

/// How to publish.
#[derive(Debug, ClapArgs)]
pub(super) struct PublishArgs {
    /// A remark that stays with the version
    #[arg(long, value_name = "TEXT", default_value = "")]
    note: String,

    /// Why it shall be published although test cases fail; stays with the version
    #[arg(long, value_name = "REASON", default_value = "")]
    despite: String,

    /// Do not ask first, as in a script
    #[arg(long)]
    yes: bool,
}

pub(super) fn run(args: &Args, publish: &PublishArgs) -> Result<ExitCode, Failure> {
    let home = args.home()?;
    let keeper = Keeper::of(&home)?;
    let (file, draft) = table::draft(args)?;
    let draft = Arc::new(draft);
    let now = Clock::system().now();
    let registry = plugins::registry(args, Host::default(), now)?;
    if !shows_changes(&home, &keeper, &draft, &registry)? {
        return Ok(ExitCode::SUCCESS);
    }
    let report = Report::of_draft(args, file, Table::clone(&draft), &registry, now);
    for line in report.lines(Level::Warning) {
        say!("{line}");
    }
    let not = |why: &str| format!("Nothing was published. {why}");
    if let Err(held) = ready(draft.clone(), &registry, &publish.despite) {
        return Err(not(&held.words(publishing::DESPITE)).into());
    }
    if !publish.yes && !is_wanted()? {
        say!("Nothing was published");
        return Ok(ExitCode::FAILURE);
    }
    let (note, despite) = (publish.note.as_str(), publish.despite.as_str());
    match keeper {
        Keeper::Program(_) => {
            let (table, note, despite) = (draft, note.to_owned(), despite.to_owned());
            let told = local::have_done(&home, &Asked::Publish { table, note, despite })?;
            say!("{}", told.map_err(|why| not(&why))?);
        }
        Keeper::Nobody => {
            let done = publish_on_files(&home, &draft, (note, despite), &registry, now);
            let done = done.map_err(|why| not(&why))?;
            for trouble in done.troubles {
                complain!("{}", trouble.message);
            }
            say!(
                "Version {} is published; Switchboard is not running, and answers calls by it as soon as it does",
                done.version
            );
        }
    }
    Ok(ExitCode::SUCCESS)
}

/// Tells what changes. Says whether anything does.
fn shows_changes(home: &Home, keeper: &Keeper, draft: &Table, registry: &Registry) -> Result<bool, Failure> {
    let live = match keeper {
        Keeper::Program(status) if status.live_version == 0 => None,
        Keeper::Program(status) => Some(version::version::<Table>(home, status.live_version)?),
        Keeper::Nobody => version::newest::<Table>(home).transpose()?,
    };
    let is_first = live.is_none();
    let (name, before) = match live {
        Some(live) => (format!("version {} (live)", live.version), live.table),
        None => ("an empty table".to_owned(), Table::empty(&draft.country, &draft.zone)),
    };
    let changes = changes(&before, draft, registry);
    if changes.is_empty() && !is_first {
        say!("The draft is the same as {name}; there is nothing to publish");
        return Ok(false);
    }
    diff::print(&name, "the draft", &changes);
    Ok(true)
}

/// Asks whether it shall be published.
fn is_wanted() -> Result<bool, Failure> {
    if !stdin().is_terminal() {
        return Err(
            "Nothing was published, as nobody can be asked here; add --yes to publish without being asked"
                .into(),
        );
    }
    eprint!("Publish it? Calls are answered by it from then on [y/N] ");
    stderr().flush()?;
    let mut answer = String::new();
    stdin().read_line(&mut answer)?;
    Ok(["y", "yes"].contains(&answer.trim().to_lowercase().as_str()))
}
