//! Tells the desktop how the program is doing, for as long as it runs.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::watch;
use tokio::time::sleep;

use super::{Desktop, Told, Wish};
use crate::service::messages::Serving;
use crate::service::{Clock, Engine, Proof};
use crate::storage::Settings;

/// How often it is looked at what is not told: closures begin and end by themselves.
const EACH: Duration = Duration::from_secs(3);

/// Ends when the program does.
pub async fn follow(
    desktop: Desktop,
    engine: Arc<Engine>,
    clock: Clock,
    mut serving: watch::Receiver<Serving>,
    mut proof: watch::Receiver<Proof>,
    mut settings: watch::Receiver<Settings>,
) {
    let (mut told, mut awake, mut skew) = (None, None, engine.skew());
    loop {
        let is_answering = matches!(*serving.borrow_and_update(), Serving::Listening(_));
        let set = settings.borrow_and_update().clone();
        let keeps_awake = set.keep_awake && is_answering;
        if awake.replace(keeps_awake) != Some(keeps_awake) {
            desktop.ask(Wish::KeepAwake(keeps_awake));
        }
        skew.mark_unchanged();
        let standing = engine.standing(&serving.borrow(), &proof.borrow_and_update());
        let now = Told::of(standing, &engine.overrides(), &engine.live().table, &set, clock.now());
        if told.as_ref() != Some(&now) {
            told = Some(now.clone());
            desktop.ask(Wish::Tell(Box::new(now)));
        }
        let goes_on = tokio::select! {
            changed = serving.changed() => changed.is_ok(),
            changed = proof.changed() => changed.is_ok(),
            changed = settings.changed() => changed.is_ok(),
            changed = skew.changed() => changed.is_ok(),
            () = sleep(EACH) => true,
        };
        if !goes_on {
            return;
        }
    }
}
