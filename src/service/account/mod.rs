//! The owner's account at Retell: asked for its agents and numbers, and kept in a file, so that what was
//! told last is known without a network too.
//!
//! `client` speaks with Retell, `changing` changes numbers there, `connected` knows which lines lead here,
//! `following` leads them here again after the address changed, `drift` tells what others changed.

mod changing;
mod client;
mod connected;
mod drift;
mod following;
pub mod words;

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use arc_swap::{ArcSwap, ArcSwapOption};
use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};
use tokio::sync::Mutex;
use url::Url;

use super::control::Control;
use super::messages::{AccountNews, Event, Level, Note};
use crate::plugins::Web;
use crate::retell::ApiKey;
use crate::retell::account::{AccountAgent, AccountError, AccountNumber};
use crate::storage::{Home, ReadError, Trouble, atomic, read};

pub use changing::Changed;
pub use connected::{ConnectedLines, Connection};
pub use drift::drift;

use client::Client;
use following::Followed;

const FORMAT: u32 = 1;
/// What was told is asked for anew when it is older than this.
const FRESH: TimeDelta = TimeDelta::hours(1);
/// After a question without an answer it is not asked by itself for so long.
const PAUSE: TimeDelta = TimeDelta::minutes(10);

/// What Retell told of the account.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Account {
    format: u32,
    /// When it was told.
    pub asked_at: DateTime<Utc>,
    /// All agents.
    pub agents: Vec<AccountAgent>,
    /// All phone numbers.
    pub numbers: Vec<AccountNumber>,
}

impl Account {
    /// What was told at this time.
    #[must_use]
    pub fn new(asked_at: DateTime<Utc>, agents: Vec<AccountAgent>, numbers: Vec<AccountNumber>) -> Self {
        Self { format: FORMAT, asked_at, agents, numbers }
    }

    /// The number as Retell knows it.
    #[must_use]
    pub fn number(&self, number: &str) -> Option<&AccountNumber> {
        self.numbers.iter().find(|known| known.number == number)
    }

    /// The agent with this id at Retell.
    #[must_use]
    pub fn agent(&self, retell_id: &str) -> Option<&AccountAgent> {
        self.agents.iter().find(|known| known.id == retell_id)
    }
}

/// What was told last, for those who do not ask.
#[must_use]
pub fn told_last(home: &Home) -> Option<Account> {
    read::read_json(&home.account_file(), FORMAT).ok()
}

/// The account. Clones are the same one.
#[derive(Clone)]
pub struct Accounts(Arc<Inner>);

struct Inner {
    client: Client,
    file: Kept,
    known: ArcSwapOption<Account>,
    connected_file: Kept,
    connected: ArcSwap<ConnectedLines>,
    /// What was changed last, in this run of the program.
    changed: ArcSwapOption<Changed>,
    followed: ArcSwapOption<Followed>,
    /// Asking and changing come one after the other, so that an older answer never replaces a newer one.
    turn: Mutex<()>,
    is_asking: AtomicBool,
    is_changing: AtomicBool,
    /// When it was last asked in vain.
    failed_at: ArcSwapOption<DateTime<Utc>>,
}

/// A file.
struct Kept {
    file: PathBuf,
    /// It says something that must not be written over.
    is_sealed: bool,
}

impl Accounts {
    /// Reads what was told last. `api` is where Retell is asked, if not at its own address.
    #[must_use]
    pub fn open(home: &Home, web: Web, api: Option<Url>, now: DateTime<Utc>) -> (Self, Vec<Trouble>) {
        let lost = "What Retell told of your account is asked for anew";
        let (file, known, trouble) = Kept::open(home.account_file(), lost, now);
        // Whoever was asked before is asked still; only that it was done from here is not known.
        let lost = "Which lines were connected from here is not known any more";
        let (connected_file, connected, more) = Kept::open(home.connected_file(), lost, now);
        let inner = Inner {
            client: Client::new(web, api),
            file,
            known: ArcSwapOption::new(known.map(Arc::new)),
            connected_file,
            connected: ArcSwap::from_pointee(connected.unwrap_or_default()),
            changed: ArcSwapOption::empty(),
            followed: ArcSwapOption::empty(),
            turn: Mutex::new(()),
            is_asking: AtomicBool::new(false),
            is_changing: AtomicBool::new(false),
            failed_at: ArcSwapOption::empty(),
        };
        (Self(Arc::new(inner)), trouble.into_iter().chain(more).collect())
    }

    /// What was told last.
    #[must_use]
    pub fn known(&self) -> Option<Arc<Account>> {
        self.0.known.load_full()
    }

    /// Which lines were connected from here.
    #[must_use]
    pub fn connected(&self) -> Arc<ConnectedLines> {
        self.0.connected.load_full()
    }

    /// Whether Retell is being asked.
    #[must_use]
    pub fn is_asking(&self) -> bool {
        self.0.is_asking.load(Ordering::Relaxed)
    }

    /// Whether something is being changed there.
    #[must_use]
    pub fn is_changing(&self) -> bool {
        self.0.is_changing.load(Ordering::Relaxed)
    }

    /// Whether it is time to ask without being told to. Whoever never asked is left alone.
    #[must_use]
    pub fn is_due(&self, now: DateTime<Utc>) -> bool {
        let is_old =
            self.known().is_some_and(|known| !(TimeDelta::zero()..FRESH).contains(&(now - known.asked_at)));
        let rests = self.0.failed_at.load().as_ref().is_some_and(|at| (now - **at).abs() < PAUSE);
        is_old && !rests && !self.is_asking()
    }

