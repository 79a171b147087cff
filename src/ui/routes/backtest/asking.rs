//! When past calls are to be decided again: for each draft once, by whoever shows it.

use std::sync::Arc;

use crate::routing::Table;
use crate::service::backtest::Reach;
use crate::service::messages::Command;
use crate::ui::app::{Action, Actions, State};

/// What somebody who shows a backtest has asked for.
#[derive(Default)]
pub(crate) struct Asking(Option<Asked>);

struct Asked {
    draft: Arc<Table>,
    /// The live version that it is compared with.
    version: u32,
    rule: Option<String>,
    reach: Reach,
    /// How often something had failed then: an answer may have been among it.
    failures: u64,
}

impl Asking {
    /// Asks, unless that was done. Without any calls there is nothing to ask for.
    pub(crate) fn ask(&mut self, state: &State, rule: Option<&str>, reach: Reach, actions: &mut Actions) {
        let is_asked = self.0.as_ref().is_some_and(|asked| {
            Arc::ptr_eq(&asked.draft, &state.draft)
                && asked.version == state.live.version
                && asked.rule.as_deref() == rule
                && asked.reach == reach
                && asked.failures == state.failures
        });
        if is_asked || state.total_calls == 0 {
            return;
        }
        let (draft, rule) = (state.draft.clone(), rule.map(str::to_owned));
        actions.push(Action::Send(Command::Backtest { draft: draft.clone(), rule: rule.clone(), reach }));
        let (version, failures) = (state.live.version, state.failures);
        self.0 = Some(Asked { draft, version, rule, reach, failures });
    }
}
