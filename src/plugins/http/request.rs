//! From settings and a call to the request that is sent: placeholders filled in so that no value
//! can break out of its place, secrets put in last.

use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use hyper::body::Bytes;
use hyper::header::{AUTHORIZATION, CONTENT_TYPE, HeaderName, HeaderValue};
use hyper::{HeaderMap, Method as HttpMethod};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::Value as Json;
use sha2::{Digest, Sha256};
use url::Url;

use super::memory::Question;
use super::settings::{Body, How, Method, Sent, Settings};
use crate::plugins::Secrets;
use crate::plugins::web::{Allowed, WebRequest, origin};
use crate::routing::{Facts, Template};

/// What stays as it is in an address.
const ESCAPED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'_').remove(b'.').remove(b'~');
/// What stands for a secret where people see it.
pub(super) const HIDDEN: &str = "••••••";
/// Headers that the connection itself has to say.
const NOT_YOURS: [&str; 7] =
    ["connection", "content-length", "host", "te", "trailer", "transfer-encoding", "upgrade"];
/// What placeholders can be filled with: what is known before anybody is asked.
pub(super) const KNOWN: [&str; 12] = [
    "caller.number",
    "caller.digits",
    "caller.national",
    "caller.formatted",
    "caller.country",
    "caller.country_name",
    "caller.language",
    "caller.kind",
    "caller.withheld",
    "line.number",
    "line.name",
    "line.has_default_agent",
];

/// Settings, read once.
pub(super) struct Prepared {
    method: Method,
    url: Template,
    /// Whose server it is; secrets are kept for it alone.
    origin: String,
    /// How many parts the path has, which no value may change.
    depth: usize,
    send: Vec<(Sent, Template)>,
    body: PreparedBody,
    allowed: Allowed,
}

enum PreparedBody {
    None,
    Json(JsonTemplate),
    Form(Template),
}

/// JSON whose texts have placeholders.
enum JsonTemplate {
    Text(Template),
    List(Vec<Self>),
    Object(Vec<(String, Self)>),
    Other(Json),
}

/// A request for one call.
pub(super) struct Filled {
    pub request: WebRequest,
    /// The same for calls that ask the same.
    pub question: Question,
    /// What is sent, with secrets hidden.
    pub shown: String,
    /// The secrets in it, in each spelling that is sent.
    pub secrets: Vec<Arc<str>>,
}

/// Why there is no request for a call.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Unfilled {
    /// There is nothing to ask about: "the caller's number is withheld".
    Nothing(String),
    /// Something is wrong.
    Bad(String),
}

impl Prepared {
    /// Reads settings. The error is a sentence for the owner.
    pub(super) fn of(settings: &Settings) -> Result<Self, String> {
        let Settings { method, url, send, body, allow_private, allow_http, .. } = settings;
        let url = url.trim();
        if url.is_empty() {
            return Err("it has no address; write one like https://crm.example.com/customers".into());
        }
        let template = read(url, "the address")?;
        let sample = sample_url(&template)?;
        let origin = origin_of(url, &sample, *allow_http)?;
        let send =
            send.iter().map(|sent| Ok((sent.clone(), read_sent(sent)?))).collect::<Result<_, String>>()?;
        Ok(Self {
            method: *method,
            url: template,
            origin,
            depth: depth(&sample),
            send,
            body: if *method == Method::Post { PreparedBody::of(body)? } else { PreparedBody::None },
            allowed: Allowed { private: *allow_private, http: *allow_http },
        })
    }

    /// What is said of a secret that it needs and that is not on this computer, if there is one.
    pub(super) fn lack(&self, secrets: &Secrets) -> Option<String> {
        let mut sent = self.send.iter().map(|(sent, _)| sent).filter(|sent| sent.how.is_secret());
        let missing = sent.find(|sent| secrets.get(&secret_name(&self.origin, sent)).is_none())?;
        Some(self.no_secret(missing.title()))
    }

