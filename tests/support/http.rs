//! A server with a receiver that only verifies, and a sender over raw sockets.

#[path = "wire.rs"]
mod wire;

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use hyper::body::Bytes;
use switchboard::retell::signature::{ApiKey, sign, verify};
use switchboard::server::{Limits, run};
use switchboard::service::{Incoming, Receiver, Reply, Spoiled, SpoiledReason};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{Mutex, Semaphore, mpsc, oneshot, watch};
use tokio::task::JoinHandle;
use tokio::time::timeout;
pub(crate) use wire::{Answer, PATIENCE, post, read_answer, send};

pub(crate) const NOW: i64 = 1_785_600_000_000;
pub(crate) const KEY: &str = "key_test";
pub(crate) const ANSWER: &str = r#"{"call_inbound":{}}"#;
/// Answers genuine requests 200 and others 401, and tells the test what happens.
pub(crate) struct Fake {
    pub(crate) key: ApiKey,
    pub(crate) now_ms: i64,
    pub(crate) healthy: AtomicBool,
    /// Answering waits for a permit; there are plenty unless a test takes them away.
    pub(crate) gate: Semaphore,
    pub(crate) told: mpsc::Sender<Told>,
}

#[derive(Debug, PartialEq)]
pub(crate) enum Told {
    Started,
    Answered(u16),
    Delivered,
    NotDelivered,
    Spoiled(SpoiledReason),
}

impl Fake {
    fn tell(&self, told: Told) {
        self.told.try_send(told).unwrap();
    }
}

impl Receiver for Fake {
    fn receive(self: Arc<Self>, incoming: Incoming) -> BoxFuture<'static, Reply> {
        async move {
            self.tell(Told::Started);
            assert!(&incoming.body[..] != b"panic", "asked for");
            self.gate.acquire().await.unwrap().forget();
            let headers: Vec<&[u8]> = incoming.signatures.iter().map(Vec::as_slice).collect();
            let keys = [self.key.clone()];
            let (status, body) = match verify(&keys, &headers, incoming.body, self.now_ms) {
                Ok(_) => (200, Bytes::from_static(ANSWER.as_bytes())),
                Err(_) => (401, Bytes::new()),
            };
            self.tell(Told::Answered(status));
            let mut delivery = Delivery { told: self.told.clone(), is_done: false };
            let delivered = move || delivery.done();
            Reply { status, body, delivered: Some(Box::new(delivered)) }
        }
        .boxed()
    }

    fn spoiled(&self, spoiled: Spoiled) {
        self.tell(Told::Spoiled(spoiled.reason));
    }

    fn healthy(&self) -> bool {
        self.healthy.load(Ordering::Relaxed)
    }
}

/// Says when it goes whether it was delivered.
pub(crate) struct Delivery {
    told: mpsc::Sender<Told>,
    is_done: bool,
}

impl Delivery {
    fn done(&mut self) {
        self.is_done = true;
    }
}

impl Drop for Delivery {
    fn drop(&mut self) {
        let told = if self.is_done { Told::Delivered } else { Told::NotDelivered };
        let _ = self.told.try_send(told);
    }
}

pub(crate) struct Server {
    pub(crate) addr: SocketAddr,
    pub(crate) fake: Arc<Fake>,
    pub(crate) told: Mutex<mpsc::Receiver<Told>>,
    pub(crate) stop: oneshot::Sender<()>,
    pub(crate) running: JoinHandle<()>,
}

impl Server {
    pub(crate) async fn start(limits: Limits) -> Self {
        Self::start_with(limits, KEY, NOW).await
    }

    pub(crate) async fn start_with(limits: Limits, key: &str, now_ms: i64) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let addr = listener.local_addr().unwrap();
        let (tell, told) = mpsc::channel(10_000);
        let fake = Arc::new(Fake {
            key: ApiKey::new(key),
            now_ms,
            healthy: AtomicBool::new(true),
            gate: Semaphore::new(10_000),
            told: tell,
        });
        let (stop, stopped) = oneshot::channel();
        let (_, no_https) = watch::channel(None);
        let running = tokio::spawn(run(listener, Arc::clone(&fake), limits, no_https, stopped));
        Self { addr, fake, told: Mutex::new(told), stop, running }
    }

    /// Waits until the receiver tells this, past whatever else it tells.
    pub(crate) async fn until(&self, wanted: Told) {
        let mut told = self.told.lock().await;
        let wait = async { while told.recv().await.expect("the receiver lives") != wanted {} };
        timeout(PATIENCE, wait).await.unwrap_or_else(|_| panic!("never told {wanted:?}"));
    }

    pub(crate) async fn connect(&self) -> TcpStream {
        TcpStream::connect(self.addr).await.unwrap()
    }

    /// Sends bytes on a new connection and reads to its end.
    pub(crate) async fn send(&self, request: &[u8]) -> Answer {
        send(self.addr, request).await
    }

    pub(crate) async fn assert_answers(&self) {
        let answer = self.send(&genuine(b"{}")).await;
        assert_eq!((answer.status, answer.body.as_str()), (200, ANSWER));
    }
}

pub(crate) fn signature_line(body: &[u8]) -> String {
    format!("x-retell-signature: {}\r\n", sign(&ApiKey::new(KEY), body, NOW))
}

pub(crate) fn genuine(body: &[u8]) -> Vec<u8> {
    post(body, &signature_line(body))
}
