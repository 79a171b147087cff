//! Requests that stand in files, to be tried all together: JSON, JSON Lines, curl commands, and HAR
//! as browsers and proxies save it. `parse` finds the requests in a text; here are the files.

mod curl;
mod har;
mod parse;

use std::fs::File;
use std::io::{ErrorKind, Read};
use std::path::{Path, PathBuf};

use crate::retell::payload;

/// The largest file that is read, in bytes.
const MOST_BYTES: u64 = 16 * 1024 * 1024;
/// So many requests are tried at most.
const MOST_REQUESTS: usize = 5000;
/// So many files of a folder are read at most.
const MOST_FILES: usize = 2000;
/// So deep folders in a folder are looked into.
const DEPTH: usize = 8;

/// A request that stands in a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FileRequest {
    /// Where it stands: "calls.har, request 3".
    pub place: String,
    /// Its body, or why there is none, in words.
    pub body: Result<String, String>,
}

impl FileRequest {
    fn wrong(place: impl Into<String>, why: impl Into<String>) -> Self {
        Self { place: place.into(), body: Err(why.into()) }
    }
}

/// All requests in these files, and in the files of these folders. What cannot be read is told in its
/// place.
#[must_use]
pub fn read_requests(paths: &[PathBuf]) -> Vec<FileRequest> {
    read_requests_while(paths, &|| true)
}

/// The same for as long as it is wanted, which is asked before each file and each folder in a folder.
pub(super) fn read_requests_while(paths: &[PathBuf], is_wanted: &dyn Fn() -> bool) -> Vec<FileRequest> {
    let mut found = Vec::new();
    let mut files = Vec::new();
    for path in paths {
        if path.is_dir() {
            files_of(path, DEPTH, is_wanted, &mut files, &mut found);
        } else {
            files.push(path.clone());
        }
    }
    for (index, file) in files.iter().enumerate() {
        if !is_wanted() {
            break;
        }
        if index == MOST_FILES || found.len() >= MOST_REQUESTS {
            let left = files.len() - index;
            let why = format!(
                "these are more than are tried at once ({MOST_REQUESTS} requests in {MOST_FILES} files); try them in parts"
            );
            found.truncate(MOST_REQUESTS);
            found.push(FileRequest::wrong(format!("{left} more files"), why));
            break;
        }
        found.extend(requests_of(file));
    }
    found
}

/// The files of a folder and of those in it, by name; hidden ones left out.
fn files_of(
    folder: &Path,
    depth: usize,
    is_wanted: &dyn Fn() -> bool,
    files: &mut Vec<PathBuf>,
    found: &mut Vec<FileRequest>,
) {
    let entries = match std::fs::read_dir(folder) {
        Ok(entries) => entries,
        Err(error) => return found.push(FileRequest::wrong(name(folder), reason(&error))),
    };
    let mut paths: Vec<PathBuf> = entries.filter_map(|entry| Some(entry.ok()?.path())).collect();
    paths.retain(|path| !name(path).starts_with('.'));
    paths.sort();
    for path in paths {
        // A link could lead in a circle.
        let is_link = path.symlink_metadata().is_ok_and(|about| about.is_symlink());
        if path.is_dir() {
            if depth > 0 && !is_link && is_wanted() {
                files_of(&path, depth - 1, is_wanted, files, found);
            }
        } else if path.is_file() || !path.exists() {
            // Pipes and devices are left out: nobody may ever write their end.
            files.push(path);
        }
    }
}

fn requests_of(file: &Path) -> Vec<FileRequest> {
    let file_name = name(file);
    let read = read_text(file).and_then(|text| parse::requests(&text, file.parent()));
    match read {
        Ok(requests) => {
            let is_one = requests.len() == 1;
            let mut all = Vec::with_capacity(requests.len());
            for (place, body) in requests {
                let place = if is_one { file_name.clone() } else { format!("{file_name}, {place}") };
                all.push(FileRequest { place, body: body.and_then(if_taken) });
            }
            all
        }
        Err(why) => vec![FileRequest::wrong(file_name, why)],
    }
}

/// A body that the server would take. Larger ones can only be refused, so they are not held.
fn if_taken(body: String) -> Result<String, String> {
    if body.len() > payload::MAX_BYTES {
        return Err("This is larger than 64 KB, so the server would turn it away.".to_owned());
    }
    Ok(body)
}

/// The text of a file, or why there is none.
fn read_text(file: &Path) -> Result<String, String> {
    let mut bytes = Vec::new();
    let opened = File::open(file).map_err(|error| reason(&error))?;
    // It may grow while it is read, so its length says little.
    opened.take(MOST_BYTES + 1).read_to_end(&mut bytes).map_err(|error| reason(&error))?;
    if bytes.len() as u64 > MOST_BYTES {
        return Err(format!("it is larger than {} MB, so it was not read", MOST_BYTES / 1024 / 1024));
    }
    String::from_utf8(bytes).map_err(|error| {
        let line = error.as_bytes()[..error.utf8_error().valid_up_to()].split(|byte| *byte == b'\n').count();
        format!("it is no text from line {line} on (texts have to be saved as UTF-8)")
    })
}

fn reason(error: &std::io::Error) -> String {
    match error.kind() {
        ErrorKind::NotFound => "it is not there (any more)".to_owned(),
        ErrorKind::PermissionDenied => "this computer does not let you read it".to_owned(),
        ErrorKind::IsADirectory => "it is a folder".to_owned(),
        _ => format!("it cannot be read ({error})"),
    }
}

fn name(path: &Path) -> String {
    path.file_name().map_or_else(|| path.display().to_string(), |name| name.to_string_lossy().into_owned())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use std::cell::Cell;

    use super::*;

    #[test]
    fn no_file_is_read_that_is_not_wanted_any_more() {
        let folder = tempfile::tempdir().unwrap();
        for name in ["a.json", "b.json", "c.json"] {
            std::fs::write(folder.path().join(name), "{}").unwrap();
        }
        let left = Cell::new(1);
        let is_wanted = || left.replace(left.get() - 1) > 0;
        let found = read_requests_while(&[folder.path().to_owned()], &is_wanted);
        assert_eq!(found, [FileRequest { place: "a.json".into(), body: Ok("{}".into()) }]);
    }
}
