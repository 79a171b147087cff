//! Looks whether a program is on this computer.

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;

use tokio::process::Command;
use tokio::time::timeout;

use crate::plugins::reach::Tool;

/// How long a program may take to tell its version.
const PATIENCE: Duration = Duration::from_secs(5);
/// A version is short.
const MOST_CHARS: usize = 60;

/// A program on this computer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    /// Where it is.
    pub path: PathBuf,
    /// What it calls its version; empty if it does not say.
    pub version: String,
}

/// Looks for it where the owner says it is, else where programs are looked for and where its installers
/// put it. `None`: it is not there.
pub async fn find(tool: &'static Tool, said: Option<&Path>) -> Option<Found> {
    let path = said.map(Path::to_owned);
    let path = tokio::task::spawn_blocking(move || {
        path_of(tool, path.as_deref(), std::env::var_os("PATH").as_ref())
    });
    let path = path.await.ok().flatten()?;
    let version = version(tool, &path).await.unwrap_or_default();
    Some(Found { path, version })
}

/// Where it is; the folders of `path` are looked into first.
pub(super) fn path_of(tool: &Tool, said: Option<&Path>, path: Option<&OsString>) -> Option<PathBuf> {
    if let Some(said) = said {
        return which::which_in(said, None::<OsString>, Path::new("/")).ok();
    }
    let folders = path.iter().flat_map(std::env::split_paths);
    let folders = folders.chain(tool.places.iter().map(PathBuf::from));
    let all = std::env::join_paths(folders.filter(|folder| folder.is_absolute())).ok()?;
    which::which_in(tool.program, Some(all), Path::new("/")).ok()
}

async fn version(tool: &Tool, path: &Path) -> Option<String> {
    let mut asked = Command::new(path);
    asked.args(tool.version).stdin(Stdio::null()).stderr(Stdio::null()).kill_on_drop(true);
    #[cfg(windows)]
    asked.creation_flags(super::child::NO_WINDOW);
    let told = timeout(PATIENCE, asked.output()).await.ok()?.ok()?;
    let told = String::from_utf8_lossy(&told.stdout);
    // "cloudflared version 2026.2.1 (built 2026-02-20)", "ngrok version 3.30.0", "1.90.1".
    let is_version = |word: &&str| word.starts_with(|c: char| c.is_ascii_digit()) && word.contains('.');
    let version = told.lines().next()?.split_whitespace().find(is_version)?;
    Some(version.chars().filter(|c| !c.is_control()).take(MOST_CHARS).collect())
}

#[cfg(all(test, unix))]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use std::os::unix::fs::PermissionsExt;

    const TOOL: Tool = Tool {
        name: "Tool",
        program: "switchboard-test-tool",
        version: &["--version"],
        places: &[],
        install: "",
        service: "",
        sign_up: "",
        sign_up_page: "",
    };

    #[test]
    fn a_program_is_found_on_the_path_or_where_the_owner_says_and_nowhere_else() {
        let folder = tempfile::tempdir().unwrap();
        let program = folder.path().join(TOOL.program);
        // Written by another process, as a file that this one still holds open cannot be run.
        let write = r#"printf '#!/bin/sh\necho tool version 2.5.1 built today' >"$0""#;
        assert!(
            std::process::Command::new("/bin/sh")
                .args(["-c", write])
                .arg(&program)
                .status()
                .unwrap()
                .success()
        );
        let path = folder.path().as_os_str().to_owned();
        assert_eq!(path_of(&TOOL, None, Some(&path)), None, "it cannot be run yet");
        std::fs::set_permissions(&program, std::fs::Permissions::from_mode(0o755)).unwrap();
        assert_eq!(path_of(&TOOL, None, Some(&path)), Some(program.clone()));
        assert_eq!(path_of(&TOOL, None, None), None);
        assert_eq!(path_of(&TOOL, Some(&program), None), Some(program.clone()));
        assert_eq!(path_of(&TOOL, Some(&folder.path().join("other")), Some(&path)), None);
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        let found = runtime.block_on(find(&TOOL, Some(&program))).unwrap();
        assert_eq!(found.version, "2.5.1");
    }
}
