//! Gets the certificate with which this computer answers https itself, and renews it in time, so that
//! nobody has to think of it: by ACME (RFC 8555), where the authority asks this computer a question at
//! port 443 of its name (TLS-ALPN-01, RFC 8737).
//!
//! While one is valid, calls go on over it whatever becomes of the next. The authority is asked only here,
//! and only as long as somebody wishes it.

mod asking;
mod keeping;
mod kept;
mod question;
mod words;

use std::io;
use std::sync::Arc;

use chrono::{DateTime, Utc};

use crate::plugins::Web;
use crate::plugins::reach::Obstacle;

pub(super) use keeping::Keeper;

/// What this takes of the world.
#[derive(Clone)]
pub struct World {
    /// Asks the authority.
    pub web: Web,
    /// Tells the time.
    pub now: Arc<dyn Fn() -> DateTime<Utc> + Send + Sync>,
    /// Keeps keys and certificates.
    pub shelf: Arc<dyn Shelf>,
}

/// Keeps what must outlive the program, for the eyes of its owner only.
pub trait Shelf: Send + Sync {
    /// What is kept under this name, if anything is.
    fn read(&self, name: &str) -> Option<Vec<u8>>;

    /// Keeps this under a name, in the place of what was there before. Once this returns it is safe.
    fn write(&self, name: &str, content: &[u8]) -> io::Result<()>;
}

/// How it stands with the certificate.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Certified {
    /// Who gives it.
    pub authority: String,
    /// Until when the one in use is valid; none while there is none.
    pub valid_until: Option<DateTime<Utc>>,
    /// What is being done.
    pub now: Doing,
}

/// What is being done about a certificate.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Doing {
    /// Nothing: there is one.
    Resting {
        /// From when on another one is asked for.
        renews_at: DateTime<Utc>,
    },
    /// The authority is asked for one.
    Asking,
    /// The authority gave none.
    Failed {
        /// Why, and what to do.
        why: Obstacle,
        /// When it is asked again.
        again_at: DateTime<Utc>,
    },
}
