//! Does what the window asks, on a thread of its own, one thing after the other. It owns the
//! files: nobody else writes the table, the settings or the keys.

use std::net::SocketAddr;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::AtomicBool;
use std::sync::mpsc::{Receiver, RecvTimeoutError};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use futures_util::FutureExt;
use tokio::runtime::Handle;
use tokio::sync::watch;

use super::account::Accounts;
use super::backtest::{Backtesting, Given, Reach};
use super::checking::Checking;
use super::clock::Clock;
use super::counting;
use super::drafting::{DraftNews, LookedOver};
use super::dropping::Dropping;
use super::engine::Engine;
use super::feed::Feed;
use super::messages::{Command, Event, Inspect, Level, LiveInfo, Note, Opening, Serving};
use super::noticing::{self, Noticing};
use super::numbers::Counter;
use super::old_calls::OldCallsWatch;
use super::publishing::Publishing;
use super::reachable::Reachable;
use super::status::Watched;
use super::trying::{self, BenchDesk};
use super::weeks;
use crate::plugins::dropped::Card;
use crate::plugins::{Ask, Registry, Secrets};
use crate::routing::Table;
use crate::storage::call_log::LogReader;
use crate::storage::call_log::search::Search;
use crate::storage::{
    Crash, Home, OverrideStore, Pause, SecretStore, Settings, SettingsStore, TableStore, Trouble, UsedNotice,
    secrets,
};

/// How many records are sent at a time.
const PAGE: usize = 200;
/// How often the files are looked at for changes made by others.
const LOOK_AROUND: Duration = Duration::from_secs(1);
/// How often some of the calls go that are older than they are to be kept.
const LET_GO: Duration = Duration::from_secs(30);

