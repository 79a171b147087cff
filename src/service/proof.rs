//! Proof of life: a signed question through the public address, each minute, that only this program can
//! answer rightly. So it is known, and not only hoped, that calls arrive; and if they do not, where they
//! get lost.
//!
//! The question is answered before anything is read as a call, so it is never logged as one.

use std::hash::{BuildHasher, RandomState};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use hyper::header::{CONTENT_TYPE, HeaderName, HeaderValue};
use hyper::{HeaderMap, Method, body::Bytes};
use serde::{Deserialize, Serialize};
use tokio::sync::{Notify, watch};
use tokio::time::{sleep, timeout};
use url::Url;

use super::WEBHOOK_PATH;
use super::clock::Clock;
use super::engine::Engine;
use super::feed::Feed;
use super::messages::{Event, Level, Note, Serving};
use super::noticing::Noticing;
use super::outages::{Health, Stretch, Timeline};
use crate::plugins::reach::address_of;
use crate::plugins::web::{Allowed, Web, WebAnswer, WebRequest, is_this_computer};
use crate::reach::ReachState;
use crate::retell::signature;

/// How often it is asked.
const EACH: Duration = Duration::from_mins(1);
/// How soon it is asked again after it was not answered rightly.
const AGAIN: Duration = Duration::from_secs(10);
/// How long an answer may take. Retell waits as long.
const PATIENCE: Duration = Duration::from_secs(10);
/// How often in a row it must go wrong to count; once may be chance.
const MISSES: u32 = 2;
/// What the question is called.
const EVENT: &str = "switchboard_probe";

/// The question.
#[derive(Serialize, Deserialize)]
struct Question {
    event: String,
    id: String,
}

/// The answer.
#[derive(Serialize, Deserialize)]
struct Answer {
    probe: String,
    /// Which run of which program says so.
    run: String,
}

/// Tells this run of the program from all others.
#[must_use]
pub(super) fn new_run() -> String {
    format!("{:016x}", RandomState::new().hash_one("run"))
}

/// The answer to a signed body, if that is such a question.
pub(super) fn answer(body: &[u8], run: &str) -> Option<Bytes> {
    let begins = format!("{{\"event\":\"{EVENT}\"");
    if !body.starts_with(begins.as_bytes()) {
        return None;
    }
    let Question { id, .. } = serde_json::from_slice(body).ok()?;
    serde_json::to_vec(&Answer { probe: id, run: run.to_owned() }).ok().map(Bytes::from)
}

/// What is known of whether calls arrive.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Proof {
    /// How it is; `None`: nothing is known yet, or nobody wants it.
    pub health: Option<Health>,
    /// The public address that this is known of.
    pub at: Option<Url>,
    /// How often in a row it went wrong.
    pub misses: u32,
    /// How long the last right answer took.
    pub took_ms: u64,
    /// How it was.
    pub timeline: Timeline,
}

impl Proof {
    /// What is wrong, once that is no chance any more.
    #[must_use]
    pub fn outage(&self) -> Option<&Health> {
        self.health.as_ref().filter(|health| !health.is_good() && self.misses >= MISSES)
    }
}

/// Asks for a proof now, and says how it is.
#[derive(Clone)]
pub struct Prover {
    now: Arc<Notify>,
    noted: Arc<Mutex<Vec<Stretch>>>,
    proof: watch::Receiver<Proof>,
    pub(super) web: Web,
}

impl Prover {
    /// Asks now and not only after the minute.
    pub fn prove(&self) {
        self.now.notify_one();
    }

    /// Notes how it was in a stretch that is over.
    pub fn note(&self, stretch: Stretch) {
        self.noted.lock().unwrap_or_else(PoisonError::into_inner).push(stretch);
        self.prove();
    }

    /// What is known, now and from now on.
    #[must_use]
    pub fn watch(&self) -> watch::Receiver<Proof> {
        self.proof.clone()
    }

    /// What is known.
    #[must_use]
    pub fn proof(&self) -> Proof {
        self.proof.borrow().clone()
    }
}

/// What it takes to ask.
pub struct Proving {
    /// Answers, if all is well.
    pub engine: Arc<Engine>,
    /// Whether the port is there.
    pub serving: watch::Receiver<Serving>,
    /// The public address.
    pub reach: watch::Receiver<ReachState>,
    /// Asks.
    pub web: Web,
    /// Tells the window.
    pub feed: Feed,
    /// Tells the time.
    pub clock: Clock,
    /// Tells the owner and others of outages.
    pub noticing: Noticing,
    /// How it was up to now.
    pub timeline: Timeline,
}

