//! A property list in `~/Library/LaunchAgents` (launchd.plist(5)).

use std::fs;
use std::io;
use std::path::PathBuf;

use super::{Entry, Found};
use crate::storage::atomic;

/// The user's entries.
#[derive(Debug)]
pub(super) struct Entries(PathBuf);

impl Entries {
    pub(super) fn of_user() -> Option<Self> {
        let dirs = directories::BaseDirs::new()?;
        Some(Self(dirs.home_dir().join("Library/LaunchAgents")))
    }

    fn file(&self, entry: &Entry) -> PathBuf {
        self.0.join(format!("{}.plist", entry.name))
    }

    pub(super) fn find(&self, entry: &Entry) -> io::Result<Option<Found>> {
        let text = match fs::read_to_string(self.file(entry)) {
            Ok(text) => text,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(error),
        };
        let program = text.split_once("<array>").and_then(|(_, rest)| between(rest, "<string>", "</string>"));
        Ok(Some(Found {
            program: program.map(plain).unwrap_or_default().into(),
            is_on: !text.contains("<key>Disabled</key>"),
            is_ours: text == self::text(entry),
        }))
    }

    pub(super) fn write(&self, entry: &Entry) -> io::Result<()> {
        fs::create_dir_all(&self.0)?;
        atomic::write(&self.file(entry), text(entry).as_bytes()).map(drop)
    }

    pub(super) fn remove(&self, entry: &Entry) -> io::Result<()> {
        match fs::remove_file(self.file(entry)) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
            _ => Ok(()),
        }
    }
}

fn text(entry: &Entry) -> String {
    let program = entry.program.to_string_lossy().into_owned();
    let words: String = std::iter::once(&program)
        .chain(&entry.arguments)
        .map(|word| format!("    <string>{}</string>\n", escaped(word)))
        .collect();
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<plist version=\"1.0\">\n<dict>\n  <key>Label</key>\n  \
         <string>{}</string>\n  <key>ProgramArguments</key>\n  <array>\n{words}  </array>\n  \
         <key>RunAtLoad</key>\n  <true/>\n</dict>\n</plist>\n",
        entry.name
    )
}

fn escaped(word: &str) -> String {
    word.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

fn plain(word: &str) -> String {
    word.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
}

fn between<'a>(text: &'a str, before: &str, after: &str) -> Option<&'a str> {
    text.split_once(before)?.1.split_once(after).map(|(inner, _)| inner)
}
