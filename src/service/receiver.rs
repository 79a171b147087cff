//! The door between the server and the service: what comes in, what goes out, and who answers.

use std::fmt;
use std::net::SocketAddr;
use std::sync::Arc;

use futures_util::future::BoxFuture;
use hyper::body::Bytes;

use crate::routing::Medium;

/// Whoever answers requests at the webhook's address.
pub trait Receiver: Send + Sync + 'static {
    /// Answers one request. Runs to its end even if the sender hangs up. It should catch its
    /// own panics: after one the server can only say 500, for it cannot know whether the
    /// request was genuine.
    fn receive(self: Arc<Self>, incoming: Incoming) -> BoxFuture<'static, Reply>;

    /// Is told of a request at the webhook's address that could not be read to its end.
    /// Must return at once.
    fn spoiled(&self, spoiled: Spoiled);

    /// True while calls are answered the way they should be.
    fn healthy(&self) -> bool;

    /// Whether Retell may tell what became of calls; else there is no address for that.
    fn takes_events(&self) -> bool {
        false
    }
}

/// A request that was read to its end. Nothing of it has been checked.
#[derive(Debug, Clone)]
pub struct Incoming {
    /// What is meant to arrive at the address that this came in at.
    pub door: Medium,
    /// It came in where what became of calls is told.
    pub is_event: bool,
    /// All values of `x-retell-signature`, in order.
    pub signatures: Vec<Vec<u8>>,
    /// The body, byte for byte.
    pub body: Bytes,
    /// The other end of the connection; behind a tunnel that is the tunnel.
    pub peer: SocketAddr,
}

/// What is sent back.
pub struct Reply {
    /// The HTTP status.
    pub status: u16,
    /// JSON, or nothing.
    pub body: Bytes,
    /// Called once the whole answer has been given to the system to send. If the sender had
    /// hung up by then, it is dropped uncalled.
    pub delivered: Option<Box<dyn FnOnce() + Send>>,
}

impl Reply {
    /// A 200 with this body.
    #[must_use]
    pub fn ok(body: Bytes) -> Self {
        Self { status: 200, body, delivered: None }
    }
}

impl fmt::Debug for Reply {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { status, body, delivered } = self;
        f.debug_struct("Reply")
            .field("status", status)
            .field("body", body)
            .field("delivered", &delivered.is_some())
            .finish()
    }
}

/// A request at the webhook's address that could not be read to its end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Spoiled {
    /// The other end of the connection; behind a tunnel that is the tunnel.
    pub peer: SocketAddr,
    /// What spoiled it.
    pub reason: SpoiledReason,
}

/// What keeps a request from being read to its end.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum SpoiledReason {
    /// The body is larger than the limit.
    #[error(
        "The request is far larger than one about an arriving call, so it was turned away. If it tells what \
         became of a call, its address belongs elsewhere: see “What became of calls” in Settings."
    )]
    TooLarge,
    /// The body took longer than the limit.
    #[error(
        "The request did not arrive in full in time: if calls are missing, \
         check this computer's internet connection."
    )]
    TooSlow,
    /// The connection ended, or was ended to make room, or what came was not valid HTTP.
    #[error(
        "The request broke off half-way: if calls are missing, \
         check this computer's internet connection."
    )]
    CutOff,
    /// TLS that could not be agreed on, though this port speaks it.
    #[error(
        "Somebody began to speak encrypted (https) with this computer and broke it off: if calls are missing, \
         look whether the certificate is for the address that Retell was given, and whether it has run out."
    )]
    Handshake,
    /// TLS on this port, which speaks plain HTTP.
    #[error(
        "The request came encrypted (https), but this port speaks plain http: \
         where the tunnel or proxy is set up, write http:// before this address."
    )]
    Https,
    /// HTTP/2 without having asked whether it is understood.
    #[error(
        "The request came as HTTP/2, but this port speaks HTTP/1.1: \
         set the tunnel or proxy to HTTP/1.1 for this address."
    )]
    Http2,
}

impl SpoiledReason {
    /// The reason in one word, for grouping.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::TooLarge => "too_large",
            Self::TooSlow => "too_slow",
            Self::CutOff => "cut_off",
            Self::Handshake => "handshake",
            Self::Https => "https",
            Self::Http2 => "http2",
        }
    }
}
