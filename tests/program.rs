//! The whole program over its real port and real files: what Retell and the owner can see.
#![allow(clippy::unwrap_used, clippy::expect_used)]

#[path = "support/program.rs"]
mod support;

use std::net::TcpListener;
use std::sync::Arc;
use std::thread;
use std::time::Instant;

use chrono::TimeDelta;
use serde_json::{Value, json};
use support::{KEY, PATIENCE, Running, hear, payload, post, rule, start, start_guarded, table};
use switchboard::guard::{Guarded, Mode};
use switchboard::program::{Options, Program};
use switchboard::retell::{ApiKey, signature};
use switchboard::routing::checks::FindingKind;
use switchboard::routing::{Action, By, Call, Caller, Decision, Medium, Outcome};
use switchboard::service::messages::{Command, Event, Serving, Trial};
use switchboard::service::{Clock, SafeMode};
use switchboard::storage::{Crash, Home};

fn parsed(answer: &str) -> Value {
    serde_json::from_str(answer).unwrap()
}

/// The sample payload of Retell's documentation.
const SAMPLE: &str = r#"{"event":"call_inbound","call_inbound":{"agent_id":"agent_12345","agent_version":1,"from_number":"+12137771234","to_number":"+12137771235"}}"#;

#[test]
fn a_signed_call_is_answered_by_the_table_logged_and_still_there_after_a_restart() {
    let home = tempfile::tempdir().unwrap();
    let running = Running::start(home.path());
    let mut table = table();
    let mut vip = rule("VIP", Some(("caller.number", json!({"numbers": ["+12137771234"]}))), "vip");
    vip.then.variables.insert("line".into(), "{{line.name}}".into());
    vip.then.variables.insert("name".into(), "{{contact.name|there}}".into());
    vip.then.metadata = json!({"source": "switchboard"}).as_object().cloned();
    table.rules = vec![vip];
    assert_eq!(running.publish(table), 2);

    let (status, answer) = running.call(SAMPLE);
    assert_eq!(status, 200);
    assert_eq!(
        parsed(&answer),
        json!({"call_inbound": {
            "override_agent_id": "agent_vip",
            "dynamic_variables": {"line": "Main line", "name": "there"},
            "metadata": {"source": "switchboard"},
        }})
    );
    let call = running.hear(|event| if let Event::Call(call) = event { Some(call) } else { None });
    assert_eq!(call.from.as_deref(), Some("+12137771234"));
    assert_eq!(call.line.as_deref(), Some("Main line"));
    assert_eq!(call.rule_name.as_deref(), Some("VIP"));
    assert_eq!((call.outcome.as_str(), call.agent.as_deref()), ("connect", Some("VIP desk")));
    assert_eq!((call.version, call.attempts), (2, 1));
    assert!(call.took_us > 0);
    running.stop();
    let logged = support::logged(home.path());
    let steps: Vec<_> = logged[0].detail.steps.iter().map(|step| step.name.as_str()).collect();
    assert!(steps.starts_with(&["verify", "look-ups", "decide"]), "{steps:?}");
    assert!(steps.ends_with(&["record", "answer"]), "{steps:?}");

    let again = Running::start(home.path());
    again.ask(Command::Open);
    let opening = again.opening();
    assert_eq!(opening.live.version, 2);
    assert_eq!(opening.calls.len(), 1);
    assert_eq!(opening.calls[0].id, call.id);
    again.ask(Command::LoadRecord(call.id));
    let record = again.hear(|event| if let Event::Record(record) = event { Some(record) } else { None });
    assert_eq!(record.detail.request, SAMPLE);
    assert_eq!(record.detail.answer, answer);
    let decision: Decision = serde_json::from_value(record.detail.decision).unwrap();
    assert_eq!(decision.rule_name(), Some("VIP"));
    assert!(decision.trace[0].groups[0].tests[0].words.contains("(213) 777-1234"), "{:?}", decision.trace);
    again.stop();
}

