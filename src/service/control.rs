//! Does what the window asks, on a thread of its own, one thing after the other. It owns the
//! files: nobody else writes the table, the settings or the keys.

use std::net::{SocketAddr, TcpListener};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, RecvTimeoutError};
use std::time::{Duration, Instant};

use futures_util::FutureExt;
use tokio::runtime::Handle;
use tokio::sync::watch;

use super::checking::Checking;
use super::clock::Clock;
use super::counting;
use super::dropping::Dropping;
use super::engine::Engine;
use super::feed::Feed;
use super::messages::{Command, Event, Inspect, Level, LiveInfo, Note, Opening, Serving};
use super::publishing::Publishing;
use super::test_cases::{Tested, run_tests_of};
use super::trying;
use crate::plugins::{Ask, Registry, Secrets};
use crate::retell::signature;
use crate::routing::{Change, FORMAT, Problem, Table, changes, compile};
use crate::storage::call_log::LogReader;
use crate::storage::{
    Home, OverrideStore, SecretStore, Settings, SettingsStore, TableStore, Trouble, atomic, read, secrets,
};

/// How many records are sent at a time.
const PAGE: usize = 200;
/// How often the files are looked at for changes made by others.
const LOOK_AROUND: Duration = Duration::from_secs(1);

/// Everything that is done besides answering calls.
pub struct Control {
    /// Where the files are.
    pub home: Home,
    /// The plugins.
    pub registry: Arc<Registry>,
    /// The plugins that were dropped in.
    pub dropping: Dropping,
    /// The table's files.
    pub tables: TableStore<Table>,
    /// The settings' file.
    pub settings_store: SettingsStore,
    /// The overrides' file.
    pub override_store: OverrideStore,
    /// The ids of the overrides that were in force when last looked at.
    pub in_force: Vec<String>,
    /// Where the keys are kept.
    pub secret_store: SecretStore,
    /// The other secrets, as plugins see them.
    pub secrets: Secrets,
    /// The draft.
    pub draft: Arc<Table>,
    /// The table that answers calls.
    pub live: LiveInfo,
    /// What else can go live, and when.
    pub publishing: Publishing,
    /// The settings in force.
    pub settings: Settings,
    /// The address that is kept in the settings' file; the command line may have put another in its
    /// place for this run.
    pub kept_listen: SocketAddr,
    /// The keys in force.
    pub keys: secrets::Keys,
    /// What was wrong with the files at the start.
    pub troubles: Vec<Trouble>,
    /// Who answers calls.
    pub engine: Arc<Engine>,
    /// Reads the call log.
    pub log: LogReader,
    /// What the call log got over.
    pub log_troubles: watch::Receiver<Vec<Trouble>>,
    /// Tells the window.
    pub feed: Feed,
    /// Checks drafts.
    pub checking: Checking,
    /// Tells the time.
    pub clock: Clock,
    /// Says where to listen.
    pub listen: watch::Sender<SocketAddr>,
    /// Whether calls can be received.
    pub serving: watch::Receiver<Serving>,
    /// Where look-ups and requests run.
    pub runtime: Handle,
    /// How long look-ups may take.
    pub budget: Duration,
}

/// What is told of the draft. It is compiled once for all of it.
struct LookedOver {
    /// What keeps it from being published.
    problems: Vec<Problem>,
    /// How it differs from the live table.
    changes: Vec<Change>,
    /// What came of its test cases; `None` if it cannot decide anything.
    tested: Option<Vec<Tested>>,
}

/// Said after a panic.
pub(super) const BROKEN: &str = "Something in this program broke, and this was not done; please report it";

