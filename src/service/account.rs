//! The owner's account at Retell: asked for its agents and numbers, and kept in a file, so that what was
//! told last is known without a network too. Only asked for, never changed.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use arc_swap::ArcSwapOption;
use backon::{ExponentialBuilder, Retryable};
use chrono::{DateTime, TimeDelta, Utc};
use hyper::header::{AUTHORIZATION, CONTENT_TYPE, HeaderValue};
use hyper::{HeaderMap, Method, body::Bytes};
use serde::{Deserialize, Serialize};
use tokio::time::timeout;
use url::{Host, Url};

use super::control::Control;
use super::messages::{AccountNews, Event, Level, Note};
use crate::plugins::Web;
use crate::plugins::web::{Allowed, WebRequest};
use crate::retell::ApiKey;
use crate::retell::account::{
    API, AccountAgent, AccountError, AccountNumber, Page, agents_path, numbers_path, read_agents,
    read_numbers,
};
use crate::routing::Table;
use crate::storage::{Home, ReadError, Trouble, atomic, read};

const FORMAT: u32 = 1;
/// How long one question may take.
const PATIENCE: Duration = Duration::from_secs(15);
/// How long to wait before a question is asked the second time; doubled for the third.
const AGAIN: Duration = Duration::from_millis(500);
/// How often a question is asked again.
const RETRIES: usize = 2;
/// No account has more pages than this.
const MOST_PAGES: usize = 100;
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
    web: Web,
    /// `None`: Retell's own address.
    api: Option<Url>,
    file: PathBuf,
    /// The file says something that must not be written over.
    is_sealed: bool,
    known: ArcSwapOption<Account>,
    is_asking: AtomicBool,
    /// When it was last asked in vain.
    failed_at: ArcSwapOption<DateTime<Utc>>,
}

impl Accounts {
    /// Reads what was told last. `api` is where Retell is asked, if not at its own address.
    #[must_use]
    pub fn open(home: &Home, web: Web, api: Option<Url>, now: DateTime<Utc>) -> (Self, Option<Trouble>) {
        let file = home.account_file();
        let (mut known, mut is_sealed, mut trouble) = (None, false, None);
        match read::read_json::<Account>(&file, FORMAT) {
            Ok(account) => known = Some(Arc::new(account)),
            Err(ReadError::Missing { .. }) => {}
            Err(error @ ReadError::Bad(_)) => {
                // It will be told again, so it is no loss.
                is_sealed = atomic::move_aside(&file, "rejected", now).is_err();
                trouble = Some(Trouble::new(format!(
                    "What Retell told of your account is asked for anew. {error}"
                )));
            }
            Err(error) => {
                is_sealed = true;
                trouble = Some(Trouble::new(error.to_string()));
            }
        }
        let inner = Inner {
            web,
            api,
            file,
            is_sealed,
            known: ArcSwapOption::new(known),
            is_asking: AtomicBool::new(false),
            failed_at: ArcSwapOption::empty(),
        };
        (Self(Arc::new(inner)), trouble)
    }

    /// What was told last.
    #[must_use]
    pub fn known(&self) -> Option<Arc<Account>> {
        self.0.known.load_full()
    }

    /// Whether Retell is being asked.
    #[must_use]
    pub fn is_asking(&self) -> bool {
        self.0.is_asking.load(Ordering::Relaxed)
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
        if self.0.is_asking.swap(true, Ordering::Relaxed) {
            return None;
        }
        let _asking = Asking(&self.0.is_asking);
        let told = self.ask_all(&key, now).await.map(Arc::new);
        match &told {
            Ok(account) => {
                self.0.failed_at.store(None);
                self.0.known.store(Some(account.clone()));
                self.save(account.clone()).await;
            }
            Err(_) => self.0.failed_at.store(Some(Arc::new(now))),
        }
        Some(told)
    }

    async fn ask_all(&self, key: &ApiKey, now: DateTime<Utc>) -> Result<Account, AccountError> {
        let agents = self.pages(key, Method::POST, agents_path, read_agents).await?;
        let numbers = self.pages(key, Method::GET, numbers_path, read_numbers).await?;
        Ok(Account::new(now, agents, numbers))
    }

    async fn pages<T>(
        &self,
        key: &ApiKey,
        method: Method,
        path: fn(Option<&str>) -> String,
        read: fn(u16, &[u8]) -> Result<Page<T>, AccountError>,
    ) -> Result<Vec<T>, AccountError> {
        let (mut items, mut next) = (Vec::new(), None::<String>);
        for _ in 0..MOST_PAGES {
            let asked = path(next.as_deref());
            let ask = || self.page(key, &method, &asked, read);
            let patience = ExponentialBuilder::default().with_min_delay(AGAIN).with_max_times(RETRIES);
            let page = ask.retry(patience).when(AccountError::may_pass).await?;
            items.extend(page.items);
            // A page that leads to itself would never end.
            if page.next.is_none() || page.next == next {
                return Ok(items);
            }
            next = page.next;
        }
        Err(AccountError::Unreadable("it has no end".to_owned()))
    }

