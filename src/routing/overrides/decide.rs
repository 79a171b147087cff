//! What an override makes of a call. No rule has a part in it: their conditions are not even looked
//! at, so nothing that is wrong with them can keep a closed line from being closed.

use chrono_tz::Tz;

use super::Override;
use crate::routing::compiled::Contribution;
use crate::routing::outcome::merge_objects;
use crate::routing::{
    Action, By, Compiled, Decided, Decision, Detail, Facts, RuleTrace, RuleVerdict, Table, Template, Value,
};

/// An override in force, with the table whose agents it names.
#[derive(Clone, Copy, Debug)]
pub struct Ruling<'a> {
    /// The override.
    pub over: &'a Override,
    /// The table.
    pub table: &'a Table,
}

impl Ruling<'_> {
    fn zone(&self) -> Tz {
        self.table.time_zone()
    }

    fn facts(&self, facts: &Facts) -> Facts {
        let mut facts = facts.clone();
        let local =
            |at: &chrono::DateTime<chrono::Utc>| Value::Time(at.with_timezone(&self.zone()).fixed_offset());
        if !self.over.reason.is_empty() {
            facts.set("override.reason", Value::Text(self.over.reason.clone()));
        }
        facts.set("override.from", local(&self.over.from));
        facts.set("override.until", local(&self.over.until));
        facts
    }

    fn by(&self) -> By {
        By::Override {
            id: self.over.id.clone(),
            words: self.over.full_words(self.table),
            reason: self.over.reason.clone(),
            set_by: self.over.set_by.clone(),
            set_at: self.over.set_at,
        }
    }
}

impl Compiled {
    /// Decides a call by an override. Where that names an agent that the table does not have, the
    /// table's fallback says who answers.
    #[must_use]
    pub fn overrule(&self, ruling: &Ruling<'_>, facts: &Facts) -> Decision {
        let facts = ruling.facts(facts);
        let then = &ruling.over.then;
        let mut sum = Contribution::default();
        let mut notes = Vec::new();
        let action = match &then.action {
            Action::Connect { agent, version } => ruling.table.agent(agent).map(|agent| Decided::Connect {
                id: agent.id.clone(),
                name: agent.name.clone(),
                retell_id: agent.retell_id.clone(),
                version: version.clone(),
            }),
            Action::Keep => Some(Decided::Keep),
            Action::Reject => Some(Decided::Reject),
            // Neither stands in an override: one agent answers, or none.
            Action::Share(_) | Action::GoOn => None,
        };
        let action = action.unwrap_or_else(|| {
            notes.push(
                "The agent that was to answer is no longer in the table, so the fallback says who does"
                    .to_owned(),
            );
            self.end_with_fallback(&mut sum, &facts, &mut notes)
        });
        for (name, text) in &then.variables {
            match Template::parse(text) {
                Ok(template) => {
                    let value = template.fill(&facts, |note| notes.push(format!("Variable {name}: {note}")));
                    sum.variables.insert(name.clone(), value);
                }
                Err(wrong) => notes.push(format!("Variable {name} was left out: {wrong}")),
            }
        }
        for (base, over) in
            [(&mut sum.metadata, &then.metadata), (&mut sum.agent_settings, &then.agent_settings)]
        {
            if let Some(over) = over {
                merge_objects(base.get_or_insert_default(), over);
            }
        }
        self.defaults.complete(&action, None, &mut sum, &facts, &mut notes);
        let trace = if self.logged() == Detail::All { self.untouched() } else { Vec::new() };
        let untold = self.rules.len() - trace.len();
        let Contribution { variables, metadata, agent_settings, tell, .. } = sum;
        let (by, chosen) = (ruling.by(), None);
        Decision { action, by, chosen, variables, metadata, agent_settings, tell, trace, untold, notes }
    }

    /// All rules, none of them looked at.
    fn untouched(&self) -> Vec<RuleTrace> {
        let untouched = |rule: &crate::routing::compiled::CompiledRule| RuleTrace {
            id: rule.id.clone(),
            name: rule.name.clone(),
            verdict: RuleVerdict::NotReached,
            why: String::new(),
            groups: Vec::new(),
        };
        self.rules.iter().map(untouched).collect()
    }
}
