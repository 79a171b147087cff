//! The API keys that calls are signed with: the current one and, while it is being replaced, the
//! previous one.
//!
//! Kept in the system's key store on Windows and macOS, and in a file that only its owner can read
//! on Linux (a key store that is locked after a reboot would mean unanswered calls) and in a folder
//! named by the owner. `RETELL_API_KEY` wins over both.

use std::path::{Path, PathBuf};

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::{Home, ReadError, Trouble, atomic, read};

/// The environment variable that wins over any stored key.
pub const KEY_VARIABLE: &str = "RETELL_API_KEY";

const FORMAT: u32 = 1;

/// A key. Never printed, not even for debugging.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Secret(String);

impl Secret {
    /// The key without the spaces, line ends and invisible marks that pasting brings along; `None` if
    /// nothing is left.
    #[must_use]
    pub fn new(pasted: &str) -> Option<Self> {
        let invisible = |c: char| {
            c.is_whitespace() || c.is_control() || matches!(c, '\u{feff}' | '\u{200b}'..='\u{200d}')
        };
        let key = pasted.trim_matches(invisible);
        (!key.is_empty()).then(|| Self(key.to_owned()))
    }

    /// The key itself.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl std::fmt::Debug for Secret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Secret(hidden)")
    }
}

/// The keys that are valid now.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Keys {
    /// The key in use; without it every call is refused.
    pub current: Option<Secret>,
    /// The one before, still accepted while it is being replaced.
    pub previous: Option<Secret>,
}

/// Where the keys come from, for showing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum KeySource {
    /// `RETELL_API_KEY`; what is stored is not used.
    Environment,
    /// A file that only its owner can read.
    File(PathBuf),
    /// The system's own key store.
    KeyStore,
}

/// The keys could not be saved; the message says why and what to do.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct SecretError(String);

/// Keeps the keys.
#[derive(Debug)]
pub struct SecretStore {
    place: Place,
    from_environment: Option<Secret>,
    /// Why the file must not be written over.
    sealed: Option<String>,
}

#[derive(Debug)]
enum Place {
    File(PathBuf),
    #[cfg(any(windows, target_os = "macos"))]
    KeyStore,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Content {
    format: u32,
    #[serde(default)]
    retell_api_key: Option<Secret>,
    #[serde(default)]
    previous_retell_api_key: Option<Secret>,
}

impl SecretStore {
    /// Finds out where this home's keys are kept and reads them.
    #[must_use]
    pub fn open(home: &Home, at: DateTime<Utc>) -> (Self, Keys, Vec<Trouble>) {
        Self::open_with(home, std::env::var(KEY_VARIABLE).ok().as_deref(), at)
    }

    /// Like [`SecretStore::open`] with the value of `RETELL_API_KEY` given.
    #[must_use]
    pub fn open_with(home: &Home, variable: Option<&str>, at: DateTime<Utc>) -> (Self, Keys, Vec<Trouble>) {
        let mut store =
            Self { place: place_for(home), from_environment: variable.and_then(Secret::new), sealed: None };
        let (stored, troubles) = store.load(at);
        let keys = store.effective(stored);
        (store, keys, troubles)
    }

    /// Where the keys in use come from.
    #[must_use]
    pub fn source(&self) -> KeySource {
        match (&self.from_environment, &self.place) {
            (Some(_), _) => KeySource::Environment,
            (None, Place::File(file)) => KeySource::File(file.clone()),
            #[cfg(any(windows, target_os = "macos"))]
            (None, Place::KeyStore) => KeySource::KeyStore,
        }
    }

    /// Stores `keys` and returns those valid from now on (the environment's still win).
    pub fn save(&self, keys: &Keys) -> Result<Keys, SecretError> {
        if let Some(reason) = &self.sealed {
            return Err(SecretError(reason.clone()));
        }
        match &self.place {
            Place::File(file) => save_file(file, keys)?,
            #[cfg(any(windows, target_os = "macos"))]
            Place::KeyStore => key_store_entries::save(keys)?,
        }
        Ok(self.effective(keys.clone()))
    }

