//! Requests in an HTTP archive (HAR 1.2), as browsers, proxies and tunnels save it.

use serde::Deserialize;
use serde_json::Value;

use super::parse::Request;
use crate::retell::payload::event;
use crate::routing::Medium;

#[derive(Deserialize)]
struct Har {
    log: Log,
}

#[derive(Deserialize)]
struct Log {
    entries: Vec<Entry>,
}

#[derive(Deserialize)]
struct Entry {
    request: Asked,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Asked {
    #[serde(default)]
    url: String,
    post_data: Option<PostData>,
}

#[derive(Deserialize)]
struct PostData {
    #[serde(default)]
    text: String,
}

/// Whether this is an archive.
pub(super) fn is_har(value: &Value) -> bool {
    value.get("log").is_some_and(|log| log.get("entries").is_some_and(Value::is_array))
}

/// The requests in it that tell of a call; whatever else a browser asked is left out.
pub(super) fn requests(value: Value) -> Result<Vec<Request>, String> {
    let har: Har = serde_json::from_value(value)
        .map_err(|error| format!("it seems to be an HTTP archive and is not written like one ({error})"))?;
    let all = har.log.entries.len();
    let tells = |Asked { url, post_data }: &Asked| {
        let body = post_data.as_ref().map(|data| data.text.as_str()).unwrap_or_default();
        let named = [Medium::Call, Medium::Text].iter().any(|medium| body.contains(event(*medium)));
        !body.is_empty() && (named || url.contains("/webhook"))
    };
    let found: Vec<Request> = har
        .log
        .entries
        .into_iter()
        .enumerate()
        .filter(|(_, entry)| tells(&entry.request))
        .filter_map(|(index, entry)| {
            Some((format!("request {}", index + 1), Ok(entry.request.post_data?.text)))
        })
        .collect();
    if found.is_empty() {
        return Err(format!("none of the {all} requests in this archive tells of a call"));
    }
    Ok(found)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn only_requests_that_tell_of_a_call_are_taken() {
        let har = serde_json::json!({"log": {"version": "1.2", "entries": [
            {"request": {"method": "GET", "url": "https://example.com/"}},
            {"request": {"method": "POST", "url": "https://example.com/api",
                "postData": {"mimeType": "application/json", "text": "{\"call_inbound\":{}}"}}},
            {"request": {"method": "POST", "url": "https://example.com/api", "postData": {"text": "a=b"}}},
            {"request": {"method": "POST", "url": "https://x.example/webhook/inbound", "postData": {"text": "?"}}},
        ]}});
        assert!(is_har(&har));
        let found = requests(har).unwrap();
        assert_eq!(
            found,
            [
                ("request 2".to_owned(), Ok("{\"call_inbound\":{}}".to_owned())),
                ("request 4".to_owned(), Ok("?".to_owned())),
            ]
        );
        let none = serde_json::json!({"log": {"entries": [{"request": {"url": "x"}}]}});
        assert!(requests(none).unwrap_err().contains("none of the 1 requests"));
        let broken = serde_json::json!({"log": {"entries": [{"request": 1}]}});
        assert!(requests(broken).unwrap_err().contains("not written like one"));
    }
}