    /// The request for a call of which this is known.
    pub(super) fn fill(&self, facts: &Facts, secrets: &Secrets) -> Result<Filled, Unfilled> {
        let nothing = |name: &str| {
            let why = facts.why_missing(name).map_or_else(|| format!("{name} is not known"), str::to_owned);
            Unfilled::Nothing(why)
        };
        let bad = || Unfilled::Bad("this call does not fit into the address".to_owned());
        let filled = self.url.fill_escaped(facts, escape).map_err(nothing)?;
        let mut url = Url::parse(&filled).map_err(|_| bad())?;
        if origin(&url).as_deref() != Some(&self.origin) || depth(&url) != self.depth {
            return Err(bad());
        }
        let mut headers = HeaderMap::new();
        let (body, content_type) = match &self.body {
            PreparedBody::None => (Vec::new(), None),
            PreparedBody::Json(json) => {
                let json = json.fill(facts).map_err(nothing)?;
                (json.to_string().into_bytes(), Some("application/json"))
            }
            PreparedBody::Form(form) => {
                let form = form.fill_escaped(facts, escape).map_err(nothing)?;
                (form.into_bytes(), Some("application/x-www-form-urlencoded"))
            }
        };
        if let Some(content_type) = content_type {
            headers.insert(CONTENT_TYPE, HeaderValue::from_static(content_type));
        }
        let mut asked = Sha256::new();
        asked.update([self.method as u8]);
        let mut shown_url = url.clone();
        let mut shown_headers = String::new();
        let mut used = Vec::new();
        for (sent, template) in &self.send {
            let value = template.fill_escaped(facts, str::to_owned).map_err(nothing)?;
            // Each part says how long it is, so that two questions never read alike.
            asked.update((value.len() as u64).to_le_bytes());
            asked.update(&value);
            let secret = if sent.how.is_secret() { Some(self.secret(sent, secrets)?) } else { None };
            let secret_text = secret.as_deref().unwrap_or_default();
            let (text, shown) = match sent.how {
                How::Bearer => (format!("Bearer {secret_text}"), format!("Bearer {HIDDEN}")),
                How::LogIn => (log_in(&value, secret_text), format!("Basic {HIDDEN}")),
                How::SecretHeader => (secret_text.to_owned(), HIDDEN.to_owned()),
                How::Header => (value.clone(), value),
                How::SecretInAddress => {
                    url.query_pairs_mut().append_pair(sent.title(), secret_text);
                    shown_url.query_pairs_mut().append_pair(sent.title(), "HIDDEN");
                    used.extend([Arc::from(escape(secret_text)), Arc::from(secret_text)]);
                    continue;
                }
            };
            let mut value = HeaderValue::try_from(&text).map_err(|_| {
                Unfilled::Bad(format!("the value of {} has letters that cannot be sent", sent.title()))
            })?;
            value.set_sensitive(sent.how.is_secret());
            shown_headers.extend([sent.title(), ": ", &shown, "\n"]);
            headers.insert(header_name(sent).map_err(Unfilled::Bad)?, value);
            if sent.how == How::LogIn {
                used.push(Arc::from(text.trim_start_matches("Basic ")));
            }
            used.extend(secret);
        }
        asked.update(&filled);
        asked.update([0]);
        asked.update(&body);
        let method = match self.method {
            Method::Get => HttpMethod::GET,
            Method::Post => HttpMethod::POST,
        };
        let shown_url = shown_url.as_str().replace("=HIDDEN", &format!("={HIDDEN}"));
        let shown = format!("{method} {shown_url}\n{shown_headers}{}", String::from_utf8_lossy(&body));
        let (body, allowed) = (Bytes::from(body), self.allowed);
        Ok(Filled {
            request: WebRequest { method, url, headers, body, allowed, within: None },
            question: asked.finalize().into(),
            shown: shown.trim_end().to_owned(),
            secrets: used,
        })
    }

    fn secret(&self, sent: &Sent, secrets: &Secrets) -> Result<Arc<str>, Unfilled> {
        secrets
            .get(&secret_name(&self.origin, sent))
            .ok_or_else(|| Unfilled::Bad(self.no_secret(sent.title())))
    }

    /// What is said where a secret is not on this computer.
    fn no_secret(&self, title: &str) -> String {
        format!(
            "its secret “{title}” for {} is not on this computer; enter it on the look-up's page",
            self.origin
        )
    }
}

/// The name that a secret is kept under: it counts for one server, so that a table from somebody
/// else cannot send it anywhere else.
pub(super) fn secret_name(origin: &str, sent: &Sent) -> String {
    let title = sent.title();
    // Names of headers are the same in any spelling.
    let title = if sent.how == How::SecretInAddress { format!("?{title}") } else { title.to_lowercase() };
    format!("{origin} {title}")
}

/// Whose secret this is and the name it is kept under, if address and name are complete enough.
#[cfg(feature = "desktop")]
pub(super) fn secret_place(settings: &Settings, sent: &Sent) -> Option<(String, String)> {
    let url = settings.url.trim();
    let origin = origin_of(url, &sample_url(&read(url, "the address").ok()?).ok()?, true).ok()?;
    let name = secret_name(&origin, sent);
    (!sent.title().is_empty()).then_some((origin, name))
}

/// What is wrong with the name of something that is sent along.
#[cfg(feature = "desktop")]
pub(super) fn secret_title_error(sent: &Sent) -> Option<String> {
    let is_header = sent.how != How::SecretInAddress && !sent.title().is_empty();
    is_header.then(|| header_name(sent).err()).flatten()
}

