//! The heart-beat: an outside watcher is called each minute while calls are proved to arrive, and raises
//! the alarm when it hears nothing. So the owner learns of what this computer cannot tell itself: that it
//! is off, or offline.
//!
//! What is proved is `proof`'s business; each of its looks is one beat here, so that a program that stands
//! still is silent too.

use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use hyper::body::Bytes;
use hyper::{HeaderMap, Method};
use tokio::runtime::Handle;
use tokio::sync::watch;
use tokio::time::{sleep, timeout};
use url::Url;

use super::clock::Clock;
use super::engine::Engine;
use super::feed::Feed;
use super::messages::{Event, Level, Note, Serving};
use super::proof::Proof;
use crate::plugins::Secrets;
use crate::plugins::web::{Allowed, Web, WebRequest, is_this_computer};
use crate::reach::ReachState;
use crate::routing::capital;

/// What the watcher's address is kept under, as a secret: who knows it can beat in our place.
pub const HEARTBEAT_ADDRESS: &str = "heartbeat.address";
/// How long the watcher may take.
const PATIENCE: Duration = Duration::from_secs(10);
/// How soon it is called once more when that went wrong.
const AGAIN: Duration = Duration::from_secs(5);
/// It is not called more often than this, however often it is looked whether calls arrive.
const APART: TimeDelta = TimeDelta::seconds(30);

/// How it stands with the outside watcher.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Heartbeat {
    /// The name of the watcher's server; none if there is no watcher.
    pub watcher: Option<String>,
    /// When it was last told that all is well, in this run of the program.
    pub told_at: Option<DateTime<Utc>>,
    /// How it is now.
    pub beat: Beat,
}

/// What came of the last beat.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Beat {
    /// There was none yet.
    #[default]
    None,
    /// The watcher was told.
    Told,
    /// The watcher was not told, as calls are not proved to arrive. That is the alarm.
    Held,
    /// The watcher could not be told; why, and what to do.
    Failed(String),
}

/// What it takes to beat.
pub struct Beating {
    /// Knows whether calls are answered.
    pub engine: Arc<Engine>,
    /// Whether the port is there.
    pub serving: watch::Receiver<Serving>,
    /// Whether anything makes this computer reachable.
    pub reach: watch::Receiver<ReachState>,
    /// Whether calls arrive.
    pub proof: watch::Receiver<Proof>,
    /// Has the address.
    pub secrets: Secrets,
    /// Calls the watcher.
    pub web: Web,
    /// Tells the window.
    pub feed: Feed,
    /// Tells the time.
    pub clock: Clock,
}

/// Reads the address of a watcher. The error says what to write instead.
pub fn read_watcher(text: &str) -> Result<Url, String> {
    let url = Url::parse(text.trim())
        .map_err(|_| "This is no address; copy it whole, as the watcher shows it".to_owned())?;
    match url.scheme() {
        "https" => Ok(url),
        // Nobody else can read along on the way to this computer itself.
        "http" if is_this_computer(&url) => Ok(url),
        _ => Err("It must begin with https://, or others could read it on the way".to_owned()),
    }
}

impl Beating {
    /// Beats from now on, as long as it is looked whether calls arrive. Says how that goes.
    #[must_use]
    pub fn start(self, runtime: &Handle) -> watch::Receiver<Heartbeat> {
        let (told, heartbeat) = watch::channel(Heartbeat::default());
        runtime.spawn(self.run(told));
        heartbeat
    }

    async fn run(mut self, told: watch::Sender<Heartbeat>) {
        let mut address = None;
        loop {
            // At a start, the first look comes before the port is there.
            let looked = tokio::select! {
                looked = self.proof.changed() => looked,
                served = self.serving.changed() => served,
            };
            if looked.is_err() {
                return;
            }
            self.proof.borrow_and_update();
            self.serving.borrow_and_update();
            let known = std::mem::replace(&mut address, self.secrets.get(HEARTBEAT_ADDRESS));
            let before = if known == address { told.borrow().clone() } else { Heartbeat::default() };
            let now = match &address {
                Some(address) => self.beat(address, &before).await,
                None => Heartbeat::default(),
            };
            self.tell(&before, &now);
            if *told.borrow() != now {
                told.send_replace(now.clone());
                self.feed.send(Event::Heartbeat(now));
            }
        }
    }

