//! The API keys and the other secrets: how the window and the command line set them, and how the wire and the plugins get
//! at them. Where they are kept is the storage's business.

use std::collections::BTreeMap;
use std::sync::Arc;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::control::Control;
use super::heartbeat::HEARTBEAT_ADDRESS;
use super::messages::{Event, Keys};
use super::outside::Told;
use crate::retell::ApiKey;
use crate::storage::secrets::KeySource;
use crate::storage::{Home, HomeLock, Secret, SecretStore, secrets};

impl Control {
    pub(super) fn set_key(&mut self, pasted: &str) {
        let saved = self.save_keys(&self.keys.replaced(Secret::new(pasted)));
        self.fail_unless(saved);
    }

    pub(super) fn forget_previous_key(&mut self) {
        let saved = self.save_keys(&self.keys.without_previous());
        self.fail_unless(saved);
    }

    /// Changes the keys as somebody outside of the window wants it.
    pub(super) fn change_keys(&mut self, change: &KeyChange) -> Told {
        if self.secret_store.source() == KeySource::Environment {
            return Err(format!("Nothing was changed. {FROM_ENVIRONMENT}"));
        }
        let keys = change.apply(&self.keys)?;
        self.save_keys(&keys)?;
        Ok(change.words(&keys))
    }

    /// The error says that it could not be saved.
    fn save_keys(&mut self, keys: &secrets::Keys) -> Result<(), String> {
        // Like a setting, a key that cannot be saved counts until the program ends: calls that it
        // signs are genuine all the same.
        let saved = self.secret_store.save(keys);
        self.keys = self.secret_store.effective(keys.clone());
        self.engine.set_keys(api_keys(&self.keys));
        self.feed.send(Event::Keys(self.shown_keys()));
        saved.map(drop).map_err(|error| format!("{NOT_SAVED} {error}"))
    }

    pub(super) fn set_secret(&mut self, name: &str, secret: Option<&Secret>) {
        let saved = self.keep_secret(name, secret);
        self.fail_unless(saved);
    }

    /// The error says that it could not be saved.
    pub(super) fn keep_secret(&mut self, name: &str, secret: Option<&Secret>) -> Result<(), String> {
        let saved = self.secret_store.set(name, secret);
        self.secrets.replace(shared(self.secret_store.named()));
        self.feed.send(Event::Secrets(self.secrets.names()));
        if name == HEARTBEAT_ADDRESS {
            // What comes of it is told at once and not only after the minute.
            self.reachable.prove();
        } else if name.starts_with(crate::plugins::reach::SECRETS) {
            self.reach_again();
        } else {
            // A look-up may work now, or not any more.
            self.checking.check(self.draft.clone(), self.engine.live(), self.registry.clone());
        }
        saved.map_err(|error| format!("{NOT_SAVED} {error}"))
    }

    fn fail_unless(&self, saved: Result<(), String>) {
        if let Err(why) = saved {
            self.fail(why);
        }
    }

    pub(super) fn shown_keys(&self) -> Keys {
        Keys {
            current: self.keys.current.as_ref().map(|key| masked(key.expose())),
            has_previous: self.keys.previous.is_some(),
            from_environment: self.secret_store.source() == KeySource::Environment,
        }
    }
}

const NOT_SAVED: &str = "This counts only until Switchboard ends.";

/// Why the keys cannot be changed where the environment sets one.
pub const FROM_ENVIRONMENT: &str = "The key is set by the variable RETELL_API_KEY, which goes before a key that is saved; start Switchboard without it to change the key";

/// What becomes of the keys.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum KeyChange {
    /// Another one takes the place of the current one, which is accepted until it is forgotten.
    Set(Secret),
    /// Only the current one is valid from now on.
    ForgetPrevious,
    /// No key is valid from now on.
    ForgetAll,
}

impl KeyChange {
    fn apply(&self, keys: &secrets::Keys) -> Result<secrets::Keys, String> {
        match self {
            Self::Set(key) => Ok(keys.replaced(Some(key.clone()))),
            Self::ForgetPrevious if keys.previous.is_none() => {
                Err("There is no key before the current one that is still accepted".to_owned())
            }
            Self::ForgetPrevious => Ok(keys.without_previous()),
            Self::ForgetAll => Ok(secrets::Keys::default()),
        }
    }

    fn words(&self, keys: &secrets::Keys) -> String {
        match self {
            Self::Set(_) if keys.previous.is_some() => {
                "The key is set; the one before is still accepted, so that no call is refused while Retell changes over (switchboard key forget ends that)".to_owned()
            }
            Self::Set(_) => "The key is set".to_owned(),
            Self::ForgetPrevious => "Only the current key is accepted".to_owned(),
            Self::ForgetAll => "No key is kept, and every call is refused until another is set".to_owned(),
        }
    }
}

/// Changes the keys where no program runs. Says what was done, or why it was not.
pub fn change_keys_on_files(home: &Home, change: &KeyChange, now: DateTime<Utc>) -> Told {
    let (mut store, _claimed) = claimed_secrets(home, now)?;
    let keys = change.apply(store.stored())?;
    store.save(&keys).map_err(|error| error.to_string())?;
    Ok(change.words(&keys))
}

/// Keeps a secret where no program runs, or forgets it.
pub fn keep_secret_on_files(
    home: &Home,
    name: &str,
    secret: Option<&Secret>,
    now: DateTime<Utc>,
) -> Result<(), String> {
    let (mut store, _claimed) = claimed_secrets(home, now)?;
    store.set(name, secret).map_err(|error| error.to_string())
}

/// The secrets, while no program starts.
fn claimed_secrets(home: &Home, now: DateTime<Utc>) -> Result<(SecretStore, HomeLock), String> {
    let lock = home.prepare().and_then(|()| home.lock()).map_err(|error| error.to_string())?;
    let (store, ..) = SecretStore::open_with(home, None, now);
    Ok((store, lock))
}

/// The keys as the wire uses them, the current one first.
#[must_use]
pub fn api_keys(keys: &secrets::Keys) -> Vec<ApiKey> {
    [&keys.current, &keys.previous].into_iter().flatten().map(|key| ApiKey::new(key.expose())).collect()
}

/// Secrets as plugins get at them.
#[must_use]
pub fn shared(named: &secrets::Named) -> BTreeMap<String, Arc<str>> {
    named.iter().map(|(name, secret)| (name.clone(), Arc::from(secret.expose()))).collect()
}

/// A key with all but its end hidden.
#[must_use]
pub fn masked(key: &str) -> String {
    let hidden = key.chars().count().saturating_sub(4);
    let end: String = if hidden < 8 { String::new() } else { key.chars().skip(hidden).collect() };
    format!("••••••••{end}")
}
