//! Writing a file so that a reader, a crash or a power cut sees the old or the new one, whole.
//!
//! Temporary file in the same folder (readable by its owner only from birth), fsync, rename, fsync
//! of the folder. Also keeping a file beside itself under a name that is never taken twice.

use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use chrono::{DateTime, Utc};
use serde::Serialize;

const TEMP_PREFIX: &str = ".switchboard-";
const TEMP_SUFFIX: &str = ".tmp";

/// Replaces `path` with `bytes`. A symbolic link stays one: the file it points at is replaced.
pub fn write(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let target = if path.is_symlink() { fs::canonicalize(path)? } else { path.to_path_buf() };
    let folder = folder_of(&target);
    let mut temp = tempfile::Builder::new().prefix(TEMP_PREFIX).suffix(TEMP_SUFFIX).tempfile_in(folder)?;
    temp.write_all(bytes)?;
    hand_over(temp.as_file(), folder);
    temp.as_file().sync_all()?;
    temp.persist(&target).map_err(|error| error.error)?;
    sync_folder(folder)
}

/// Replaces `path` with `value` as JSON that a person can read and compare, ending in a newline.
/// Returns the bytes written.
pub fn write_json<T: Serialize>(path: &Path, value: &T) -> io::Result<Vec<u8>> {
    let mut bytes = serde_json::to_vec_pretty(value)?;
    bytes.push(b'\n');
    write(path, &bytes)?;
    Ok(bytes)
}

/// Moves `path` to `path.<word>-<time>` and returns the new name.
pub fn move_aside(path: &Path, word: &str, at: DateTime<Utc>) -> io::Result<PathBuf> {
    let aside = name_aside(path, word, at);
    fs::rename(path, &aside)?;
    sync_folder(folder_of(path))?;
    Ok(aside)
}

/// Writes `bytes`, found in `path`, to `path.<word>-<time>` and returns that name.
pub fn copy_aside(path: &Path, bytes: &[u8], word: &str, at: DateTime<Utc>) -> io::Result<PathBuf> {
    let aside = name_aside(path, word, at);
    write(&aside, bytes)?;
    Ok(aside)
}

/// A name beside `path` that no file has yet.
pub(super) fn name_aside(path: &Path, word: &str, at: DateTime<Utc>) -> PathBuf {
    let named = |tail: &str| {
        let mut name = path.as_os_str().to_owned();
        name.push(format!(".{word}-{}{tail}", at.format("%Y%m%d-%H%M%S")));
        PathBuf::from(name)
    };
    let mut aside = named("");
    let mut count = 1_u32;
    while aside.symlink_metadata().is_ok() {
        count += 1;
        aside = named(&format!("-{count}"));
    }
    aside
}

/// Removes what writes cut short left in `folder`. Only for the holder of the home's lock, for to
/// anyone else such a file may be a write under way.
pub(super) fn sweep(folder: &Path) {
    let Ok(entries) = fs::read_dir(folder) else { return };
    for entry in entries.flatten() {
        let name = entry.file_name();
        let name = name.to_string_lossy();
        if name.starts_with(TEMP_PREFIX) && name.ends_with(TEMP_SUFFIX) {
            // A leftover that will not go away does no harm.
            let _ = fs::remove_file(entry.path());
        }
    }
}

/// What an administrator's command writes among the files of a service belongs to the service, which could
/// not read it otherwise.
#[cfg(unix)]
fn hand_over(file: &fs::File, folder: &Path) {
    use std::os::unix::fs::{MetadataExt, fchown};
    if rustix::process::geteuid().is_root()
        && let Ok(info) = fs::metadata(folder)
    {
        // Where that is refused, the file is as private as it was.
        let _ = fchown(file, Some(info.uid()), Some(info.gid()));
    }
}

#[cfg(not(unix))]
fn hand_over(_: &fs::File, _: &Path) {}

fn folder_of(path: &Path) -> &Path {
    match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    }
}

/// Makes a rename last through a power cut. Windows has no such call and needs none.
fn sync_folder(folder: &Path) -> io::Result<()> {
    if cfg!(unix) { fs::File::open(folder)?.sync_all() } else { Ok(()) }
}
