//! All that the window knows. Screens read it and never change it: what a person does leaves a
//! screen as an [`Action`](super::Action), and what happens comes in as an event; both meet in `logic`.

use std::collections::{BTreeMap, BTreeSet, HashMap, VecDeque};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::path::PathBuf;
use std::sync::Arc;

use chrono::{DateTime, Utc};

use crate::desktop::Manners;
use crate::plugins::dropped::Card;
use crate::plugins::{FactInfo, Inspection, Registry, Tested};
use crate::reach::{Certified, ReachState};
use crate::routing::number::for_people;
use crate::routing::{
    CallEnd, Change, Overrides, Period, Phase, Problem, Rule, Table, hidden_number, without_number,
};
use crate::service::messages::{
    AccountNews, BacktestState, Backtested, CallerCalls, FrontDoor, Keys, ListHits, LiveInfo, OldCalls,
    Opening, Planned, Serving, ShareCounts, Tried,
};
use crate::service::numbers::NumbersTold;
use crate::service::weeks::ShownWeek;
use crate::service::{Heartbeat, Proof, SafeMode, Skew, Tools, WEBHOOK_PATH};
use crate::storage::call_log::{Record, Refused, Summary};
use crate::storage::version::Until;
use crate::storage::{KeptInfo, Settings, Trouble, VersionInfo};

use super::{Benched, Findings, FoundCalls, TestResults, ToldNotices};

/// How many of the newest calls and refused requests the window holds.
pub const HELD: usize = 2000;

/// All that the window knows.
pub struct State {
    /// The plugins.
    pub registry: Arc<Registry>,
    /// The table that is edited. A new `Arc` for each edit, so comparing pointers tells whether
    /// anything derived from it is stale.
    pub draft: Arc<Table>,
    /// All facts that the draft's rules can use.
    pub facts: BTreeMap<String, FactInfo>,
    /// The table that answers calls.
    pub live: LiveInfo,
    /// What keeps the draft from being published.
    pub problems: Vec<Problem>,
    /// Texts in the rule editor that cannot be read, so that the draft holds older ones.
    pub unread: Vec<Problem>,
    /// What came of the draft's test cases.
    pub tests_of_draft: TestResults,
    /// What the checks say of the draft, as of the last check.
    pub findings: Findings,
    /// What came of deciding past calls again, as of the last time.
    pub backtested: Option<Backtested>,
    /// How the draft differs from the live table.
    pub changes: Vec<Change>,
    /// Why the draft could not be saved, if so.
    pub not_saved: Option<String>,
    /// All versions, newest first.
    pub versions: Vec<VersionInfo>,
    /// Tables of versions that were asked for.
    pub tables: BTreeMap<u32, Arc<Table>>,
    /// All that is planned to be published, the next one first.
    pub plans: Vec<Planned>,
    /// All drafts that were set aside, the last one first.
    pub kept_drafts: Vec<KeptInfo>,
    /// The settings in force.
    pub settings: Settings,
    /// What the API keys are.
    pub keys: Keys,
    /// The names of the other secrets on this computer.
    pub secrets: BTreeSet<String>,
    /// Whether calls can be received.
    pub serving: Serving,
    /// What is wrong with the call log, if anything.
    pub log_trouble: Option<String>,
    /// What is left out because the program died several times in a minute.
    pub safe_mode: Option<SafeMode>,
    /// How far this computer's clock is off, if it is.
    pub skew: Option<Skew>,
    /// What was wrong with the files at the start, until dismissed.
    pub troubles: Vec<Trouble>,
    /// The newest calls, newest first.
    pub calls: VecDeque<Summary>,
    /// The calls that the screen "Calls" asked for.
    pub found: FoundCalls,
    /// How many calls are logged in all.
    pub total_calls: u64,
    /// Refused requests, newest first; those alike are one with a count.
    pub refused: VecDeque<Refused>,
    /// What agents who share calls got, of the rule that was asked about last.
    pub shares: Option<ShareCounts>,
    /// How often the entries of a list stood for callers, of the list that was asked about last.
    pub hits: Option<ListHits>,
    /// Calls that are older than they are to be kept and that are still there.
    pub old_calls: Option<OldCalls>,
    /// The numbers of the call log that were asked for last.
    pub numbers: Option<NumbersTold>,
    /// How many calls there are of the caller who was asked about last.
    pub caller: Option<CallerCalls>,
    /// How many calls of how many are saved to a file by now, while that is under way.
    pub exporting: Option<(usize, usize)>,
    /// What became of calls of which that was told, by their records.
    pub ends: HashMap<i64, CallEnd>,
    /// The record that was asked for last.
    pub record: Option<Box<Record>>,
    /// How often something that was asked for did not come: what waited since before is to be asked
    /// for again.
    pub failures: u64,
    /// The week that was asked for last, or one before it.
    pub week: Option<Arc<ShownWeek>>,
    /// What came of the last trial against the live table.
    pub tried: Option<Box<Tried>>,
    /// What came of the last trial against a draft.
    pub tried_draft: Option<Box<Tried>>,
    /// What else is known of the test bench.
    pub bench: Benched,
    /// What came of the last request through the real port.
    pub front_door: Option<Box<FrontDoor>>,
    /// What came of the last one through the public address.
    pub public_door: Option<Box<FrontDoor>>,
    /// How it stands with the tray, starting with the computer, and keeping it awake.
    pub manners: Arc<Manners>,
    /// What stands above the rules, now and to come.
    pub overrides: Arc<Overrides>,
    /// What Retell told of the account.
    pub account: AccountNews,
    /// Whether this computer can be reached.
    pub reach: ReachState,
    /// Whether calls arrive, as far as that was proved.
    pub proof: Box<Proof>,
    /// How it stands with the certificate that is got by itself, if one is.
    pub certified: Option<Certified>,
    /// How it stands with the outside watcher.
    pub heartbeat: Heartbeat,
    /// Which programs for that are here; empty until it was looked.
    pub tools: Tools,
    /// How look-ups in use were doing when they were last looked at, by their ids.
    pub inspected: BTreeMap<String, Inspection>,
    /// The plugins that were dropped in.
    pub plugins: Arc<[Card]>,
    /// What came of the last trial of a plugin: which, and what.
    pub plugin_tried: Option<(String, Box<Tested>)>,
    /// How telling those goes who are told of calls.
    pub notices: ToldNotices,
    /// How often what look-ups read has changed.
    pub look_up_changes: u64,
    /// How many tests of look-ups were answered.
    pub tests: u64,
    /// The folder that holds the table and the settings.
    pub config_folder: PathBuf,
    /// The folder that holds the versions and the call log.
    pub data_folder: PathBuf,
    /// The time at this frame.
    pub now: DateTime<Utc>,
}

