//! What the window and the service say to each other: one enum each way, both over bounded
//! channels. The window never calls into the service, so it never waits for it.

mod told;
mod wished;

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::sync::Arc;

use chrono::{DateTime, Utc};

use super::backtest::Reach;
use super::heartbeat::Heartbeat;
use super::noticing::NoticeReport;
use super::numbers::{NumbersTold, NumbersWish};
use super::outside::Question;
use super::proof::Proof;
use super::reachable::Tools;
use super::safe_mode::SafeMode;
use super::skew::Skew;
use super::test_cases::Tested;
pub use super::trying::{
    Bench, BenchEvent, BurstPart, BurstWish, FileOutcome, FileTried, FilesPart, FrontDoor, Knowing,
    RulesAlone, Source, Trial, Tried, TriedDecision,
};
use super::weeks::{ShownWeek, WeekWish};
use crate::plugins::dropped::Card;
use crate::plugins::{Inspection, Registry};
use crate::reach::{Certified, ReachState};
use crate::retell::account::NumberChange;
use crate::routing::checks::Finding;
use crate::routing::{CallEnd, Change, Overrides, Problem, Table, Wish};
use crate::storage::call_log::search::{Filter, Found};
use crate::storage::call_log::{Record, Refused, Summary};
use crate::storage::{Crash, KeptInfo, Pause, Secret, Settings, Trouble, UsedNotice, VersionInfo};
pub use told::{
    AccountNews, BacktestState, Backtested, CallerCalls, Keys, Level, ListHits, LiveInfo, Note, OldCalls,
    Opening, Planned, Serving, ShareCounts,
};
pub use wished::{ExportFormat, Inspect, Picture, PluginWish};

