//! How much a connection may take. A genuine request is about 1 KiB and arrives at once.

use std::time::Duration;

use crate::retell::payload;

/// The limits of all connections. [`Limits::default`] is what the program runs with; tests
/// take shorter ones.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// From connecting to the end of the header.
    pub header: Duration,
    /// From the end of the header to the end of the body.
    pub body: Duration,
    /// From connecting to the end of the answer. Retell gives up after 10 s, so nobody waits
    /// for what is still open after that.
    pub whole: Duration,
    /// The largest body, in bytes. Above it: 413.
    pub body_bytes: usize,
    /// The largest body of an event, in bytes: it may hold the transcript of a long call.
    pub event_bytes: usize,
    /// So many events are taken in at once; others wait, and are asked to come again when that takes
    /// too long, so that calls come first.
    pub events_at_once: usize,
    /// The largest header with the request line, in bytes, at least 8192. Above it: 431.
    pub header_bytes: usize,
    /// The most header fields. Above it: 431.
    pub header_fields: usize,
    /// The most sockets open at once, at least 1.
    pub sockets: usize,
    /// When stopping: how long every open request may go on.
    pub stop_finish: Duration,
    /// When stopping: after how long, counted from the same moment, even requests that are
    /// being answered are dropped.
    pub stop_hard: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            header: Duration::from_secs(5),
            body: Duration::from_secs(5),
            whole: Duration::from_secs(15),
            body_bytes: payload::MAX_BYTES,
            event_bytes: 2 * 1024 * 1024,
            events_at_once: 2,
            header_bytes: 16 * 1024,
            header_fields: 64,
            sockets: 512,
            stop_finish: Duration::from_secs(3),
            stop_hard: Duration::from_secs(5),
        }
    }
}
