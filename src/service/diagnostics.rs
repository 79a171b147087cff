//! What helps those who help: a zip file about the program and how it runs, and about nobody. No key, no
//! number, no name of a line, an agent, a caller or a rule gets into it; the owner can read all of it.

use std::fmt::Write as _;
use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use serde_json::{Value, json};
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

use super::control::Control;
use super::messages::{Event, Level, Note};
use super::status::Status;
use crate::routing::Table;
use crate::storage::{Crash, Home, Settings, read};

/// So much of the end of each of the program's own logs is taken.
const LOG_BYTES: usize = 256 * 1024;
/// So many of these logs, the newest.
const LOGS: usize = 3;
/// A run of so many digits may be somebody's number, whatever stands between them.
const DIGITS: usize = 6;

const README: &str = "What Switchboard says of itself, to be sent to whoever helps. Look at it before you do: phone \
                      numbers, keys, and the names that you gave were taken out; the calls, contacts and rules \
                      themselves are not in it.\n";

/// Writes it to this file. `status`: how the running program is doing, if one runs.
pub fn save(home: &Home, status: Option<&Status>, file: &Path) -> io::Result<()> {
    let taken_out = TakenOut::of(home);
    let mut zip = ZipWriter::new(File::create(file)?);
    let mut add = |name: &str, text: &str| -> io::Result<()> {
        zip.start_file(name, SimpleFileOptions::default())?;
        zip.write_all(text.as_bytes())
    };
    add("README.txt", README)?;
    add("about.txt", &about())?;
    if let Some(status) = status {
        add("status.txt", &taken_out.from(&serde_json::to_string_pretty(&told(status))?))?;
        add("metrics.txt", &status.metrics())?;
    }
    add("settings.txt", &serde_json::to_string_pretty(&settings(home))?)?;
    add("table.txt", &table(home))?;
    add("files.txt", &files(home))?;
    let crashes = Crash::all(home);
    let crashes: Vec<_> =
        crashes.iter().map(|c| format!("{} {}\n{}\n", c.at, c.words(), c.place())).collect();
    add("crashes.txt", &taken_out.from(&crashes.join("\n")))?;
    for log in logs(home) {
        let name = log.file_name().unwrap_or_default().to_string_lossy().into_owned();
        add(&format!("logs/{name}"), &taken_out.from(&end_of(&log)))?;
    }
    zip.finish()?;
    Ok(())
}

impl Control {
    /// Beside everything else, for logs may be long.
    pub(super) fn save_diagnostics(&self, file: PathBuf) {
        let (home, watched, feed) = (self.home.clone(), self.watched.clone(), self.feed.clone());
        self.runtime.spawn_blocking(move || {
            feed.send(match save(&home, Some(&watched.status()), &file) {
                Ok(()) => {
                    let text = format!("Saved, without keys, numbers and names: {}", file.display());
                    Event::Note(Note { level: Level::Info, text })
                }
                Err(cause) => {
                    let text =
                        format!("It was not saved ({cause}); choose another place: {}", file.display());
                    Event::Failed(Note { level: Level::Error, text })
                }
            });
        });
    }
}

fn about() -> String {
    let (os, arch) = (std::env::consts::OS, std::env::consts::ARCH);
    let kind = if cfg!(debug_assertions) { "debug" } else { "release" };
    let window = if cfg!(feature = "desktop") { "with a window" } else { "without a window" };
    let version = env!("CARGO_PKG_VERSION");
    format!("Switchboard {version} ({kind}, {window})\n{os} on {arch}\n")
}

/// Without the public address, which leads to the owner.
fn told(status: &Status) -> Value {
    let mut told = json!(status);
    told["reached"] = json!(status.reached.is_some());
    told
}

/// What is set, as far as it tells nothing of anybody.
fn settings(home: &Home) -> Value {
    let settings: Settings = read::read_json(&home.settings_file(), u32::MAX).unwrap_or_default();
    json!({
        "listen": settings.listen,
        "keep_calls_days": settings.keep_calls_days,
        "take_call_events": settings.take_call_events,
        "reach": settings.reach.way,
        "keep_awake": settings.keep_awake,
        "on_close": settings.on_close,
        "own_folder": home.portable,
    })
}

/// How large the table is, and what kinds of things are in it.
fn table(home: &Home) -> String {
    let table: Table = match read::read_json(&home.routing_file(), u32::MAX) {
        Ok(table) => table,
        Err(error) => return format!("The draft cannot be read: {}\n", kind_of(&error.to_string())),
    };
    let mut text = format!(
        "{} lines, {} agents, {} rules, {} schedules, {} lists, {} look-ups, {} test cases\n",
        table.lines.len(),
        table.agents.len(),
        table.rules.len(),
        table.schedules.len(),
        table.lists.len(),
        table.look_ups.len(),
        table.test_cases.len()
    );
    for used in &table.look_ups {
        let _ = writeln!(text, "look-up by {}", used.plugin);
    }
    text
}

/// An error without the path at its end, which may hold a person's name.
fn kind_of(error: &str) -> &str {
    error.rsplit_once(": ").map_or(error, |(kind, _path)| kind)
}

