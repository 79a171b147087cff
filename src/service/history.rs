//! The calls that came before, by caller, in memory: a call never waits for the disk to hear who
//! called before, and calls that were answered a moment ago count though their records are still
//! on their way to the log. The log is read once, beside the first calls of a run, for which it is asked
//! for their caller alone: a million calls take a second to read.

use std::collections::{HashMap, HashSet};
use std::sync::{Arc, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard, Weak};
use std::time::Duration;

use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use tokio::task::spawn_blocking;
use tokio::time::sleep;

use crate::plugins::{CallHistory, PastCall, PastEnd};
use crate::routing::Medium;
use crate::storage::call_log::{LogError, LogReader, Past, Summary};

/// When a log that cannot be read is tried again.
const TRY_AGAIN: Duration = Duration::from_secs(5);
/// So much longer than it is kept a call may be remembered, in ms: all callers are looked through to forget
/// some calls, which is not to be done for each call anew.
const SLACK_MS: i64 = 60 * 60 * 1000;

/// The history of all callers. Copies share it.
#[derive(Clone, Debug)]
pub struct History(Arc<Shared>);

#[derive(Debug)]
struct Shared {
    /// The log, and the first call that is told and not read.
    log: Option<(LogReader, i64)>,
    memory: RwLock<Memory>,
}

#[derive(Debug, Default)]
struct Memory {
    /// What the log tells is in it; else only what came in this run.
    is_whole: bool,
    callers: HashMap<Box<str>, Vec<Brief>>,
    ends: Ends,
    /// No call is older.
    oldest_ms: Option<i64>,
    /// What the log still has from before then does not count.
    forgotten_before_ms: Option<i64>,
    /// Of whom what the log had does not count, while it is being read.
    forgotten: HashSet<Box<str>>,
}

/// One call, kept small: there may be a million.
#[derive(Clone, Copy, Debug)]
struct Brief {
    at_ms: i64,
    end: u32,
}

/// Who answered calls: few, each kept once.
#[derive(Debug, Default)]
struct Ends(Vec<PastEnd>);

impl Ends {
    fn place(&mut self, outcome: &str, agent: Option<&str>, agent_id: Option<&str>) -> u32 {
        let is_it = |known: &PastEnd| match (known, outcome, agent) {
            (PastEnd::Agent { id, name }, "connect", Some(agent)) => {
                **name == *agent && id.as_deref() == agent_id
            }
            (PastEnd::Rejected, "reject", _) => true,
            (PastEnd::Kept, outcome, agent) => {
                outcome != "reject" && (outcome != "connect" || agent.is_none())
            }
            _ => false,
        };
        let place = self.0.iter().position(is_it).unwrap_or_else(|| {
            self.0.push(end(outcome, agent, agent_id));
            self.0.len() - 1
        });
        place as u32
    }
}

/// The earlier of the two.
fn earlier(one: Option<i64>, other: i64) -> i64 {
    one.map_or(other, |one| one.min(other))
}

fn end(outcome: &str, agent: Option<&str>, agent_id: Option<&str>) -> PastEnd {
    match (outcome, agent) {
        ("connect", Some(name)) => PastEnd::Agent { id: agent_id.map(Into::into), name: name.into() },
        ("reject", _) => PastEnd::Rejected,
        _ => PastEnd::Kept,
    }
}

impl Memory {
    fn add(&mut self, from: &str, at_ms: i64, end: u32) {
        self.oldest_ms = Some(earlier(self.oldest_ms, at_ms));
        let call = Brief { at_ms, end };
        match self.callers.get_mut(from) {
            None => drop(self.callers.insert(from.into(), vec![call])),
            Some(calls) => {
                let place = calls.partition_point(|other| other.at_ms <= at_ms);
                calls.insert(place, call);
            }
        }
    }

    /// Forgets the calls from before a moment.
    fn forget_before(&mut self, at_ms: i64) {
        self.forgotten_before_ms = self.forgotten_before_ms.max(Some(at_ms));
        if self.oldest_ms.is_none_or(|oldest| oldest >= at_ms.saturating_sub(SLACK_MS)) {
            return;
        }
        let mut oldest_ms = None;
        self.callers.retain(|_, calls| {
            let gone = calls.partition_point(|call| call.at_ms < at_ms);
            if gone > 0 {
                calls.drain(..gone);
                calls.shrink_to(calls.len() * 2);
            }
            if let Some(first) = calls.first() {
                oldest_ms = Some(earlier(oldest_ms, first.at_ms));
            }
            !calls.is_empty()
        });
        self.callers.shrink_to(self.callers.len() * 2);
        self.oldest_ms = oldest_ms;
    }