    async fn beat(&self, address: &str, before: &Heartbeat) -> Heartbeat {
        let url = match read_watcher(address) {
            Ok(url) => url,
            Err(why) => {
                // Somebody wrote it into the file by hand.
                let watcher = Some("The watcher".to_owned());
                return Heartbeat { watcher, told_at: None, beat: Beat::Failed(why) };
            }
        };
        let watcher = url.host_str().map(str::to_owned);
        let told_at = before.told_at;
        if !self.is_proved() {
            return Heartbeat { watcher, told_at, beat: Beat::Held };
        }
        let is_fresh =
            told_at.is_some_and(|at| (TimeDelta::zero()..APART).contains(&(self.clock.now() - at)));
        if is_fresh && before.beat != Beat::Held {
            return before.clone();
        }
        let mut result = self.call(&url).await;
        if result.is_err() {
            sleep(AGAIN).await;
            result = self.call(&url).await;
        }
        match result {
            Ok(()) => Heartbeat { watcher, told_at: Some(self.clock.now()), beat: Beat::Told },
            Err(why) => Heartbeat { watcher, told_at, beat: Beat::Failed(why) },
        }
    }

    /// Whether calls are answered, and are proved to arrive where something makes them.
    fn is_proved(&self) -> bool {
        let proof = self.proof.borrow().clone();
        let is_answering = self.engine.standing(&self.serving.borrow(), &proof).grade.is_answering();
        let is_off = *self.reach.borrow() == ReachState::Off;
        is_answering && (is_off || proof.health.is_some_and(|health| health.is_good()))
    }

    /// The error is for the owner, and without the address, which is secret.
    async fn call(&self, url: &Url) -> Result<(), String> {
        let request = WebRequest {
            method: Method::GET,
            url: url.clone(),
            headers: HeaderMap::new(),
            body: Bytes::new(),
            // The owner may well run a watcher of their own.
            allowed: Allowed { private: true, http: is_this_computer(url) },
            within: None,
        };
        match timeout(PATIENCE, self.web.send(request)).await {
            Err(_late) => Err("It does not answer within 10 seconds".to_owned()),
            Ok(Err(error)) => Err(capital(&error.to_string())),
            Ok(Ok(answer)) if (200..300).contains(&answer.status) => Ok(()),
            Ok(Ok(answer)) => Err(format!(
                "It refuses the address (status {}). Look there whether it is still the right one, and paste it anew",
                answer.status
            )),
        }
    }

    /// Tells the owner once when it goes wrong, and once when it is well again.
    fn tell(&self, before: &Heartbeat, now: &Heartbeat) {
        let (level, text) = match (&before.beat, &now.beat) {
            (Beat::Failed(_), Beat::Told) => (Level::Info, "The outside watcher is told again".to_owned()),
            (Beat::Failed(_), _) => return,
            (_, Beat::Failed(why)) => {
                let text =
                    format!("The outside watcher could not be told and may raise a false alarm. {why}");
                (Level::Warning, text)
            }
            _ => return,
        };
        tracing::warn!("{text}");
        self.feed.send(Event::Note(Note { level, text }));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_secret_so_it_is_only_sent_encrypted() {
        for good in [
            "https://hc-ping.com/2f1b",
            " https://kuma.example.com/api/push/x?status=up&ping= ",
            "http://127.0.0.1:9/x",
        ] {
            assert!(read_watcher(good).is_ok(), "{good}");
        }
        for (bad, says) in
            [("hc-ping.com/2f1b", "no address"), ("http://hc-ping.com/2f1b", "must begin with https://")]
        {
            assert!(read_watcher(bad).is_err_and(|why| why.contains(says)), "{bad}");
        }
    }
}
