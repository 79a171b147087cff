//! What comes along with what the window is told.

use std::collections::BTreeSet;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;

use chrono::{DateTime, Utc};

use crate::plugins::lists::Hits;
use crate::reach::ReachState;
use crate::retell::account::AccountError;
use crate::routing::{Change, Entry, Overrides, Problem, Table};
use crate::service::Proof;
use crate::service::account::{Account, Changed, ConnectedLines};
use crate::service::backtest::{Backtest, Reach};
use crate::storage::call_log::{Connected, Refused, Summary};
use crate::storage::{Plan, Settings, Trouble, VersionInfo};

/// Everything a newly opened window needs to know.
#[derive(Clone, Debug)]
pub struct Opening {
    /// The draft.
    pub draft: Arc<Table>,
    /// The live table.
    pub live: LiveInfo,
    /// What keeps the draft from being published.
    pub problems: Vec<Problem>,
    /// How the draft differs from the live table.
    pub changes: Vec<Change>,
    /// All versions, newest first.
    pub versions: Vec<VersionInfo>,
    /// The settings.
    pub settings: Settings,
    /// What the keys are.
    pub keys: Keys,
    /// The names of the other secrets on this computer.
    pub secrets: BTreeSet<String>,
    /// Whether calls can be received.
    pub serving: Serving,
    /// What was wrong with the files.
    pub troubles: Vec<Trouble>,
    /// The newest records.
    pub calls: Vec<Summary>,
    /// How many records there are in all.
    pub total_calls: u64,
    /// The newest refused requests.
    pub refused: Vec<Refused>,
    /// What stands above the rules, now and to come.
    pub overrides: Arc<Overrides>,
    /// What Retell told of the account.
    pub account: AccountNews,
    /// Whether this computer can be reached.
    pub reach: ReachState,
    /// Whether calls arrive, as far as that was proved.
    pub proof: Box<Proof>,
    /// The folder that holds the table and the settings.
    pub config_folder: PathBuf,
    /// The folder that holds the versions and the call log.
    pub data_folder: PathBuf,
}

/// What is known of the owner's account at Retell.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct AccountNews {
    /// What it told last; `None`: it was never asked.
    pub known: Option<Arc<Account>>,
    /// Which lines were connected from here.
    pub connected: Arc<ConnectedLines>,
    /// What was changed there last, in this run of the program.
    pub changed: Option<Arc<Changed>>,
    /// Whether it is being asked.
    pub is_asking: bool,
    /// Whether something is being changed there.
    pub is_changing: bool,
    /// Why the last question was not answered, and what to do.
    pub failed: Option<AccountError>,
}

/// What agents who share the calls of a rule got.
#[derive(Clone, Debug)]
pub struct ShareCounts {
    /// The rule's id; none for the fallback.
    pub rule: Option<String>,
    /// Of how many days up to now.
    pub days: u32,
    /// The calls, or why they are not known.
    pub connected: Result<Vec<Connected>, String>,
}

/// How often each entry of a list stood for a caller.
#[derive(Clone, Debug)]
pub struct ListHits {
    /// The entries that were counted for.
    pub entries: Arc<Vec<Entry>>,
    /// For each entry its calls; or why they are not known.
    pub hits: Result<Vec<Hits>, String>,
}

/// The calls of one caller.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CallerCalls {
    /// The caller's number.
    pub number: String,
    /// How many calls.
    pub calls: u64,
    /// When the first arrived, in ms since 1970 UTC.
    pub first_ms: Option<i64>,
}

/// A publish that is planned.
pub type Planned = Plan<Arc<Table>>;

/// The table that answers calls.
#[derive(Clone, Debug)]
pub struct LiveInfo {
    /// Its version.
    pub version: u32,
    /// When it was published.
    pub published_at: DateTime<Utc>,
    /// The table.
    pub table: Arc<Table>,
}

/// Whether calls can be received.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Serving {
    /// Not yet tried.
    Starting,
    /// Calls are received here.
    Listening(SocketAddr),
    /// They are not; it is tried again each second.
    Blocked {
        /// Where it was tried.
        addr: SocketAddr,
        /// What is in the way and what to do.
        reason: String,
        /// Another port that is free.
        free_port: Option<u16>,
    },
}

/// What the API keys are, without showing them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Keys {
    /// The current key, all but its end hidden; `None`: every request is refused.
    pub current: Option<String>,
    /// Whether a previous key is valid too.
    pub has_previous: bool,
    /// Whether the key comes from the environment and so cannot be changed here.
    pub from_environment: bool,
}

/// A backtest, as far as it is.
#[derive(Clone, Debug)]
pub struct Backtested {
    /// The draft that decided calls.
    pub draft: Arc<Table>,
    /// The live version that it is compared with.
    pub version: u32,
    /// The id of the rule whose calls are counted.
    pub rule: Option<String>,
    /// How far back it looks.
    pub reach: Reach,
    /// How far it is.
    pub state: BacktestState,
}

/// How far a backtest is.
#[derive(Clone, Debug)]
pub enum BacktestState {
    /// It goes on.
    Running {
        /// So many calls are done.
        done: usize,
        /// Of so many.
        total: usize,
    },
    /// What came of it.
    Done(Arc<Backtest>),
    /// Why nothing came of it.
    Failed(String),
}

/// Something the owner should know.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Note {
    /// How serious it is.
    pub level: Level,
    /// One sentence, and what to do.
    pub text: String,
}

/// How serious something is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Level {
    /// Good to know.
    Info,
    /// Calls are answered, but something needs attention.
    Warning,
    /// Calls are not answered, or something was not done.
    Error,
}

/// Calls that are older than they are to be kept, and when they go.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OldCalls {
    /// How many they are.
    pub calls: u64,
    /// So many days calls are kept.
    pub days: u32,
    /// From then on they go.
    pub from: DateTime<Utc>,
}
