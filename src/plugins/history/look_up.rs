//! The facts about a caller's earlier calls.

use std::collections::HashMap;
use std::sync::Arc;

use chrono::DateTime;
use chrono_tz::Tz;
use futures_util::FutureExt;
use futures_util::future::BoxFuture;

use super::{Window, remembered, windows_of};
use crate::plugins::{Ask, CallHistory, Fault, Host, LookUp, PastCall, PastEnd, spoken};
use crate::routing::{Facts, Table, Value};

/// Facts other than those that count calls in a window.
const FACTS: [&str; 8] = [
    "history.first_time",
    "history.returning",
    "history.calls",
    "history.last_seen",
    "history.last_seen_ago",
    "history.last_agent",
    "history.last_agent_id",
    "history.last_outcome",
];
const NEVER: &str = "the caller has not called before";
const NO_AGENT: &str = "no agent has answered this caller yet";

/// The look-up for a table.
pub(super) fn of(table: &Table, host: &Host) -> Arc<dyn LookUp> {
    let names = |(id, name): (&String, &String)| (id.clone(), name.clone());
    Arc::new(Shared(Arc::new(HistoryFacts {
        log: host.history.clone(),
        zone: spoken::zone(table).unwrap_or(Tz::UTC),
        without_rejected: table.history.without_rejected,
        windows: windows_of(table).into_iter().collect(),
        remembered: remembered(table).map(|agent| agent.id.clone()).collect(),
        agents: table.agents.iter().map(|agent| names((&agent.id, &agent.name))).collect(),
    })))
}

/// What is asked at a time of its own lives on in the answer.
struct Shared(Arc<HistoryFacts>);

struct HistoryFacts {
    log: Option<Arc<dyn CallHistory>>,
    zone: Tz,
    without_rejected: bool,
    windows: Vec<Window>,
    /// Ids of agents of whom it must be known when they answered last.
    remembered: Vec<String>,
    /// Names of the table's agents by id.
    agents: HashMap<String, String>,
}

impl LookUp for Shared {
    fn ask(&self, ask: Ask) -> BoxFuture<'static, Result<Facts, Fault>> {
        let asked = Arc::clone(&self.0);
        async move { Ok(asked.facts(&ask).await) }.boxed()
    }

    fn of_stranger(&self, ask: &Ask) -> Facts {
        let mut facts = Facts::default();
        self.0.tell(&mut facts, &[], ask.at.timestamp_millis());
        facts
    }
}

impl HistoryFacts {
    async fn facts(&self, ask: &Ask) -> Facts {
        let known = match (ask.call.from.number(), &self.log) {
            (None, _) => Err("the caller's number is withheld".to_owned()),
            (_, None) => Err("there is no call log here".to_owned()),
            (Some(number), Some(log)) => log.calls_of(number).await,
        };
        let mut facts = Facts::default();
        match known {
            Ok(calls) => self.tell(&mut facts, &calls, ask.at.timestamp_millis()),
            Err(why) => self.miss(&mut facts, &why),
        }
        facts
    }

    fn miss(&self, facts: &mut Facts, why: &str) {
        for name in
            FACTS.into_iter().map(str::to_owned).chain(self.windows.iter().map(|window| window.fact()))
        {
            if facts.why_missing(&name).is_none() {
                facts.set_missing(name, why);
            }
        }
    }

    fn tell(&self, facts: &mut Facts, calls: &[PastCall], at_ms: i64) {
        let counts = |call: &&PastCall| !self.without_rejected || call.end != PastEnd::Rejected;
        let before = &calls[..calls.partition_point(|call| call.at_ms < at_ms)];
        let before: Vec<&PastCall> = before.iter().filter(counts).collect();
        facts.set("history.first_time", Value::YesNo(before.is_empty()));
        facts.set("history.returning", Value::YesNo(!before.is_empty()));
        facts.set("history.calls", Value::Number(before.len() as f64));
        for window in &self.windows {
            let since = at_ms.saturating_sub(window.ms());
            let within = before.len() - before.partition_point(|call| call.at_ms < since);
            facts.set(window.fact(), Value::Number(within as f64));
        }
        self.tell_last(facts, &before, at_ms);
        // What could not be told has its reason.
        self.miss(facts, if before.is_empty() { NEVER } else { NO_AGENT });
    }

    fn tell_last(&self, facts: &mut Facts, before: &[&PastCall], at_ms: i64) {
        let Some(last) = before.last() else { return };
        let outcome = match last.end {
            PastEnd::Agent { .. } => "connected",
            PastEnd::Kept => "kept by the line's own agent",
            PastEnd::Rejected => "rejected",
        };
        facts.set("history.last_outcome", Value::Text(outcome.into()));
        facts.set("history.last_seen_ago", Value::Text(ago(at_ms - last.at_ms)));
        if let Some(at) = self.local(last.at_ms) {
            facts.set("history.last_seen", at);
        }
        for id in &self.remembered {
            let with = before
                .iter()
                .rev()
                .find(|call| self.agent_of(call).is_some_and(|agent| agent.0 == Some(id.as_str())));
            match with.and_then(|call| self.local(call.at_ms)) {
                Some(at) => facts.set(last_with(id), at),
                None => facts.set_missing(last_with(id), "this agent has not answered the caller yet"),
            }
        }
        let Some((id, name)) = before.iter().rev().find_map(|call| self.agent_of(call)) else { return };
        facts.set("history.last_agent", Value::Text(name.to_owned()));
        match id {
            Some(id) => facts.set("history.last_agent_id", Value::Text(id.to_owned())),
            None => facts.set_missing("history.last_agent_id", format!("{name} is no longer in the table")),
        }
    }

    /// The agent who answered a call: its id, where it can be told, and its name now or else then.
    fn agent_of<'a>(&'a self, call: &'a PastCall) -> Option<(Option<&'a str>, &'a str)> {
        let PastEnd::Agent { id, name } = &call.end else { return None };
        // Calls logged before ids were kept have the name alone.
        let named = || self.agents.iter().find(|(_, known)| ***known == **name).map(|(id, _)| id.as_str());
        let id = id.as_deref().or_else(named);
        Some((id, id.and_then(|id| self.agents.get(id)).map_or(&**name, String::as_str)))
    }

    fn local(&self, at_ms: i64) -> Option<Value> {
        let at = DateTime::from_timestamp_millis(at_ms)?;
        Some(Value::Time(at.with_timezone(&self.zone).fixed_offset()))
    }
}

/// The fact that says when this agent answered the caller last.
pub(in crate::plugins) fn last_with(agent: &str) -> String {
    format!("history.with.{agent}")
}

/// "3 days ago".
pub(in crate::plugins) fn ago(ms: i64) -> String {
    let minutes = ms / 60_000;
    let (amount, unit) = match minutes {
        ..1 => return "just now".to_owned(),
        1..60 => (minutes, "minute"),
        60..2_880 => (minutes / 60, "hour"),
        _ => (minutes / 1_440, "day"),
    };
    format!("{amount} {unit}{} ago", if amount == 1 { "" } else { "s" })
}
