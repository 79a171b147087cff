//! Asking a plugin: a fresh guest for each ask, turn by turn on threads of its own, never on those
//! that answer calls, and cut off at its deadline whatever it does.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, OnceLock};
use std::thread::available_parallelism;
use std::time::{Duration, Instant};

use chrono::{DateTime, Utc};
use futures_util::future::BoxFuture;
use futures_util::{FutureExt, TryFutureExt};
use tokio::sync::Semaphore;
use tokio::task::spawn_blocking;
use tokio::time::timeout_at;

use super::cases::Replies;
use super::desk::Desk;
use super::fetch::{self, MAX_FETCHES};
use super::sandbox::{Code, Guest, Outside, Step, Trouble};
use super::{Filled, files, setting, talk};
use crate::plugins::{Ask, Fault, Found, Host, LookUp, Manifest, Telling};
use crate::routing::{Facts, Table};

/// How long a plugin may take that does not say how long it needs, in milliseconds.
const USUAL_MS: u64 = 500;
/// How long a plugin may take to tell somebody.
const TELLING: Duration = Duration::from_secs(10);
/// More than this many asks at a time are not taken on.
const MOST_WAITING: usize = 256;
/// A guest ends itself at the next look at the clock; should it not, nobody waits longer for it.
const SLACK: Duration = Duration::from_millis(30);

/// A plugin that was allowed and made ready.
pub struct Working {
    manifest: Manifest,
    code: Arc<Code>,
    filled: Filled,
    desk: Arc<Desk>,
}

/// A plugin that is asked about calls.
struct Asked {
    working: Arc<Working>,
    host: Host,
    zone: chrono_tz::Tz,
    /// What is answered in the place of servers, in tests.
    replies: Option<Replies>,
}

impl Working {
    /// Puts one to work, with what the owner filled in.
    #[must_use]
    pub fn new(manifest: Manifest, code: Arc<Code>, filled: Filled, desk: Arc<Desk>) -> Self {
        Self { manifest, code, filled, desk }
    }

    /// What it says of itself.
    #[must_use]
    pub fn manifest(&self) -> &Manifest {
        &self.manifest
    }

    /// Its code, which other settings can use too.
    #[must_use]
    pub fn code(&self) -> Arc<Code> {
        self.code.clone()
    }

    /// Asks it about calls that are routed by this table.
    #[must_use]
    pub fn look_up(self: &Arc<Self>, table: &Table, host: &Host) -> impl LookUp + use<> {
        if !self.manifest.allow.fetch.is_empty() {
            host.web.warm();
        }
        let zone = table.time_zone();
        Arc::new(Asked { working: self.clone(), host: host.clone(), zone, replies: None })
    }

    /// The same with these answers in the place of servers.
    pub(super) fn rehearsal(self: &Arc<Self>, host: &Host, replies: Replies) -> impl LookUp + use<> {
        let (working, host) = (self.clone(), host.clone());
        Arc::new(Asked { working, host, zone: chrono_tz::UTC, replies: Some(replies) })
    }

    /// Has it tell somebody of calls.
    pub fn tell(self: &Arc<Self>, telling: Telling) -> impl Future<Output = Result<(), String>> + use<> {
        let asked =
            Asked { working: self.clone(), host: telling.host.clone(), zone: chrono_tz::UTC, replies: None };
        async move { asked.tell(&telling).await.map_err(|trouble| trouble.to_string()) }
    }

    /// The same with these answers in the place of servers.
    pub(super) async fn rehearse(
        self: &Arc<Self>,
        telling: &Telling,
        replies: Replies,
    ) -> Result<(), String> {
        let (working, host) = (self.clone(), telling.host.clone());
        let asked = Asked { working, host, zone: chrono_tz::UTC, replies: Some(replies) };
        asked.tell(telling).await.map_err(|trouble| trouble.to_string())
    }

