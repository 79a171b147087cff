//! Asks the program that runs on the same files, from another process.

use std::io::{self, Read, Write};
use std::sync::mpsc::sync_channel;
use std::thread;
use std::time::Duration;

use serde::de::DeserializeOwned;

use super::line;
use super::summons::Summoned;
use crate::service::Status;
use crate::service::outside::{Asked, Told};
use crate::storage::Home;

/// How long an answer may take: far longer than a program that is well takes.
const PATIENCE: Duration = Duration::from_secs(5);
/// The same where something is to be done, such as writing a large table to a slow disk.
const MORE_PATIENCE: Duration = Duration::from_secs(50);

/// Why there is no answer.
#[derive(Debug, thiserror::Error)]
pub enum AskError {
    /// Nobody is there.
    #[error("Switchboard is not running with these files")]
    Nobody,
    /// Somebody is there and does not answer.
    #[error("Switchboard is running, but does not answer ({0}); end it and start it again")]
    Silent(String),
}

/// Has the running program show its window.
pub fn show(home: &Home) -> Result<Summoned, AskError> {
    read(&ask(home, "POST /show", "", PATIENCE)?)
}

/// Has the running program end, as quitting it does; it is told, and takes its time.
pub fn stop(home: &Home) -> Result<(), AskError> {
    ask(home, "POST /stop", "", PATIENCE).map(drop)
}

/// How the running program is doing.
pub fn status(home: &Home) -> Result<Status, AskError> {
    read(&ask(home, "GET /status", "", PATIENCE)?)
}

/// Has the running program do something, and tells what came of it.
pub fn have_done(home: &Home, asked: &Asked) -> Result<Told, AskError> {
    let asked = serde_json::to_string(asked).map_err(|cause| silent(&cause.to_string()))?;
    read(&ask(home, "POST /do", &asked, MORE_PATIENCE)?)
}

fn read<T: DeserializeOwned>(text: &str) -> Result<T, AskError> {
    serde_json::from_str(text).map_err(|_| silent("it is of another version"))
}

fn silent(why: &str) -> AskError {
    AskError::Silent(why.to_owned())
}

/// Asks, and gives what was answered. On a thread of its own, as pipes know no time limits.
fn ask(home: &Home, what: &str, body: &str, patience: Duration) -> Result<String, AskError> {
    let request = format!(
        "{what} HTTP/1.0\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n{body}",
        body.len()
    );
    let home = home.clone();
    let (tell, told) = sync_channel(1);
    thread::Builder::new()
        .name("ask".into())
        .spawn(move || drop(tell.send(exchange(&home, &request))))
        .map_err(|cause| silent(&cause.to_string()))?;
    let answer = told.recv_timeout(patience).map_err(|_| silent("it takes too long"))??;
    let (head, body) = answer.split_once("\r\n\r\n").unwrap_or_default();
    match head.split(' ').nth(1) {
        Some("200") => Ok(body.to_owned()),
        // It is there, but of another version.
        _ => Err(silent(head.lines().next().unwrap_or("it says nothing"))),
    }
}

fn exchange(home: &Home, request: &str) -> Result<String, AskError> {
    let mut line = line::call(home).map_err(|_| AskError::Nobody)?;
    let mut exchanged = || -> io::Result<String> {
        line.write_all(request.as_bytes())?;
        let mut answer = String::new();
        line.read_to_string(&mut answer)?;
        Ok(answer)
    };
    exchanged().map_err(|cause| silent(&cause.to_string()))
}
