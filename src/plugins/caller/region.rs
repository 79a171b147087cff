//! The condition `caller.region`: the state or province that the number is from, in the US and
//! Canada.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::{WITHHELD, prefixes};
use crate::plugins::{CompileContext, ConditionKind, settings};
use crate::routing::{
    Aspect, Calendar, Call, Callers, Condition, Facts, Part, Phrase, Region, Table, Values, Verdict,
    number as phone,
};

/// What the owner set.
#[derive(Clone, Debug, Default, PartialEq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Settings {
    /// Names of states and provinces.
    #[serde(default)]
    pub(super) regions: Vec<String>,
}

/// The state or province of a number. The error says why there is none.
pub(super) fn region_of(number: &str) -> Result<&'static str, String> {
    prefixes::of(number).region.ok_or_else(|| match phone::country_of(number).as_deref() {
        Some("US" | "CA") | None => format!("the number {number} does not tell its state or province"),
        Some(code) => {
            let country = phone::country_name(code).unwrap_or(code);
            format!(
                "the caller is in {country}, and only numbers in the US and Canada tell a state or province"
            )
        }
    })
}

/// The kind of condition.
pub(super) struct Kind;

impl ConditionKind for Kind {
    fn name(&self) -> &'static str {
        "region"
    }

    fn starter(&self, _table: &Table) -> serde_json::Value {
        json!({ "regions": ["California"] })
    }

    fn compile(
        &self,
        settings: &serde_json::Value,
        _context: CompileContext<'_>,
    ) -> Result<Box<dyn Condition>, String> {
        let Settings { regions } = settings::read(settings)?;
        if regions.is_empty() {
            return Err("no state or province is chosen; choose at least one".into());
        }
        if let Some(other) = regions.iter().find(|region| !prefixes::regions().contains(&region.as_str())) {
            return Err(format!(
                "“{other}” is not a state or province that numbers tell; choose one from the list, such as California"
            ));
        }
        Ok(Box::new(IsRegion { regions }))
    }

    #[cfg(feature = "desktop")]
    fn editor_ui(
        &self,
        ui: &mut egui::Ui,
        settings: &mut serde_json::Value,
        _context: &crate::plugins::EditorContext<'_>,
    ) {
        super::editor::region_ui(ui, settings);
    }
}

struct IsRegion {
    regions: Vec<String>,
}

impl Condition for IsRegion {
    fn words(&self, negated: bool) -> Phrase {
        Phrase::new()
            .plain(if negated {
                "the caller's area code is not of "
            } else {
                "the caller's area code is of "
            })
            .any(self.regions.iter().cloned())
    }

    fn test(&self, call: &Call, _facts: &Facts, _at: DateTime<Utc>) -> Verdict {
        let Some(number) = call.from.number() else {
            return Verdict::known(false, WITHHELD);
        };
        match region_of(number) {
            Ok(region) => Verdict::known(
                self.regions.iter().any(|listed| listed == region),
                format!("the caller's area code is of {region}"),
            ),
            // Abroad there are no such states; toll-free and new numbers may be from any.
            Err(why) if phone::country_of(number).is_some_and(|code| code != "US" && code != "CA") => {
                Verdict::known(false, why)
            }
            Err(why) => Verdict::unknown(why),
        }
    }

    fn region(&self, _calendar: &Calendar) -> Region {
        let starting = |regions| {
            let beginnings = prefixes::beginnings(regions);
            Callers::numbers([], beginnings.iter().map(String::as_str))
        };
        let others = Callers::withheld().or(&starting(None)).complement();
        Region {
            yes: vec![Part::callers(starting(Some(&self.regions)))],
            unknown: vec![Part::callers(others).aspect(Aspect::Country, Values::of(["US", "CA", ""]))],
        }
    }
}
