//! The condition `caller.country`: the country that the number is from.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::WITHHELD;
use crate::plugins::{CompileContext, ConditionKind, settings};
use crate::routing::{
    Aspect, Calendar, Call, Callers, Condition, Facts, Part, Phrase, Region, Table, Values, Verdict,
    number as phone,
};

/// What the owner set.
#[derive(Clone, Debug, Default, PartialEq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Settings {
    /// Countries as two letters.
    #[serde(default)]
    pub(super) countries: Vec<String>,
}

/// The kind of condition.
pub(super) struct Kind;

impl ConditionKind for Kind {
    fn name(&self) -> &'static str {
        "country"
    }

    fn starter(&self, table: &Table) -> serde_json::Value {
        json!({ "countries": [table.country] })
    }

    fn compile(
        &self,
        settings: &serde_json::Value,
        _context: CompileContext<'_>,
    ) -> Result<Box<dyn Condition>, String> {
        let Settings { countries } = settings::read(settings)?;
        if countries.is_empty() {
            return Err("no country is chosen; choose at least one".into());
        }
        let countries = countries
            .iter()
            .map(|code| {
                let code = code.trim().to_ascii_uppercase();
                let name = phone::country_name(&code).ok_or_else(|| {
                    format!(
                        "“{code}” is not a country; choose one from the list, or write two letters such as US"
                    )
                })?;
                Ok((code, name))
            })
            .collect::<Result<_, String>>()?;
        Ok(Box::new(IsCountry { countries }))
    }

    #[cfg(feature = "desktop")]
    fn editor_ui(
        &self,
        ui: &mut egui::Ui,
        settings: &mut serde_json::Value,
        context: &crate::plugins::EditorContext<'_>,
    ) {
        super::editor::country_ui(ui, settings, context);
    }
}

struct IsCountry {
    /// Code and name.
    countries: Vec<(String, &'static str)>,
}

impl Condition for IsCountry {
    fn words(&self, negated: bool) -> Phrase {
        Phrase::new()
            .plain(if negated { "the caller is not in " } else { "the caller is in " })
            .any(self.countries.iter().map(|(_, name)| (*name).to_owned()))
    }

    fn test(&self, call: &Call, _facts: &Facts, _at: DateTime<Utc>) -> Verdict {
        let Some(number) = call.from.number() else {
            return Verdict::known(false, WITHHELD);
        };
        let Some(code) = phone::country_of(number) else {
            return Verdict::unknown(format!("the number {number} does not tell its country"));
        };
        let listed = self.countries.iter().any(|(listed, _)| *listed == code);
        Verdict::known(listed, format!("the caller is in {}", phone::country_name(&code).unwrap_or(&code)))
    }

    fn region(&self, _calendar: &Calendar) -> Region {
        let codes = self.countries.iter().map(|(code, _)| code.as_str());
        let numbers = Part::callers(Callers::withheld().complement());
        Region {
            yes: vec![numbers.clone().aspect(Aspect::Country, Values::of(codes))],
            unknown: vec![numbers.aspect(Aspect::Country, Values::of([""]))],
        }
    }
}
