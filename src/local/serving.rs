//! Answers what is asked over the local line; and, where it is wanted, numbers on a port of their own.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::extract::{DefaultBodyLimit, State};
use axum::http::header::CONTENT_TYPE;
use axum::response::IntoResponse;
use axum::routing::{get, post};
use axum::{Json, Router};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpListener;
use tokio::sync::Notify;
use tokio::time::{sleep, timeout};
use tower::ServiceExt;

use super::line::Line;
use super::summons::{Summoned, Summons};
use crate::service::outside::{Asked, Asking, Told};
use crate::service::{Status, Watched};
use crate::storage::Home;

/// How long a question and its answer may take.
const WHOLE: Duration = Duration::from_mins(1);
/// The largest question: a table as large as one may be, with a few words around it.
const LARGEST: usize = 17 * 1024 * 1024;
/// The pause after a failure, which mostly means that the system is out of handles.
const PAUSE: Duration = Duration::from_millis(200);
/// The text format of Prometheus.
const METRICS: &str = "text/plain; version=0.0.4";

/// What the line reaches inside the program.
#[derive(Clone)]
pub struct Inside {
    /// Brings the window.
    pub summons: Summons,
    /// Is told when the program is to end.
    pub stop: Arc<Notify>,
    /// How it is doing.
    pub watched: Watched,
    /// Has it do what its owner asks.
    pub asking: Asking,
}

/// Answers until it is dropped. Where the line cannot be opened, this says so and ends: calls are
/// answered all the same.
pub async fn serve(home: Home, inside: Inside) {
    let mut line = match Line::open(&home) {
        Ok(line) => line,
        Err(cause) => {
            let folder = home.data.display();
            return tracing::warn!("other starts and commands cannot find this one ({cause}): {folder}");
        }
    };
    let router = Router::new()
        .route("/show", post(show))
        .route("/stop", post(stop))
        .route("/status", get(status))
        .route("/metrics", get(metrics))
        .route("/do", post(do_it).layer(DefaultBodyLimit::max(LARGEST)))
        .with_state(inside);
    loop {
        match line.accept().await {
            Ok(stream) => answer(stream, &router),
            Err(_) => sleep(PAUSE).await,
        }
    }
}

/// Answers at `/metrics` on this port, and nothing else, until it is dropped: numbers for Prometheus,
/// which reads no sockets. Whoever reaches the port may read them; they tell of nobody.
pub async fn serve_metrics(listener: TcpListener, inside: Inside) {
    let router = Router::new().route("/metrics", get(metrics)).with_state(inside);
    loop {
        match listener.accept().await {
            Ok((stream, _)) => answer(stream, &router),
            Err(_) => sleep(PAUSE).await,
        }
    }
}

/// Takes the port for them.
pub async fn listen_for_metrics(addr: SocketAddr) -> std::io::Result<TcpListener> {
    TcpListener::bind(addr).await
}

fn answer(stream: impl AsyncRead + AsyncWrite + Send + Unpin + 'static, router: &Router) {
    let router = router.clone();
    tokio::spawn(async move {
        let service =
            service_fn(move |request: hyper::Request<hyper::body::Incoming>| router.clone().oneshot(request));
        let connection =
            http1::Builder::new().keep_alive(false).serve_connection(TokioIo::new(stream), service);
        let _ = timeout(WHOLE, connection).await;
    });
}

async fn show(State(inside): State<Inside>) -> Json<Summoned> {
    Json(inside.summons.summon())
}

async fn stop(State(inside): State<Inside>) -> Json<bool> {
    inside.stop.notify_one();
    Json(true)
}

async fn status(State(inside): State<Inside>) -> Json<Status> {
    Json(inside.watched.status())
}

async fn do_it(State(inside): State<Inside>, Json(asked): Json<Asked>) -> Json<Told> {
    Json(inside.asking.ask(asked).await)
}

async fn metrics(State(inside): State<Inside>) -> impl IntoResponse {
    ([(CONTENT_TYPE, METRICS)], inside.watched.status().metrics())
}
