//! Adding plugins from a folder or a zip file, for the window and the command line.

use std::fs;
use std::path::Path;

use chrono::{DateTime, Utc};

use crate::plugins::Manifest;
use crate::plugins::dropped::Parcel;
use crate::storage::atomic;

/// A plugin that was added.
#[derive(Debug)]
pub struct Installed {
    /// What it says of itself.
    pub manifest: Manifest,
    /// Whether another version gave way to it. That is kept beside.
    pub is_update: bool,
}

/// Puts a plugin into the folder of plugins, where it takes the place of one with the same id. What the
/// owner allowed and filled in stays. The error is a sentence, and nothing is changed then.
pub fn install(from: &Path, plugins: &Path, at: DateTime<Utc>) -> Result<Installed, String> {
    let parcel = Parcel::unpack(from, plugins)?;
    let manifest = parcel.manifest.clone();
    let place = plugins.join(&manifest.id);
    let failed = |why: std::io::Error| format!("{} was not added ({why})", manifest.name);
    let is_update = place.symlink_metadata().is_ok();
    let before = is_update.then(|| atomic::move_aside(&place, "replaced", at)).transpose().map_err(failed)?;
    if let Err(why) = parcel.put(&place) {
        // What was there before goes on; if even that cannot be, it is still beside.
        if let Some(before) = before {
            let _ = fs::rename(before, &place);
        }
        return Err(failed(why));
    }
    Ok(Installed { manifest, is_update })
}
