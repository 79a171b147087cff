//! The condition `history.before`: whether this is the caller's first call.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::unknown;
use crate::plugins::{CompileContext, ConditionKind, settings};
use crate::routing::{
    Aspect, Calendar, Call, Condition, Facts, Part, Phrase, Region, Table, Value, Values, Verdict,
};

/// What the owner set.
#[derive(Clone, Debug, Default, PartialEq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Settings {
    #[serde(default)]
    pub(super) is: Sort,
}

/// The sort of caller.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Sort {
    #[default]
    FirstTime,
    Returning,
}

/// The kind of condition.
pub(super) struct Kind;

impl ConditionKind for Kind {
    fn name(&self) -> &'static str {
        "before"
    }

    fn starter(&self, _table: &Table) -> serde_json::Value {
        json!({ "is": "returning" })
    }

    fn compile(
        &self,
        settings: &serde_json::Value,
        _context: CompileContext<'_>,
    ) -> Result<Box<dyn Condition>, String> {
        let Settings { is } = settings::read(settings)?;
        Ok(Box::new(Before { is }))
    }

    #[cfg(feature = "desktop")]
    fn editor_ui(
        &self,
        ui: &mut egui::Ui,
        settings: &mut serde_json::Value,
        _context: &crate::plugins::EditorContext<'_>,
    ) {
        super::editor::before_ui(ui, settings);
    }
}

struct Before {
    is: Sort,
}

impl Condition for Before {
    fn words(&self, negated: bool) -> Phrase {
        Phrase::new().plain(match (self.is, negated) {
            (Sort::FirstTime, false) => "the caller calls for the first time",
            (Sort::FirstTime, true) => "the caller does not call for the first time",
            (Sort::Returning, false) => "the caller has called before",
            (Sort::Returning, true) => "the caller has not called before",
        })
    }

    fn test(&self, _call: &Call, facts: &Facts, _at: DateTime<Utc>) -> Verdict {
        let Some(Value::YesNo(first_time)) = facts.get("history.first_time") else {
            return Verdict::unknown(unknown(facts, "history.first_time"));
        };
        let why = match (first_time, facts.get("history.calls"), facts.get("history.last_seen_ago")) {
            (false, Some(calls), Some(ago)) => {
                let times =
                    if calls.words() == "1" { "once".to_owned() } else { format!("{} times", calls.words()) };
                format!("the caller has called {times} before, last {}", ago.words())
            }
            (false, ..) => "the caller has called before".to_owned(),
            (true, ..) => "this is the caller's first call".to_owned(),
        };
        Verdict::known(*first_time == (self.is == Sort::FirstTime), why)
    }

    /// Both sorts are told by one fact, so that one excludes the other.
    fn region(&self, _calendar: &Calendar) -> Region {
        let first_time =
            |value| vec![Part::default().aspect(Aspect::Named("history.first_time"), Values::of([value]))];
        let is_meant = if self.is == Sort::FirstTime { "yes" } else { "no" };
        Region { yes: first_time(is_meant), unknown: first_time("") }
    }

    fn facts(&self) -> Vec<String> {
        vec!["history.first_time".to_owned()]
    }
}
