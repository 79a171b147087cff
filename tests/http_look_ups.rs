//! Web look-ups against real servers on loopback ports: what calls get, and what nobody may get.
#![allow(clippy::unwrap_used, clippy::expect_used)]

#[path = "support/program.rs"]
mod program;
#[path = "http_look_ups/server.rs"]
mod server;
#[path = "http_look_ups/whole.rs"]
mod whole;

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, Utc};
use serde_json::{Value, json};
use server::{Says, Server};
use switchboard::plugins::{Ask, Found, Host, Registry, Web};
use switchboard::routing::{Call, Caller, Facts, Table, UsedLookUp, Vocabulary};

const SECRET: &str = "tok_5up3rs3cr3t";

fn at() -> DateTime<Utc> {
    "2026-03-02T15:00:00Z".parse().unwrap()
}

fn ask(from: &str) -> Ask {
    let from = if from.is_empty() { Caller::Withheld } else { Caller::Number(from.into()) };
    Ask { call: Arc::new(Call::new(from, "+14155550123")), at: at() }
}

/// Settings for this server with the usual facts, and whatever `more` says on top.
fn settings(server: &Server, more: Value) -> Value {
    let mut settings = json!({
        "url": format!("{}/customers?phone={{{{caller.number}}}}", server.url()),
        "facts": [
            { "name": "tier", "pointer": "/customer/tier", "if_none": "new", "if_it_fails": "standard" },
            { "name": "orders", "pointer": "/customer/orders", "type": "number" },
        ],
        "time_limit_ms": 400,
        "not_found_is_answer": true,
        "allow_private": true,
        "allow_http": true,
    });
    let Value::Object(more) = more else { panic!("settings have fields") };
    for (field, value) in more {
        settings[field] = value;
    }
    settings
}

fn table(settings: Value) -> Table {
    let mut table = Table::empty("US", "America/New_York");
    let (id, name, plugin) = ("crm".to_owned(), "CRM".to_owned(), "http".to_owned());
    table.look_ups.push(UsedLookUp { id, name, plugin, enabled: true, settings });
    table
}

/// A registry whose plugins know one secret of this server.
fn registry(server: &Server, secrets: &[&str]) -> Registry {
    registry_with(Host::default(), server, secrets)
}

fn registry_with(host: Host, server: &Server, secrets: &[&str]) -> Registry {
    let named: BTreeMap<String, Arc<str>> =
        secrets.iter().map(|name| (format!("{} {name}", server.url()), Arc::from(SECRET))).collect();
    host.secrets.replace(named);
    Registry::with_host(host)
}

/// What a call gets from the look-up: as the service asks, failure values included.
async fn find(registry: &Registry, table: &Table, from: &str) -> (Facts, Result<Option<String>, String>) {
    assert_eq!(registry.check(table), [], "the table is right");
    let opened = registry.look_ups(table).pop().expect("the look-up is in use");
    match opened.look_up.find(ask(from)).await {
        Ok(Found { facts, note }) => (facts, Ok(note)),
        Err(fault) => {
            let mut facts = opened.look_up.instead();
            opened.gives.iter().for_each(|name| facts.set_missing(name, fault.to_string()));
            (facts, Err(fault.to_string()))
        }
    }
}

fn words(facts: &Facts, name: &str) -> String {
    match (facts.get(name), facts.why_missing(name)) {
        (Some(value), _) => value.words(),
        (None, Some(why)) => format!("? {why}"),
        (None, None) => "nothing at all".into(),
    }
}

#[tokio::test]
async fn an_answer_becomes_facts() {
    let server = Server::start(|_| Says::json(json!({ "customer": { "tier": "gold", "orders": 7 } }))).await;
    let (registry, table) = (registry(&server, &[]), table(settings(&server, json!({}))));
    let (facts, came) = find(&registry, &table, "+14155552671").await;
    assert_eq!(came, Ok(None));
    assert_eq!(words(&facts, "crm.tier"), "gold");
    assert_eq!(words(&facts, "crm.orders"), "7");
    assert_eq!(words(&facts, "crm.found"), "yes");
    assert_eq!(server.asked()[0].line, "GET /customers?phone=%2B14155552671 HTTP/1.1");
    for name in registry.facts(&table).keys().filter(|name| name.starts_with("crm.")) {
        assert!(facts.get(name).is_some(), "{name} is declared and given");
    }
}