impl Proving {
    /// Asks from now on. Ends when nobody makes this computer reachable any more.
    #[must_use]
    pub fn start(self, runtime: &tokio::runtime::Handle) -> Prover {
        let now = Arc::new(Notify::new());
        let (told, proof) = watch::channel(Proof { timeline: self.timeline.clone(), ..Proof::default() });
        let noted = Arc::<Mutex<Vec<Stretch>>>::default();
        let web = self.web.clone();
        runtime.spawn(self.run(now.clone(), noted.clone(), told));
        Prover { now, noted, proof, web }
    }

    async fn run(mut self, now: Arc<Notify>, noted: Arc<Mutex<Vec<Stretch>>>, told: watch::Sender<Proof>) {
        let mut proof = told.borrow().clone();
        let mut told_out = false;
        loop {
            for stretch in noted.lock().unwrap_or_else(PoisonError::into_inner).drain(..) {
                proof.timeline.note(stretch);
            }
            let reach = self.reach.borrow_and_update().clone();
            let health = self.ask(&reach, &mut proof).await;
            proof.at = reach.address().cloned();
            self.take(health, &mut proof, &mut told_out);
            told.send_replace(proof.clone());
            let pause = if (1..MISSES).contains(&proof.misses) { AGAIN } else { EACH };
            tokio::select! {
                () = sleep(pause) => {}
                () = now.notified() => {}
                changed = self.reach.changed() => if changed.is_err() { return },
            }
        }
    }

    /// Takes in how it is, and tells what is new. `told_out`: an outage was told and not its end.
    fn take(&self, health: Option<Health>, proof: &mut Proof, told_out: &mut bool) {
        proof.misses = match &health {
            Some(health) if !health.is_good() => proof.misses + 1,
            _ => 0,
        };
        proof.health = health;
        let is_out = proof.outage().is_some();
        // One miss is no outage; what follows decides.
        if let Some(health) = &proof.health
            && (health.is_good() || is_out)
        {
            proof.timeline.add(health, self.clock.now());
        }
        self.feed.send(Event::Proof(Box::new(proof.clone())));
        let note = match &proof.health {
            Some(health) if is_out && !*told_out => {
                self.noticing.outage(false, health.words());
                Note { level: Level::Error, text: format!("Calls do not arrive: {}", health.words()) }
            }
            // A tunnel that is just being started has not come back yet.
            Some(Health::Good) if *told_out => {
                self.noticing.outage(true, "A call of our own through the public address was answered");
                Note { level: Level::Info, text: "Calls arrive again".to_owned() }
            }
            _ => return,
        };
        *told_out = is_out;
        tracing::warn!("{}", note.text);
        self.feed.send(Event::Note(note));
    }

    /// `None`: there is nothing to be asked yet.
    async fn ask(&self, reach: &ReachState, proof: &mut Proof) -> Option<Health> {
        let url = match reach {
            ReachState::Off | ReachState::Starting => return None,
            ReachState::Shut { why, .. } => {
                return Some(Health::Tunnel(format!("{}. {}", why.reason, why.next)));
            }
            ReachState::Open(url) => url,
        };
        let Some(key) = self.engine.keys().first().cloned() else {
            return Some(Health::Key(
                "No API key is set, so every call is refused. Paste it in Settings".into(),
            ));
        };
        if let Serving::Blocked { reason, .. } = &*self.serving.borrow() {
            return Some(Health::Program(reason.clone()));
        }
        let id = new_run();
        let question = Question { event: EVENT.to_owned(), id: id.clone() };
        let body = Bytes::from(serde_json::to_vec(&question).ok()?);
        let signed = signature::sign(&key, &body, self.clock.now().timestamp_millis());
        let refused = self.engine.refusals();
        let begun = Instant::now();
        let health = match send(&self.web, url, WEBHOOK_PATH, body, &signed).await {
            Err(health) => health,
            Ok(answer) => judge(&answer, url, &id, self.engine.run(), self.engine.refusals() != refused),
        };
        if health.is_good() {
            proof.took_ms = begun.elapsed().as_millis() as u64;
        }
        Some(health)
    }
}

