//! The condition `call.medium`: whether somebody calls or writes a text message.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::plugins::{CompileContext, ConditionKind, settings};
use crate::routing::{
    Aspect, Calendar, Call, Condition, Facts, Medium, Part, Phrase, Region, Table, TestCase, Values, Verdict,
};

/// What the owner set.
#[derive(Clone, Debug, Default, PartialEq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Settings {
    /// What it has to be.
    #[serde(default)]
    pub(super) is: Medium,
}

/// The kind of condition.
pub(super) struct Kind;

impl ConditionKind for Kind {
    fn name(&self) -> &'static str {
        "medium"
    }

    fn starter(&self, _table: &Table) -> serde_json::Value {
        json!({ "is": Medium::Text })
    }

    fn compile(
        &self,
        settings: &serde_json::Value,
        _context: CompileContext<'_>,
    ) -> Result<Box<dyn Condition>, String> {
        let Settings { is } = settings::read(settings)?;
        Ok(Box::new(IsMedium(is)))
    }

    fn fill(&self, settings: &serde_json::Value, test: &mut TestCase) {
        if let Ok(Settings { is }) = settings::read(settings) {
            test.medium = is;
        }
    }

    #[cfg(feature = "desktop")]
    fn editor_ui(
        &self,
        ui: &mut egui::Ui,
        settings: &mut serde_json::Value,
        _context: &crate::plugins::EditorContext<'_>,
    ) {
        super::editor::medium_ui(ui, settings);
    }
}

struct IsMedium(Medium);

impl Condition for IsMedium {
    fn words(&self, negated: bool) -> Phrase {
        Phrase::new().plain(if negated { "it is not " } else { "it is " }).strong(words(self.0))
    }

    fn test(&self, call: &Call, _facts: &Facts, _at: DateTime<Utc>) -> Verdict {
        Verdict::known(call.medium == self.0, format!("it is {}", words(call.medium)))
    }

    fn region(&self, _calendar: &Calendar) -> Region {
        let medium = Part::default().aspect(Aspect::Named("call.medium"), Values::of([self.0.word()]));
        Region::exactly(vec![medium])
    }
}

/// With its article.
fn words(medium: Medium) -> &'static str {
    match medium {
        Medium::Call => "a call",
        Medium::Text => "a text message",
    }
}
