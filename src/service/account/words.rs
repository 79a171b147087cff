//! What is different after a change at Retell, in words.

use crate::retell::account::{NumberChange, Setting};

/// What is so once this change is made, for a line of this name.
#[must_use]
pub fn after(change: &NumberChange, line: &str) -> String {
    match &change.becomes {
        Setting::Webhook(Some(url)) => format!("Retell asks {url} about calls to “{line}”"),
        Setting::Webhook(None) => format!("Retell asks nobody about calls to “{line}” any more"),
        Setting::TextsWebhook(Some(url)) => format!("Retell asks {url} about text messages to “{line}”"),
        Setting::TextsWebhook(None) => format!("Retell asks nobody about text messages to “{line}” any more"),
        Setting::Agents(agents) if agents.is_empty() => format!(
            "“{line}” has no agent of its own any more: calls to it can be rejected, and while this computer is off they are dropped"
        ),
        Setting::Agents(_) => format!(
            "“{line}” has its own agent again: it answers while this computer is off, and calls cannot be rejected"
        ),
    }
}
