//! Reads what Retell tells, and says how it is asked.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::{AccountAgent, AccountError, AccountNumber, OwnAgent};

/// How many entries are asked for at a time, so that an answer stays small.
const PAGE: u32 = 50;

/// A page of a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Page<T> {
    /// What stands on it.
    pub items: Vec<T>,
    /// What to ask for to get the next page; none after the last.
    pub next: Option<String>,
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
        tags: agent.tags.unwrap_or_default().into_iter().map(|(name, tag)| (name, tag.version)).collect(),
    }))
}

/// Reads the answer to [`numbers_path`].
pub fn read_numbers(status: u16, body: &[u8]) -> Result<Page<AccountNumber>, AccountError> {
    let page: WirePage<WireNumber> = read(status, body)?;
    Ok(page.map(Into::into))
}

/// Reads the answer to a change: the number as it is now.
pub fn read_number(status: u16, body: &[u8]) -> Result<AccountNumber, AccountError> {
    if status == 404 {
        return Err(AccountError::NotThere);
    }
    read::<WireNumber>(status, body).map(Into::into)
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
    tags: Option<BTreeMap<String, WireTag>>,
}

#[derive(Deserialize)]
struct WireTag {
    version: Option<u64>,
}

#[derive(Deserialize)]
struct WireNumber {
    phone_number: String,
    nickname: Option<String>,
    inbound_agents: Option<Vec<OwnAgent>>,
    inbound_webhook_url: Option<String>,
    inbound_sms_webhook_url: Option<String>,
}

impl From<WireNumber> for AccountNumber {
    fn from(number: WireNumber) -> Self {
        let said = |url: Option<String>| url.filter(|url| !url.trim().is_empty());
        Self {
            number: number.phone_number,
            name: number.nickname.unwrap_or_default(),
            agents: number.inbound_agents.unwrap_or_default(),
            webhook: said(number.inbound_webhook_url),
            texts_webhook: said(number.inbound_sms_webhook_url),
        }
    }
}

fn read<'b, T: Deserialize<'b>>(status: u16, body: &'b [u8]) -> Result<T, AccountError> {
    match AccountError::of(status, body) {
        Some(error) => Err(error),
        None => serde_json::from_slice(body).map_err(|error| AccountError::Unreadable(error.to_string())),
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
        let reception = AccountAgent {
            id: "agent_1".into(),
            name: "Reception".into(),
            is_suspended: true,
            tags: BTreeMap::from([("prod".to_owned(), Some(3))]),
            ..AccountAgent::default()
        };
        let of_texts = AccountAgent { id: "agent_2".into(), is_for_texts: true, ..AccountAgent::default() };
        assert_eq!(page.items, [reception, of_texts]);
        assert_eq!(agents_path(page.next.as_deref()), "/v2/list-agents?limit=50&pagination_key=k+2");

        let body = br#"{"items":[{"phone_number":"+14155550123","nickname":"Main line",
            "inbound_agents":[{"agent_id":"agent_1","weight":1,"agent_version":"prod"}],
            "inbound_webhook_url":"https://shop.example/webhook","inbound_sms_webhook_url":"https://shop.example/sms"},
            {"phone_number":"+14155550124","inbound_agents":null,"inbound_webhook_url":" "}],
            "has_more":false,"pagination_key":"stale"}"#;
        let page = read_numbers(200, body).unwrap();
        let mut own = OwnAgent::only("agent_1");
        own.rest.insert("agent_version".into(), "prod".into());
        let main = AccountNumber {
            number: "+14155550123".into(),
            name: "Main line".into(),
            agents: vec![own],
            webhook: Some("https://shop.example/webhook".into()),
            texts_webhook: Some("https://shop.example/sms".into()),
        };
        let side = AccountNumber { number: "+14155550124".into(), ..AccountNumber::default() };
        let items = [main, side];
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
