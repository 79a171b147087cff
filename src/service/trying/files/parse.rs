//! The requests in a text, whatever form it has.

use std::path::Path;

use serde_json::Value;

use super::{curl, har};
use crate::retell::payload;

/// A request in a text: its place there, and its body or what is wrong.
pub(super) type Request = (String, Result<String, String>);

/// All requests in a text. `folder` is where the file lies, for commands that name other files.
pub(super) fn requests(text: &str, folder: Option<&Path>) -> Result<Vec<Request>, String> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    if text.trim().is_empty() {
        return Err("it is empty".to_owned());
    }
    if curl::is_curl(text) {
        return curl::requests(text, folder);
    }
    match serde_json::from_str::<Value>(text) {
        Ok(value) if har::is_har(&value) => har::requests(value),
        Ok(Value::Array(items)) => Ok(numbered("request", items)),
        Ok(value) => {
            Ok(vec![("request 1".to_owned(), Ok(logged(&value).unwrap_or_else(|| text.to_owned())))])
        }
        Err(_) if is_lines(text) => Ok(lines(text)),
        // What is wrong with it, in the words that the window has for what is pasted.
        Err(_) => Ok(vec![("request 1".to_owned(), Err(words(text)))]),
    }
}

fn words(text: &str) -> String {
    payload::parse_pasted(text)
        .err()
        .map_or_else(|| "This is no request.".to_owned(), |unreadable| unreadable.reason())
}

fn numbered(what: &str, items: Vec<Value>) -> Vec<Request> {
    let one = |(index, value): (usize, Value)| {
        (format!("{what} {}", index + 1), Ok(logged(&value).unwrap_or_else(|| value.to_string())))
    };
    items.into_iter().enumerate().map(one).collect()
}

/// The request of a call that was logged and exported, as it arrived.
fn logged(value: &Value) -> Option<String> {
    let request = value.get("request").or_else(|| value.get("detail")?.get("request"))?;
    match request {
        Value::String(body) => Some(body.clone()),
        Value::Object(_) => Some(request.to_string()),
        _ => None,
    }
}

/// Whether each line is JSON of its own: the first says it.
fn is_lines(text: &str) -> bool {
    let mut filled = text.lines().filter(|line| !line.trim().is_empty());
    let first = filled.next().map(serde_json::from_str::<Value>);
    matches!(first, Some(Ok(Value::Object(_)))) && filled.next().is_some()
}

fn lines(text: &str) -> Vec<Request> {
    let filled = text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty());
    filled
        .map(|(index, line)| {
            let body = match serde_json::from_str::<Value>(line) {
                Ok(value) => Ok(logged(&value).unwrap_or_else(|| line.to_owned())),
                Err(_) => Err(words(line)),
            };
            (format!("line {}", index + 1), body)
        })
        .collect()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    const CALL: &str = r#"{"call_inbound":{"from_number":"+14155552671"}}"#;

    fn bodies(text: &str) -> Vec<Request> {
        requests(text, None).unwrap()
    }

    #[test]
    fn json_lines_arrays_and_exports_hold_one_request_each() {
        assert_eq!(bodies(CALL), [("request 1".into(), Ok(CALL.into()))]);
        let two = format!("\u{feff}{CALL}\n\n{{half\n{CALL}");
        let found = bodies(&two);
        let places: Vec<&str> = found.iter().map(|(place, _)| place.as_str()).collect();
        assert_eq!(places, ["line 1", "line 3", "line 4"]);
        assert!(found[1].1.as_ref().unwrap_err().contains("not valid JSON"), "{found:?}");
        assert_eq!(bodies(&format!("[{CALL},{CALL}]")).len(), 2);
        let logged = serde_json::json!({"id": 7, "request": CALL, "answer": "{}"}).to_string();
        assert_eq!(bodies(&logged)[0].1, Ok(CALL.into()));
        assert_eq!(bodies(&format!("{logged}\n{logged}"))[1].1, Ok(CALL.into()));
    }

    #[test]
    fn what_is_no_request_is_said_in_words() {
        for (text, part) in
            [("hello", "not valid JSON"), ("{\n\"a\": }", "line 2, column"), ("\u{1}PNG", "no text")]
        {
            let found = bodies(text);
            assert!(found[0].1.as_ref().unwrap_err().contains(part), "{found:?}");
        }
        assert_eq!(requests(" \n", None), Err("it is empty".into()));
        let deep = "[".repeat(100_000);
        assert!(bodies(&deep)[0].1.as_ref().unwrap_err().contains("hundred deep"));
    }
}
