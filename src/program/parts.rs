//! The parts that the program is put together of: threads, what earlier calls left behind, plugins, the
//! engine, and what proves that calls arrive.

use std::sync::Arc;
use std::thread;

use tokio::runtime::Runtime;
use tokio::sync::watch;

use super::telling::news;
use crate::guard::{Line, Mode};
use crate::plugins::{Host, Registry, Secrets, Web};
use crate::reach::Supervisor;
use crate::routing::number;
use crate::service::keys::api_keys;
use crate::service::messages::{Event, Serving};
use crate::service::{
    Beating, Clock, Engine, Feed, Heartbeat, History, InFlight, Memory, Network, Noticing, Prover, Proving,
    Timeline, Turns, Waking, tell_certified, tell_reach,
};
use crate::storage::call_log::LogWriter;
use crate::storage::call_log::search::Search;
use crate::storage::{Home, OverrideStore, Settings, secrets};

/// The threads that answer calls.
pub(super) fn threads() -> std::io::Result<Runtime> {
    tokio::runtime::Builder::new_multi_thread()
        .worker_threads(thread::available_parallelism().map_or(4, |cores| cores.get().max(4)))
        .thread_name("service")
        .enable_all()
        .build()
}

/// Tells the window from now on whether this computer is reached and awake, and proves that calls arrive.
pub(super) fn prove(
    runtime: &Runtime,
    (engine, serving, reach): (&Arc<Engine>, &watch::Receiver<Serving>, &Supervisor),
    (web, network): (Web, Network),
    (feed, clock, home): (&Feed, &Clock, &Home),
    noticing: &Noticing,
) -> Prover {
    let timeline = Timeline::open(home, clock.now());
    let certified = reach.reacher().certified();
    let (engine, serving, reach) = (engine.clone(), serving.clone(), reach.reacher().state());
    runtime.spawn(tell_reach(reach.clone(), feed.clone()));
    runtime.spawn(tell_certified(certified, feed.clone()));
    let (waked, told, time) = (engine.clone(), feed.clone(), clock.clone());
    let (feed, clock, noticing) = (feed.clone(), clock.clone(), noticing.clone());
    let prover =
        Proving { engine, serving, reach, web, feed, clock, noticing, timeline }.start(runtime.handle());
    let waking = Waking { engine: waked, prover: prover.clone(), feed: told, clock: time, network };
    runtime.spawn(waking.run());
    prover
}

/// Tells an outside watcher from now on that calls arrive, if there is one.
pub(super) fn beat(
    runtime: &Runtime,
    (engine, serving, reach, prover): (&Arc<Engine>, &watch::Receiver<Serving>, &Supervisor, &Prover),
    (secrets, web): (&Secrets, Web),
    (feed, clock): (&Feed, &Clock),
) -> watch::Receiver<Heartbeat> {
    let (engine, serving, reach) = (engine.clone(), serving.clone(), reach.reacher().state());
    let (proof, secrets) = (prover.watch(), secrets.clone());
    let (feed, clock) = (feed.clone(), clock.clone());
    Beating { engine, serving, reach, proof, secrets, web, feed, clock }.start(runtime.handle())
}

/// Who answers calls, by these keys and overrides, and has people told by these settings.
pub(super) fn ready(
    engine: Engine,
    keys: &secrets::Keys,
    overrides: &OverrideStore,
    noticing: &Noticing,
    settings: &Settings,
) -> Arc<Engine> {
    engine.set_keys(api_keys(keys));
    engine.set_overrides(Arc::new(overrides.current().clone()));
    noticing.use_settings(settings);
    engine.set_noticing(noticing.clone());
    Arc::new(engine)
}

/// Finds calls for the window.
pub(super) fn searching(log: &LogWriter, feed: Feed) -> std::io::Result<Search> {
    Search::start(log, move |calls| feed.send(Event::Found(calls)))
}

/// What earlier calls left behind. Turns go on where the log ends; where it cannot be read just now,
/// rounds begin anew, as no call may wait for it.
pub(super) fn remember(runtime: &Runtime, log: &LogWriter, line: Option<&Line>) -> Memory {
    let turns = Turns::after(log.reader().last_turns().unwrap_or_default());
    let history = History::of(log.reader(), log.next_id());
    runtime.spawn(history.clone().read());
    let in_flight = InFlight::in_memory(line.and_then(Line::memory));
    Memory { history, turns, in_flight }
}

/// The first parse of a phone number loads the metadata, which no call should wait for.
pub(super) fn warm_up() -> std::io::Result<()> {
    thread::Builder::new().name("warm-up".into()).spawn(number::warm).map(drop)
}

/// The plugins, with the secrets and the way to servers that they share with the program; in safe mode
/// nobody is asked.
pub(super) fn registry_in(mode: Mode, host: Host) -> (Arc<Registry>, Secrets, Web) {
    let (secrets, web) = (host.secrets.clone(), host.web.clone());
    let registry = Registry::with_host(host);
    registry.ask_nobody(mode.is_safe());
    (Arc::new(registry), secrets, web)
}

/// What plugins may use of the world.
pub(super) fn host(feed: &Feed, memory: &Memory) -> Host {
    Host {
        news: news(feed.clone()),
        history: Some(Arc::new(memory.history.clone())),
        turns: Some(Arc::new(memory.turns.clone())),
        ..Host::default()
    }
}
