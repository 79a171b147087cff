//! How the program itself is set up: where it listens, how it looks.
//!
//! The table, the keys and the call log are not settings.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::path::PathBuf;
use std::time::SystemTime;

use chrono::{DateTime, Utc};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use url::Url;

use super::{Home, Pause, ReadError, SavedFilter, Trouble, atomic, read};

const FORMAT: u32 = 1;

/// The content of `settings.json`.
#[expect(clippy::struct_excessive_bools, reason = "each is a switch of its own")]
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Settings {
    /// The format of the file.
    pub format: u32,
    /// Where calls are received.
    pub listen: SocketAddr,
    /// Light, dark, or as the system has it.
    pub theme: ThemeChoice,
    /// Whether the window shows only the ends of phone numbers, so that others in the room cannot read
    /// them.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub hide_numbers: bool,
    /// So many days calls are kept in the log; for good, if none.
    #[serde(skip_serializing_if = "is_usual")]
    pub keep_calls_days: Option<u32>,
    /// From when on calls that are older go from the log; `None` until it was said that there are some.
    /// Kept by the program itself.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub old_calls_go_from: Option<DateTime<Utc>>,
    /// Filters of the screen "Calls" that have a name.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub saved_filters: Vec<SavedFilter>,
    /// Who is told of calls and outages, and how.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub notices: Vec<UsedNotice>,
    /// Nobody is told of anything for so long; what happens meanwhile is told afterwards. Set by a command
    /// of its own.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub notices_paused: Option<Pause>,
    /// Columns of the list of calls that are not shown, by their names.
    #[serde(skip_serializing_if = "BTreeSet::is_empty")]
    pub hidden_columns: BTreeSet<String>,
    /// How wide columns of that list were drawn, in points, by their names.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub column_widths: BTreeMap<String, u16>,
    /// Retell may tell what became of calls.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub take_call_events: bool,
    /// The computer is kept from falling asleep while calls are answered.
    #[serde(skip_serializing_if = "Clone::clone")]
    pub keep_awake: bool,
    /// What closing the window does.
    #[serde(skip_serializing_if = "OnClose::is_usual")]
    pub on_close: OnClose,
    /// How the internet reaches this computer.
    #[serde(skip_serializing_if = "ReachSettings::is_empty")]
    pub reach: ReachSettings,
    /// A new public address is written to the connected lines at Retell without being asked.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub follow_address: bool,
    /// What became of the guided start.
    #[serde(skip_serializing_if = "GuidedStart::is_fresh")]
    pub guided_start: GuidedStart,
    /// Where Retell is asked about the account, if not at its own address; for trials.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub retell: Option<Url>,
}

/// Somebody who is told of calls and outages.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct UsedNotice {
    /// Tells it from others; never shown, and what rules name.
    pub id: String,
    /// What the owner calls it: "Sales channel".
    pub name: String,
    /// The id of the plugin that tells.
    pub plugin: String,
    /// Whether anything is told.
    #[serde(default = "yes", skip_serializing_if = "is_true")]
    pub enabled: bool,
    /// What is told besides the calls of rules that say so.
    #[serde(default, skip_serializing_if = "ToldOf::is_empty")]
    pub of: ToldOf,
    /// What the plugin has to know; secrets are kept elsewhere.
    #[serde(default, skip_serializing_if = "Map::is_empty")]
    pub settings: Map<String, Value>,
}

impl UsedNotice {
    /// What its secrets are kept under.
    #[must_use]
    pub fn owner(&self) -> String {
        format!("{} {}", self.plugin, self.id)
    }
}

/// What somebody is told of.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[expect(clippy::struct_excessive_bools, reason = "each is a switch of its own")]
pub struct ToldOf {
    /// Every call.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub calls: bool,
    /// Calls that were rejected.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub rejected: bool,
    /// Calls that no rule took, or for which something broke.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub fallback: bool,
    /// That calls do not arrive, and that they do again.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub outages: bool,
}

