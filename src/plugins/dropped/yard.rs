//! The folder of dropped-in plugins: what lies there, what of it may run, and what of it is at work.
//! Looked at each second. What takes time is done on threads of their own; a version that cannot be
//! used leaves the one before at work.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::{Duration, SystemTime};

use serde::{Deserialize, Serialize};

use super::desk::{Desk, Report};
use super::run::Working;
use super::sandbox::{Code, Trouble};
use super::source::Source;
use super::{Dropped, Filled, Settings, setting};
use crate::plugins::{FactInfo, Manifest, Plugin, Secrets};

/// The most plugins that are looked at.
const MOST: usize = 300;
/// How many are made ready at a time.
const LOADERS: usize = 2;

/// What is kept about a plugin between runs of the program.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Kept {
    /// What the owner allowed, as [`super::Allow::mark`]; none: nothing runs.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub allowed: Option<String>,
    /// The owner switched it off.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub off: bool,
    /// What the owner filled in.
    #[serde(default, skip_serializing_if = "Filled::is_empty")]
    pub settings: Filled,
}

/// One plugin for the window.
#[derive(Clone, Debug, PartialEq)]
pub struct Card {
    /// The name of its folder.
    pub id: String,
    /// Its folder.
    pub folder: PathBuf,
    /// What it says of itself, if that can be read.
    pub manifest: Option<Arc<Manifest>>,
    /// What becomes of it.
    pub standing: Standing,
    /// Why what lies in the folder is not at work.
    pub problem: Option<String>,
    /// It is not asked, as it was not told all that it has to know.
    pub is_lacking: bool,
    /// The version that is at work.
    pub works: Option<String>,
    /// What the owner filled in.
    pub filled: Filled,
    /// How it is doing.
    pub report: Report,
}

/// What becomes of a plugin.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// It cannot be read.
    Unreadable,
    /// It waits for the owner to allow it.
    Asks,
    /// It was allowed something else before.
    AsksAgain,
    /// The owner switched it off.
    Off,
    /// It may work.
    On,
}

/// The folder of dropped-in plugins.
pub struct Yard {
    folder: PathBuf,
    secrets: Secrets,
    entries: BTreeMap<String, Entry>,
    loaded: Arc<Mutex<Vec<Loaded>>>,
    loading: usize,
    edition: u64,
    /// What each was like when it was last looked at.
    state: Vec<State>,
}

/// Anything else, and what is at work changed.
#[derive(PartialEq)]
struct State {
    id: String,
    edition: u64,
    working: Option<usize>,
    stuck: Option<String>,
    kept: Option<Kept>,
}

struct Entry {
    stamp: Stamp,
    source: Result<Arc<Source>, String>,
    /// Goes up with each change of the files.
    edition: u64,
    load: Load,
    working: Option<Arc<Working>>,
    desk: Arc<Desk>,
}

/// How far the newest files are.
enum Load {
    /// Not yet begun.
    Waits,
    /// Under way.
    Runs,
    /// At work, or ready for it.
    Ready(Arc<Code>),
    /// It cannot be used.
    Failed(String),
}

struct Loaded {
    id: String,
    edition: u64,
    code: Result<Code, Trouble>,
}

/// Size and time of the files: anything else, and they are read again.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Stamp(Vec<(u64, Option<SystemTime>)>);

impl Yard {
    /// Looks after a folder, which need not exist.
    #[must_use]
    pub fn new(folder: PathBuf, secrets: Secrets) -> Self {
        let (entries, loaded) = (BTreeMap::new(), Arc::default());
        Self { folder, secrets, entries, loaded, loading: 0, edition: 0, state: Vec::new() }
    }

    /// Where the plugins lie.
    #[must_use]
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// Looks at the folder, and at what was made ready since. Says whether what is at work changed.
    pub fn look(&mut self, kept: &BTreeMap<String, Kept>, now_ms: i64) -> bool {
        self.read();
        self.take_loaded();
        self.settle(kept);
        self.begin(kept, now_ms);
        let state = self.entries.iter().map(|(id, entry)| State {
            id: id.clone(),
            edition: entry.edition,
            working: entry.working.as_ref().map(|working| Arc::as_ptr(working) as usize),
            stuck: kept.get(id).and_then(|kept| self.stuck(id, entry, kept)),
            kept: kept.get(id).cloned(),
        });
        let state: Vec<State> = state.collect();
        let changed = state != self.state;
        self.state = state;
        changed
    }

    /// Whether something is being made ready. What was begun for files that are gone counts too.
    #[must_use]
    pub fn is_loading(&self) -> bool {
        self.loading > 0
    }

    /// Makes ready all that may work. Each has its own limit, so this comes to an end.
    pub fn get_ready(&mut self, kept: &BTreeMap<String, Kept>, now_ms: i64) {
        self.look(kept, now_ms);
        while self.is_loading() {
            thread::sleep(Duration::from_millis(5));
            self.look(kept, now_ms);
        }
    }

