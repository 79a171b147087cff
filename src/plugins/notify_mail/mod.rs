//! Tells people by e-mail, through the owner's own mail server.

use std::net::IpAddr;
use std::time::Duration;

use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use lettre::message::header::ContentType;
use lettre::message::{Mailbox, MessageBuilder};
use lettre::transport::smtp::Error;
use lettre::transport::smtp::authentication::Credentials;
use lettre::transport::smtp::client::{Tls, TlsParameters};
use lettre::{AsyncSmtpTransport, AsyncTransport, Message, Tokio1Executor};
use serde_json::{Map, Value};

use super::{Manifest, NoticeKind, Plugin, Telling};

/// How long the server may take for each step.
const PATIENCE: Duration = Duration::from_secs(10);

struct NotifyMail {
    manifest: Manifest,
}

/// The plugin.
#[must_use]
pub fn plugin() -> impl Plugin {
    NotifyMail { manifest: Manifest::built_in(include_str!("plugin.toml")) }
}

impl Plugin for NotifyMail {
    fn manifest(&self) -> &Manifest {
        &self.manifest
    }

    fn notice(&self) -> Option<&dyn NoticeKind> {
        Some(self)
    }
}

impl NoticeKind for NotifyMail {
    fn check(&self, settings: &Map<String, Value>) -> Result<(), String> {
        addressed(settings).map(drop)
    }

    fn tell(&self, telling: Telling) -> BoxFuture<'static, Result<(), String>> {
        async move {
            let message = message(&telling)?;
            transport(&telling)?.send(message).await.map(drop).map_err(|error| in_words(&error))
        }
        .boxed()
    }
}

/// A message with from and to.
fn addressed(settings: &Map<String, Value>) -> Result<MessageBuilder, String> {
    let mailbox = |text: &str| {
        text.trim()
            .parse::<Mailbox>()
            .map_err(|_| format!("“{text}” is no e-mail address; write one like ada@example.com"))
    };
    let text = settings.get("from").and_then(Value::as_str).unwrap_or_default();
    let to = settings.get("to").and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str);
    to.filter(|to| !to.trim().is_empty())
        .try_fold(Message::builder().from(mailbox(text)?), |message, to| Ok(message.to(mailbox(to)?)))
}

fn message(telling: &Telling) -> Result<Message, String> {
    let (title, text) = (telling.title(), telling.text());
    let text = if text.is_empty() { title.clone() } else { text };
    addressed(&telling.settings)?
        .subject(title)
        .header(ContentType::TEXT_PLAIN)
        .body(text)
        .map_err(|error| format!("the e-mail cannot be written ({error})"))
}

fn transport(telling: &Telling) -> Result<AsyncSmtpTransport<Tokio1Executor>, String> {
    let server = telling.setting("server");
    let tls = || {
        TlsParameters::new(server.to_owned())
            .map_err(|error| format!("encryption cannot be set up here ({error})"))
    };
    let (security, usual) = match telling.setting("security") {
        "TLS, port 465" => (Tls::Wrapper(tls()?), 465),
        "None, port 25" => (Tls::None, 25),
        _ => (Tls::Required(tls()?), 587),
    };
    let port = telling.settings.get("port").and_then(Value::as_f64).map_or(usual, |port| port as u16);
    let is_open = matches!(security, Tls::None);
    let builder = AsyncSmtpTransport::<Tokio1Executor>::builder_dangerous(server);
    let builder = builder.port(port).tls(security).timeout(Some(PATIENCE));
    let (user, password) = (telling.setting("user"), telling.setting("password"));
    if user.is_empty() {
        return Ok(builder.build());
    }
    if is_open && !is_here(server) {
        return Err(
            "a password is not sent without encryption; choose STARTTLS or TLS, or leave the user empty"
                .to_owned(),
        );
    }
    Ok(builder.credentials(Credentials::new(user.to_owned(), password.to_owned())).build())
}

fn is_here(server: &str) -> bool {
    server == "localhost" || server.parse::<IpAddr>().is_ok_and(|ip| ip.is_loopback())
}

fn in_words(error: &Error) -> String {
    let what = if error.is_timeout() {
        "the mail server does not answer; look whether its name and port are right"
    } else if error.is_tls() {
        "the mail server's encryption does not fit; look which kind your provider names"
    } else if error.is_permanent() || error.is_transient() {
        "the mail server did not take it"
    } else {
        "the mail server could not be reached"
    };
    let mut cause: &dyn std::error::Error = error;
    while let Some(inner) = cause.source() {
        cause = inner;
    }
    format!("{what} ({cause})")
}
