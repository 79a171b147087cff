//! A plugin on its way into the folder of plugins: a folder or a zip file, copied aside and looked
//! through before it takes its place. Nothing of it runs.

use std::fs::{self, File};
use std::io::{self, Read};
use std::path::{Component, Path, PathBuf};

use serde::Deserialize;
use tempfile::TempDir;
use zip::ZipArchive;

use super::Source;
use super::source::is_id;
use crate::plugins::Manifest;

/// The most files that a plugin has.
const MOST_FILES: usize = 200;
/// How large all of them may be together, in bytes; a zip file may be as large.
const MOST_BYTES: u64 = 20 * 1024 * 1024;
/// How deep its folders may lie in each other.
const MOST_DEEP: usize = 8;

/// A plugin that lies ready, beside its place. It is thrown away if it is not put there.
#[derive(Debug)]
pub struct Parcel {
    /// What it says of itself.
    pub manifest: Manifest,
    /// Holds its folder, which has its id for a name.
    aside: TempDir,
}

/// All that has to be known of a manifest to give its folder a name.
#[derive(Deserialize)]
struct Named {
    id: String,
}

impl Parcel {
    /// Copies a plugin from a folder or a zip file to a hidden place in the folder of plugins, and looks
    /// whether it can be used. The error is a sentence; nothing is left behind then.
    pub fn unpack(from: &Path, plugins: &Path) -> Result<Self, String> {
        let name = from.file_name().unwrap_or_default().to_string_lossy();
        let told = |why: String| format!("“{name}” was not added: {why}");
        Self::open(from, plugins).map_err(told)
    }

    fn open(from: &Path, plugins: &Path) -> Result<Self, String> {
        let no_place = |why: io::Error| format!("the folder of plugins cannot be written to ({why})");
        let info = fs::metadata(from).map_err(|why| format!("it cannot be read ({why})"))?;
        fs::create_dir_all(plugins).map_err(no_place)?;
        let aside = tempfile::Builder::new().prefix(".adding-").tempdir_in(plugins).map_err(no_place)?;
        let all = aside.path().join("all");
        fs::create_dir(&all).map_err(no_place)?;
        let mut copying = Copying { files: 0, left: MOST_BYTES };
        if info.is_dir() {
            copying.folder(from, &all, 0)?;
        } else {
            copying.zip(from, &all)?;
        }
        let found = with_manifest(&all)?;
        let manifest = fs::read_to_string(found.join("plugin.toml"))
            .map_err(|why| format!("the file plugin.toml cannot be read ({why})"))?;
        let Named { id } =
            toml::from_str(&manifest).map_err(|why| format!("in plugin.toml: {}", why.message()))?;
        if !is_id(&id) {
            return Err(format!("in plugin.toml: “{id}” cannot be an id; use a-z, 0-9 and _"));
        }
        let folder = aside.path().join(id);
        fs::rename(&found, &folder).map_err(no_place)?;
        let Source { manifest, .. } = Source::read(&folder)?;
        Ok(Self { manifest, aside })
    }

    /// Puts it into its place, which must be empty.
    pub fn put(self, place: &Path) -> io::Result<()> {
        fs::rename(self.aside.path().join(&self.manifest.id), place)
    }
}

/// Where the manifest lies: at the top, or in the only folder that has one.
fn with_manifest(all: &Path) -> Result<PathBuf, String> {
    let has_one = |folder: &PathBuf| folder.join("plugin.toml").is_file();
    let top = all.to_owned();
    if has_one(&top) {
        return Ok(top);
    }
    let listed = fs::read_dir(all).map_err(|why| format!("it cannot be read ({why})"))?;
    let mut found = listed.filter_map(Result::ok).map(|entry| entry.path()).filter(has_one);
    match (found.next(), found.next()) {
        (Some(folder), None) => Ok(folder),
        (None, _) => {
            Err("there is no plugin.toml in it, so it is no plugin; choose the folder or the zip file of one"
                .to_owned())
        }
        (Some(_), Some(_)) => Err("there are several plugins in it; add one at a time".to_owned()),
    }
}

