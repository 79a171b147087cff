//! The table on disk: the draft in `routing.json`, each published version in a file of its own.
//!
//! The newest readable version is live. What cannot be read is kept beside and told; what a newer
//! program wrote is left untouched; what someone else wrote is never silently lost. What a table
//! means is not known here.

use std::marker::PhantomData;
use std::path::{Path, PathBuf};

use chrono::{DateTime, Utc};
use serde::Serialize;
use serde::de::{DeserializeOwned, IgnoredAny};
use sha2::{Digest, Sha256};

use super::version::{self, Remarks, Version, VersionInfo};
use super::{Home, ReadError, Trouble, atomic, numbered, read};

/// The format number of `routing.json`.
const FORMAT: u32 = 1;

/// What a start found.
#[derive(Debug)]
pub struct Opened<T> {
    /// What answers calls.
    pub live: Version<T>,
    /// What is being edited.
    pub draft: T,
    /// What the owner should know of.
    pub troubles: Vec<Trouble>,
}

/// What there is on the disk.
#[derive(Debug)]
pub struct OnDisk<T> {
    /// The newest published version that can be read.
    pub live: Option<Version<T>>,
    /// What is being edited.
    pub draft: Option<T>,
    /// What the owner should know of.
    pub troubles: Vec<Trouble>,
}

/// A save or publish that did what it was asked, and what came up on the way.
#[derive(Debug)]
pub struct Saved<V> {
    /// What was saved.
    pub value: V,
    /// Something the owner should know of.
    pub trouble: Option<Trouble>,
}

/// A save or publish that changed nothing; the message says why and what to do.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum StoreError {
    /// The files are of a newer program or cannot be opened, so writing would lose something.
    #[error("Nothing was saved, for this would be lost. {0}")]
    Sealed(String),
    /// The disk refused.
    #[error("Nothing was saved ({cause}); make room or allow writing there: {}", file.display())]
    Disk {
        /// What the system said.
        cause: String,
        /// The file that could not be written.
        file: PathBuf,
    },
}

/// Keeps the draft and the published versions of a table. A `T` states its own `"format"`.
#[derive(Debug)]
pub struct TableStore<T> {
    file: PathBuf,
    folder: PathBuf,
    /// Fingerprint of the draft file as we last wrote or took it; `None` if there was none.
    known: Option<Fingerprint>,
    /// Fingerprint of an outside edit that could not be read and was told of.
    told: Option<Fingerprint>,
    /// The highest version number that any file has or had.
    last_number: u32,
    /// Why nothing may be written.
    sealed: Option<String>,
    table: PhantomData<fn() -> T>,
}

type Fingerprint = [u8; 32];

impl<T: Serialize + DeserializeOwned + Clone> TableStore<T> {
    /// Finds the live table and the draft, whatever state the files are in. Nothing is published; what
    /// cannot be read is set aside. `at` is now.
    #[must_use]
    pub fn find(home: &Home, at: DateTime<Utc>) -> (Self, OnDisk<T>) {
        let mut store = Self {
            file: home.routing_file(),
            folder: home.versions_folder(),
            known: None,
            told: None,
            last_number: 0,
            sealed: None,
            table: PhantomData,
        };
        let mut troubles = Vec::new();
        let live = store.find_live(at, &mut troubles);
        let draft = store.find_draft(at, live.as_ref(), &mut troubles);
        (store, OnDisk { live, draft, troubles })
    }

    /// The same, for a program that answers calls by what there is; `starter` is used where nothing can
    /// be read.
    pub fn open(home: &Home, at: DateTime<Utc>, starter: impl FnOnce() -> T) -> (Self, Opened<T>) {
        let (mut store, OnDisk { live, draft, mut troubles }) = Self::find(home, at);
        let opened = match (live, draft) {
            (Some(live), Some(draft)) => Opened { live, draft, troubles },
            (Some(live), None) => {
                let draft = live.table.clone();
                store.put_draft(&draft, &mut troubles);
                Opened { live, draft, troubles }
            }
            (None, draft) => {
                let is_stand_in = draft.is_some() && !troubles.is_empty();
                let draft = draft.unwrap_or_else(starter);
                let live = store.publish_first(&draft, at, &mut troubles);
                if is_stand_in {
                    troubles
                        .push(Trouble::new("The draft answers calls, as no published version can be used"));
                }
                Opened { live, draft, troubles }
            }
        };
        (store, opened)
    }