    /// Puts a question as it stands, with all servers out of reach.
    pub(super) async fn put(self: &Arc<Self>, question: Vec<u8>) -> Result<Vec<u8>, Trouble> {
        let (working, host) = (self.clone(), Host::default());
        let asked = Asked { working, host, zone: chrono_tz::UTC, replies: Some(Replies::none()) };
        asked.run(DateTime::default(), |_, _| Ok(question.clone()), Instant::now() + TELLING).await
    }

    /// How it is doing.
    #[must_use]
    pub fn desk(&self) -> &Desk {
        &self.desk
    }

    /// What the owner filled in.
    #[must_use]
    pub fn filled(&self) -> &Filled {
        &self.filled
    }

    fn budget(&self) -> Duration {
        Duration::from_millis(self.manifest.budget_ms.unwrap_or(USUAL_MS))
    }
}

impl LookUp for Arc<Asked> {
    fn ask(&self, ask: Ask) -> BoxFuture<'static, Result<Facts, Fault>> {
        self.find(ask).map_ok(|found| found.facts).boxed()
    }

    fn find(&self, ask: Ask) -> BoxFuture<'static, Result<Found, Fault>> {
        self.clone().find_now(ask).boxed()
    }
}

impl Asked {
    async fn find_now(self: Arc<Self>, ask: Ask) -> Result<Found, Fault> {
        let Working { manifest, desk, .. } = &*self.working;
        let broken = |reason: String| Fault::Broken { name: manifest.name.clone(), reason };
        desk.may_ask().map_err(broken)?;
        let started = Instant::now();
        let until = started + self.working.budget();
        let contract = manifest.contract;
        let question =
            |settings: &Filled, left_ms: u64| talk::ask(contract, &ask, settings, left_ms, self.zone);
        let answered = self.run(ask.at, question, until).await;
        let said = answered.and_then(|bytes| talk::answer(&bytes, &manifest.facts));
        match said {
            Ok(talk::Said { facts, odd }) => {
                desk.good(started.elapsed());
                Ok(Found { facts, note: (!odd.is_empty()).then(|| odd.join("; ")) })
            }
            // Not its own fault.
            Err(Trouble::Busy) => Err(broken(Trouble::Busy.to_string())),
            Err(Trouble::Late) => {
                let after_ms = self.working.budget().as_millis() as u64;
                let why = format!("it did not answer within {after_ms} ms");
                desk.fault(ask.at, started.elapsed(), &why);
                Err(Fault::Late { name: manifest.name.clone(), after_ms })
            }
            Err(trouble) => {
                let why = trouble.to_string();
                desk.fault(ask.at, started.elapsed(), &why);
                Err(broken(why))
            }
        }
    }

    /// Has it tell somebody. Its failures count for nothing else: who asks tries again.
    async fn tell(&self, telling: &Telling) -> Result<(), Trouble> {
        let contract = self.working.manifest.contract;
        let question = |settings: &Filled, left_ms: u64| talk::tell(contract, telling, settings, left_ms);
        let at = telling.notices.first().and_then(|first| first.at.parse().ok()).unwrap_or_default();
        talk::told(&self.run(at, question, Instant::now() + TELLING).await?)
    }

    /// Asks it, and waits no longer than it may take.
    async fn run(
        &self,
        at: DateTime<Utc>,
        question: impl Fn(&Filled, u64) -> Result<Vec<u8>, Trouble>,
        until: Instant,
    ) -> Result<Vec<u8>, Trouble> {
        let running = self.run_at(at, question, until);
        timeout_at((until + SLACK).into(), running).await.unwrap_or(Err(Trouble::Late))
    }

