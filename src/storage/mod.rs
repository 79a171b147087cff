//! The files in the user's folders, and the call log.
//!
//! Every file is written whole or not at all, never overwritten when it says something we cannot
//! read, and never the reason why a call is not answered: what goes wrong here is told as a
//! [`Trouble`] and the last good state runs on. What the files mean is the business of others.

pub mod atomic;
pub mod call_log;
mod crashes;
pub mod home;
#[cfg(any(windows, target_os = "macos"))]
mod key_store;
mod numbered;
mod override_store;
mod pause;
pub mod plans;
mod plugin_store;
mod presets;
pub mod read;
mod saved_filters;
pub mod secrets;
pub mod settings;
pub mod shelf;
pub mod table_store;
pub mod version;

use std::path::{Path, PathBuf};

use chrono::{DateTime, Utc};

pub use crashes::{Crash, What, keep_what_breaks};
pub use home::{Home, HomeError, HomeLock};
pub use override_store::{Changed, OverrideStore};
pub use pause::Pause;
pub use plans::{Plan, PlanStore};
pub use plugin_store::PluginStore;
pub use presets::{Preset, PresetStore};
pub use read::{FileError, ReadError};
pub use saved_filters::{DaysChoice, SavedFilter};
pub use secrets::{Keys, Secret, SecretStore};
pub use settings::{
    GuidedStart, OnClose, ReachSettings, Settings, SettingsStore, ThemeChoice, ToldOf, UsedNotice,
};
pub use shelf::{KeptInfo, Shelf};
pub use table_store::{OnDisk, Opened, TableStore};
pub use version::{Version, VersionInfo};

/// Something the owner should know of and that was got over: shown until it is dismissed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Trouble {
    /// What is wrong, what runs now, and what to do.
    pub message: String,
    /// Where the content in question was kept, if it was moved or copied aside.
    pub kept: Option<PathBuf>,
}

impl Trouble {
    /// Trouble with nothing kept.
    #[must_use]
    pub fn new(message: impl Into<String>) -> Self {
        Self { message: message.into(), kept: None }
    }

    pub(crate) fn kept_at(message: impl Into<String>, kept: PathBuf) -> Self {
        Self { message: message.into(), kept: Some(kept) }
    }
}

/// Keeps `file`, which gave `error`, from being written over: what cannot be understood is moved
/// beside; where touching it would lose something it stays, and the second value says why
/// nothing may be saved. `runs` says what is used instead.
fn set_aside(file: &Path, error: &ReadError, runs: &str, at: DateTime<Utc>) -> (Trouble, Option<String>) {
    let reason = match error {
        ReadError::Bad(_) => match atomic::move_aside(file, "rejected", at) {
            Ok(kept) => return (Trouble::kept_at(format!("{runs}. {error}"), kept), None),
            Err(cause) => format!("{error} ({cause})"),
        },
        _ => error.to_string(),
    };
    (Trouble::new(format!("{runs}, and changes are not saved. {error}")), Some(reason))
}
