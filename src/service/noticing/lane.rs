//! What one of those who are told is told: one message after the other, tried again when it fails, all
//! that happens meanwhile in one. What waits is bounded; the oldest goes first.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use backon::{ExponentialBuilder, Retryable};
use chrono::{DateTime, Utc};
use tokio::sync::Notify;
use tokio::task::AbortHandle;
use tokio::time::{sleep, timeout};

use crate::plugins::dropped::{complete, wrong};
use crate::plugins::{Notice, Registry, Telling};
use crate::service::clock::Clock;
use crate::service::feed::Feed;
use crate::service::messages::Event;
use crate::storage::{Pause, UsedNotice};

/// So much waits for one of them.
const MOST_WAITING: usize = 500;
/// So much is told in one message.
const MOST_AT_ONCE: usize = 50;
/// How long telling may take.
const PATIENCE: Duration = Duration::from_secs(20);
/// How soon it is tried again when it fails, then four times as long each time.
const AGAIN: Duration = Duration::from_secs(1);
/// How often it is tried again.
const TIMES: usize = 4;
/// How often it is looked whether a pause is over.
const LOOK: Duration = Duration::from_secs(1);
/// Between two messages; what happens meanwhile is told in one.
const BETWEEN: Duration = Duration::from_secs(2);

/// How telling one of them goes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct NoticeReport {
    /// The id of the notice.
    pub id: String,
    /// How many messages were told.
    pub told: u64,
    /// When the last of them was.
    pub last_told: Option<DateTime<Utc>>,
    /// How much waits.
    pub waiting: usize,
    /// How much was given up, or left out because too much waited.
    pub lost: u64,
    /// What went wrong last, and when; gone once something was told again.
    pub trouble: Option<(DateTime<Utc>, String)>,
}

/// One of those who are told.
pub(super) struct Lane {
    shared: Arc<Shared>,
    work: AbortHandle,
}

struct Shared {
    inner: Mutex<Inner>,
    wake: Notify,
    feed: Feed,
    clock: Clock,
}

#[derive(Default)]
struct Inner {
    used: Option<(UsedNotice, Arc<Registry>)>,
    /// Until it is over, what happens waits.
    pause: Option<Pause>,
    waiting: VecDeque<Notice>,
    report: NoticeReport,
}

impl Lane {
    /// Begins to tell what is put down.
    pub(super) fn open(feed: Feed, clock: Clock) -> Self {
        let shared = Arc::new(Shared { inner: Mutex::default(), wake: Notify::new(), feed, clock });
        let work = tokio::spawn(shared.clone().run()).abort_handle();
        Self { shared, work }
    }

    /// Lets these settings and plugins count.
    pub(super) fn use_now(&self, used: UsedNotice, pause: Option<Pause>, registry: Arc<Registry>) {
        let mut inner = self.shared.inner();
        inner.report.id.clone_from(&used.id);
        if !used.enabled {
            inner.waiting.clear();
            inner.report.trouble = None;
        }
        inner.used = Some((used, registry));
        inner.pause = pause;
        drop(inner);
        self.shared.wake.notify_one();
    }

    /// Whether they want to be told.
    pub(super) fn wants(&self, wants: impl FnOnce(&UsedNotice) -> bool) -> bool {
        self.shared.inner().used.as_ref().is_some_and(|(used, _)| used.enabled && wants(used))
    }

    /// Puts something down to be told.
    pub(super) fn put(&self, notice: Notice) {
        let mut inner = self.shared.inner();
        if inner.waiting.len() >= MOST_WAITING {
            inner.waiting.pop_front();
            inner.report.lost += 1;
        }
        inner.waiting.push_back(notice);
        drop(inner);
        self.shared.wake.notify_one();
    }

    /// So much never came here.
    pub(super) fn count_left_out(&self, count: u64) {
        self.shared.inner().report.lost += count;
    }

    /// How it goes.
    pub(super) fn report(&self) -> NoticeReport {
        self.shared.inner().report()
    }
}