#[test]
fn the_checks_know_of_a_line_what_its_calls_told() {
    let home = tempfile::tempdir().unwrap();
    let running = Running::start(home.path());
    let mut table = table();
    let mut block = rule("Block", Some(("caller.number", json!({"numbers": ["+1900*"]}))), "vip");
    block.then.action = Action::Reject;
    table.rules = vec![block];
    running.publish(table);
    running.call(SAMPLE);
    running.hear(|event| if let Event::Call(call) = event { Some(call) } else { None });
    running.stop();

    let again = Running::start(home.path());
    again.ask(Command::Open);
    let found = again.hear(|event| match event {
        Event::Checked { findings, .. } => {
            findings.iter().find(|finding| finding.kind == FindingKind::RejectCannotWork).cloned()
        }
        _ => None,
    });
    assert!(found.message.starts_with("cannot reject calls to “Main line”"), "{}", found.message);
    again.stop();
}

#[test]
fn what_retell_did_not_sign_gets_401_and_nothing_else() {
    let home = tempfile::tempdir().unwrap();
    let running = Running::start(home.path());
    let now = Clock::system().now().timestamp_millis();
    let key = ApiKey::new(KEY);
    let wrong_key = signature::sign(&ApiKey::new("key_other"), SAMPLE.as_bytes(), now);
    let other_body = signature::sign(&key, b"{}", now);
    let old = signature::sign(&key, SAMPLE.as_bytes(), now - 6 * 60 * 1000);
    for (signature, code, word) in [
        (None, "no_signature", "not signed"),
        (Some(wrong_key.as_str()), "mismatch", "does not fit"),
        (Some(other_body.as_str()), "mismatch", "does not fit"),
        (Some(old.as_str()), "clock", "clock"),
        (Some("v=1,d=zz"), "bad_form", "not written"),
    ] {
        assert_eq!(running.post(SAMPLE, signature), (401, String::new()), "{code}");
        let refused =
            running.hear(|event| if let Event::Refused(refused) = event { Some(refused) } else { None });
        assert_eq!(refused.code, code);
        assert!(refused.reason.contains(word), "{}", refused.reason);
    }
    running.stop();
}

#[test]
fn without_a_key_everything_is_refused() {
    let home = tempfile::tempdir().unwrap();
    let running = Running::start(home.path());
    running.ask(Command::SetKey("  \n".into()));
    running.hear(|event| matches!(event, Event::Keys(keys) if keys.current.is_none()).then_some(()));
    assert_eq!(running.call(SAMPLE).0, 401);
    let forged =
        signature::sign(&ApiKey::new(""), SAMPLE.as_bytes(), Clock::system().now().timestamp_millis());
    assert_eq!(running.post(SAMPLE, Some(&forged)).0, 401);
    running.stop();
}

#[test]
fn a_key_that_cannot_be_saved_counts_until_the_end() {
    let home = tempfile::tempdir().unwrap();
    let running = Running::start(home.path());
    // Something in the way of the file, whoever runs the test.
    let file = Home::at(home.path()).unwrap().secrets_file();
    let _ = std::fs::remove_file(&file);
    std::fs::create_dir_all(file.join("in the way")).unwrap();
    running.ask(Command::SetKey("key_new_0123456789".into()));
    let note = running.hear(|event| if let Event::Failed(note) = event { Some(note) } else { None });
    assert!(note.text.contains("only until Switchboard ends"), "{}", note.text);
    assert!(note.text.contains("secrets.json"), "{}", note.text);
    let at = Clock::system().now().timestamp_millis();
    let signed = signature::sign(&ApiKey::new("key_new_0123456789"), SAMPLE.as_bytes(), at);
    assert_eq!(running.post(SAMPLE, Some(&signed)).0, 200);
    running.stop();
}