impl Control {
    /// Does what is asked until nobody can ask any more, then returns.
    pub fn run(mut self, commands: &Receiver<Command>) {
        let mut look_at = Instant::now() + LOOK_AROUND;
        loop {
            let command = match commands.recv_timeout(look_at.saturating_duration_since(Instant::now())) {
                Ok(command) => Some(command),
                Err(RecvTimeoutError::Timeout) => None,
                Err(RecvTimeoutError::Disconnected) => return,
            };
            // However busy the window is.
            let looks = Instant::now() >= look_at;
            if looks {
                look_at = Instant::now() + LOOK_AROUND;
            }
            // Whatever breaks here breaks one piece of work and nothing after it: were this thread
            // to end, so would the server.
            self.keep_time();
            let work = || {
                if let Some(command) = command {
                    self.obey(command);
                }
                if looks {
                    self.look_around();
                    self.look_at_overrides();
                    self.look_at_plugins();
                }
            };
            if catch_unwind(AssertUnwindSafe(work)).is_err() {
                self.fail(BROKEN.into());
            }
        }
    }

    fn obey(&mut self, command: Command) {
        match command {
            Command::Open => self.open(),
            Command::SaveDraft(table) => drop(self.save_draft(table)),
            Command::Publish { table, note, until } => self.publish(table, &note, until),
            Command::Plan { table, note, at, until } => self.plan(table, note, at, until),
            Command::CancelPlan(id) => self.cancel_plan(id),
            Command::StayLive => self.stay_live(),
            Command::BringBack(version) => self.bring_back(version),
            Command::TakeBackDraft(number) => self.take_back_draft(number),
            Command::RemoveDraft(number) => self.remove_draft(number),
            Command::LoadVersion(version) => self.load_version(version),
            Command::DiscardDraft => {
                let table = self.live.table.clone();
                let why = "The draft is again as the live table; undo brings it back";
                self.replace_draft(table, "Discard the draft", why);
            }
            Command::ImportTable(file) => self.import(&file),
            Command::ExportTable(file, table) => self.export(&file, &table),
            Command::SetKey(pasted) => self.set_key(&pasted),
            Command::ForgetPreviousKey => {
                let current = self.keys.current.clone();
                self.save_keys(&secrets::Keys { current, previous: None });
            }
            Command::SetSecret { name, secret } => self.set_secret(&name, secret.as_ref()),
            Command::SaveSettings(settings) => self.save_settings(settings),
            Command::LoadCalls { before } => self.load_calls(before),
            Command::CountShares { rule } => {
                let now = self.clock.now();
                self.count(move |log| Event::Shares(counting::shares(log, rule, now)));
            }
            Command::CountHits { list, table } => {
                self.count(move |log| match table.list(&list) {
                    Some(list) => Event::Hits(counting::hits(log, list, &table)),
                    None => Event::Failed(Note { level: Level::Error, text: BROKEN.into() }),
                });
            }
            Command::LoadRecord(id) => self.load_record(id),
            Command::Try(trial) => {
                let (live, registry) = (self.engine.live(), self.registry.clone());
                let overrides = self.engine.overrides();
                let (feed, budget) = (self.feed.clone(), self.budget);
                self.runtime.spawn(async move {
                    let tried = trying::try_call(*trial, live, overrides, &registry, budget);
                    feed.send(match AssertUnwindSafe(tried).catch_unwind().await {
                        Ok(tried) => Event::Tried(Box::new(tried)),
                        Err(_panic) => Event::Failed(Note { level: Level::Error, text: BROKEN.into() }),
                    });
                });
            }
            Command::Override { wish, keep } => self.set_override(*wish, keep),
            Command::EndOverrides(ids) => self.end_overrides(&ids),
            Command::SendSigned(body) => self.send_signed(body),
            Command::Inspect(wanted) => self.inspect(*wanted),
            Command::Plugin(wish) => self.obey_plugin_wish(wish),
        }
    }

    fn inspect(&self, Inspect { id, table, test }: Inspect) {
        // It was deleted in the meantime.
        let Some(used) = table.look_up(&id) else { return };
        let ask = test.map(|call| Ask { call: Arc::new(call), at: self.clock.now() });
        let looking = self.registry.inspect(used, &table, ask.as_ref());
        let feed = self.feed.clone();
        self.runtime.spawn(async move {
            feed.send(match AssertUnwindSafe(looking).catch_unwind().await {
                Ok(found) => Event::Inspected { id, found: Box::new(found) },
                Err(_panic) => Event::Failed(Note { level: Level::Error, text: BROKEN.into() }),
            });
        });
    }

