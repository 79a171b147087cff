//! How it stands with answering calls, in a few words: for the window's header, the tray, and others.

use serde::{Deserialize, Serialize};

use super::engine::Engine;
use super::messages::Serving;
use super::outages::Health;
use super::proof::Proof;
use super::safe_mode::SafeMode;
use super::skew::Skew;

/// Whether calls are answered.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Standing {
    /// How good it is.
    pub grade: Grade,
    /// In words.
    pub words: String,
}

/// How good it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Grade {
    /// Not known yet.
    Starting,
    /// Calls are answered.
    Good,
    /// They are, but something is being looked at.
    Doubtful,
    /// They are not.
    Bad,
}

impl Grade {
    /// Whether calls are answered, as far as is known.
    #[must_use]
    pub fn is_answering(self) -> bool {
        matches!(self, Self::Good | Self::Doubtful)
    }
}

/// What that goes by.
#[derive(Clone, Copy, Debug)]
pub struct Known<'a> {
    /// Whether the port can be used.
    pub serving: &'a Serving,
    /// Whether there is an API key.
    pub has_key: bool,
    /// There is none because the owner only looks around yet.
    pub is_practice: bool,
    /// How far the clock is off, if it is.
    pub skew: Option<Skew>,
    /// Whether calls arrive.
    pub proof: &'a Proof,
    /// What is left out, in safe mode.
    pub safe_mode: Option<SafeMode>,
}

impl Engine {
    /// How it stands, as far as the engine, its port and the proof tell.
    #[must_use]
    pub fn standing(&self, serving: &Serving, proof: &Proof) -> Standing {
        let (has_key, skew) = (!self.keys().is_empty(), *self.skew().borrow());
        let safe_mode = *self.safe_mode().borrow();
        Known { serving, has_key, is_practice: false, skew, proof, safe_mode }.standing()
    }
}

impl Known<'_> {
    /// How it stands; what keeps most calls away comes first.
    #[must_use]
    pub fn standing(&self) -> Standing {
        let Self { serving, has_key, is_practice, skew, proof, safe_mode } = self;
        let (grade, words) = match serving {
            Serving::Blocked { addr, free_port, .. } => {
                let port = addr.port();
                // Another port is only looked for where this one is taken.
                let why = if free_port.is_some() { "is taken" } else { "cannot be used" };
                (Grade::Bad, format!("No calls come in: port {port} {why}"))
            }
            Serving::Starting => (Grade::Starting, "Starting…".to_owned()),
            Serving::Listening(_) if *is_practice => {
                (Grade::Doubtful, "Practice mode: real calls are refused".to_owned())
            }
            Serving::Listening(_) if !has_key => (Grade::Bad, "Every call is refused: no API key".to_owned()),
            Serving::Listening(_) if skew.is_some_and(|skew| skew.is_refusing && skew.is_certain) => {
                (Grade::Bad, "Calls are refused: the clock is wrong".to_owned())
            }
            Serving::Listening(_) if proof.outage().is_some() => {
                let brief = proof.outage().map_or("", Health::brief);
                (Grade::Bad, format!("Calls do not arrive: {}", brief.to_lowercase()))
            }
            Serving::Listening(_) if proof.misses > 0 => {
                (Grade::Doubtful, "Answering calls; looking whether they arrive…".to_owned())
            }
            Serving::Listening(_) if skew.is_some_and(|skew| !skew.is_certain) => {
                (Grade::Doubtful, "Answering calls; the clock may be wrong".to_owned())
            }
            Serving::Listening(addr) if safe_mode.is_some() => {
                (Grade::Doubtful, format!("Answering calls on port {}, in safe mode", addr.port()))
            }
            Serving::Listening(addr) => (Grade::Good, format!("Answering calls on port {}", addr.port())),
        };
        Standing { grade, words }
    }
}