#[test]
fn a_new_key_does_not_end_the_old_one_until_it_is_forgotten() {
    let home = tempfile::tempdir().unwrap();
    let running = Running::start(home.path());
    running.ask(Command::SetKey(" key_new_0123456789 \n".into()));
    running.hear(|event| matches!(event, Event::Keys(keys) if keys.has_previous).then_some(()));
    let with = |key: &str, id: &str| {
        let body = payload("+12137771234", "+12137771235", id);
        let at = Clock::system().now().timestamp_millis();
        running.post(&body, Some(&signature::sign(&ApiKey::new(key), body.as_bytes(), at))).0
    };
    assert_eq!((with(KEY, "a"), with("key_new_0123456789", "b")), (200, 200));
    running.ask(Command::ForgetPreviousKey);
    running.hear(|event| matches!(event, Event::Keys(keys) if !keys.has_previous).then_some(()));
    assert_eq!((with(KEY, "c"), with("key_new_0123456789", "d")), (401, 200));
    running.stop();
}

#[test]
fn the_same_call_gets_the_same_answer_and_one_record() {
    let home = tempfile::tempdir().unwrap();
    let running = Running::start(home.path());
    let body = payload("+12137771234", "+12137771235", "call_1");
    let at = Clock::system().now().timestamp_millis();
    let (body, url) = (&body, &format!("{}/webhook/inbound", running.url));
    let answers: Vec<_> = thread::scope(|scope| {
        let send = move |n: i64| {
            let signed = signature::sign(&ApiKey::new(KEY), body.as_bytes(), at + n % 2);
            post(url, body, Some(&signed))
        };
        let sending: Vec<_> = (0..20_i64).map(|n| scope.spawn(move || send(n))).collect();
        sending.into_iter().map(|sent| sent.join().unwrap()).collect()
    });
    assert!(answers.iter().all(|answer| *answer == answers[0] && answer.0 == 200));
    running.hear(|event| matches!(event, Event::Again { attempts: 20, .. }).then_some(()));
    running.ask(Command::Open);
    let calls =
        running.hear(|event| if let Event::Opened(opening) = event { Some(opening.calls) } else { None });
    assert_eq!(calls.len(), 1);
    // A person who calls again is a new call, and so are two who hide their number at one moment.
    running.call(&payload("+12137771234", "+12137771235", "call_2"));
    running.hear(|event| matches!(event, Event::Call(_)).then_some(()));
    for id in ["call_3", "call_4"] {
        running.call(&format!(
            r#"{{"event":"call_inbound","event_timestamp":1785600000123,"call_inbound":{{"call_id":"{id}","to_number":"+12137771235"}}}}"#
        ));
        running.hear(|event| matches!(event, Event::Call(_)).then_some(()));
    }
    running.stop();
}

