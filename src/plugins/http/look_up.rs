//! A web look-up at work: from memory if it can, else by asking the server, with the breaker in
//! between. Nothing here outlasts the look-up's own time limit, except what is fetched for the
//! next call.

use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use chrono::{DateTime, Utc};
use futures_util::future::BoxFuture;
use futures_util::{FutureExt, TryFutureExt};
use serde_json::Value as Json;
use tokio::time::{Instant, timeout};

use super::mapping::Taken;
use super::memory::{Memory, Remembered, age_words};
use super::request::{Filled, HIDDEN, Prepared, Unfilled};
use super::settings::Settings;
use crate::plugins::breaker::{Breaker, Paused};
use crate::plugins::web::WebAnswer;
use crate::plugins::{Ask, Fault, Found, Host, LookUp, caller, line};
use crate::routing::{Facts, Table, UsedLookUp};

/// How long a server may take when no call waits for it.
pub(super) const PATIENCE: Duration = Duration::from_secs(10);

/// Anything shorter stands in answers by chance.
const SHORTEST_SECRET: usize = 4;

/// What outlives a publication: two tables that ask the same server in the same way share it.
pub(super) struct State {
    memory: Mutex<Memory>,
    breaker: Mutex<Breaker>,
    last: Mutex<Option<Last>>,
}

/// What came of asking the server the last time.
#[derive(Clone)]
pub(super) struct Last {
    /// When.
    pub at: DateTime<Utc>,
    /// How long it took, or what went wrong.
    pub came: Result<Duration, String>,
}

/// A look-up in use, ready to be asked.
pub(super) struct WebLookUp(Arc<Inner>);

struct Inner {
    name: String,
    prepared: Prepared,
    taken: Taken,
    limit: Duration,
    not_found_is_answer: bool,
    home: String,
    languages: BTreeMap<String, String>,
    lines: Arc<HashMap<String, String>>,
    host: Host,
    state: Arc<State>,
}

/// What the server said, in full.
pub(super) struct Heard {
    /// The HTTP status.
    pub status: u16,
    /// The body as text, without the secrets that were sent.
    pub text: String,
    /// What it says.
    pub says: Result<Says, String>,
}

/// What an answer says.
pub(super) enum Says {
    /// Something.
    Json(Json),
    /// That nothing is known.
    Nothing(&'static str),
}

impl State {
    pub(super) fn new(settings: &Settings) -> Self {
        let memory = Memory::new(Duration::from_secs(settings.remember_s), settings.refresh);
        Self { memory: Mutex::new(memory), breaker: Mutex::default(), last: Mutex::default() }
    }

    fn memory(&self) -> MutexGuard<'_, Memory> {
        self.memory.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn breaker(&self) -> MutexGuard<'_, Breaker> {
        self.breaker.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// What came of asking the last time.
    pub(super) fn last(&self) -> Option<Last> {
        self.last.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Whether it is left in peace for a while.
    pub(super) fn paused(&self) -> Option<Paused> {
        self.breaker().paused(Instant::now())
    }

    fn note(&self, at: DateTime<Utc>, came: Result<Duration, String>) {
        *self.last.lock().unwrap_or_else(PoisonError::into_inner) = Some(Last { at, came });
    }
}

impl WebLookUp {
    pub(super) fn open(
        used: &UsedLookUp,
        settings: &Settings,
        table: &Table,
        host: &Host,
        state: Arc<State>,
    ) -> Result<Self, String> {
        Ok(Self(Arc::new(Inner {
            name: used.name.clone(),
            prepared: Prepared::of(settings)?,
            taken: Taken::new(&used.id, &settings.facts),
            limit: Duration::from_millis(settings.time_limit_ms),
            not_found_is_answer: settings.not_found_is_answer,
            home: table.country.clone(),
            languages: table.languages.clone(),
            lines: line::names(table),
            host: host.clone(),
            state,
        })))
    }

