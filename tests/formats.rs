//! Files as an earlier program wrote them, one of each format, are read in full by this one. Those in
//! `data/formats` are never edited: what is written in another way from some day on gets a file of its own.
//! Tables, the call log and the contract with plugins have theirs elsewhere (`data/README.md`).

#![allow(clippy::unwrap_used, clippy::expect_used)]

use std::fs;
use std::path::{Path, PathBuf};

use chrono::{DateTime, Utc};
use serde::Serialize;
use serde_json::Value;
use switchboard::plugins::Web;
use switchboard::plugins::dropped::Kept;
use switchboard::retell::account::Setting;
use switchboard::routing::{Action, Overrides, Phase, Table};
use switchboard::service::account::{Accounts, Connection, told_last};
use switchboard::service::{Health, Timeline};
use switchboard::storage::version::Origin;
use switchboard::storage::{
    Crash, Home, Keys, OnClose, OverrideStore, PlanStore, PluginStore, PresetStore, Secret, SecretStore,
    SettingsStore, Shelf, TableStore, ThemeChoice,
};
use tempfile::TempDir;

const FOLDERS: [&str; 4] = ["", "versions", "drafts", "crashes"];

fn kept(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/formats").join(name)
}

/// A home with a copy of all files.
fn home() -> (TempDir, Home) {
    let folder = tempfile::tempdir().unwrap();
    let home = Home::at(folder.path()).unwrap();
    home.prepare().unwrap();
    for part in FOLDERS {
        for entry in fs::read_dir(kept(part)).unwrap() {
            let file = entry.unwrap().path();
            if file.is_file() {
                fs::copy(&file, folder.path().join(part).join(file.file_name().unwrap())).unwrap();
            }
        }
    }
    (folder, home)
}

