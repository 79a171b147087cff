//! The condition `caller.withheld`: the caller hides the number.

use chrono::{DateTime, Utc};
use serde::Deserialize;
use serde_json::json;

use super::WITHHELD;
use crate::plugins::{CompileContext, ConditionKind, settings};
use crate::routing::{
    Answer, Calendar, Call, Callers, Condition, Facts, Part, Phrase, Region, Table, Verdict, number as phone,
};

/// There is nothing to set.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Settings {}

/// The kind of condition.
pub(super) struct Kind;

impl ConditionKind for Kind {
    fn name(&self) -> &'static str {
        "withheld"
    }

    fn starter(&self, _table: &Table) -> serde_json::Value {
        json!({})
    }

    fn compile(
        &self,
        settings: &serde_json::Value,
        context: CompileContext<'_>,
    ) -> Result<Box<dyn Condition>, String> {
        let Settings {} = settings::read(settings)?;
        Ok(Box::new(IsWithheld { home: context.table.country.clone() }))
    }

    #[cfg(feature = "desktop")]
    fn editor_ui(
        &self,
        ui: &mut egui::Ui,
        _settings: &mut serde_json::Value,
        _context: &crate::plugins::EditorContext<'_>,
    ) {
        super::editor::withheld_ui(ui);
    }
}

struct IsWithheld {
    home: String,
}

impl Condition for IsWithheld {
    fn words(&self, negated: bool) -> Phrase {
        Phrase::new().plain("the caller's number is ").strong(if negated { "shown" } else { "withheld" })
    }

    fn test(&self, call: &Call, _facts: &Facts, _at: DateTime<Utc>) -> Verdict {
        match call.from.number() {
            None => Verdict::known(true, WITHHELD),
            Some(number) => {
                Verdict::known(false, format!("the caller is {}", phone::for_people(number, &self.home)))
            }
        }
    }

    fn answer(&self, call: &Call, _facts: &Facts, _at: DateTime<Utc>) -> Answer {
        call.from.number().is_none().into()
    }

    fn region(&self, _calendar: &Calendar) -> Region {
        Region::exactly(vec![Part::callers(Callers::withheld())])
    }
}
