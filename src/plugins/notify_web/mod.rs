//! Tells a server: a channel of Slack or Teams, or any program that takes JSON.

use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use hyper::body::Bytes;
use hyper::header::{AUTHORIZATION, CONTENT_TYPE, HeaderValue};
use hyper::{HeaderMap, Method};
use serde_json::{Value, json};
use url::Url;

use super::web::{Allowed, WebRequest, is_this_computer};
use super::{Manifest, NoticeKind, Plugin, Telling, unmarked};

/// As many letters of an answer that is a refusal are told.
const TOLD: usize = 120;

struct NotifyWeb {
    manifest: Manifest,
}

/// The plugin.
#[must_use]
pub fn plugin() -> impl Plugin {
    NotifyWeb { manifest: Manifest::built_in(include_str!("plugin.toml")) }
}

impl Plugin for NotifyWeb {
    fn manifest(&self) -> &Manifest {
        &self.manifest
    }

    fn notice(&self) -> Option<&dyn NoticeKind> {
        Some(self)
    }
}

impl NoticeKind for NotifyWeb {
    fn tell(&self, telling: Telling) -> BoxFuture<'static, Result<(), String>> {
        async move {
            let request = request(&telling)?;
            let answer = telling.host.web.send(request).await.map_err(|error| error.to_string())?;
            if (200..300).contains(&answer.status) {
                return Ok(());
            }
            let said: String = String::from_utf8_lossy(&answer.body).chars().take(TOLD).collect();
            let what = match answer.status {
                401 | 403 => {
                    "the server does not let it in; look whether the address and the authorization are right"
                }
                404 | 410 => {
                    "there is nothing at this address; look whether it was pasted whole, or make a new one"
                }
                429 => "the server wants fewer messages",
                _ => "the server did not take it",
            };
            Err(format!(
                "{what} (status {}{}{})",
                answer.status,
                if said.is_empty() { "" } else { ": " },
                said.trim()
            ))
        }
        .boxed()
    }
}

fn request(telling: &Telling) -> Result<WebRequest, String> {
    let url = Url::parse(telling.setting("address"))
        .ok()
        .filter(|url| matches!(url.scheme(), "http" | "https") && url.has_host())
        .ok_or("the address is none of a server; paste one like https://hooks.example.com/abc")?;
    let mut headers = HeaderMap::new();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
    let authorization = telling.setting("authorization");
    if !authorization.is_empty() {
        let value = HeaderValue::try_from(authorization)
            .map_err(|_| "the authorization has letters that cannot be sent; paste it again")?;
        headers.insert(AUTHORIZATION, value);
    }
    let is_own = telling.is_on("own_network") || is_this_computer(&url);
    let allowed = Allowed { private: is_own, http: is_own };
    let body = Bytes::from(body(telling).to_string());
    Ok(WebRequest { method: Method::POST, url, headers, body, allowed, within: None })
}

fn body(telling: &Telling) -> Value {
    let (title, text) = (telling.title(), telling.text());
    match telling.setting("form") {
        "Slack" => json!({ "text": slack(&title, &text) }),
        "Teams" => teams(&title, &text),
        _ => json!({ "title": title, "text": text, "records": telling.notices[..] }),
    }
}

/// As <https://docs.slack.dev/messaging/formatting-message-text> says: three letters are escaped.
fn slack(title: &str, text: &str) -> String {
    if text.is_empty() {
        format!("*{}*", unmarked(title))
    } else {
        format!("*{}*\n{}", unmarked(title), unmarked(text))
    }
}

/// A card, as the workflow "When a Teams webhook request is received" posts it.
fn teams(title: &str, text: &str) -> Value {
    let block = |text: &str, weight: &str| json!({ "type": "TextBlock", "text": text, "weight": weight, "wrap": true });
    let mut blocks = vec![block(title, "Bolder")];
    // A line of its own needs a block of its own.
    blocks.extend(text.lines().map(|line| block(line, "Default")));
    json!({
        "type": "message",
        "attachments": [{
            "contentType": "application/vnd.microsoft.card.adaptive",
            "contentUrl": null,
            "content": {
                "$schema": "http://adaptivecards.io/schemas/adaptive-card.json",
                "type": "AdaptiveCard",
                "version": "1.4",
                "body": blocks,
            },
        }],
    })
}
