//! Drafts that gave way to another table and can be got back, each in a file of its own in
//! `drafts/`. Nothing here is ever written over.

use std::fs;
use std::marker::PhantomData;
use std::path::PathBuf;

use chrono::{DateTime, Utc};
use serde::de::{DeserializeOwned, IgnoredAny};
use serde::{Deserialize, Serialize};

use super::table_store::StoreError;
use super::{Home, ReadError, atomic, numbered, read};

const FORMAT: u32 = 1;

/// A draft that was set aside.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct KeptDraft<T> {
    /// The format of the file.
    pub format: u32,
    /// When it was set aside.
    pub at: DateTime<Utc>,
    /// Why, in a sentence.
    pub why: String,
    /// The draft.
    pub table: T,
}

/// A draft that was set aside, without its table, for lists.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeptInfo {
    /// The number it is kept under.
    pub number: u32,
    /// When it was set aside.
    pub at: DateTime<Utc>,
    /// Why, in a sentence.
    pub why: String,
}

/// Keeps drafts that were set aside.
#[derive(Debug)]
pub struct Shelf<T> {
    folder: PathBuf,
    table: PhantomData<fn() -> T>,
}

impl<T: Serialize + DeserializeOwned> Shelf<T> {
    /// The shelf of this home.
    #[must_use]
    pub fn of(home: &Home) -> Self {
        Self { folder: home.drafts_folder(), table: PhantomData }
    }

    /// Sets a draft aside. Once this returns it is safe.
    pub fn put(&self, table: T, why: &str, at: DateTime<Utc>) -> Result<(), StoreError> {
        let file = numbered::file(&self.folder, numbered::highest(&self.folder) + 1);
        let kept = KeptDraft { format: FORMAT, at, why: why.to_owned(), table };
        atomic::write_json(&file, &kept).map(drop).map_err(|cause| StoreError::disk(&file, &cause))
    }

    /// The drafts that can be read, the last one first.
    #[must_use]
    pub fn list(&self) -> Vec<KeptInfo> {
        let info = |number| {
            let file = numbered::file(&self.folder, number);
            let KeptDraft { at, why, .. } = read::read_json::<KeptDraft<IgnoredAny>>(&file, FORMAT).ok()?;
            Some(KeptInfo { number, at, why })
        };
        numbered::all(&self.folder).into_iter().filter_map(info).collect()
    }

    /// The draft kept under `number`.
    pub fn load(&self, number: u32) -> Result<T, ReadError> {
        let kept = read::read_json::<KeptDraft<T>>(&numbered::file(&self.folder, number), FORMAT)?;
        Ok(kept.table)
    }

    /// Throws the draft kept under `number` away.
    pub fn remove(&self, number: u32) -> Result<(), StoreError> {
        let file = numbered::file(&self.folder, number);
        fs::remove_file(&file).map_err(|cause| StoreError::disk(&file, &cause))
    }
}