    /// Asks a fresh guest, and does for it what takes time.
    async fn run_at(
        &self,
        at: DateTime<Utc>,
        question: impl Fn(&Filled, u64) -> Result<Vec<u8>, Trouble>,
        until: Instant,
    ) -> Result<Vec<u8>, Trouble> {
        let _place = Place::take()?;
        let Working { manifest, code, filled, desk } = &*self.working;
        let mut settings = setting::complete(&manifest.id, &manifest.settings, filled, &self.host.secrets);
        files::read(&manifest.settings, &mut settings).await?;
        let left_ms = until.saturating_duration_since(Instant::now()).as_millis() as u64;
        let message = question(&settings, left_ms)?;
        let secrets = setting::secrets(&manifest.id, &manifest.settings, &self.host.secrets);
        let outside = Outside { now_ms: at.timestamp_millis(), secrets };
        let code = code.clone();
        let begin = move || {
            let mut guest = code.guest(outside, until)?;
            let step = guest.ask(&message, until);
            Ok((guest, step))
        };
        let (mut guest, mut step) = on_a_thread(begin, until).await?;
        let mut fetches = 0;
        loop {
            match step {
                Ok(Step::Yields) => {
                    (guest, step) = with(guest, until, move |guest| guest.go_on(until)).await?;
                }
                Ok(Step::Fetch(wanted)) => {
                    fetches += 1;
                    let reply = self.fetch(&wanted, fetches, until).await?;
                    let reply = reply.unwrap_or_else(|why| {
                        desk.log(at, vec![format!("fetch: {why}")]);
                        fetch::refusal(&why)
                    });
                    (guest, step) = with(guest, until, move |guest| guest.reply(reply, until)).await?;
                }
                Ok(Step::Done(answer)) => {
                    desk.log(at, guest.take_log());
                    return Ok(answer);
                }
                Err(trouble) => {
                    desk.log(at, guest.take_log());
                    return Err(trouble);
                }
            }
        }
    }

    async fn fetch(
        &self,
        wanted: &[u8],
        count: usize,
        until: Instant,
    ) -> Result<Result<Vec<u8>, String>, Trouble> {
        if count > MAX_FETCHES {
            return Ok(Err(format!("more than {MAX_FETCHES} requests for one call are not allowed")));
        }
        let allow = &self.working.manifest.allow;
        if let Some(replies) = &self.replies {
            return Ok(replies.answer(wanted, allow));
        }
        let fetching = fetch::fetch(wanted, allow, &self.host.web);
        timeout_at(until.into(), fetching).await.map_err(|_| Trouble::Late)
    }
}

/// Lets a guest go on.
async fn with(
    mut guest: Guest,
    until: Instant,
    work: impl FnOnce(&mut Guest) -> Result<Step, Trouble> + Send + 'static,
) -> Result<(Guest, Result<Step, Trouble>), Trouble> {
    let go_on = move || {
        let step = work(&mut guest);
        Ok((guest, step))
    };
    on_a_thread(go_on, until).await
}

/// Does something with a guest where it can take as long as it is allowed to, in turn with others.
async fn on_a_thread<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, Trouble> + Send + 'static,
    until: Instant,
) -> Result<T, Trouble> {
    static LANES: OnceLock<Semaphore> = OnceLock::new();
    let lanes =
        LANES.get_or_init(|| Semaphore::new(available_parallelism().map_or(2, |cores| cores.get().max(2))));
    let lane = timeout_at(until.into(), lanes.acquire()).await;
    let Ok(Ok(lane)) = lane else { return Err(Trouble::Late) };
    // The lane is given back by the thread itself, also when nobody waits for it any more.
    let guarded = move || {
        let done = catch_unwind(AssertUnwindSafe(work));
        drop(lane);
        done.unwrap_or_else(|_| Err(Trouble::Broken("it stopped unexpectedly".to_owned())))
    };
    spawn_blocking(guarded)
        .await
        .unwrap_or_else(|_| Err(Trouble::Broken("it stopped unexpectedly".to_owned())))
}

/// One of the asks that are under way.
struct Place;

static TAKEN: AtomicUsize = AtomicUsize::new(0);

impl Place {
    fn take() -> Result<Self, Trouble> {
        let place = Self;
        if TAKEN.fetch_add(1, Ordering::Relaxed) >= MOST_WAITING {
            return Err(Trouble::Busy);
        }
        Ok(place)
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        TAKEN.fetch_sub(1, Ordering::Relaxed);
    }
}
