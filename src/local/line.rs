//! A socket in the program's folder, which only its owner may use.

use std::fs::{Permissions, remove_file, set_permissions};
use std::io;
use std::os::unix::fs::PermissionsExt;
use std::os::unix::net::UnixStream as Caller;
use std::path::PathBuf;

use tokio::net::{UnixListener, UnixStream};

use crate::storage::Home;

/// The end that answers. The socket's file goes with it.
pub(super) struct Line {
    listener: UnixListener,
    file: PathBuf,
}

impl Line {
    /// Opens it. Whoever has claimed the files may: what lies there was left by a crash.
    pub(super) fn open(home: &Home) -> io::Result<Self> {
        let file = home.local_socket();
        let _ = remove_file(&file);
        let listener = UnixListener::bind(&file)?;
        set_permissions(&file, Permissions::from_mode(0o600))?;
        Ok(Self { listener, file })
    }

    /// The next who asks. Others than this user (and the system's own) are turned away, whatever the
    /// folder's permissions are.
    pub(super) async fn accept(&mut self) -> io::Result<UnixStream> {
        let own = rustix::process::geteuid().as_raw();
        loop {
            let (stream, _) = self.listener.accept().await?;
            if [own, 0].contains(&stream.peer_cred()?.uid()) {
                return Ok(stream);
            }
        }
    }
}

impl Drop for Line {
    fn drop(&mut self) {
        let _ = remove_file(&self.file);
    }
}

/// Reaches the program that runs on these files.
pub(super) fn call(home: &Home) -> io::Result<Caller> {
    Caller::connect(home.local_socket())
}
