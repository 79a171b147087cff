//! Tells the window, and the program's own log for when there is none, how everything is doing.

use std::sync::Arc;
use std::time::Duration;

use tokio::runtime::Runtime;
use tokio::sync::watch;
use tokio::time::sleep;

use crate::plugins::{News, NewsOf};
use crate::service::messages::{Event, Level, Note, Serving};
use crate::service::{Engine, Feed, Noticing, Skew};
use crate::storage::Trouble;
use crate::storage::call_log::LogHealth;

/// How often it is looked whether calls are missing from the log.
const LOST_CHECK: Duration = Duration::from_secs(2);

/// What look-ups tell goes to the window, and to the program's own log for when there is none.
pub(super) fn news(feed: Feed) -> News {
    News::to(move |news| {
        match news {
            NewsOf::Trouble(text) => {
                tracing::warn!("{text}");
                feed.send(Event::Note(Note { level: Level::Warning, text }));
            }
            NewsOf::Recovered(text) => {
                tracing::info!("{text}");
                feed.send(Event::Note(Note { level: Level::Info, text }));
            }
            NewsOf::Changed => {}
        }
        feed.send(Event::LookUpsChanged);
    })
}

/// Tells the window from now on whether calls can be received and are logged.
pub(super) fn tell_news(
    runtime: &Runtime,
    serving: &watch::Receiver<Serving>,
    (log_health, log_troubles): (&watch::Receiver<LogHealth>, &watch::Receiver<Vec<Trouble>>),
    engine: &Arc<Engine>,
    feed: &Feed,
    noticing: &Noticing,
) {
    runtime.spawn(tell_serving(serving.clone(), feed.clone(), noticing.clone()));
    runtime.spawn(tell_log(log_health.clone(), engine.clone(), feed.clone()));
    runtime.spawn(tell_troubles(log_troubles.clone(), feed.clone()));
    runtime.spawn(tell_clock(engine.skew(), feed.clone()));
}

async fn tell_serving(mut serving: watch::Receiver<Serving>, feed: Feed, noticing: Noticing) {
    let mut is_blocked = false;
    while serving.changed().await.is_ok() {
        let state = serving.borrow_and_update().clone();
        match &state {
            Serving::Blocked { reason, .. } if !is_blocked => {
                noticing.outage(false, reason);
                is_blocked = true;
            }
            Serving::Listening(_) if is_blocked => {
                noticing.outage(true, "Its port on this computer can be used again");
                is_blocked = false;
            }
            _ => {}
        }
        feed.send(Event::Serving(state));
    }
}

async fn tell_log(mut health: watch::Receiver<LogHealth>, engine: Arc<Engine>, feed: Feed) {
    let mut told_unlogged = 0;
    let mut is_running = true;
    loop {
        let mut now = health.borrow_and_update().clone();
        let unlogged = engine.unlogged();
        if !is_running {
            now = LogHealth::Trouble("The call log has stopped: start the program again".into());
        }
        engine.set_log_health(&now);
        feed.send(Event::Log(now.trouble()));
        if unlogged > told_unlogged {
            let text = format!("{unlogged} calls were answered and are in no log; make room on the disk");
            feed.send(Event::Note(Note { level: Level::Error, text }));
            told_unlogged = unlogged;
        }
        let has_lost = async {
            while engine.unlogged() == told_unlogged {
                sleep(LOST_CHECK).await;
            }
        };
        tokio::select! {
            changed = health.changed(), if is_running => is_running = changed.is_ok(),
            () = has_lost => {}
        }
    }
}

async fn tell_clock(mut skew: watch::Receiver<Option<Skew>>, feed: Feed) {
    while skew.changed().await.is_ok() {
        let now = *skew.borrow_and_update();
        let told = now.map(|skew| format!("{}. {}", skew.words(), skew.advice()));
        tracing::warn!("{}", told.as_deref().unwrap_or("This computer's clock is right, or was set"));
        feed.send(Event::Clock(now));
    }
}

async fn tell_troubles(mut troubles: watch::Receiver<Vec<Trouble>>, feed: Feed) {
    let mut told = troubles.borrow().len();
    while troubles.changed().await.is_ok() {
        let now = troubles.borrow_and_update().clone();
        for trouble in now.iter().skip(told) {
            feed.send(Event::Note(Note { level: Level::Warning, text: trouble.message.clone() }));
        }
        told = now.len();
    }
}
