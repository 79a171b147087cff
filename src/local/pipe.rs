//! A named pipe, which by the system's own rules only its owner (and administrators) may write to, and
//! nobody on another computer.

use std::fs::File;
use std::io;

use sha2::{Digest, Sha256};
use tokio::net::windows::named_pipe::{NamedPipeServer, ServerOptions};

use crate::storage::Home;

/// The end that answers.
pub(super) struct Line {
    name: String,
    /// Waits for the next who asks.
    next: NamedPipeServer,
}

impl Line {
    /// Opens it; an error if somebody else has taken its name.
    pub(super) fn open(home: &Home) -> io::Result<Self> {
        let name = name(home);
        let next = ServerOptions::new().first_pipe_instance(true).create(&name)?;
        Ok(Self { name, next })
    }

    /// The next who asks.
    pub(super) async fn accept(&mut self) -> io::Result<NamedPipeServer> {
        self.next.connect().await?;
        let next = ServerOptions::new().create(&self.name)?;
        Ok(std::mem::replace(&mut self.next, next))
    }
}

/// Reaches the program that runs on these files.
pub(super) fn call(home: &Home) -> io::Result<File> {
    File::options().read(true).write(true).open(name(home))
}

/// Pipes have no folders, so the name says in short which folder is meant.
fn name(home: &Home) -> String {
    let folder = Sha256::digest(home.data.as_os_str().as_encoded_bytes());
    format!(r"\\.\pipe\switchboard-{}", hex::encode(&folder[..16]))
}