    /// Saves the draft. If someone else changed the file meanwhile, their content is kept beside.
    pub fn save_draft(&mut self, draft: &T, at: DateTime<Utc>) -> Result<Saved<()>, StoreError> {
        self.writable()?;
        let trouble = self.keep_outside_edit(at)?;
        let bytes =
            atomic::write_json(&self.file, draft).map_err(|cause| StoreError::disk(&self.file, &cause))?;
        self.known = Some(fingerprint(&bytes));
        Ok(Saved { value: (), trouble })
    }

    /// Makes `table` the next version, and the draft. Once this returns `Ok` it stays published.
    pub fn publish(
        &mut self,
        table: &T,
        at: DateTime<Utc>,
        remarks: impl Into<Remarks>,
    ) -> Result<Saved<Version<T>>, StoreError> {
        let Saved { value, trouble } = self.publish_beside(table, at, remarks)?;
        // It is published now, so trouble with the draft is told but undoes nothing.
        let more = match self.save_draft(table, at) {
            Ok(saved) => saved.trouble,
            Err(error) => Some(Trouble::new(format!(
                "Version {} is live, but the draft was not saved. {error}",
                value.version
            ))),
        };
        Ok(Saved { value, trouble: trouble.or(more) })
    }

    /// Makes `table` the next version; the draft stays as it is. Once this returns `Ok` it stays
    /// published.
    pub fn publish_beside(
        &mut self,
        table: &T,
        at: DateTime<Utc>,
        remarks: impl Into<Remarks>,
    ) -> Result<Saved<Version<T>>, StoreError> {
        self.writable()?;
        let value = Version {
            format: version::FORMAT,
            version: self.last_number + 1,
            published_at: at,
            remarks: remarks.into(),
            table: table.clone(),
        };
        let file = self.version_file(value.version);
        atomic::write_json(&file, &value).map_err(|cause| StoreError::disk(&file, &cause))?;
        self.last_number = value.version;
        Ok(Saved { value, trouble: None })
    }

    /// Takes the end away from a version that is live for a time only. The error says why not.
    pub fn stay(&self, number: u32) -> Result<VersionInfo, String> {
        self.writable().map_err(|error| error.to_string())?;
        let mut version = self.load(number).map_err(|error| error.to_string())?;
        version.remarks.until = None;
        let file = self.version_file(number);
        atomic::write_json(&file, &version).map_err(|cause| StoreError::disk(&file, &cause).to_string())?;
        Ok(version.info())
    }

    /// The published versions that can be read, newest first.
    #[must_use]
    pub fn versions(&self) -> Vec<VersionInfo> {
        let read = |number| Some(version::in_folder::<IgnoredAny>(&self.folder, number).ok()?.info());
        numbered::all(&self.folder).into_iter().filter_map(read).collect()
    }

    /// Published version `number`.
    pub fn load(&self, number: u32) -> Result<Version<T>, ReadError> {
        version::in_folder(&self.folder, number)
    }

    /// The draft as someone else just wrote it, once per change; an error if it cannot be read,
    /// in which case the file stays as it is (they may be half way through). Cheap enough to ask
    /// each second.
    pub fn outside_edit(&mut self) -> Option<Result<T, ReadError>> {
        let bytes = read::read_bytes(&self.file).ok()?;
        let now = Some(fingerprint(&bytes));
        if now == self.known || now == self.told {
            return None;
        }
        let draft = read::parse_json(&self.file, &bytes, FORMAT);
        if draft.is_ok() {
            self.known = now;
        } else {
            self.told = now;
        }
        Some(draft)
    }

    /// Why nothing can be saved, if so.
    #[must_use]
    pub fn sealed(&self) -> Option<&str> {
        self.sealed.as_deref()
    }

