//! The server over raw sockets: hostile, slow and broken senders, and that a genuine request
//! is answered beside them.
#![allow(clippy::unwrap_used, clippy::expect_used)]

#[path = "support/http.rs"]
mod http;

use std::sync::atomic::Ordering;
use std::time::Duration;

use http::{ANSWER, PATIENCE, Server, Told, genuine, post, read_answer, signature_line};
use serde::Deserialize;
use serde_json::Value;
use switchboard::server::Limits;
use switchboard::service::SpoiledReason;
use tokio::io::AsyncWriteExt;
use tokio::net::TcpStream;
use tokio::time::timeout;

fn short() -> Limits {
    Limits {
        header: Duration::from_millis(300),
        body: Duration::from_millis(300),
        // So that it is the two above that end a connection.
        whole: PATIENCE * 2,
        stop_finish: Duration::from_millis(300),
        stop_hard: Duration::from_millis(600),
        ..Limits::default()
    }
}

#[derive(Deserialize)]
struct PolicyCase {
    id: String,
    method: String,
    api_key: String,
    body: String,
    now_ms: i64,
    status: Value,
    #[serde(default)]
    headers: Vec<(String, String)>,
    #[serde(default)]
    headers_hex: Vec<(String, String)>,
    query: Option<String>,
}

impl PolicyCase {
    fn request(&self) -> Vec<u8> {
        let query = self.query.as_ref().map(|query| format!("?{query}")).unwrap_or_default();
        let length = self.body.len();
        let mut request = format!(
            "{} /webhook/inbound{query} HTTP/1.1\r\nHost: x\r\nContent-Length: {length}\r\n",
            self.method
        )
        .into_bytes();
        let texts = self.headers.iter().map(|(name, value)| (name, value.clone().into_bytes()));
        let bytes = self.headers_hex.iter().map(|(name, hex)| (name, hex::decode(hex).unwrap()));
        for (name, value) in texts.chain(bytes) {
            request.extend([name.as_bytes(), b": ", &value, b"\r\n"].concat());
        }
        request.extend([b"\r\n", self.body.as_bytes()].concat());
        request
    }
}

#[tokio::test]
async fn every_http_case_gets_its_status() {
    let file: Value = serde_json::from_str(include_str!("data/retell-vectors.json")).unwrap();
    let cases: Vec<PolicyCase> = serde_json::from_value(file["http_policy"].clone()).unwrap();
    assert_eq!(cases.len(), 11);
    for case in cases {
        let server = Server::start_with(Limits::default(), &case.api_key, case.now_ms).await;
        let answer = server.send(&case.request()).await;
        let expected = match &case.status {
            Value::Array(any_of) => any_of.clone(),
            one => vec![one.clone()],
        };
        assert!(expected.contains(&answer.status.into()), "{}: {}", case.id, answer.head);
        assert!(answer.status == 200 || answer.body.is_empty(), "{}: {}", case.id, answer.body);
    }
}

#[tokio::test]
async fn nothing_else_is_to_be_found() {
    let server = Server::start(Limits::default()).await;
    for line in [
        "GET / HTTP/1.1",
        "POST / HTTP/1.1",
        "POST /webhook HTTP/1.1",
        "POST /webhook/inbound/ HTTP/1.1",
        "POST /webhook/inbound/x HTTP/1.1",
        "POST /healthz HTTP/1.1",
        "GET /../healthz HTTP/1.1",
    ] {
        let answer = server.send(format!("{line}\r\nHost: x\r\n\r\n").as_bytes()).await;
        assert_eq!((answer.status, answer.body.as_str()), (404, ""), "{line}");
    }
}

#[tokio::test]
async fn health_is_one_word() {
    let server = Server::start(Limits::default()).await;
    let request = b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n";
    let answer = server.send(request).await;
    assert_eq!((answer.status, answer.body.as_str()), (200, "ok"));
    server.fake.healthy.store(false, Ordering::Relaxed);
    let answer = server.send(request).await;
    assert_eq!((answer.status, answer.body.as_str()), (503, "degraded"));
}

