//! What the owner tells a plugin: its fields, shown and filled in, for those who have no window.

use std::process::ExitCode;

use serde_json::Value;

use super::keeper::Keeper;
use super::{Args, Failure, added, hidden};
use crate::local;
use crate::plugins::Manifest;
use crate::plugins::dropped::{Filled, Kept, Setting, SettingKind, Source, counts, secret_name, wrong};
use crate::service::Clock;
use crate::service::keys::keep_secret_on_files;
use crate::service::outside::Asked;
use crate::storage::{Home, PluginStore, Secret, SecretStore};

/// A plugin that was added, with what it was told.
struct Told {
    home: Home,
    manifest: Manifest,
    kept: Kept,
}

impl Told {
    fn read(args: &Args, id: &str) -> Result<Self, Failure> {
        let home = args.home()?;
        let Source { manifest, .. } = Source::read(&added::folder(&home, id)?)?;
        let kept = PluginStore::read::<Kept>(&home)?.remove(id).unwrap_or_default();
        Ok(Self { home, manifest, kept })
    }

    fn field(&self, name: &str) -> Result<&Setting, Failure> {
        let all = &self.manifest.settings;
        Ok(all.get(name).ok_or_else(|| {
            let names: Vec<_> = all.keys().map(String::as_str).collect();
            let has = if names.is_empty() {
                "it has none".to_owned()
            } else {
                format!("it has {}", names.join(", "))
            };
            format!("{} has no field “{name}”; {has}", self.manifest.name)
        })?)
    }

    /// The fields for which a secret is kept.
    fn secrets(&self) -> impl Fn(&str) -> bool + use<> {
        let (store, ..) = SecretStore::open(&self.home, Clock::system().now());
        move |name| store.named().contains_key(name)
    }

    fn wrong(&self) -> Option<String> {
        let Self { manifest, kept, .. } = self;
        Some(wrong(&manifest.id, &manifest.settings, &kept.settings, &self.secrets())?.1)
    }
}

pub(super) fn show(args: &Args, id: &str) -> Result<ExitCode, Failure> {
    let told = Told::read(args, id)?;
    let Manifest { name, version, summary, settings, .. } = &told.manifest;
    say!("{name} {version}: {summary}");
    if settings.is_empty() {
        say!("It has nothing to be told");
    }
    let has_secret = told.secrets();
    for (field, setting) in settings {
        let needed = if setting.required { ", needed" } else { "" };
        say!("\n{field} · {} ({}{needed})", setting.title, setting.kind_words());
        if !setting.help.is_empty() {
            say!("  {}", setting.help);
        }
        let value = match setting.kind {
            SettingKind::Secret if has_secret(&secret_name(id, field)) => "kept, and never shown".to_owned(),
            SettingKind::Secret => "not on this computer".to_owned(),
            _ => shown(&told.kept.settings.get(field).cloned().unwrap_or_else(|| setting.empty())),
        };
        let counts = counts(settings, setting, &told.kept.settings);
        let unused = setting
            .when
            .as_ref()
            .filter(|_| !counts)
            .map(|other| format!(", and counts once {other} is yes"));
        say!("  Now: {value}{}", unused.unwrap_or_default());
    }
    if let Some(why) = told.wrong() {
        say!("\nIts settings are not complete: {why}");
    }
    if !settings.is_empty() {
        say!("\nTo fill one in: switchboard plugin set {id} FIELD VALUE");
    }
    Ok(ExitCode::SUCCESS)
}

fn shown(value: &Value) -> String {
    match value {
        Value::Null => "nothing".to_owned(),
        Value::String(text) if text.is_empty() => "nothing".to_owned(),
        Value::Array(items) if items.is_empty() => "nothing".to_owned(),
        Value::String(text) => text.clone(),
        Value::Bool(true) => "yes".to_owned(),
        Value::Bool(false) => "no".to_owned(),
        Value::Array(items) if items.iter().all(Value::is_string) => {
            items.iter().filter_map(Value::as_str).collect::<Vec<_>>().join(", ")
        }
        other => other.to_string(),
    }
}

pub(super) fn set(
    args: &Args,
    id: &str,
    field: &str,
    words: &[String],
    clear: bool,
) -> Result<ExitCode, Failure> {
    let mut told = Told::read(args, id)?;
    let setting = told.field(field)?.clone();
    let title = &setting.title;
    let counts = if setting.kind == SettingKind::Secret {
        if !words.is_empty() {
            return Err(format!(
                "{title} is a secret; give it on standard input, as others can read arguments"
            )
            .into());
        }
        let secret = if clear { None } else { Some(hidden::read(title)?) };
        keep_secret(&told.home, &secret_name(id, field), secret)?
    } else {
        if words.is_empty() && !clear {
            return Err(format!(
                "say what {title} is ({}), or --clear to take it away",
                setting.kind_words()
            )
            .into());
        }
        let value = if clear { None } else { Some(setting.spelled(words)?) };
        let now = Clock::system().now();
        let (mut store, mut all, trouble) = PluginStore::open::<Kept>(&told.home, now);
        if let Some(trouble) = trouble {
            complain!("{}", trouble.message);
        }
        let filled: &mut Filled = &mut all.entry(id.to_owned()).or_default().settings;
        match value {
            Some(value) => drop(filled.insert(field.to_owned(), value)),
            None => drop(filled.remove(field)),
        }
        told.home.prepare()?;
        store.save(&all)?;
        told.kept = all.remove(id).unwrap_or_default();
        match Keeper::of(&told.home) {
            Ok(Keeper::Nobody) => "it counts as soon as Switchboard runs",
            _ => "a running Switchboard follows within a second or two",
        }
        .to_owned()
    };
    say!("{title} is {}; {counts}", if clear { "taken away" } else { "set" });
    if let Some(why) = told.wrong() {
        say!("The plugin does not work yet: {why}");
    }
    Ok(ExitCode::SUCCESS)
}

/// Keeps a secret or forgets it. Tells when that counts.
pub(super) fn keep_secret(home: &Home, name: &str, secret: Option<Secret>) -> Result<String, Failure> {
    Ok(match Keeper::of(home)? {
        Keeper::Program(_) => {
            local::have_done(home, &Asked::Secret { name: name.to_owned(), secret })??;
            "it counts from now on".to_owned()
        }
        Keeper::Nobody => {
            keep_secret_on_files(home, name, secret.as_ref(), Clock::system().now())?;
            "it counts as soon as Switchboard runs".to_owned()
        }
    })
}
