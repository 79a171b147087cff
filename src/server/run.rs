//! The accept loop. `axum::serve` sets no time limit for headers and no number of sockets,
//! and waits without end for a half header when stopping; so this is hyper's own builder.

use std::pin::pin;
use std::sync::Arc;
use std::time::{Duration, Instant};

use axum::Router;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use rustls::ServerConfig;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio::time::{sleep, timeout};
use tokio_rustls::TlsAcceptor;
use tower::ServiceExt;

use super::connections::{Connections, Seat, Stage};
use super::limits::Limits;
use super::routes;
use crate::service::{Receiver, Spoiled, SpoiledReason};

/// What https is answered with at the moment; `None` while it is not.
pub type Https = watch::Receiver<Option<Arc<ServerConfig>>>;

/// The pause after a failed accept, which mostly means that the system is out of handles.
const ACCEPT_PAUSE: Duration = Duration::from_millis(50);

/// Serves `listener` until `shutdown` is ready; then stops accepting, lets open requests
/// finish, and returns at the latest after [`Limits::stop_hard`].
/// Plain http is answered, and https while there is something in `https` to answer it with.
pub async fn run(
    listener: TcpListener,
    receiver: Arc<impl Receiver>,
    limits: Limits,
    https: Https,
    shutdown: impl Future + Send,
) {
    let connections = Connections::new(limits.sockets);
    let receiver: Arc<dyn Receiver> = receiver;
    let router = routes::router(receiver.clone(), limits);
    let mut shutdown = pin!(shutdown);
    loop {
        let (stream, peer) = tokio::select! {
            accepted = accept(&listener, &connections) => accepted,
            _ = &mut shutdown => break,
        };
        let (router, receiver, https) = (router.clone(), receiver.clone(), https.borrow().clone());
        connections.seat(peer, |seat| serve(stream, seat, receiver, router, limits, https));
    }
    drop(listener);
    connections.stop(&limits).await;
}

async fn accept(listener: &TcpListener, connections: &Connections) -> (TcpStream, std::net::SocketAddr) {
    let mut is_logged = false;
    loop {
        connections.room().await;
        match listener.accept().await {
            Ok(accepted) => return accepted,
            Err(error) => {
                if !is_logged {
                    tracing::warn!(%error, "a connection could not be accepted, going on");
                    is_logged = true;
                }
                sleep(ACCEPT_PAUSE).await;
            }
        }
    }
}

async fn serve(
    stream: TcpStream,
    seat: Arc<Seat>,
    receiver: Arc<dyn Receiver>,
    router: Router,
    limits: Limits,
    https: Option<Arc<ServerConfig>>,
) {
    // An answer is one small packet, and the caller is hearing it ring.
    let _ = stream.set_nodelay(true);
    let connected = Instant::now();
    let Ok(other) = timeout(limits.header, other_protocol(&stream)).await else { return };
    let reason = match (other, https) {
        (None, _) => return speak(stream, seat, router, limits, connected).await,
        (Some(SpoiledReason::Https), Some(https)) => {
            let left = limits.header.saturating_sub(connected.elapsed());
            match timeout(left, TlsAcceptor::from(https).accept(stream)).await {
                Ok(Ok(stream)) => return speak(stream, seat, router, limits, connected).await,
                Ok(Err(_)) => SpoiledReason::Handshake,
                Err(_silent) => return,
            }
        }
        (Some(reason), _) => reason,
    };
    receiver.spoiled(Spoiled { peer: seat.peer, reason });
}

/// Answers one request.
async fn speak(
    stream: impl AsyncRead + AsyncWrite + Unpin,
    seat: Arc<Seat>,
    router: Router,
    limits: Limits,
    connected: Instant,
) {
    let service = service_fn(|mut request: hyper::Request<hyper::body::Incoming>| {
        seat.reach(Stage::Body);
        request.extensions_mut().insert(Arc::clone(&seat));
        router.clone().oneshot(request)
    });
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(limits.header.saturating_sub(connected.elapsed()))
        .max_buf_size(limits.header_bytes)
        .max_header_size(limits.header_bytes)
        .max_headers(limits.header_fields)
        // One request per connection. If we closed an idle one just while the sender writes its
        // next request into it, that attempt would be lost, and the caller waits for another.
        .keep_alive(false)
        .serve_connection(TokioIo::new(stream), service);
    // Ready without an error means that the whole answer was written and flushed.
    if let Ok(Ok(())) = timeout(limits.whole, connection).await {
        seat.delivered();
    }
}

/// What is spoken instead of HTTP/1.1, by the first bytes; they stay to be read.
async fn other_protocol(stream: &TcpStream) -> Option<SpoiledReason> {
    let mut first = [0; 5];
    let seen = stream.peek(&mut first).await.ok()?;
    match &first[..seen] {
        // A TLS handshake of any version (RFC 8446, section 5.1).
        [0x16, 3, ..] => Some(SpoiledReason::Https),
        // RFC 9113, section 3.4.
        b"PRI *" => Some(SpoiledReason::Http2),
        _ => None,
    }
}
