//! Asks Retell and changes things there, with patience: what may pass is tried again.

use std::time::Duration;

use backon::{ExponentialBuilder, Retryable};
use hyper::header::{AUTHORIZATION, CONTENT_TYPE, HeaderValue};
use hyper::{HeaderMap, Method, body::Bytes};
use tokio::time::timeout;
use url::Url;

use crate::plugins::Web;
use crate::plugins::web::{Allowed, WebRequest, is_this_computer};
use crate::retell::ApiKey;
use crate::retell::account::{
    API, AccountAgent, AccountError, AccountNumber, Page, Setting, agents_path, change_body, change_path,
    numbers_path, read_agents, read_number, read_numbers,
};

/// How long one question may take.
const PATIENCE: Duration = Duration::from_secs(15);
/// How long to wait before a question is asked the second time; doubled for the third.
const AGAIN: Duration = Duration::from_millis(500);
/// How often a question is asked again.
const RETRIES: usize = 2;
/// No account has more pages than this.
const MOST_PAGES: usize = 100;

/// Speaks with Retell.
pub(super) struct Client {
    web: Web,
    /// `None`: Retell's own address.
    api: Option<Url>,
}

/// A question: method, path with query, and body.
struct Question {
    method: Method,
    path: String,
    body: Bytes,
}

impl Client {
    pub(super) fn new(web: Web, api: Option<Url>) -> Self {
        Self { web, api }
    }

    /// All agents of the account.
    pub(super) async fn agents(&self, key: &ApiKey) -> Result<Vec<AccountAgent>, AccountError> {
        let question = |path| Question { method: Method::POST, path, body: Bytes::from_static(b"{}") };
        self.pages(key, |page| question(agents_path(page)), read_agents).await
    }

    /// All phone numbers of the account.
    pub(super) async fn numbers(&self, key: &ApiKey) -> Result<Vec<AccountNumber>, AccountError> {
        let question = |path| Question { method: Method::GET, path, body: Bytes::new() };
        self.pages(key, |page| question(numbers_path(page)), read_numbers).await
    }

    /// Sets this on a number, and gives the number as it is then.
    pub(super) async fn change(
        &self,
        key: &ApiKey,
        number: &str,
        settings: &[&Setting],
    ) -> Result<AccountNumber, AccountError> {
        let body = Bytes::from(change_body(settings).to_string());
        let question = Question { method: Method::PATCH, path: change_path(number), body };
        // To set the same twice does no harm.
        self.patiently(key, &question, read_number).await
    }

    async fn pages<T>(
        &self,
        key: &ApiKey,
        question: impl Fn(Option<&str>) -> Question,
        read: fn(u16, &[u8]) -> Result<Page<T>, AccountError>,
    ) -> Result<Vec<T>, AccountError> {
        let (mut items, mut next) = (Vec::new(), None::<String>);
        for _ in 0..MOST_PAGES {
            let page = self.patiently(key, &question(next.as_deref()), read).await?;
            items.extend(page.items);
            // A page that leads to itself would never end.
            if page.next.is_none() || page.next == next {
                return Ok(items);
            }
            next = page.next;
        }
        Err(AccountError::Unreadable("it has no end".to_owned()))
    }

    async fn patiently<T>(
        &self,
        key: &ApiKey,
        question: &Question,
        read: fn(u16, &[u8]) -> Result<T, AccountError>,
    ) -> Result<T, AccountError> {
        let patience = ExponentialBuilder::default().with_min_delay(AGAIN).with_max_times(RETRIES);
        let ask = || self.ask(key, question, read);
        ask.retry(patience).when(AccountError::may_pass).await
    }

    async fn ask<T>(
        &self,
        key: &ApiKey,
        question: &Question,
        read: fn(u16, &[u8]) -> Result<T, AccountError>,
    ) -> Result<T, AccountError> {
        let Question { method, path, body } = question;
        let bearer = format!("Bearer {}", key.expose());
        let mut bearer = HeaderValue::from_str(&bearer).map_err(|_| AccountError::BadKey)?;
        bearer.set_sensitive(true);
        let mut headers = HeaderMap::from_iter([(AUTHORIZATION, bearer)]);
        if !body.is_empty() {
            headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
        }
        let api = self.api.as_ref().map_or(API, Url::as_str).trim_end_matches('/');
        let url = Url::parse(&format!("{api}{path}"));
        let url = url.map_err(|error| AccountError::Unreachable(error.to_string()))?;
        let is_here = is_this_computer(&url);
        let allowed = Allowed { private: is_here, http: is_here };
        let (method, body) = (method.clone(), body.clone());
        let request = WebRequest { method, url, headers, body, allowed, within: None };
        match timeout(PATIENCE, self.web.send(request)).await {
            Ok(Ok(answer)) => read(answer.status, &answer.body),
            Ok(Err(error)) => Err(AccountError::Unreachable(error.to_string())),
            Err(_) => Err(AccountError::Unreachable("it took too long".to_owned())),
        }
    }
}