/// Sends a signed body through the public address; an error says why nothing came back.
pub(super) async fn send(
    web: &Web,
    url: &Url,
    path: &str,
    body: Bytes,
    signed: &str,
) -> Result<WebAnswer, Health> {
    let Some(request) = request(url, path, body, signed) else {
        return Err(tunnel(url, "it is no address that can be asked"));
    };
    match timeout(PATIENCE, web.send(request)).await {
        Err(_late) => Err(tunnel(url, "it does not answer within 10 seconds")),
        Ok(Err(error)) => Err(tunnel(url, &error.to_string())),
        Ok(Ok(answer)) => Ok(answer),
    }
}

fn request(url: &Url, path: &str, body: Bytes, signed: &str) -> Option<WebRequest> {
    let url = Url::parse(&address_of(url, path)).ok()?;
    let headers = HeaderMap::from_iter([
        (HeaderName::from_static(signature::HEADER), HeaderValue::from_str(signed).ok()?),
        (CONTENT_TYPE, HeaderValue::from_static("application/json")),
    ]);
    // A name of the owner's may well lead into their own network from here.
    let allowed = Allowed { private: true, http: is_this_computer(&url) };
    Some(WebRequest { method: Method::POST, url, headers, body, allowed, within: None })
}

fn tunnel(url: &Url, why: &str) -> Health {
    let host = url.host_str().unwrap_or_default();
    Health::Tunnel(format!(
        "{host} cannot be reached: {why}. Look whether this computer is online and its tunnel runs"
    ))
}

/// What an answer means. `refused`: this program refused something meanwhile.
fn judge(answer: &WebAnswer, url: &Url, id: &str, run: &str, refused: bool) -> Health {
    match wrong_status(answer.status, url, refused) {
        Some(health) => health,
        None => match serde_json::from_slice::<Answer>(&answer.body) {
            Ok(answer) if answer.probe == id && answer.run == run => Health::Good,
            Ok(_) => elsewhere(url, "Another Switchboard"),
            Err(_) => elsewhere(url, "Another program"),
        },
    }
}

fn elsewhere(url: &Url, what: &str) -> Health {
    let host = url.host_str().unwrap_or_default();
    Health::Elsewhere(format!(
        "{what} answers at {host}, not this one. Look where the tunnel or proxy leads, and whether Switchboard \
         runs on another computer too"
    ))
}

/// What a status means with which this program answers nothing that is signed. `refused`: it refused
/// something meanwhile.
pub(super) fn wrong_status(status: u16, url: &Url, refused: bool) -> Option<Health> {
    let host = url.host_str().unwrap_or_default();
    Some(match status {
        200 => return None,
        401 if refused => Health::Key(format!(
            "What arrives from {host} does not fit its signature. Look for a proxy on the way that changes requests"
        )),
        401 => elsewhere(url, "A Switchboard with another API key"),
        status @ 500.. => Health::Tunnel(format!(
            "The tunnel at {host} is there, but does not get through to this computer (status {status}). Look whether \
             it runs here and points at the right port"
        )),
        status => elsewhere(url, &format!("Another program (status {status})")),
    })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn each_answer_says_where_calls_get_lost() {
        let url: Url = "https://calls.example.com".parse().unwrap();
        let ours = |id: &str, run: &str| format!(r#"{{"probe":"{id}","run":"{run}"}}"#);
        for (status, body, refused, says) in [
            (200, ours("1", "a"), false, None),
            (200, ours("1", "b"), false, Some("Another Switchboard answers")),
            (200, ours("2", "a"), false, Some("Another Switchboard answers")),
            (200, "<html>".to_owned(), false, Some("Another program answers")),
            (401, String::new(), true, Some("does not fit its signature")),
            (401, String::new(), false, Some("with another API key answers")),
            (502, String::new(), false, Some("points at the right port")),
            (404, String::new(), false, Some("Another program (status 404)")),
        ] {
            let answer = WebAnswer { status, headers: HeaderMap::new(), body: body.clone().into() };
            let health = judge(&answer, &url, "1", "a", refused);
            match says {
                None => assert!(health.is_good(), "{status} {body}"),
                Some(says) => assert!(health.words().contains(says), "{health:?}"),
            }
        }
    }

    #[test]
    fn only_such_a_question_is_answered() {
        let question = br#"{"event":"switchboard_probe","id":"7"}"#;
        assert_eq!(answer(question, "a").unwrap(), r#"{"probe":"7","run":"a"}"#);
        for other in [&br#"{"event":"call_inbound","id":"7"}"#[..], br#"{"event":"switchboard_probe"}"#, b""]
        {
            assert!(answer(other, "a").is_none());
        }
    }
}
