//! What is read of a body, and what is said of one that cannot be read.
#![allow(clippy::unwrap_used, clippy::expect_used)]

use hyper::body::Bytes;
use proptest::prelude::*;

use super::*;
use crate::retell::signature::{ApiKey, sign, verify};

const NOW: i64 = 1_785_600_000_000;

fn signed(body: &[u8]) -> Verified {
    let key = ApiKey::new("key_test");
    let header = sign(&key, body, NOW);
    verify(&[key], &[header.as_bytes()], Bytes::copy_from_slice(body), NOW).unwrap()
}

#[test]
fn the_documented_body_is_read() {
    let body = r#"{
        "event": "call_inbound",
        "event_timestamp": 1785600000123,
        "call_inbound": {
            "agent_id": "agent_12345", "agent_version": 1, "call_id": "call_9",
            "from_number": "+12137771234", "to_number": "+12137771235",
            "custom_sip_headers": {"X-Tenant": "north", "X-Count": 3, "X-None": null},
            "brand_new": [1]
        },
        "also_new": true
    }"#;
    let call = parse(&signed(body.as_bytes())).unwrap();
    let headers = [("X-Count".to_owned(), "3".to_owned()), ("X-Tenant".into(), "north".into())];
    let expected = Inbound {
        medium: Medium::Call,
        event: "call_inbound".into(),
        event_timestamp: Some(1_785_600_000_123),
        call_id: Some("call_9".into()),
        from: Some("+12137771234".into()),
        to: "+12137771235".into(),
        agent_id: Some("agent_12345".into()),
        agent_version: Some("1".into()),
        headers: headers.into(),
        extra: json!({"brand_new": [1], "also_new": true}).as_object().cloned().unwrap(),
    };
    assert_eq!(call, expected);
    assert_eq!(parse_pasted(body), Ok(expected));
}

#[test]
fn a_text_message_is_read_like_a_call() {
    let body = r#"{"event": "chat_inbound", "chat_inbound": {
        "agent_id": "agent_sms", "chat_id": "chat_9", "from_number": "+12137771234", "to_number": "+12137771235"}}"#;
    let text = parse_pasted(body).unwrap();
    assert_eq!((text.medium, text.call_id.as_deref()), (Medium::Text, Some("chat_9")));
    assert_eq!(text.from.as_deref(), Some("+12137771234"));
    assert_eq!(text.agent_id.as_deref(), Some("agent_sms"));
    let nameless = parse_pasted(r#"{"chat_inbound": {"to_number": "+12137771235"}}"#).unwrap();
    assert_eq!(nameless.medium, Medium::Text, "an event that names nothing leaves it to the object");
    let body = r#"{"event": "chat_inbound", "call_inbound": {"to_number": "+12137771235"}}"#;
    assert_eq!(parse_pasted(body), Err(Unreadable::NoCall), "the event counts");
}

#[test]
fn odd_types_never_cost_the_call() {
    let body = r#"{"event_timestamp":"1785600000123","call_inbound":{
        "from_number":14155552671, "to_number":null, "agent_id":"", "agent_version":"prod",
        "call_id":{"odd":1}, "custom_sip_headers":"none"}}"#;
    let call = parse_pasted(body).unwrap();
    assert_eq!(call.event_timestamp, Some(1_785_600_000_123));
    assert_eq!(call.from.as_deref(), Some("14155552671"));
    assert_eq!(call.to, "");
    assert_eq!((call.agent_id, call.agent_version), (None, Some("prod".into())));
    assert_eq!(call.call_id, None);
    assert_eq!(Value::Object(call.extra), json!({"call_id": {"odd": 1}, "custom_sip_headers": "none"}));
}

