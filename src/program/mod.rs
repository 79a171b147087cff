//! Puts the floors together: opens the files, starts answering, and keeps everything that must
//! live as long as the program. With or without a window it is the same.

mod claiming;
mod first_live;
mod parts;
mod telling;
mod watchdog;

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::mpsc::{SyncSender, TrySendError, sync_channel};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use tokio::runtime::Runtime;
use tokio::sync::watch;

use self::claiming::claim;
use self::first_live::{live_in, starter};
use self::parts::{beat, host, prove, ready, registry_in, remember, searching, threads, warm_up};
use self::telling::tell_news;
use self::watchdog::Watchdog;
use crate::guard::Guarded;
use crate::local::{self, Inside, Summons};
use crate::plugins::Registry;
use crate::reach::{ReachState, Supervisor};
use crate::server::{self, Sockets};
use crate::service::account::Accounts;
use crate::service::backtest::Backtesting;
use crate::service::control::Control;
use crate::service::dropping::Dropping;
use crate::service::keys::shared;
use crate::service::messages::{Command, Serving};
use crate::service::old_calls::OldCallsWatch;
use crate::service::outside::Asking;
use crate::service::overriding::{ids_in_force, user};
use crate::service::publishing::Publishing;
use crate::service::{
    BUDGET, BenchDesk, Checking, Clock, DraftNews, Engine, Events, Feed, Network, Noticing, Proof, Reachable,
    Sources, Watched, certificate_world,
};
use crate::storage::call_log::{LogError, LogHealth, LogWriter};
use crate::storage::{
    Home, HomeError, HomeLock, OverrideStore, SecretStore, Settings, SettingsStore, TableStore, Trouble,
};

/// How many commands wait for the control thread.
const COMMANDS: usize = 256;
/// How long the log may take to be written at the end.
const LOG_STOP: Duration = Duration::from_secs(3);
/// How long the server may take to stop: a little more than its own hard limit.
const SERVER_STOP: Duration = Duration::from_secs(6);

/// What the command line or a test says about a start.
pub struct Options {
    /// Where the files are.
    pub home: Home,
    /// Where to listen, if not where the settings say.
    pub listen: Option<SocketAddr>,
    /// Tells the time.
    pub clock: Clock,
}