    fn find_live(&mut self, at: DateTime<Utc>, troubles: &mut Vec<Trouble>) -> Option<Version<T>> {
        self.last_number = numbered::highest(&self.folder);
        for number in numbered::all(&self.folder) {
            let error = match self.load(number) {
                Ok(version) => {
                    if !troubles.is_empty() {
                        troubles.push(Trouble::new(format!("Version {number} answers calls")));
                    }
                    return Some(version);
                }
                Err(error) => error,
            };
            let told = format!("Version {number} of the table cannot be used");
            troubles.push(self.set_aside(&self.version_file(number), &error, &told, at));
        }
        None
    }

    fn find_draft(
        &mut self,
        at: DateTime<Utc>,
        live: Option<&Version<T>>,
        troubles: &mut Vec<Trouble>,
    ) -> Option<T> {
        let read = read::read_bytes(&self.file).and_then(|bytes| {
            let draft = read::parse_json(&self.file, &bytes, FORMAT)?;
            Ok((draft, fingerprint(&bytes)))
        });
        match read {
            Ok((draft, print)) => {
                self.known = Some(print);
                Some(draft)
            }
            Err(ReadError::Missing { .. }) => None,
            Err(error) => {
                let runs = match live {
                    Some(live) => format!(
                        "The draft cannot be used, so it starts again from version {}, which answers calls",
                        live.version
                    ),
                    None => "The table cannot be used, so a new one answers calls".to_owned(),
                };
                troubles.push(self.set_aside(&self.file.clone(), &error, &runs, at));
                None
            }
        }
    }

    fn set_aside(&mut self, file: &Path, error: &ReadError, runs: &str, at: DateTime<Utc>) -> Trouble {
        let (trouble, sealed) = super::set_aside(file, error, runs, at);
        self.sealed = self.sealed.take().or(sealed);
        trouble
    }

    /// Writes the draft during a start: trouble is told, and the start goes on.
    fn put_draft(&mut self, draft: &T, troubles: &mut Vec<Trouble>) {
        if self.sealed.is_some() {
            return;
        }
        match atomic::write_json(&self.file, draft) {
            Ok(bytes) => self.known = Some(fingerprint(&bytes)),
            Err(cause) => troubles.push(Trouble::new(StoreError::disk(&self.file, &cause).to_string())),
        }
    }

    /// The first version of a fresh home. Where it cannot be written it runs all the same, as
    /// version 0.
    fn publish_first(&mut self, table: &T, at: DateTime<Utc>, troubles: &mut Vec<Trouble>) -> Version<T> {
        match self.publish(table, at, "") {
            Ok(Saved { value, trouble }) => {
                troubles.extend(trouble);
                value
            }
            Err(error) => {
                // A sealed store has said so already.
                if matches!(error, StoreError::Disk { .. }) {
                    troubles.push(Trouble::new(error.to_string()));
                }
                let remarks = Remarks::default();
                let format = version::FORMAT;
                Version { format, version: 0, published_at: at, remarks, table: table.clone() }
            }
        }
    }

    /// Copies what someone else wrote since we last looked to a name of its own.
    fn keep_outside_edit(&self, at: DateTime<Utc>) -> Result<Option<Trouble>, StoreError> {
        let bytes = match read::read_bytes(&self.file) {
            Ok(bytes) => bytes,
            Err(ReadError::Missing { .. }) => return Ok(None),
            Err(error) => return Err(StoreError::Sealed(error.to_string())),
        };
        if Some(fingerprint(&bytes)) == self.known {
            return Ok(None);
        }
        let kept = atomic::copy_aside(&self.file, &bytes, "outside", at)
            .map_err(|cause| StoreError::disk(&self.file, &cause))?;
        let message = format!(
            "Another program had changed the draft; its content is kept beside, so take over what you need: {}",
            kept.display()
        );
        Ok(Some(Trouble::kept_at(message, kept)))
    }

    fn writable(&self) -> Result<(), StoreError> {
        self.sealed.clone().map_or(Ok(()), |reason| Err(StoreError::Sealed(reason)))
    }

    fn version_file(&self, number: u32) -> PathBuf {
        numbered::file(&self.folder, number)
    }
}

impl StoreError {
    pub(super) fn disk(file: &Path, cause: &std::io::Error) -> Self {
        Self::Disk { cause: cause.to_string(), file: file.to_path_buf() }
    }
}

fn fingerprint(bytes: &[u8]) -> Fingerprint {
    Sha256::digest(bytes).into()
}