/// What the window asks for.
#[derive(Clone, Debug)]
pub enum Command {
    /// Tell everything once. Answered by [`Event::Opened`].
    Open,
    /// Save the draft and tell what is wrong with it. Answered by [`Event::Draft`].
    SaveDraft(Arc<Table>),
    /// Make the draft live. Answered by [`Event::Published`] or [`Event::Failed`].
    Publish {
        /// The table to publish; it is saved as the draft first.
        table: Arc<Table>,
        /// A remark of the owner's.
        note: String,
        /// When the version before comes back by itself; without one it stays live.
        until: Option<DateTime<Utc>>,
        /// Why it is published although test cases fail; empty if they must pass.
        despite: String,
    },
    /// Make this table live at a later time, whatever becomes of the draft. Answered by
    /// [`Event::Plans`] or [`Event::Failed`].
    Plan {
        /// The table to publish.
        table: Arc<Table>,
        /// A remark of the owner's.
        note: String,
        /// When.
        at: DateTime<Utc>,
        /// When the version before comes back by itself; without one it stays live.
        until: Option<DateTime<Utc>>,
        /// Why it is published although test cases fail; empty if they must pass.
        despite: String,
    },
    /// Do not publish what is planned under this id. Answered by [`Event::Plans`].
    CancelPlan(i64),
    /// Let the live version stay, which was to go back by itself. Answered by [`Event::Version`].
    StayLive,
    /// Make an old version's table live again, as the next version; a draft with changes is set
    /// aside. Answered by [`Event::Published`] or [`Event::Failed`].
    BringBack(u32),
    /// Put a draft that was set aside in the place of the draft, which is set aside in turn. Answered
    /// by [`Event::DraftReplaced`] or [`Event::Failed`].
    TakeBackDraft(u32),
    /// Throw a draft away that was set aside. Answered by [`Event::KeptDrafts`].
    RemoveDraft(u32),
    /// Send the table of a version. Answered by [`Event::VersionTable`] or [`Event::Failed`].
    LoadVersion(u32),
    /// Put the live table in the place of the draft. Answered by [`Event::DraftReplaced`].
    DiscardDraft,
    /// Put the table in this file in the place of the draft. Answered by
    /// [`Event::DraftReplaced`] or [`Event::Failed`].
    ImportTable(PathBuf),
    /// Write a table to a file.
    ExportTable(PathBuf, Arc<Table>),
    /// Read the hours of a schedule from a file. Answered by [`Event::HoursRead`] or
    /// [`Event::Failed`].
    ReadHours {
        /// The schedule's id.
        schedule: String,
        /// The file.
        file: PathBuf,
    },
    /// Write hours to a file.
    WriteHours {
        /// The hours.
        hours: String,
        /// The file.
        file: PathBuf,
    },
    /// Save an API key. The one before stays valid until [`Command::ForgetPreviousKey`].
    SetKey(String),
    /// From now on only the current API key is valid.
    ForgetPreviousKey,
    /// Keep a secret under this name, or forget the one that is kept there. Answered by
    /// [`Event::Secrets`].
    SetSecret {
        /// Its name, which may be shown.
        name: String,
        /// The secret; `None`: forget it.
        secret: Option<Secret>,
    },
    /// Save what helps those who help to this file. Answered by [`Event::Note`] or [`Event::Failed`].
    SaveDiagnostics(PathBuf),
    /// Save the settings and act on them.
    SaveSettings(Settings),
    /// Look for calls. Answered by [`Event::Found`], and again whenever more calls fit, until
    /// something else is looked for.
    FindCalls {
        /// Any number that tells this question from others.
        question: u64,
        /// What is looked for.
        filter: Filter,
    },
    /// Count the calls of the log by all kinds of things. Answered by [`Event::Numbers`].
    CountCalls(NumbersWish),
    /// Write a picture to a file.
    SavePicture(PathBuf, Picture),
    /// Let calls that are older than they are to be kept go now, without waiting. Answered by
    /// [`Event::OldCalls`].
    LetOldCallsGo,
    /// Count the calls of the caller with this number. Answered by [`Event::Caller`].
    CountCaller(String),
    /// Erase all calls of the caller with this number. Answered by [`Event::Erased`].
    EraseCaller(String),
    /// Make a command that sends this body as Retell would, signed now. Answered by [`Event::ToCopy`].
    AsCurl(String),
    /// Save calls to a file. Told about by [`Event::Exporting`].
    ExportCalls {
        /// The file.
        file: PathBuf,
        /// In which form.
        format: ExportFormat,
        /// Which calls, in their order.
        ids: Arc<[i64]>,
    },
    /// Stop saving calls.
    CancelExport,
    /// Send these calls as lists show them. Answered by [`Event::Rows`].
    LoadRows(Vec<i64>),
    /// Count what agents who share the calls of a rule (without one: the fallback) got. Answered by
    /// [`Event::Shares`].
    CountShares {
        /// The rule's id.
        rule: Option<String>,
    },
    /// Count for a list of this table, by its id, how often each entry stood for a caller. Answered by
    /// [`Event::Hits`].
    CountHits {
        /// The list's id.
        list: String,
        /// The table that it is in.
        table: Arc<Table>,
    },
    /// Send one record in full. Answered by [`Event::Record`].
    LoadRecord(i64),
    /// Decide a call without answering or logging it. Answered by [`Event::Tried`].
    Try(Box<Trial>),
    /// Set an override. Answered by [`Event::Overrides`] or [`Event::Failed`].
    Override {
        /// The override.
        wish: Box<Wish>,
        /// What it does is what "closed" means from now on.
        keep: bool,
    },
    /// End the overrides with these ids. Answered by [`Event::Overrides`].
    EndOverrides(Vec<String>),
    /// Send a body as a signed request through the real port. Answered by [`Event::FrontDoor`] whatever
    /// comes of it, and by [`Event::Failed`] besides if it could not be sent.
    SendSigned(String),
    /// The same through the public address.
    SendPublic(String),
    /// Ask Retell for the lines and agents of the account. Answered by [`Event::Account`], once when it is
    /// asked and once when it has told.
    AskRetell,
    /// Change phone numbers at Retell. Answered by [`Event::Account`], and by [`Event::Note`] or
    /// [`Event::Failed`] for each change.
    ChangeAtRetell(Vec<NumberChange>),
    /// Look which programs that make this computer reachable are here. Answered by [`Event::Tools`].
    LookForTools,
    /// Prove now that calls arrive. Answered by [`Event::Proof`].
    Prove,
    /// Begin anew to have this computer reached. Told about by [`Event::Reach`].
    ReachAgain,
    /// Decide the calls of the log again, by this draft and by the live table. Answered by
    /// [`Event::Backtest`]; one that is under way is broken off.
    Backtest {
        /// The draft.
        draft: Arc<Table>,
        /// The id of a rule of it whose calls are to be counted.
        rule: Option<String>,
        /// How far back to look.
        reach: Reach,
    },
    /// Do other work of "Try a call". Answered by [`Event::Bench`] or [`Event::Failed`].
    Bench(Box<Bench>),
    /// Look at a look-up in use. Answered by [`Event::Inspected`].
    Inspect(Box<Inspect>),
    /// Tell what broke of late. Answered by [`Event::Crashes`].
    TellCrashes,
    /// Run again as the owner made it. Answered by [`Event::SafeMode`] or [`Event::Failed`].
    LeaveSafeMode,
    /// Work out who answers in a week. Answered by [`Event::Week`].
    ShowWeek(WeekWish),
    /// Tell nobody of anything for so long, or tell them again. Answered by [`Event::Settings`].
    PauseNotices(Option<Pause>),
    /// Tell somebody once, to see whether it arrives. Answered by [`Event::NoticeTried`].
    TryNotice(Box<UsedNotice>),
    /// Do something with a plugin that was dropped in. Answered by [`Event::Plugins`] or [`Event::Failed`].
    Plugin(PluginWish),
    /// Do what somebody outside of this process asks, who is told what came of it.
    FromOutside(Box<Question>),
}

