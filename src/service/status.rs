//! How the running program is doing, for those who ask from outside: the command line, other programs.

use std::fmt::Write;
use std::net::SocketAddr;
use std::sync::Arc;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use tokio::sync::watch;

use super::counts::{Counted, UP_TO_MS};
use super::engine::Engine;
use super::heartbeat::{Beat, Heartbeat};
use super::messages::Serving;
use super::proof::Prover;
use super::standing::Standing;
use crate::plugins::dropped::{Card, PluginStatus};
use crate::reach::{Certified, Doing, ReachState};
use crate::storage::call_log::LogHealth;

/// How it is doing at a moment.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Status {
    /// The version of the program.
    pub version: String,
    /// Its process.
    pub process: u32,
    /// When it started.
    pub started: DateTime<Utc>,
    /// Whether calls are answered.
    pub standing: Standing,
    /// Where calls are received.
    pub listen: Option<SocketAddr>,
    /// The public address, while there is one.
    pub reached: Option<String>,
    /// Whether calls were proved to arrive; `None`: not known.
    pub arrives: Option<bool>,
    /// Which version of the table answers.
    pub live_version: u32,
    /// What is wrong with the call log, if anything.
    pub log_trouble: Option<String>,
    /// What was answered since the start.
    pub counted: Counted,
    /// The plugins that the owner added.
    #[serde(default)]
    pub plugins: Vec<PluginStatus>,
    /// The certificate, where this computer gets one by itself.
    #[serde(default)]
    pub certificate: Option<CertificateStatus>,
    /// The outside watcher, if there is one.
    #[serde(default)]
    pub watcher: Option<WatcherStatus>,
    /// What is left out in safe mode, why, and how it is left; none if this is none.
    #[serde(default)]
    pub safe_mode: Option<String>,
}

/// How it stands with the certificate.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct CertificateStatus {
    /// Until when the one in use is valid; none while there is none.
    pub valid_until: Option<DateTime<Utc>>,
    /// Why the authority gives no other, and what to do.
    pub trouble: Option<String>,
}

impl From<&Certified> for CertificateStatus {
    fn from(certified: &Certified) -> Self {
        let trouble = match &certified.now {
            Doing::Failed { why, .. } => Some(format!("{}. {}", why.reason, why.next)),
            Doing::Resting { .. } | Doing::Asking => None,
        };
        Self { valid_until: certified.valid_until, trouble }
    }
}

/// How it stands with the outside watcher.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct WatcherStatus {
    /// The name of its server.
    pub name: String,
    /// When it was last told that all is well.
    pub told_at: Option<DateTime<Utc>>,
    /// Why it is not told now.
    pub trouble: Option<String>,
}

impl WatcherStatus {
    fn of(heartbeat: &Heartbeat) -> Option<Self> {
        let trouble = match &heartbeat.beat {
            Beat::None | Beat::Told => None,
            Beat::Held => Some("It is not told, as calls are not proved to arrive".to_owned()),
            Beat::Failed(why) => Some(why.clone()),
        };
        Some(Self { name: heartbeat.watcher.clone()?, told_at: heartbeat.told_at, trouble })
    }
}

/// All that is looked at for it.
#[derive(Clone)]
pub struct Watched {
    /// Answers.
    pub engine: Arc<Engine>,
    /// When the program started.
    pub started: DateTime<Utc>,
    /// Whether the port is there.
    pub serving: watch::Receiver<Serving>,
    /// The public address.
    pub reach: watch::Receiver<ReachState>,
    /// How the log is doing.
    pub log: watch::Receiver<LogHealth>,
    /// Whether calls arrive.
    pub prover: Prover,
    /// The plugins that the owner added.
    pub plugins: watch::Receiver<Arc<[Card]>>,
    /// The certificate.
    pub certified: watch::Receiver<Option<Certified>>,
    /// The outside watcher.
    pub heartbeat: watch::Receiver<Heartbeat>,
}

