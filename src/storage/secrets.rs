//! The API keys that calls are signed with: the current one and, while it is being replaced, the
//! previous one. And any other secrets by name, such as the token that a look-up sends along.
//!
//! Kept in the system's key store on Windows and macOS, and in a file that only its owner can read
//! on Linux (a key store that is locked after a reboot would mean unanswered calls) and in a folder
//! named by the owner. `RETELL_API_KEY` wins over both.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use zeroize::Zeroize;

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

    /// Why this is hardly an API key of Retell's, if so; it is taken all the same.
    #[must_use]
    pub fn odd_key(&self) -> Option<&'static str> {
        let is_odd = !self.0.starts_with("key_");
        is_odd.then_some("Retell's keys begin with key_, and this does not: look whether it is the right one")
    }

    /// The key itself.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }
}

/// It is not left behind in memory.
impl Drop for Secret {
    fn drop(&mut self) {
        self.0.zeroize();
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

impl Keys {
    /// The keys once `new` takes the place of the current one, which stays valid meanwhile. Without a new
    /// one nothing is valid, so that "remove the key" means what it says.
    #[must_use]
    pub fn replaced(&self, new: Option<Secret>) -> Self {
        let before = self.current.clone().filter(|before| Some(before) != new.as_ref());
        let previous = new.as_ref().and(before.or(self.previous.clone()));
        Self { current: new, previous }
    }

    /// Only the current one, from now on.
    #[must_use]
    pub fn without_previous(&self) -> Self {
        Self { current: self.current.clone(), previous: None }
    }
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

/// A secret could not be saved; the message says why and what to do.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct SecretError(String);

/// Other secrets, by name.
pub type Named = BTreeMap<String, Secret>;

/// Keeps the keys and the other secrets.
#[derive(Debug)]
pub struct SecretStore {
    place: Place,
    from_environment: Option<Secret>,
    /// The keys as they are stored.
    stored: Keys,
    named: Named,
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
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    named: Named,
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
        let mut store = Self {
            place: place_for(home),
            from_environment: variable.and_then(Secret::new),
            stored: Keys::default(),
            named: Named::default(),
            sealed: None,
        };
        let troubles = store.load(at);
        let keys = store.effective(store.stored.clone());
        (store, keys, troubles)
    }

    /// All other secrets.
    #[must_use]
    pub fn named(&self) -> &Named {
        &self.named
    }

    /// The keys as they are stored, whatever the environment says.
    #[must_use]
    pub fn stored(&self) -> &Keys {
        &self.stored
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
    pub fn save(&mut self, keys: &Keys) -> Result<Keys, SecretError> {
        self.unsealed()?;
        match &self.place {
            Place::File(file) => save_file(file, "The API key", keys, &self.named)?,
            #[cfg(any(windows, target_os = "macos"))]
            Place::KeyStore => key_store_entries::save(keys)?,
        }
        self.stored = keys.clone();
        Ok(self.effective(keys.clone()))
    }

    /// Keeps a secret under `name`, or forgets the one that is kept there. It counts from now on even
    /// if it could not be stored.
    pub fn set(&mut self, name: &str, secret: Option<&Secret>) -> Result<(), SecretError> {
        match secret {
            Some(secret) => drop(self.named.insert(name.to_owned(), secret.clone())),
            None => drop(self.named.remove(name)),
        }
        self.unsealed()?;
        match &self.place {
            Place::File(file) => save_file(file, "The secret", &self.stored, &self.named),
            #[cfg(any(windows, target_os = "macos"))]
            Place::KeyStore => key_store_entries::set(name, secret, &self.named),
        }
    }

    fn unsealed(&self) -> Result<(), SecretError> {
        self.sealed.as_ref().map_or(Ok(()), |reason| Err(SecretError(reason.clone())))
    }

    /// The keys that are valid while `stored` is what the owner set: the environment's win.
    #[must_use]
    pub fn effective(&self, stored: Keys) -> Keys {
        match &self.from_environment {
            Some(key) => Keys { current: Some(key.clone()), previous: None },
            None => stored,
        }
    }

    fn load(&mut self, at: DateTime<Utc>) -> Vec<Trouble> {
        let file = match &self.place {
            Place::File(file) => file.clone(),
            #[cfg(any(windows, target_os = "macos"))]
            Place::KeyStore => {
                let troubles;
                (self.stored, self.named, troubles) = key_store_entries::load();
                return troubles;
            }
        };
        match read::read_json::<Content>(&file, FORMAT) {
            Ok(content) => {
                (self.stored, self.named) = content.into_parts();
                hide(&file).into_iter().collect()
            }
            Err(ReadError::Missing { .. }) => Vec::new(),
            Err(error) => {
                let runs = "The API key cannot be read, so enter it again";
                let (trouble, sealed) = super::set_aside(&file, &error, runs, at);
                self.sealed = sealed;
                vec![trouble]
            }
        }
    }
}

impl Content {
    fn into_parts(self) -> (Keys, Named) {
        let Self { retell_api_key, previous_retell_api_key, named, .. } = self;
        let trimmed = |key: Option<Secret>| key.and_then(|key| Secret::new(key.expose()));
        let keys = Keys { current: trimmed(retell_api_key), previous: trimmed(previous_retell_api_key) };
        let named = named.into_iter().filter_map(|(name, secret)| Some((name, trimmed(Some(secret))?)));
        (keys, named.collect())
    }
}

fn save_file(file: &Path, what: &str, keys: &Keys, named: &Named) -> Result<(), SecretError> {
    let Keys { current, previous } = keys.clone();
    let content = Content {
        format: FORMAT,
        retell_api_key: current,
        previous_retell_api_key: previous,
        named: named.clone(),
    };
    atomic::write_json(file, &content).map(drop).map_err(|cause| {
        SecretError(format!(
            "{what} could not be saved ({cause}); make room or allow writing there: {}",
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
    //! The keys and other secrets as entries of the system's key store. It cannot be asked what it
    //! holds, so one entry lists the names of the others.

    use super::{Keys, Named, Secret, SecretError, Trouble};
    use crate::storage::key_store;

    const CURRENT: &str = "retell-api-key";
    const PREVIOUS: &str = "previous-retell-api-key";
    const NAMES: &str = "names-of-secrets";

    pub(super) fn load() -> (Keys, Named, Vec<Trouble>) {
        let mut troubles = Vec::new();
        let mut read = |name: &str, what: &str| match key_store::get(name) {
            Ok(secret) => secret,
            Err(cause) => {
                troubles.push(Trouble::new(format!(
                    "{what} could not be read from this computer's key store ({cause}); unlock it and start again, or enter it again"
                )));
                None
            }
        };
        let mut key = |name| read(name, "The API key").as_deref().and_then(Secret::new);
        let keys = Keys { current: key(CURRENT), previous: key(PREVIOUS) };
        let names = read(NAMES, "A secret").unwrap_or_default();
        let named = names.lines().filter_map(|name| {
            let secret = read(&entry(name), "A secret")?;
            Some((name.to_owned(), Secret::new(&secret)?))
        });
        let named = named.collect();
        (keys, named, troubles)
    }

    pub(super) fn save(keys: &Keys) -> Result<(), SecretError> {
        [(CURRENT, &keys.current), (PREVIOUS, &keys.previous)]
            .into_iter()
            .try_for_each(|(name, key)| write(name, key.as_ref().map(Secret::expose), "The API key"))
    }

    /// Writes one of the secrets, and the names of `all` there are.
    pub(super) fn set(name: &str, secret: Option<&Secret>, all: &Named) -> Result<(), SecretError> {
        let names: Vec<&str> = all.keys().map(String::as_str).collect();
        write(&entry(name), secret.map(Secret::expose), "The secret")?;
        write(NAMES, (!names.is_empty()).then(|| names.join("\n")).as_deref(), "The secret")
    }

    fn entry(name: &str) -> String {
        format!("secret {name}")
    }

    fn write(name: &str, secret: Option<&str>, what: &str) -> Result<(), SecretError> {
        key_store::set(name, secret).map_err(|cause| {
            SecretError(format!(
                "{what} could not be saved in this computer's key store ({cause}); unlock it and try again"
            ))
        })
    }
}
