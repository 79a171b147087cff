//! An override as it is filled in: what was typed, and what it means.

use chrono::{DateTime, Utc};

use super::ClosingStart;
use crate::routing::{Action, Outcome, Override, Overrides, Phase, What, Wish, closed_outcome, read_from};
use crate::service::overriding;
use crate::ui::app::State;
use crate::ui::decision;

/// Who answers while closed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Who {
    Agent,
    Own,
    Nobody,
}

/// What is filled in.
pub(super) struct Form {
    pub(super) what: What,
    /// The id of a line; `None`: all.
    pub(super) line: Option<String>,
    pub(super) later: bool,
    pub(super) from: String,
    pub(super) until: String,
    pub(super) who: Who,
    /// The id of an agent.
    pub(super) agent: String,
    /// The agent is told until when and why.
    pub(super) tells: bool,
    pub(super) reason: String,
}

impl Form {
    pub(super) fn new(start: ClosingStart, state: &State) -> Self {
        let ClosingStart { what, until } = start;
        let mut form = Self {
            what,
            line: None,
            later: false,
            from: String::new(),
            until,
            who: Who::Agent,
            agent: String::new(),
            tells: true,
            reason: String::new(),
        };
        if let Some(kept) = &state.overrides.when_closed {
            form.tells = kept.action == Action::Reject || !kept.variables.is_empty();
            form.who = match &kept.action {
                Action::Connect { agent, .. } => {
                    if what == What::Closed && state.live.table.agent(agent).is_some() {
                        form.agent.clone_from(agent);
                    }
                    Who::Agent
                }
                Action::Keep | Action::Share(_) | Action::GoOn => Who::Own,
                Action::Reject => Who::Nobody,
            };
        }
        form
    }

    /// When it begins, or what is wrong with what was typed.
    pub(super) fn starts(&self, state: &State) -> Result<DateTime<Utc>, String> {
        if !self.later {
            return Ok(state.now);
        }
        read_from(&self.from, state.now, decision::zone(state))
    }

    /// When it ends, or what is wrong with what was typed.
    pub(super) fn ends(&self, state: &State) -> Result<DateTime<Utc>, String> {
        let start = self.starts(state).unwrap_or(state.now);
        overriding::until(&self.until, start, &state.live.table)
    }

    fn action(&self) -> Action {
        let who = if self.what == What::Everything { Who::Agent } else { self.who };
        match who {
            Who::Agent => Action::Connect { agent: self.agent.clone(), version: None },
            Who::Own => Action::Keep,
            Who::Nobody => Action::Reject,
        }
    }

    /// What happens to calls. What was made by hand in the file stays as long as nothing is changed.
    fn then(&self, state: &State) -> Outcome {
        let action = self.action();
        match &state.overrides.when_closed {
            _ if self.what == What::Everything => Outcome { action, ..Outcome::default() },
            Some(kept) if kept.action == action && self.tells != kept.variables.is_empty() => kept.clone(),
            _ => closed_outcome(action, self.tells),
        }
    }

    /// What is wanted, or what is missing for it, in a sentence.
    pub(super) fn wish(&self, state: &State) -> Result<Wish, String> {
        let from = if self.later { Some(self.starts(state)?) } else { None };
        let wish = Wish {
            what: self.what,
            line: self.line.clone(),
            from,
            until: self.ends(state)?,
            then: self.then(state),
            reason: self.reason.clone(),
        };
        if matches!(&wish.then.action, Action::Connect { agent, .. } if agent.is_empty()) {
            return Err("Choose who answers".to_owned());
        }
        Overrides::default().set(wish.clone(), "", state.now).map(|_| wish)
    }

    /// What else stands above the rules meanwhile, and which of the two counts.
    pub(super) fn overlaps(&self, state: &State) -> Vec<String> {
        let (Ok(from), Ok(until)) = (self.starts(state), self.ends(state)) else { return Vec::new() };
        let meets = |over: &&Override| {
            over.phase(state.now) != Phase::Expired && over.from < until && from < over.until
        };
        let told = |over: &Override| {
            let words = over.words(&state.live.table, state.now);
            match (&self.line, &over.line) {
                (None, Some(_)) => Some(format!("That line keeps its own: “{words}”")),
                (Some(_), None) => Some(format!("On this line it counts above “{words}”")),
                (own, other) if own == other => {
                    Some(format!("It counts above “{words}”, which was set before"))
                }
                _ => None,
            }
        };
        state.overrides.overrides.iter().filter(meets).filter_map(told).collect()
    }
}
