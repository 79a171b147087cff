//! Calls that the owner tries again and again, by name, in `presets.json`.

use std::collections::BTreeMap;
use std::path::PathBuf;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::table_store::StoreError;
use super::{Home, ReadError, Trouble, atomic, read};
use crate::routing::Value;

const FORMAT: u32 = 1;

/// A call to try, by name.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Preset {
    /// What the owner calls it; no other has the same name.
    pub name: String,
    /// The body of the request, as Retell would send it.
    pub payload: serde_json::Value,
    /// When the call comes in; without it, now.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at: Option<DateTime<Utc>>,
    /// Facts that are given, by name.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub facts: BTreeMap<String, Value>,
    /// Look-ups are not asked.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub asks_nobody: bool,
}

#[derive(Debug, Serialize, Deserialize)]
struct File<P> {
    format: u32,
    presets: P,
}

/// Keeps `presets.json`.
#[derive(Debug)]
pub struct PresetStore {
    file: PathBuf,
    sealed: Option<String>,
}

impl PresetStore {
    /// Finds the presets. `at` is now.
    #[must_use]
    pub fn open(home: &Home, at: DateTime<Utc>) -> (Self, Vec<Preset>, Option<Trouble>) {
        let mut store = Self { file: home.presets_file(), sealed: None };
        match read::read_json::<File<Vec<Preset>>>(&store.file, FORMAT) {
            Ok(File { presets, .. }) => (store, presets, None),
            Err(ReadError::Missing { .. }) => (store, Vec::new(), None),
            Err(error) => {
                let runs = "The calls saved for trying cannot be read, so none is there";
                let (trouble, sealed) = super::set_aside(&store.file, &error, runs, at);
                store.sealed = sealed;
                (store, Vec::new(), Some(trouble))
            }
        }
    }

    /// Saves the presets in the place of those before.
    pub fn save(&self, presets: &[Preset]) -> Result<(), StoreError> {
        if let Some(reason) = &self.sealed {
            return Err(StoreError::Sealed(reason.clone()));
        }
        atomic::write_json(&self.file, &File { format: FORMAT, presets })
            .map(drop)
            .map_err(|cause| StoreError::disk(&self.file, &cause))
    }
}
