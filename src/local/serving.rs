//! Answers what is asked over the local line.

use std::time::Duration;

use axum::extract::State;
use axum::routing::post;
use axum::{Json, Router};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use tokio::time::{sleep, timeout};
use tower::ServiceExt;

use super::line::Line;
use super::summons::{Summoned, Summons};
use crate::storage::Home;

/// How long a question and its answer may take.
const WHOLE: Duration = Duration::from_secs(10);
/// The pause after a failure, which mostly means that the system is out of handles.
const PAUSE: Duration = Duration::from_millis(200);

/// What the line reaches inside the program.
#[derive(Clone, Default)]
pub struct Inside {
    /// Brings the window.
    pub summons: Summons,
}

/// Answers until it is dropped. Where the line cannot be opened, this says so and ends: calls are
/// answered all the same.
pub async fn serve(home: Home, inside: Inside) {
    let mut line = match Line::open(&home) {
        Ok(line) => line,
        Err(cause) => {
            return tracing::warn!("a second start cannot find this one ({cause}): {}", home.data.display());
        }
    };
    let router = router(inside);
    loop {
        let Ok(stream) = line.accept().await else {
            sleep(PAUSE).await;
            continue;
        };
        let router = router.clone();
        tokio::spawn(async move {
            let service = service_fn(move |request: hyper::Request<hyper::body::Incoming>| {
                router.clone().oneshot(request)
            });
            let connection =
                http1::Builder::new().keep_alive(false).serve_connection(TokioIo::new(stream), service);
            let _ = timeout(WHOLE, connection).await;
        });
    }
}

fn router(inside: Inside) -> Router {
    Router::new().route("/show", post(show)).with_state(inside)
}

async fn show(State(inside): State<Inside>) -> Json<Summoned> {
    Json(inside.summons.summon())
}
