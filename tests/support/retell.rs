//! A stand-in for Retell's own interface, on this computer: agents and phone numbers in pages, numbers
//! that can be changed, and each of its refusals.
#![allow(dead_code, clippy::unwrap_used, reason = "each test file uses a part")]

use std::fs;
use std::net::SocketAddr;
use std::path::Path;
use std::sync::{Arc, Mutex, MutexGuard};

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, Method, StatusCode, Uri, header};
use axum::response::IntoResponse;
use serde_json::{Value, json};
use tokio::runtime::Runtime;

use crate::program::KEY;

/// How many entries stand on a page.
const PAGE: usize = 2;

/// What it says, and what it was asked.
#[derive(Default)]
pub struct Account {
    pub agents: Vec<Value>,
    pub numbers: Vec<Value>,
    /// Statuses that come before the next real answers, the last one first.
    pub trouble: Vec<u16>,
    /// Method, path and query of each question.
    pub asked: Vec<String>,
    /// Number and body of each change that was made.
    pub changed: Vec<(String, Value)>,
    /// The owner's key counts no more.
    pub is_key_over: bool,
}

/// Whoever drives the program from another process ends the key by a request to here.
const END_THE_KEY: &str = "/stand-in/end-the-key";

/// The stand-in. It ends with the runtime that it holds.
pub struct Retell {
    account: Shared,
    pub addr: SocketAddr,
    _runtime: Runtime,
}

type Shared = Arc<Mutex<Account>>;

impl Retell {
    /// Starts with three agents and two numbers, the first of which has an agent of its own and asks
    /// somebody else.
    pub fn start() -> Self {
        let agent = |id: &str, name: &str, is_suspended: bool| {
            json!({ "agent_id": id, "agent_name": name, "channel": "voice", "is_suspended": is_suspended,
                "tags": { "prod": { "version": 3 } }, "user_modified_timestamp": 1_700_000_000_000_i64 })
        };
        let number = |number: &str, more: Value| {
            let mut whole = json!({ "phone_number": number, "phone_number_type": "retell-twilio",
                "last_modification_timestamp": 1_700_000_000_000_i64 });
            whole.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
            whole
        };
        let account = Account {
            agents: vec![
                agent("agent_1", "Reception", false),
                agent("agent_2", "Night", true),
                agent("agent_3", "Sales", false),
            ],
            numbers: vec![
                number(
                    "+14155550123",
                    json!({ "nickname": "Main line", "inbound_webhook_url": "https://old.example/hook",
                        "inbound_agents": [{ "agent_id": "agent_1", "weight": 1, "agent_version": "prod" }] }),
                ),
                number("+14155550124", json!({ "nickname": null })),
            ],
            ..Account::default()
        };
        let account = Arc::new(Mutex::new(account));
        let runtime =
            tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
        let listener = runtime.block_on(tokio::net::TcpListener::bind("127.0.0.1:0")).unwrap();
        let addr = listener.local_addr().unwrap();
        let routes = Router::new().fallback(answer).with_state(account.clone());
        runtime.spawn(async move { axum::serve(listener, routes).await });
        Self { account, addr, _runtime: runtime }
    }

    pub fn account(&self) -> MutexGuard<'_, Account> {
        self.account.lock().unwrap()
    }

    /// A field of a number, as it is there now.
    pub fn field(&self, number: &str, field: &str) -> Value {
        let account = self.account();
        account.numbers.iter().find(|one| one["phone_number"] == number).unwrap()[field].clone()
    }

    /// Somebody changes a number in the dashboard.
    pub fn set(&self, number: &str, field: &str, value: Value) {
        let mut account = self.account();
        account.numbers.iter_mut().find(|one| one["phone_number"] == number).unwrap()[field] = value;
    }

    /// Lets the program with this home ask here, without a guided start.
    pub fn settle(&self, home: &Path) {
        self.settle_with(home, "done");
    }

    /// The same, with this made of the guided start.
    pub fn settle_with(&self, home: &Path, guided_start: &str) {
        let retell = format!("http://{}", self.addr);
        let settings = json!({ "format": 1, "retell": retell, "guided_start": guided_start });
        fs::write(home.join("settings.json"), settings.to_string()).unwrap();
    }
}