impl State {
    /// What a newly opened window knows.
    #[must_use]
    pub fn new(registry: Arc<Registry>, opening: Opening, now: DateTime<Utc>) -> Self {
        let Opening {
            draft,
            live,
            problems,
            changes,
            versions,
            settings,
            keys,
            secrets,
            serving,
            troubles,
            calls,
            total_calls,
            refused,
            overrides,
            account,
            reach,
            proof,
            config_folder,
            data_folder,
        } = opening;
        Self {
            facts: registry.facts(&draft),
            registry,
            draft,
            live,
            problems,
            unread: Vec::new(),
            tests_of_draft: TestResults::default(),
            findings: Findings::default(),
            backtested: None,
            changes,
            not_saved: None,
            versions,
            tables: BTreeMap::new(),
            plans: Vec::new(),
            kept_drafts: Vec::new(),
            settings,
            keys,
            secrets,
            serving,
            log_trouble: None,
            safe_mode: None,
            skew: None,
            troubles,
            found: FoundCalls::newest(&calls),
            calls: calls.into(),
            total_calls,
            refused: refused.into(),
            shares: None,
            hits: None,
            numbers: None,
            old_calls: None,
            caller: None,
            exporting: None,
            ends: HashMap::new(),
            record: None,
            failures: 0,
            week: None,
            tried: None,
            tried_draft: None,
            bench: Benched::default(),
            front_door: None,
            public_door: None,
            manners: Arc::default(),
            overrides,
            account,
            reach,
            proof,
            certified: None,
            heartbeat: Heartbeat::default(),
            tools: Tools::new(),
            inspected: BTreeMap::new(),
            plugins: Arc::default(),
            plugin_tried: None,
            notices: ToldNotices::default(),
            look_up_changes: 0,
            tests: 0,
            config_folder,
            data_folder,
            now,
        }
    }

    /// Puts another draft in the place of the one that was edited.
    pub fn set_draft(&mut self, draft: Arc<Table>) {
        self.facts = self.registry.facts(&draft);
        self.draft = draft;
    }

    /// The folder that plugins are dropped into.
    #[must_use]
    pub fn plugins_folder(&self) -> PathBuf {
        self.config_folder.join("plugins")
    }

    /// Lets other plugins count. What was drawn from the draft is drawn anew, as their facts have
    /// other titles now.
    pub fn set_registry(&mut self, registry: Arc<Registry>) {
        self.registry = registry;
        self.set_draft(Arc::new((*self.draft).clone()));
    }

    /// Takes in how far a backtest is. While one is repeated, what the last one found stays.
    pub fn take_backtest(&mut self, found: Backtested) {
        let is_running = matches!(found.state, BacktestState::Running { .. });
        let is_known = self
            .backtest()
            .is_some_and(|known| matches!(known.state, BacktestState::Done(_)) && known.reach == found.reach);
        if !(is_running && is_known && self.is_of_now(&found)) {
            self.backtested = Some(found);
        }
    }

    /// The backtest of the draft as it is now, as far as it is; `None` while nothing is known of it.
    #[must_use]
    pub fn backtest(&self) -> Option<&Backtested> {
        self.backtested.as_ref().filter(|found| self.is_of_now(found))
    }

