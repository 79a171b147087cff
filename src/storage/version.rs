//! A published table in a file of its own, and what is kept with it.

use std::path::Path;

use chrono::{DateTime, Utc};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use super::{Home, ReadError, numbered, read};
use crate::routing::Counts;

/// The format number of the version files.
pub const FORMAT: u32 = 1;

/// A published table.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Version<T> {
    /// The format of the file.
    pub format: u32,
    /// From 1, never used twice.
    pub version: u32,
    /// When it went live.
    pub published_at: DateTime<Utc>,
    /// What is known of it besides.
    #[serde(flatten)]
    pub remarks: Remarks,
    /// The table itself.
    pub table: T,
}

/// What is kept with a version. The files of the first program held the note alone.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Remarks {
    /// What its publisher said of it; may be empty.
    #[serde(default)]
    pub note: String,
    /// Who published it, by the name they have on this computer; empty where it is not known.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub by: String,
    /// How it came to be published.
    #[serde(default, skip_serializing_if = "Origin::is_draft")]
    pub origin: Origin,
    /// How it differs from the version that was live before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub changes: Option<Counts>,
    /// When it goes back by itself, if it does.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<Until>,
    /// Test cases that failed, and why it was published all the same.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub failing: Option<Failing>,
}

/// Test cases that failed when a version was published.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Failing {
    /// Their names.
    pub tests: Vec<String>,
    /// Why it was published all the same, as its publisher put it.
    pub reason: String,
}

/// How a version came to be published.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Origin {
    /// The owner published the draft.
    #[default]
    Draft,
    /// It was planned for that time.
    Planned {
        /// The id of the plan.
        plan: i64,
    },
    /// The version before was live until a set time only, and this is the table from before it.
    WentBack {
        /// The version whose table it has.
        to: u32,
    },
    /// The owner brought an old version back.
    BroughtBack {
        /// The version whose table it has.
        from: u32,
    },
}

impl Origin {
    fn is_draft(&self) -> bool {
        *self == Self::Draft
    }
}

/// The end of a version that is live for a time only.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Until {
    /// The first moment at which it is no longer live.
    pub at: DateTime<Utc>,
    /// The version whose table is live from then on.
    pub back_to: u32,
}

/// A published version without its table, for lists.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct VersionInfo {
    /// From 1.
    pub version: u32,
    /// When it went live.
    pub published_at: DateTime<Utc>,
    /// What is known of it besides.
    pub remarks: Remarks,
}

impl<T> Version<T> {
    /// All but the table.
    pub fn info(&self) -> VersionInfo {
        let Self { version, published_at, remarks, .. } = self;
        VersionInfo { version: *version, published_at: *published_at, remarks: remarks.clone() }
    }
}

impl From<&str> for Remarks {
    fn from(note: &str) -> Self {
        Self { note: note.to_owned(), ..Self::default() }
    }
}

/// The newest published version of `home` that can be read, without touching anything; `None` if
/// nothing was published there.
pub fn newest<T: DeserializeOwned>(home: &Home) -> Option<Result<Version<T>, ReadError>> {
    let folder = home.versions_folder();
    let mut read = numbered::all(&folder).into_iter().map(|number| in_folder(&folder, number));
    let newest = read.next()?;
    Some(if newest.is_ok() { newest } else { read.find(Result::is_ok).unwrap_or(newest) })
}

/// Published version `number` of `home`, without touching anything.
pub fn version<T: DeserializeOwned>(home: &Home, number: u32) -> Result<Version<T>, ReadError> {
    in_folder(&home.versions_folder(), number)
}

/// Version `number` in this folder.
pub(super) fn in_folder<T: DeserializeOwned>(folder: &Path, number: u32) -> Result<Version<T>, ReadError> {
    let version = read::read_json::<Version<T>>(&numbered::file(folder, number), FORMAT)?;
    // The name of the file is what the owner and the call log know it by.
    Ok(Version { version: number, ..version })
}