    /// Asks, and keeps what is told. `None` if Retell is being asked already.
    pub async fn ask(&self, key: ApiKey, now: DateTime<Utc>) -> Option<Result<Arc<Account>, AccountError>> {
        let _asking = Sign::put_up(&self.0.is_asking)?;
        let _turn = self.0.turn.lock().await;
        match self.ask_all(&key, now).await {
            Ok(account) => {
                self.0.failed_at.store(None);
                Some(Ok(self.keep_known(account).await))
            }
            Err(error) => {
                self.0.failed_at.store(Some(Arc::new(now)));
                Some(Err(error))
            }
        }
    }

    async fn ask_all(&self, key: &ApiKey, now: DateTime<Utc>) -> Result<Account, AccountError> {
        let agents = self.0.client.agents(key).await?;
        let numbers = self.0.client.numbers(key).await?;
        Ok(Account::new(now, agents, numbers))
    }

    async fn keep_known(&self, account: Account) -> Arc<Account> {
        let account = Arc::new(account);
        self.0.known.store(Some(account.clone()));
        // It costs no more than to ask again after the next start.
        self.0.file.write(account.clone()).await;
        account
    }

    async fn keep_connected(&self, connected: ConnectedLines) {
        let connected = Arc::new(connected);
        self.0.connected.store(connected.clone());
        self.0.connected_file.write(connected).await;
    }

    fn followed(&self) -> Option<Arc<Followed>> {
        self.0.followed.load_full()
    }

    fn set_followed(&self, followed: Followed) {
        self.0.followed.store(Some(Arc::new(followed)));
    }

    /// What the window is told of it.
    #[must_use]
    pub fn news(&self) -> AccountNews {
        AccountNews {
            known: self.known(),
            connected: self.connected(),
            changed: self.0.changed.load_full(),
            is_asking: self.is_asking(),
            is_changing: self.is_changing(),
            failed: None,
        }
    }
}

impl Kept {
    /// Reads it. `lost`: what it costs if it cannot be read.
    fn open<T: serde::de::DeserializeOwned>(
        file: PathBuf,
        lost: &str,
        now: DateTime<Utc>,
    ) -> (Self, Option<T>, Option<Trouble>) {
        let mut is_sealed = false;
        let (content, trouble) = match read::read_json(&file, FORMAT) {
            Ok(content) => (Some(content), None),
            Err(ReadError::Missing { .. }) => (None, None),
            Err(error @ ReadError::Bad(_)) => {
                is_sealed = atomic::move_aside(&file, "rejected", now).is_err();
                (None, Some(Trouble::new(format!("{lost}. {error}"))))
            }
            Err(error) => {
                is_sealed = true;
                (None, Some(Trouble::new(error.to_string())))
            }
        };
        (Self { file, is_sealed }, content, trouble)
    }

    async fn write<T: Serialize + Send + Sync + 'static>(&self, content: Arc<T>) {
        if self.is_sealed {
            return;
        }
        let file = self.file.clone();
        let name = file.display().to_string();
        let write = move || atomic::write_json(&file, &*content).map(drop);
        if let Ok(Err(error)) = tokio::task::spawn_blocking(write).await {
            tracing::warn!("what is known of the account at Retell was not kept ({error}): {name}");
        }
    }
}

/// A sign that something is under way; taken down again however that ends.
struct Sign<'a>(&'a AtomicBool);

impl<'a> Sign<'a> {
    /// `None` where it is up already.
    fn put_up(sign: &'a AtomicBool) -> Option<Self> {
        (!sign.swap(true, Ordering::Relaxed)).then_some(Self(sign))
    }
}

impl Drop for Sign<'_> {
    fn drop(&mut self) {
        self.0.store(false, Ordering::Relaxed);
    }
}

impl Control {
    /// Asks Retell, and tells the window that it is being asked, and then what it told.
    pub(super) fn ask_retell(&self) {
        let Some(key) = self.engine.keys().first().cloned() else {
            return self.fail("Retell tells nothing without your API key; paste it in Settings".to_owned());
        };
        let (account, feed, now) = (self.account.clone(), self.feed.clone(), self.clock.now());
        let (table, before) = (self.live.table.clone(), self.account.known());
        feed.send(Event::Account(AccountNews { is_asking: true, ..self.account_news() }));
        let recheck = self.checking.handle();
        self.runtime.spawn(async move {
            let Some(told) = account.ask(key, now).await else { return };
            let failed = told.as_ref().err().cloned();
            feed.send(Event::Account(AccountNews { failed, ..account.news() }));
            let Ok(told) = told else { return };
            recheck.again();
            let drift = before.map(|before| drift(&before, &told, &account.connected(), &table));
            for text in drift.unwrap_or_default() {
                feed.send(Event::Note(Note { level: Level::Warning, text }));
            }
        });
    }

    /// What is changed in Retell's dashboard is noticed within the hour, and a changed address at once.
    pub(super) fn keep_up_with_retell(&self) {
        if !self.engine.keys().is_empty() && self.account.is_due(self.clock.now()) {
            self.ask_retell();
        }
        self.follow_address();
    }

    pub(super) fn account_news(&self) -> AccountNews {
        self.account.news()
    }
}