impl ToldOf {
    #[expect(clippy::trivially_copy_pass_by_ref, reason = "serde gives a reference")]
    fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

fn yes() -> bool {
    true
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde gives a reference")]
fn is_true(flag: &bool) -> bool {
    *flag
}

/// How the internet reaches this computer.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ReachSettings {
    /// The id of the plugin whose way is used; none, if somebody else sees to it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub way: Option<String>,
    /// What is set for each way, by the plugin's id; those that are not used just now are kept.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub settings: BTreeMap<String, Value>,
    /// Where the program of a way is, if not where it is looked for, by the plugin's id.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub programs: BTreeMap<String, PathBuf>,
}

impl ReachSettings {
    fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

/// What the owner made of the guided start.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum GuidedStart {
    /// It was never left: it opens by itself where nothing is set up yet.
    #[default]
    Fresh,
    /// It is gone on with later: the header leads to it.
    Later,
    /// It was finished, or is not wanted.
    Done,
}

impl GuidedStart {
    #[expect(clippy::trivially_copy_pass_by_ref, reason = "serde gives a reference")]
    fn is_fresh(&self) -> bool {
        *self == Self::Fresh
    }
}

/// Calls are kept this long, unless something else is said.
const KEEP_DAYS: Option<u32> = Some(90);

#[expect(clippy::ref_option, clippy::trivially_copy_pass_by_ref, reason = "serde gives a reference")]
fn is_usual(days: &Option<u32>) -> bool {
    *days == KEEP_DAYS
}

/// What closing the window does.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum OnClose {
    /// It is asked.
    #[default]
    Ask,
    /// Calls are answered on, without the window.
    KeepAnswering,
    /// The program ends, after it was said what becomes of calls.
    Quit,
}

impl OnClose {
    #[expect(clippy::trivially_copy_pass_by_ref, reason = "serde gives a reference")]
    fn is_usual(&self) -> bool {
        *self == Self::default()
    }
}

/// Which of the two looks the window has.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ThemeChoice {
    /// As the system has it, changing with it.
    #[default]
    System,
    /// Always light.
    Light,
    /// Always dark.
    Dark,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            format: FORMAT,
            listen: SocketAddr::from((Ipv4Addr::LOCALHOST, 8787)),
            theme: ThemeChoice::default(),
            hide_numbers: false,
            keep_calls_days: KEEP_DAYS,
            old_calls_go_from: None,
            saved_filters: Vec::new(),
            notices: Vec::new(),
            notices_paused: None,
            hidden_columns: BTreeSet::new(),
            column_widths: BTreeMap::new(),
            take_call_events: false,
            keep_awake: true,
            on_close: OnClose::default(),
            reach: ReachSettings::default(),
            follow_address: false,
            guided_start: GuidedStart::Fresh,
            retell: None,
        }
    }
}

/// Keeps `settings.json`.
#[derive(Debug)]
pub struct SettingsStore {
    file: PathBuf,
    /// Size and time of the file as it was last read or written.
    seen: Option<Stamp>,
    /// What somebody else wrote there could not be read, and stays until it can or is saved over.
    is_unread: bool,
    /// Why the file must not be written over.
    sealed: Option<String>,
}

type Stamp = (u64, SystemTime);

/// The settings could not be saved; the message says why and what to do.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct SettingsError(String);

impl SettingsStore {
    /// Reads the settings. Whatever is wrong with the file, settings come out: of a damaged one
    /// each entry that can be read, for a wrong theme must not change the port.
    #[must_use]
    pub fn open(home: &Home, at: DateTime<Utc>) -> (Self, Settings, Vec<Trouble>) {
        let mut store = Self { file: home.settings_file(), seen: None, is_unread: false, sealed: None };
        store.seen = store.stamp();
        match read::read_json(&store.file, FORMAT) {
            Ok(settings) => (store, settings, Vec::new()),
            Err(ReadError::Missing { .. }) => (store, Settings::default(), Vec::new()),
            Err(error) => {
                let settings = store.salvage();
                let runs = "What could be read of the settings is used, and the usual ones for the rest";
                let (trouble, sealed) = super::set_aside(&store.file, &error, runs, at);
                store.sealed = sealed;
                let mut troubles = vec![trouble];
                if store.sealed.is_none() {
                    // Else the next start would find no file and fall back to the usual port.
                    troubles.extend(store.save(&settings, at).err().map(|e| Trouble::new(e.to_string())));
                }
                (store, settings, troubles)
            }
        }
    }