    fn read(&mut self) {
        let found = folders(&self.folder);
        self.entries.retain(|id, _| found.contains(id));
        for id in found {
            let folder = self.folder.join(&id);
            let stamp = Stamp::of(&folder);
            if self.entries.get(&id).is_some_and(|entry| entry.stamp == stamp) {
                continue;
            }
            self.edition += 1;
            let source = Source::read(&folder).map(Arc::new);
            let (edition, load) = (self.edition, Load::Waits);
            if let Some(entry) = self.entries.get_mut(&id) {
                (entry.stamp, entry.source, entry.edition, entry.load) = (stamp, source, edition, load);
            } else {
                let entry = Entry { stamp, source, edition, load, working: None, desk: Arc::default() };
                self.entries.insert(id, entry);
            }
        }
    }

    fn take_loaded(&mut self) {
        let loaded = std::mem::take(&mut *self.loaded.lock().unwrap_or_else(PoisonError::into_inner));
        for Loaded { id, edition, code } in loaded {
            self.loading = self.loading.saturating_sub(1);
            let Some(entry) = self.entries.get_mut(&id).filter(|entry| entry.edition == edition) else {
                continue;
            };
            entry.load = match code {
                Ok(code) => Load::Ready(Arc::new(code)),
                Err(trouble) => Load::Failed(trouble.to_string()),
            };
        }
    }

    /// Puts to work what is ready and may, and takes off work what may not.
    fn settle(&mut self, kept: &BTreeMap<String, Kept>) {
        for (id, entry) in &mut self.entries {
            let kept = kept.get(id).cloned().unwrap_or_default();
            if kept.off || kept.allowed.is_none() {
                entry.working = None;
                continue;
            }
            let (Ok(source), Load::Ready(code)) = (&entry.source, &entry.load) else { continue };
            if kept.allowed != Some(source.manifest.allow.mark()) {
                continue;
            }
            let is_same = entry.working.as_ref().is_some_and(|working| {
                Arc::ptr_eq(&working.code(), code) && *working.filled() == kept.settings
            });
            if !is_same {
                entry.desk.begin_anew();
                let working =
                    Working::new(source.manifest.clone(), code.clone(), kept.settings, entry.desk.clone());
                entry.working = Some(Arc::new(working));
            }
        }
    }

    /// Begins to make ready what may run.
    fn begin(&mut self, kept: &BTreeMap<String, Kept>, now_ms: i64) {
        for (id, entry) in &mut self.entries {
            let kept = kept.get(id);
            let (Ok(source), Load::Waits) = (&entry.source, &entry.load) else { continue };
            let may = kept.is_some_and(|kept| {
                !kept.off && kept.allowed.as_ref() == Some(&source.manifest.allow.mark())
            });
            if !may || self.loading >= LOADERS {
                continue;
            }
            let (id, edition, source, loaded) =
                (id.clone(), entry.edition, source.clone(), self.loaded.clone());
            let load = move || {
                let code = std::panic::catch_unwind(|| source.load(now_ms))
                    .unwrap_or_else(|_| Err(Trouble::Refused("it could not be made ready".to_owned())));
                loaded.lock().unwrap_or_else(PoisonError::into_inner).push(Loaded { id, edition, code });
            };
            if thread::Builder::new().name("plugin".into()).spawn(load).is_ok() {
                entry.load = Load::Runs;
                self.loading += 1;
            }
        }
    }

    /// What the registry is told: all that were allowed. Of two that yield the same fact, the second
    /// is left out.
    #[must_use]
    pub fn plugins(&self, kept: &BTreeMap<String, Kept>) -> Vec<Arc<dyn Plugin>> {
        let mut given = BTreeSet::new();
        let mut plugins: Vec<Arc<dyn Plugin>> = Vec::new();
        for (id, entry) in &self.entries {
            let Some(kept) = kept.get(id).filter(|kept| kept.allowed.is_some()) else { continue };
            let Some(manifest) = entry.manifest() else { continue };
            if manifest.facts.keys().any(|name| given.contains(name)) {
                continue;
            }
            given.extend(manifest.facts.keys().cloned());
            let dropped = match (&entry.working, self.stuck(id, entry, kept)) {
                _ if kept.off => Dropped::off(manifest.clone()),
                (_, Some(why)) => Dropped::stuck(manifest.clone(), why),
                (Some(working), None) => Dropped::working(working.clone()),
                (None, None) => Dropped::stuck(manifest.clone(), "it is being made ready".to_owned()),
            };
            plugins.push(Arc::new(dropped));
        }
        plugins
    }

    /// What it has to know and was not told.
    fn lacking(&self, id: &str, entry: &Entry, kept: &Kept) -> Option<String> {
        let has_secret = |name: &str| self.secrets.get(name).is_some();
        let (_, why) = setting::wrong(id, &entry.manifest()?.settings, &kept.settings, &has_secret)?;
        Some(format!("its settings are not complete: {why}"))
    }

