//! Contacts: who calls, from a file that the owner keeps elsewhere. `shelf` keeps files read and up
//! to date, `book` is one file read (`letters`, `delimited` and `vcard` get there), `look_up` answers
//! about a caller, and `known` is the condition. Editing contacts is the business of the program
//! that wrote the file.

mod book;
mod cell;
mod columns;
mod delimited;
#[cfg(feature = "desktop")]
mod editor;
#[cfg(feature = "desktop")]
mod editor_columns;
mod grid;
mod known;
mod letters;
mod look_up;
mod numbers;
mod people;
mod report;
mod settings;
mod shelf;
mod trouble;
mod vcard;

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Instant;

use futures_util::FutureExt;
use futures_util::future::{self, BoxFuture};

use super::{
    Ask, ConditionKind, FactInfo, Health, Host, Inspection, Look, LookUp, LookUpKind, Manifest, People,
    Person, Plugin, Tested,
};
use crate::routing::{Kind, Table, UsedLookUp};
use look_up::{Contacts, Use};
use settings::Settings;
use shelf::Shelf;

/// The id of the plugin.
const ID: &str = "contacts";
/// The fact that tells whether any file knows the caller.
const KNOWN: &str = "contact.known";
/// The fact that names the first file that knows the caller.
const SOURCE: &str = "contact.source";
/// What stands before the id of a use in the fact that tells whether it knows the caller.
const IN: &str = "contact.in.";

/// The fact of a column.
fn fact_of(name: &str) -> String {
    format!("contact.{name}")
}

/// The plugin.
#[must_use]
pub fn plugin() -> impl Plugin {
    let manifest = Manifest::built_in(include_str!("plugin.toml"));
    ContactsPlugin { manifest, files: Files(Shelf::default()) }
}

struct ContactsPlugin {
    manifest: Manifest,
    files: Files,
}

impl Plugin for ContactsPlugin {
    fn manifest(&self) -> &Manifest {
        &self.manifest
    }

    fn conditions(&self) -> &[&'static dyn ConditionKind] {
        &[&known::Known]
    }

    fn look_up_kind(&self) -> Option<&dyn LookUpKind> {
        Some(&self.files)
    }
}

/// What tables can use the plugin for: a file of contacts.
struct Files(Shelf);

impl Files {
    /// All files in use in a table, in order; those with wrong settings know nobody.
    fn uses(&self, table: &Table, host: &Host) -> Vec<Use> {
        let uses = known::uses(table).filter(|used| used.enabled);
        let opened = uses.filter_map(|used| {
            let settings: Settings = super::settings::read(&used.settings).ok()?;
            settings.check().ok()?;
            let file = self.0.get(settings.reading(&table.country), &host.news);
            Some(Use { id: used.id.clone(), name: used.name.clone(), file, facts: settings.facts })
        });
        opened.collect()
    }
}

impl LookUpKind for Files {
    fn starter(&self, _table: &Table) -> serde_json::Value {
        serde_json::json!({ "file": "", "facts": [] })
    }

    fn facts(&self, used: &UsedLookUp) -> BTreeMap<String, FactInfo> {
        let info =
            |kind: Kind, title: String, example: &str| FactInfo { kind, title, example: example.into() };
        let name = &used.name;
        let mut facts = BTreeMap::from([
            (KNOWN.to_owned(), info(Kind::YesNo, "Caller is a contact".into(), "yes")),
            (SOURCE.to_owned(), info(Kind::Text, "File that knows the caller".into(), name)),
            (format!("{IN}{}", used.id), info(Kind::YesNo, format!("Caller is in {name}"), "yes")),
        ]);
        let settings: Settings = super::settings::read(&used.settings).unwrap_or_default();
        for fact in settings.facts {
            let title = format!("Contact's {}", fact.column);
            let example = fact.default.unwrap_or_else(|| format!("what stands in “{}”", fact.column));
            facts.insert(fact_of(&fact.name), info(fact.kind.kind(), title, &example));
        }
        facts
    }

    fn check(&self, used: &UsedLookUp, _table: &Table) -> Result<(), String> {
        super::settings::read::<Settings>(&used.settings)?.check()
    }

    fn open(&self, used: &UsedLookUp, table: &Table, host: &Host) -> Result<Arc<dyn LookUp>, String> {
        let all = self.uses(table, host);
        let me = all.iter().position(|other| other.id == used.id);
        let me = me.ok_or_else(|| "its settings cannot be read".to_owned())?;
        Ok(Arc::new(Contacts { uses: Arc::new(all), me }))
    }

    fn inspect(&self, look: Look<'_>, host: &Host) -> BoxFuture<'static, Inspection> {
        let settings: Settings = super::settings::read(&look.used.settings).unwrap_or_default();
        if settings.file.is_empty() {
            return future::ready(Inspection::of(Health::Bad, "No file is chosen yet")).boxed();
        }
        let file = self.0.get(settings.reading(&look.table.country), &host.news);
        let open = || {
            if look.used.enabled {
                self.open(look.used, look.table, host)
            } else {
                Err("it is switched off; switch it on to test it".to_owned())
            }
        };
        let asked = look.test.cloned().map(|ask| (ask, open()));
        let home = look.table.country.clone();
        let zone = look.table.time_zone();
        async move {
            let status = file.status().await;
            let mut found = report::inspection(&status, &settings, &home, zone);
            if let Some((ask, opened)) = asked {
                found.test = Some(test(ask, opened).await);
            }
            found
        }
        .boxed()
    }

    fn find_people(&self, wanted: People<'_>, host: &Host) -> BoxFuture<'static, Vec<Person>> {
        let settings: Settings = super::settings::read(&wanted.used.settings).unwrap_or_default();
        if settings.check().is_err() {
            return future::ready(Vec::new()).boxed();
        }
        let file = self.0.get(settings.reading(&wanted.table.country), &host.news);
        let (words, home) = (wanted.words.to_lowercase(), wanted.table.country.clone());
        let (source, most) = (wanted.used.name.clone(), wanted.most);
        async move {
            let Some(book) = file.status().await.good else { return Vec::new() };
            // A large file takes a while, and no call may wait for a thread meanwhile.
            let found = tokio::task::spawn_blocking(move || book.find_people(&words, &home, most));
            let found = found.await.unwrap_or_default();
            let person = |(name, number)| Person { name, number, source: source.clone() };
            found.into_iter().map(person).collect()
        }
        .boxed()
    }

    #[cfg(feature = "desktop")]
    fn editor_ui(
        &self,
        ui: &mut egui::Ui,
        settings: &mut serde_json::Value,
        context: &super::LookUpEditor<'_>,
    ) -> Option<super::LookUpWish> {
        editor::file_ui(ui, settings, context)
    }
}

async fn test(ask: Ask, opened: Result<Arc<dyn LookUp>, String>) -> Tested {
    let call = (*ask.call).clone();
    let begun = Instant::now();
    let facts = match opened {
        Ok(look_up) => look_up.ask(ask).await.map_err(|fault| fault.to_string()),
        Err(reason) => Err(reason),
    };
    Tested {
        call,
        facts,
        took_ms: begun.elapsed().as_secs_f64() * 1000.0,
        detail: String::new(),
        answer: None,
    }
}