/// What authors and their tools leave lying beside a plugin.
fn is_left_out(name: &str) -> bool {
    name.starts_with('.') || matches!(name, "__MACOSX" | "node_modules")
}

/// Copies files, so many and so large.
struct Copying {
    files: usize,
    left: u64,
}

impl Copying {
    fn folder(&mut self, from: &Path, to: &Path, depth: usize) -> Result<(), String> {
        let unread = |why: io::Error| format!("it cannot be read ({why})");
        for entry in fs::read_dir(from).map_err(unread)? {
            let entry = entry.map_err(unread)?;
            let name = entry.file_name().to_string_lossy().into_owned();
            if is_left_out(&name) {
                continue;
            }
            let (kind, target) = (entry.file_type().map_err(unread)?, to.join(entry.file_name()));
            if kind.is_dir() {
                allow_depth(depth + 1)?;
                fs::create_dir(&target).map_err(|why| unwritten(&why))?;
                self.folder(&entry.path(), &target, depth + 1)?;
            } else if kind.is_file() {
                let mut file = File::open(entry.path()).map_err(unread)?;
                self.file(&mut file, &target)?;
            } else {
                return Err(format!("“{name}” is no ordinary file"));
            }
        }
        Ok(())
    }

    fn zip(&mut self, from: &Path, to: &Path) -> Result<(), String> {
        let file = File::open(from).map_err(|why| format!("it cannot be read ({why})"))?;
        if file.metadata().is_ok_and(|info| info.len() > MOST_BYTES) {
            return Err(too_large());
        }
        let mut zip =
            ZipArchive::new(file).map_err(|why| format!("it is no zip file of a plugin ({why})"))?;
        // Told before anything is unpacked; what counts is counted below.
        if zip.len() > MOST_FILES * 2 {
            return Err(too_many());
        }
        for index in 0..zip.len() {
            let mut entry =
                zip.by_index(index).map_err(|why| format!("what is in it cannot be read ({why})"))?;
            let name = entry.name().map(std::borrow::Cow::into_owned).unwrap_or_default();
            let path = entry.enclosed_name().filter(|path| !name.starts_with('/') && is_plain(path));
            let Some(path) = path else {
                return Err(format!("“{name}” in it leads out of its own folder"));
            };
            if path.components().any(|part| is_left_out(&part.as_os_str().to_string_lossy())) {
                continue;
            }
            if entry.is_symlink() {
                return Err(format!("“{name}” in it is no ordinary file"));
            }
            allow_depth(path.components().count())?;
            let target = to.join(&path);
            if entry.is_dir() {
                fs::create_dir_all(target).map_err(|why| unwritten(&why))?;
                continue;
            }
            fs::create_dir_all(target.parent().unwrap_or(to)).map_err(|why| unwritten(&why))?;
            self.file(&mut entry, &target)?;
        }
        Ok(())
    }

    /// Copies one file. What a zip file says of sizes is not believed.
    fn file(&mut self, from: &mut impl Read, to: &Path) -> Result<(), String> {
        self.files += 1;
        if self.files > MOST_FILES {
            return Err(too_many());
        }
        let mut file = File::create_new(to).map_err(|why| unwritten(&why))?;
        let copied = io::copy(&mut from.take(self.left + 1), &mut file).map_err(|why| unwritten(&why))?;
        self.left = self.left.checked_sub(copied).ok_or_else(too_large)?;
        Ok(())
    }
}

/// A path of ordinary names only, on any system.
fn is_plain(path: &Path) -> bool {
    path.components().count() > 0
        && path.components().all(|part| matches!(part, Component::Normal(_)))
        && !path.to_string_lossy().contains(['\\', ':'])
}

fn allow_depth(depth: usize) -> Result<(), String> {
    if depth > MOST_DEEP {
        Err("its folders lie too deep in each other; choose the folder of the plugin itself".to_owned())
    } else {
        Ok(())
    }
}

fn too_many() -> String {
    format!("there are more than {MOST_FILES} files in it, and plugins have a few")
}

fn too_large() -> String {
    format!("it is larger than {} MB, which no plugin needs", MOST_BYTES / (1024 * 1024))
}

fn unwritten(why: &io::Error) -> String {
    format!("it could not be copied ({why})")
}
