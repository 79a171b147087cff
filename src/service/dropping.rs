//! Dropped-in plugins: what the owner does with them, and how they come to work for the live table.
//! Looked at each second, beside the other files.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::sync::Arc;
use std::thread::sleep;
use std::time::{Duration, Instant};

use chrono::{DateTime, Utc};

use super::control::Control;
use super::installing::{Installed, install};
use super::live::Live;
use super::messages::{Event, Level, PluginWish};
use crate::plugins::dropped::{Card, Filled, Kept, SettingKind, Yard, secret_name, wrong};
use crate::plugins::{Ask, Found, LookUp as _, Manifest, Registry, Secrets, Tested};
use crate::routing::{Call, Facts};
use crate::storage::{Home, PluginStore, Trouble, atomic};

/// How long calls wait at the start for plugins to be made ready.
const AT_START: Duration = Duration::from_secs(3);

/// What the control thread keeps of dropped-in plugins.
pub struct Dropping {
    /// Their folder.
    pub yard: Yard,
    /// Where it is kept what they may.
    pub store: PluginStore,
    /// What they may.
    pub kept: BTreeMap<String, Kept>,
    /// What the window was told last.
    pub told: Vec<Card>,
}

impl Dropping {
    /// Finds what they may. Nothing of them runs yet.
    #[must_use]
    pub fn open(home: &Home, secrets: Secrets, now: DateTime<Utc>) -> (Self, Option<Trouble>) {
        let (store, kept, trouble) = PluginStore::open(home, now);
        let yard = Yard::new(home.plugins_folder(), secrets);
        (Self { yard, store, kept, told: Vec::new() }, trouble)
    }
}

impl Control {
    /// Puts plugins to work before the first call.
    pub fn open_plugins(&mut self) {
        let until = Instant::now() + AT_START;
        self.look_at_plugins();
        while self.dropping.yard.is_loading() && Instant::now() < until {
            sleep(Duration::from_millis(10));
            self.look_at_plugins();
        }
    }

    /// Looks at the folder of plugins, and tells what is new of them.
    pub(super) fn look_at_plugins(&mut self) {
        match self.dropping.store.outside_edit(&self.home) {
            None => {}
            Some(Ok(kept)) => self.dropping.kept = kept,
            Some(Err(error)) => {
                let text = format!(
                    "The file of what plugins may was changed, and what it said before counts. {error}"
                );
                self.tell(Level::Warning, text);
            }
        }
        let now_ms = self.clock.now().timestamp_millis();
        let Dropping { yard, kept, .. } = &mut self.dropping;
        if yard.look(kept, now_ms) {
            let plugins = yard.plugins(kept);
            self.use_plugins(Arc::new(self.registry.with_dropped(plugins)));
        }
        let cards = self.dropping.yard.cards(&self.dropping.kept);
        if cards != self.dropping.told {
            self.dropping.told.clone_from(&cards);
            let cards: Arc<[Card]> = cards.into();
            self.plugins_told.send_replace(cards.clone());
            self.feed.send(Event::Plugins(cards));
        }
    }

    /// Tells a newly opened window, which knows only what is built in.
    pub(super) fn tell_plugins(&self) {
        if !self.dropping.told.is_empty() {
            self.feed.send(Event::Registry(self.registry.clone()));
            self.feed.send(Event::Plugins(self.dropping.told.clone().into()));
        }
    }

    /// Lets other plugins work for the live table and the draft.
    fn use_plugins(&mut self, registry: Arc<Registry>) {
        self.registry = registry.clone();
        self.noticing.set_registry(registry.clone());
        let live = self.engine.live();
        // Without a version that can be run there is nothing to build anew.
        if live.version > 0 {
            match Live::build(live.version, live.table.clone(), &registry) {
                Ok(live) => self.engine.go_live(Arc::new(live)),
                Err(problems) => tracing::error!("the live table does without its plugins: {problems:?}"),
            }
        }
        self.feed.send(Event::Registry(registry));
        self.tell_draft(None);
    }

    pub(super) fn obey_plugin_wish(&mut self, wish: PluginWish) {
        match wish {
            PluginWish::Allow(id) => self.allow_plugin(&id),
            PluginWish::Switch { id, on } => self.keep_plugin(&id, |kept| kept.off = !on),
            PluginWish::Fill { id, filled } => self.fill_plugin(&id, filled),
            PluginWish::Remove(id) => self.remove_plugin(&id),
            PluginWish::Try { id, call } => self.try_plugin(id, call),
            PluginWish::MakeFolder => {
                if let Err(cause) = fs::create_dir_all(self.dropping.yard.folder()) {
                    self.fail(format!("The folder for plugins could not be made ({cause})"));
                }
            }
            PluginWish::Install(from) => self.install_plugin(&from),
            PluginWish::OpenFolder(id) => self.open_folder(id.as_deref()),
        }
        self.look_at_plugins();
    }

