//! A stand-in for the owner's server: says what it is told to, and keeps what it was asked.

use std::net::SocketAddr;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use serde_json::Value;
use tokio::io::{AsyncBufReadExt, AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt, BufReader};
use tokio::net::TcpListener;
use tokio::task::JoinHandle;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::pki_types::{CertificateDer, PrivateKeyDer};

/// What it does with a request.
#[derive(Clone, Debug)]
pub(crate) enum Says {
    /// A status, further headers, and a body.
    Whole(u16, String, String),
    /// The same JSON, after a while.
    Late(Duration, Value),
    /// Nothing, ever.
    Silence,
    /// A byte of a body at a time, slowly.
    Drip,
    /// A body without an end.
    Endless,
    /// Closes the connection.
    HangUp,
}

impl Says {
    pub(crate) fn json(value: impl Into<Value>) -> Self {
        Self::Whole(200, String::new(), value.into().to_string())
    }

    pub(crate) fn status(status: u16, body: &str) -> Self {
        Self::Whole(status, String::new(), body.to_owned())
    }

    pub(crate) fn redirect(to: &str) -> Self {
        Self::Whole(302, format!("location: {to}\r\n"), String::new())
    }
}

/// A request as it came.
#[derive(Clone, Debug, Default)]
pub(crate) struct Asked {
    pub(crate) line: String,
    headers: Vec<(String, String)>,
    pub(crate) body: String,
}

impl Asked {
    /// The value of a header; empty if it did not come.
    pub(crate) fn header(&self, name: &str) -> String {
        let found = self.headers.iter().find(|(other, _)| other == name);
        found.map(|(_, value)| value.clone()).unwrap_or_default()
    }
}

/// The server; it ends with the test.
pub(crate) struct Server {
    url: String,
    asked: Arc<Mutex<Vec<Asked>>>,
    work: JoinHandle<()>,
}

impl Drop for Server {
    fn drop(&mut self) {
        self.work.abort();
    }
}

impl Server {
    /// Starts one that says this to the first request, the second, and so on.
    pub(crate) async fn start(says: impl Fn(u64) -> Says + Send + Sync + 'static) -> Self {
        Self::run(says, None).await
    }

    /// The same over TLS, with a certificate for `localhost` that its own authority vouches for.
    pub(crate) async fn start_tls(
        says: impl Fn(u64) -> Says + Send + Sync + 'static,
    ) -> (Self, CertificateDer<'static>) {
        let made = rcgen::generate_simple_self_signed(vec!["localhost".to_owned()]).unwrap();
        let certificate = made.cert.der().clone();
        let key = PrivateKeyDer::try_from(made.signing_key.serialize_der()).unwrap();
        let provider = Arc::new(tokio_rustls::rustls::crypto::ring::default_provider());
        let config = ServerConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_no_client_auth()
            .with_single_cert(vec![certificate.clone()], key)
            .unwrap();
        (Self::run(says, Some(TlsAcceptor::from(Arc::new(config)))).await, certificate)
    }

    async fn run(says: impl Fn(u64) -> Says + Send + Sync + 'static, tls: Option<TlsAcceptor>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let addr: SocketAddr = listener.local_addr().unwrap();
        let url = match &tls {
            Some(_) => format!("https://localhost:{}", addr.port()),
            None => format!("http://{addr}"),
        };
        let asked = Arc::new(Mutex::new(Vec::new()));
        let (kept, says, count) = (asked.clone(), Arc::new(says), Arc::new(AtomicU64::new(0)));
        let work = tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let (kept, says, count, tls) = (kept.clone(), says.clone(), count.clone(), tls.clone());
                tokio::spawn(async move {
                    let next = || says(count.fetch_add(1, Ordering::Relaxed) + 1);
                    match tls {
                        None => serve(stream, &kept, next).await,
                        Some(tls) => match tls.accept(stream).await {
                            Ok(stream) => serve(stream, &kept, next).await,
                            Err(_refused) => None,
                        },
                    }
                });
            }
        });
        Self { url, asked, work }
    }

    /// Where it is: `http://127.0.0.1:4711`.
    pub(crate) fn url(&self) -> &str {
        &self.url
    }

    /// What it was asked so far.
    pub(crate) fn asked(&self) -> Vec<Asked> {
        self.asked.lock().unwrap().clone()
    }
}

/// Serves one connection, one request after the other.
async fn serve(
    stream: impl AsyncRead + AsyncWrite + Unpin,
    kept: &Mutex<Vec<Asked>>,
    next: impl Fn() -> Says,
) -> Option<()> {
    let mut stream = BufReader::new(stream);
    loop {
        let asked = read(&mut stream).await?;
        kept.lock().unwrap().push(asked);
        let (status, headers, body) = match next() {
            Says::Whole(status, headers, body) => (status, headers, body),
            Says::Late(after, json) => {
                tokio::time::sleep(after).await;
                (200, String::new(), json.to_string())
            }
            Says::Silence => std::future::pending().await,
            Says::HangUp => return None,
            slow @ (Says::Drip | Says::Endless) => {
                stream.write_all(b"HTTP/1.1 200 OK\r\n\r\n").await.ok()?;
                loop {
                    let (piece, pause) = match slow {
                        Says::Drip => (" ".to_owned(), 50),
                        _ => (" ".repeat(64 * 1024), 0),
                    };
                    stream.write_all(piece.as_bytes()).await.ok()?;
                    stream.flush().await.ok()?;
                    tokio::time::sleep(Duration::from_millis(pause)).await;
                }
            }
        };
        let length =
            if status == 204 { String::new() } else { format!("content-length: {}\r\n", body.len()) };
        let answer = format!("HTTP/1.1 {status} Some reason\r\n{headers}{length}\r\n{body}");
        stream.write_all(answer.as_bytes()).await.ok()?;
        stream.flush().await.ok()?;
    }
}

async fn read(stream: &mut (impl AsyncBufReadExt + Unpin)) -> Option<Asked> {
    let mut asked = Asked::default();
    loop {
        let mut line = String::new();
        if stream.read_line(&mut line).await.ok()? == 0 {
            return None;
        }
        let line = line.trim_end();
        match line.split_once(": ") {
            _ if line.is_empty() => break,
            _ if asked.line.is_empty() => line.clone_into(&mut asked.line),
            Some((name, value)) => asked.headers.push((name.to_lowercase(), value.to_owned())),
            None => {}
        }
    }
    let length = asked.header("content-length").parse().unwrap_or(0);
    let mut body = vec![0; length];
    stream.read_exact(&mut body).await.ok()?;
    asked.body = String::from_utf8(body).unwrap();
    Some(asked)
}
