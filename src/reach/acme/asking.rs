//! Asks the authority for a certificate, once: the account, the order, the proof, the certificate.

use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use http_body_util::{BodyExt, Full};
use hyper::body::Bytes;
use hyper::header::{HeaderMap, RETRY_AFTER};
use hyper::{Request, Response};
use instant_acme::{
    Account, AccountBuilder, AccountCredentials, AuthorizationStatus, BodyWrapper, BytesResponse,
    ChallengeType, Error, HttpClient, Identifier, NewAccount, NewOrder, Order, OrderStatus, Problem,
    RetryPolicy,
};
use rustls::sign::CertifiedKey;
use serde::{Deserialize, Serialize};
use tokio::time::timeout;
use url::Url;

use super::{World, question};
use crate::plugins::reach::Authority;
use crate::plugins::web::{Allowed, Web, WebRequest, is_this_computer};

/// What the account is kept under.
const ACCOUNT: &str = "account.json";
/// How long the authority may take for one answer.
const ANSWER: Duration = Duration::from_secs(30);
/// How long it may take until it has looked, and until the certificate is there.
const RETRIES: RetryPolicy =
    RetryPolicy::new().initial_delay(Duration::from_millis(500)).backoff(1.5).timeout(Duration::from_mins(2));
/// What an authority says of an account that it does not know any more.
const NO_ACCOUNT: &str = "urn:ietf:params:acme:error:accountDoesNotExist";

/// Asks one authority for one name.
pub(super) struct Asking<'a> {
    pub(super) world: &'a World,
    pub(super) authority: &'a Authority,
    pub(super) host: &'a str,
}

/// Why the authority gave nothing.
pub(super) struct Refused {
    pub(super) error: Error,
    /// It is not to be asked before this.
    pub(super) not_before: Option<DateTime<Utc>>,
}

/// The account, as it is kept.
#[derive(Serialize, Deserialize)]
struct KeptAccount {
    directory: Url,
    credentials: AccountCredentials,
}

