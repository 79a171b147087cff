//! `switchboard try`: decides all requests in files, as calls that did not happen.

use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;

use clap::Args as ClapArgs;
use serde_json::json;

use super::{Args, Failure, plugins, route, table};
use crate::routing::{By, Caller, Overrides};
use crate::service::{BUDGET, Batch, Clock, FileOutcome, FileTried, Live, read_requests, try_requests};

/// What to try.
#[derive(Debug, ClapArgs)]
pub(super) struct TryArgs {
    /// Files of requests, or folders of such files: JSON, JSON Lines, curl commands, HAR
    #[arg(required = true, value_name = "FILE OR FOLDER")]
    files: Vec<PathBuf>,

    /// Decide by the table in this file [default: the one that answers calls]
    #[arg(long, value_name = "FILE")]
    table: Option<PathBuf>,

    /// Ask no look-up that has to look into files or the log, or to ask a server
    #[arg(long)]
    ask_nobody: bool,

    /// Print JSON, one line for each request
    #[arg(long)]
    json: bool,
}

pub(super) fn run(args: &Args, wanted: &TryArgs) -> Result<ExitCode, Failure> {
    let (_, table) = table::live_or(args, wanted.table.as_deref())?;
    // What stands above the rules stands above those that answer calls, and not above a file.
    let overrides = match wanted.table.as_deref() {
        Some(_) => Overrides::default(),
        None => route::overrides(args)?,
    };
    let now = Clock::system().now();
    let registry = plugins::registry(args, route::host(args, &table, now)?, now)?;
    let live =
        Live::build(0, Arc::new(table), &registry).map_err(|problems| route::undecidable(&problems))?;
    let batch = Batch {
        live: Arc::new(live),
        overrides: Arc::new(overrides),
        asks_nobody: wanted.ask_nobody,
        budget: BUDGET,
        now,
    };
    let requests = read_requests(&wanted.files);
    if requests.is_empty() {
        return Err("there is no file in what was named".into());
    }
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let (mut tried, mut wrong) = (0_usize, 0_usize);
    runtime.block_on(try_requests(&batch, requests, |one| {
        tried += 1;
        wrong += usize::from(one.result.is_err());
        if wanted.json {
            say!("{}", line_of(&one));
        } else {
            print(&one);
        }
        true
    }));
    if !wanted.json {
        let s = if tried == 1 { "" } else { "s" };
        complain!("{tried} request{s}, {wrong} of them not read");
    }
    Ok(if wrong > 0 { ExitCode::FAILURE } else { ExitCode::SUCCESS })
}

fn print(FileTried { place, result, .. }: &FileTried) {
    let place = Path::new(place).display();
    match result {
        Ok(outcome) => say!("{place}: {}, {}", outcome.effect, by(&outcome.by)),
        Err(why) => say!("{place}: not read: {why}"),
    }
}

fn by(by: &By) -> String {
    match by {
        By::Rule { name, .. } => format!("by rule “{name}”"),
        By::Fallback => "by the fallback".to_owned(),
        By::Override { words, .. } => format!("as an override stands above the rules: {words}"),
        By::Trouble(reason) => format!("by the fallback: {reason}"),
    }
}

fn line_of(FileTried { place, result, .. }: &FileTried) -> serde_json::Value {
    match result {
        Ok(outcome) => {
            let FileOutcome { call, at, line, action, by, effect, answer } = &**outcome;
            let from = match &call.from {
                Caller::Number(number) => Some(number),
                Caller::Withheld => None,
            };
            json!({
                "place": place, "from": from, "to": call.to, "line": line, "at": at, "action": action,
                "by": by, "effect": effect,
                "answer": serde_json::from_str::<serde_json::Value>(answer).unwrap_or_default(),
            })
        }
        Err(why) => json!({ "place": place, "error": why }),
    }
}
