//! The owner's account at Retell: the program asks a stand-in that answers as Retell does, keeps what it
//! was told, and says what became different there.
#![allow(clippy::unwrap_used, clippy::expect_used)]

#[path = "support/program.rs"]
mod program;

use std::fs;
use std::net::SocketAddr;
use std::path::Path;
use std::sync::{Arc, Mutex};

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, Uri};
use axum::routing::{get, post};
use program::{KEY, Running};
use serde_json::{Value, json};
use switchboard::routing::checks::{FindingKind, Place};
use switchboard::routing::{Agent, Line, Outcome, Table};
use switchboard::service::messages::{AccountNews, Command, Event};
use tokio::runtime::Runtime;

/// What the stand-in says, and what it was asked.
#[derive(Default)]
struct Account {
    agents: Vec<Value>,
    numbers: Vec<Value>,
    /// Statuses that come before the next real answers.
    trouble: Vec<u16>,
    asked: Vec<String>,
}

#[derive(Clone, Default)]
struct Retell(Arc<Mutex<Account>>);

impl Retell {
    /// Lists with two entries on a page, as the SDK pages through them.
    fn answer(&self, uri: &Uri, headers: &HeaderMap, is_agents: bool) -> (StatusCode, String) {
        let mut account = self.0.lock().unwrap();
        account.asked.push(uri.to_string());
        if let Some(status) = account.trouble.pop() {
            let body = json!({ "status": "error", "message": "busy" }).to_string();
            return (StatusCode::from_u16(status).unwrap(), body);
        }
        if headers.get("authorization").is_none_or(|bearer| bearer != &format!("Bearer {KEY}")) {
            return (
                StatusCode::UNAUTHORIZED,
                json!({ "status": "error", "message": "Invalid API key" }).to_string(),
            );
        }
        let items = if is_agents { &account.agents } else { &account.numbers };
        let key = uri.query().unwrap_or_default().split_once("pagination_key=").map_or("0", |(_, key)| key);
        let from: usize = key.parse().unwrap();
        let page = &items[from.min(items.len())..(from + 2).min(items.len())];
        let has_more = from + 2 < items.len();
        let mut body = json!({ "items": page, "has_more": has_more });
        if has_more {
            body["pagination_key"] = json!((from + 2).to_string());
        }
        (StatusCode::OK, body.to_string())
    }
}

async fn agents(
    State(retell): State<Retell>,
    uri: Uri,
    headers: HeaderMap,
    body: Bytes,
) -> (StatusCode, String) {
    assert_eq!(serde_json::from_slice::<Value>(&body).unwrap(), json!({}));
    retell.answer(&uri, &headers, true)
}

async fn numbers(State(retell): State<Retell>, uri: Uri, headers: HeaderMap) -> (StatusCode, String) {
    retell.answer(&uri, &headers, false)
}

/// Starts a stand-in with three agents and two numbers.
fn stand_in() -> (Runtime, SocketAddr, Retell) {
    let retell = Retell::default();
    {
        let mut account = retell.0.lock().unwrap();
        let agent = |id: &str, name: &str, is_suspended: bool| json!({ "agent_id": id, "agent_name": name, "channel": "voice", "is_suspended": is_suspended, "tags": {} });
        account.agents = vec![
            agent("agent_1", "Reception", false),
            agent("agent_2", "Night", true),
            agent("agent_3", "Sales", false),
        ];
        account.numbers = vec![
            json!({ "phone_number": "+14155550123", "nickname": "Main line", "phone_number_type": "retell-twilio",
                "inbound_agents": [{ "agent_id": "agent_1", "weight": 1 }],
                "inbound_webhook_url": "https://old.example/hook" }),
            json!({ "phone_number": "+14155550124", "nickname": null, "phone_number_type": "custom" }),
        ];
    }
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
    let listener = runtime.block_on(tokio::net::TcpListener::bind("127.0.0.1:0")).unwrap();
    let addr = listener.local_addr().unwrap();
    let routes = Router::new()
        .route("/v2/list-agents", post(agents))
        .route("/v2/list-phone-numbers", get(numbers))
        .with_state(retell.clone());
    runtime.spawn(async move { axum::serve(listener, routes).await });
    (runtime, addr, retell)
}

/// A program that asks there.
fn start(home: &Path, addr: SocketAddr) -> Running {
    let settings = json!({ "format": 1, "retell": format!("http://{addr}") });
    fs::write(home.join("settings.json"), settings.to_string()).unwrap();
    Running::start(home)
}

/// Asks, and waits for what comes of it.
fn ask(running: &Running) -> AccountNews {
    running.ask(Command::AskRetell);
    told(running)
}

fn told(running: &Running) -> AccountNews {
    running.hear(|event| match event {
        Event::Account(news) if !news.is_asking => Some(news),
        _ => None,
    })
}

fn connect(agent: &str) -> Outcome {
    serde_json::from_value(json!({ "action": { "connect": { "agent": agent } } })).unwrap()
}

