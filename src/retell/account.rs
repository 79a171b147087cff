//! What Retell's own interface tells of an account: its agents and its phone numbers. How it is asked and
//! what its answers say; sending them is the service's business.
//!
//! Shapes and errors are those of the official SDKs (npm `retell-sdk` 5.66).

use serde::{Deserialize, Serialize};
use serde_json::Value;

/// Where Retell answers questions about accounts.
pub const API: &str = "https://api.retellai.com";
/// How many entries are asked for at a time, so that an answer stays small.
const PAGE: u32 = 50;
/// The most of Retell's own words that are passed on, in characters.
const MOST_WORDS: usize = 200;

/// An agent as Retell knows it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct AccountAgent {
    /// Its id.
    pub id: String,
    /// Its name there; empty if it has none.
    pub name: String,
    /// Retell lets nobody speak with it just now.
    pub is_suspended: bool,
    /// It answers texts, not calls.
    pub is_for_texts: bool,
}

/// A phone number as Retell knows it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct AccountNumber {
    /// The number, with country code.
    pub number: String,
    /// Its name there; empty if it has none.
    pub name: String,
    /// The ids of the agents that answer it where nobody else is named.
    pub agents: Vec<String>,
    /// Who is asked about its calls.
    pub webhook: Option<String>,
}

/// A page of a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Page<T> {
    /// What stands on it.
    pub items: Vec<T>,
    /// What to ask for to get the next page; none after the last.
    pub next: Option<String>,
}

/// Why Retell told nothing, with what to do.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum AccountError {
    /// Status 401 or 403.
    #[error(
        "Retell does not know this API key; copy it again in Retell's dashboard under API Keys, and replace it in Settings"
    )]
    BadKey,
    /// Status 402.
    #[error("Retell waits for a payment; look in its dashboard under Billing")]
    Payment,
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
    /// Whether asking again may help.
    #[must_use]
    pub fn may_pass(&self) -> bool {
        matches!(self, Self::TooOften | Self::Down(_) | Self::Unreachable(_))
    }
}

/// Path and query that ask for a page of the agents, with `POST` and the body `{}`.
#[must_use]
pub fn agents_path(page: Option<&str>) -> String {
    path("/v2/list-agents", page)
}

/// Path and query that ask for a page of the phone numbers, with `GET`.
#[must_use]
pub fn numbers_path(page: Option<&str>) -> String {
    path("/v2/list-phone-numbers", page)
}

fn path(of: &str, page: Option<&str>) -> String {
    let start = format!("{of}?");
    let begin = start.len();
    let mut query = url::form_urlencoded::Serializer::for_suffix(start, begin);
    query.append_pair("limit", &PAGE.to_string());
    if let Some(page) = page {
        query.append_pair("pagination_key", page);
    }
    query.finish()
}

/// Reads the answer to [`agents_path`].
pub fn read_agents(status: u16, body: &[u8]) -> Result<Page<AccountAgent>, AccountError> {
    let page: WirePage<WireAgent> = read(status, body)?;
    Ok(page.map(|agent| AccountAgent {
        id: agent.agent_id,
        name: agent.agent_name.unwrap_or_default(),
        is_suspended: agent.is_suspended.unwrap_or_default(),
        is_for_texts: agent.channel.as_deref() == Some("chat"),
    }))
}

/// Reads the answer to [`numbers_path`].
pub fn read_numbers(status: u16, body: &[u8]) -> Result<Page<AccountNumber>, AccountError> {
    let page: WirePage<WireNumber> = read(status, body)?;
    Ok(page.map(|number| AccountNumber {
        number: number.phone_number,
        name: number.nickname.unwrap_or_default(),
        agents: number.inbound_agents.into_iter().flatten().map(|agent| agent.agent_id).collect(),
        webhook: number.inbound_webhook_url.filter(|url| !url.trim().is_empty()),
    }))
}

#[derive(Deserialize)]
struct WirePage<T> {
    items: Vec<T>,
    #[serde(default)]
    has_more: bool,
    pagination_key: Option<String>,
}

