//! A real signed request to our own port, as Retell would send it.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::time::{Duration, Instant};

use url::Url;

use super::messages::FrontDoor;
use crate::plugins::reach::address_of;
use crate::plugins::web::Web;
use crate::retell::{Inbound, payload, signature};
use crate::routing::Medium;
use crate::service::{TEXTS_PATH, WEBHOOK_PATH, proof};

/// How long a request through the front door may take. Retell waits as long.
const PATIENCE: Duration = Duration::from_secs(10);

/// Where Retell would send this body.
pub(super) fn path_for(body: &str) -> &'static str {
    match payload::parse_pasted(body) {
        Ok(Inbound { medium: Medium::Text, .. }) => TEXTS_PATH,
        _ => WEBHOOK_PATH,
    }
}

/// Sends a body to our own port with its signature. Blocks until there is an answer.
#[must_use]
pub(super) fn send_signed(listening: SocketAddr, path: &str, body: String, signed: &str) -> FrontDoor {
    let url = url(listening, path);
    let agent: ureq::Agent = ureq::Agent::config_builder()
        .timeout_global(Some(PATIENCE))
        .http_status_as_error(false)
        .build()
        .into();
    let started = Instant::now();
    let answer = agent
        .post(&url)
        .header(signature::HEADER, signed)
        .content_type("application/json")
        .send(body.as_bytes())
        .and_then(|mut response| Ok((response.status().as_u16(), response.body_mut().read_to_string()?)));
    let took_ms = started.elapsed().as_secs_f64() * 1000.0;
    let result = answer.map(|(status, text)| (status, text, took_ms)).map_err(|error| {
        format!("There was no answer ({error}); look at the state in the header to see whether calls can be received")
    });
    FrontDoor { is_public: false, url, body, result, wrong: None }
}

/// Sends a body through the public address with its signature. `refused` tells how much this program has
/// refused so far.
pub(super) async fn send_public(
    (web, public): (Web, Url),
    body: String,
    signed: &str,
    refused: impl Fn() -> u64,
) -> FrontDoor {
    let path = path_for(&body);
    let before = refused();
    let started = Instant::now();
    let answer = proof::send(&web, &public, path, body.clone().into(), signed).await;
    let took_ms = started.elapsed().as_secs_f64() * 1000.0;
    let (result, wrong) = match answer {
        Err(health) => (Err(health.words().to_owned()), None),
        Ok(answer) => {
            let wrong = proof::wrong_status(answer.status, &public, refused() != before);
            let text = String::from_utf8_lossy(&answer.body).into_owned();
            (Ok((answer.status, text, took_ms)), wrong.map(|health| health.words().to_owned()))
        }
    };
    FrontDoor { is_public: true, url: address_of(&public, path), body, result, wrong }
}

/// The address of a webhook, as this computer reaches it.
pub(super) fn url(listening: SocketAddr, path: &str) -> String {
    format!("http://{}{path}", own_address(listening))
}

/// Where this computer reaches itself when it listens on `listening`.
pub(super) fn own_address(listening: SocketAddr) -> SocketAddr {
    let ip = match listening.ip() {
        IpAddr::V4(ip) if ip.is_unspecified() => IpAddr::V4(Ipv4Addr::LOCALHOST),
        IpAddr::V6(ip) if ip.is_unspecified() => IpAddr::V6(Ipv6Addr::LOCALHOST),
        ip => ip,
    };
    SocketAddr::new(ip, listening.port())
}