/// Who is neither a number nor an agent there is not found; whoever has another key is not let in.
async fn answer(
    State(account): State<Shared>,
    method: Method,
    uri: Uri,
    headers: HeaderMap,
    body: Bytes,
) -> impl IntoResponse {
    let mut account = account.lock().unwrap();
    account.asked.push(format!("{method} {uri}"));
    let (status, answer) = account.answer(&method, &uri, &headers, &body);
    // The SDK reads nothing else as JSON.
    let kind = [(header::CONTENT_TYPE, "application/json")];
    (StatusCode::from_u16(status).unwrap(), kind, answer.to_string())
}

impl Account {
    fn answer(&mut self, method: &Method, uri: &Uri, headers: &HeaderMap, body: &Bytes) -> (u16, Value) {
        if let Some(status) = self.trouble.pop() {
            return refusal(status, "busy");
        }
        if uri.path() == END_THE_KEY {
            self.is_key_over = true;
            return (200, json!({}));
        }
        let bearer = headers.get("authorization");
        if self.is_key_over || bearer.is_none_or(|bearer| bearer != &format!("Bearer {KEY}")) {
            return refusal(401, "Invalid API key");
        }
        let wants_body = *method != Method::GET;
        let said: Value = serde_json::from_slice(body).unwrap_or_default();
        if wants_body && !said.is_object() {
            return refusal(422, "body must be an object");
        }
        match (method.as_str(), uri.path()) {
            ("POST", "/v2/list-agents") => page(&self.agents, uri),
            ("GET", "/v2/list-phone-numbers") => page(&self.numbers, uri),
            ("PATCH", path) => match path.strip_prefix("/update-phone-number/") {
                Some(number) => self.change(number, &said),
                None => refusal(404, "Not found"),
            },
            _ => refusal(404, "Not found"),
        }
    }

    fn change(&mut self, number: &str, said: &Value) -> (u16, Value) {
        let Some(known) = self.numbers.iter_mut().find(|known| known["phone_number"] == number) else {
            return refusal(404, "Phone number not found");
        };
        for (field, value) in said.as_object().unwrap() {
            let is_right = match field.as_str() {
                "inbound_webhook_url" | "inbound_sms_webhook_url" => {
                    value.is_null() || value.as_str().is_some_and(|url| url.starts_with("http"))
                }
                "inbound_agents" => {
                    let agents = value.as_array().cloned().unwrap_or_default();
                    let weights: f64 = agents.iter().filter_map(|agent| agent["weight"].as_f64()).sum();
                    value.is_null() || agents.is_empty() || (weights - 1.0).abs() < 1e-6
                }
                "nickname" => true,
                _ => false,
            };
            if !is_right {
                return refusal(422, &format!("{field} is invalid"));
            }
        }
        known.as_object_mut().unwrap().extend(said.as_object().unwrap().clone());
        self.changed.push((number.to_owned(), said.clone()));
        (200, known.clone())
    }
}

fn refusal(status: u16, message: &str) -> (u16, Value) {
    (status, json!({ "status": "error", "message": message }))
}

/// As the SDK pages through lists.
fn page(items: &[Value], uri: &Uri) -> (u16, Value) {
    let key = uri.query().unwrap_or_default().split_once("pagination_key=").map_or("0", |(_, key)| key);
    let Ok(from) = key.parse::<usize>() else { return refusal(422, "pagination_key is invalid") };
    let end = (from + PAGE).min(items.len());
    let has_more = end < items.len();
    let mut body = json!({ "items": items[from.min(end)..end], "has_more": has_more });
    if has_more {
        body["pagination_key"] = json!(end.to_string());
    }
    (200, body)
}