fn table() -> Table {
    let mut table = Table::empty("US", "America/New_York");
    let line =
        |id: &str, name: &str, number: &str| Line { id: id.into(), name: name.into(), number: number.into() };
    table.lines = vec![line("main", "Main line", "+14155550123"), line("side", "Side line", "+14155550124")];
    let agent = |id: &str, name: &str, retell_id: &str| Agent {
        id: id.into(),
        name: name.into(),
        retell_id: retell_id.into(),
        ..Agent::default()
    };
    table.agents = vec![agent("night", "Night desk", "agent_2"), agent("gone", "Old desk", "agent_9")];
    table.fallback = connect("night");
    table.rules = vec![
        serde_json::from_value(json!({ "id": "all", "name": "All", "when": [], "then": connect("gone") }))
            .unwrap(),
    ];
    table
}

#[test]
fn what_retell_tells_is_read_page_by_page_and_kept() {
    let (runtime, addr, retell) = stand_in();
    let home = tempfile::tempdir().unwrap();
    let running = start(home.path(), addr);
    let news = ask(&running);
    let known = news.known.unwrap();
    let names: Vec<&str> = known.agents.iter().map(|agent| agent.name.as_str()).collect();
    assert_eq!((names.as_slice(), news.failed), (["Reception", "Night", "Sales"].as_slice(), None));
    assert_eq!(known.number("+14155550123").unwrap().agents, ["agent_1"]);
    assert_eq!(
        retell.0.lock().unwrap().asked,
        [
            "/v2/list-agents?limit=50",
            "/v2/list-agents?limit=50&pagination_key=2",
            "/v2/list-phone-numbers?limit=50"
        ]
    );
    let kept = fs::read_to_string(home.path().join("account.json")).unwrap();
    assert!(kept.contains("Reception") && !kept.contains(KEY), "{kept}");
    running.stop();

    // The next start knows it at once, without a network.
    drop(runtime);
    let running = Running::start(home.path());
    running.ask(Command::Open);
    assert_eq!(running.opening().account.known.unwrap(), known);
    running.stop();
}

#[test]
fn trouble_is_told_with_what_to_do_and_forgets_nothing() {
    let (_runtime, addr, retell) = stand_in();
    let home = tempfile::tempdir().unwrap();
    let running = start(home.path(), addr);
    // What passes is asked again, and nobody hears of it.
    retell.0.lock().unwrap().trouble = vec![503, 429];
    let known = ask(&running).known;
    assert!(known.is_some());
    for (trouble, says) in [
        (vec![402], "Billing"),
        (vec![422], "(busy)"),
        (vec![401], "does not know this API key"),
        (vec![500, 500, 500], "status 500"),
    ] {
        retell.0.lock().unwrap().trouble = trouble;
        let news = ask(&running);
        assert!(news.failed.as_deref().unwrap().contains(says), "{:?}", news.failed);
        assert_eq!(news.known, known);
    }
    running.ask(Command::SetKey("key_of_somebody_else".into()));
    let news = ask(&running);
    assert!(news.failed.unwrap().contains("does not know this API key"));
    running.stop();
}

#[test]
fn checks_know_what_retell_told_and_changes_there_are_noticed() {
    let (_runtime, addr, retell) = stand_in();
    let home = tempfile::tempdir().unwrap();
    let running = start(home.path(), addr);
    running.publish(table());
    ask(&running);
    let found = running.hear(|event| match event {
        Event::Checked { findings, .. } => {
            let lost = findings.iter().any(|finding| finding.kind == FindingKind::AgentUnknown);
            lost.then_some(findings)
        }
        _ => None,
    });
    let said = |kind: FindingKind| -> Vec<Place> {
        found.iter().filter(|finding| finding.kind == kind).map(|finding| finding.place.clone()).collect()
    };
    assert_eq!(said(FindingKind::AgentUnknown), [Place::Agent("gone".into())]);
    assert_eq!(said(FindingKind::AgentSuspended), [Place::Agent("night".into())]);
    assert_eq!(said(FindingKind::NoSafetyNet), [Place::Line("side".into())]);

    {
        let mut account = retell.0.lock().unwrap();
        account.numbers[0]["inbound_agents"] = json!([]);
        account.numbers[0]["inbound_webhook_url"] = json!(null);
        account.numbers.pop();
    }
    running.ask(Command::AskRetell);
    let notes: Vec<String> = (0..3)
        .map(|_| running.hear(|event| if let Event::Note(note) = event { Some(note.text) } else { None }))
        .collect();
    for (note, says) in notes.iter().zip([
        "“Main line” has lost its own agent at Retell",
        "no longer asks anybody about calls to “Main line”",
        "“Side line” is no longer among your numbers",
    ]) {
        assert!(note.contains(says), "{notes:?}");
    }
    running.stop();
}

#[test]
fn a_damaged_file_is_kept_beside_and_asked_for_anew() {
    let (_runtime, addr, _retell) = stand_in();
    let home = tempfile::tempdir().unwrap();
    fs::write(home.path().join("account.json"), "{\"format\":1,").unwrap();
    let running = start(home.path(), addr);
    let said: Vec<String> =
        running.program.troubles().iter().map(|trouble| trouble.message.clone()).collect();
    assert!(said.iter().any(|said| said.contains("asked for anew")), "{said:?}");
    assert!(ask(&running).known.is_some());
    let kept =
        fs::read_dir(home.path()).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap());
    assert!(kept.into_iter().any(|name| name.starts_with("account.json.rejected")));
    running.stop();
}