fn at(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

fn now() -> DateTime<Utc> {
    at("2026-06-01T12:00:00Z")
}

/// What this file says.
fn said(name: &str) -> Value {
    serde_json::from_slice(&fs::read(kept(name)).unwrap()).unwrap()
}

/// All that the file says is in what was read of it; what is new since may be there too.
fn assert_in_full(name: &str, read: &impl Serialize) {
    assert_in(&said(name), &serde_json::to_value(read).unwrap(), name);
}

fn assert_in(said: &Value, read: &Value, place: &str) {
    match (said, read) {
        (Value::Object(said), Value::Object(read)) => {
            // The number of the format may be another one by now.
            for (field, value) in said.iter().filter(|(field, _)| *field != "format") {
                let found = read.get(field).unwrap_or(&Value::Null);
                assert_in(value, found, &format!("{place}: {field}"));
            }
        }
        (Value::Array(said), Value::Array(read)) if said.len() == read.len() => {
            for (nth, (value, found)) in said.iter().zip(read).enumerate() {
                assert_in(value, found, &format!("{place}[{nth}]"));
            }
        }
        _ => assert_eq!(said, read, "{place}"),
    }
}

#[test]
fn published_versions() {
    let (_folder, home) = home();
    let starter = || Table::empty("DE", "Europe/Berlin");
    let (store, opened) = TableStore::open(&home, now(), starter);
    assert!(opened.troubles.is_empty(), "{:?}", opened.troubles);
    assert_eq!((opened.live.version, store.sealed()), (7, None));
    for number in 4..=7 {
        assert_in_full(&format!("versions/{number:06}.json"), &store.load(number).unwrap());
    }
    let origins: Vec<_> = store.versions().iter().map(|version| version.remarks.origin).collect();
    let (planned, brought) = (Origin::Planned { plan: 3 }, Origin::BroughtBack { from: 2 });
    assert_eq!(origins, [planned, brought, Origin::WentBack { to: 3 }, Origin::Draft]);
    assert_eq!(opened.live.remarks.until.unwrap().back_to, 6);
    assert_eq!(opened.live.table.lines[0].number, "+14155550123");
    assert_eq!(opened.live.table.rules[0].then.action, Action::Reject);
}

#[test]
fn drafts_that_were_set_aside() {
    let (_folder, home) = home();
    let shelf = Shelf::<Table>::of(&home);
    let drafts = shelf.list();
    let [draft] = drafts.as_slice() else { panic!("{drafts:?}") };
    assert_eq!((draft.number, draft.at), (2, at("2026-05-20T09:15:00Z")));
    assert_eq!(draft.why, "Version 6 was opened in its place");
    let table = shelf.load(2).unwrap();
    assert_eq!(table.fallback.action, Action::Reject);
    assert_in(&said("drafts/000002.json")["table"], &serde_json::to_value(table).unwrap(), "the draft");
}

#[test]
fn what_is_planned_to_be_published() {
    let (_folder, home) = home();
    let (_store, plans, trouble) = PlanStore::open::<Table>(&home, now());
    assert_eq!(trouble, None);
    assert_in(&said("planned.json")["plans"], &serde_json::to_value(&plans).unwrap(), "plans");
    assert_eq!(plans[0].until, Some(at("2026-12-27T08:00:00Z")));
    assert_eq!(plans[1].failed.as_deref(), Some("A test case failed"));
}

#[test]
fn settings() {
    let (_folder, home) = home();
    let (_store, settings, troubles) = SettingsStore::open(&home, now());
    assert!(troubles.is_empty(), "{troubles:?}");
    assert_in_full("settings.json", &settings);
    assert_eq!((settings.listen.port(), settings.theme), (8790, ThemeChoice::Dark));
    assert_eq!((settings.keep_calls_days, settings.on_close), (Some(30), OnClose::KeepAnswering));
    assert!(settings.notices[0].of.outages && !settings.notices[0].enabled);
    assert!(settings.notices[1].enabled && !settings.keep_awake);
}

#[test]
fn keys_and_secrets() {
    let (_folder, home) = home();
    let (store, keys, troubles) = SecretStore::open_with(&home, None, now());
    assert!(troubles.is_empty(), "{troubles:?}");
    let secret = Secret::new;
    let expected = Keys { current: secret("key_this_is_not_a_key"), previous: secret("key_nor_is_this") };
    assert_eq!(keys, expected);
    assert_eq!(store.named().len(), 1);
    assert_eq!(store.named()["https://crm.example.com authorization"].expose(), "not a token");
}

#[test]
fn closures() {
    let (_folder, home) = home();
    let (store, trouble) = OverrideStore::open(&home);
    assert_eq!(trouble, None);
    let overrides: &Overrides = store.current();
    assert_in_full("overrides.json", overrides);
    let [ended, coming] = overrides.overrides.as_slice() else { panic!("{overrides:?}") };
    assert_eq!([ended, coming].map(|over| over.phase(now())), [Phase::Expired, Phase::NotYet]);
}

#[test]
fn what_plugins_may_do() {
    let (_folder, home) = home();
    let (_store, plugins, trouble) = PluginStore::open::<Kept>(&home, now());
    assert_eq!(trouble, None);
    assert_in(&said("plugins.json")["plugins"], &serde_json::to_value(&plugins).unwrap(), "plugins");
    assert_eq!(plugins["acme-crm"].allowed.as_deref(), Some("0123456789abcdef"));
    assert_eq!(plugins["quiet"], Kept::default());
}

#[test]
fn when_calls_arrived() {
    let (_folder, home) = home();
    let timeline = Timeline::open(&home, now());
    let stretches = timeline.stretches();
    assert_in(&said("outages.json")["stretches"], &serde_json::to_value(stretches).unwrap(), "stretches");
    assert_eq!(stretches[0].health, Health::Good);
    assert_eq!(stretches[1].health, Health::Tunnel("The tunnel ended".into()));
}

#[test]
fn calls_to_try() {
    let (_folder, home) = home();
    let (_store, presets, trouble) = PresetStore::open(&home, now());
    assert_eq!(trouble, None);
    assert_in(&said("presets.json")["presets"], &serde_json::to_value(&presets).unwrap(), "presets");
    assert!(presets[0].asks_nobody && !presets[1].asks_nobody);
}

#[test]
fn the_account_and_what_was_connected() {
    let (_folder, home) = home();
    let account = told_last(&home).unwrap();
    assert_in_full("account.json", &account);
    let (accounts, troubles) = Accounts::open(&home, Web::default(), None, now());
    assert!(troubles.is_empty(), "{troubles:?}");
    assert_eq!(accounts.known().as_deref(), Some(&account));
    let connected = accounts.connected();
    assert_in_full("connected.json", &*connected);
    let line = account.number("+14155550123").unwrap();
    assert_eq!(connected.connection(line, None), Connection::Here);
    let back: Vec<_> = connected.giving_back(line).into_iter().map(|change| change.becomes).collect();
    let before = Some("https://before.example.com/calls".to_owned());
    assert_eq!(back, [Setting::Webhook(before), Setting::TextsWebhook(None)]);
}

#[test]
fn what_broke() {
    let (_folder, home) = home();
    let crashes = Crash::all(&home);
    assert_eq!(crashes.len(), 2);
    assert_in_full("crashes/000002.json", &crashes[0]);
    assert_in_full("crashes/000001.json", &crashes[1]);
}

/// Each file is looked at above: one that is put beside them is not forgotten.
#[test]
fn no_file_is_left_out() {
    let names = |part: &str| -> Vec<String> {
        let entries = fs::read_dir(kept(part)).unwrap().map(Result::unwrap);
        let files = entries.filter(|entry| entry.path().is_file());
        let mut names: Vec<_> = files.map(|file| file.file_name().into_string().unwrap()).collect();
        names.sort();
        names
    };
    let top = [
        "account.json",
        "connected.json",
        "outages.json",
        "overrides.json",
        "planned.json",
        "plugins.json",
        "presets.json",
        "secrets.json",
        "settings.json",
    ];
    assert_eq!(names(""), top);
    assert_eq!(names("versions"), ["000004.json", "000005.json", "000006.json", "000007.json"]);
    assert_eq!((names("drafts").len(), names("crashes").len()), (1, 2));
}
