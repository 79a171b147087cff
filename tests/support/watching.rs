//! A window's knowledge by hand, with calls and refused requests in it, for the tests of "Calls"
//! and "Try a call"; and the frame that stands around a screen.
#![allow(dead_code, unreachable_pub, clippy::unwrap_used, clippy::expect_used)]

use std::collections::BTreeMap;
use std::sync::Arc;

use chrono::{DateTime, Utc};
use egui::Ui;
use switchboard::plugins::{FactInfo, Registry};
use switchboard::routing::*;
use switchboard::service::LookUpTrace;
use switchboard::service::messages::*;
use switchboard::storage::Settings;
use switchboard::storage::call_log::{Detail, Record, Refused, Step, Summary};
use switchboard::ui::app::{FoundCalls, State};
use switchboard::ui::theme::Tone;
use switchboard::ui::widgets::shell;

/// Mon 23 Nov 2026, 14:05:30 in New York.
pub fn now() -> DateTime<Utc> {
    "2026-11-23T19:05:30Z".parse().unwrap()
}

/// Two lines, three agents and six rules, without conditions: what they would say is in the
/// decisions below.
pub fn table() -> Table {
    let line =
        |id: &str, name: &str, number: &str| Line { id: id.into(), name: name.into(), number: number.into() };
    let agent = |id: &str, name: &str| Agent {
        id: id.into(),
        name: name.into(),
        retell_id: format!("agent_{id}"),
        ..Agent::default()
    };
    let rule = |id: &str, name: &str| Rule {
        id: id.into(),
        name: name.into(),
        note: String::new(),
        enabled: true,
        from: None,
        until: None,
        when: Vec::new(),
        then: Outcome::default(),
    };
    Table {
        lines: vec![line("main", "Main line", "+14155550100"), line("sales", "Sales line", "+14155550101")],
        agents: vec![agent("reception", "Reception"), agent("sales", "Sales"), agent("night", "After hours")],
        rules: vec![
            rule("block", "Block list"),
            rule("greet", "Greet by name"),
            rule("vip", "VIP callers"),
            rule("hours", "Office hours"),
            rule("night", "Nights and weekends"),
        ],
        ..Table::empty("US", "America/New_York")
    }
}

/// A window that has just been opened, with nothing that ever arrived.
pub fn empty_state() -> State {
    let table = Arc::new(table());
    let opening = Opening {
        draft: table.clone(),
        live: LiveInfo { version: 12, published_at: now(), table },
        problems: Vec::new(),
        changes: Vec::new(),
        versions: Vec::new(),
        settings: Settings::default(),
        keys: Keys { current: Some("key_…b3f".into()), ..Keys::default() },
        secrets: std::collections::BTreeSet::default(),
        serving: Serving::Listening("127.0.0.1:8787".parse().unwrap()),
        troubles: Vec::new(),
        calls: Vec::new(),
        total_calls: 0,
        refused: Vec::new(),
        overrides: Arc::default(),
        account: switchboard::service::messages::AccountNews::default(),
        reach: switchboard::reach::ReachState::default(),
        proof: Box::default(),
        config_folder: "/config".into(),
        data_folder: "/data".into(),
    };
    let mut state = State::new(Arc::new(Registry::built_in()), opening, now());
    for (name, title) in [
        ("caller.country", "Caller's country"),
        ("contact.name", "Contact's name"),
        ("hours.office.open", "Office hours are open"),
    ] {
        let info = FactInfo { kind: Kind::Text, title: title.into(), example: String::new() };
        state.facts.insert(name.into(), info);
    }
    state
}

/// A window after a busy morning.
pub fn full_state() -> State {
    let mut state = empty_state();
    let calls: Vec<_> = (0..60).rev().map(call).collect();
    state.found = FoundCalls::newest(&calls);
    state.calls = calls.into();
    state.total_calls = 1284;
    state.refused = refused().into();
    state
}

