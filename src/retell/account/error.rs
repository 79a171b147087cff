//! Why Retell did not do what it was asked for, with what to do about it.

use serde_json::Value;

/// The most of Retell's own words that are passed on, in characters.
const MOST_WORDS: usize = 200;

/// Why Retell told or changed nothing, with what to do.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum AccountError {
    /// Status 401 or 403.
    #[error(
        "Retell does not know this API key; copy it again in Retell's dashboard under API Keys, and put it in the place of this one"
    )]
    BadKey,
    /// Status 402.
    #[error("Retell waits for a payment; look in its dashboard under Billing")]
    Payment,
    /// Status 404 for a phone number.
    #[error("Retell does not have this number any more; ask Retell again to see which there are")]
    NotThere,
    /// Status 429.
    #[error("Retell was asked too often just now; ask again in a minute")]
    TooOften,
    /// Another status from 400 to 499, with Retell's words.
    #[error("Retell refused the question ({0}); if it stays so, look for a newer Switchboard")]
    Refused(String),
    /// A status of 500 and more.
    #[error("Retell has trouble of its own just now (status {0}); ask again in some minutes")]
    Down(u16),
    /// No answer.
    #[error("Retell did not answer: {0}; look whether this computer can reach the internet")]
    Unreachable(String),
    /// An answer that says something else than expected.
    #[error("Retell's answer cannot be read ({0}); look for a newer Switchboard")]
    Unreadable(String),
}

impl AccountError {
    /// What an answer of this status means, unless it is what was asked for.
    pub(super) fn of(status: u16, body: &[u8]) -> Option<Self> {
        Some(match status {
            200..=299 => return None,
            401 | 403 => Self::BadKey,
            402 => Self::Payment,
            429 => Self::TooOften,
            400..=499 => Self::Refused(words(status, body)),
            status => Self::Down(status),
        })
    }

    /// Whether asking again may help.
    #[must_use]
    pub fn may_pass(&self) -> bool {
        matches!(self, Self::TooOften | Self::Down(_) | Self::Unreachable(_))
    }
}

/// What Retell says of a refusal: `{"status": .., "message": ..}`.
fn words(status: u16, body: &[u8]) -> String {
    let said: Option<Value> = serde_json::from_slice(body).ok();
    let message = said.as_ref().and_then(|said| said.get("message")?.as_str()).map(str::trim);
    match message.filter(|message| !message.is_empty()) {
        Some(message) => message.chars().filter(|c| !c.is_control()).take(MOST_WORDS).collect(),
        None => format!("status {status}"),
    }
}