/// The names that the program gives its files, with their sizes.
fn files(home: &Home) -> String {
    let mut text = String::new();
    let mut folders = vec![home.config.clone()];
    if home.data != home.config {
        folders.push(home.data.clone());
    }
    for folder in folders {
        let Ok(entries) = fs::read_dir(folder) else { continue };
        for entry in entries.filter_map(Result::ok) {
            let known = entry.metadata().map(|known| if known.is_dir() { 0 } else { known.len() });
            let _ = writeln!(text, "{:>12} {}", known.unwrap_or(0), entry.file_name().to_string_lossy());
        }
    }
    text
}

/// The program's own logs, the newest first.
fn logs(home: &Home) -> Vec<PathBuf> {
    let Ok(entries) = fs::read_dir(home.logs_folder()) else { return Vec::new() };
    let mut logs: Vec<_> = entries.filter_map(|entry| Some(entry.ok()?.path())).collect();
    logs.sort();
    logs.into_iter().rev().take(LOGS).collect()
}

fn end_of(file: &Path) -> String {
    let bytes = fs::read(file).unwrap_or_default();
    let from = bytes.len().saturating_sub(LOG_BYTES);
    String::from_utf8_lossy(&bytes[from..]).into_owned()
}

/// The owner's words, which are taken out of texts.
struct TakenOut(Vec<String>);

impl TakenOut {
    /// All names and texts of the draft, the account and the overrides, longest first, and the folders.
    fn of(home: &Home) -> Self {
        let mut words = vec![home.config.display().to_string(), home.data.display().to_string()];
        for file in [home.routing_file(), home.account_file(), home.overrides_file()] {
            if let Ok(text) = fs::read_to_string(file) {
                let value: Value = serde_json::from_str(&text).unwrap_or_default();
                collect(&value, &mut words);
            }
        }
        words.extend(std::env::var("USER").or_else(|_| std::env::var("USERNAME")).ok());
        words.retain(|word| word.trim().chars().count() > 2);
        words.sort_by_key(|word| std::cmp::Reverse(word.len()));
        words.dedup();
        Self(words)
    }

    /// The text without them, without keys, and without anything that may be a number.
    fn from(&self, text: &str) -> String {
        let named = self.0.iter().fold(text.to_owned(), |text, word| text.replace(word, "‹name›"));
        named.lines().map(without_numbers).collect::<Vec<_>>().join("\n")
    }
}

/// What people wrote: all texts under names of fields that are theirs.
fn collect(value: &Value, words: &mut Vec<String>) {
    const THEIRS: [&str; 9] =
        ["name", "nickname", "note", "reason", "number", "value", "text", "set_by", "by"];
    match value {
        Value::Array(values) => values.iter().for_each(|value| collect(value, words)),
        Value::Object(fields) => {
            for (name, value) in fields {
                match value {
                    Value::String(text) if THEIRS.contains(&name.as_str()) => words.push(text.clone()),
                    other => collect(other, words),
                }
            }
        }
        _ => {}
    }
}

/// Without keys and long runs of digits. Times of day and dates stay.
fn without_numbers(line: &str) -> String {
    // The time at the beginning of each line of a log.
    let (time, rest) = match line.split_once(' ') {
        Some((first, rest)) if first.contains('T') && first.ends_with('Z') => (format!("{first} "), rest),
        _ => (String::new(), line),
    };
    let (mut kept, mut run) = (String::new(), String::new());
    let settle = |kept: &mut String, run: &mut String| {
        let digits = run.chars().filter(char::is_ascii_digit).count();
        // Blanks at the end are no part of a number.
        let end = run.len() - run.trim_end().len();
        let blanks = run.split_off(run.len() - end);
        kept.push_str(if digits >= DIGITS { "‹number›" } else { run });
        kept.push_str(&blanks);
        run.clear();
    };
    for word in rest.split_inclusive(' ') {
        let is_key = word.trim_start_matches(['"', '“']).starts_with("key_");
        let word = if is_key { "‹key› " } else { word };
        for c in word.chars() {
            if c.is_ascii_digit() || (c == '+' && run.is_empty()) || (!run.is_empty() && " -().".contains(c))
            {
                run.push(c);
            } else {
                settle(&mut kept, &mut run);
                kept.push(c);
            }
        }
    }
    settle(&mut kept, &mut run);
    format!("{time}{kept}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_go_however_they_are_written_and_times_stay() {
        for (line, kept) in [
            ("caller +12135550199 rang", "caller ‹number› rang"),
            ("caller +1 (213) 555-0199 rang", "caller ‹number› rang"),
            (
                "2026-01-02T03:04:05.678901Z  WARN took 1250 ms",
                "2026-01-02T03:04:05.678901Z  WARN took 1250 ms",
            ),
            ("key_0123456789abcdef is refused", "‹key› is refused"),
            ("src/a.rs:120:9 port 8787 at 09:30", "src/a.rs:120:9 port 8787 at 09:30"),
        ] {
            assert_eq!(without_numbers(line), kept);
        }
    }
}
