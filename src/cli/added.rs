//! The plugins that were added to this computer, for those who have no window: adding one, allowing
//! it, removing it, and what there is. A program that runs sees what was changed within a second.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use super::{Args, Failure, filled, plugins};
use crate::local;
use crate::plugins::dropped::{Kept, PluginStatus, Source, Yard, is_id, secret_name};
use crate::plugins::{Manifest, Secrets};
use crate::service::Clock;
use crate::service::installing::{self, Installed};
use crate::storage::{Home, PluginStore, SecretStore, atomic};

pub(super) fn install(args: &Args, from: &Path) -> Result<ExitCode, Failure> {
    let home = args.home()?;
    let from = std::path::absolute(from)?;
    let Installed { manifest, is_update } =
        installing::install(&from, &home.plugins_folder(), Clock::system().now())?;
    let Manifest { id, name, version, allow, .. } = &manifest;
    let done = if is_update { "is updated, with the settings it had" } else { "was added" };
    say!("{name} {version} {done}");
    let kept = PluginStore::read::<Kept>(&home).unwrap_or_default();
    if kept.get(id).and_then(|kept| kept.allowed.clone()) != Some(allow.mark()) {
        print_rights(&manifest);
        say!("It runs once you allow it: switchboard plugin allow {id}");
    }
    Ok(ExitCode::SUCCESS)
}

pub(super) fn allow(args: &Args, id: &str) -> Result<ExitCode, Failure> {
    let home = args.home()?;
    let folder = folder(&home, id)?;
    let Source { manifest, .. } = Source::read(&folder)?;
    let (mut store, mut kept, trouble) = PluginStore::open::<Kept>(&home, Clock::system().now());
    if let Some(trouble) = trouble {
        complain!("{}", trouble.message);
    }
    let entry = kept.entry(id.to_owned()).or_default();
    (entry.allowed, entry.off) = (Some(manifest.allow.mark()), false);
    store.save(&kept)?;
    say!("{} {} is allowed", manifest.name, manifest.version);
    print_rights(&manifest);
    Ok(ExitCode::SUCCESS)
}

/// The folder of a plugin that was added.
pub(super) fn folder(home: &Home, id: &str) -> Result<PathBuf, Failure> {
    let folder = home.plugins_folder().join(id);
    if !is_id(id) || !folder.is_dir() {
        return Err(format!("no plugin “{id}” was added; switchboard plugin list tells which were").into());
    }
    Ok(folder)
}

pub(super) fn remove(args: &Args, id: &str) -> Result<ExitCode, Failure> {
    let (home, now) = (args.home()?, Clock::system().now());
    let folder = folder(&home, id)?;
    let beside = atomic::move_aside(&folder, "removed", now)?;
    let (mut store, mut kept, _) = PluginStore::open::<Kept>(&home, now);
    if kept.remove(id).is_some() {
        store.save(&kept)?;
    }
    let (secrets, ..) = SecretStore::open(&home, now);
    let is_its = |name: &&String| name.starts_with(&secret_name(id, ""));
    let names: Vec<String> = secrets.named().keys().filter(is_its).cloned().collect();
    for name in names {
        filled::keep_secret(&home, &name, None)?;
    }
    say!("“{id}” is removed, with its settings and secrets; its folder is kept: {}", beside.display());
    Ok(ExitCode::SUCCESS)
}

fn print_rights(manifest: &Manifest) {
    say!("  It is told who calls, which line, and when");
    for right in manifest.allow.words() {
        say!("  It may: {right}");
    }
}

pub(super) fn list(args: &Args) -> Result<ExitCode, Failure> {
    let home = args.home()?;
    // A running program knows which version is at work.
    let plugins = match local::status(&home) {
        Ok(status) => status.plugins,
        Err(_) => on_files(&home)?,
    };
    if plugins.is_empty() {
        say!("No plugin was added; switchboard plugin install adds one");
    }
    for PluginStatus { id, name, works, standing, attention } in plugins {
        let version = works.map(|works| format!(" {works}")).unwrap_or_default();
        say!("{id}: {name}{version}, {standing}");
        if let Some(attention) = attention {
            say!("  {attention}");
        }
    }
    Ok(ExitCode::SUCCESS)
}

/// How they are doing where no program runs.
fn on_files(home: &Home) -> Result<Vec<PluginStatus>, Failure> {
    let kept = PluginStore::read::<Kept>(home)?;
    let secrets = Secrets::default();
    if !kept.is_empty() {
        plugins::read_secrets(home, &secrets, Clock::system().now());
    }
    let mut yard = Yard::new(home.plugins_folder(), secrets);
    // As if nothing were allowed, so that nothing runs.
    yard.look(&BTreeMap::new(), 0);
    Ok(yard.cards(&kept).iter().map(PluginStatus::from).collect())
}
