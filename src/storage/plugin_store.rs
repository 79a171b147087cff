//! What the owner allowed dropped-in plugins and told them, by their ids, in `plugins.json`. What that
//! means is not known here.

use std::collections::BTreeMap;
use std::path::PathBuf;

use chrono::{DateTime, Utc};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use super::table_store::StoreError;
use super::{Home, ReadError, Trouble, atomic, read};

const FORMAT: u32 = 1;

#[derive(Debug, Serialize, Deserialize)]
struct File<P> {
    format: u32,
    plugins: P,
}

/// Keeps `plugins.json`.
#[derive(Debug)]
pub struct PluginStore {
    file: PathBuf,
    sealed: Option<String>,
}

impl PluginStore {
    /// Finds what is kept. `at` is now. What cannot be read allows nothing.
    #[must_use]
    pub fn open<T: DeserializeOwned>(
        home: &Home,
        at: DateTime<Utc>,
    ) -> (Self, BTreeMap<String, T>, Option<Trouble>) {
        let mut store = Self { file: home.plugins_file(), sealed: None };
        match read::read_json::<File<BTreeMap<String, T>>>(&store.file, FORMAT) {
            Ok(File { plugins, .. }) => (store, plugins, None),
            Err(ReadError::Missing { .. }) => (store, BTreeMap::new(), None),
            Err(error) => {
                let runs = "What plugins are allowed cannot be read, so none of those that you added runs";
                let (trouble, sealed) = super::set_aside(&store.file, &error, runs, at);
                store.sealed = sealed;
                (store, BTreeMap::new(), Some(trouble))
            }
        }
    }

    /// Saves all in the place of what was kept before.
    pub fn save<T: Serialize>(&self, plugins: &BTreeMap<String, T>) -> Result<(), StoreError> {
        if let Some(reason) = &self.sealed {
            return Err(StoreError::Sealed(reason.clone()));
        }
        atomic::write_json(&self.file, &File { format: FORMAT, plugins })
            .map(drop)
            .map_err(|cause| StoreError::disk(&self.file, &cause))
    }
}