    /// The keys that are valid while `stored` is what the owner set: the environment's win.
    #[must_use]
    pub fn effective(&self, stored: Keys) -> Keys {
        match &self.from_environment {
            Some(key) => Keys { current: Some(key.clone()), previous: None },
            None => stored,
        }
    }

    fn load(&mut self, at: DateTime<Utc>) -> (Keys, Vec<Trouble>) {
        let file = match &self.place {
            Place::File(file) => file.clone(),
            #[cfg(any(windows, target_os = "macos"))]
            Place::KeyStore => return key_store_entries::load(),
        };
        match read::read_json::<Content>(&file, FORMAT) {
            Ok(content) => (content.into_keys(), hide(&file).into_iter().collect()),
            Err(ReadError::Missing { .. }) => (Keys::default(), Vec::new()),
            Err(error) => {
                let runs = "The API key cannot be read, so enter it again";
                let (trouble, sealed) = super::set_aside(&file, &error, runs, at);
                self.sealed = sealed;
                (Keys::default(), vec![trouble])
            }
        }
    }
}

impl Content {
    fn into_keys(self) -> Keys {
        let trimmed = |key: Option<Secret>| key.and_then(|key| Secret::new(key.expose()));
        Keys { current: trimmed(self.retell_api_key), previous: trimmed(self.previous_retell_api_key) }
    }
}

fn save_file(file: &Path, keys: &Keys) -> Result<(), SecretError> {
    let Keys { current, previous } = keys.clone();
    let content = Content { format: FORMAT, retell_api_key: current, previous_retell_api_key: previous };
    atomic::write_json(file, &content).map(drop).map_err(|cause| {
        SecretError(format!(
            "The API key could not be saved ({cause}); make room or allow writing there: {}",
            file.display()
        ))
    })
}

/// A file copied about by hand may have become readable by others: take that back.
#[cfg(unix)]
fn hide(file: &Path) -> Option<Trouble> {
    use std::os::unix::fs::PermissionsExt;
    let mode = std::fs::metadata(file).ok()?.permissions().mode();
    let for_others = mode & 0o077;
    if for_others == 0 {
        return None;
    }
    let hidden = std::fs::set_permissions(file, std::fs::Permissions::from_mode(0o600));
    hidden.err().map(|cause| {
        Trouble::new(format!(
            "Others on this computer can read the API key ({cause}); make this file yours alone: {}",
            file.display()
        ))
    })
}

#[cfg(not(unix))]
fn hide(_file: &Path) -> Option<Trouble> {
    None
}

#[cfg(any(windows, target_os = "macos"))]
fn place_for(home: &Home) -> Place {
    if home.portable { Place::File(home.secrets_file()) } else { Place::KeyStore }
}

#[cfg(not(any(windows, target_os = "macos")))]
fn place_for(home: &Home) -> Place {
    Place::File(home.secrets_file())
}

#[cfg(any(windows, target_os = "macos"))]
mod key_store_entries {
    //! The two keys as entries of the system's key store.

    use super::{Keys, Secret, SecretError, Trouble};
    use crate::storage::key_store;

    const CURRENT: &str = "retell-api-key";
    const PREVIOUS: &str = "previous-retell-api-key";

    pub(super) fn load() -> (Keys, Vec<Trouble>) {
        let mut troubles = Vec::new();
        let mut read = |name| match key_store::get(name) {
            Ok(key) => key.as_deref().and_then(Secret::new),
            Err(cause) => {
                troubles.push(Trouble::new(format!(
                    "The API key could not be read from this computer's key store ({cause}); unlock it and start again, or enter the key again"
                )));
                None
            }
        };
        let keys = Keys { current: read(CURRENT), previous: read(PREVIOUS) };
        (keys, troubles)
    }

    pub(super) fn save(keys: &Keys) -> Result<(), SecretError> {
        [(CURRENT, &keys.current), (PREVIOUS, &keys.previous)].into_iter().try_for_each(
            |(name, key)| {
                key_store::set(name, key.as_ref().map(Secret::expose)).map_err(|cause| {
                    SecretError(format!(
                        "The API key could not be saved in this computer's key store ({cause}); unlock it and try again"
                    ))
                })
            },
        )
    }
}
