//! The condition `call.default_agent`: the line has an agent of its own at Retell, which takes
//! the calls that are kept, and also those that are rejected.

use chrono::{DateTime, Utc};
use serde::Deserialize;
use serde_json::json;

use crate::plugins::{CompileContext, ConditionKind, settings};
use crate::routing::{
    Aspect, Calendar, Call, Condition, Facts, Part, Phrase, Region, Table, TestCase, Values, Verdict,
};

/// There is nothing to set.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Settings {}

/// The kind of condition.
pub(super) struct Kind;

impl ConditionKind for Kind {
    fn name(&self) -> &'static str {
        "default_agent"
    }

    fn starter(&self, _table: &Table) -> serde_json::Value {
        json!({})
    }

    fn compile(
        &self,
        settings: &serde_json::Value,
        _context: CompileContext<'_>,
    ) -> Result<Box<dyn Condition>, String> {
        let Settings {} = settings::read(settings)?;
        Ok(Box::new(HasAgent))
    }

    fn fill(&self, _settings: &serde_json::Value, test: &mut TestCase) {
        test.has_default_agent = true;
    }

    #[cfg(feature = "desktop")]
    fn editor_ui(
        &self,
        ui: &mut egui::Ui,
        _settings: &mut serde_json::Value,
        _context: &crate::plugins::EditorContext<'_>,
    ) {
        super::editor::default_agent_ui(ui);
    }
}

struct HasAgent;

impl Condition for HasAgent {
    fn words(&self, negated: bool) -> Phrase {
        let article = if negated { "no" } else { "an" };
        Phrase::new().plain("the line has ").strong(format!("{article} agent of its own")).plain(" at Retell")
    }

    fn test(&self, call: &Call, _facts: &Facts, _at: DateTime<Utc>) -> Verdict {
        let has_agent = call.default_agent.is_some();
        Verdict::known(has_agent, self.words(!has_agent).to_string())
    }

    fn region(&self, _calendar: &Calendar) -> Region {
        Region::exactly(vec![Part::default().aspect(Aspect::DefaultAgent, Values::of(["yes"]))])
    }
}