    fn is_of_now(&self, found: &Backtested) -> bool {
        Arc::ptr_eq(&found.draft, &self.draft) && found.version == self.live.version
    }

    /// Takes in how a look-up is doing. What came of its last test stays until it is tested again.
    pub fn inspected(&mut self, id: String, mut found: Inspection) {
        self.tests += u64::from(found.test.is_some());
        let before = self.inspected.remove(&id);
        found.test = found.test.or_else(|| before?.test);
        self.inspected.insert(id, found);
    }

    /// Takes in what became of calls.
    pub fn ended(&mut self, ends: Vec<(i64, CallEnd)>) {
        // What is looked at is told again.
        if self.ends.len() > 10 * HELD {
            self.ends.clear();
        }
        self.ends.extend(ends);
    }

    /// Takes note of a version that is new, or of which more is known.
    pub fn add_version(&mut self, info: VersionInfo) {
        let place = self.versions.partition_point(|other| other.version > info.version);
        match self.versions.get_mut(place).filter(|other| other.version == info.version) {
            Some(known) => *known = info,
            None => self.versions.insert(place, info),
        }
    }

    /// When and to which version the live one goes back by itself.
    #[must_use]
    pub fn live_until(&self) -> Option<Until> {
        self.versions.iter().find(|info| info.version == self.live.version)?.remarks.until
    }

    /// Whether nothing real can be in danger: there is no key, and there never was a call.
    #[must_use]
    pub fn is_practice(&self) -> bool {
        self.keys.current.is_none() && self.total_calls == 0
    }

    /// All that is to be put right before the draft can be published.
    pub fn obstacles(&self) -> impl Iterator<Item = &Problem> {
        self.problems.iter().chain(&self.unread)
    }

    /// Rules that take part, now or later, and that no test says anything about; none while the tests
    /// cannot be run.
    pub fn untested(&self) -> impl Iterator<Item = &Rule> {
        let zone = self.draft.time_zone();
        let is_over = move |rule: &Rule| {
            rule.until.is_some() && Period::of(rule, zone).0.phase(self.now) == Phase::Expired
        };
        let rules = self.draft.rules.iter().filter(|rule| rule.enabled && self.tests_of_draft.were_run());
        rules.filter(move |rule| !self.tests_of_draft.cover(&rule.id) && !is_over(rule))
    }

    /// Where calls are received, or will be once that is possible.
    #[must_use]
    pub fn listen(&self) -> SocketAddr {
        match &self.serving {
            Serving::Listening(addr) => *addr,
            Serving::Starting | Serving::Blocked { .. } => self.settings.listen,
        }
    }

    /// The webhook's address, as tools on this computer reach it.
    #[must_use]
    pub fn webhook_url(&self) -> String {
        self.url_of(WEBHOOK_PATH)
    }

    /// Any of the addresses, as tools on this computer reach it.
    #[must_use]
    pub fn url_of(&self, path: &str) -> String {
        let addr = self.listen();
        let ip = match addr.ip() {
            IpAddr::V4(ip) if ip.is_unspecified() => Ipv4Addr::LOCALHOST.into(),
            IpAddr::V6(ip) if ip.is_unspecified() => Ipv6Addr::LOCALHOST.into(),
            ip => ip,
        };
        format!("http://{}{path}", SocketAddr::new(ip, addr.port()))
    }

    /// A phone number for people, in the way of the home country; "Withheld" for none. Of a number that is
    /// to be hidden only the end can be read, so it is for looking at and nothing else.
    #[must_use]
    pub fn number(&self, number: Option<&str>) -> String {
        let words = self.whole_number(number);
        if self.settings.hide_numbers { hidden_number(&words) } else { words }
    }

    /// The same whole, whatever is to be hidden: for fields and for what is kept.
    #[must_use]
    pub fn whole_number(&self, number: Option<&str>) -> String {
        number.map_or_else(|| "Withheld".to_owned(), |number| for_people(number, &self.draft.country))
    }

    /// The caller with this number in a name that is kept; while numbers are hidden, by the end of it.
    #[must_use]
    pub fn number_in_name(&self, number: Option<&str>) -> String {
        match number.filter(|number| self.settings.hide_numbers && number.len() > 2) {
            Some(number) => {
                format!("a number that ends in {}", number.get(number.len() - 2..).unwrap_or_default())
            }
            None => self.whole_number(number),
        }
    }

    /// "Main line · (415) 555-0123"; the number alone where it is the name.
    #[must_use]
    pub fn named_number(&self, name: &str, number: &str) -> String {
        let shown = self.number(Some(number));
        let is_number = name == number || name == for_people(number, &self.draft.country);
        if is_number { shown } else { format!("{name} · {shown}") }
    }

    /// A text in which these numbers are hidden, where numbers are.
    #[must_use]
    pub fn without_numbers(&self, text: &str, numbers: &[&str]) -> String {
        let hide = |text: String, number: &&str| without_number(&text, number);
        let numbers = if self.settings.hide_numbers { numbers } else { &[] };
        numbers.iter().fold(text.to_owned(), hide)
    }
}
