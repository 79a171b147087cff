//! The API keys and the other secrets: how the window sets them, and how the wire and the plugins get
//! at them. Where they are kept is the storage's business.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::control::Control;
use super::heartbeat::HEARTBEAT_ADDRESS;
use super::messages::{Event, Keys};
use crate::retell::ApiKey;
use crate::storage::secrets::KeySource;
use crate::storage::{Secret, secrets};

impl Control {
    pub(super) fn set_key(&mut self, pasted: &str) {
        let current = Secret::new(pasted);
        let before = self.keys.current.clone().filter(|before| Some(before) != current.as_ref());
        // Without a current key nothing is valid, so that "remove the key" means what it says.
        let previous = current.as_ref().and(before.or(self.keys.previous.clone()));
        self.save_keys(&secrets::Keys { current, previous });
    }

    pub(super) fn save_keys(&mut self, keys: &secrets::Keys) {
        // Like a setting, a key that cannot be saved counts until the program ends: calls that it
        // signs are genuine all the same.
        let saved = self.secret_store.save(keys);
        self.keys = self.secret_store.effective(keys.clone());
        self.engine.set_keys(api_keys(&self.keys));
        if let Err(error) = saved {
            self.fail(format!("This counts only until Switchboard ends. {error}"));
        }
        self.feed.send(Event::Keys(self.shown_keys()));
    }

    pub(super) fn set_secret(&mut self, name: &str, secret: Option<&Secret>) {
        let saved = self.secret_store.set(name, secret);
        self.secrets.replace(shared(self.secret_store.named()));
        if let Err(error) = saved {
            self.fail(format!("This counts only until Switchboard ends. {error}"));
        }
        self.feed.send(Event::Secrets(self.secrets.names()));
        if name == HEARTBEAT_ADDRESS {
            // What comes of it is told at once and not only after the minute.
            return self.reachable.prove();
        }
        if name.starts_with(crate::plugins::reach::SECRETS) {
            return self.reach_again();
        }
        // A look-up may work now, or not any more.
        self.checking.check(self.draft.clone(), self.engine.live(), self.registry.clone());
    }

    pub(super) fn shown_keys(&self) -> Keys {
        Keys {
            current: self.keys.current.as_ref().map(|key| masked(key.expose())),
            has_previous: self.keys.previous.is_some(),
            from_environment: self.secret_store.source() == KeySource::Environment,
        }
    }
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
fn masked(key: &str) -> String {
    let hidden = key.chars().count().saturating_sub(4);
    let end: String = if hidden < 8 { String::new() } else { key.chars().skip(hidden).collect() };
    format!("••••••••{end}")
}
