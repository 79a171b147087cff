//! A socket in the program's folder, which only its owner may use. Systems allow a socket no more than
//! about a hundred bytes of path: where the folder's is longer, the socket is in a folder of this user's
//! own that others can neither read nor make in their place.

use std::ffi::OsStr;
use std::fs::{DirBuilder, Permissions, remove_file, set_permissions, symlink_metadata};
use std::io;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::{DirBuilderExt, MetadataExt, PermissionsExt};
use std::os::unix::net::UnixStream as Caller;
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};
use tokio::net::{UnixListener, UnixStream};

use crate::storage::Home;

/// The longest path that every system allows a socket.
const LONGEST: usize = 100;

/// The end that answers. The socket's file goes with it.
pub(super) struct Line {
    listener: UnixListener,
    file: PathBuf,
}

impl Line {
    /// Opens it. Whoever has claimed the files may: what lies there was left by a crash.
    pub(super) fn open(home: &Home) -> io::Result<Self> {
        let mut refused = None;
        for place in places(home) {
            match Self::open_at(place) {
                Ok(line) => return Ok(line),
                Err(cause) => refused = Some(cause),
            }
        }
        Err(refused.unwrap_or_else(|| io::ErrorKind::NotFound.into()))
    }

    fn open_at(Place { file, folder }: Place) -> io::Result<Self> {
        if let Some(folder) = folder {
            // One that is there already is looked at next.
            let _ = DirBuilder::new().mode(0o700).create(&folder);
            is_own(&folder)?;
        }
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
    let mut refused = None;
    for Place { file, folder } in places(home) {
        match folder.as_deref().map_or(Ok(()), is_own).and_then(|()| Caller::connect(file)) {
            Ok(caller) => return Ok(caller),
            Err(cause) => refused = Some(cause),
        }
    }
    Err(refused.unwrap_or_else(|| io::ErrorKind::NotFound.into()))
}

/// Where a socket can be.
struct Place {
    file: PathBuf,
    /// The folder that has to be this user's own, where it is not the program's.
    folder: Option<PathBuf>,
}

/// Where the socket is: each side goes through these in the same order, however the folder was spelled and
/// whatever its environment says.
fn places(home: &Home) -> Vec<Place> {
    let data = home.data.canonicalize().unwrap_or_else(|_| home.data.clone());
    let file = data.join(home.local_socket().file_name().unwrap_or(OsStr::new("socket")));
    if file.as_os_str().len() <= LONGEST {
        return vec![Place { file, folder: None }];
    }
    let user = rustix::process::geteuid().as_raw();
    let name = hex::encode(&Sha256::digest(data.as_os_str().as_bytes())[..16]) + ".socket";
    let places = [PathBuf::from(format!("/run/user/{user}")), std::env::temp_dir(), PathBuf::from("/tmp")];
    let place = |place: PathBuf| {
        let folder = place.join(format!("switchboard-{user}"));
        Place { file: folder.join(&name), folder: Some(folder) }
    };
    places.into_iter().map(place).collect()
}

/// Whether a folder is this user's and nobody else can use it: where everybody may make folders, somebody
/// else could have made it to listen in.
fn is_own(folder: &Path) -> io::Result<()> {
    let info = symlink_metadata(folder)?;
    let is_ours = info.uid() == rustix::process::geteuid().as_raw();
    let others_may = info.mode() & 0o077;
    if info.is_dir() && is_ours && others_may == 0 {
        Ok(())
    } else {
        let told = format!("others may use {}; remove it", folder.display());
        Err(io::Error::new(io::ErrorKind::PermissionDenied, told))
    }
}
