//! Whether the internet reaches this computer: what the settings ask for, which programs for it are
//! here, and telling the window.

use std::collections::BTreeMap;

use futures_util::future::join_all;
use tokio::sync::watch;

use super::control::Control;
use super::feed::Feed;
use super::heartbeat::Heartbeat;
use super::messages::{Event, Serving};
use super::proof::{Proof, Prover};
use crate::plugins::web::Web;
use crate::reach::{Certified, Found, ReachState, Reacher, Wish, find};

/// The programs that can make this computer reachable, by the ids of their plugins: `None` where one is
/// not here.
pub type Tools = BTreeMap<String, Option<Found>>;

/// What control needs to have the computer reached.
pub struct Reachable {
    reacher: Reacher,
    prover: Prover,
    heartbeat: watch::Receiver<Heartbeat>,
    /// Counts how often it was asked to begin anew.
    round: u64,
}

impl Reachable {
    /// Nothing is wanted yet.
    #[must_use]
    pub fn new(reacher: Reacher, prover: Prover, heartbeat: watch::Receiver<Heartbeat>) -> Self {
        Self { reacher, prover, heartbeat, round: 0 }
    }

    /// Proves now that calls arrive.
    pub(super) fn prove(&self) {
        self.prover.prove();
    }

    /// Asks through the public address.
    pub(super) fn web(&self) -> Web {
        self.prover.web.clone()
    }

    /// Whether they do.
    pub(super) fn proof(&self) -> Proof {
        self.prover.proof()
    }

    /// How it stands with the outside watcher.
    pub(super) fn heartbeat(&self) -> Heartbeat {
        self.heartbeat.borrow().clone()
    }
}

impl Control {
    /// Has this computer reached as the settings say, on the port where calls are received.
    pub(super) fn keep_reachable(&self) {
        let port = match &*self.serving.borrow() {
            // The port is not known yet; what is begun for another one would be begun twice.
            Serving::Starting => return,
            Serving::Listening(addr) | Serving::Blocked { addr, .. } => addr.port(),
        };
        let reach = &self.settings.reach;
        let wish = reach.way.clone().map(|way| Wish {
            settings: reach.settings.get(&way).cloned().unwrap_or_default(),
            program: reach.programs.get(&way).cloned(),
            way,
            port,
            round: self.reachable.round,
        });
        self.reachable.reacher.want(wish);
    }

    /// Begins anew, for something may be different now.
    pub(super) fn reach_again(&mut self) {
        self.reachable.round += 1;
        self.keep_reachable();
    }

    /// Looks which programs for it are here. Answered by [`Event::Tools`].
    pub(super) fn look_for_tools(&self) {
        let programs = self.settings.reach.programs.clone();
        let ways =
            self.registry.ways().filter_map(|(manifest, kind)| Some((manifest.id.clone(), kind.tool()?)));
        let looked: Vec<_> = ways
            .map(|(id, tool)| {
                let said = programs.get(&id).cloned();
                async move { (id, find(tool, said.as_deref()).await) }
            })
            .collect();
        let feed = self.feed.clone();
        self.runtime
            .spawn(async move { feed.send(Event::Tools(join_all(looked).await.into_iter().collect())) });
    }

    pub(super) fn reach_state(&self) -> ReachState {
        self.reachable.reacher.state().borrow().clone()
    }

    /// How it stands with a certificate that is got by itself.
    pub(super) fn certified(&self) -> Option<Certified> {
        self.reachable.reacher.certified().borrow().clone()
    }
}

/// Tells the window from now on how it is.
pub async fn tell_reach(mut state: watch::Receiver<ReachState>, feed: Feed) {
    while state.changed().await.is_ok() {
        let now = state.borrow_and_update().clone();
        feed.send(Event::Reach(now));
    }
}
