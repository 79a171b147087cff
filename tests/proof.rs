//! Proof of life: the program asks itself through its public address, tells where calls get lost, and
//! logs none of it as a call.
#![allow(clippy::unwrap_used, clippy::expect_used)]

#[path = "support/program.rs"]
mod program;

use std::fs;
use std::path::Path;

use axum::Router;
use axum::http::StatusCode;
use program::{Running, logged, payload, table};
use serde_json::json;
use switchboard::service::messages::{Command, Event, Note};
use switchboard::service::{Health, Proof};
use switchboard::storage::Settings;
use tokio::runtime::Runtime;

/// Starts a program that nobody reaches yet.
fn start(home: &Path) -> (Running, Settings) {
    let running = Running::start(home);
    running.ask(Command::Open);
    let settings = running.opening().settings;
    (running, settings)
}

/// Lets it be reached at this address from now on.
fn reach(running: &Running, settings: &mut Settings, address: &str) {
    settings.reach.way = Some("own_address".into());
    settings.reach.settings.insert("own_address".into(), json!({ "address": address }));
    running.ask(Command::SaveSettings(settings.clone()));
}

fn proof<T>(running: &Running, wanted: impl Fn(&Proof) -> Option<T>) -> T {
    running.hear(|event| if let Event::Proof(proof) = event { wanted(&proof) } else { None })
}

fn proved(running: &Running) {
    proof(running, |proof| proof.health.as_ref().is_some_and(Health::is_good).then_some(()));
}

/// Waits for a first miss, asks once more, and gives what is told of the outage.
fn outage(running: &Running) -> Health {
    proof(running, |proof| (proof.misses == 1).then_some(()));
    running.ask(Command::Prove);
    proof(running, |proof| proof.outage().cloned())
}

fn note(running: &Running) -> String {
    running.hear(|event| match event {
        Event::Note(Note { text, .. }) if text.contains("arrive") => Some(text),
        _ => None,
    })
}

/// A server that answers everything like this. It ends with the runtime.
fn stand_in(runtime: &Runtime, status: StatusCode) -> String {
    let listener = runtime.block_on(tokio::net::TcpListener::bind("127.0.0.1:0")).unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let routes = Router::new().fallback(move || async move { status });
    runtime.spawn(async move { axum::serve(listener, routes).await });
    url
}

#[test]
fn it_is_proved_that_calls_arrive_and_told_where_they_get_lost() {
    let (home, other_home) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let (running, mut settings) = start(home.path());
    let ours = running.url.clone();
    reach(&running, &mut settings, &ours);
    proved(&running);

    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
    let nobody = {
        let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        format!("http://{}", listener.local_addr().unwrap())
    };
    let other = Running::start(other_home.path());
    for (address, is, says) in [
        (nobody, "Tunnel", "cannot be reached"),
        (stand_in(&runtime, StatusCode::BAD_GATEWAY), "Tunnel", "status 502"),
        (stand_in(&runtime, StatusCode::UNAUTHORIZED), "Elsewhere", "another API key answers"),
        (stand_in(&runtime, StatusCode::NOT_FOUND), "Elsewhere", "Another program (status 404)"),
        (other.url.clone(), "Elsewhere", "Another Switchboard answers"),
    ] {
        reach(&running, &mut settings, &address);
        let health = outage(&running);
        assert!(format!("{health:?}").starts_with(is) && health.words().contains(says), "{health:?}");
        assert!(note(&running).starts_with("Calls do not arrive: "));
        reach(&running, &mut settings, &ours);
        assert_eq!(note(&running), "Calls arrive again");
    }
    running.ask(Command::SetKey(String::new()));
    running.hear(|event| matches!(event, Event::Keys(keys) if keys.current.is_none()).then_some(()));
    running.ask(Command::Prove);
    let health = outage(&running);
    assert!(matches!(&health, Health::Key(why) if why.contains("No API key")), "{health:?}");

    running.ask(Command::Open);
    let opening = running.opening();
    assert_eq!((opening.calls.len(), opening.refused.len()), (0, 0), "none of it counts as a call");
    let outages = opening.proof.timeline.stretches().iter().filter(|stretch| !stretch.health.is_good());
    assert!(outages.count() >= 5, "{:?}", opening.proof.timeline);
    running.stop();
    other.stop();
    assert!(logged(home.path()).is_empty() && logged(other_home.path()).is_empty());

    // What was is known after the next start.
    let kept = fs::read_to_string(home.path().join("outages.json")).unwrap();
    assert!(kept.contains("status 502"), "{kept}");
    let running = Running::start(home.path());
    running.ask(Command::Open);
    assert!(!running.opening().proof.timeline.stretches().is_empty());
    running.stop();
}

#[test]
fn a_test_goes_out_by_the_public_address_and_comes_back_in() {
    let home = tempfile::tempdir().unwrap();
    let (running, mut settings) = start(home.path());
    running.publish(table());
    let go_out = |call: &str| running.ask(Command::SendPublic(payload("+4930901820", "+12137771236", call)));
    go_out("call_too_soon");
    let why = running.hear(|event| if let Event::Failed(note) = event { Some(note.text) } else { None });
    assert!(why.contains("calls do not arrive through a public address"), "{why}");

    let ours = running.url.clone();
    reach(&running, &mut settings, &ours);
    proved(&running);
    go_out("call_by_the_public_address");
    let sent = running.hear(|event| if let Event::FrontDoor(sent) = event { Some(sent) } else { None });
    assert!(sent.is_public && sent.url == format!("{ours}/webhook/inbound"), "{sent:?}");
    let (status, answer, _) = sent.result.unwrap();
    assert!(status == 200 && answer.contains("call_inbound") && sent.wrong.is_none(), "{answer}");
    running.stop();
    let records = logged(home.path());
    assert_eq!(records.len(), 1, "what was refused was not sent");
    assert!(records[0].summary.is_test);
}

#[test]
fn nobody_who_cannot_sign_is_answered() {
    let home = tempfile::tempdir().unwrap();
    let (running, _) = start(home.path());
    let question = r#"{"event":"switchboard_probe","id":"1"}"#;
    assert_eq!(running.post(question, None), (401, String::new()));
    let (status, answer) = running.call(question);
    assert!(status == 200 && answer.contains(r#""probe":"1""#), "{answer}");
    running.stop();
    assert!(logged(home.path()).is_empty());
}
