//! The outside watcher is told while calls are proved to arrive, and hears nothing when they do not.
#![allow(clippy::unwrap_used, clippy::expect_used)]

#[path = "support/program.rs"]
mod program;

use std::path::Path;
use std::sync::{Arc, Mutex};

use axum::Router;
use axum::http::{StatusCode, Uri};
use program::Running;
use serde_json::json;
use switchboard::service::messages::{Command, Event, Note};
use switchboard::service::{Beat, HEARTBEAT_ADDRESS, Heartbeat};
use switchboard::storage::{Secret, Settings};
use tokio::runtime::Runtime;

/// A watcher that notes who comes, and answers what it is told to.
struct Watcher {
    url: String,
    seen: Arc<Mutex<Vec<String>>>,
    says: Arc<Mutex<StatusCode>>,
    _runtime: Runtime,
}

impl Watcher {
    fn start() -> Self {
        let runtime =
            tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
        let listener = runtime.block_on(tokio::net::TcpListener::bind("127.0.0.1:0")).unwrap();
        let url = format!("http://{}/ping/2f1b?status=up", listener.local_addr().unwrap());
        let seen = Arc::<Mutex<Vec<String>>>::default();
        let says = Arc::new(Mutex::new(StatusCode::OK));
        let (noted, said) = (seen.clone(), says.clone());
        let routes = Router::new().fallback(move |uri: Uri| {
            noted.lock().unwrap().push(uri.to_string());
            let status = *said.lock().unwrap();
            async move { status }
        });
        runtime.spawn(async move { axum::serve(listener, routes).await });
        Self { url, seen, says, _runtime: runtime }
    }

    fn seen(&self) -> usize {
        let seen = self.seen.lock().unwrap();
        assert!(seen.iter().all(|uri| uri == "/ping/2f1b?status=up"), "{seen:?}");
        seen.len()
    }
}

fn watched_by(running: &Running, address: Option<&str>) {
    let secret = address.map(|address| Secret::new(address).unwrap());
    running.ask(Command::SetSecret { name: HEARTBEAT_ADDRESS.to_owned(), secret });
}

/// Waits for such a beat.
fn beat(running: &Running, wanted: impl Fn(&Beat) -> bool) -> Heartbeat {
    running.hear(|event| match event {
        Event::Heartbeat(heartbeat) if wanted(&heartbeat.beat) => Some(heartbeat),
        _ => None,
    })
}

fn note(running: &Running) -> String {
    running.hear(|event| match event {
        Event::Note(Note { text, .. }) if text.contains("watcher") => Some(text),
        _ => None,
    })
}

fn reach(running: &Running, settings: &Settings, address: Option<&str>) {
    let mut settings = settings.clone();
    settings.reach.way = address.map(|_| "own_address".into());
    settings.reach.settings.insert("own_address".into(), json!({ "address": address.unwrap_or_default() }));
    running.ask(Command::SaveSettings(settings));
}

/// What `switchboard status` says.
fn status(home: &Path) -> String {
    let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_switchboard"));
    let told = command.arg("--home").arg(home).arg("status").output().unwrap();
    String::from_utf8(told.stdout).unwrap()
}

#[test]
fn it_is_told_while_calls_are_proved_to_arrive_and_not_while_they_are_not() {
    let home = tempfile::tempdir().unwrap();
    let running = Running::start(home.path());
    running.ask(Command::Open);
    let settings = running.opening().settings;
    let watcher = Watcher::start();

    // Nothing makes this computer reachable, so answering is all there is.
    watched_by(&running, Some(&watcher.url));
    let told = beat(&running, |beat| *beat == Beat::Told);
    assert_eq!(told.watcher.as_deref(), Some("127.0.0.1"));
    assert!(told.told_at.is_some());
    assert_eq!(watcher.seen(), 1);
    let said = status(home.path());
    assert!(said.contains("Watched from outside by 127.0.0.1, told "), "{said}");

    let nobody = {
        let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        format!("http://{}", listener.local_addr().unwrap())
    };
    reach(&running, &settings, Some(&nobody));
    let held = beat(&running, |beat| *beat == Beat::Held);
    assert_eq!(held.told_at, told.told_at);
    running.ask(Command::Prove);
    running.hear(|event| match event {
        Event::Proof(proof) if proof.outage().is_some() => Some(()),
        _ => None,
    });
    assert_eq!(watcher.seen(), 1, "silence is the alarm");

    reach(&running, &settings, Some(&running.url));
    beat(&running, |beat| *beat == Beat::Told);
    assert_eq!(watcher.seen(), 2);

    // Without a key every call is refused.
    running.ask(Command::SetKey(String::new()));
    running.hear(|event| matches!(event, Event::Keys(keys) if keys.current.is_none()).then_some(()));
    running.ask(Command::Prove);
    beat(&running, |beat| *beat == Beat::Held);
    assert_eq!(watcher.seen(), 2);

    watched_by(&running, None);
    let off = beat(&running, |beat| *beat == Beat::None);
    assert_eq!(off, Heartbeat::default());
    running.stop();
}

#[test]
fn a_watcher_that_cannot_be_told_is_told_of_in_words_and_costs_no_call() {
    let home = tempfile::tempdir().unwrap();
    let running = Running::start(home.path());
    let watcher = Watcher::start();
    *watcher.says.lock().unwrap() = StatusCode::NOT_FOUND;
    watched_by(&running, Some(&watcher.url));
    let said = note(&running);
    assert!(said.contains("could not be told") && said.contains("status 404"), "{said}");
    assert!(!said.contains("2f1b"), "{said}");
    let told = status(home.path());
    assert!(told.contains("Watched from outside by 127.0.0.1. It refuses the address"), "{told}");
    assert_eq!(watcher.seen(), 2, "once may be chance");
    assert_eq!(running.call(r#"{"event":"call_inbound","call_inbound":{"to_number":"+1"}}"#).0, 200);

    *watcher.says.lock().unwrap() = StatusCode::NO_CONTENT;
    running.ask(Command::Prove);
    assert_eq!(note(&running), "The outside watcher is told again");

    // Somebody wrote it by hand.
    watched_by(&running, Some("http://hc-ping.example/2f1b"));
    let beat = beat(&running, |beat| matches!(beat, Beat::Failed(_))).beat;
    assert!(matches!(&beat, Beat::Failed(why) if why.contains("must begin with https://")), "{beat:?}");
    running.stop();
}
