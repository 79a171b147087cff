//! Reading a JSON file that a person may have edited: size, text, format number, then content,
//! and an error that says which line and field.
//!
//! A newer format is recognised before anything else, so that nobody mistakes it for a broken file.

use std::borrow::Cow;
use std::collections::HashMap;
use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::value::RawValue;

use crate::routing::{syntax_words, value_words};

/// Files larger than this are refused unread: no table comes near it.
pub const MAX_BYTES: u64 = 16 * 1024 * 1024;

/// Why a file gave nothing.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ReadError {
    /// There is no such file.
    #[error("There is no such file; check the name: {}", file.display())]
    Missing {
        /// The file meant.
        file: PathBuf,
    },
    /// It is there but the system does not let us read it.
    #[error("This file cannot be opened ({cause}); allow Switchboard to read it: {}", file.display())]
    Closed {
        /// The file meant.
        file: PathBuf,
        /// What the system said.
        cause: String,
    },
    /// A later program wrote it.
    #[error("This file was written by a newer Switchboard (format {found}, this one knows up to {known}) and is left untouched; install the newer program: {}", file.display())]
    Newer {
        /// The file meant.
        file: PathBuf,
        /// The format it states.
        found: u64,
        /// The latest format this program knows.
        known: u32,
    },
    /// It can be opened but not understood.
    #[error(transparent)]
    Bad(#[from] FileError),
}

/// What is wrong inside a file, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileError {
    /// The file meant.
    pub file: PathBuf,
    /// From 1; 0 when no one line is at fault.
    pub line: usize,
    /// In bytes from 1; 0 when no one place is at fault.
    pub column: usize,
    /// Where in the content, such as `rules[2].then`; empty at the top.
    pub field: String,
    /// What is wrong, without a full stop.
    pub message: String,
    /// What to do, without a full stop.
    pub advice: &'static str,
}

impl std::error::Error for FileError {}

impl std::fmt::Display for FileError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self { file, line, column, field, message, advice } = self;
        if *line > 0 {
            write!(f, "Line {line}, column {column}")?;
            if !field.is_empty() {
                write!(f, ", field {field}")?;
            }
            f.write_str(": ")?;
        }
        write!(f, "{message}; {advice}: {}", file.display())
    }
}

/// Reads `file` as JSON of at most the format number `known` (its top-level `"format"`; a file
/// that states none counts as known).
pub fn read_json<T: DeserializeOwned>(file: &Path, known: u32) -> Result<T, ReadError> {
    parse_json(file, &read_bytes(file)?, known)
}

/// The raw content of `file`, if it is not absurdly large.
pub fn read_bytes(file: &Path) -> Result<Vec<u8>, ReadError> {
    let closed = |cause: io::Error| match cause.kind() {
        io::ErrorKind::NotFound => ReadError::Missing { file: file.to_path_buf() },
        _ => ReadError::Closed { file: file.to_path_buf(), cause: cause.to_string() },
    };
    let mut bytes = Vec::new();
    let opened = File::open(file).map_err(closed)?;
    opened.take(MAX_BYTES + 1).read_to_end(&mut bytes).map_err(closed)?;
    if bytes.len() as u64 > MAX_BYTES {
        return Err(whole(file, "The file is larger than 16 MB".into(), "put back an earlier copy"));
    }
    Ok(bytes)
}

/// Like [`read_json`] for content already at hand; `file` is only named in errors.
pub fn parse_json<T: DeserializeOwned>(file: &Path, bytes: &[u8], known: u32) -> Result<T, ReadError> {
    let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
    let text = std::str::from_utf8(bytes).map_err(|error| not_text(file, bytes, error))?;
    if let Some(found) = newer_format(text, known) {
        return Err(ReadError::Newer { file: file.to_path_buf(), found, known });
    }
    let mut reader = serde_json::Deserializer::from_str(text);
    let value = serde_path_to_error::deserialize(&mut reader).map_err(|error| {
        let field = error.path().to_string();
        let field = if field == "." { String::new() } else { field };
        located(file, &field, error.inner())
    })?;
    reader.end().map_err(|error| located(file, "", &error))?;
    Ok(value)
}

fn newer_format(text: &str, known: u32) -> Option<u64> {
    #[derive(Deserialize)]
    struct Stated {
        format: u64,
    }
    let Stated { format } = serde_json::from_str(text).ok()?;
    (format > u64::from(known)).then_some(format)
}

fn not_text(file: &Path, bytes: &[u8], error: std::str::Utf8Error) -> ReadError {
    let mut lines = bytes[..error.valid_up_to()].split(|byte| *byte == b'\n');
    let column = lines.next_back().map_or(0, <[u8]>::len) + 1;
    let line = lines.count() + 1;
    ReadError::Bad(FileError {
        file: file.to_path_buf(),
        line,
        column,
        field: String::new(),
        message: "this is not text in UTF-8".into(),
        advice: "save it again as UTF-8",
    })
}

fn located(file: &Path, field: &str, error: &serde_json::Error) -> ReadError {
    use serde_json::error::Category;
    let (message, advice) = match error.classify() {
        Category::Eof => ("the file ends before it is complete".into(), "put back the missing end"),
        Category::Syntax | Category::Io => {
            (syntax_words(&bare(error)), "look for a missing comma, quote or bracket")
        }
        Category::Data => (value_words(&bare(error)), "correct it"),
    };
    ReadError::Bad(FileError {
        file: file.to_path_buf(),
        line: error.line(),
        column: error.column(),
        field: field.to_owned(),
        message,
        advice,
    })
}

/// An error that concerns the file as a whole.
fn whole(file: &Path, message: String, advice: &'static str) -> ReadError {
    let file = file.to_path_buf();
    ReadError::Bad(FileError { file, line: 0, column: 0, field: String::new(), message, advice })
}

/// `serde_json`'s words without the place, which is told apart.
fn bare(error: &serde_json::Error) -> String {
    let text = error.to_string();
    let place = format!(" at line {} column {}", error.line(), error.column());
    text.strip_suffix(&place).unwrap_or(&text).to_owned()
}

/// The line, from 1, on which the value of a field like `rules[2].then` begins in a JSON text;
/// where the field is not there, that of the innermost part that is.
#[must_use]
pub fn line_of(text: &str, field: &str) -> usize {
    let mut value = text;
    for step in field.split(['.', '[']).map(|step| step.trim_end_matches(']')) {
        let inner = match step.parse::<usize>() {
            Ok(index) => {
                serde_json::from_str::<Vec<&RawValue>>(value).ok().and_then(|list| list.get(index).copied())
            }
            Err(_) => serde_json::from_str::<HashMap<Cow<'_, str>, &RawValue>>(value)
                .ok()
                .and_then(|entries| entries.get(step).copied()),
        };
        let Some(inner) = inner else { break };
        value = inner.get();
    }
    // `value` is a part of `text`, so this is how far in it begins.
    let start = value.as_ptr().addr() - text.as_ptr().addr();
    text.get(..start).unwrap_or_default().matches('\n').count() + 1
}
