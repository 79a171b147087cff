//! The one way in which plugins ask servers: over HTTP/1.1 and TLS, without following anybody to
//! where the owner did not allow, and with a bound on what comes back. How long it may take is the
//! asker's business.

mod guard;

use std::error::Error as _;
use std::fmt;
use std::net::IpAddr;
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use http_body_util::{BodyExt, Full, LengthLimitError, Limited};
use hyper::body::{Bytes, Incoming};
use hyper::header::{ACCEPT, HOST, HeaderValue, LOCATION, USER_AGENT};
use hyper::{HeaderMap, Method, Request, Response, StatusCode};
use hyper_rustls::{HttpsConnector, HttpsConnectorBuilder};
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::{TokioExecutor, TokioTimer};
use rustls::pki_types::CertificateDer;
use rustls::{ClientConfig, RootCertStore};
use url::{Host, Origin, Url};

use guard::{NotPublic, Resolver};

pub(super) use guard::is_public;

/// The most that an answer may bring, in bytes.
pub const MAX_ANSWER: usize = 256 * 1024;
/// How often an answer may point elsewhere.
const MAX_REDIRECTS: usize = 5;
/// How long a connection is kept for the next request.
const IDLE: Duration = Duration::from_mins(1);

type Connector = HttpsConnector<HttpConnector<Resolver>>;
type Asker = Client<Connector, Full<Bytes>>;

/// Asks servers. Clones share their connections.
#[derive(Clone, Default)]
pub struct Web(Arc<Inner>);

#[derive(Default)]
struct Inner {
    /// Authorities that are trusted besides the world's and this computer's.
    also_trusted: Vec<CertificateDer<'static>>,
    askers: OnceLock<Result<Askers, String>>,
}

/// Apart, so that a connection into the owner's network is never used by a look-up that may not
/// go there.
struct Askers {
    public: Asker,
    any: Asker,
}

/// What is sent.
pub struct WebRequest {
    /// GET, HEAD, POST or PATCH.
    pub method: Method,
    /// Where to.
    pub url: Url,
    /// What is told besides; not told to another server that an answer points to.
    pub headers: HeaderMap,
    /// The body.
    pub body: Bytes,
    /// What the owner allows.
    pub allowed: Allowed,
    /// The beginnings of the only addresses that it may go to, or be pointed to.
    pub within: Option<Vec<Url>>,
}

/// What the owner allows a request.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Allowed {
    /// To go to addresses that are not on the internet.
    pub private: bool,
    /// To be sent without encryption.
    pub http: bool,
}

/// What came back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WebAnswer {
    /// The HTTP status.
    pub status: u16,
    /// What is told besides.
    pub headers: HeaderMap,
    /// The body.
    pub body: Bytes,
}

/// Why nothing came back, in words for the owner that name no address and no secret.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum WebError {
    /// Encryption cannot be set up here.
    #[error("encrypted connections cannot be made here ({0})")]
    NoTls(String),
    /// Plain HTTP, and the owner did not allow it.
    #[error("the address is not encrypted; write https://, or allow it to be asked without encryption")]
    NotEncrypted,
    /// An address in somebody's own network, and the owner did not allow it.
    #[error("{0} is an address inside your own network; allow that for this look-up if it is meant")]
    Private(IpAddr),
    /// There is no such address.
    #[error("the address cannot be asked; write one like https://crm.example.com/customers")]
    BadAddress,
    /// No connection.
    #[error("the server could not be reached ({0})")]
    Unreachable(String),
    /// The other end broke off.
    #[error("the connection broke off ({0})")]
    BrokeOff(String),
    /// The answer is larger than [`MAX_ANSWER`].
    #[error("the answer is larger than {} KB", MAX_ANSWER / 1024)]
    TooLarge,
    /// Answers pointed elsewhere too often.
    #[error("the server only points elsewhere, again and again")]
    Circle,
    /// An address that the owner did not allow.
    #[error("{0} is none of the addresses that it may ask")]
    NotGranted(String),
    /// An answer pointed somewhere that cannot be followed.
    #[error("the server points to another address that is not followed: {0}")]
    NotFollowed(String),
}