/// The call with this id; a higher one is newer.
pub fn call(id: i64) -> Summary {
    let age_s = (60 - id) * 47 + 8;
    let from = ["+34911234567", "+493012345678", "+442071838750", "", "+12125550187", "+14155552671"];
    let from = from[id as usize % from.len()];
    let (rule, outcome, agent) = match id % 7 {
        3 => (Some("VIP callers"), "connect", Some("Reception")),
        1 => (Some("Block list"), "reject", None),
        2 | 5 => (Some("Office hours"), "connect", Some("Sales")),
        0 => (None, "keep", None),
        _ => (Some("Nights and weekends"), "connect", Some("After hours")),
    };
    let breaks = id == 52;
    Summary {
        id,
        at_ms: (now().timestamp() - age_s) * 1000,
        from: (!from.is_empty()).then(|| from.into()),
        to: "+14155550100".into(),
        line: Some(if id % 3 == 0 { "Sales line" } else { "Main line" }.into()),
        version: 12,
        rule_id: rule.filter(|_| !breaks).map(str::to_lowercase),
        rule_name: rule.filter(|_| !breaks).map(str::to_owned),
        outcome: outcome.into(),
        agent: agent.map(str::to_owned),
        took_us: if id == 55 { 1_502_000 } else { 900 + (id as u64 * 7919) % 4200 },
        attempts: if id % 11 == 3 { 2 } else { 1 },
        fallback_used: breaks,
        caller_name: (id % 6 == 5).then(|| "Anna Miller".into()),
        look_up_failed: id % 17 == 3,
        is_test: id == 57,
        medium: if id % 13 == 6 { Medium::Text } else { Medium::Call },
        ..Summary::default()
    }
}

pub fn refused() -> Vec<Refused> {
    let one = |id, age_s: i64, (peer, code): (&str, &str), reason: &str, count| Refused {
        id,
        at_ms: (now().timestamp() - 5 * age_s) * 1000,
        last_ms: (now().timestamp() - age_s) * 1000,
        peer: peer.into(),
        code: code.into(),
        reason: reason.into(),
        body_bytes: 190 * (id as u64 - 1),
        count,
    };
    vec![
        one(
            3,
            130,
            ("185.224.128.17", "no_signature"),
            "The request is not signed, so it is not from Retell: nothing to do, unless a proxy in between removes the header x-retell-signature.",
            412,
        ),
        one(
            2,
            3000,
            ("100.20.5.228", "mismatch"),
            "The signature does not fit: either another API key is set here than the one with the \"webhook\" badge in Retell's dashboard, or something changed the request on its way.",
            3,
        ),
        one(
            1,
            90_000,
            ("100.20.5.228", "cut_off"),
            "The request broke off half-way: if calls are missing, check this computer's internet connection.",
            1,
        ),
    ]
}

fn test(words: &str, answer: Answer, why: &str) -> GroupTrace {
    GroupTrace { answer, tests: vec![TestTrace { words: words.into(), answer, why: why.into() }] }
}

/// A decision in which every kind of verdict comes up.
pub fn decision() -> Decision {
    let rule = |id: &str, name: &str, verdict, groups| RuleTrace {
        id: id.into(),
        name: name.into(),
        verdict,
        why: String::new(),
        groups,
    };
    Decision {
        tell: Vec::new(),
        chosen: None,
        action: Decided::Connect {
            id: String::new(),
            name: "Reception".into(),
            retell_id: "agent_reception".into(),
            version: None,
        },
        by: By::Rule { id: "vip".into(), name: "VIP callers".into() },
        variables: BTreeMap::from([
            ("caller_name".into(), "Anna".into()),
            ("opens_next".into(), "Tuesday 09:00".into()),
        ]),
        metadata: None,
        agent_settings: None,
        untold: 0,
        trace: vec![
            rule(
                "block",
                "Block list",
                RuleVerdict::NoMatch,
                vec![
                    test("the caller is on the list “Blocked”", Answer::No, "(415) 555-2671 is not on it"),
                    test("the line is Main line", Answer::Yes, "Main line was called"),
                ],
            ),
            RuleTrace {
                why: "until Mon 31 Aug 2026, 18:00".into(),
                ..rule("summer", "Summer party", RuleVerdict::Expired, vec![])
            },
            RuleTrace {
                why: "from Thu 24 Dec 2026, 09:00".into(),
                ..rule("christmas", "Christmas", RuleVerdict::NotYet, vec![])
            },
            rule(
                "greet",
                "Greet by name",
                RuleVerdict::Added,
                vec![test("the contact's name is known", Answer::Yes, "it is Anna")],
            ),
            rule(
                "vip",
                "VIP callers",
                RuleVerdict::Won,
                vec![GroupTrace {
                    answer: Answer::Yes,
                    tests: vec![
                        TestTrace {
                            words: "the number begins with +1 415".into(),
                            answer: Answer::Yes,
                            why: "it does".into(),
                        },
                        TestTrace {
                            words: "the caller is in Germany".into(),
                            answer: Answer::No,
                            why: "the caller is in the United States".into(),
                        },
                    ],
                }],
            ),
            rule("hours", "Office hours", RuleVerdict::NotReached, vec![]),
            rule("night", "Nights and weekends", RuleVerdict::NotReached, vec![]),
        ],
        notes: vec!["{{contact.city}} had no value, so nothing was put in its place".into()],
    }
}