#[tokio::test]
async fn an_answer_is_json_and_told_to_be_delivered() {
    let server = Server::start(Limits::default()).await;
    let answer = server.send(&genuine(b"{}")).await;
    assert_eq!((answer.status, answer.body.as_str()), (200, ANSWER));
    assert!(answer.head.contains("content-type: application/json"), "{}", answer.head);
    assert!(answer.head.contains("connection: close"), "{}", answer.head);
    server.until(Told::Delivered).await;
}

#[tokio::test]
async fn a_chunked_body_is_verified_as_one() {
    let server = Server::start(Limits::default()).await;
    let head = "POST /webhook/inbound HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n";
    let signature = signature_line(b"{\"a\":1}");
    let request = format!("{head}{signature}\r\n3\r\n{{\"a\r\n4\r\n\":1}}\r\n0\r\n\r\n");
    assert_eq!(server.send(request.as_bytes()).await.status, 200);
}

#[tokio::test]
async fn bodies_are_taken_up_to_64_kib() {
    let server = Server::start(Limits::default()).await;
    assert_eq!(server.send(&genuine(&vec![b'x'; 64 * 1024])).await.status, 200);
    for size in [64 * 1024 + 1, 1024 * 1024] {
        let answer = server.send(&genuine(&vec![b'x'; size])).await;
        assert_eq!((answer.status, answer.body.as_str()), (413, ""), "{size}");
        server.until(Told::Spoiled(SpoiledReason::TooLarge)).await;
    }
    let chunk = format!("10000\r\n{}\r\n", "x".repeat(0x10000));
    let head = "POST /webhook/inbound HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n";
    let endless = format!("{head}{}0\r\n\r\n", chunk.repeat(16));
    assert_eq!(server.send(endless.as_bytes()).await.status, 413);
    server.until(Told::Spoiled(SpoiledReason::TooLarge)).await;
    server.assert_answers().await;
}

#[tokio::test]
async fn headers_are_taken_up_to_16_kib_and_64_fields() {
    let server = Server::start(Limits::default()).await;
    let signature = signature_line(b"{}");
    // Host, Content-Length and the signature are three of them.
    let fields = |n: usize| format!("{signature}{}", "x-a: b\r\n".repeat(n - 3));
    assert_eq!(server.send(&post(b"{}", &fields(64))).await.status, 200);
    assert_eq!(server.send(&post(b"{}", &fields(65))).await.status, 431);
    let long = |n: usize| format!("{signature}x-a: {}\r\n", "b".repeat(n));
    assert_eq!(server.send(&post(b"{}", &long(15_000))).await.status, 200);
    assert_eq!(server.send(&post(b"{}", &long(20_000))).await.status, 431);
}

#[tokio::test]
async fn requests_that_can_be_read_two_ways_are_refused() {
    let server = Server::start(Limits::default()).await;
    for odd in [
        "Content-Length: 2\r\nContent-Length: 3\r\n",
        "Content-Length: +2\r\n",
        "Content-Length: 99999999999999999999\r\n",
        "Transfer-Encoding: gzip\r\n",
        "x-a: b\r\n c\r\n",
        "x-a: \0\r\n",
        "x-a : b\r\n",
    ] {
        let request = format!("POST /webhook/inbound HTTP/1.1\r\nHost: x\r\n{odd}\r\n{{}}");
        assert_eq!(server.send(request.as_bytes()).await.status, 400, "{odd:?}");
    }
    server.assert_answers().await;
}

#[tokio::test]
async fn half_a_header_is_closed_in_time() {
    let server = Server::start(short()).await;
    for half in ["", "POST /webhook/inbound HTT", "POST /webhook/inbound HTTP/1.1\r\nHost: x\r\n"] {
        let answer = server.send(half.as_bytes()).await;
        assert!(matches!(answer.status, 0 | 408), "{half:?}: {}", answer.head);
    }
    server.assert_answers().await;
}

#[tokio::test]
async fn half_a_body_is_closed_in_time_and_told() {
    let server = Server::start(short()).await;
    let whole = genuine(b"{\"a\":1}");
    let half = &whole[..whole.len() - 2];
    assert_eq!(server.send(half).await.status, 408);
    server.until(Told::Spoiled(SpoiledReason::TooSlow)).await;

    let server = Server::start(Limits::default()).await;
    let mut socket = server.connect().await;
    socket.write_all(half).await.unwrap();
    drop(socket);
    server.until(Told::Spoiled(SpoiledReason::CutOff)).await;
    server.assert_answers().await;
}