impl WebError {
    /// What is said of an address that the owner did not allow.
    pub(super) fn not_granted(url: &Url) -> Self {
        Self::NotGranted(origin(url).unwrap_or_else(|| format!("{}:", url.scheme())))
    }
}

/// Whether an address is one of this computer itself, where nobody else can read along.
#[must_use]
pub fn is_this_computer(url: &Url) -> bool {
    match url.host() {
        Some(Host::Ipv4(ip)) => ip.is_loopback(),
        Some(Host::Ipv6(ip)) => ip.is_loopback(),
        _ => false,
    }
}

impl Web {
    /// Trusts one more authority, for tests with servers of their own.
    #[must_use]
    pub fn trusting(authority: CertificateDer<'static>) -> Self {
        Self(Arc::new(Inner { also_trusted: vec![authority], askers: OnceLock::new() }))
    }

    /// Makes everything ready, so that no call has to wait for it.
    pub fn warm(&self) {
        let _ = self.0.askers();
    }

    /// Sends a request and waits for the whole answer, however long that takes.
    pub async fn send(&self, request: WebRequest) -> Result<WebAnswer, WebError> {
        let askers = self.0.askers().as_ref().map_err(|cause| WebError::NoTls(cause.clone()))?;
        let WebRequest { mut method, mut url, mut headers, mut body, allowed, within } = request;
        let asker = if allowed.private { &askers.any } else { &askers.public };
        for _ in 0..=MAX_REDIRECTS {
            if within.as_ref().is_some_and(|places| !places.iter().any(|place| begins_with(&url, place))) {
                return Err(WebError::not_granted(&url));
            }
            check(&url, allowed)?;
            let response = send_once(asker, &method, &url, &headers, &body).await?;
            let Some(next) = points_to(&response, &url)? else { return read(response).await };
            let is_elsewhere = next.origin() != url.origin();
            if matches!(response.status().as_u16(), 301..=303) && method != Method::GET {
                (method, body) = (Method::GET, Bytes::new());
            }
            if is_elsewhere {
                if method != Method::GET {
                    let origin = next.origin().ascii_serialization();
                    return Err(WebError::NotFollowed(format!(
                        "what you send would go to {origin}; ask there directly if that is right"
                    )));
                }
                headers.clear();
            }
            url = next;
        }
        Err(WebError::Circle)
    }
}

impl fmt::Debug for Web {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Web")
    }
}

/// The part of an address that says whose server it is: `https://crm.example.com`.
#[must_use]
pub fn origin(url: &Url) -> Option<String> {
    let origin = url.origin();
    matches!(origin, Origin::Tuple(..)).then(|| origin.ascii_serialization())
}