    fn calls_of(&self, caller: &str) -> Vec<PastCall> {
        let calls = self.callers.get(caller).map_or(&[][..], Vec::as_slice);
        calls
            .iter()
            .map(|call| PastCall { at_ms: call.at_ms, end: self.ends.0[call.end as usize].clone() })
            .collect()
    }

    /// All calls of a caller, if they are known.
    fn whole_of(&self, caller: &str) -> Option<Vec<PastCall>> {
        self.is_whole.then(|| self.calls_of(caller))
    }
}

impl History {
    /// The history of the calls in this log from before call `first_id`; those from there on are told with
    /// [`History::add`].
    #[must_use]
    pub fn of(log: LogReader, first_id: i64) -> Self {
        Self(Arc::new(Shared { log: Some((log, first_id)), memory: RwLock::default() }))
    }

    /// Reads the log. Tries until it has worked. Ends early when nobody holds the history.
    pub async fn read(self) {
        let Some((log, first_id)) = self.0.log.clone() else { return };
        let weak = Arc::downgrade(&self.0);
        drop(self);
        loop {
            let (log, shared) = (log.clone(), weak.clone());
            let done = spawn_blocking(move || read(&log, first_id, &shared)).await;
            if matches!(done, Ok(Ok(()))) {
                return;
            }
            sleep(TRY_AGAIN).await;
        }
    }

    /// Forgets a caller.
    pub fn forget(&self, caller: &str) {
        let mut memory = self.0.write();
        memory.callers.remove(caller);
        if !memory.is_whole {
            memory.forgotten.insert(caller.into());
        }
    }

    /// Forgets the calls from before a moment (in ms since 1970 UTC), once some are an hour older.
    pub fn forget_before(&self, at_ms: i64) {
        self.0.write().forget_before(at_ms);
    }

    /// Takes note of a call that was answered. Tests and texts are no calls.
    pub fn add(&self, call: &Summary) {
        let counts = !call.is_test && call.medium == Medium::Call;
        let Some(from) = call.from.as_deref().filter(|_| counts) else { return };
        let mut memory = self.0.write();
        let end = memory.ends.place(&call.outcome, call.agent.as_deref(), call.agent_id.as_deref());
        memory.add(from, call.at_ms, end);
    }
}

impl Default for History {
    /// A history without a log: nobody called before.
    fn default() -> Self {
        let memory = Memory { is_whole: true, ..Memory::default() };
        Self(Arc::new(Shared { log: None, memory: RwLock::new(memory) }))
    }
}

impl Shared {
    fn write(&self) -> RwLockWriteGuard<'_, Memory> {
        self.memory.write().unwrap_or_else(PoisonError::into_inner)
    }

    fn memory(&self) -> RwLockReadGuard<'_, Memory> {
        self.memory.read().unwrap_or_else(PoisonError::into_inner)
    }

    /// What the log tells of a caller.
    async fn logged(&self, caller: String) -> Result<Vec<PastCall>, String> {
        let Some((log, first_id)) = self.log.clone() else { return Ok(Vec::new()) };
        match spawn_blocking(move || log.past_of(&caller, first_id)).await {
            Ok(Ok(calls)) => Ok(calls.into_iter().map(PastCall::from).collect()),
            Ok(Err(error)) => Err(error.to_string()),
            Err(_broke) => Err("reading the call log broke; please report this".to_owned()),
        }
    }
}

/// Reads all there is, then takes it in at once.
fn read(log: &LogReader, first_id: i64, shared: &Weak<Shared>) -> Result<(), LogError> {
    let mut logged = Memory { is_whole: true, ..Memory::default() };
    log.past(first_id, |Past { from, at_ms, outcome, agent, agent_id }| {
        let end = logged.ends.place(&outcome, agent.as_deref(), agent_id.as_deref());
        logged.add(&from, at_ms, end);
    })?;
    let Some(shared) = shared.upgrade() else { return Ok(()) };
    let mut memory = shared.write();
    // What came meanwhile is little.
    let meanwhile = std::mem::replace(&mut *memory, logged);
    for caller in &meanwhile.forgotten {
        memory.callers.remove(caller);
    }
    for (from, calls) in meanwhile.callers {
        for call in calls {
            let (outcome, agent, id) = match &meanwhile.ends.0[call.end as usize] {
                PastEnd::Agent { id, name } => ("connect", Some(&**name), id.as_deref()),
                PastEnd::Kept => ("keep", None, None),
                PastEnd::Rejected => ("reject", None, None),
            };
            let end = memory.ends.place(outcome, agent, id);
            memory.add(&from, call.at_ms, end);
        }
    }
    if let Some(at_ms) = meanwhile.forgotten_before_ms {
        memory.forget_before(at_ms);
    }
    Ok(())
}