    /// Why one that may work does not.
    fn stuck(&self, id: &str, entry: &Entry, kept: &Kept) -> Option<String> {
        if let Some(lacking) = self.lacking(id, entry, kept) {
            return Some(lacking);
        }
        if entry.working.is_some() {
            return None;
        }
        match (&entry.source, &entry.load) {
            (Err(why), _) | (_, Load::Failed(why)) => Some(why.clone()),
            (Ok(source), _) if kept.allowed != Some(source.manifest.allow.mark()) => {
                Some("it asks for other rights than before; allow them under Plugins".to_owned())
            }
            _ => None,
        }
    }

    /// All plugins for the window.
    #[must_use]
    pub fn cards(&self, kept: &BTreeMap<String, Kept>) -> Vec<Card> {
        let mut given: BTreeMap<&str, &str> = BTreeMap::new();
        let mut cards = Vec::with_capacity(self.entries.len());
        for (id, entry) in &self.entries {
            let kept = kept.get(id).cloned().unwrap_or_default();
            let newest = entry.source.as_ref().ok().map(|source| &source.manifest);
            let mark = newest.map(|manifest| manifest.allow.mark());
            let standing = match (&mark, &kept.allowed) {
                (None, _) if entry.working.is_none() => Standing::Unreadable,
                (Some(_), None) => Standing::Asks,
                (Some(mark), Some(allowed)) if mark != allowed => Standing::AsksAgain,
                _ if kept.off => Standing::Off,
                _ => Standing::On,
            };
            let mut problem = match (&entry.source, &entry.load) {
                (Err(why), _) | (_, Load::Failed(why)) => Some(why.clone()),
                _ if standing == Standing::On => self.stuck(id, entry, &kept),
                _ => None,
            };
            if let (Some(manifest), true) = (entry.manifest(), kept.allowed.is_some()) {
                for name in manifest.facts.keys() {
                    if let Some(other) = given.get(name.as_str()) {
                        problem = Some(format!("“{other}” yields the fact {name} too; remove one of them"));
                    }
                }
                given.extend(manifest.facts.keys().map(|name| (name.as_str(), id.as_str())));
            }
            cards.push(Card {
                id: id.clone(),
                folder: self.folder.join(id),
                manifest: newest.or_else(|| entry.manifest()).cloned().map(Arc::new),
                standing,
                is_lacking: standing == Standing::On && self.lacking(id, entry, &kept).is_some(),
                problem,
                works: entry.working.as_ref().map(|working| working.manifest().version.clone()),
                filled: kept.settings,
                report: entry.desk.report(),
            });
        }
        cards
    }

    /// One that is at work.
    #[must_use]
    pub fn working(&self, id: &str) -> Option<Arc<Working>> {
        self.entries.get(id)?.working.clone()
    }

    /// What one says of itself at this moment.
    #[must_use]
    pub fn manifest(&self, id: &str) -> Option<&Manifest> {
        Some(&self.entries.get(id)?.source.as_ref().ok()?.manifest)
    }
}

impl Entry {
    /// What is at work says, else what lies in the folder.
    fn manifest(&self) -> Option<&Manifest> {
        let newest = self.source.as_ref().ok().map(|source| &source.manifest);
        self.working.as_ref().map(|working| working.manifest()).or(newest)
    }
}

impl Card {
    /// What it is called.
    #[must_use]
    pub fn name(&self) -> &str {
        self.manifest.as_ref().map_or(&self.id, |manifest| &manifest.name)
    }

    /// Its settings, in the order of the form.
    #[must_use]
    pub fn settings(&self) -> Option<&Settings> {
        self.manifest.as_ref().map(|manifest| &manifest.settings)
    }

    /// Its facts, by dotted name.
    pub fn facts(&self) -> impl Iterator<Item = (&String, &FactInfo)> {
        self.manifest.iter().flat_map(|manifest| &manifest.facts)
    }
}

impl Stamp {
    fn of(folder: &Path) -> Self {
        let of_file = |name: &str| {
            let info = fs::symlink_metadata(folder.join(name)).ok();
            info.map_or((0, None), |info| (info.len(), info.modified().ok()))
        };
        Self(["plugin.toml", "plugin.js", "plugin.wasm"].map(of_file).to_vec())
    }
}

/// The folders that may hold a plugin.
fn folders(all: &Path) -> BTreeSet<String> {
    let Ok(listed) = fs::read_dir(all) else { return BTreeSet::new() };
    // A dot stands in no id, but in the names of what was hidden or set aside.
    let is_shown = |name: &String| !name.contains('.');
    let folders = listed.filter_map(Result::ok).filter(|entry| entry.file_type().is_ok_and(|ty| ty.is_dir()));
    folders.filter_map(|entry| entry.file_name().into_string().ok()).filter(is_shown).take(MOST).collect()
}