#[test]
fn a_signed_body_that_is_no_call_gets_the_fallback() {
    let home = tempfile::tempdir().unwrap();
    let running = Running::start(home.path());
    let mut table = table();
    table.fallback = Outcome {
        action: Action::Connect { agent: "reception".into(), version: None },
        ..Outcome::default()
    };
    running.publish(table);
    for body in
        ["", "not json", "[]", r#"{"event":"something_new","call":{}}"#, r#"{"event":"call_inbound"}"#]
    {
        let (status, answer) = running.call(body);
        assert_eq!(status, 200, "{body}");
        assert_eq!(parsed(&answer)["call_inbound"]["override_agent_id"], "agent_reception", "{body}");
        let call = running.hear(|event| if let Event::Call(call) = event { Some(call) } else { None });
        assert!(call.unreadable && call.fallback_used, "{body}");
    }
    running.stop();
}

/// Nobody waits for an answer, and it would count as a call.
#[test]
fn what_became_of_a_call_is_no_call_and_is_told_where_it_belongs() {
    let home = tempfile::tempdir().unwrap();
    let running = Running::start(home.path());
    for body in
        [r#"{"event":"call_ended","call":{}}"#, r#"{"event":"transfer_started","call":{"call_id":"c"}}"#]
    {
        assert_eq!(running.call(body), (204, String::new()), "{body}");
        let refused = running.hear(|event| if let Event::Refused(it) = event { Some(it) } else { None });
        assert_eq!(refused.code, "call_event");
        assert!(refused.reason.contains("under Phone Numbers"), "{}", refused.reason);
    }
    running.stop();
    assert!(support::logged(home.path()).is_empty());
}

/// Calls and texts meet the same table at either address; what is answered stands under the name
/// of what came, and of what should have come where that cannot be read.
#[test]
fn text_messages_are_answered_by_the_same_table() {
    let home = tempfile::tempdir().unwrap();
    let running = Running::start(home.path());
    let mut table = table();
    table.rules = vec![rule("Texts", Some(("call.medium", json!({"is": "text"}))), "vip")];
    table.fallback = Outcome {
        action: Action::Connect { agent: "reception".into(), version: None },
        ..Outcome::default()
    };
    running.publish(table);
    let (calls, texts) = ("/webhook/inbound", "/webhook/inbound-sms");
    let text = |id: &str| {
        format!(
            r#"{{"event":"chat_inbound","chat_inbound":{{"chat_id":"{id}","from_number":"+12137771234","to_number":"+12137771235"}}}}"#
        )
    };
    for (path, body, group, agent) in [
        (texts, text("chat_1"), "chat_inbound", "agent_vip"),
        (calls, text("chat_2"), "chat_inbound", "agent_vip"),
        (calls, payload("+12137771234", "+12137771235", "call_1"), "call_inbound", "agent_reception"),
        (texts, payload("+12137771234", "+12137771235", "call_2"), "call_inbound", "agent_reception"),
        (texts, "not json".to_owned(), "chat_inbound", "agent_reception"),
    ] {
        let (status, answer) = running.call_at(path, &body);
        assert_eq!((status, parsed(&answer)), (200, json!({group: {"override_agent_id": agent}})), "{body}");
        let logged = running.hear(|event| if let Event::Call(call) = event { Some(call) } else { None });
        assert_eq!(logged.medium == Medium::Text, group == "chat_inbound", "{body}");
        // What cannot be read tells nothing that it could be known by.
        if !logged.unreadable {
            assert_eq!(running.call_at(path, &body), (200, answer), "byte for byte: {body}");
            running.hear(|event| matches!(event, Event::Again { attempts: 2, .. }).then_some(()));
        }
    }
    assert_eq!(post(&format!("{}{texts}", running.url), &text("chat_3"), None), (401, String::new()));
    running.stop();

    let again = Running::start(home.path());
    again.ask(Command::Open);
    let kinds: Vec<&str> = again.opening().calls.iter().rev().map(|call| call.medium.word()).collect();
    assert_eq!(kinds, ["text", "text", "call", "call", "text"]);
    again.stop();
}

#[test]
fn withheld_callers_come_in_many_forms() {
    let home = tempfile::tempdir().unwrap();
    let running = Running::start(home.path());
    let mut table = table();
    table.rules = vec![rule("Withheld", Some(("caller.withheld", json!({}))), "vip")];
    running.publish(table);
    for (number, from) in
        [r#""anonymous""#, r#""""#, "null", r#""+266696687""#, r#""Restricted""#].iter().enumerate()
    {
        let body = format!(
            r#"{{"event":"call_inbound","event_timestamp":{number},"call_inbound":{{"from_number":{from},"to_number":"+12137771235"}}}}"#
        );
        let (_, answer) = running.call(&body);
        assert_eq!(parsed(&answer)["call_inbound"]["override_agent_id"], "agent_vip", "{from}");
    }
    running.stop();
}

#[test]
fn numbers_without_a_country_code_are_those_of_the_home_country() {
    let home = tempfile::tempdir().unwrap();
    let running = Running::start(home.path());
    let mut table = table();
    table.rules = vec![rule("VIP", Some(("caller.number", json!({"numbers": ["+12137771234"]}))), "vip")];
    running.publish(table);
    for (from, to) in [("2137771234", "12137771235"), ("(213) 777-1234", "+12137771235")] {
        let (_, answer) = running.call(&payload(from, to, from));
        assert_eq!(parsed(&answer)["call_inbound"]["override_agent_id"], "agent_vip", "{from}");
        let call = running.hear(|event| if let Event::Call(call) = event { Some(call) } else { None });
        assert_eq!(call.from.as_deref(), Some("+12137771234"));
        assert_eq!(call.line.as_deref(), Some("Main line"), "{to}");
    }
    running.stop();
}

#[test]
fn a_broken_draft_is_saved_but_not_published_and_the_live_table_goes_on() {
    let home = tempfile::tempdir().unwrap();
    let running = Running::start(home.path());
    let mut good = table();
    good.rules = vec![rule("All", None, "reception")];
    running.publish(good.clone());
    let mut bad = good;
    bad.rules.push(rule("Broken", None, "nobody"));
    running.ask(Command::Publish {
        table: Arc::new(bad),
        note: String::new(),
        until: None,
        despite: String::new(),
    });
    let note = running.hear(|event| if let Event::Failed(note) = event { Some(note) } else { None });
    assert!(note.text.contains("1 thing has to be put right"), "{}", note.text);
    let (_, answer) = running.call(SAMPLE);
    assert_eq!(parsed(&answer)["call_inbound"]["override_agent_id"], "agent_reception");
    running.stop();

    let again = Running::start(home.path());
    again.ask(Command::Open);
    let opening = again.opening();
    assert_eq!(opening.draft.rules.len(), 2, "the edit is not lost");
    assert_eq!(opening.live.table.rules.len(), 1);
    assert_eq!(opening.problems[0].rule.as_deref(), Some("broken"));
    assert_eq!(opening.changes.len(), 1);
    again.stop();
}

#[test]
fn trying_a_call_agrees_with_the_wire() {
    let home = tempfile::tempdir().unwrap();
    let running = Running::start(home.path());
    let mut table = table();
    table.rules = vec![rule("Sales", Some(("line.is", json!({"lines": ["sales"]}))), "vip")];
    running.publish(table.clone());
    let call = Call::new(Caller::Number("+4930901820".into()), "+12137771236");
    let at = Clock::system().now();
    for draft in [None, Some(Arc::new(table))] {
        running.ask(Command::Try(Box::new(Trial::new(call.clone(), at, draft))));
        let tried = running.hear(|event| if let Event::Tried(tried) = event { Some(tried) } else { None });
        let decided = tried.result.unwrap();
        assert!(matches!(&decided.decision.by, By::Rule { name, .. } if name == "Sales"));
        assert_eq!(decided.effect, "Retell will connect VIP desk");
        let body = payload("+4930901820", "+12137771236", "call_try");
        running.ask(Command::SendSigned(body));
        let sent = running.hear(|event| if let Event::FrontDoor(sent) = event { Some(sent) } else { None });
        let (status, answer, _) = sent.result.unwrap();
        assert_eq!((status, answer), (200, decided.answer));
    }
    running.stop();
}

#[test]
fn a_taken_port_is_told_with_another_to_use_and_taken_once_it_is_free() {
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let addr = taken.local_addr().unwrap();
    let home = tempfile::tempdir().unwrap();
    let program = start(home.path(), &addr.to_string());
    let serving = program.wait_until_tried();
    let Serving::Blocked { reason, free_port, .. } = serving else { panic!("{serving:?}") };
    assert!(reason.contains(&addr.port().to_string()), "{reason}");
    assert!(free_port.is_some_and(|port| port != addr.port()));
    let link = program.connect(|| ());
    drop(taken);
    hear(&link, |event| matches!(event, Event::Serving(Serving::Listening(at)) if at == addr).then_some(()));
    assert_eq!(post(&format!("http://{addr}/webhook/inbound"), "{}", None).0, 401);
    drop(link);
    program.stop().unwrap();
}

#[test]
fn two_programs_do_not_share_files() {
    let home = tempfile::tempdir().unwrap();
    let first = start(home.path(), "127.0.0.1:0");
    let options = Options {
        home: Home::at(home.path()).unwrap(),
        listen: Some("127.0.0.1:0".parse().unwrap()),
        clock: Clock::system(),
    };
    let error = Program::start(options).err().expect("refused");
    assert!(error.to_string().contains("already running"), "{error}");
    first.stop().unwrap();
}

#[test]
fn what_someone_else_writes_to_the_table_becomes_the_draft() {
    let home = tempfile::tempdir().unwrap();
    let running = Running::start(home.path());
    let mut outside = table();
    outside.rules = vec![rule("By hand", None, "vip")];
    let file = home.path().join("routing.json");
    std::fs::write(&file, serde_json::to_vec(&outside).unwrap()).unwrap();
    let draft =
        running.hear(|event| if let Event::DraftReplaced { table, .. } = event { Some(table) } else { None });
    assert_eq!(draft.rules[0].name, "By hand");
    std::fs::write(&file, "{ not json").unwrap();
    let note = running.hear(|event| if let Event::Note(note) = event { Some(note) } else { None });
    assert!(note.text.contains("Line 1"), "{}", note.text);
    running.stop();
}

#[test]
fn a_table_goes_out_and_in_unchanged_and_a_bad_file_changes_nothing() {
    let home = tempfile::tempdir().unwrap();
    let running = Running::start(home.path());
    let mut before = table();
    before.rules = vec![rule("VIP", Some(("caller.country", json!({"countries": ["DE"]}))), "vip")];
    let file = home.path().join("out.json");
    running.ask(Command::ExportTable(file.clone(), Arc::new(before.clone())));
    running.hear(|event| matches!(event, Event::Note(_)).then_some(()));
    running.ask(Command::ImportTable(file.clone()));
    let after =
        running.hear(|event| if let Event::DraftReplaced { table, .. } = event { Some(table) } else { None });
    assert_eq!(*after, before);
    std::fs::write(&file, std::fs::read_to_string(&file).unwrap().replace("\"rules\"", "\"rulez\"")).unwrap();
    running.ask(Command::ImportTable(file));
    let note = running.hear(|event| if let Event::Failed(note) = event { Some(note) } else { None });
    assert!(note.text.contains("rulez") && note.text.contains("Line"), "{}", note.text);
    running.ask(Command::Open);
    assert_eq!(*running.opening().draft, before);
    running.stop();
}

#[test]
fn hours_go_out_to_a_file_and_in_and_a_bad_file_is_told() {
    let home = tempfile::tempdir().unwrap();
    let running = Running::start(home.path());
    let file = home.path().join("office-hours.txt");
    let hours = "Mo-Fr 09:00-17:00; Dec 24 off \"Büro zu\"".to_owned();
    running.ask(Command::WriteHours { hours: hours.clone(), file: file.clone() });
    running.hear(|event| matches!(event, Event::Note(_)).then_some(()));
    running.ask(Command::ReadHours { schedule: "office".into(), file: file.clone() });
    let read = running.hear(|event| match event {
        Event::HoursRead { schedule, hours } => Some((schedule, hours)),
        _ => None,
    });
    assert_eq!(read, ("office".to_owned(), hours));
    std::fs::write(&file, "Mo-Fr nine to five").unwrap();
    for (file, says) in [(file, "nine to five"), (home.path().join("none.txt"), "no such file")] {
        running.ask(Command::ReadHours { schedule: "office".into(), file: file.clone() });
        let told = running.hear(|event| if let Event::Failed(note) = event { Some(note.text) } else { None });
        let named = told.contains(says) && told.ends_with(file.to_str().unwrap());
        assert!(named && told.starts_with("The hours were not opened"), "{told}");
    }
    running.stop();
}

/// In safe mode, what may be the reason is left out; leaving it brings everything back at once.
#[test]
fn safe_mode_holds_back_what_may_be_the_reason_until_it_is_left() {
    let home = tempfile::tempdir().unwrap();
    let file = home.path().join("customers.csv");
    std::fs::write(&file, "Name;Telephone\nAnna;(213) 777-1234\n").unwrap();
    let mut first = table();
    first.rules = vec![rule("All", None, "vip")];
    let mut second = table();
    let used =
        json!({ "id": "customers", "name": "Customers", "plugin": "contacts", "settings": { "file": file } });
    second.look_ups.push(serde_json::from_value(used).unwrap());
    second.rules =
        vec![rule("Known", Some(("contacts.known", json!({ "files": ["customers"] }))), "reception")];
    let running = Running::start(home.path());
    let older = running.publish(first);
    let newer = running.publish(second);
    running.stop();

    let safe = |later: TimeDelta| {
        let guarded = Guarded { mode: Mode::Safe, died: Some("signal: 6".into()), ..Guarded::default() };
        let clock = Clock::turned_by(move || Clock::system().now() + later);
        Running::of(start_guarded(home.path(), "127.0.0.1:0", clock, guarded))
    };
    let mut count = 0;
    let mut agent = |running: &Running| {
        count += 1;
        let body = payload("+12137771234", "+12137771235", &format!("call_{count}"));
        let (status, answer) = running.call(&body);
        assert_eq!(status, 200);
        let answer: Value = serde_json::from_str(&answer).unwrap();
        answer["call_inbound"]["override_agent_id"].as_str().map(str::to_owned)
    };
    let mut until_known = |running: &Running| {
        let end = Instant::now() + PATIENCE;
        while agent(running).as_deref() != Some("agent_reception") {
            assert!(Instant::now() < end, "the contacts are not asked again");
        }
    };

    // Published just before: the version before it answers.
    let running = safe(TimeDelta::zero());
    let told: Vec<_> = running.program.troubles().iter().map(|trouble| trouble.message.clone()).collect();
    assert!(told.len() == 1 && told[0].contains("broke off"), "{told:?}");
    let crashes = Crash::all(&Home::at(home.path()).unwrap());
    assert!(crashes[0].words().contains("signal: 6"), "{crashes:?}");
    running.ask(Command::Open);
    assert_eq!(running.opening().live.version, older);
    let mode = running.hear(|event| if let Event::SafeMode(mode) = event { Some(mode) } else { None });
    assert_eq!(mode, Some(SafeMode { held_back: Some(newer) }));
    running.ask(Command::LeaveSafeMode);
    running.hear(|event| matches!(event, Event::SafeMode(None)).then_some(()));
    let live = running.hear(|event| if let Event::Published(live) = event { Some(live) } else { None });
    assert_eq!(live.version, newer);
    until_known(&running);
    running.stop();

    // It had run for long: it answers, but asks nobody.
    let running = safe(TimeDelta::minutes(30));
    let body = payload("+12137771234", "+12137771235", "call_later");
    let (status, answer) = running.call(&body);
    assert_eq!((status, answer.contains("agent_")), (200, false), "{answer}");
    running.ask(Command::LeaveSafeMode);
    running.hear(|event| matches!(event, Event::SafeMode(None)).then_some(()));
    until_known(&running);
    running.stop();
    let records = support::logged(home.path());
    let record = records.iter().find(|record| record.detail.request.contains("call_later")).unwrap();
    let mut faults = record.detail.steps.iter().filter_map(|step| step.fault.as_deref());
    assert_eq!(faults.next(), Some("Customers failed: it is not asked in safe mode"));
}
