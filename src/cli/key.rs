//! `switchboard key`: the API key that calls are signed with, for those who have no window.

use std::process::ExitCode;

use clap::Subcommand;

use super::keeper::Keeper;
use super::{Args, Failure, hidden};
use crate::local;
use crate::service::Clock;
use crate::service::keys::{KeyChange, change_keys_on_files, masked};
use crate::service::outside::Asked;
use crate::storage::secrets::KEY_VARIABLE;
use crate::storage::{Secret, SecretStore};

/// What is done with the key.
#[derive(Debug, Subcommand)]
pub(super) enum KeyCommand {
    /// Set the key that comes on standard input; the one before is accepted until it is forgotten
    Set,
    /// Forget the key before, so that only the current one is accepted
    Forget {
        /// Forget every key: all calls are refused until another is set
        #[arg(long)]
        all: bool,
    },
    /// Tell which key is kept, by its end
    Show,
}

pub(super) fn run(args: &Args, command: &KeyCommand) -> Result<ExitCode, Failure> {
    let change = match command {
        KeyCommand::Set => KeyChange::Set(read()?),
        KeyCommand::Forget { all: false } => KeyChange::ForgetPrevious,
        KeyCommand::Forget { all: true } => KeyChange::ForgetAll,
        KeyCommand::Show => return show(args),
    };
    let home = args.home()?;
    match Keeper::of(&home)? {
        Keeper::Program(_) => {
            let told = local::have_done(&home, &Asked::Keys(change))??;
            say!("{told}; this counts from now on");
        }
        Keeper::Nobody => {
            let told = change_keys_on_files(&home, &change, Clock::system().now())?;
            say!("{told}; Switchboard is not running, and this counts as soon as it does");
            warn_of_variable();
        }
    }
    Ok(ExitCode::SUCCESS)
}

fn read() -> Result<Secret, Failure> {
    let key = hidden::read("API key")?;
    if let Some(odd) = key.odd_key() {
        complain!("{odd}");
    }
    Ok(key)
}

fn warn_of_variable() {
    if std::env::var(KEY_VARIABLE).is_ok_and(|key| !key.trim().is_empty()) {
        complain!("{KEY_VARIABLE} is set here; a program that is started with it goes by that key");
    }
}

fn show(args: &Args) -> Result<ExitCode, Failure> {
    let (store, ..) = SecretStore::open_with(&args.home()?, None, Clock::system().now());
    let keys = store.stored();
    match &keys.current {
        Some(key) => say!("{}", masked(key.expose())),
        None => say!("No key is kept; switchboard key set takes one on standard input"),
    }
    if let Some(before) = &keys.previous {
        say!("The key before is still accepted: {}", masked(before.expose()));
    }
    warn_of_variable();
    Ok(ExitCode::SUCCESS)
}