#[tokio::test]
async fn every_kind_of_bad_answer_is_told_and_gives_the_failure_value() {
    let big = "x".repeat(300 * 1024);
    for (says, fault, tier) in [
        (Says::status(500, "boom"), "CRM failed: it answered 500: the server is in trouble", "standard"),
        (Says::status(401, ""), "CRM failed: it answered 401: it wants a valid token or log-in", "standard"),
        (Says::status(429, ""), "CRM failed: it answered 429: it was asked too often", "standard"),
        (Says::status(200, "<html>"), "CRM failed: its answer is not JSON", "standard"),
        (Says::status(200, "{\"customer\":"), "CRM failed: its answer is not JSON", "standard"),
        (Says::status(200, &"[".repeat(1000)), "CRM failed: its answer is not JSON", "standard"),
        (Says::status(200, &big), "CRM failed: the answer is larger than 256 KB", "standard"),
        (Says::Silence, "CRM did not answer within 400 ms", "standard"),
        (Says::Drip, "CRM did not answer within 400 ms", "standard"),
        (Says::Endless, "CRM failed: the answer is larger than 256 KB", "standard"),
        (Says::HangUp, "CRM failed: the connection broke off", "standard"),
        (
            Says::redirect("/customers?again"),
            "CRM failed: the server only points elsewhere, again and again",
            "standard",
        ),
        (Says::redirect("ftp://files.example/"), "CRM failed: the address cannot be asked", "standard"),
    ] {
        let named = format!("{says:?}").chars().take(80).collect::<String>();
        let server = Server::start(move |_| says.clone()).await;
        let (registry, table) = (registry(&server, &[]), table(settings(&server, json!({}))));
        let (facts, came) = find(&registry, &table, "+14155552671").await;
        let told = came.unwrap_err();
        assert!(told.starts_with(fault), "{named}: {told}");
        assert_eq!(words(&facts, "crm.tier"), tier, "{named}");
        assert_eq!(words(&facts, "crm.orders"), format!("? {told}"), "{named}");
        assert_eq!(words(&facts, "crm.found"), format!("? {told}"), "{named}");
    }
}

#[tokio::test]
async fn nothing_found_and_odd_answers_are_no_failures() {
    for (says, from, tier, orders, found, note) in [
        (
            Says::status(404, "{}"),
            "+14155552671",
            "new",
            "? the server knows nothing of this caller",
            "no",
            "the server knows nothing of this caller",
        ),
        (
            Says::status(204, ""),
            "+14155552671",
            "new",
            "? the server's answer is empty",
            "no",
            "the server's answer is empty",
        ),
        (Says::json(json!({ "customer": null })), "+14155552671", "new", "? the answer has none", "no", ""),
        (Says::json(json!([])), "+14155552671", "new", "? the answer has none", "no", ""),
        (
            Says::json(json!({ "customer": { "tier": ["a"], "orders": "many" } })),
            "+14155552671",
            "standard",
            "? orders is a text in the answer, and a number was expected",
            "yes",
            "tier is a list in the answer, and a text was expected; orders is a text in the answer, and a number was expected",
        ),
        (
            Says::status(500, "never asked"),
            "",
            "new",
            "? the caller's number is withheld",
            "no",
            "not asked, as the caller's number is withheld",
        ),
    ] {
        let server = Server::start(move |_| says.clone()).await;
        let (registry, table) = (registry(&server, &[]), table(settings(&server, json!({}))));
        let (facts, came) = find(&registry, &table, from).await;
        assert_eq!(came, Ok((!note.is_empty()).then(|| note.to_owned())));
        assert_eq!(words(&facts, "crm.tier"), tier, "{note}");
        assert_eq!(words(&facts, "crm.orders"), orders, "{note}");
        assert_eq!(words(&facts, "crm.found"), found, "{note}");
        assert_eq!(server.asked().len(), usize::from(!from.is_empty()));
    }
}

