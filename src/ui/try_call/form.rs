//! A call as a form, and as the payload that Retell would send for it. How it is drawn is in
//! `form_ui`.

use std::collections::HashSet;

use super::callers::CallerPicker;
use crate::retell::{Inbound, payload};
use crate::routing::{Medium, number};
use crate::ui::app::State;

/// Stands for the line's own agent, whose id nothing depends on.
const SOME_AGENT: &str = "agent_of_this_line";

/// A call as it is filled in.
#[derive(Default)]
pub(crate) struct Form {
    /// Whether somebody calls or writes.
    pub(super) medium: Medium,
    /// The number of one of the owner's lines; `None`: `other`.
    pub(super) line: Option<String>,
    /// Another number that was called.
    pub(super) other: String,
    /// The caller's number in any spelling.
    pub(super) caller: String,
    /// The caller hides the number.
    pub(super) is_withheld: bool,
    /// The line has an agent of its own at Retell.
    pub(super) has_agent: bool,
    /// SIP headers, in the order they were added.
    pub(super) headers: Vec<(String, String)>,
    /// What the form does not show and a payload said.
    base: Inbound,
    pub(super) picker: CallerPicker,
}

impl Form {
    /// What a newly opened screen shows.
    pub(super) fn starter(state: &State) -> Self {
        let line = state.draft.lines.first().map(|line| line.number.clone());
        let base = Inbound::default();
        Self { line, base, ..Self::default() }
    }

    /// The form of a payload.
    pub(crate) fn of(inbound: Inbound, state: &State) -> Self {
        let to = inbound.to.clone();
        let known = state.draft.line_by_number(&to).is_some();
        Self {
            medium: inbound.medium,
            line: known.then(|| to.clone()),
            other: if known { String::new() } else { to },
            caller: inbound.from.as_deref().map(|from| state.whole_number(Some(from))).unwrap_or_default(),
            is_withheld: inbound.from.is_none(),
            has_agent: inbound.agent_id.is_some(),
            headers: inbound.headers.clone().into_iter().collect(),
            base: inbound,
            picker: CallerPicker::default(),
        }
    }

    /// When the call arrived at Retell, if a payload said so.
    pub(super) fn timestamp(&self) -> Option<i64> {
        self.base.event_timestamp
    }

    /// Takes note of lines that came and went.
    pub(crate) fn keep_up(&mut self, state: &State) {
        let gone = self.line.take_if(|line| state.draft.line_by_number(line).is_none());
        if let Some(number) = gone {
            self.other = number;
        }
    }

    /// What is still missing.
    pub(super) fn check(&self) -> Result<(), String> {
        if self.line.is_none() && self.other.trim().is_empty() {
            return Err("Fill in which line is called".to_owned());
        }
        if !self.is_withheld && self.caller.trim().is_empty() {
            return Err("Fill in the caller's number, or switch on “Withheld”".to_owned());
        }
        self.check_headers()
    }

    /// Two headers of one name would leave it to chance which counts, and all go into one request.
    fn check_headers(&self) -> Result<(), String> {
        let mut names = HashSet::new();
        for (index, (name, value)) in self.headers.iter().enumerate() {
            let (number, name) = (index + 1, name.trim());
            if name.is_empty() && !value.trim().is_empty() {
                return Err(format!("Give header {number} a name, or remove it"));
            }
            if !name.is_empty() && !names.insert(name.to_lowercase()) {
                return Err(format!("The header “{name}” is given twice; remove one of them"));
            }
        }
        let bytes: usize = self.headers.iter().map(|(name, value)| name.len() + value.len()).sum();
        if bytes > payload::MAX_BYTES {
            return Err("The headers are larger than a whole request may be (64 KB); shorten them".to_owned());
        }
        Ok(())
    }

    /// The call as Retell would tell it.
    pub(crate) fn inbound(&self, state: &State) -> Inbound {
        let home = &state.draft.country;
        let read = |text: &str| number::parse(text, home).unwrap_or_else(|| text.trim().to_owned());
        let own = || self.base.agent_id.clone().unwrap_or_else(|| SOME_AGENT.to_owned());
        let event = payload::event(self.medium).to_owned();
        let named = |(name, value): &(String, String)| {
            (!name.trim().is_empty()).then(|| (name.trim().to_owned(), value.trim().to_owned()))
        };
        Inbound {
            medium: self.medium,
            event,
            from: (!self.is_withheld).then(|| read(&self.caller)),
            to: self.line.clone().unwrap_or_else(|| read(&self.other)),
            agent_id: self.has_agent.then(own),
            agent_version: self.base.agent_version.clone().filter(|_| self.has_agent),
            headers: self.headers.iter().filter_map(named).collect(),
            ..self.base.clone()
        }
    }

    /// A payload to begin with, for the line that is chosen.
    pub(super) fn sample(&self, state: &State) -> String {
        let first = state.draft.lines.first().map(|line| line.number.clone());
        let to = self.line.clone().or(first).unwrap_or_else(|| "+14155550100".to_owned());
        payload::sample(Some("+14155552671"), &to, None, state.now.timestamp_millis())
    }
}
