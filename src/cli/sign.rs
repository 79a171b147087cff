//! `switchboard sign`: a fresh signature header for a body, so that a request can be sent by hand.

use std::io::Read;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::Args as ClapArgs;

use super::{Args, Failure};
use crate::retell::{ApiKey, signature};
use crate::service::Clock;
use crate::storage::SecretStore;

/// What to sign.
#[derive(Debug, ClapArgs)]
pub(super) struct SignArgs {
    /// The file that holds the body, byte for byte as it will be sent; - for standard input
    #[arg(long, value_name = "FILE")]
    body: PathBuf,
}

pub(super) fn run(args: &Args, sign: &SignArgs) -> Result<ExitCode, Failure> {
    let now = Clock::system().now();
    let body = read_body(&sign.body)?;
    let (_, keys, _) = SecretStore::open(&args.home()?, now);
    let key = keys.current.ok_or(
        "there is no API key to sign with; paste it in the window under Settings, set it with: switchboard key set, or set RETELL_API_KEY",
    )?;
    let value = signature::sign(&ApiKey::new(key.expose()), &body, now.timestamp_millis());
    say!("{}: {value}", signature::HEADER);
    Ok(ExitCode::SUCCESS)
}

fn read_body(file: &Path) -> Result<Vec<u8>, Failure> {
    if file == Path::new("-") {
        let mut body = Vec::new();
        std::io::stdin().read_to_end(&mut body)?;
        return Ok(body);
    }
    std::fs::read(file).map_err(|cause| {
        format!("the body cannot be read ({cause}); check the name: {}", file.display()).into()
    })
}
