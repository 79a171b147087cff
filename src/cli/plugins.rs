//! All plugins as commands use them: those that are built in, and those that the owner added and
//! allowed, made ready.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};

use super::{Args, Failure};
use crate::plugins::dropped::{Kept, Yard};
use crate::plugins::{Host, Registry, Secrets};
use crate::service::keys::shared;
use crate::storage::{Home, PluginStore, SecretStore};

/// The plugins, with what they may use. What was added and cannot be used is told in the facts that are
/// missing, as for a call.
pub(super) fn registry(args: &Args, host: Host, now: DateTime<Utc>) -> Result<Registry, Failure> {
    let home = args.home()?;
    let kept = PluginStore::read::<Kept>(&home).unwrap_or_else(|error| {
        complain!("What plugins are allowed cannot be read, so none of those that were added runs. {error}");
        BTreeMap::new()
    });
    if kept.values().any(|kept| kept.allowed.is_some()) {
        read_secrets(&home, &host.secrets, now);
    }
    let mut yard = Yard::new(home.plugins_folder(), host.secrets.clone());
    yard.get_ready(&kept, now.timestamp_millis());
    Ok(Registry::with_host(host).with_dropped(yard.plugins(&kept)))
}

/// Reads the secrets that are kept on this computer.
pub(super) fn read_secrets(home: &Home, secrets: &Secrets, now: DateTime<Utc>) {
    let (store, ..) = SecretStore::open(home, now);
    secrets.replace(shared(store.named()));
}