    /// The settings as somebody else just wrote them, once per change; an error if they cannot be read, in
    /// which case the file stays as it is. Cheap enough to ask each second.
    pub fn outside_edit(&mut self) -> Option<Result<Settings, ReadError>> {
        let now = self.stamp();
        // One that is gone for a moment is about to be replaced.
        if self.sealed.is_some() || now.is_none() || now == self.seen {
            return None;
        }
        self.seen = now;
        let read = read::read_json(&self.file, FORMAT);
        self.is_unread = read.is_err();
        Some(read)
    }

    /// Saves the settings. What somebody else wrote and nobody could read is kept beside. `at` is now.
    pub fn save(&mut self, settings: &Settings, at: DateTime<Utc>) -> Result<(), SettingsError> {
        if let Some(reason) = &self.sealed {
            return Err(SettingsError(reason.clone()));
        }
        let kept = if self.is_unread { self.keep_beside(at) } else { Ok(()) };
        let saved = kept.and_then(|()| atomic::write_json(&self.file, settings).map(drop));
        (self.seen, self.is_unread) = (self.stamp(), self.is_unread && saved.is_err());
        saved.map_err(|cause| {
            SettingsError(format!(
                "The settings could not be saved ({cause}); make room or allow writing there: {}",
                self.file.display()
            ))
        })
    }

    fn keep_beside(&self, at: DateTime<Utc>) -> io::Result<()> {
        atomic::copy_aside(&self.file, &fs::read(&self.file)?, "outside", at).map(drop)
    }

    fn stamp(&self) -> Option<Stamp> {
        let info = fs::metadata(&self.file).ok()?;
        Some((info.len(), info.modified().ok()?))
    }

    fn salvage(&self) -> Settings {
        let entries: Map<String, Value> = read::read_json(&self.file, u32::MAX).unwrap_or_default();
        let usual = Settings::default();
        // Where it cannot be read how long calls are to be kept, none goes.
        let is_usual = !entries.is_empty() && !entries.contains_key("keep_calls_days");
        let said = entry(&entries, "keep_calls_days").flatten();
        let keep_calls_days = if is_usual { usual.keep_calls_days } else { said };
        Settings {
            format: FORMAT,
            listen: entry(&entries, "listen").unwrap_or(usual.listen),
            theme: entry(&entries, "theme").unwrap_or(usual.theme),
            hide_numbers: entry(&entries, "hide_numbers").unwrap_or(usual.hide_numbers),
            keep_calls_days,
            old_calls_go_from: entry(&entries, "old_calls_go_from").flatten(),
            saved_filters: entry(&entries, "saved_filters").unwrap_or_default(),
            notices: entry(&entries, "notices").unwrap_or_default(),
            notices_paused: entry(&entries, "notices_paused").flatten(),
            hidden_columns: entry(&entries, "hidden_columns").unwrap_or_default(),
            column_widths: entry(&entries, "column_widths").unwrap_or_default(),
            take_call_events: entry(&entries, "take_call_events").unwrap_or_default(),
            keep_awake: entry(&entries, "keep_awake").unwrap_or(usual.keep_awake),
            on_close: entry(&entries, "on_close").unwrap_or_default(),
            reach: entry(&entries, "reach").unwrap_or_default(),
            follow_address: entry(&entries, "follow_address").unwrap_or_default(),
            guided_start: entry(&entries, "guided_start").unwrap_or_default(),
            retell: entry(&entries, "retell"),
        }
    }
}

fn entry<T: DeserializeOwned>(entries: &Map<String, Value>, name: &str) -> Option<T> {
    T::deserialize(entries.get(name)?).ok()
}