impl CallHistory for History {
    fn calls_of(&self, caller: &str) -> BoxFuture<'static, Result<Vec<PastCall>, String>> {
        let (shared, caller) = (Arc::clone(&self.0), caller.to_owned());
        async move {
            if let Some(calls) = shared.memory().whole_of(&caller) {
                return Ok(calls);
            }
            let mut logged = shared.logged(caller.clone()).await?;
            let memory = shared.memory();
            if memory.forgotten.contains(&*caller) {
                logged.clear();
            }
            logged.retain(|call| memory.forgotten_before_ms.is_none_or(|before| call.at_ms >= before));
            let all = memory.whole_of(&caller);
            Ok(all.unwrap_or_else(|| [logged, memory.calls_of(&caller)].concat()))
        }
        .boxed()
    }
}

impl From<Past> for PastCall {
    fn from(Past { at_ms, outcome, agent, agent_id, .. }: Past) -> Self {
        Self { at_ms, end: end(&outcome, agent.as_deref(), agent_id.as_deref()) }
    }
}

/// The history as the log's file tells it: for a program that answers no calls and asks once.
/// Where there is no log, nobody has called.
#[derive(Debug)]
pub struct LoggedHistory(pub Option<LogReader>);

impl CallHistory for LoggedHistory {
    fn calls_of(&self, caller: &str) -> BoxFuture<'static, Result<Vec<PastCall>, String>> {
        let calls = self.0.as_ref().map_or(Ok(Vec::new()), |log| log.past_of(caller, i64::MAX));
        let calls = calls.map_err(|error| error.to_string());
        std::future::ready(calls.map(|calls| calls.into_iter().map(PastCall::from).collect())).boxed()
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;
    use crate::storage::Home;
    use crate::storage::call_log::{Detail, LogWriter, Record};

    fn call(at_ms: i64) -> Summary {
        Summary { at_ms, from: Some("+12137771234".into()), outcome: "reject".into(), ..Summary::default() }
    }

    async fn times(history: &History) -> Vec<i64> {
        let calls = history.calls_of("+12137771234").await.unwrap();
        calls.iter().map(|call| call.at_ms).collect()
    }

    #[tokio::test]
    async fn a_call_hears_of_earlier_ones_while_the_log_is_still_being_read() {
        let home = tempfile::tempdir().unwrap();
        let log = LogWriter::open(&Home::at(home.path()).unwrap(), chrono::DateTime::UNIX_EPOCH).unwrap();
        let write = async |at_ms| {
            let record = Record { summary: call(at_ms), detail: Detail::default() };
            log.record(record).committed().await.unwrap();
        };
        write(1).await;
        let history = History::of(log.reader(), log.next_id());
        history.add(&call(2));
        // It is on its way to the log and may well be there.
        write(2).await;
        assert_eq!(times(&history).await, [1, 2]);
        history.clone().read().await;
        assert_eq!(times(&history).await, [1, 2]);
        history.add(&call(3));
        assert_eq!(times(&history).await, [1, 2, 3]);
    }

    #[tokio::test]
    async fn calls_that_are_no_longer_kept_are_forgotten() {
        let history = History::default();
        history.add(&Summary { from: Some("+12137775678".into()), ..call(0) });
        for hour in [0, 2, 9] {
            history.add(&call(hour * SLACK_MS));
        }
        history.forget_before(SLACK_MS);
        assert_eq!(times(&history).await.len(), 3, "all callers are not looked through for an hour");
        history.forget_before(3 * SLACK_MS);
        assert_eq!(times(&history).await, [9 * SLACK_MS]);
        assert_eq!(history.0.memory().callers.len(), 1);
        assert_eq!(history.0.memory().oldest_ms, Some(9 * SLACK_MS));
        history.forget_before(20 * SLACK_MS);
        assert!(history.0.memory().callers.is_empty());
        history.add(&call(21 * SLACK_MS));
        assert_eq!(times(&history).await, [21 * SLACK_MS]);
    }

    #[tokio::test]
    async fn what_the_log_still_has_of_them_does_not_count_either() {
        let home = tempfile::tempdir().unwrap();
        let log = LogWriter::open(&Home::at(home.path()).unwrap(), chrono::DateTime::UNIX_EPOCH).unwrap();
        for hour in [0, 9] {
            let record = Record { summary: call(hour * SLACK_MS), detail: Detail::default() };
            log.record(record).committed().await.unwrap();
        }
        let history = History::of(log.reader(), log.next_id());
        history.forget_before(3 * SLACK_MS);
        assert_eq!(times(&history).await, [9 * SLACK_MS]);
        history.clone().read().await;
        assert_eq!(times(&history).await, [9 * SLACK_MS]);
    }
}
