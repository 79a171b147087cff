//! Raw sockets: requests as Retell sends them, and as nobody should.
#![allow(dead_code, reason = "each test file uses a part")]

use std::net::SocketAddr;
use std::time::Duration;

use switchboard::retell::signature::{ApiKey, sign};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::{Instant, timeout};

/// Far longer than anything here takes; only a hanging test meets it.
pub(crate) const PATIENCE: Duration = Duration::from_secs(30);

#[derive(Debug, Clone)]
pub(crate) struct Answer {
    /// 0 if the connection ended without an answer.
    pub(crate) status: u16,
    pub(crate) head: String,
    pub(crate) body: String,
    /// From connecting to the end of the answer; zero if only reading it was asked for.
    pub(crate) took: Duration,
}

/// A request as Retell sends it, with more header lines.
pub(crate) fn post(body: &[u8], headers: &str) -> Vec<u8> {
    let length = body.len();
    let head =
        format!("POST /webhook/inbound HTTP/1.1\r\nHost: x\r\nContent-Length: {length}\r\n{headers}\r\n");
    [head.as_bytes(), body].concat()
}

/// A request that Retell signed with this key at this time.
pub(crate) fn signed(key: &str, body: &str, at_ms: i64) -> Vec<u8> {
    let signature = sign(&ApiKey::new(key), body.as_bytes(), at_ms);
    post(body.as_bytes(), &format!("x-retell-signature: {signature}\r\n"))
}

/// Sends bytes on a new connection and reads to its end. Status 0 where nobody listens.
pub(crate) async fn send(addr: SocketAddr, request: &[u8]) -> Answer {
    let started = Instant::now();
    let Ok(mut socket) = TcpStream::connect(addr).await else {
        return Answer { status: 0, head: String::new(), body: String::new(), took: started.elapsed() };
    };
    // The server may answer and close before it has been sent everything.
    let _ = socket.write_all(request).await;
    let answer = read_answer(&mut socket).await;
    Answer { took: started.elapsed(), ..answer }
}

pub(crate) async fn read_answer(socket: &mut TcpStream) -> Answer {
    let mut bytes = Vec::new();
    // A reset after the answer is an end like any other.
    let _ = timeout(PATIENCE, socket.read_to_end(&mut bytes)).await.expect("an end");
    let text = String::from_utf8(bytes).unwrap();
    let (head, body) = text.split_once("\r\n\r\n").unwrap_or_default();
    let status = head.split(' ').nth(1).map_or(0, |status| status.parse().unwrap());
    Answer { status, head: head.to_lowercase(), body: body.to_owned(), took: Duration::ZERO }
}