impl Watched {
    /// How it is doing now.
    #[must_use]
    pub fn status(&self) -> Status {
        let serving = self.serving.borrow().clone();
        let proof = self.prover.proof();
        let listen = if let Serving::Listening(addr) = serving { Some(addr) } else { None };
        let reached = match &*self.reach.borrow() {
            ReachState::Open(url) => Some(url.to_string()),
            _ => None,
        };
        let live_version = self.engine.live().version;
        let safe_mode = *self.engine.safe_mode().borrow();
        Status {
            version: env!("CARGO_PKG_VERSION").to_owned(),
            process: std::process::id(),
            started: self.started,
            standing: self.engine.standing(&serving, &proof),
            listen,
            reached,
            arrives: proof.health.as_ref().map(super::Health::is_good),
            live_version,
            log_trouble: self.log.borrow().clone().trouble(),
            counted: self.engine.counted(),
            plugins: self.plugins.borrow().iter().map(PluginStatus::from).collect(),
            certificate: self.certified.borrow().as_ref().map(CertificateStatus::from),
            watcher: WatcherStatus::of(&self.heartbeat.borrow()),
            safe_mode: safe_mode.map(|safe_mode| safe_mode.words_outside(live_version)),
        }
    }
}

impl Status {
    /// Whether calls are answered.
    #[must_use]
    pub fn is_good(&self) -> bool {
        self.standing.grade.is_answering()
    }

    /// As Prometheus reads it (text format 0.0.4).
    #[must_use]
    pub fn metrics(&self) -> String {
        let c = &self.counted;
        let mut text = Metrics(String::new());
        text.one(
            "info",
            "gauge",
            "The version of the program.",
            &[(&format!("version={:?}", self.version), 1)],
        );
        let started = self.started.timestamp().cast_unsigned();
        text.one("start_time_seconds", "gauge", "When the program started.", &[("", started)]);
        text.one("answering", "gauge", "Whether calls are answered.", &[("", self.is_good().into())]);
        if let Some(arrives) = self.arrives {
            text.one("arriving", "gauge", "Whether calls were proved to arrive.", &[("", arrives.into())]);
        }
        let is_logged = self.log_trouble.is_none();
        text.one("logging", "gauge", "Whether calls are logged.", &[("", is_logged.into())]);
        let is_safe = self.safe_mode.is_some();
        let help = "Whether something is left out, as the program broke off several times.";
        text.one("safe_mode", "gauge", help, &[("", is_safe.into())]);
        let live = u64::from(self.live_version);
        text.one("live_version", "gauge", "Which version of the table answers.", &[("", live)]);
        let calls = [
            ("outcome=\"connect\"", c.connected),
            ("outcome=\"keep\"", c.kept),
            ("outcome=\"reject\"", c.rejected),
        ];
        text.one("calls_total", "counter", "Calls that were answered, by what became of them.", &calls);
        for (name, help, count) in [
            ("repeated_requests_total", "Requests for a call that was answered before.", c.repeated),
            ("refused_requests_total", "Requests that were refused.", c.refused),
            ("fallbacks_total", "Calls that the fallback answered because something failed.", c.fallbacks),
            ("unlogged_calls_total", "Calls that were answered and are in no log.", c.unlogged),
        ] {
            text.one(name, "counter", help, &[("", count)]);
        }
        text.times(c);
        text.0
    }
}

struct Metrics(String);

impl Metrics {
    fn head(&mut self, name: &str, kind: &str, help: &str) {
        let _ = writeln!(self.0, "# HELP switchboard_{name} {help}\n# TYPE switchboard_{name} {kind}");
    }

    fn one(&mut self, name: &str, kind: &str, help: &str, values: &[(&str, u64)]) {
        self.head(name, kind, help);
        for (label, value) in values {
            let label = if label.is_empty() { String::new() } else { format!("{{{label}}}") };
            let _ = writeln!(self.0, "switchboard_{name}{label} {value}");
        }
    }

    fn times(&mut self, counted: &Counted) {
        self.head("answer_seconds", "histogram", "How long calls waited for their answer.");
        for (up_to, count) in UP_TO_MS.iter().zip(&counted.took) {
            let up_to = *up_to as f64 / 1000.0;
            let _ = writeln!(self.0, "switchboard_answer_seconds_bucket{{le=\"{up_to}\"}} {count}");
        }
        let (all, sum) = (counted.answered(), counted.took_us as f64 / 1e6);
        let _ = write!(
            self.0,
            "switchboard_answer_seconds_bucket{{le=\"+Inf\"}} {all}\nswitchboard_answer_seconds_sum {sum}\n\
             switchboard_answer_seconds_count {all}\n"
        );
    }
}