    fn open(&self) {
        let LookedOver { problems, changes, tested } = self.look_over();
        let opening = Opening {
            draft: self.draft.clone(),
            live: self.live.clone(),
            problems,
            changes,
            versions: self.tables.versions(),
            settings: self.settings.clone(),
            keys: self.shown_keys(),
            secrets: self.secrets.names(),
            serving: self.serving.borrow().clone(),
            troubles: [self.troubles.clone(), self.log_troubles.borrow().clone()].concat(),
            calls: self.log.recent(PAGE, None).unwrap_or_default(),
            total_calls: self.log.count().unwrap_or_default(),
            refused: self.log.refused(PAGE).unwrap_or_default(),
            overrides: self.engine.overrides(),
            config_folder: self.home.config.clone(),
            data_folder: self.home.data.clone(),
        };
        self.feed.send(Event::Opened(Box::new(opening)));
        self.tell_plugins();
        self.feed.send(Event::Tested(tested.map(Into::into)));
        self.checking.check(self.draft.clone(), self.engine.live(), self.registry.clone());
        self.tell_publishing();
    }

    /// Says whether it is safe on disk.
    pub(super) fn save_draft(&mut self, table: Arc<Table>) -> bool {
        self.draft = table;
        let not_saved = match self.tables.save_draft(&self.draft, self.clock.now()) {
            Ok(saved) => {
                self.tell_trouble(saved.trouble);
                None
            }
            Err(error) => Some(error.to_string()),
        };
        let is_saved = not_saved.is_none();
        self.tell_draft(not_saved);
        is_saved
    }

    pub(super) fn tell_draft(&self, not_saved: Option<String>) {
        let LookedOver { problems, changes, tested } = self.look_over();
        self.feed.send(Event::Draft { problems, changes, not_saved });
        self.feed.send(Event::Tested(tested.map(Into::into)));
        self.checking.check(self.draft.clone(), self.engine.live(), self.registry.clone());
    }

    /// Puts another table in the place of the draft; `step` names that for undo. Says whether it is
    /// safe on disk.
    pub(super) fn replace_draft(&mut self, table: Arc<Table>, step: &str, why: impl Into<String>) -> bool {
        self.tell_replaced(table.clone(), step, why);
        self.save_draft(table)
    }

    pub(super) fn tell_replaced(&self, table: Arc<Table>, step: &str, why: impl Into<String>) {
        self.feed.send(Event::DraftReplaced { table, step: step.to_owned(), why: why.into() });
    }

    fn import(&mut self, file: &Path) {
        match read::read_json::<Table>(file, FORMAT) {
            Ok(table) => {
                let why = format!(
                    "The draft is now the table from {}; undo brings the one before back",
                    file.display()
                );
                self.replace_draft(Arc::new(table), "Import a table", why);
            }
            Err(error) => self.fail(format!("The table was not imported. {error}")),
        }
    }

    fn export(&self, file: &Path, table: &Table) {
        match atomic::write_json(file, table) {
            Ok(_) => self.tell(Level::Info, format!("The table was saved: {}", file.display())),
            Err(cause) => self.fail(format!(
                "The table was not saved ({cause}); choose another folder: {}",
                file.display()
            )),
        }
    }

    /// Someone else may edit `routing.json`; what they write becomes the draft.
    fn look_around(&mut self) {
        match self.tables.outside_edit() {
            None => {}
            Some(Ok(table)) => {
                // Taken as it is and not written again, so that their layout stays.
                self.draft = Arc::new(table);
                let why = "The draft was changed outside of this window; undo brings the one before back";
                self.tell_replaced(self.draft.clone(), "Change from outside", why);
                self.tell_draft(None);
            }
            Some(Err(error)) => self.tell(
                Level::Warning,
                format!("The table's file was changed outside of this window and cannot be read. {error}"),
            ),
        }
    }

