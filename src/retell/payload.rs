//! What Retell says of an arriving call or text message.
//!
//! Read leniently: the call matters, the fields' exact types do not. Unknown fields and
//! fields of an unusable type are kept as they came. How a caller's number may be
//! written or withheld is in [`super::number`].

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::error::Category;
use serde_json::{Map, Value, json};

use super::event::is_call_event;
use super::number;
use super::signature::Verified;
use crate::routing::Medium;

/// The largest request that is taken, in bytes. A genuine one is about 1 KiB.
pub const MAX_BYTES: usize = 64 * 1024;

/// The event that asks where a call or a text message shall go. What arrived stands under the same
/// name, and so does the answer.
#[must_use]
pub fn event(medium: Medium) -> &'static str {
    match medium {
        Medium::Call => "call_inbound",
        Medium::Text => "chat_inbound",
    }
}

/// The field with the id of what arrived.
fn id_field(medium: Medium) -> &'static str {
    match medium {
        Medium::Call => "call_id",
        Medium::Text => "chat_id",
    }
}

/// A call that arrived, as Retell tells it.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Inbound {
    /// Whether it is a call or a text message.
    pub medium: Medium,
    /// The event's name: see [`event`], or empty if none was given.
    pub event: String,
    /// When the call arrived at Retell, in Unix milliseconds. Not every set-up sends it.
    pub event_timestamp: Option<i64>,
    /// The same in every attempt to deliver one call (`call_id`) or text (`chat_id`). Not every
    /// set-up sends it.
    pub call_id: Option<String>,
    /// The caller: E.164, or whatever else was sent, at most 256 characters; `None` if withheld.
    pub from: Option<String>,
    /// The number that was called, written like `from`; empty if it was not said.
    pub to: String,
    /// The number's own agent at Retell, if it has one. With one, a call cannot be rejected.
    pub agent_id: Option<String>,
    /// That agent's version, as text.
    pub agent_version: Option<String>,
    /// The call's own SIP headers (`custom_sip_headers`).
    pub headers: BTreeMap<String, String>,
    /// All that is not read above, from the call and from around it; on equal names the
    /// call's counts.
    pub extra: Map<String, Value>,
}

impl Inbound {
    /// The same as a call of its own that comes at this moment (in ms since 1970 UTC): one that came before
    /// would get its old answer, and count as asked for once more.
    #[must_use]
    pub fn as_new_call(self, at_ms: i64) -> Self {
        Self { call_id: None, event_timestamp: Some(at_ms), ..self }
    }

    /// The body Retell would send for this call.
    #[must_use]
    pub fn to_json(&self) -> String {
        let Self {
            medium,
            event,
            event_timestamp,
            call_id,
            from,
            to,
            agent_id,
            agent_version,
            headers,
            extra,
        } = self;
        let mut call = extra.clone();
        let texts = [(id_field(*medium), call_id), ("agent_id", agent_id), ("agent_version", agent_version)];
        for (name, text) in texts {
            if let Some(text) = text {
                call.insert(name.into(), json!(text));
            }
        }
        // Retell writes a version number as a number.
        let number = agent_version.as_ref().and_then(|text| text.parse::<u32>().ok());
        if let Some(number) = number.filter(|n| Some(n.to_string()) == *agent_version) {
            call.insert("agent_version".into(), json!(number));
        }
        call.insert("from_number".into(), json!(from.as_deref().unwrap_or("anonymous")));
        call.insert("to_number".into(), json!(to));
        if !headers.is_empty() {
            call.insert("custom_sip_headers".into(), json!(headers));
        }
        let mut body = Map::from_iter([("event".to_owned(), json!(event))]);
        if let Some(timestamp) = event_timestamp {
            body.insert("event_timestamp".into(), json!(timestamp));
        }
        body.insert(self::event(*medium).into(), Value::Object(call));
        Value::Object(body).to_string()
    }
}

/// A body like Retell's, for tests and for trying a call. `from` is `None` for a withheld
/// number; `agent_id` is the line's own agent at Retell.
#[must_use]
pub fn sample(from: Option<&str>, to: &str, agent_id: Option<&str>, timestamp_ms: i64) -> String {
    let call = Inbound {
        event: event(Medium::Call).to_owned(),
        event_timestamp: Some(timestamp_ms),
        from: from.map(str::to_owned),
        to: to.to_owned(),
        agent_id: agent_id.map(str::to_owned),
        agent_version: agent_id.map(|_| "0".to_owned()),
        ..Inbound::default()
    };
    call.to_json()
}

