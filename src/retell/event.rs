//! What Retell tells of a call once it is connected: that it began, ended, and what it was about.
//!
//! Sent to the webhook of the account or of an agent, with the same signature as the inbound webhook
//! (source: Retell's documentation). Everything is optional but the call's id; what is not read here,
//! such as the transcript, is passed over.

use serde::Deserialize;
use serde_json::Value;

use super::number;
use super::signature::Verified;
use crate::routing::CallEnd;

/// The events that are about one call.
const EVENTS: [&str; 8] = [
    "call_started",
    "call_ended",
    "call_analyzed",
    "transcript_updated",
    "transfer_started",
    "transfer_bridged",
    "transfer_cancelled",
    "transfer_ended",
];

/// The most letters that are kept of a summary.
const SUMMARY_CHARS: usize = 4000;
/// The most letters that are kept of anything short.
const SHORT_CHARS: usize = 200;
/// Fields of the owner's own analysis that say in a word what came of a call.
const RESULTS: [&str; 7] =
    ["outcome", "call_outcome", "result", "disposition", "status", "call_result", "call_disposition"];

/// What an event tells of a call.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct CallEvent {
    /// The event's name, one that [`is_call_event`] knows.
    pub event: String,
    /// The call's id at Retell.
    pub call_id: String,
    /// The caller; `None` if withheld.
    pub from: Option<String>,
    /// The number that was called.
    pub to: String,
    /// What became of it, as far as this event tells.
    pub end: CallEnd,
}

/// Whether this is the name of an event about a call that was routed before.
#[must_use]
pub fn is_call_event(name: &str) -> bool {
    EVENTS.contains(&name)
}

#[derive(Deserialize)]
struct Envelope {
    event: Option<Value>,
    call: Option<Told>,
}

#[derive(Deserialize)]
struct Told {
    call_id: Option<Value>,
    direction: Option<Value>,
    from_number: Option<Value>,
    to_number: Option<Value>,
    start_timestamp: Option<Value>,
    end_timestamp: Option<Value>,
    duration_ms: Option<Value>,
    disconnection_reason: Option<Value>,
    call_analysis: Option<Value>,
}

/// Reads a verified body. `None` if it is no event about an inbound call.
#[must_use]
pub fn parse(verified: &Verified) -> Option<CallEvent> {
    read(verified.body())
}

fn read(body: &[u8]) -> Option<CallEvent> {
    let Envelope { event, call } = serde_json::from_slice(body).ok()?;
    let event = text(event.as_ref(), SHORT_CHARS).filter(|event| is_call_event(event))?;
    let told = call?;
    if text(told.direction.as_ref(), SHORT_CHARS).is_some_and(|direction| direction != "inbound") {
        return None;
    }
    let started_ms = moment(told.start_timestamp.as_ref());
    let between = || moment(told.end_timestamp.as_ref()).zip(started_ms).map(|(end, start)| end - start);
    let analysis = told.call_analysis.as_ref();
    let of = |name: &str| analysis.and_then(|analysis| analysis.get(name));
    let own = of("custom_analysis_data");
    let result = RESULTS.iter().find_map(|name| text(own?.get(name), 24));
    Some(CallEvent {
        event,
        call_id: text(told.call_id.as_ref(), SHORT_CHARS)?,
        from: text(told.from_number.as_ref(), SHORT_CHARS).and_then(|from| number::caller(&from)),
        to: text(told.to_number.as_ref(), SHORT_CHARS).map(|to| number::written(&to)).unwrap_or_default(),
        end: CallEnd {
            started_ms,
            duration_ms: moment(told.duration_ms.as_ref()).or_else(between).filter(|ms| *ms >= 0),
            reason: text(told.disconnection_reason.as_ref(), SHORT_CHARS),
            summary: text(of("call_summary"), SUMMARY_CHARS),
            sentiment: text(of("user_sentiment"), SHORT_CHARS),
            successful: of("call_successful").and_then(Value::as_bool),
            voicemail: of("in_voicemail").and_then(Value::as_bool),
            result,
        },
    })
}

fn text(value: Option<&Value>, most: usize) -> Option<String> {
    let text = value?.as_str()?.trim();
    (!text.is_empty()).then(|| text.chars().take(most).collect())
}

/// A whole number of milliseconds that can be meant.
fn moment(value: Option<&Value>) -> Option<i64> {
    let value = value?;
    let number = value.as_i64().or_else(|| value.as_f64().filter(|ms| ms.abs() < 9.0e15).map(|ms| ms as i64));
    number.filter(|ms| (0..9_000_000_000_000_000).contains(ms))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use serde_json::json;

    #[test]
    fn an_analysis_is_read_and_what_is_of_another_type_is_passed_over() {
        let body = json!({"event": "call_analyzed", "call": {
            "call_id": "call_1", "direction": "inbound", "from_number": "anonymous", "to_number": "+12137771235",
            "start_timestamp": 1_000, "end_timestamp": 241_000, "disconnection_reason": "user_hangup",
            "transcript": "x".repeat(100_000), "metadata": {"a": 1},
            "call_analysis": {"call_summary": "y".repeat(9_000), "user_sentiment": "Positive",
                "call_successful": true, "in_voicemail": "no", "custom_analysis_data": {"outcome": "booked"}}}});
        let event = read(body.to_string().as_bytes()).unwrap();
        assert_eq!((event.from, event.end.duration_ms, event.end.voicemail), (None, Some(240_000), None));
        assert_eq!(event.end.summary.unwrap().len(), SUMMARY_CHARS);
        assert_eq!((event.end.successful, event.end.result.as_deref()), (Some(true), Some("booked")));
    }

    #[test]
    fn what_is_about_no_inbound_call_is_not_taken() {
        for body in [
            json!({"event": "call_inbound", "call": {"call_id": "a"}}),
            json!({"event": "call_ended", "call": {"call_id": "a", "direction": "outbound"}}),
            json!({"event": "call_ended", "call": {"call_id": 7}}),
            json!({"event": "call_ended"}),
            json!([1]),
        ] {
            assert_eq!(read(body.to_string().as_bytes()), None, "{body}");
        }
        assert_eq!(read(b"{"), None);
        let odd = json!({"event": "call_ended", "call": {"call_id": "a", "duration_ms": -5, "start_timestamp": 1e300}});
        let odd = read(odd.to_string().as_bytes()).unwrap();
        assert_eq!((odd.end.duration_ms, odd.end.started_ms), (None, None));
    }
}
