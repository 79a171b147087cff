//! Any fact compared with a value: the condition for whatever has none of its own.

mod comparison;
#[cfg(feature = "desktop")]
mod editor;
mod operator;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::{CompileContext, ConditionKind, Manifest, Plugin, settings};
use crate::routing::{Call, Condition, Facts, Kind, Phrase, Table, Test, Verdict};
use comparison::Comparison;
use operator::Operator;

/// The plugin.
#[must_use]
pub fn plugin() -> impl Plugin {
    FactPlugin { manifest: Manifest::built_in(include_str!("plugin.toml")) }
}

struct FactPlugin {
    manifest: Manifest,
}

impl Plugin for FactPlugin {
    fn manifest(&self) -> &Manifest {
        &self.manifest
    }

    fn conditions(&self) -> &[&'static dyn ConditionKind] {
        &[&Compare]
    }
}

/// What the owner set.
#[derive(Clone, Debug, Default, PartialEq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
struct Settings {
    /// The dotted name of a fact.
    #[serde(default)]
    fact: String,
    /// How it is compared.
    is: Operator,
    /// What it is compared with: text, a number or a list of texts, as the operator needs.
    #[serde(default, skip_serializing_if = "serde_json::Value::is_null")]
    value: serde_json::Value,
}

/// The kind of condition `fact.compare`.
struct Compare;

impl ConditionKind for Compare {
    fn name(&self) -> &'static str {
        "compare"
    }

    fn starter(&self, _table: &Table) -> serde_json::Value {
        json!({ "fact": "caller.country_name", "is": Operator::Known })
    }

    fn compile(
        &self,
        settings: &serde_json::Value,
        context: CompileContext<'_>,
    ) -> Result<Box<dyn Condition>, String> {
        let Settings { fact, is, value } = settings::read(settings)?;
        let fact = fact.trim().to_owned();
        if fact.is_empty() {
            return Err("no fact is chosen; choose one".into());
        }
        // A fact that no plugin offers may come from one that is added later.
        let info = context.registry.fact(&fact, context.table);
        if let Some(info) = &info
            && !is.fits(info.kind)
        {
            return Err(format!(
                "“{}” does not go with “{}”; choose another comparison",
                is.words(false),
                info.title
            ));
        }
        let comparison = Comparison::read(is, &value, &context.table.zone)?;
        let title = info.map_or_else(|| fact.clone(), |info| info.title);
        Ok(Box::new(Compared { fact, title, comparison }))
    }

    #[cfg(feature = "desktop")]
    fn editor_ui(
        &self,
        ui: &mut egui::Ui,
        settings: &mut serde_json::Value,
        context: &super::EditorContext<'_>,
    ) {
        editor::compare_ui(ui, settings, context);
    }
}

/// States no region: any fact may be compared, and facts are told when a call comes in.
struct Compared {
    fact: String,
    title: String,
    comparison: Comparison,
}

/// What a yes or no says of the caller, if its title says so: "Is a VIP in Acme CRM".
fn said_of_caller(title: &str, yes: bool) -> Option<Phrase> {
    let (verb, rest) = title.split_once(' ')?;
    let verb = match (verb, yes) {
        ("Is", true) => "is",
        ("Is", false) => "is not",
        ("Has", true) => "has",
        ("Has", false) => "does not have",
        ("Was", true) => "was",
        ("Was", false) => "was not",
        ("Can", true) => "can",
        ("Can", false) => "cannot",
        _ => return None,
    };
    Some(Phrase::new().plain(format!("the caller {verb} ")).strong(rest))
}

/// The fact that a test compares, if it is one of these and one is chosen.
#[must_use]
pub fn compared(test: &Test) -> Option<&str> {
    let fact = test.settings.get("fact").filter(|_| test.condition == "fact.compare")?;
    fact.as_str().map(str::trim).filter(|fact| !fact.is_empty())
}

/// The test with which a rule begins that asks about this fact.
#[must_use]
pub fn test_for(name: &str, kind: Kind) -> Test {
    let is = match kind {
        Kind::YesNo => Operator::Yes,
        Kind::Number => Operator::MoreThan,
        Kind::List => Operator::Contains,
        Kind::Text | Kind::Time => Operator::Known,
    };
    Test { condition: "fact.compare".to_owned(), not: false, settings: json!({ "fact": name, "is": is }) }
}

impl Condition for Compared {
    fn words(&self, negated: bool) -> Phrase {
        if let Comparison::YesNo(wanted) = self.comparison
            && let Some(phrase) = said_of_caller(&self.title, wanted != negated)
        {
            return phrase;
        }
        let phrase = Phrase::new().strong(&self.title).plain(" ");
        self.comparison.words(phrase, negated)
    }

    fn test(&self, _call: &Call, facts: &Facts, _at: DateTime<Utc>) -> Verdict {
        let title = &self.title;
        let Some(value) = facts.get(&self.fact) else {
            let why = match facts.why_missing(&self.fact) {
                Some(reason) => format!("{title} is not known: {reason}"),
                None => format!("{title} is not known"),
            };
            // That it is not known is itself an answer to whether it is known.
            let asks_if_known = matches!(self.comparison, Comparison::Known);
            return if asks_if_known && !facts.is_not_asked(&self.fact) {
                Verdict::known(false, why)
            } else {
                Verdict::unknown(why)
            };
        };
        let why = format!("{title} is {}", value.words());
        match self.comparison.holds(value) {
            Some(holds) => Verdict::known(holds, why),
            None => Verdict::unknown(format!("{why}, which cannot be compared like this")),
        }
    }

    fn facts(&self) -> Vec<String> {
        vec![self.fact.clone()]
    }
}
