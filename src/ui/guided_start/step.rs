//! The steps, and whether each is done: told from what the window knows, never from what was pressed.

use crate::routing::{Action, grouped};
use crate::service::account::Connection;
use crate::ui::app::State;
use crate::ui::at_retell::LineAtRetell;
use crate::ui::widgets::time_ago;

/// A step.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Step {
    /// Retell knows the key.
    Key,
    /// The owner's lines and agents are here.
    Account,
    /// The internet reaches this computer.
    Reach,
    /// Retell asks here.
    Connect,
    /// A table says who answers.
    Table,
    /// A call arrived.
    Proof,
}

/// How many steps are done, of how many.
#[must_use]
pub fn progress(state: &State) -> (usize, usize) {
    (Step::ALL.iter().filter(|step| step.is_done(state)).count(), Step::ALL.len())
}

impl Step {
    /// In their order.
    pub(super) const ALL: [Self; 6] =
        [Self::Key, Self::Account, Self::Reach, Self::Connect, Self::Table, Self::Proof];

    pub(super) fn title(self) -> &'static str {
        match self {
            Self::Key => "Your Retell API key",
            Self::Account => "Your lines and agents",
            Self::Reach => "How the internet reaches this computer",
            Self::Connect => "Connect your lines",
            Self::Table => "Who answers",
            Self::Proof => "The first call",
        }
    }

    pub(super) fn is_done(self, state: &State) -> bool {
        self.done(state).is_some()
    }

    /// What came of it, once it is done.
    pub(super) fn done(self, state: &State) -> Option<String> {
        match self {
            Self::Key => key(state),
            Self::Account => account(state),
            Self::Reach => reach(state),
            Self::Connect => connected(state),
            Self::Table => table(state),
            Self::Proof => proof(state),
        }
    }
}

fn key(state: &State) -> Option<String> {
    let key = state.keys.current.as_ref()?;
    let is_known = state.account.known.is_some() && state.account.failed.is_none();
    (is_known && !state.account.is_asking).then(|| format!("{key}, known to Retell"))
}

fn account(state: &State) -> Option<String> {
    let (lines, agents) = (state.draft.lines.len(), state.draft.agents.len());
    let counted = |count: usize, one: &str| match count {
        1 => format!("1 {one}"),
        count => format!("{} {one}s", grouped(count)),
    };
    (lines > 0 && agents > 0).then(|| format!("{} and {}", counted(lines, "line"), counted(agents, "agent")))
}

fn reach(state: &State) -> Option<String> {
    let host = state.reach.address()?.host_str().unwrap_or_default();
    let is_good = state.proof.health.as_ref().is_some_and(crate::service::Health::is_good);
    is_good.then(|| format!("Calls arrive at {host}"))
}

/// One line is enough: others may lead elsewhere on purpose.
fn connected(state: &State) -> Option<String> {
    let connections = state.draft.lines.iter().filter_map(|line| LineAtRetell::of(line, state)?.connection());
    let here = connections.filter(|connection| *connection == Connection::Here).count();
    match (here, state.draft.lines.len()) {
        (0, _) => None,
        (1, 1) => Some("Retell asks this computer who answers".to_owned()),
        (here, all) => Some(format!("{here} of {all} lines")),
    }
}

fn table(state: &State) -> Option<String> {
    let live = &state.live.table;
    let says = !live.rules.is_empty() || !matches!(live.fallback.action, Action::Keep);
    says.then(|| format!("Version {} is live", state.live.version))
}

fn proof(state: &State) -> Option<String> {
    let call = state.calls.iter().find(|call| !call.unreadable)?;
    let at = chrono::DateTime::from_timestamp_millis(call.at_ms)?;
    let what = if call.is_test { "A test call" } else { "A call" };
    Some(format!("{what} was answered {}", time_ago(at, state.now)))
}
