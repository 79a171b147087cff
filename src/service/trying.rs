//! Trying calls: the same look-ups and the same deciding as on the wire, but nothing is answered
//! and nothing is logged. And the way through the front door: a real signed request to our own
//! port.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::sync::Arc;
use std::time::{Duration, Instant};

use super::answering::{Desk, answer_call, effect};
use super::live::Live;
use super::messages::{FrontDoor, RulesAlone, Trial, Tried, TriedDecision};
use super::{TEXTS_PATH, WEBHOOK_PATH};
use crate::plugins::Registry;
use crate::retell::{Inbound, payload, signature};
use crate::routing::{Medium, Overrides};

/// How long a request through the front door may take. Retell waits as long.
const PATIENCE: Duration = Duration::from_secs(10);

/// Decides a call that did not happen, against its draft or else against the live table. Where an
/// override decides, it is told too what the rules alone would have done.
pub async fn try_call(
    trial: Trial,
    live: Arc<Live>,
    overrides: Arc<Overrides>,
    registry: &Registry,
    budget: Duration,
) -> Tried {
    let table = match &trial.draft {
        Some(draft) => Live::build(0, draft.clone(), registry).map(Arc::new),
        None => Ok(live),
    };
    let table = match table {
        Ok(table) => table,
        Err(problems) => return Tried { trial, result: Err(problems) },
    };
    let version = trial.draft.is_none().then_some(table.version);
    let desk = Desk { live: table, overrides, at: trial.at };
    let made = answer_call(&desk, trial.call.clone(), budget, None).await;
    let rules = desk.ruling(Some(&trial.call)).map(|_| {
        let compiled = &desk.live.compiled;
        let decision = compiled.decide_with(&trial.call, &made.facts, trial.at, compiled.logged());
        Box::new(RulesAlone { effect: effect(&decision, &trial.call), decision })
    });
    let result = TriedDecision {
        effect: effect(&made.decision, &trial.call),
        answer: String::from_utf8_lossy(&made.body).into_owned(),
        decision: made.decision,
        facts: made.facts,
        look_ups: made.look_ups,
        version,
        rules,
    };
    Tried { trial, result: Ok(result) }
}

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
    FrontDoor { url, body, result }
}

/// The address of a webhook, as this computer reaches it.
pub(super) fn url(listening: SocketAddr, path: &str) -> String {
    format!("http://{}{path}", own_address(listening))
}

/// Where this computer reaches itself when it listens on `listening`.
fn own_address(listening: SocketAddr) -> SocketAddr {
    let ip = match listening.ip() {
        IpAddr::V4(ip) if ip.is_unspecified() => IpAddr::V4(Ipv4Addr::LOCALHOST),
        IpAddr::V6(ip) if ip.is_unspecified() => IpAddr::V6(Ipv6Addr::LOCALHOST),
        ip => ip,
    };
    SocketAddr::new(ip, listening.port())
}