    /// The request that this call makes.
    pub(super) fn fill(&self, ask: &Ask) -> Result<Filled, Unfilled> {
        self.0.fill(ask)
    }

    /// Asks the server as long as it takes, past memory and breaker.
    pub(super) async fn hear(&self, filled: Filled) -> Result<Heard, String> {
        self.0.hear(filled).await
    }

    /// The facts that an answer gives, and what is odd about it.
    pub(super) fn facts(&self, says: &Says) -> (Facts, Option<String>) {
        self.0.facts(says)
    }

    /// The facts when there is nothing to ask about.
    pub(super) fn of_nothing(&self, why: &str) -> Facts {
        self.0.taken.of_nothing(why)
    }
}

impl Inner {
    fn fill(&self, ask: &Ask) -> Result<Filled, Unfilled> {
        let mut facts = caller::facts(ask, &self.home, &self.languages);
        facts.merge(line::facts(&ask.call, &self.lines));
        self.prepared.fill(&facts, &self.host.secrets)
    }

    async fn hear(&self, filled: Filled) -> Result<Heard, String> {
        let Filled { request, secrets, .. } = filled;
        let WebAnswer { status, body, .. } =
            self.host.web.send(request).await.map_err(|error| error.to_string())?;
        let text = String::from_utf8_lossy(&body);
        let says = match status {
            404 if self.not_found_is_answer => Ok(Says::Nothing("the server knows nothing of this caller")),
            200..=299 if text.trim().is_empty() => Ok(Says::Nothing("the server's answer is empty")),
            200..=299 => serde_json::from_str(&text)
                .map(|json| Says::Json(without(json, &secrets)))
                .map_err(|why| format!("its answer is not JSON ({why})")),
            _ => Err(status_words(status)),
        };
        Ok(Heard { status, text: without_in(&text, &secrets), says })
    }

    fn facts(&self, says: &Says) -> (Facts, Option<String>) {
        match says {
            Says::Json(answer) => self.taken.of_answer(answer),
            Says::Nothing(why) => (self.taken.of_nothing(why), Some((*why).to_owned())),
        }
    }

    /// Asks the server and remembers what it says.
    async fn fetch(&self, filled: Filled, at: DateTime<Utc>) -> Result<Found, String> {
        let (question, started) = (filled.question, Instant::now());
        let heard = self.hear(filled).await;
        let says = heard.and_then(|heard| heard.says);
        match says {
            Ok(says) => {
                self.state.note(at, Ok(started.elapsed()));
                let (facts, note) = self.facts(&says);
                self.state.memory().put(question, facts.clone(), Instant::now());
                Ok(Found { facts, note })
            }
            Err(why) => {
                self.state.note(at, Err(why.clone()));
                Err(why)
            }
        }
    }

    async fn find(self: Arc<Self>, ask: Ask) -> Result<Found, Fault> {
        let broken = |reason: String| Fault::Broken { name: self.name.clone(), reason };
        let filled = match self.fill(&ask) {
            Ok(filled) => filled,
            Err(Unfilled::Nothing(why)) => {
                let note = Some(format!("not asked, as {why}"));
                return Ok(Found { facts: self.taken.of_nothing(&why), note });
            }
            Err(Unfilled::Bad(why)) => return Err(broken(why)),
        };
        let remembered = self.state.memory().get(&filled.question, Instant::now(), PATIENCE);
        if let Some(Remembered { facts, age, refresh }) = remembered {
            let note = Some(format!("from memory, {} old", age_words(age)));
            if refresh && self.state.breaker().ask(Instant::now()).is_ok() {
                let work = self.clone().refresh(filled, ask.at);
                tokio::spawn(work);
            }
            return Ok(Found { facts, note });
        }
        if let Err(paused) = self.state.breaker().ask(Instant::now()) {
            return Err(broken(paused_words(&paused)));
        }
        // A task of its own: what comes too late for this call is remembered for the next.
        let (work, started) = (self.clone(), Instant::now());
        let fetching = async move { timeout(PATIENCE, work.fetch(filled, ask.at)).await };
        let mut task = tokio::spawn(fetching);
        let came = timeout(self.limit.saturating_sub(started.elapsed()), &mut task).await;
        let fault = match came {
            Ok(Ok(Ok(Ok(found)))) => {
                self.state.breaker().good();
                return Ok(found);
            }
            Ok(Ok(Ok(Err(why)))) => broken(why),
            Ok(Err(_panic)) => broken("it stopped unexpectedly".to_owned()),
            Ok(Ok(Err(_))) | Err(_) => {
                if !self.state.memory().is_on() {
                    task.abort();
                }
                let fault = Fault::Late { name: self.name.clone(), after_ms: self.limit.as_millis() as u64 };
                self.state.note(ask.at, Err(late_words(self.limit)));
                fault
            }
        };
        self.state.breaker().fault(Instant::now(), &reason(&fault));
        Err(fault)
    }