/// What the window is told.
#[derive(Clone, Debug)]
pub enum Event {
    /// Everything a newly opened window needs to know.
    Opened(Box<Opening>),
    /// Who answers in a week.
    Week(Arc<ShownWeek>),
    /// Whether calls can be received.
    Serving(Serving),
    /// What the keys are.
    Keys(Keys),
    /// The names of the other secrets on this computer.
    Secrets(BTreeSet<String>),
    /// The settings that are in force.
    Settings(Settings),
    /// The draft was saved; or it was not, for this reason.
    Draft {
        /// What keeps it from being published.
        problems: Vec<Problem>,
        /// How it differs from the live table.
        changes: Vec<Change>,
        /// Why it could not be saved.
        not_saved: Option<String>,
    },
    /// What came of the test cases of the draft; `None` if it cannot decide anything as it is. Told with
    /// every draft.
    Tested(Option<Arc<[Tested]>>),
    /// What the checks say of a draft. Asked for with every draft; a newer one takes its place.
    Checked {
        /// The draft.
        draft: Arc<Table>,
        /// All that stands out about it.
        findings: Arc<[Finding]>,
    },
    /// How far a backtest is, or what came of it.
    Backtest(Backtested),
    /// Another draft took the place of the one that was edited.
    DraftReplaced {
        /// The new draft.
        table: Arc<Table>,
        /// The name of the step for undo: "Discard the draft".
        step: String,
        /// Why, in words.
        why: String,
    },
    /// A file held these hours for a schedule.
    HoursRead {
        /// The schedule's id.
        schedule: String,
        /// The hours, which can be read.
        hours: String,
    },
    /// A table was made live.
    Published(LiveInfo),
    /// What is left out because the program died several times in a minute; `None`: nothing.
    SafeMode(Option<SafeMode>),
    /// How far this computer's clock is off, as Retell's requests tell; `None`: it is not.
    Clock(Option<Skew>),
    /// What broke of late, the last one first.
    Crashes(Arc<[Crash]>),
    /// What stands above the rules, now and to come.
    Overrides(Arc<Overrides>),
    /// A version is new, or what is known of it changed.
    Version(VersionInfo),
    /// The table of a version.
    VersionTable {
        /// Which version.
        version: u32,
        /// Its table.
        table: Arc<Table>,
    },
    /// All that is planned to be published, the next one first.
    Plans(Vec<Planned>),
    /// All drafts that were set aside, the last one first.
    KeptDrafts(Vec<KeptInfo>),
    /// Something that nobody may miss: it stays in sight until it is dismissed.
    Trouble(Trouble),
    /// A call was answered and logged.
    Call(Summary),
    /// The same call came again, and got the same answer.
    Again {
        /// The record of the call.
        id: i64,
        /// How often it has come by now.
        attempts: u32,
    },
    /// Calls that were looked for.
    Found(Found),
    /// The numbers of the call log.
    Numbers(NumbersTold),
    /// Calls that are older than they are to be kept, and when they go; `None`: there are none, or they
    /// go already.
    OldCalls(Option<OldCalls>),
    /// How many calls there are, some old ones having gone.
    TotalCalls(u64),
    /// How many calls of a caller there are.
    Caller(CallerCalls),
    /// All calls of a caller were erased.
    Erased {
        /// The caller's number.
        number: String,
        /// How many calls there were.
        calls: u64,
    },
    /// A text that was asked for, to be copied.
    ToCopy(String),
    /// How many calls of how many are saved by now; `None`: none are being saved any more.
    Exporting(Option<(usize, usize)>),
    /// Calls as lists show them.
    Rows {
        /// Those that were asked for.
        asked: Vec<i64>,
        /// Those of them that are in the log.
        rows: Vec<Summary>,
    },
    /// What agents who share calls got.
    Shares(ShareCounts),
    /// How often the entries of a list stood for callers.
    Hits(ListHits),
    /// What became of calls, each with its record in the log, as far as Retell told.
    Ends(Vec<(i64, CallEnd)>),
    /// One record in full.
    Record(Box<Record>),
    /// A request was refused.
    Refused(Refused),
    /// What came of a trial.
    Tried(Box<Tried>),
    /// What came of a request through the real port.
    FrontDoor(Box<FrontDoor>),
    /// What came of other work of "Try a call".
    Bench(BenchEvent),
    /// How a look-up in use is doing.
    Inspected {
        /// Its id.
        id: String,
        /// What was found.
        found: Box<Inspection>,
    },
    /// There are other plugins than before.
    Registry(Arc<Registry>),
    /// All plugins that were dropped in, and how they are doing.
    Plugins(Arc<[Card]>),
    /// What came of trying a plugin.
    PluginTried {
        /// Which.
        id: String,
        /// What came of it.
        tested: Box<crate::plugins::Tested>,
    },
    /// How telling some of those goes who are told of calls.
    Notices(Vec<NoticeReport>),
    /// What came of trying to tell somebody.
    NoticeTried {
        /// The id of the notice.
        id: String,
        /// Whether it arrived; if not, why, as the end of a sentence.
        result: Result<(), String>,
    },
    /// What Retell told of the account, or that it is being asked.
    Account(AccountNews),
    /// Whether this computer can be reached.
    Reach(ReachState),
    /// Whether calls arrive, as far as that was proved.
    Proof(Box<Proof>),
    /// How it stands with the certificate that is got by itself, if one is.
    Certified(Option<Certified>),
    /// How it stands with the outside watcher.
    Heartbeat(Heartbeat),
    /// Which programs that make this computer reachable are here.
    Tools(Tools),
    /// What look-ups read has changed, so that they are worth looking at again.
    LookUpsChanged,
    /// Whether calls are being logged: `None`, or what is wrong.
    Log(Option<String>),
    /// Something the owner should know: shown, and kept in the list of messages.
    Note(Note),
    /// What was asked for could not be done.
    Failed(Note),
}
