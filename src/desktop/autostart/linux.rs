//! A desktop file in `~/.config/autostart` (freedesktop.org, Desktop Application Autostart
//! Specification).

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
        Some(Self(dirs.config_dir().join("autostart")))
    }

    #[cfg(test)]
    pub(super) fn at(folder: &std::path::Path) -> Self {
        Self(folder.to_path_buf())
    }

    fn file(&self, entry: &Entry) -> PathBuf {
        self.0.join(format!("{}.desktop", entry.name))
    }

    pub(super) fn find(&self, entry: &Entry) -> io::Result<Option<Found>> {
        let text = match fs::read_to_string(self.file(entry)) {
            Ok(text) => text,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(error),
        };
        let is_off = |line: &str| ["Hidden=true", "X-GNOME-Autostart-enabled=false"].contains(&line.trim());
        let program = text.lines().find_map(|line| line.strip_prefix("Exec=")).map(first_word);
        Ok(Some(Found {
            program: program.unwrap_or_default().into(),
            is_on: !text.lines().any(is_off),
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
    let words: Vec<_> = std::iter::once(&program).chain(&entry.arguments).map(|word| quoted(word)).collect();
    format!(
        "[Desktop Entry]\nType=Application\nName=Switchboard\nComment=Answers calls, without its window\n\
         Exec={}\nIcon=switchboard\nTerminal=false\nX-GNOME-Autostart-enabled=true\n",
        words.join(" ")
    )
}

/// In quotation marks, in which four characters are escaped; backslashes once more, as in every value,
/// and per cent signs, which stand for files.
fn quoted(word: &str) -> String {
    let escaped = word.chars().fold(String::new(), |mut all, c| {
        if matches!(c, '"' | '`' | '$' | '\\') {
            all.push('\\');
        }
        all.push(c);
        all
    });
    format!("\"{}\"", escaped.replace('\\', "\\\\").replace('%', "%%"))
}

/// The other way round, for the first word.
fn first_word(exec: &str) -> String {
    let exec = exec.trim().replace("\\\\", "\\").replace("%%", "%");
    let Some(rest) = exec.strip_prefix('"') else {
        return exec.split_whitespace().next().unwrap_or_default().to_owned();
    };
    let (mut word, mut chars) = (String::new(), rest.chars());
    while let Some(c) = chars.next() {
        match c {
            '"' => break,
            '\\' => word.extend(chars.next()),
            c => word.push(c),
        }
    }
    word
}