/// Why a body cannot be read as an arriving call.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Unreadable {
    /// There is nothing in it.
    Empty,
    /// It is not JSON. Line and column count from 1.
    NotJson {
        /// The line of the fault.
        line: usize,
        /// The column of the fault.
        column: usize,
    },
    /// It holds characters that no text has, as a picture does. Line and column count from 1.
    NotText {
        /// The line of the first of them.
        line: usize,
        /// Its column.
        column: usize,
    },
    /// Its objects and lists lie in each other deeper than any request's.
    TooDeep,
    /// It is JSON, but a list or a single value.
    NotAnObject,
    /// A field of the call is given twice, and either could count.
    Twice {
        /// The field's name.
        field: String,
        /// The line of the second one.
        line: usize,
        /// The column of the second one.
        column: usize,
    },
    /// It is about something else than an arriving call.
    WrongEvent {
        /// The event's name, at most 256 characters.
        event: String,
    },
    /// It names no event, or the right one, and says nothing of a call.
    NoCall,
    /// This program failed to read it.
    Broken,
    /// This program ended while it worked on it before, so it is not read again.
    Deadly,
}

impl Unreadable {
    /// What is wrong and what to do, for the owner.
    #[must_use]
    pub fn reason(&self) -> String {
        match self {
            Self::Empty => {
                "The request is empty: Retell's inbound webhook sends the call as JSON.".to_owned()
            }
            Self::NotJson { line, column } => format!(
                "This is not valid JSON from line {line}, column {column} on: \
                 compare it there with the sample."
            ),
            Self::NotText { line, column } => format!(
                "This is no text at line {line}, column {column}, as if it were a picture or a program: \
                 take the text of a request."
            ),
            Self::TooDeep => "Objects and lists lie in each other more than a hundred deep here, \
                which no request of Retell's does: compare with the sample."
                .to_owned(),
            Self::NotAnObject => "This is JSON, but not an object: it has to start with { and \
                name the event and the call, as in the sample."
                .to_owned(),
            Self::Twice { field, line, column } => format!(
                "The field \"{field}\" is given twice (line {line}, column {column}), so it is \
                 unclear which one counts: remove one of them."
            ),
            Self::WrongEvent { event } => wrong_event_reason(event),
            Self::NoCall => "There is no \"call_inbound\" object with the call in it, and no \
                \"chat_inbound\" object with a text message: compare with the sample."
                .to_owned(),
            Self::Broken => "Something in this program broke while reading the request: please \
                report it."
                .to_owned(),
            Self::Deadly => "Switchboard broke off while it worked on this request, so it was not worked on \
                again: please report it, with what happened (Settings, About)."
                .to_owned(),
        }
    }
}

fn wrong_event_reason(event: &str) -> String {
    if is_call_event(event) {
        format!(
            "This is the event \"{event}\", not an arriving call: at Retell, this address belongs \
             under Phone Numbers, in the number's inbound webhook, and not into the webhook \
             of the account or of an agent. To see here what became of calls, switch that on in Settings."
        )
    } else {
        format!(
            "This is the event \"{event}\", not an arriving call: at Retell, set this address only \
             as a number's inbound call webhook."
        )
    }
}

/// Reads a verified body.
pub fn parse(verified: &Verified) -> Result<Inbound, Unreadable> {
    read(verified.body())
}

/// Reads a payload that a person pasted, for showing and trying only. It takes text, not
/// a body, so that nothing received can come this way around [`super::signature::verify`].
pub fn parse_pasted(text: &str) -> Result<Inbound, Unreadable> {
    read(text.as_bytes())
}

/// The body's outside. Structs and not a `Value`, because a `Value` silently keeps the last
/// of two equal fields, and these refuse them.
#[derive(Deserialize)]
struct Envelope {
    event: Option<Value>,
    event_timestamp: Option<Value>,
    call_inbound: Option<Inside>,
    chat_inbound: Option<Inside>,
    #[serde(flatten)]
    rest: Map<String, Value>,
}

/// What stands under `call_inbound` or `chat_inbound`.
#[derive(Deserialize)]
struct Inside {
    call_id: Option<Value>,
    chat_id: Option<Value>,
    from_number: Option<Value>,
    to_number: Option<Value>,
    agent_id: Option<Value>,
    agent_version: Option<Value>,
    custom_sip_headers: Option<Value>,
    #[serde(flatten)]
    rest: Map<String, Value>,
}

fn read(body: &[u8]) -> Result<Inbound, Unreadable> {
    // Editors on Windows put a byte order mark before pasted files.
    let body = body.strip_prefix(b"\xef\xbb\xbf").unwrap_or(body);
    if body.trim_ascii().is_empty() {
        return Err(Unreadable::Empty);
    }
    let envelope: Envelope = serde_json::from_slice(body).map_err(|error| explain(body, &error))?;
    let medium = right_event(envelope.event.as_ref())?;
    let (medium, call) = match (medium, envelope.call_inbound, envelope.chat_inbound) {
        (None | Some(Medium::Call), Some(call), _) => (Medium::Call, call),
        (None | Some(Medium::Text), _, Some(text)) => (Medium::Text, text),
        _ => return Err(Unreadable::NoCall),
    };
    let (id, other, other_field) = match medium {
        Medium::Call => (call.call_id, call.chat_id, id_field(Medium::Text)),
        Medium::Text => (call.chat_id, call.call_id, id_field(Medium::Call)),
    };

    let mut extra = envelope.rest;
    extra.extend(call.rest);
    extra.extend(other.map(|id| (other_field.to_owned(), id)));
    let mut fields = Fields { extra };
    let from = fields.text("from_number", call.from_number);
    let to = fields.text("to_number", call.to_number);
    Ok(Inbound {
        medium,
        event: fields.text("event", envelope.event).unwrap_or_default(),
        event_timestamp: fields.take("event_timestamp", envelope.event_timestamp, whole_number),
        call_id: fields.text(id_field(medium), id),
        from: from.and_then(|raw| number::caller(&raw)),
        to: to.map(|raw| number::written(&raw)).unwrap_or_default(),
        agent_id: fields.text("agent_id", call.agent_id),
        agent_version: fields.text("agent_version", call.agent_version),
        headers: fields.take("custom_sip_headers", call.custom_sip_headers, texts).unwrap_or_default(),
        extra: fields.extra,
    })
}

