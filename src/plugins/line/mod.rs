//! Which of the owner's numbers was called.

#[cfg(feature = "desktop")]
mod editor;

use std::collections::HashMap;
use std::sync::Arc;

use chrono::{DateTime, Utc};
use futures_util::FutureExt;
use futures_util::future::{self, BoxFuture};
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::{Ask, CompileContext, ConditionKind, Fault, Host, LookUp, Manifest, Plugin, settings};
use crate::routing::{
    Answer, Aspect, Calendar, Call, Condition, Facts, Line, Part, Phrase, Region, Table, Test, Value, Values,
    Verdict, number as phone,
};

/// The plugin.
#[must_use]
pub fn plugin() -> impl Plugin {
    LinePlugin { manifest: Manifest::built_in(include_str!("plugin.toml")) }
}

/// A test that holds for calls to this line.
pub(super) fn test_for(line: &Line) -> Test {
    let settings = json!(Settings { lines: vec![line.id.clone()] });
    Test { condition: "line.is".into(), not: false, settings }
}

struct LinePlugin {
    manifest: Manifest,
}

impl Plugin for LinePlugin {
    fn manifest(&self) -> &Manifest {
        &self.manifest
    }

    fn conditions(&self) -> &[&'static dyn ConditionKind] {
        &[&Is]
    }

    fn look_up(&self, table: &Table, _host: &Host) -> Option<Arc<dyn LookUp>> {
        Some(Arc::new(LineFacts { names: names(table) }))
    }
}

/// What the owner set.
#[derive(Clone, Debug, Default, PartialEq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
struct Settings {
    /// Ids of lines of the table.
    #[serde(default)]
    lines: Vec<String>,
}

/// The kind of condition `line.is`.
struct Is;

impl ConditionKind for Is {
    fn name(&self) -> &'static str {
        "is"
    }

    fn starter(&self, table: &Table) -> serde_json::Value {
        let first: Vec<_> = table.lines.iter().take(1).map(|line| &line.id).collect();
        json!({ "lines": first })
    }

    fn compile(
        &self,
        settings: &serde_json::Value,
        context: CompileContext<'_>,
    ) -> Result<Box<dyn Condition>, String> {
        let Settings { lines } = settings::read(settings)?;
        if lines.is_empty() {
            return Err("no line is chosen; choose at least one".into());
        }
        let lines = lines
            .iter()
            .map(|id| {
                let line = context.table.line(id).ok_or_else(|| {
                    format!(
                        "the line “{id}” is not in the table; choose another, or add it under Lines & agents"
                    )
                })?;
                Ok((line.number.clone(), line.name.clone()))
            })
            .collect::<Result<_, String>>()?;
        Ok(Box::new(IsLine { lines, known: names(context.table), home: context.table.country.clone() }))
    }

    #[cfg(feature = "desktop")]
    fn editor_ui(
        &self,
        ui: &mut egui::Ui,
        settings: &mut serde_json::Value,
        context: &super::EditorContext<'_>,
    ) {
        editor::lines_ui(ui, settings, context);
    }
}

struct IsLine {
    /// Number and name of each line it may be.
    lines: Vec<(String, String)>,
    /// The names of all lines by number.
    known: Arc<HashMap<String, String>>,
    home: String,
}

impl Condition for IsLine {
    fn words(&self, negated: bool) -> Phrase {
        Phrase::new()
            .plain(if negated { "the call is not to " } else { "the call is to " })
            .any(self.lines.iter().map(|(_, name)| name.clone()))
    }

    fn test(&self, call: &Call, _facts: &Facts, _at: DateTime<Utc>) -> Verdict {
        let listed = self.lines.iter().any(|(number, _)| *number == call.to);
        let called = match self.known.get(&call.to) {
            Some(name) => name.clone(),
            None => format!("{}, which is none of your lines", phone::for_people(&call.to, &self.home)),
        };
        Verdict::known(listed, format!("the call is to {called}"))
    }

    fn answer(&self, call: &Call, _facts: &Facts, _at: DateTime<Utc>) -> Answer {
        self.lines.iter().any(|(number, _)| *number == call.to).into()
    }

    fn region(&self, _calendar: &Calendar) -> Region {
        let numbers = self.lines.iter().map(|(number, _)| number.as_str());
        Region::exactly(vec![Part::default().aspect(Aspect::Line, Values::of(numbers))])
    }
}

struct LineFacts {
    names: Arc<HashMap<String, String>>,
}

impl LookUp for LineFacts {
    fn ask(&self, ask: Ask) -> BoxFuture<'static, Result<Facts, Fault>> {
        future::ready(Ok(facts(&ask.call, &self.names))).boxed()
    }

    fn is_repeatable(&self) -> bool {
        true
    }
}

/// What the called number tells.
pub(super) fn facts(call: &Call, names: &HashMap<String, String>) -> Facts {
    let Call { to, default_agent, .. } = call;
    let mut facts = Facts::default();
    facts.set("line.number", Value::Text(to.clone()));
    facts.set("line.has_default_agent", Value::YesNo(default_agent.is_some()));
    match names.get(to) {
        Some(name) => facts.set("line.name", Value::Text(name.clone())),
        None => facts.set_missing("line.name", format!("{to} is none of your lines")),
    }
    facts
}

/// The name of each line by its number.
pub(super) fn names(table: &Table) -> Arc<HashMap<String, String>> {
    Arc::new(table.lines.iter().map(|line| (line.number.clone(), line.name.clone())).collect())
}
