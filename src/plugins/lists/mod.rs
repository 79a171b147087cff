//! Lists of callers, such as a block list: whether a caller is on one, and by which entry.
//! Entries are single numbers, beginnings of numbers, numbers with gaps, and countries. What the
//! owner pastes is read in `paste`; lists themselves are made and changed in the window.

#[cfg(feature = "desktop")]
mod editor;
mod hits;
mod index;
pub mod paste;
mod region;
mod who;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::{CompileContext, ConditionKind, Manifest, Plugin, settings};
use crate::routing::{
    Answer, Calendar, Call, Condition, Entry, Facts, Phrase, Region, Table, Verdict, number as phone,
};
pub use hits::{HitCounter, Hits};
use index::{Hit, Index};
pub use who::Who;

/// The plugin.
#[must_use]
pub fn plugin() -> impl Plugin {
    Lists { manifest: Manifest::built_in(include_str!("plugin.toml")) }
}

/// Whether an entry still counts on this day, where the business is.
#[must_use]
pub fn counts(entry: &Entry, today: chrono::NaiveDate) -> bool {
    index::counts(entry, today)
}

/// All lists of a table, ready to be asked.
pub(super) struct AllLists(Vec<Index>);

impl AllLists {
    pub(super) fn of(table: &Table) -> Self {
        Self(table.lists.iter().map(|list| Index::of(list, table)).collect())
    }

    /// The names of the lists that this caller is on.
    pub(super) fn names(&self, call: &Call, at: DateTime<Utc>) -> Vec<String> {
        let Some(number) = call.from.number() else { return Vec::new() };
        let has = |list: &&Index| list.find(number, at).is_some_and(|hit| hit.counts);
        self.0.iter().filter(has).map(|list| list.name.clone()).collect()
    }
}

struct Lists {
    manifest: Manifest,
}

impl Plugin for Lists {
    fn manifest(&self) -> &Manifest {
        &self.manifest
    }

    fn conditions(&self) -> &[&'static dyn ConditionKind] {
        &[&On]
    }
}

/// What the owner set.
#[derive(Clone, Debug, Default, PartialEq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
struct Settings {
    /// Ids of lists of the table.
    #[serde(default)]
    lists: Vec<String>,
}

/// The kind of condition `lists.on`.
struct On;

impl ConditionKind for On {
    fn name(&self) -> &'static str {
        "on"
    }

    fn starter(&self, table: &Table) -> serde_json::Value {
        let first = table.lists.first().map(|list| list.id.as_str());
        json!({ "lists": first.into_iter().collect::<Vec<_>>() })
    }

    fn compile(
        &self,
        settings: &serde_json::Value,
        context: CompileContext<'_>,
    ) -> Result<Box<dyn Condition>, String> {
        let Settings { lists: ids } = settings::read(settings)?;
        if ids.is_empty() {
            return Err("no list is chosen; choose one, or make a new one on the page of lists".into());
        }
        let table = context.table;
        let index = |id: &String| match table.list(id) {
            Some(list) => Ok(Index::of(list, table)),
            None => Err(format!("the list “{id}” is not in the table; choose another")),
        };
        let lists = ids.iter().map(index).collect::<Result<_, String>>()?;
        Ok(Box::new(IsOn { lists, home: table.country.clone() }))
    }

    #[cfg(feature = "desktop")]
    fn editor_ui(
        &self,
        ui: &mut egui::Ui,
        settings: &mut serde_json::Value,
        context: &super::EditorContext<'_>,
    ) {
        editor::lists_ui(ui, settings, context);
    }
}

struct IsOn {
    lists: Vec<Index>,
    home: String,
}

impl IsOn {
    fn phrase(&self, words: &str) -> Phrase {
        Phrase::new().plain(words).any(self.lists.iter().map(|list| list.name.clone()))
    }
}

impl Condition for IsOn {
    fn words(&self, negated: bool) -> Phrase {
        self.phrase(if negated { "the caller is not on " } else { "the caller is on " })
    }

    fn test(&self, call: &Call, _facts: &Facts, at: DateTime<Utc>) -> Verdict {
        let Some(number) = call.from.number() else {
            return Verdict::known(false, "the caller's number is withheld");
        };
        let caller = phone::for_people(number, &self.home);
        let mut was = None;
        for list in &self.lists {
            match list.find(number, at) {
                Some(Hit { entry, counts: true }) => {
                    let by = self.by(entry);
                    return Verdict::known(true, format!("{caller} is on {}{by}", list.name));
                }
                Some(Hit { entry, .. }) => drop(was.get_or_insert((list, entry))),
                None => {}
            }
        }
        let why = match was.and_then(|(list, entry)| Some((&list.name, entry.until?))) {
            Some((list, until)) => {
                format!("{caller} was on {list} until {}", until.format("%-d %B %Y"))
            }
            None => self.phrase(&format!("{caller} is not on ")).to_string(),
        };
        Verdict::known(false, why)
    }

    fn answer(&self, call: &Call, _facts: &Facts, at: DateTime<Utc>) -> Answer {
        let is_on =
            |number| self.lists.iter().any(|list| list.find(number, at).is_some_and(|hit| hit.counts));
        call.from.number().is_some_and(is_on).into()
    }

    fn region(&self, calendar: &Calendar) -> Region {
        region::of(&self.lists, &self.home, calendar)
    }
}

impl IsOn {
    /// What the entry adds to the reason: whom it stands for if not just this caller, and its note.
    fn by(&self, Entry { what, note, .. }: &Entry) -> String {
        let group = match Who::read(what, &self.home) {
            None | Some(Who::Number(_)) => String::new(),
            Some(Who::Country(code)) => {
                format!(", as all of {}", phone::country_name(&code).unwrap_or(&code))
            }
            Some(group) => format!(", as {}", group.written()),
        };
        let note = note.trim();
        if note.is_empty() { group } else { format!("{group} ({note})") }
    }
}