impl Asking<'_> {
    /// Gets a certificate: its private key and the chain, in PEM. `show` has the authority's question
    /// answered with what it is given.
    pub(super) async fn ask(&self, show: &(dyn Fn(Arc<CertifiedKey>) + Sync)) -> Result<String, Refused> {
        let wait = Arc::<Mutex<Option<DateTime<Utc>>>>::default();
        let asker = Asker { web: self.world.web.clone(), now: self.world.now.clone(), wait: wait.clone() };
        let mut result = self.certificate(&asker, false, show).await;
        if let Err(Error::Api(Problem { r#type: Some(kind), .. })) = &result
            && kind == NO_ACCOUNT
        {
            result = self.certificate(&asker, true, show).await;
        }
        let not_before = *wait.lock().unwrap_or_else(PoisonError::into_inner);
        result.map_err(|error| Refused { error, not_before })
    }

    async fn certificate(
        &self,
        asker: &Asker,
        anew: bool,
        show: &(dyn Fn(Arc<CertifiedKey>) + Sync),
    ) -> Result<String, Error> {
        let account = self.account(asker, anew).await?;
        let names = [Identifier::Dns(self.host.to_owned())];
        let mut order = account.new_order(&NewOrder::new(&names)).await?;
        self.prove(&mut order, show).await?;
        let key = order.finalize().await?;
        let chain = order.poll_certificate(&RETRIES).await?;
        Ok(format!("{key}{chain}"))
    }

    /// The account from before, or a new one.
    async fn account(&self, asker: &Asker, anew: bool) -> Result<Account, Error> {
        let builder = || -> AccountBuilder { Account::builder_with_http(Box::new(asker.clone())) };
        let kept = self.world.shelf.read(ACCOUNT).filter(|_| !anew);
        if let Some(kept) = kept.and_then(|kept| serde_json::from_slice::<KeptAccount>(&kept).ok())
            && kept.directory == self.authority.directory
        {
            return builder().from_credentials(kept.credentials).await;
        }
        let new = NewAccount { contact: &[], terms_of_service_agreed: true, only_return_existing: false };
        let directory = self.authority.directory.clone();
        let (account, credentials) = builder().create(&new, directory.to_string(), None).await?;
        let kept = serde_json::to_vec(&KeptAccount { directory, credentials })?;
        // Without it, another account is made the next time.
        if let Err(error) = self.world.shelf.write(ACCOUNT, &kept) {
            tracing::warn!("the account for certificates could not be kept: {error}");
        }
        Ok(account)
    }

    /// Proves that this computer answers for the name.
    async fn prove(&self, order: &mut Order, show: &(dyn Fn(Arc<CertifiedKey>) + Sync)) -> Result<(), Error> {
        let mut authorizations = order.authorizations();
        while let Some(authorization) = authorizations.next().await {
            let mut authorization = authorization?;
            if authorization.status == AuthorizationStatus::Valid {
                continue;
            }
            let mut challenge = authorization
                .challenge(ChallengeType::TlsAlpn01)
                .ok_or(Error::Unsupported("the question at port 443"))?;
            let proof = question::proof(self.host, &challenge.key_authorization());
            show(proof.map_err(|why| Error::Other(why.into()))?);
            challenge.set_ready().await?;
        }
        match order.poll_ready(&RETRIES).await {
            Ok(OrderStatus::Ready) => Ok(()),
            // What it saw is told with the question, not with the order.
            Ok(_) | Err(Error::Api(_)) => Err(seen(order).await?),
            Err(error) => Err(error),
        }
    }
}

/// What the authority saw instead of the proof.
async fn seen(order: &mut Order) -> Result<Error, Error> {
    let mut authorizations = order.authorizations();
    while let Some(authorization) = authorizations.next().await {
        let mut authorization = authorization?;
        let state = authorization.refresh().await?;
        if let Some(problem) = state.challenges.iter().find_map(|challenge| challenge.error.clone()) {
            return Ok(Error::Api(problem));
        }
    }
    let problem = order.state().error.clone();
    Ok(problem.map_or(Error::Str("a reason"), Error::Api))
}

/// Sends what the library asks through the one way in which servers are asked.
#[derive(Clone)]
struct Asker {
    web: Web,
    now: Arc<dyn Fn() -> DateTime<Utc> + Send + Sync>,
    /// When the authority wants to be asked again, if it said so.
    wait: Arc<Mutex<Option<DateTime<Utc>>>>,
}

impl HttpClient for Asker {
    fn request(
        &self,
        request: Request<BodyWrapper<Bytes>>,
    ) -> Pin<Box<dyn Future<Output = Result<BytesResponse, Error>> + Send>> {
        let asker = self.clone();
        Box::pin(async move { asker.send(request).await })
    }
}

impl Asker {
    async fn send(self, request: Request<BodyWrapper<Bytes>>) -> Result<BytesResponse, Error> {
        let (parts, body) = request.into_parts();
        let url = Url::parse(&parts.uri.to_string()).map_err(|error| Error::Other(error.into()))?;
        let body = body.collect().await.map(http_body_util::Collected::to_bytes).unwrap_or_default();
        // Only trials name an authority on this computer, or in the owner's network.
        let allowed = Allowed { private: true, http: is_this_computer(&url) };
        let sent =
            WebRequest { method: parts.method, url, headers: parts.headers, body, allowed, within: None };
        let answer = timeout(ANSWER, self.web.send(sent)).await;
        let answer =
            answer.map_err(|_late| Error::Timeout(None))?.map_err(|error| Error::Other(error.into()))?;
        if matches!(answer.status, 429 | 503) {
            *self.wait.lock().unwrap_or_else(PoisonError::into_inner) =
                wait_of(&answer.headers, (self.now)());
        }
        let mut response = Response::builder().status(answer.status);
        if let Some(headers) = response.headers_mut() {
            *headers = answer.headers;
        }
        Ok(BytesResponse::from(response.body(Full::new(answer.body))?))
    }
}

/// When somebody wants to be asked again: a number of seconds, or a date.
fn wait_of(headers: &HeaderMap, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
    let said = headers.get(RETRY_AFTER)?.to_str().ok()?.trim();
    match said.parse() {
        Ok(seconds) => now.checked_add_signed(TimeDelta::try_seconds(seconds)?),
        Err(_) => DateTime::parse_from_rfc2822(said).ok().map(Into::into),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn when_to_ask_again_is_read_in_both_forms() {
        let now: DateTime<Utc> = "2026-11-23T15:00:00Z".parse().unwrap();
        let of = |said: &str| {
            let headers = HeaderMap::from_iter([(RETRY_AFTER, said.parse().unwrap())]);
            wait_of(&headers, now).map(|at| at.to_rfc3339())
        };
        assert_eq!(of("3600").unwrap(), "2026-11-23T16:00:00+00:00");
        assert_eq!(of("Tue, 24 Nov 2026 08:00:00 GMT").unwrap(), "2026-11-24T08:00:00+00:00");
        assert_eq!((of("soon"), of("99999999999999999")), (None, None));
    }
}