pub fn facts() -> Facts {
    let mut facts = Facts::default();
    facts.set("caller.country", Value::Text("United States".into()));
    facts.set("caller.digits", Value::Text("14155552671".into()));
    facts.set("caller.speakable", Value::Text("4 1 5, 5 5 5, 2 6 7 1".into()));
    facts.set("contact.name", Value::Text("An\u{202e}na".into()));
    facts.set("hours.office.open", Value::YesNo(true));
    facts.set_missing("history.calls_30d", "the call log did not answer within 1500 ms");
    facts
}

pub const ANSWER: &str = r#"{"call_inbound":{"override_agent_id":"agent_reception","dynamic_variables":{"caller_name":"Anna","opens_next":"Tuesday 09:00"}}}"#;

pub const REQUEST: &str = r#"{"event":"call_inbound","event_timestamp":1795460592000,"call_inbound":{"call_id":"call_7d1","from_number":"+14155552671","to_number":"+14155550100","agent_id":"agent_own","custom_sip_headers":{"X-Campaign":"spring"}}}"#;

/// The record of a call.
pub fn record(summary: Summary) -> Box<Record> {
    let step = |name: &str, took_us| Step { name: name.into(), took_us, ..Step::default() };
    Box::new(Record {
        summary,
        detail: Detail {
            request: REQUEST.into(),
            facts: serde_json::to_value(facts()).unwrap(),
            decision: serde_json::to_value(decision()).unwrap(),
            answer: ANSWER.into(),
            steps: vec![
                step("verify", 41),
                step("look-ups", 1720),
                step("decide", 12),
                step("look-up Contacts", 1714),
                step("Call history did not answer within 1500 ms", 1500),
            ],
        },
    })
}

/// What the service would say of a trial.
pub fn tried(trial: Trial) -> Box<Tried> {
    let version = trial.draft.is_none().then_some(12);
    let look_up = |name: &str, took_us, fault: Option<&str>| LookUpTrace {
        name: name.into(),
        took_us,
        note: None,
        fault: fault.map(str::to_owned),
    };
    let decided = TriedDecision {
        decision: decision(),
        facts: facts(),
        sources: BTreeMap::from([
            ("contact.name".into(), Source::LookUp(0)),
            ("history.calls_30d".into(), Source::LookUp(1)),
            ("hours.office.open".into(), Source::Given),
        ]),
        look_ups: vec![
            look_up("Contacts", 1714, None),
            look_up("Call history", 1500, Some("Call history did not answer within 1500 ms")),
        ],
        answer: ANSWER.into(),
        effect: "Retell will connect Reception".into(),
        version,
        rules: None,
    };
    Box::new(Tried { trial, result: Ok(decided) })
}

/// The screen with rail and header around it, as the window shows it.
pub fn framed(ui: &mut Ui, place: shell::Place, screen: impl FnOnce(&mut Ui)) {
    let head = shell::Header {
        tone: Tone::Connect,
        state: "Answering calls on port 8787",
        detail: "live v12",
        brief: "live v12",
        can_publish: false,
        obstacle: "",
        unread: 0,
        news: None,
    };
    shell::rail(ui, Some(place));
    shell::header(ui, &head, |_| ());
    egui::CentralPanel::no_frame().show(ui, screen);
}
