//! The system's own key store (Windows Credential Manager, macOS Keychain), one entry per key.

use keyring::{Entry, Error};

const SERVICE: &str = "Switchboard";

/// The secret kept under `name`, if there is one.
pub(super) fn get(name: &str) -> Result<Option<String>, String> {
    match Entry::new(SERVICE, name).and_then(|entry| entry.get_password()) {
        Ok(secret) => Ok(Some(secret)),
        Err(Error::NoEntry) => Ok(None),
        Err(error) => Err(error.to_string()),
    }
}

/// Keeps `secret` under `name`, or removes what is kept there.
pub(super) fn set(name: &str, secret: Option<&str>) -> Result<(), String> {
    let done = Entry::new(SERVICE, name).and_then(|entry| match secret {
        Some(secret) => entry.set_password(secret),
        None => entry.delete_credential(),
    });
    match done {
        Ok(()) | Err(Error::NoEntry) => Ok(()),
        Err(error) => Err(error.to_string()),
    }
}