    fn look_over(&self) -> LookedOver {
        let compiled = compile(&self.draft, &*self.registry);
        let tested = run_tests_of(&self.draft, compiled.as_ref().ok(), &self.registry);
        let changes = changes(&self.live.table, &self.draft, &*self.registry);
        LookedOver { problems: compiled.err().unwrap_or_default(), changes, tested }
    }

    fn save_settings(&mut self, settings: Settings) {
        if let Err(reason) = self.can_move_to(settings.listen) {
            self.fail(reason);
            return self.feed.send(Event::Settings(self.settings.clone()));
        }
        // What the command line says holds for this run and is not saved along with something else.
        if settings.listen != self.settings.listen {
            self.kept_listen = settings.listen;
        }
        let saved = Settings { listen: self.kept_listen, ..settings.clone() };
        if let Err(error) = self.settings_store.save(&saved) {
            self.fail(error.to_string());
        }
        self.listen.send_if_modified(|listen| {
            let moves = *listen != settings.listen;
            *listen = settings.listen;
            moves
        });
        self.settings = settings;
        self.feed.send(Event::Settings(self.settings.clone()));
    }

    /// Whether calls could be received there. As long as they are received somewhere, a port that is
    /// taken is no reason to stop.
    fn can_move_to(&self, addr: SocketAddr) -> Result<(), String> {
        match *self.serving.borrow() {
            // The same port on another address of this computer is our own until we let go of it.
            Serving::Listening(now) if now.port() != addr.port() => {
                TcpListener::bind(addr).map(drop).map_err(|cause| {
                    format!(
                        "Calls still come in on port {}, as port {} cannot be used ({cause}); choose another",
                        now.port(),
                        addr.port()
                    )
                })
            }
            _ => Ok(()),
        }
    }

    fn load_calls(&self, before: Option<i64>) {
        let loaded = self.log.recent(PAGE, before).and_then(|calls| Ok((calls, self.log.count()?)));
        match loaded {
            Ok((calls, total)) => self.feed.send(Event::Calls { before, calls, total }),
            Err(error) => self.fail(error.to_string()),
        }
    }

    fn load_record(&self, id: i64) {
        match self.log.detail(id) {
            Ok(Some(record)) => self.feed.send(Event::Record(Box::new(record))),
            Ok(None) => self.fail("This call is not in the log yet; try again in a moment".to_owned()),
            Err(error) => self.fail(error.to_string()),
        }
    }

    /// Counts over the whole log, beside everything else.
    fn count(&self, count: impl FnOnce(&LogReader) -> Event + Send + 'static) {
        let (log, feed) = (self.log.clone(), self.feed.clone());
        self.runtime.spawn_blocking(move || feed.send(count(&log)));
    }

    fn send_signed(&self, body: String) {
        let serving = self.serving.borrow().clone();
        let (Serving::Listening(addr), Some(key)) = (serving, self.engine.keys().first().cloned()) else {
            return self.fail(
                "Nothing was sent: a request needs an API key and a free port; see Settings".to_owned(),
            );
        };
        let signed = signature::sign(&key, body.as_bytes(), self.clock.now().timestamp_millis());
        self.engine.expect_test(&signed);
        let (feed, path) = (self.feed.clone(), trying::path_for(&body));
        self.runtime.spawn_blocking(move || {
            let sent = trying::send_signed(addr, path, body, &signed);
            feed.send(Event::FrontDoor(Box::new(sent)));
        });
    }

    pub(super) fn tell_trouble(&self, trouble: Option<Trouble>) {
        if let Some(trouble) = trouble {
            self.tell(Level::Warning, trouble.message);
        }
    }

    pub(super) fn tell(&self, level: Level, text: String) {
        self.feed.send(Event::Note(Note { level, text }));
    }

    pub(super) fn fail(&self, text: String) {
        self.feed.send(Event::Failed(Note { level: Level::Error, text }));
    }
}
