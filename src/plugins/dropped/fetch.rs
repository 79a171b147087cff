//! The way of a plugin to servers: only to those that the owner allowed, through [`Web`], which
//! looks at every address and every redirect again.

use hyper::body::Bytes;
use hyper::header::{CONNECTION, CONTENT_LENGTH, HOST, TRANSFER_ENCODING, UPGRADE};
use hyper::{HeaderMap, Method};
use serde::Deserialize;
use serde_json::json;
use std::collections::BTreeMap;
use url::Url;

use super::Allow;
use crate::plugins::web::{Allowed, Web, WebError, WebRequest, begins_with};

/// How often one ask may fetch.
pub(super) const MAX_FETCHES: usize = 4;

/// What a plugin wants fetched.
#[derive(Deserialize)]
struct Wanted {
    url: String,
    #[serde(default = "get")]
    method: String,
    #[serde(default)]
    headers: BTreeMap<String, String>,
    body: Option<String>,
}

fn get() -> String {
    "GET".to_owned()
}

/// Fetches it and gives what the plugin hears: an answer, or an error in words.
pub(super) async fn fetch(wanted: &[u8], allow: &Allow, web: &Web) -> Result<Vec<u8>, String> {
    let request = request(wanted, allow)?;
    let answer = web.send(request).await.map_err(|error| error.to_string())?;
    let body = String::from_utf8_lossy(&answer.body);
    Ok(reply(answer.status, &body))
}

/// Whether what is sent has this in it.
pub(super) fn sends(wanted: &[u8], part: &str) -> bool {
    let body = serde_json::from_slice(wanted).ok().and_then(|Wanted { body, .. }| body);
    body.is_some_and(|body| body.contains(part))
}

/// What a plugin hears where there is no answer.
pub(super) fn refusal(why: &str) -> Vec<u8> {
    json!({ "error": why }).to_string().into_bytes()
}

/// The address that is wanted, if it may be asked.
pub(super) fn address(wanted: &[u8], allow: &Allow) -> Result<Url, String> {
    let WebRequest { url, within, .. } = request(wanted, allow)?;
    match within {
        Some(places) if places.iter().any(|place| begins_with(&url, place)) => Ok(url),
        _ => Err(WebError::not_granted(&url).to_string()),
    }
}

/// An answer as the plugin hears it.
pub(super) fn reply(status: u16, body: &str) -> Vec<u8> {
    json!({ "status": status, "body": body }).to_string().into_bytes()
}

fn request(wanted: &[u8], allow: &Allow) -> Result<WebRequest, String> {
    let Wanted { url, method, headers: wanted, body } =
        serde_json::from_slice(wanted).map_err(|why| format!("the request cannot be read ({why})"))?;
    let url = Url::parse(&url).map_err(|why| format!("“{url}” is no address ({why})"))?;
    let method = match method.as_str() {
        "GET" => Method::GET,
        "POST" => Method::POST,
        "PUT" => Method::PUT,
        "PATCH" => Method::PATCH,
        "DELETE" => Method::DELETE,
        other => return Err(format!("the method {other} is not allowed")),
    };
    let mut headers = HeaderMap::new();
    for (name, value) in &wanted {
        let name = hyper::header::HeaderName::try_from(name)
            .map_err(|_| format!("“{name}” cannot be the name of a header"))?;
        let value = hyper::header::HeaderValue::try_from(value)
            .map_err(|_| format!("the value of {name} has letters that cannot be sent"))?;
        if ![HOST, CONTENT_LENGTH, CONNECTION, TRANSFER_ENCODING, UPGRADE].contains(&name) {
            headers.insert(name, value);
        }
    }
    // Without encryption only where that is what the owner allowed: `within` sees to it.
    let allowed = Allowed { private: allow.own_network, http: true };
    let within = Some(allow.places());
    Ok(WebRequest { method, url, headers, body: Bytes::from(body.unwrap_or_default()), allowed, within })
}