fn read(text: &str, what: &str) -> Result<Template, String> {
    let template = Template::parse(text).map_err(|why| format!("{what}: {why}"))?;
    let unknown = template.facts().find(|name| !KNOWN.contains(name)).map(str::to_owned);
    match unknown {
        Some(name) => Err(format!(
            "{what}: {{{{{name}}}}} is not known before the server is asked; use another placeholder, such as {{{{caller.number}}}}"
        )),
        None => Ok(template),
    }
}

/// The address with something harmless in each placeholder.
fn sample_url(template: &Template) -> Result<Url, String> {
    let mut sample = Facts::default();
    for name in template.facts() {
        sample.set(name, crate::routing::Value::Text("x".into()));
    }
    let filled = template.fill_escaped(&sample, escape).unwrap_or_default();
    Url::parse(&filled).map_err(|why| {
        format!("the address cannot be read ({why}); write one like https://crm.example.com/customers")
    })
}

fn origin_of(url: &str, sample: &Url, allow_http: bool) -> Result<String, String> {
    match sample.scheme() {
        "https" => {}
        "http" if allow_http => {}
        "http" => return Err(
            "the address is not encrypted; write https:// if the server can do that, or allow unencrypted connections"
                .into(),
        ),
        _ => return Err("the address must start with https://; write one like https://crm.example.com".into()),
    }
    let behind = url.split_once("//").map_or("", |(_, behind)| behind);
    let server = behind.split(['/', '?', '#', '\\']).next().unwrap_or_default();
    if server.contains("{{") {
        return Err("the server's name has a placeholder; write placeholders only behind it".into());
    }
    if !sample.username().is_empty() || sample.password().is_some() {
        return Err(
            "the address holds a user or password; take it out, and send a log-in along, which is kept apart from the table"
                .into(),
        );
    }
    origin(sample).ok_or_else(|| "the address names no server; write one like https://crm.example.com".into())
}

fn depth(url: &Url) -> usize {
    url.path_segments().map_or(0, Iterator::count)
}

fn escape(value: &str) -> String {
    utf8_percent_encode(value, ESCAPED).to_string()
}

fn log_in(user: &str, password: &str) -> String {
    format!("Basic {}", BASE64.encode(format!("{user}:{password}")))
}

fn read_sent(sent: &Sent) -> Result<Template, String> {
    let title = sent.title();
    if title.is_empty() {
        return Err("something that is sent along has no name; name it, or delete it".into());
    }
    if sent.how != How::SecretInAddress {
        header_name(sent)?;
    }
    read(&sent.value, title)
}

fn header_name(sent: &Sent) -> Result<HeaderName, String> {
    let title = sent.title();
    if !sent.how.has_name() {
        return Ok(AUTHORIZATION);
    }
    match HeaderName::try_from(title) {
        Ok(name) if !NOT_YOURS.contains(&name.as_str()) => Ok(name),
        Ok(_) => Err(format!("the header {title} is sent by Switchboard itself; delete it")),
        Err(_) => {
            Err(format!("“{title}” cannot be the name of a header; write only what stands before the colon"))
        }
    }
}

impl PreparedBody {
    fn of(body: &Body) -> Result<Self, String> {
        match body {
            Body::None => Ok(Self::None),
            Body::Form(text) => Ok(Self::Form(read(text.trim(), "the form")?)),
            Body::Json(text) => {
                let json: Json = serde_json::from_str(text).map_err(|why| {
                    format!("the body is not JSON ({why}); put placeholders in quotes, such as \"{{{{caller.number}}}}\"")
                })?;
                Ok(Self::Json(JsonTemplate::of(json)?))
            }
        }
    }
}

impl JsonTemplate {
    fn of(json: Json) -> Result<Self, String> {
        Ok(match json {
            Json::String(text) => Self::Text(read(&text, "the body")?),
            Json::Array(items) => Self::List(items.into_iter().map(Self::of).collect::<Result<_, _>>()?),
            Json::Object(fields) => Self::Object(
                fields
                    .into_iter()
                    .map(|(name, value)| Ok((name, Self::of(value)?)))
                    .collect::<Result<_, String>>()?,
            ),
            other => Self::Other(other),
        })
    }

    fn fill(&self, facts: &Facts) -> Result<Json, &str> {
        Ok(match self {
            Self::Text(template) => Json::String(template.fill_escaped(facts, str::to_owned)?),
            Self::List(items) => {
                Json::Array(items.iter().map(|item| item.fill(facts)).collect::<Result<_, _>>()?)
            }
            Self::Object(fields) => Json::Object(
                fields
                    .iter()
                    .map(|(name, value)| Ok((name.clone(), value.fill(facts)?)))
                    .collect::<Result<_, &str>>()?,
            ),
            Self::Other(json) => json.clone(),
        })
    }
}