#[tokio::test]
async fn a_server_that_is_not_there_is_told() {
    let server = Server::start(|_| Says::Silence).await;
    let table = table(settings(&server, json!({ "url": "http://127.0.0.1:9/?p={{caller.digits}}" })));
    let (_, came) = find(&registry(&server, &[]), &table, "+14155552671").await;
    let told = came.unwrap_err();
    assert!(told.starts_with("CRM failed: the server could not be reached ("), "{told}");
}

#[tokio::test]
async fn secrets_arrive_in_their_places_and_values_cannot_break_out() {
    let server = Server::start(|_| Says::json(json!({}))).await;
    let registry = registry(&server, &["authorization", "x-key", "?key"]);
    let send = json!([
        { "as": "bearer" },
        { "as": "secret_header", "name": "X-Key" },
        { "as": "secret_in_address", "name": "key" },
        { "as": "header", "name": "X-Line", "value": "{{line.number}}" },
    ]);
    let body = json!({ "json": "{\"phone\": \"{{caller.number}}\", \"n\": 1}" });
    let more = json!({ "method": "POST", "send": send, "body": body });
    let odd = "+1\" , &x=1\\/../";
    let (_, came) = find(&registry, &table(settings(&server, more)), odd).await;
    assert_eq!(came, Ok(None));
    let asked = &server.asked()[0];
    let escaped = "%2B1%22%20%2C%20%26x%3D1%5C%2F..%2F";
    assert_eq!(asked.line, format!("POST /customers?phone={escaped}&key={SECRET} HTTP/1.1"));
    assert_eq!(asked.header("authorization"), format!("Bearer {SECRET}"));
    assert_eq!(asked.header("x-key"), SECRET);
    assert_eq!(asked.header("x-line"), "+14155550123");
    assert_eq!(asked.header("content-type"), "application/json");
    assert_eq!(serde_json::from_str::<Value>(&asked.body).unwrap(), json!({ "phone": odd, "n": 1 }));

    let send = json!([{ "as": "log_in", "value": "shop" }]);
    let body = json!({ "form": "phone={{caller.number}}&shop=12" });
    let more = json!({ "method": "POST", "send": send, "body": body });
    find(&registry, &table(settings(&server, more)), "+1&a=b").await.1.unwrap();
    let asked = &server.asked()[1];
    // "shop:tok_5up3rs3cr3t" in base64.
    assert_eq!(asked.header("authorization"), "Basic c2hvcDp0b2tfNXVwM3JzM2NyM3Q=");
    assert_eq!(asked.header("content-type"), "application/x-www-form-urlencoded");
    assert_eq!(asked.body, "phone=%2B1%26a%3Db&shop=12");
}

#[tokio::test]
async fn a_secret_goes_to_its_own_server_only() {
    let other = Server::start(|_| Says::json(json!({ "customer": { "tier": "from elsewhere" } }))).await;
    let to = format!("{}/there", other.url());
    let server = Server::start(move |_| Says::redirect(&to)).await;
    let registry = registry(&server, &["authorization"]);
    let send = json!({ "send": [{ "as": "bearer" }] });
    // Where an answer points to, it is not told.
    let (facts, _) = find(&registry, &table(settings(&server, send.clone())), "+14155552671").await;
    assert_eq!(words(&facts, "crm.tier"), "from elsewhere");
    assert!(server.asked()[0].header("authorization").contains(SECRET));
    assert_eq!(other.asked()[0].header("authorization"), "");
    // A table that names another server gets none.
    let (_, came) = find(&registry, &table(settings(&other, send)), "+14155552671").await;
    let told = came.unwrap_err();
    let expected = format!(
        "CRM failed: its secret “Authorization” for {} is not on this computer; enter it on the look-up's page",
        other.url()
    );
    assert_eq!(told, expected);
    assert_eq!(other.asked().len(), 1, "it was not asked without");
}

