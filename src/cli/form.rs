//! `switchboard table`: how a table is written, for those who write one by hand.

use std::process::ExitCode;

use clap::Subcommand;

use super::say::whole;
use super::{Args, Failure, plugins, table};
use crate::plugins::{FactInfo, Host};
use crate::routing::Table;
use crate::service::Clock;

/// A small table with something of everything that most tables need.
const EXAMPLE: &str = include_str!("../../assets/table-example.json");

/// What is told.
#[derive(Debug, Subcommand)]
pub(super) enum TableCommand {
    /// Print a small whole table, to be changed and saved as routing.json
    Example,
    /// List the conditions that rules can use, each with an example of its settings, and the facts that
    /// rules can compare
    Conditions,
}

pub(super) fn run(args: &Args, command: &TableCommand) -> Result<ExitCode, Failure> {
    match command {
        TableCommand::Example => whole(EXAMPLE.trim_end()),
        TableCommand::Conditions => conditions(args)?,
    }
    Ok(ExitCode::SUCCESS)
}

fn conditions(args: &Args) -> Result<(), Failure> {
    let registry = plugins::registry(args, Host::default(), Clock::system().now())?;
    for entry in registry.conditions() {
        let (id, info) = (entry.id(), entry.info);
        say!("{} · {}", info.title, info.help);
        say!("  {{ \"condition\": \"{id}\", \"settings\": {} }}", info.example);
    }
    // Those of the draft's own look-ups and lists too, where there is a draft.
    let draft = table::draft(args).map_or_else(|_| Table::empty("US", "UTC"), |(_, draft)| draft);
    say!("\nFacts that fact.compare can go by, and that texts for agents can tell as {{{{name}}}}:");
    for (name, FactInfo { title, example, .. }) in registry.facts(&draft) {
        say!("  {name} · {title}, such as {example}");
    }
    Ok(())
}
