//! The condition `caller.number`: one of these numbers, or one that starts like this.

use std::collections::HashSet;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::WITHHELD;
use crate::plugins::{CompileContext, ConditionKind, settings};
use crate::routing::{
    Answer, Calendar, Call, Callers, Condition, Facts, Part, Phrase, Region, Table, Verdict, number as phone,
};

/// How many entries are named before the rest is only counted.
const NAMED: usize = 3;

/// What the owner set.
#[derive(Clone, Debug, Default, PartialEq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Settings {
    /// Numbers in any spelling, and prefixes that end in `*`.
    #[serde(default)]
    pub(super) numbers: Vec<String>,
}

/// What a list of entries comes to.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Numbers {
    /// Whole numbers in E.164, each once, in their order.
    pub(super) exact: Vec<String>,
    /// Beginnings of numbers: `+49`.
    pub(super) prefixes: Vec<String>,
    /// Entries that are neither.
    pub(super) bad: Vec<String>,
}

impl Numbers {
    /// Reads entries; empty ones are passed over.
    pub(super) fn read(entries: &[String], home: &str) -> Self {
        let mut numbers = Self::default();
        for entry in entries.iter().map(|entry| entry.trim()).filter(|entry| !entry.is_empty()) {
            let (list, text) = if let Some(start) = entry.strip_suffix('*') {
                (&mut numbers.prefixes, prefix(start))
            } else {
                (&mut numbers.exact, phone::parse(entry, home))
            };
            match text {
                Some(text) if !list.contains(&text) => list.push(text),
                Some(_) => {}
                None => numbers.bad.push(entry.to_owned()),
            }
        }
        numbers
    }
}

/// The beginning of a number as `+` and digits. It must have its country code: `415*` could be
/// meant for any country.
fn prefix(text: &str) -> Option<String> {
    let start = phone::spelled_out(text)?;
    let digits = &start[1..];
    let fits = !digits.is_empty() && digits.chars().all(|c| c.is_ascii_digit());
    fits.then_some(start)
}

/// The kind of condition.
pub(super) struct Kind;

impl ConditionKind for Kind {
    fn name(&self) -> &'static str {
        "number"
    }

    fn starter(&self, _table: &Table) -> serde_json::Value {
        json!({ "numbers": [] })
    }

    fn compile(
        &self,
        settings: &serde_json::Value,
        context: CompileContext<'_>,
    ) -> Result<Box<dyn Condition>, String> {
        let Settings { numbers } = settings::read(settings)?;
        let home = context.table.country.clone();
        let Numbers { exact, prefixes, bad } = Numbers::read(&numbers, &home);
        if !bad.is_empty() {
            let bad: Vec<_> = bad.iter().map(|entry| format!("“{entry}”")).collect();
            return Err(format!(
                "{} cannot be read as a phone number; write it like +14155552671, or the start of a number like +49*",
                bad.join(", ")
            ));
        }
        if exact.is_empty() && prefixes.is_empty() {
            return Err("no number is given; add at least one".into());
        }
        let names = exact
            .iter()
            .map(|number| phone::for_people(number, &home))
            .chain(prefixes.iter().map(|prefix| format!("a number starting with {prefix}")))
            .collect();
        Ok(Box::new(IsNumber { exact: exact.into_iter().collect(), prefixes, names, home }))
    }

    #[cfg(feature = "desktop")]
    fn editor_ui(
        &self,
        ui: &mut egui::Ui,
        settings: &mut serde_json::Value,
        context: &crate::plugins::EditorContext<'_>,
    ) {
        super::editor::number_ui(ui, settings, context);
    }
}

struct IsNumber {
    exact: HashSet<String>,
    prefixes: Vec<String>,
    /// All entries for people, in order.
    names: Vec<String>,
    home: String,
}

impl Condition for IsNumber {
    fn words(&self, negated: bool) -> Phrase {
        let phrase = Phrase::new().plain(if negated { "the caller is not " } else { "the caller is " });
        if self.names.len() <= NAMED {
            return phrase.any(self.names.iter().cloned());
        }
        phrase.plain("one of ").strong(format!("{} numbers", self.names.len()))
    }

    fn test(&self, call: &Call, _facts: &Facts, _at: DateTime<Utc>) -> Verdict {
        let Some(number) = call.from.number() else {
            return Verdict::known(false, WITHHELD);
        };
        let caller = phone::for_people(number, &self.home);
        if self.exact.contains(number) {
            return Verdict::known(true, format!("the caller is {caller}"));
        }
        match self.prefixes.iter().find(|prefix| number.starts_with(*prefix)) {
            Some(prefix) => {
                Verdict::known(true, format!("the caller is {caller}, which starts with {prefix}"))
            }
            None => Verdict::known(false, format!("the caller is {caller}")),
        }
    }

    fn answer(&self, call: &Call, _facts: &Facts, _at: DateTime<Utc>) -> Answer {
        let is_one = |number: &str| {
            self.exact.contains(number) || self.prefixes.iter().any(|prefix| number.starts_with(prefix))
        };
        call.from.number().is_some_and(is_one).into()
    }

    fn region(&self, _calendar: &Calendar) -> Region {
        let exact = self.exact.iter().map(String::as_str);
        let prefixes = self.prefixes.iter().map(String::as_str);
        Region::exactly(vec![Part::callers(Callers::numbers(exact, prefixes))])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_any_spelling_and_names_what_it_cannot_read() {
        let entries = [
            "(415) 555-2671",
            "+1 415 555 2671",
            " ",
            "+49 (0) 30*",
            "0044-20 *",
            "415*",
            "*",
            "+*",
            "Bob",
            "+49x*",
        ];
        let read = Numbers::read(&entries.map(str::to_owned), "US");
        assert_eq!(read.exact, ["+14155552671"]);
        assert_eq!(read.prefixes, ["+4930", "+4420"]);
        assert_eq!(read.bad, ["415*", "*", "+*", "Bob", "+49x*"]);
    }
}