#[tokio::test]
async fn own_networks_and_plain_http_need_leave() {
    let inside = Server::start(|_| Says::json(json!({}))).await;
    let port = inside.url().rsplit(':').next().unwrap().to_owned();
    for host in ["127.0.0.1", "localhost", "[::ffff:127.0.0.1]", "0x7f.1", "169.254.169.254", "[::1]"] {
        let url = format!("http://{host}:{port}/?p={{{{caller.digits}}}}");
        let table = table(settings(&inside, json!({ "url": url, "allow_private": false })));
        let (_, came) = find(&registry(&inside, &[]), &table, "+14155552671").await;
        let told = came.unwrap_err();
        assert!(told.contains("is an address inside your own network; allow that"), "{host}: {told}");
    }
    assert_eq!(inside.asked().len(), 0);
    let table = table(settings(&inside, json!({ "allow_http": false })));
    let told = registry(&inside, &[]).check(&table)[0].to_string();
    assert!(told.contains("the address is not encrypted; write https://"), "{told}");
}

#[tokio::test]
async fn answers_are_remembered_by_caller() {
    let server = Server::start(|nth| Says::json(json!({ "customer": { "orders": nth } }))).await;
    let more = json!({ "remember_s": 60, "facts": [{ "name": "orders", "pointer": "/customer/orders", "type": "number" }] });
    let (registry, table) = (registry(&server, &[]), table(settings(&server, more)));
    let orders = async |from: &str| {
        // A table that is published anew, or tried, still remembers as long as one is at work.
        let (facts, came) = find(&registry, &table, from).await;
        (words(&facts, "crm.orders"), came.unwrap())
    };
    let _at_work = registry.look_ups(&table);
    assert_eq!(orders("+14155552671").await, ("1".into(), None));
    let from_memory = Some("from memory, 0 s old".to_owned());
    assert_eq!(orders("+14155552671").await, ("1".into(), from_memory.clone()));
    assert_eq!(orders("+4930901820").await, ("2".into(), None), "another caller is another question");
    assert_eq!(orders("+4930901820").await, ("2".into(), from_memory));
    assert_eq!(server.asked().len(), 2);
}