/// Why the program cannot start.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// The folders cannot be used.
    #[error(transparent)]
    Home(#[from] HomeError),
    /// The call log cannot be used.
    #[error(transparent)]
    Log(#[from] LogError),
    /// The system gives no threads.
    #[error("The system does not let Switchboard start ({0}); close other programs and start it again")]
    System(#[from] std::io::Error),
}

/// The running program.
pub struct Program {
    runtime: Runtime,
    feed: Feed,
    commands: Arc<SyncSender<Command>>,
    control: JoinHandle<()>,
    server: tokio::task::JoinHandle<()>,
    serving: watch::Receiver<Serving>,
    log: watch::Receiver<LogHealth>,
    log_troubles: watch::Receiver<Vec<Trouble>>,
    registry: Arc<Registry>,
    clock: Clock,
    engine: Arc<Engine>,
    reach: Supervisor,
    troubles: Vec<Trouble>,
    settings: watch::Receiver<Settings>,
    draft_news: watch::Receiver<DraftNews>,
    inside: Inside,
    _watchdog: Option<Watchdog>,
    _lock: Option<HomeLock>,
}

/// A window's two ends of the line to the service.
pub struct Link {
    /// Asks the service.
    pub commands: SyncSender<Command>,
    /// Hears from it.
    pub events: Events,
}

impl Program {
    /// Opens the files and starts answering calls.
    pub fn start(options: Options) -> Result<Self, StartError> {
        Self::start_guarded(options, Guarded::default())
    }

    /// The same, under a guard.
    pub fn start_guarded(options: Options, guarded: Guarded) -> Result<Self, StartError> {
        Self::start_in(options, guarded, Network::system())
    }

    /// The same on a computer that is in this network.
    #[expect(clippy::too_many_lines, reason = "all floors, one after the other")]
    pub fn start_in(options: Options, guarded: Guarded, network: Network) -> Result<Self, StartError> {
        let (Options { home, listen, clock }, Guarded { mode, died, line, guard, .. }) = (options, guarded);
        let runtime = threads()?;
        let watchdog = guard.map(|guard| Watchdog::start(runtime.handle().clone(), guard)).transpose()?;
        let now = clock.now();
        let (lock, mut troubles) = claim(&home, died, now)?;
        let feed = Feed::default();
        let log = LogWriter::open(&home, now)?;
        let memory = remember(&runtime, &log, line.as_ref());
        let (registry, secrets, web) = registry_in(mode, host(&feed, &memory));
        let (tables, opened) = TableStore::open(&home, now, starter);
        let (settings_store, mut settings, of_settings) = SettingsStore::open(&home, now);
        let (account, of_account) = Accounts::open(&home, web.clone(), settings.retell.clone(), now);
        let (secret_store, keys, of_secrets) = SecretStore::open(&home, now);
        troubles
            .extend([opened.troubles, of_settings, of_secrets, of_account.into_iter().collect()].concat());
        secrets.replace(shared(secret_store.named()));
        let (override_store, trouble) = OverrideStore::open(&home);
        override_store.keep_last_good();
        let (dropping, of_plugins) = Dropping::open(&home, secrets.clone(), now);
        troubles.extend(trouble.into_iter().chain(of_plugins));
        let newest = opened.live.info();
        let kept_listen = settings.listen;
        settings.listen = listen.unwrap_or(settings.listen);
        let (live, info, safe_mode) = live_in(mode, &tables, opened.live, now, &registry, &mut troubles);
        let until = newest.remarks.until.filter(|_| newest.version == info.version);
        let (publishing, of_publishing) = Publishing::open(&home, now, until, user());
        let (bench, of_bench) = BenchDesk::open(&home, now);
        troubles.extend(of_publishing.into_iter().chain(of_bench));

        let (log_health, log_troubles, log_reader) = (log.health(), log.troubles(), log.reader());
        let search = searching(&log, feed.clone())?;
        let engine = Engine::new(Arc::new(live), log, memory, feed.clone(), clock.clone(), BUDGET);
        let noticing = Noticing::start(runtime.handle(), registry.clone(), feed.clone(), clock.clone());
        let engine = ready(engine, &keys, &override_store, &noticing, &settings);
        engine.set_safe_mode(safe_mode);
        let (listen, listened) = watch::channel(settings.listen);
        let (state, serving) = watch::channel(Serving::Starting);
        tell_news(&runtime, &serving, (&log_health, &log_troubles), &engine, &feed, &noticing);

        let world = certificate_world(&home, web.clone(), &clock);
        let reach = Supervisor::start(runtime.handle(), registry.clone(), world);
        let (parts, outside) = ((&engine, &serving, &reach), (web.clone(), network));
        let prover = prove(&runtime, parts, outside, (&feed, &clock, &home), &noticing);

        let (commands, received) = sync_channel(COMMANDS);
        let source = Sources { home: home.clone(), log: log_reader.clone(), account: account.clone() };
        let checking = Checking::start(source, feed.clone(), clock.clone())?;
        let settings_told = watch::Sender::new(settings.clone());
        let draft_news = watch::Sender::default();
        let plugins_told = watch::Sender::new(Arc::from([]));
        let parts = (&engine, &serving, &reach, &prover);
        let heartbeat = beat(&runtime, parts, (&secrets, web), (&feed, &clock));
        let watched = Watched {
            engine: engine.clone(),
            started: now,
            serving: serving.clone(),
            reach: reach.reacher().state(),
            log: log_health.clone(),
            prover: prover.clone(),
            plugins: plugins_told.subscribe(),
            certified: reach.reacher().certified(),
            heartbeat: heartbeat.clone(),
        };
        let mut control = Control {
            settings_told: settings_told.clone(),
            watched: watched.clone(),
            home: home.clone(),
            registry: registry.clone(),
            dropping,
            plugins_told,
            tables,
            settings_store,
            in_force: ids_in_force(override_store.current(), now),
            override_store,
            secret_store,
            secrets,
            draft: Arc::new(opened.draft),
            draft_news: draft_news.clone(),
            noticing,
            backtesting: Backtesting::default(),
            live: info,
            publishing,
            bench,
            settings,
            kept_listen,
            keys,
            troubles,
            engine: engine.clone(),
            log: log_reader,
            search,
            exporting: None,
            counter: Arc::default(),
            old_calls: OldCallsWatch::default(),
            log_troubles: log_troubles.clone(),
            account,
            reachable: Reachable::new(reach.reacher(), prover, heartbeat),
            checking,
            feed: feed.clone(),
            clock: clock.clone(),
            listen,
            serving: serving.clone(),
            runtime: runtime.handle().clone(),
            budget: BUDGET,
        };
        // What came due while the program was off comes before the first call.
        control.begin();
        let troubles = control.troubles.clone();
        let server =
            runtime.spawn(server::keep(engine.clone(), Sockets::of(line), listened, reach.https(), state));
        let commands = Arc::new(commands);
        let asking = Asking::of(&commands);
        let inside = Inside { summons: Summons::default(), stop: Arc::default(), watched, asking };
        if lock.is_some() {
            runtime.spawn(local::serve(home, inside.clone()));
        }
        let control = thread::Builder::new().name("control".into()).spawn(move || control.run(&received))?;
        warm_up()?;
        Ok(Self {
            runtime,
            feed,
            commands,
            control,
            server,
            serving,
            log: log_health,
            log_troubles,
            registry,
            clock,
            engine,
            reach,
            troubles,
            settings: settings_told.subscribe(),
            draft_news: draft_news.subscribe(),
            inside,
            _watchdog: watchdog,
            _lock: lock,
        })
    }

    /// Connects a window; `wake` is called whenever there is something to hear. The first thing it
    /// hears is [`Event::Opened`](crate::service::messages::Event::Opened), or events of calls that came just before.
    #[must_use]
    pub fn connect(&self, wake: impl Fn() + Send + 'static) -> Link {
        let events = self.feed.listen(wake);
        if let Err(TrySendError::Full(_)) = self.commands.try_send(Command::Open) {
            tracing::error!("the service is too busy to open a window");
        }
        Link { commands: self.commands(), events }
    }

    /// Asks the service, beside the window. All of these must be gone before the program stops.
    #[must_use]
    pub fn commands(&self) -> SyncSender<Command> {
        SyncSender::clone(&self.commands)
    }

    /// The settings in force, now and from now on.
    #[must_use]
    pub fn settings(&self) -> watch::Receiver<Settings> {
        self.settings.clone()
    }

    /// How the draft stands beside the live table, now and from now on.
    #[must_use]
    pub fn draft_news(&self) -> watch::Receiver<DraftNews> {
        self.draft_news.clone()
    }

    /// Whether calls arrive, as far as that was proved, now and from now on.
    #[must_use]
    pub fn proof(&self) -> watch::Receiver<Proof> {
        self.inside.watched.prover.watch()
    }

    /// The plugins.
    #[must_use]
    pub fn registry(&self) -> Arc<Registry> {
        self.registry.clone()
    }

    /// Who tells the time.
    #[must_use]
    pub fn clock(&self) -> Clock {
        self.clock.clone()
    }

    /// Who answers calls.
    #[must_use]
    pub fn engine(&self) -> Arc<Engine> {
        self.engine.clone()
    }

    /// What was wrong with the files at the start, for when no window tells it.
    #[must_use]
    pub fn troubles(&self) -> &[Trouble] {
        &self.troubles
    }

    /// Brings the window, which has to be told where it is.
    #[must_use]
    pub fn summons(&self) -> Summons {
        self.inside.summons.clone()
    }

    /// What is reached from outside of this process.
    #[must_use]
    pub fn inside(&self) -> Inside {
        self.inside.clone()
    }

    /// Ends once somebody on this computer asked for the end of the program.
    pub fn asked_to_stop(&self) -> impl Future<Output = ()> + Send + 'static {
        let stop = self.inside.stop.clone();
        async move { stop.notified().await }
    }

    /// Whether this computer can be reached, now and from now on.
    #[must_use]
    pub fn reach(&self) -> watch::Receiver<ReachState> {
        self.reach.reacher().state()
    }

    /// Whether calls can be received, now and from now on.
    #[must_use]
    pub fn serving(&self) -> watch::Receiver<Serving> {
        self.serving.clone()
    }

    /// How the call log is doing, now and from now on.
    #[must_use]
    pub fn log_health(&self) -> watch::Receiver<LogHealth> {
        self.log.clone()
    }

    /// What was got over with the call log, such as damage, now and from now on.
    #[must_use]
    pub fn log_troubles(&self) -> watch::Receiver<Vec<Trouble>> {
        self.log_troubles.clone()
    }

    /// Runs something on the program's runtime, beside everything else.
    pub fn spawn(&self, future: impl Future<Output = ()> + Send + 'static) {
        self.runtime.spawn(future);
    }

    /// Runs something on the program's runtime and waits for it.
    pub fn block_on<F: Future>(&self, future: F) -> F::Output {
        self.runtime.block_on(future)
    }

    /// Waits until the port is taken or found blocked.
    pub fn wait_until_tried(&self) -> Serving {
        let mut serving = self.serving.clone();
        self.runtime.block_on(async {
            serving
                .wait_for(|state| *state != Serving::Starting)
                .await
                .map_or(Serving::Starting, |s| s.clone())
        })
    }

    /// Finishes what is under way, writes what waits, and ends. Links must be dropped before, as
    /// everything they asked for is still done.
    pub fn stop(self) -> Result<(), LogError> {
        let Self { runtime, commands, control, server, engine, reach, .. } = self;
        drop(commands);
        // The control thread holds the listening switch: when it ends, the server stops.
        let _ = control.join();
        runtime.block_on(async {
            let _ = tokio::time::timeout(SERVER_STOP, server).await;
            // Not before, for answers still go out through it.
            reach.stop().await;
        });
        let written = engine.stop_log(LOG_STOP);
        runtime.shutdown_timeout(Duration::from_secs(1));
        written
    }
}