impl<T> WirePage<T> {
    fn map<U>(self, to: impl Fn(T) -> U) -> Page<U> {
        let next = self.pagination_key.filter(|_| self.has_more);
        Page { items: self.items.into_iter().map(to).collect(), next }
    }
}

#[derive(Deserialize)]
struct WireAgent {
    agent_id: String,
    agent_name: Option<String>,
    is_suspended: Option<bool>,
    channel: Option<String>,
}

#[derive(Deserialize)]
struct WireNumber {
    phone_number: String,
    nickname: Option<String>,
    inbound_agents: Option<Vec<WireInbound>>,
    inbound_webhook_url: Option<String>,
}

#[derive(Deserialize)]
struct WireInbound {
    agent_id: String,
}

fn read<'b, T: Deserialize<'b>>(status: u16, body: &'b [u8]) -> Result<T, AccountError> {
    match status {
        200..=299 => {
            serde_json::from_slice(body).map_err(|error| AccountError::Unreadable(error.to_string()))
        }
        401 | 403 => Err(AccountError::BadKey),
        402 => Err(AccountError::Payment),
        429 => Err(AccountError::TooOften),
        400..=499 => Err(AccountError::Refused(words(status, body))),
        status => Err(AccountError::Down(status)),
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

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn pages_are_read_as_the_sdk_has_them() {
        let body = br#"{"items":[{"agent_id":"agent_1","agent_name":"Reception","channel":"voice","is_suspended":true,
            "tags":{"prod":{"version":3}}},{"agent_id":"agent_2","agent_name":null,"channel":"chat"}],
            "has_more":true,"pagination_key":"k 2"}"#;
        let page = read_agents(200, body).unwrap();
        let agent = |id: &str, name: &str, is_suspended, is_for_texts| AccountAgent {
            id: id.into(),
            name: name.into(),
            is_suspended,
            is_for_texts,
        };
        assert_eq!(
            page.items,
            [agent("agent_1", "Reception", true, false), agent("agent_2", "", false, true)]
        );
        assert_eq!(agents_path(page.next.as_deref()), "/v2/list-agents?limit=50&pagination_key=k+2");

        let body = br#"{"items":[{"phone_number":"+14155550123","nickname":"Main line",
            "inbound_agents":[{"agent_id":"agent_1","weight":1}],"inbound_webhook_url":"https://shop.example/webhook"},
            {"phone_number":"+14155550124","inbound_agents":null,"inbound_webhook_url":" "}],
            "has_more":false,"pagination_key":"stale"}"#;
        let page = read_numbers(200, body).unwrap();
        let number = |number: &str, name: &str, agents: &[&str], webhook: Option<&str>| AccountNumber {
            number: number.into(),
            name: name.into(),
            agents: agents.iter().map(|&id| id.into()).collect(),
            webhook: webhook.map(Into::into),
        };
        let items = [
            number("+14155550123", "Main line", &["agent_1"], Some("https://shop.example/webhook")),
            number("+14155550124", "", &[], None),
        ];
        assert_eq!((page.items.as_slice(), page.next), (items.as_slice(), None));
    }

    #[test]
    fn each_refusal_says_what_to_do() {
        for (status, body, says, may_pass) in [
            (401, "{}", "does not know this API key", false),
            (402, "{}", "Billing", false),
            (422, r#"{"status":"error","message":"limit is\u0007 wrong"}"#, "(limit is wrong)", false),
            (404, "<html>", "(status 404)", false),
            (429, "", "in a minute", true),
            (503, "", "status 503", true),
            (200, r#"{"items":[{"agent_name":"no id"}]}"#, "missing field `agent_id`", false),
            (200, "hello", "cannot be read", false),
        ] {
            let error = read_agents(status, body.as_bytes()).unwrap_err();
            assert!(error.to_string().contains(says), "{status}: {error}");
            assert_eq!(error.may_pass(), may_pass, "{status}");
        }
    }
}