#[test]
fn a_caller_who_is_not_named_is_withheld() {
    for from in ["", r#""from_number":null,"#, r#""from_number":"","#, r#""from_number":"Private","#] {
        let body = format!(r#"{{"event":"call_inbound","call_inbound":{{{from}"to_number":"+1"}}}}"#);
        assert_eq!(parse_pasted(&body).unwrap().from, None, "{body}");
    }
}

#[test]
fn other_events_are_told_where_they_belong() {
    for (event, place) in [
        ("call_ended", "under Phone Numbers"),
        ("transfer_started", "under Phone Numbers"),
        ("something_new", "inbound call webhook"),
    ] {
        let body = format!(r#"{{"event":"{event}","call":{{"call_id":"c"}}}}"#);
        let error = parse_pasted(&body).unwrap_err();
        assert_eq!(error, Unreadable::WrongEvent { event: event.into() });
        assert!(error.reason().contains(place), "{}", error.reason());
    }
}

#[test]
fn what_cannot_be_read_is_named_with_its_place() {
    let deep = "[".repeat(200_000);
    for (body, expected) in [
        ("", Unreadable::Empty),
        (" \r\n", Unreadable::Empty),
        ("{\n  \"event\": oops}", Unreadable::NotJson { line: 2, column: 12 }),
        (r#"{"event":"call_inbound""#, Unreadable::NotJson { line: 1, column: 23 }),
        ("[1,2]", Unreadable::NotAnObject),
        ("\"call_inbound\"", Unreadable::NotAnObject),
        ("{}", Unreadable::NoCall),
        (r#"{"event":"call_inbound","call_inbound":null}"#, Unreadable::NoCall),
        (r#"{"event":"call_inbound","call_inbound":[1]}"#, Unreadable::NoCall),
        (
            r#"{"event":"call_inbound","event":"call_ended"}"#,
            Unreadable::Twice { field: "event".into(), line: 1, column: 31 },
        ),
        (&deep, Unreadable::TooDeep),
        ("{\"event\":\n \u{0}PNG", Unreadable::NotText { line: 2, column: 2 }),
        ("GIF89a\u{1}", Unreadable::NotText { line: 1, column: 7 }),
    ] {
        let error = parse_pasted(body).unwrap_err();
        let shown: String = body.chars().take(60).collect();
        assert_eq!(error, expected, "{shown}");
        assert!(error.reason().ends_with('.'));
    }
    let twice = r#"{"call_inbound":{"from_number":"+14155552671","from_number":"+14155552672"}}"#;
    assert!(parse_pasted(twice).unwrap_err().reason().contains("\"from_number\" is given twice"));
    let mark = "\u{feff}{\"call_inbound\":{}}";
    assert!(parse_pasted(mark).is_ok());
}

#[test]
fn a_sample_reads_back_as_what_was_asked_for() {
    let withheld = parse_pasted(&sample(None, "+12137771235", None, NOW)).unwrap();
    assert_eq!((withheld.from, withheld.agent_id), (None, None));
    let body = sample(Some("+4930123456"), "+12137771235", Some("agent_1"), NOW);
    let call = parse(&signed(body.as_bytes())).unwrap();
    assert_eq!(call.from.as_deref(), Some("+4930123456"));
    assert_eq!(call.agent_id.as_deref(), Some("agent_1"));
    assert_eq!(call.event_timestamp, Some(NOW));
    assert_eq!(call.to_json(), body);
}

/// Any JSON value, up to a few levels deep.
fn any_json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        "\\PC{0,300}".prop_map(Value::from),
    ];
    leaf.prop_recursive(3, 24, 5, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..5).prop_map(Value::from),
            prop::collection::btree_map("[a-z_]{0,12}", inner, 0..5)
                .prop_map(|map| map.into_iter().collect()),
        ]
    })
}

const NAMES: [&str; 8] = [
    "from_number",
    "to_number",
    "agent_id",
    "agent_version",
    "call_id",
    "chat_id",
    "custom_sip_headers",
    "new",
];

proptest! {
    #[test]
    fn any_bytes_get_an_answer(body: Vec<u8>) {
        if let Err(error) = parse(&signed(&body)) {
            prop_assert!(!error.reason().is_empty());
        }
    }

    #[test]
    fn a_call_with_any_fields_is_read(
        fields in prop::collection::btree_map(prop::sample::select(&NAMES[..]), any_json(), 0..7),
        timestamp in any_json(),
        medium in prop::sample::select(&[Medium::Call, Medium::Text][..]),
    ) {
        let name = event(medium);
        let body = json!({"event": name, "event_timestamp": timestamp, name: fields});
        let call = parse_pasted(&body.to_string()).unwrap();
        prop_assert_eq!(call.medium, medium);
        prop_assert!(call.to.chars().count() <= number::MAX_CHARS);
        // What is written again reads the same, but for what could not be used.
        let again = parse_pasted(&call.to_json()).unwrap();
        let usable = |call: Inbound| Inbound { extra: Map::new(), ..call };
        prop_assert_eq!(usable(again), usable(call));
    }
}