#[tokio::test]
async fn idle_and_slow_sockets_keep_no_genuine_request_out() {
    // The time limits are of no help here: only the number of sockets is.
    let patient = Limits {
        header: PATIENCE * 2,
        body: PATIENCE * 2,
        whole: PATIENCE * 2,
        sockets: 64,
        ..Limits::default()
    };
    let server = Server::start(patient).await;
    let whole = genuine(b"{\"a\":1}");
    for part in [&b""[..], b"POST /webhook/inbound HTTP/1.1\r\nx-slow: ", &whole[..whole.len() - 2]] {
        let mut hostile = Vec::new();
        for _ in 0..200 {
            let mut socket = server.connect().await;
            socket.write_all(part).await.unwrap();
            hostile.push(socket);
        }
        for _ in 0..5 {
            server.assert_answers().await;
        }
        // The oldest had to go, and with no word.
        assert_eq!(read_answer(&mut hostile[0]).await.status, 0);
    }
}

#[tokio::test]
async fn requests_being_answered_are_never_dropped_for_new_ones() {
    let server = Server::start(Limits { sockets: 4, ..Limits::default() }).await;
    server.fake.gate.forget_permits(usize::MAX);
    let mut waiting = Vec::new();
    for _ in 0..4 {
        let mut socket = server.connect().await;
        socket.write_all(&genuine(b"{}")).await.unwrap();
        server.until(Told::Started).await;
        waiting.push(socket);
    }
    // The fifth waits in line and is answered after them.
    let mut fifth = server.connect().await;
    fifth.write_all(&genuine(b"{}")).await.unwrap();
    waiting.push(fifth);
    server.fake.gate.add_permits(100);
    for socket in &mut waiting {
        assert_eq!(read_answer(socket).await.status, 200);
    }
}

#[tokio::test]
async fn a_sender_that_hangs_up_stops_nothing() {
    let server = Server::start(Limits::default()).await;
    server.fake.gate.forget_permits(usize::MAX);
    let mut socket = server.connect().await;
    socket.write_all(&genuine(b"{}")).await.unwrap();
    server.until(Told::Started).await;
    drop(socket);
    // One more round trip, so that the server has seen the end of the other connection.
    assert_eq!(server.send(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n").await.status, 404);
    server.fake.gate.add_permits(1);
    server.until(Told::Answered(200)).await;
    server.until(Told::NotDelivered).await;
}

#[tokio::test]
async fn a_panic_costs_only_its_own_request() {
    let server = Server::start(Limits::default()).await;
    let answer = server.send(&genuine(b"panic")).await;
    assert_eq!((answer.status, answer.body.as_str()), (500, ""));
    server.assert_answers().await;
}

#[tokio::test]
async fn stopping_answers_what_is_open_and_waits_for_no_half_header() {
    let server = Server::start(short()).await;
    let mut half = server.connect().await;
    half.write_all(b"POST /webhook/inbound HTTP/1.1\r\n").await.unwrap();
    server.fake.gate.forget_permits(usize::MAX);
    let mut open = server.connect().await;
    open.write_all(&genuine(b"{}")).await.unwrap();
    server.until(Told::Started).await;

    server.stop.send(()).unwrap();
    server.fake.gate.add_permits(1);
    assert_eq!(read_answer(&mut open).await.status, 200);
    timeout(PATIENCE, server.running).await.unwrap().unwrap();
    assert!(matches!(read_answer(&mut half).await.status, 0 | 408));
    assert!(TcpStream::connect(server.addr).await.is_err());
}

#[tokio::test]
async fn stopping_ends_even_if_an_answer_never_comes() {
    let server = Server::start(short()).await;
    server.fake.gate.forget_permits(usize::MAX);
    let mut open = server.connect().await;
    open.write_all(&genuine(b"{}")).await.unwrap();
    server.until(Told::Started).await;
    server.stop.send(()).unwrap();
    timeout(PATIENCE, server.running).await.unwrap().unwrap();
    assert_eq!(read_answer(&mut open).await.status, 0);
}