/// Fields read by what can be made of them; what cannot be used goes to `extra` instead.
struct Fields {
    extra: Map<String, Value>,
}

impl Fields {
    fn text(&mut self, name: &str, value: Option<Value>) -> Option<String> {
        self.take(name, value, |value| text(value).filter(|text| !text.is_empty()))
    }

    fn take<T>(
        &mut self,
        name: &str,
        value: Option<Value>,
        usable: impl Fn(&Value) -> Option<T>,
    ) -> Option<T> {
        let value = value?;
        let found = usable(&value);
        if found.is_none() && value != "" {
            self.extra.insert(name.to_owned(), value);
        }
        found
    }
}

fn text(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.trim().to_owned()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

fn texts(value: &Value) -> Option<BTreeMap<String, String>> {
    let entries = value.as_object()?.iter().filter(|(_, value)| !value.is_null());
    let read =
        |(name, value): (&String, &Value)| (name.clone(), text(value).unwrap_or_else(|| value.to_string()));
    Some(entries.map(read).collect())
}

fn whole_number(value: &Value) -> Option<i64> {
    let in_text = || text(value).and_then(|text| text.parse::<f64>().ok());
    // Times are far below 2^53, where fractions of a float still mean something.
    let rounded = || in_text().filter(|n| n.abs() < 9.0e15).map(|n| n as i64);
    value.as_i64().or_else(rounded)
}

/// What the event says has arrived; `None` where it says nothing.
fn right_event(name: Option<&Value>) -> Result<Option<Medium>, Unreadable> {
    let Some(name) = name.and_then(text).filter(|name| !name.is_empty()) else { return Ok(None) };
    match [Medium::Call, Medium::Text].into_iter().find(|medium| event(*medium) == name) {
        Some(medium) => Ok(Some(medium)),
        None => Err(Unreadable::WrongEvent { event: number::shortened(&name) }),
    }
}

/// Says what is wrong with a body that did not fit. Off the usual way, so it may read twice.
fn explain(body: &[u8], error: &serde_json::Error) -> Unreadable {
    let (line, column) = (error.line(), error.column().max(1));
    let is_too_deep = |error: &serde_json::Error| error.to_string().starts_with("recursion limit exceeded");
    if is_too_deep(error) {
        return Unreadable::TooDeep;
    }
    if let Some((line, column)) = no_text(body) {
        return Unreadable::NotText { line, column };
    }
    if error.classify() != Category::Data {
        return Unreadable::NotJson { line, column };
    }
    match serde_json::from_slice::<Value>(body) {
        Err(error) if is_too_deep(&error) => Unreadable::TooDeep,
        Err(error) => Unreadable::NotJson { line: error.line(), column: error.column().max(1) },
        Ok(Value::Object(body)) => match given_twice(&error.to_string()) {
            Some(field) => Unreadable::Twice { field, line, column },
            None => right_event(body.get("event")).err().unwrap_or(Unreadable::NoCall),
        },
        Ok(_) => Unreadable::NotAnObject,
    }
}

/// Where the first byte is that no text has.
fn no_text(body: &[u8]) -> Option<(usize, usize)> {
    let control = |byte: &u8| *byte < b' ' && !b"\t\n\r\x0c".contains(byte);
    let not_utf8 = std::str::from_utf8(body).err().map(|error| error.valid_up_to());
    let place = body.iter().position(control).into_iter().chain(not_utf8).min()?;
    let before = &body[..place];
    let line_start = before.iter().rposition(|byte| *byte == b'\n').map_or(0, |end| end + 1);
    let line = before.split(|byte| *byte == b'\n').count();
    Some((line, String::from_utf8_lossy(&before[line_start..]).chars().count() + 1))
}

/// The field that the reader's "duplicate field `event` at line 1 column 31" names.
fn given_twice(error: &str) -> Option<String> {
    let (field, _) = error.strip_prefix("duplicate field `")?.split_once('`')?;
    Some(field.to_owned())
}

#[cfg(test)]
#[path = "payload_tests.rs"]
mod tests;