/// Whether an address is at or below another one.
pub(super) fn begins_with(url: &Url, place: &Url) -> bool {
    let folder = place.path().trim_end_matches('/');
    let below = url.path().strip_prefix(folder);
    url.origin() == place.origin() && below.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

impl Inner {
    fn askers(&self) -> &Result<Askers, String> {
        self.askers.get_or_init(|| {
            let tls = self.tls().map_err(|error| error.to_string())?;
            Ok(Askers { public: asker(tls.clone(), false), any: asker(tls, true) })
        })
    }

    fn tls(&self) -> Result<ClientConfig, rustls::Error> {
        let mut roots = RootCertStore { roots: webpki_roots::TLS_SERVER_ROOTS.to_vec() };
        // What this computer trusts besides, such as a company's own authority. A certificate that
        // cannot be read is one that is not trusted.
        roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
        roots.add_parsable_certificates(self.also_trusted.iter().cloned());
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let config = ClientConfig::builder_with_provider(provider).with_safe_default_protocol_versions()?;
        Ok(config.with_root_certificates(roots).with_no_client_auth())
    }
}

fn asker(tls: ClientConfig, may_be_private: bool) -> Asker {
    let mut plain = HttpConnector::new_with_resolver(Resolver::new(may_be_private));
    plain.enforce_http(false);
    plain.set_nodelay(true);
    let connector = HttpsConnectorBuilder::new()
        .with_tls_config(tls)
        .https_or_http()
        .enable_http1()
        .wrap_connector(plain);
    Client::builder(TokioExecutor::new())
        .pool_timer(TokioTimer::new())
        .pool_idle_timeout(IDLE)
        .pool_max_idle_per_host(4)
        .build(connector)
}

/// Whether the owner allows to ask there. Names are checked when their addresses are found.
fn check(url: &Url, allowed: Allowed) -> Result<(), WebError> {
    match url.scheme() {
        "https" => {}
        "http" if allowed.http => {}
        "http" => return Err(WebError::NotEncrypted),
        _ => return Err(WebError::BadAddress),
    }
    let ip = match url.host() {
        Some(Host::Ipv4(ip)) => IpAddr::V4(ip),
        Some(Host::Ipv6(ip)) => IpAddr::V6(ip),
        Some(Host::Domain(_)) => return Ok(()),
        None => return Err(WebError::BadAddress),
    };
    if allowed.private || is_public(ip) { Ok(()) } else { Err(WebError::Private(ip)) }
}

async fn send_once(
    asker: &Asker,
    method: &Method,
    url: &Url,
    headers: &HeaderMap,
    body: &Bytes,
) -> Result<Response<Incoming>, WebError> {
    let mut request = Request::builder()
        .method(method)
        .uri(url.as_str())
        .body(Full::new(body.clone()))
        .map_err(|_| WebError::BadAddress)?;
    *request.headers_mut() = headers.clone();
    let agent = HeaderValue::from_static(concat!("Switchboard/", env!("CARGO_PKG_VERSION")));
    request.headers_mut().entry(USER_AGENT).or_insert(agent);
    request.headers_mut().entry(ACCEPT).or_insert(HeaderValue::from_static("application/json"));
    request.headers_mut().remove(HOST);
    asker.request(request).await.map_err(|error| in_words(&error))
}

/// Where an answer points to, if it points elsewhere.
fn points_to(response: &Response<Incoming>, url: &Url) -> Result<Option<Url>, WebError> {
    use StatusCode as Is;
    let points =
        [Is::MOVED_PERMANENTLY, Is::FOUND, Is::SEE_OTHER, Is::TEMPORARY_REDIRECT, Is::PERMANENT_REDIRECT];
    let Some(to) = response.headers().get(LOCATION).filter(|_| points.contains(&response.status())) else {
        return Ok(None);
    };
    let to = to.to_str().ok().and_then(|to| url.join(to).ok());
    to.map(Some).ok_or_else(|| WebError::NotFollowed("it cannot be read".to_owned()))
}

async fn read(response: Response<Incoming>) -> Result<WebAnswer, WebError> {
    let status = response.status().as_u16();
    let (about, body) = response.into_parts();
    let headers = about.headers;
    match Limited::new(body, MAX_ANSWER).collect().await {
        Ok(body) => Ok(WebAnswer { status, headers, body: body.to_bytes() }),
        Err(error) if error.is::<LengthLimitError>() => Err(WebError::TooLarge),
        Err(error) => Err(WebError::BrokeOff(root(&*error))),
    }
}

fn in_words(error: &hyper_util::client::legacy::Error) -> WebError {
    let mut cause = error.source();
    while let Some(inner) = cause {
        if let Some(NotPublic(ip)) = inner.downcast_ref() {
            return WebError::Private(*ip);
        }
        // What an `io::Error` wraps is not its source, but itself.
        let wrapped = inner.downcast_ref::<std::io::Error>().and_then(std::io::Error::get_ref);
        if let Some(NotPublic(ip)) = wrapped.and_then(|wrapped| wrapped.downcast_ref()) {
            return WebError::Private(*ip);
        }
        cause = inner.source();
    }
    if error.is_connect() { WebError::Unreachable(root(error)) } else { WebError::BrokeOff(root(error)) }
}

/// The first cause of an error, which is the one that says something.
fn root(error: &(dyn std::error::Error + 'static)) -> String {
    let mut last = error;
    while let Some(inner) = last.source() {
        last = inner;
    }
    last.to_string()
}