impl Drop for Lane {
    fn drop(&mut self) {
        self.work.abort();
    }
}

impl Inner {
    fn report(&self) -> NoticeReport {
        NoticeReport { waiting: self.waiting.len(), ..self.report.clone() }
    }
}

impl Shared {
    fn inner(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }

    async fn run(self: Arc<Self>) {
        loop {
            self.pause().await;
            let batch: Arc<[Notice]> = {
                let mut inner = self.inner();
                let count = inner.waiting.len().min(MOST_AT_ONCE);
                inner.waiting.drain(..count).collect()
            };
            if batch.is_empty() {
                self.wake.notified().await;
                continue;
            }
            self.tell(batch).await;
            sleep(BETWEEN).await;
        }
    }

    /// Waits until no pause is on, and says how much waits meanwhile.
    async fn pause(&self) {
        let mut told = None;
        loop {
            let (pause, waiting) = {
                let inner = self.inner();
                (inner.pause, inner.waiting.len())
            };
            let Some(pause) = pause.filter(|pause| pause.is_on(self.clock.now())) else { return };
            if told.replace(waiting) != Some(waiting) {
                self.tell_window();
            }
            match pause {
                Pause::Until(_) => drop(timeout(LOOK, self.wake.notified()).await),
                Pause::UntilEnded => self.wake.notified().await,
            }
        }
    }

    async fn tell(&self, batch: Arc<[Notice]>) {
        let again = ExponentialBuilder::default()
            .with_min_delay(AGAIN)
            .with_factor(4.0)
            .with_max_delay(AGAIN * 64)
            .with_max_times(TIMES);
        let tell = || {
            let (used, batch) = (self.inner().used.clone(), batch.clone());
            async move {
                match used {
                    // Switched off meanwhile: there is nothing more to tell.
                    Some((used, registry)) if used.enabled => tell_once(&used, &registry, batch).await,
                    _ => Ok(()),
                }
            }
        };
        let told = tell.retry(again).notify(|why, _| self.failed(why, 0)).await;
        match told {
            Ok(()) => {
                let mut inner = self.inner();
                inner.report.told += 1;
                inner.report.last_told = Some(self.clock.now());
                inner.report.trouble = None;
                drop(inner);
                self.tell_window();
            }
            Err(why) => self.failed(&why, batch.len()),
        }
    }

    fn failed(&self, why: &str, lost: usize) {
        let mut inner = self.inner();
        let name = inner.used.as_ref().map(|(used, _)| used.name.clone()).unwrap_or_default();
        inner.report.trouble = Some((self.clock.now(), why.to_owned()));
        inner.report.lost += lost as u64;
        drop(inner);
        tracing::warn!("the notice “{name}” was not told: {why}");
        self.tell_window();
    }

    fn tell_window(&self) {
        let report = self.inner().report();
        self.feed.send(Event::Notices(vec![report]));
    }
}

/// Tells it, and does not try again. The error is a sentence for the owner.
pub(super) async fn tell_once(
    used: &UsedNotice,
    registry: &Registry,
    notices: Arc<[Notice]>,
) -> Result<(), String> {
    let host = registry.host().clone();
    let telling = {
        let (plugin, kind) = registry.find_notice(&used.plugin)?;
        let (owner, all) = (used.owner(), &plugin.manifest().settings);
        // Those that are dropped in have their own, on their own page.
        let settings = if plugin.as_dropped().is_some() {
            serde_json::Map::new()
        } else {
            let has = |name: &str| host.secrets.get(name).is_some();
            if let Some((_, why)) = wrong(&owner, all, &used.settings, &has) {
                return Err(why);
            }
            complete(&owner, all, &used.settings, &host.secrets)
        };
        kind.check(&settings)?;
        kind.tell(Telling { notices, settings, host })
    };
    timeout(PATIENCE, telling)
        .await
        .unwrap_or_else(|_| Err(format!("nothing was heard for {} seconds", PATIENCE.as_secs())))
}
