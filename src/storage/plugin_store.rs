//! What the owner allowed dropped-in plugins and told them, by their ids, in `plugins.json`. What that
//! means is not known here.

use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;
use std::time::SystemTime;

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
    /// Size and time of the file as it was last read or written.
    seen: Option<(u64, SystemTime)>,
}

impl PluginStore {
    /// Finds what is kept. `at` is now. What cannot be read allows nothing.
    #[must_use]
    pub fn open<T: DeserializeOwned>(
        home: &Home,
        at: DateTime<Utc>,
    ) -> (Self, BTreeMap<String, T>, Option<Trouble>) {
        let mut store = Self { file: home.plugins_file(), sealed: None, seen: None };
        store.seen = store.stamp();
        match Self::read(home) {
            Ok(plugins) => (store, plugins, None),
            Err(error) => {
                let runs = "What plugins are allowed cannot be read, so none of those that you added runs";
                let (trouble, sealed) = super::set_aside(&store.file, &error, runs, at);
                store.sealed = sealed;
                (store, BTreeMap::new(), Some(trouble))
            }
        }
    }

    /// Reads what is kept, and touches nothing.
    pub fn read<T: DeserializeOwned>(home: &Home) -> Result<BTreeMap<String, T>, ReadError> {
        match read::read_json::<File<BTreeMap<String, T>>>(&home.plugins_file(), FORMAT) {
            Ok(File { plugins, .. }) => Ok(plugins),
            Err(ReadError::Missing { .. }) => Ok(BTreeMap::new()),
            Err(error) => Err(error),
        }
    }

    /// What is kept now, if somebody else changed the file: the command line, or a person.
    pub fn outside_edit<T: DeserializeOwned>(
        &mut self,
        home: &Home,
    ) -> Option<Result<BTreeMap<String, T>, ReadError>> {
        let now = self.stamp();
        // One that is gone for a moment is about to be replaced.
        if self.sealed.is_some() || now.is_none() || now == self.seen {
            return None;
        }
        self.seen = now;
        Some(Self::read(home))
    }

    fn stamp(&self) -> Option<(u64, SystemTime)> {
        let info = fs::metadata(&self.file).ok()?;
        Some((info.len(), info.modified().ok()?))
    }

    /// Saves all in the place of what was kept before.
    pub fn save<T: Serialize>(&mut self, plugins: &BTreeMap<String, T>) -> Result<(), StoreError> {
        if let Some(reason) = &self.sealed {
            return Err(StoreError::Sealed(reason.clone()));
        }
        atomic::write_json(&self.file, &File { format: FORMAT, plugins })
            .map_err(|cause| StoreError::disk(&self.file, &cause))?;
        self.seen = self.stamp();
        Ok(())
    }
}