    fn install_plugin(&mut self, from: &Path) {
        match install(from, self.dropping.yard.folder(), self.clock.now()) {
            Ok(Installed { manifest: Manifest { name, version, .. }, is_update: false }) => {
                self.tell(Level::Info, format!("{name} {version} was added; it runs once you allow it"));
            }
            Ok(Installed { manifest: Manifest { name, version, .. }, .. }) => {
                let text = format!("{name} is version {version} now, with the settings it had");
                self.tell(Level::Info, text);
            }
            Err(why) => self.fail(why),
        }
    }

    fn open_folder(&self, id: Option<&str>) {
        let all = self.dropping.yard.folder().to_owned();
        let made = fs::create_dir_all(&all);
        let folder = id.map_or(all.clone(), |id| all.join(id));
        if let Err(cause) = made.and_then(|()| show(&folder)) {
            self.fail(format!("The folder cannot be shown ({cause}); it is {}", folder.display()));
        }
    }

    fn allow_plugin(&mut self, id: &str) {
        let Some(manifest) = self.dropping.yard.manifest(id) else {
            return self.fail("This plugin cannot be read at the moment; nothing was allowed".to_owned());
        };
        let mark = manifest.allow.mark();
        self.keep_plugin(id, |kept| (kept.allowed, kept.off) = (Some(mark), false));
    }

    fn fill_plugin(&mut self, id: &str, filled: Filled) {
        let Some(manifest) = self.dropping.yard.manifest(id) else { return };
        // A secret that is still missing is told on the card; anything else is not saved.
        if let Some((_, why)) = wrong(id, &manifest.settings, &filled, &|_| true) {
            return self.fail(format!("The settings of {} were not saved: {why}", manifest.name));
        }
        self.keep_plugin(id, |kept| kept.settings = filled);
    }

    fn keep_plugin(&mut self, id: &str, change: impl FnOnce(&mut Kept)) {
        change(self.dropping.kept.entry(id.to_owned()).or_default());
        self.save_plugins();
    }

    fn save_plugins(&mut self) {
        if let Err(error) = self.dropping.store.save(&self.dropping.kept) {
            self.fail(format!("This counts only until Switchboard ends. {error}"));
        }
    }

    /// Removes a plugin with its settings and secrets. Its folder is kept beside, in case it is missed.
    fn remove_plugin(&mut self, id: &str) {
        let Some(card) = self.dropping.told.iter().find(|card| card.id == id).cloned() else { return };
        match atomic::move_aside(&card.folder, "removed", self.clock.now()) {
            Ok(_) => {}
            Err(cause) => return self.fail(format!("{} was not removed ({cause})", card.name())),
        }
        let settings = card.settings().into_iter().flatten();
        let secrets: Vec<_> = settings
            .filter(|(_, setting)| setting.kind == SettingKind::Secret)
            .map(|(name, _)| secret_name(id, name))
            .filter(|name| self.secrets.get(name).is_some())
            .collect();
        for name in secrets {
            self.set_secret(&name, None);
        }
        self.dropping.kept.remove(id);
        self.save_plugins();
    }

    fn try_plugin(&mut self, id: String, call: Call) {
        let Some(working) = self.dropping.yard.working(&id) else {
            return self.fail("This plugin is not at work, so it cannot be tried".to_owned());
        };
        let look_up = working.look_up(&self.draft, self.registry.host());
        let ask = Ask { call: Arc::new(call.clone()), at: self.clock.now() };
        let feed = self.feed.clone();
        self.runtime.spawn(async move {
            let started = Instant::now();
            let found = look_up.find(ask).await;
            let took_ms = started.elapsed().as_secs_f64() * 1000.0;
            let (facts, detail) = match found {
                Ok(Found { facts, note }) => (Ok(facts), note.unwrap_or_default()),
                Err(fault) => (Err::<Facts, _>(fault.to_string()), String::new()),
            };
            let tested = Tested { call, facts, took_ms, detail, answer: None };
            feed.send(Event::PluginTried { id, tested: Box::new(tested) });
        });
    }
}

#[cfg(feature = "desktop")]
fn show(folder: &Path) -> std::io::Result<()> {
    open::that_detached(folder)
}

#[cfg(not(feature = "desktop"))]
fn show(_: &Path) -> std::io::Result<()> {
    Err(std::io::Error::other("this program has no window"))
}
