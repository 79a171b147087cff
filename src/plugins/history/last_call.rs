//! The condition `history.last_call`: the caller called before, not longer ago than this.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::look_up::ago;
use super::window::{Unit, Window};
use super::{is_first_time, unknown};
use crate::plugins::{CompileContext, ConditionKind, settings};
use crate::routing::{Call, Condition, Facts, Phrase, Table, Value, Verdict};

/// What the owner set.
#[derive(Clone, Debug, Default, PartialEq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Settings {
    #[serde(default)]
    pub(super) within: u32,
    #[serde(default)]
    pub(super) unit: Unit,
}

/// The kind of condition.
pub(super) struct Kind;

impl ConditionKind for Kind {
    fn name(&self) -> &'static str {
        "last_call"
    }

    fn starter(&self, _table: &Table) -> serde_json::Value {
        json!({ "within": 30, "unit": "days" })
    }

    fn compile(
        &self,
        settings: &serde_json::Value,
        _context: CompileContext<'_>,
    ) -> Result<Box<dyn Condition>, String> {
        let Settings { within, unit } = settings::read(settings)?;
        Ok(Box::new(LastCall { window: Window { within, unit }.check()? }))
    }

    #[cfg(feature = "desktop")]
    fn editor_ui(
        &self,
        ui: &mut egui::Ui,
        settings: &mut serde_json::Value,
        _context: &crate::plugins::EditorContext<'_>,
    ) {
        super::editor::last_call_ui(ui, settings);
    }
}

/// States no region: how long ago a call was depends on a fact and on the time at once.
struct LastCall {
    window: Window,
}

impl Condition for LastCall {
    fn words(&self, negated: bool) -> Phrase {
        let start = if negated {
            "the caller did not call within the last "
        } else {
            "the caller called within the last "
        };
        Phrase::new().plain(start).strong(self.window.words())
    }

    fn test(&self, _call: &Call, facts: &Facts, at: DateTime<Utc>) -> Verdict {
        match facts.get("history.last_seen") {
            Some(Value::Time(last)) => {
                let passed = at.timestamp_millis() - last.timestamp_millis();
                Verdict::known(passed <= self.window.ms(), format!("the last call was {}", ago(passed)))
            }
            _ if is_first_time(facts) => Verdict::known(false, "the caller has not called before"),
            _ => Verdict::unknown(unknown(facts, "history.last_seen")),
        }
    }

    fn facts(&self) -> Vec<String> {
        vec!["history.last_seen".to_owned(), "history.first_time".to_owned()]
    }
}