    async fn page<T>(
        &self,
        key: &ApiKey,
        method: &Method,
        path: &str,
        read: fn(u16, &[u8]) -> Result<Page<T>, AccountError>,
    ) -> Result<Page<T>, AccountError> {
        let bearer = format!("Bearer {}", key.expose());
        let mut bearer = HeaderValue::from_str(&bearer).map_err(|_| AccountError::BadKey)?;
        bearer.set_sensitive(true);
        let mut headers = HeaderMap::from_iter([(AUTHORIZATION, bearer)]);
        let mut body = Bytes::new();
        if *method == Method::POST {
            headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
            body = Bytes::from_static(b"{}");
        }
        let api = self.0.api.as_ref().map_or(API, Url::as_str).trim_end_matches('/');
        let url = Url::parse(&format!("{api}{path}"));
        let url = url.map_err(|error| AccountError::Unreachable(error.to_string()))?;
        let is_here = is_this_computer(&url);
        let allowed = Allowed { private: is_here, http: is_here };
        let request = WebRequest { method: method.clone(), url, headers, body, allowed, within: None };
        match timeout(PATIENCE, self.0.web.send(request)).await {
            Ok(Ok(answer)) => read(answer.status, &answer.body),
            Ok(Err(error)) => Err(AccountError::Unreachable(error.to_string())),
            Err(_) => Err(AccountError::Unreachable("it took too long".to_owned())),
        }
    }

    /// A file that cannot be written costs no more than to ask again after the next start.
    async fn save(&self, account: Arc<Account>) {
        if self.0.is_sealed {
            return;
        }
        let file = self.0.file.clone();
        let saved = tokio::task::spawn_blocking(move || atomic::write_json(&file, &*account).map(drop)).await;
        if let Ok(Err(error)) = saved {
            tracing::warn!("what Retell told of the account was not kept: {error}");
        }
    }
}

/// Takes the sign down again, however asking ends.
struct Asking<'a>(&'a AtomicBool);

impl Drop for Asking<'_> {
    fn drop(&mut self) {
        self.0.store(false, Ordering::Relaxed);
    }
}

fn is_this_computer(url: &Url) -> bool {
    match url.host() {
        Some(Host::Ipv4(ip)) => ip.is_loopback(),
        Some(Host::Ipv6(ip)) => ip.is_loopback(),
        _ => false,
    }
}

/// What became different at Retell for the lines and agents of a table, a sentence each.
#[must_use]
pub fn drift(before: &Account, after: &Account, table: &Table) -> Vec<String> {
    let mut told = Vec::new();
    for line in &table.lines {
        let name = &line.name;
        match (before.number(&line.number), after.number(&line.number)) {
            (Some(_), None) => told.push(format!("“{name}” is no longer among your numbers at Retell")),
            (Some(was), Some(is)) => {
                if was.agents.is_empty() != is.agents.is_empty() {
                    told.push(if is.agents.is_empty() {
                        format!("“{name}” has lost its own agent at Retell: while this computer is off, its calls are dropped")
                    } else {
                        format!("“{name}” has got an agent of its own at Retell: calls to it cannot be rejected any more")
                    });
                }
                if was.webhook != is.webhook {
                    told.push(match &is.webhook {
                        Some(url) => format!("Retell now asks {url} about calls to “{name}”"),
                        None => format!("Retell no longer asks anybody about calls to “{name}”"),
                    });
                }
            }
            (None, _) => {}
        }
    }
    let suspended = |account: &Account| -> BTreeMap<String, bool> {
        account.agents.iter().map(|agent| (agent.id.clone(), agent.is_suspended)).collect()
    };
    let (was, is) = (suspended(before), suspended(after));
    for agent in &table.agents {
        let name = &agent.name;
        match (was.get(&agent.retell_id), is.get(&agent.retell_id)) {
            (Some(_), None) => told.push(format!("“{name}” is no longer among your agents at Retell")),
            (Some(false), Some(true)) => told.push(format!("“{name}” was suspended at Retell")),
            _ => {}
        }
    }
    told
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
            let failed = told.as_ref().err().map(ToString::to_string);
            feed.send(Event::Account(AccountNews { known: account.known(), is_asking: false, failed }));
            let Ok(told) = told else { return };
            recheck.again();
            let drift = before.map(|before| drift(&before, &told, &table)).unwrap_or_default();
            for text in drift {
                feed.send(Event::Note(Note { level: Level::Warning, text }));
            }
        });
    }

    /// What is changed in Retell's dashboard is noticed within the hour.
    pub(super) fn keep_up_with_retell(&self) {
        if !self.engine.keys().is_empty() && self.account.is_due(self.clock.now()) {
            self.ask_retell();
        }
    }

    pub(super) fn account_news(&self) -> AccountNews {
        AccountNews { known: self.account.known(), is_asking: self.account.is_asking(), failed: None }
    }
}
