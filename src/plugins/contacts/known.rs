//! The condition `contacts.known`: whether the caller stands in a file of contacts.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::{ID, IN, KNOWN, SOURCE};
use crate::plugins::{CompileContext, ConditionKind, settings};
use crate::routing::{
    Calendar, Call, Callers, Condition, Facts, Part, Phrase, Region, Table, UsedLookUp, Value, Verdict,
    number as phone,
};

/// What the owner set.
#[derive(Clone, Debug, Default, PartialEq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Settings {
    /// Ids of look-ups of the table; without any, all of them.
    #[serde(default)]
    pub(super) files: Vec<String>,
}

/// The uses of this plugin in a table.
pub(super) fn uses(table: &Table) -> impl Iterator<Item = &UsedLookUp> {
    table.look_ups.iter().filter(|used| used.plugin == ID)
}

/// The kind of condition.
pub(super) struct Known;

impl ConditionKind for Known {
    fn name(&self) -> &'static str {
        "known"
    }

    fn starter(&self, _table: &Table) -> serde_json::Value {
        json!({ "files": [] })
    }

    fn compile(
        &self,
        settings: &serde_json::Value,
        context: CompileContext<'_>,
    ) -> Result<Box<dyn Condition>, String> {
        let Settings { files } = settings::read(settings)?;
        let table = context.table;
        if uses(table).next().is_none() {
            return Err("there is no file of contacts yet; add one under Routes, Contacts & look-ups…".into());
        }
        if uses(table).all(|used| !used.enabled) {
            return Err("every file of contacts is switched off; switch one on".into());
        }
        let named = |id: &String| match uses(table).find(|used| used.id == *id) {
            Some(used) if used.enabled => Ok((format!("{IN}{id}"), used.name.clone())),
            Some(used) => Err(format!("“{}” is switched off; switch it on, or choose another", used.name)),
            None => Err(format!("the look-up “{id}” is not in the table; choose another")),
        };
        let files = files.iter().map(named).collect::<Result<_, String>>()?;
        Ok(Box::new(IsKnown { files, home: table.country.clone() }))
    }

    #[cfg(feature = "desktop")]
    fn editor_ui(
        &self,
        ui: &mut egui::Ui,
        settings: &mut serde_json::Value,
        context: &crate::plugins::EditorContext<'_>,
    ) {
        super::editor::known_ui(ui, settings, context);
    }
}

struct IsKnown {
    /// The facts that tell, and the names of the files; without any, all files are meant.
    files: Vec<(String, String)>,
    home: String,
}

impl IsKnown {
    fn phrase(&self, is: &str) -> Phrase {
        if self.files.is_empty() {
            return Phrase::new().plain(format!("{is} a contact"));
        }
        Phrase::new().plain(format!("{is} in ")).any(self.files.iter().map(|(_, name)| name.clone()))
    }
}

impl Condition for IsKnown {
    fn words(&self, negated: bool) -> Phrase {
        self.phrase(if negated { "the caller is not" } else { "the caller is" })
    }

    fn test(&self, call: &Call, facts: &Facts, _at: DateTime<Utc>) -> Verdict {
        let Some(number) = call.from.number() else {
            return Verdict::known(false, "the caller's number is withheld");
        };
        let caller = phone::for_people(number, &self.home);
        let any = [(KNOWN.to_owned(), String::new())];
        let asked = if self.files.is_empty() { &any[..] } else { &self.files };
        let mut unknown = None;
        for (fact, name) in asked {
            match facts.get(fact) {
                Some(Value::YesNo(true)) => {
                    let source = facts.get(SOURCE).map(Value::words).unwrap_or_default();
                    let name = if name.is_empty() { &source } else { name };
                    return Verdict::known(true, format!("{caller} is in {name}"));
                }
                Some(_) => {}
                None => {
                    let why = facts.why_missing(fact).unwrap_or("it was not looked up");
                    unknown
                        .get_or_insert_with(|| format!("whether {caller} is a contact is not known: {why}"));
                }
            }
        }
        match unknown {
            Some(why) => Verdict::unknown(why),
            None => Verdict::known(false, self.phrase(&format!("{caller} is not")).to_string()),
        }
    }

    fn facts(&self) -> Vec<String> {
        if self.files.is_empty() {
            return vec![KNOWN.to_owned()];
        }
        self.files.iter().map(|(fact, _)| fact.clone()).collect()
    }

    /// Who stands in a file changes without the table; only who hides the number never does.
    fn region(&self, _calendar: &Calendar) -> Region {
        Region::own_within(&Part::callers(Callers::withheld().complement()))
    }
}