/// Everything that is done besides answering calls.
pub struct Control {
    /// Where the files are.
    pub home: Home,
    /// The plugins.
    pub registry: Arc<Registry>,
    /// The plugins that were dropped in.
    pub dropping: Dropping,
    /// Hears how they are doing, beside the window.
    pub plugins_told: watch::Sender<Arc<[Card]>>,
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
    /// Hears how it stands, where no window does.
    pub draft_news: watch::Sender<DraftNews>,
    /// The table that answers calls.
    pub live: LiveInfo,
    /// What else can go live, and when.
    pub publishing: Publishing,
    /// What belongs to the test bench.
    pub bench: BenchDesk,
    /// How the program is doing.
    pub watched: Watched,
    /// The settings in force.
    pub settings: Settings,
    /// Hears of them, beside the window.
    pub settings_told: watch::Sender<Settings>,
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
    /// Finds calls in it.
    pub search: Search,
    /// Set to cancel the export that is under way, if one is.
    pub exporting: Option<Arc<AtomicBool>>,
    /// What was counted of the log for its numbers.
    pub counter: Arc<Mutex<Counter>>,
    /// What is known of calls that are older than they are to be kept.
    pub old_calls: OldCallsWatch,
    /// What the call log got over.
    pub log_troubles: watch::Receiver<Vec<Trouble>>,
    /// Tells the window.
    pub feed: Feed,
    /// The account at Retell.
    pub account: Accounts,
    /// Has this computer reached.
    pub reachable: Reachable,
    /// Tells the owner and others of calls.
    pub noticing: Noticing,
    /// Decides past calls by drafts.
    pub backtesting: Backtesting,
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

/// Said after a panic.
pub(super) const BROKEN: &str = "Something in this program broke, and this was not done; please report it";

impl Control {
    /// Does what is asked until nobody can ask any more, then returns.
    pub fn run(mut self, commands: &Receiver<Command>) {
        self.engine.set_takes_events(self.settings.take_call_events);
        self.keep_reachable();
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
                    self.look_at_settings();
                    if self.old_calls.looked_at.is_none_or(|at| at.elapsed() >= LET_GO) {
                        self.look_after_old_calls();
                    }
                    self.keep_up_with_retell();
                    self.keep_reachable();
                }
            };
            if catch_unwind(AssertUnwindSafe(work)).is_err() {
                self.fail(BROKEN.into());
            }
        }
    }

    /// Does what has to be done before the first call.
    pub fn begin(&mut self) {
        self.keep_time();
        self.open_plugins();
        self.tell_of_draft(None);
    }

    fn obey(&mut self, command: Command) {
        match command {
            Command::Open => self.open(),
            Command::SaveDraft(table) => drop(self.save_draft(table)),
            Command::Publish { table, note, until, despite } => {
                self.publish(table, &note, until, &despite);
            }
            Command::Plan { table, note, at, until, despite } => self.plan(table, note, (at, until), despite),
            Command::CancelPlan(id) => self.cancel_plan(id),
            Command::StayLive => self.stay_live(),
            Command::TellCrashes => self.feed.send(Event::Crashes(Crash::all(&self.home).into())),
            Command::LeaveSafeMode => self.leave_safe_mode(),
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
            Command::ReadHours { schedule, file } => self.read_hours(schedule, &file),
            Command::WriteHours { hours, file } => self.write_hours(&file, &hours),
            Command::SetKey(pasted) => self.set_key(&pasted),
            Command::ForgetPreviousKey => self.forget_previous_key(),
            Command::SetSecret { name, secret } => self.set_secret(&name, secret.as_ref()),
            Command::SaveSettings(settings) => self.save_settings(settings),
            Command::SaveDiagnostics(file) => self.save_diagnostics(file),
            Command::FindCalls { question, filter } => self.search.ask(question, filter),
            Command::LetOldCallsGo => self.let_old_calls_go(),
            Command::CountCalls(wish) => self.count_calls(wish),
            Command::SavePicture(file, picture) => self.save_picture(file, picture),
            Command::CountCaller(number) => self.count_caller(number),
            Command::EraseCaller(number) => self.erase_caller(number),
            Command::AsCurl(body) => self.as_curl(&body),
            Command::ExportCalls { file, format, ids } => self.export_calls(file, format, ids),
            Command::CancelExport => self.cancel_export(),
            Command::LoadRows(ids) => self.load_rows(ids),
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
            Command::SendPublic(body) => self.send_public(body),
            Command::AskRetell => self.ask_retell(),
            Command::ChangeAtRetell(changes) => self.change_at_retell(changes),
            Command::LookForTools => self.look_for_tools(),
            Command::Prove => self.reachable.prove(),
            Command::ReachAgain => self.reach_again(),
            Command::Bench(wanted) => self.bench(*wanted),
            Command::Inspect(wanted) => self.inspect(*wanted),
            Command::Backtest { draft, rule, reach } => self.backtest(draft, rule, reach),
            Command::Plugin(wish) => self.obey_plugin_wish(wish),
            Command::PauseNotices(pause) => self.pause_notices(pause),
            Command::FromOutside(question) => self.answer_outside(*question),
            Command::TryNotice(used) => self.try_notice(*used),
            Command::ShowWeek(wish) => {
                let (registry, log) = (self.registry.clone(), self.log.clone());
                let (account, feed, now) = (self.account.known(), self.feed.clone(), self.clock.now());
                self.runtime.spawn_blocking(move || {
                    feed.send(weeks::answer(wish, &registry, &log, account.as_deref(), now));
                });
            }
        }
    }

    fn backtest(&mut self, draft: Arc<Table>, rule: Option<String>, reach: Reach) {
        let given = Given {
            draft,
            live: self.live.table.clone(),
            rule,
            reach,
            log: self.log.clone(),
            home: self.home.clone(),
            registry: self.registry.clone(),
            now: self.clock.now(),
        };
        self.backtesting.start(given, self.live.version, &self.runtime, self.feed.clone());
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

    fn pause_notices(&mut self, notices_paused: Option<Pause>) {
        let settings = Settings { notices_paused, ..self.settings.clone() };
        self.noticing.use_settings(&settings);
        self.keep_settings(settings);
    }

    fn try_notice(&self, used: UsedNotice) {
        let (registry, feed, clock) = (self.registry.clone(), self.feed.clone(), self.clock.clone());
        self.runtime.spawn(async move {
            let id = used.id.clone();
            let trying = AssertUnwindSafe(noticing::test(used, registry, &clock)).catch_unwind();
            let result = trying.await.unwrap_or_else(|_panic| Err(BROKEN.to_owned()));
            feed.send(Event::NoticeTried { id, result });
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
            account: self.account_news(),
            reach: self.reach_state(),
            proof: Box::new(self.reachable.proof()),
            config_folder: self.home.config.clone(),
            data_folder: self.home.data.clone(),
        };
        let calls: Vec<i64> = opening.calls.iter().map(|call| call.id).collect();
        self.feed.send(Event::Opened(Box::new(opening)));
        self.feed.send(Event::SafeMode(*self.engine.safe_mode().borrow()));
        self.feed.send(Event::Clock(*self.engine.skew().borrow()));
        self.feed.send(Event::Certified(self.certified()));
        self.feed.send(Event::Heartbeat(self.reachable.heartbeat()));
        self.tell_plugins();
        self.tell_ends(&calls);
        self.feed.send(Event::Tested(tested.map(Into::into)));
        self.checking.check(self.draft.clone(), self.engine.live(), self.registry.clone());
        self.tell_publishing();
        self.tell_presets();
        self.tell_old_calls_again();
        self.noticing.tell_window();
        self.look_for_tools();
    }

    fn load_rows(&self, asked: Vec<i64>) {
        match self.log.rows(&asked) {
            Ok(rows) => {
                self.tell_ends(&asked);
                self.feed.send(Event::Rows { asked, rows });
            }
            Err(error) => self.fail(error.to_string()),
        }
    }

    fn tell_ends(&self, calls: &[i64]) {
        match self.log.ends(calls) {
            Ok(ends) if ends.is_empty() => {}
            Ok(ends) => self.feed.send(Event::Ends(ends)),
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
    pub(super) fn count(&self, count: impl FnOnce(&LogReader) -> Event + Send + 'static) {
        let (log, feed) = (self.log.clone(), self.feed.clone());
        self.runtime.spawn_blocking(move || feed.send(count(&log)));
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
