//! The addresses that exist, and nothing besides.

use std::sync::Arc;

use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::{Extension, Request, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use http_body_util::BodyExt;
use tokio::sync::Semaphore;
use tokio::time::timeout;

use super::connections::{Seat, Stage};
use super::limits::Limits;
use crate::retell::signature;
use crate::routing::Medium;
use crate::service::{
    EVENTS_PATH, Incoming, Receiver, Reply, Spoiled, SpoiledReason, TEXTS_PATH, WEBHOOK_PATH,
};

/// Says `ok` (200) or `degraded` (503), and nothing else about this program.
pub const HEALTH_PATH: &str = "/healthz";

/// How much of a body that is too large is read and thrown away. A sender that is cut off while
/// sending may never see the 413.
const THROWN_AWAY_BYTES: usize = 2 * 1024 * 1024;

#[derive(Clone)]
struct Door {
    receiver: Arc<dyn Receiver>,
    limits: Limits,
    events: Arc<Semaphore>,
}

pub(super) fn router(receiver: Arc<dyn Receiver>, limits: Limits) -> Router {
    Router::new()
        // Other methods: 405, as HTTP has it for an address that exists.
        .route(WEBHOOK_PATH, post(calls))
        .route(TEXTS_PATH, post(texts))
        .route(EVENTS_PATH, post(events).fallback(nothing_here))
        .route(HEALTH_PATH, get(health).fallback(nothing_here))
        .fallback(nothing_here)
        .with_state(Door { receiver, limits, events: Arc::new(Semaphore::new(limits.events_at_once)) })
}

async fn nothing_here() -> StatusCode {
    StatusCode::NOT_FOUND
}

async fn health(State(door): State<Door>) -> (StatusCode, &'static str) {
    if door.receiver.healthy() {
        (StatusCode::OK, "ok")
    } else {
        (StatusCode::SERVICE_UNAVAILABLE, "degraded")
    }
}

async fn calls(
    State(door): State<Door>,
    Extension(seat): Extension<Arc<Seat>>,
    request: Request,
) -> Response {
    webhook(Medium::Call, false, door, seat, request).await
}

async fn texts(
    State(door): State<Door>,
    Extension(seat): Extension<Arc<Seat>>,
    request: Request,
) -> Response {
    webhook(Medium::Text, false, door, seat, request).await
}

/// What became of calls. Not there unless it is wanted; and never many at once, as they may be large.
async fn events(
    State(door): State<Door>,
    Extension(seat): Extension<Arc<Seat>>,
    request: Request,
) -> Response {
    if !door.receiver.takes_events() {
        return nothing_here().await.into_response();
    }
    // Nothing is read before there is a place for it, so those that wait take no memory.
    let Ok(Ok(_place)) = timeout(door.limits.body, door.events.clone().acquire_owned()).await else {
        return StatusCode::SERVICE_UNAVAILABLE.into_response();
    };
    webhook(Medium::Call, true, door, seat, request).await
}

async fn webhook(medium: Medium, is_event: bool, door: Door, seat: Arc<Seat>, request: Request) -> Response {
    let values = request.headers().get_all(signature::HEADER);
    let signatures = values.iter().map(|value| value.as_bytes().to_vec()).collect();
    let most = if is_event { door.limits.event_bytes } else { door.limits.body_bytes };
    let body = match read_in_time(&door, &seat, request.into_body(), most).await {
        Ok(body) => body,
        Err(reason) => return status_of(reason).into_response(),
    };
    seat.reach(Stage::Answering);
    let incoming = Incoming { door: medium, is_event, signatures, body, peer: seat.peer };
    // A task of its own: a sender that hangs up must not stop a call from being recorded.
    let receiving = tokio::spawn(async move { door.receiver.receive(incoming).await });
    match receiving.await {
        Ok(reply) => response(reply, &seat),
        Err(error) => {
            tracing::error!(%error, "a request was not answered");
            StatusCode::INTERNAL_SERVER_ERROR.into_response()
        }
    }
}

fn response(reply: Reply, seat: &Seat) -> Response {
    let Reply { status, body, delivered } = reply;
    seat.when_delivered(delivered);
    let has_body = !body.is_empty();
    let mut response = Response::new(Body::from(body));
    *response.status_mut() = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    if has_body {
        let json = HeaderValue::from_static("application/json");
        response.headers_mut().insert(header::CONTENT_TYPE, json);
    }
    response
}

fn status_of(reason: SpoiledReason) -> StatusCode {
    match reason {
        SpoiledReason::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
        SpoiledReason::TooSlow => StatusCode::REQUEST_TIMEOUT,
        SpoiledReason::CutOff | SpoiledReason::Handshake | SpoiledReason::Https | SpoiledReason::Http2 => {
            StatusCode::BAD_REQUEST
        }
    }
}

/// Reads the body, and tells the receiver if that fails in whatever way.
async fn read_in_time(door: &Door, seat: &Seat, body: Body, most: usize) -> Result<Bytes, SpoiledReason> {
    let mut report = Report { door, seat, reason: Some(SpoiledReason::CutOff) };
    let read = timeout(door.limits.body, read(body, most)).await;
    let read = read.unwrap_or(Err(SpoiledReason::TooSlow));
    report.reason = read.as_ref().err().copied();
    read
}

/// Tells the receiver when it is dropped, which is how a request ends whose sender hangs up.
struct Report<'a> {
    door: &'a Door,
    seat: &'a Seat,
    reason: Option<SpoiledReason>,
}

impl Drop for Report<'_> {
    fn drop(&mut self) {
        if let Some(reason) = self.reason {
            self.door.receiver.spoiled(Spoiled { peer: self.seat.peer, reason });
        }
    }
}

async fn read(mut body: Body, max: usize) -> Result<Bytes, SpoiledReason> {
    let mut kept = Vec::new();
    let mut seen = 0;
    while let Some(frame) = body.frame().await {
        let frame = frame.map_err(|_| SpoiledReason::CutOff)?;
        let Ok(data) = frame.into_data() else {
            continue;
        };
        seen += data.len();
        if seen <= max {
            kept.extend_from_slice(&data);
        } else if seen > max + THROWN_AWAY_BYTES {
            break;
        }
    }
    if seen > max { Err(SpoiledReason::TooLarge) } else { Ok(kept.into()) }
}
