//! Publishes that are planned for later, each with the table as it was when it was planned, in
//! `planned.json`. Doing them at their time is not known here.

use std::path::PathBuf;

use chrono::{DateTime, Utc};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use super::table_store::StoreError;
use super::{Home, ReadError, Trouble, atomic, read};

const FORMAT: u32 = 1;

/// A publish that is planned.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Plan<T> {
    /// Never used twice.
    pub id: i64,
    /// When it goes live.
    pub at: DateTime<Utc>,
    /// When it goes back by itself, if it does.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<DateTime<Utc>>,
    /// What its planner said of it; may be empty.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub note: String,
    /// Why it is to be published although test cases fail; empty if they must pass.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub despite: String,
    /// When it was planned.
    pub planned_at: DateTime<Utc>,
    /// Who planned it; empty where it is not known.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub by: String,
    /// Why it could not be done at its time, if so. It is not tried again.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub failed: Option<String>,
    /// The table.
    pub table: T,
}

#[derive(Debug, Serialize, Deserialize)]
struct File<P> {
    format: u32,
    plans: P,
}

/// Keeps `planned.json`.
#[derive(Debug)]
pub struct PlanStore {
    file: PathBuf,
    sealed: Option<String>,
}

impl PlanStore {
    /// Finds the plans, the next one first. `at` is now.
    #[must_use]
    pub fn open<T: DeserializeOwned>(
        home: &Home,
        at: DateTime<Utc>,
    ) -> (Self, Vec<Plan<T>>, Option<Trouble>) {
        let mut store = Self { file: home.planned_file(), sealed: None };
        match read::read_json::<File<Vec<Plan<T>>>>(&store.file, FORMAT) {
            Ok(File { mut plans, .. }) => {
                plans.sort_by_key(|plan| plan.at);
                (store, plans, None)
            }
            Err(ReadError::Missing { .. }) => (store, Vec::new(), None),
            Err(error) => {
                let runs = "What was planned to be published cannot be read, so none of it will be";
                let (trouble, sealed) = super::set_aside(&store.file, &error, runs, at);
                store.sealed = sealed;
                (store, Vec::new(), Some(trouble))
            }
        }
    }

    /// Saves the plans in the place of those before.
    pub fn save<T: Serialize>(&self, plans: &[Plan<T>]) -> Result<(), StoreError> {
        if let Some(reason) = &self.sealed {
            return Err(StoreError::Sealed(reason.clone()));
        }
        atomic::write_json(&self.file, &File { format: FORMAT, plans })
            .map(drop)
            .map_err(|cause| StoreError::disk(&self.file, &cause))
    }
}