    /// Fetches a new answer while the old one is in use.
    async fn refresh(self: Arc<Self>, filled: Filled, at: DateTime<Utc>) {
        let came = timeout(PATIENCE, self.fetch(filled, at)).await;
        match came.unwrap_or_else(|_| Err(late_words(PATIENCE))) {
            Ok(_) => self.state.breaker().good(),
            Err(why) => self.state.breaker().fault(Instant::now(), &why),
        }
    }
}

impl LookUp for WebLookUp {
    fn ask(&self, ask: Ask) -> BoxFuture<'static, Result<Facts, Fault>> {
        self.find(ask).map_ok(|found| found.facts).boxed()
    }

    fn find(&self, ask: Ask) -> BoxFuture<'static, Result<Found, Fault>> {
        self.0.clone().find(ask).boxed()
    }

    fn instead(&self) -> Facts {
        self.0.taken.of_failure()
    }
}

/// An answer without the secrets that were sent: a server may well repeat them.
fn without(json: Json, secrets: &[Arc<str>]) -> Json {
    match json {
        Json::String(text) => Json::String(without_in(&text, secrets)),
        Json::Array(items) => items.into_iter().map(|item| without(item, secrets)).collect(),
        Json::Object(fields) => fields
            .into_iter()
            .map(|(name, value)| (without_in(&name, secrets), without(value, secrets)))
            .collect(),
        other => other,
    }
}

fn without_in(text: &str, secrets: &[Arc<str>]) -> String {
    let long_enough = secrets.iter().filter(|secret| secret.len() >= SHORTEST_SECRET);
    long_enough.fold(text.to_owned(), |text, secret| text.replace(&**secret, HIDDEN))
}

/// Why it is not asked at the moment.
pub(super) fn paused_words(Paused { left, reason }: &Paused) -> String {
    format!("it is left in peace for {} more, as it failed again and again: {reason}", age_words(*left))
}

fn late_words(limit: Duration) -> String {
    format!("it did not answer within {} ms", limit.as_millis())
}

fn reason(fault: &Fault) -> String {
    match fault {
        Fault::Late { after_ms, .. } => late_words(Duration::from_millis(*after_ms)),
        Fault::Broken { reason, .. } => reason.clone(),
    }
}

/// What a status other than "here you are" means.
fn status_words(status: u16) -> String {
    let meaning = match status {
        400 => "it does not understand the question",
        401 => "it wants a valid token or log-in",
        403 => "the token or log-in may not do this",
        404 => "there is nothing at this address",
        405 => "it does not take this kind of request",
        408 | 504 => "it took too long itself",
        429 => "it was asked too often",
        500..=599 => "the server is in trouble",
        300..=399 => "it points elsewhere without saying where",
        _ => "it does not say why",
    };
    format!("it answered {status}: {meaning}")
}
