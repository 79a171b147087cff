//! The condition `history.repeat`: the caller's 4th call within 10 minutes, or a later one.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::unknown;
use super::window::{Unit, Window};
use crate::plugins::{CompileContext, ConditionKind, settings, spoken};
use crate::routing::{Call, Condition, Facts, Phrase, Table, Value, Verdict};

/// What the owner set.
#[derive(Clone, Debug, Default, PartialEq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Settings {
    /// Which call of the caller's it is at least, this one counted: 4 for the 4th.
    #[serde(default)]
    pub(super) nth: u32,
    #[serde(default)]
    pub(super) within: u32,
    #[serde(default)]
    pub(super) unit: Unit,
}

/// The kind of condition.
pub(super) struct Kind;

impl ConditionKind for Kind {
    fn name(&self) -> &'static str {
        "repeat"
    }

    fn starter(&self, _table: &Table) -> serde_json::Value {
        json!({ "nth": 4, "within": 10, "unit": "minutes" })
    }

    fn compile(
        &self,
        settings: &serde_json::Value,
        _context: CompileContext<'_>,
    ) -> Result<Box<dyn Condition>, String> {
        let Settings { nth, within, unit } = settings::read(settings)?;
        let window = Window { within, unit }.check()?;
        if nth < 2 {
            return Err("every call is a caller's 1st at least; choose the 2nd or a later one".into());
        }
        Ok(Box::new(Repeat { nth, window }))
    }

    #[cfg(feature = "desktop")]
    fn editor_ui(
        &self,
        ui: &mut egui::Ui,
        settings: &mut serde_json::Value,
        _context: &crate::plugins::EditorContext<'_>,
    ) {
        super::editor::repeat_ui(ui, settings);
    }
}

/// States no region: how many calls there were is told by a fact alone, and aspects have no order.
struct Repeat {
    nth: u32,
    window: Window,
}

impl Condition for Repeat {
    fn words(&self, negated: bool) -> Phrase {
        let start = if negated { "it is not yet the caller's " } else { "it is at least the caller's " };
        let nth = spoken::ordinal(u64::from(self.nth));
        Phrase::new().plain(start).strong(nth).plain(" call within ").strong(self.window.words())
    }

    fn test(&self, _call: &Call, facts: &Facts, _at: DateTime<Utc>) -> Verdict {
        let fact = self.window.fact();
        let Some(Value::Number(earlier)) = facts.get(&fact) else {
            return Verdict::unknown(unknown(facts, &fact));
        };
        let nth = *earlier as u64 + 1;
        let why = format!("it is the caller's {} call within {}", spoken::ordinal(nth), self.window.words());
        Verdict::known(nth >= u64::from(self.nth), why)
    }

    fn facts(&self) -> Vec<String> {
        vec![self.window.fact()]
    }
}
