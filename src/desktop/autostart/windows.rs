//! A value under the user's `Run` key of the registry, which the task manager switches off beside it.

use std::io;

use windows_registry::CURRENT_USER;

use super::{Entry, Found};

const RUN: &str = r"Software\Microsoft\Windows\CurrentVersion\Run";
/// What the task manager keeps: the first byte is odd for what was switched off there.
const APPROVED: &str = r"Software\Microsoft\Windows\CurrentVersion\Explorer\StartupApproved\Run";

/// The user's entries.
#[derive(Debug)]
pub(super) struct Entries;

impl Entries {
    #[expect(clippy::unnecessary_wraps, reason = "as on systems where it can fail")]
    pub(super) fn of_user() -> Option<Self> {
        Some(Self)
    }

    pub(super) fn find(&self, entry: &Entry) -> io::Result<Option<Found>> {
        let Ok(said) = CURRENT_USER.open(RUN).and_then(|key| key.get_string(&entry.name)) else {
            return Ok(None);
        };
        let approved = CURRENT_USER.open(APPROVED).and_then(|key| key.get_value(&entry.name));
        let is_off = approved.is_ok_and(|value| value.first().is_some_and(|byte| byte % 2 == 1));
        let program = said.trim_start_matches('"').split('"').next().unwrap_or_default();
        Ok(Some(Found { program: program.into(), is_on: !is_off, is_ours: said == line(entry) }))
    }

    pub(super) fn write(&self, entry: &Entry) -> io::Result<()> {
        let key = CURRENT_USER.create(RUN).map_err(io::Error::other)?;
        key.set_string(&entry.name, line(entry)).map_err(io::Error::other)?;
        // Who switches it on here wants it on, whatever was chosen there before.
        if let Ok(approved) = CURRENT_USER.create(APPROVED) {
            let _ = approved.remove_value(&entry.name);
        }
        Ok(())
    }

    pub(super) fn remove(&self, entry: &Entry) -> io::Result<()> {
        let Ok(key) = CURRENT_USER.create(RUN) else { return Ok(()) };
        if key.get_string(&entry.name).is_err() {
            return Ok(());
        }
        key.remove_value(&entry.name).map_err(io::Error::other)
    }
}

/// Paths have no quotation marks here; a backslash before the closing one would escape it.
fn line(entry: &Entry) -> String {
    let program = entry.program.to_string_lossy();
    let words = std::iter::once(program.as_ref()).chain(entry.arguments.iter().map(String::as_str));
    let quoted: Vec<_> = words.map(|word| format!("\"{}\"", word.trim_end_matches('\\'))).collect();
    quoted.join(" ")
}