#[tokio::test]
async fn an_answer_that_comes_too_late_is_there_for_the_next_call() {
    let server =
        Server::start(|_| Says::Late(Duration::from_millis(700), json!({ "customer": { "tier": "gold" } })))
            .await;
    let (registry, table) = (registry(&server, &[]), table(settings(&server, json!({ "remember_s": 60 }))));
    let _at_work = registry.look_ups(&table);
    let (facts, came) = find(&registry, &table, "+14155552671").await;
    assert_eq!(
        (words(&facts, "crm.tier").as_str(), came),
        ("standard", Err("CRM did not answer within 400 ms".into()))
    );
    for _ in 0..200 {
        let (facts, came) = find(&registry, &table, "+14155552671").await;
        if let Ok(Some(note)) = came {
            assert!(note.starts_with("from memory"), "{note}");
            assert_eq!(words(&facts, "crm.tier"), "gold");
            return;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    panic!("it was never remembered");
}

#[tokio::test]
async fn a_server_that_fails_again_and_again_is_left_in_peace() {
    let server = Server::start(|_| Says::status(500, "")).await;
    let (registry, table) = (registry(&server, &[]), table(settings(&server, json!({}))));
    let _at_work = registry.look_ups(&table);
    for _ in 0..3 {
        find(&registry, &table, "+14155552671").await.1.unwrap_err();
    }
    let (facts, came) = find(&registry, &table, "+14155552671").await;
    let told = came.unwrap_err();
    assert!(told.starts_with("CRM failed: it is left in peace for "), "{told}");
    assert!(
        told.ends_with("as it failed again and again: it answered 500: the server is in trouble"),
        "{told}"
    );
    assert_eq!(words(&facts, "crm.tier"), "standard");
    assert_eq!(server.asked().len(), 3, "the fourth call did not ask it");
}

#[tokio::test]
async fn https_is_checked_against_authorities() {
    let (server, authority) =
        Server::start_tls(|_| Says::json(json!({ "customer": { "tier": "gold" } }))).await;
    for (web, expected) in
        [(Web::trusting(authority), Ok("gold")), (Web::default(), Err("the server could not be reached"))]
    {
        let registry = registry_with(Host { web, ..Host::default() }, &server, &[]);
        let table = table(settings(&server, json!({ "allow_http": false, "time_limit_ms": 1400 })));
        let (facts, came) = find(&registry, &table, "+14155552671").await;
        match expected {
            Ok(tier) => assert_eq!((words(&facts, "crm.tier").as_str(), came), (tier, Ok(None))),
            Err(part) => assert!(came.clone().unwrap_err().contains(part), "{came:?}"),
        }
    }
}

#[test]
fn bad_settings_give_a_sentence() {
    let url = "https://crm.example.com/c?p={{caller.number}}";
    let facts = json!([{ "name": "tier", "pointer": "/tier" }]);
    for (settings, part) in [
        (json!({}), "it has no address; write one like"),
        (json!({ "url": "crm.example.com" }), "the address cannot be read"),
        (json!({ "url": "ftp://crm.example.com/" }), "the address must start with https://"),
        (json!({ "url": "http://crm.example.com/" }), "the address is not encrypted"),
        (json!({ "url": "https://{{caller.digits}}.example.com/" }), "write placeholders only behind it"),
        (json!({ "url": "https://crm.example.com:{{caller.digits}}/" }), ";"),
        (json!({ "url": "https://user:pass@crm.example.com/" }), "take it out, and send a log-in along"),
        (
            json!({ "url": "https://crm.example.com/{{contact.name}}" }),
            "{{contact.name}} is not known before",
        ),
        (json!({ "url": "https://crm.example.com/{{caller.number" }), "end it with }}"),
        (json!({ "url": url, "facts": [{ "name": "Tier" }] }), "cannot be the name of a fact"),
        (json!({ "url": url, "facts": [{ "name": "found" }] }), "choose another name"),
        (json!({ "url": url, "facts": [{ "name": "a" }, { "name": "a" }] }), "rename one of the two"),
        (
            json!({ "url": url, "facts": [{ "name": "a", "pointer": "tier" }] }),
            "is not a place in the answer",
        ),
        (json!({ "url": url, "facts": [{ "name": "a", "type": "time" }] }), "cannot be of this type"),
        (
            json!({ "url": url, "facts": [{ "name": "a", "type": "number", "if_none": "x" }] }),
            "“x” is not a number",
        ),
        (json!({ "url": url, "facts": facts, "time_limit_ms": 5000 }), "choose one from 100 to 1400 ms"),
        (json!({ "url": url, "facts": facts, "send": [{ "as": "header" }] }), "has no name"),
        (
            json!({ "url": url, "facts": facts, "send": [{ "as": "header", "name": "Host" }] }),
            "sent by Switchboard itself",
        ),
        (
            json!({ "url": url, "facts": facts, "send": [{ "as": "header", "name": "a b" }] }),
            "cannot be the name of a header",
        ),
        (
            json!({ "url": url, "facts": facts, "method": "POST", "body": { "json": "{\"p\": {{caller.digits}}}" } }),
            "put placeholders in quotes",
        ),
        (json!({ "url": url, "token": "abc" }), "cannot be read"),
    ] {
        let problems = Registry::built_in().check(&table(settings));
        let told = problems.first().map(ToString::to_string).unwrap_or_default();
        assert!(told.contains(part) && told.contains(';'), "{part}: {told}");
    }
}
