//! What becomes of a line's calls when nobody here answers them.

use crate::ui::app::State;
use crate::ui::at_retell::agent_names;

/// What becomes of the calls of a line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Fate {
    /// Its own agent at Retell takes them.
    Taken(String),
    /// It has none.
    Dropped,
    /// Retell was not asked, or does not know the line.
    Unknown,
}

/// The lines of the live table by their names, and what becomes of their calls.
pub(super) fn fates(state: &State) -> Vec<(String, Fate)> {
    let account = state.account.known.as_deref();
    let table = &state.live.table;
    let lines = table.lines.iter().map(|line| {
        let known = account.and_then(|account| Some((account, account.number(&line.number)?)));
        let fate = match known {
            None => Fate::Unknown,
            Some((_, number)) if number.agents.is_empty() => Fate::Dropped,
            Some((account, number)) => Fate::Taken(agent_names(&number.agents, account, table)),
        };
        (line.name.clone(), fate)
    });
    lines.collect()
}
