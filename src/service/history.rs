//! The calls that came before, by caller, in memory: a call never waits for the disk to hear who
//! called before, and calls that were answered a moment ago count though their records are still
//! on their way to the log. The log is read once, beside the first calls of a run.

use std::collections::HashMap;
use std::sync::{Arc, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard, Weak};
use std::time::Duration;

use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use tokio::sync::watch;
use tokio::time::{sleep, timeout};

use crate::plugins::{CallHistory, PastCall, PastEnd};
use crate::routing::Medium;
use crate::storage::call_log::{LogError, LogReader, Past, Summary};

/// How long a call waits for the log to be read. A million calls take longer than that; the first
/// calls of a run then go without a history.
const PATIENCE: Duration = Duration::from_millis(500);
/// When a log that cannot be read is tried again.
const TRY_AGAIN: Duration = Duration::from_secs(5);

/// The history of all callers. Copies share it.
#[derive(Clone, Debug)]
pub struct History(Arc<Shared>);

#[derive(Debug)]
struct Shared {
    memory: RwLock<Memory>,
    reading: watch::Sender<Reading>,
}

/// How far the log has been read.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Reading {
    Under,
    Done,
    Failed(String),
}

#[derive(Debug, Default)]
struct Memory {
    callers: HashMap<Box<str>, Vec<Brief>>,
    ends: Ends,
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

fn end(outcome: &str, agent: Option<&str>, agent_id: Option<&str>) -> PastEnd {
    match (outcome, agent) {
        ("connect", Some(name)) => PastEnd::Agent { id: agent_id.map(Into::into), name: name.into() },
        ("reject", _) => PastEnd::Rejected,
        _ => PastEnd::Kept,
    }
}

impl Memory {
    fn add(&mut self, from: &str, at_ms: i64, end: u32) {
        let call = Brief { at_ms, end };
        match self.callers.get_mut(from) {
            None => drop(self.callers.insert(from.into(), vec![call])),
            Some(calls) => {
                let place = calls.partition_point(|other| other.at_ms <= at_ms);
                calls.insert(place, call);
            }
        }
    }

    fn calls_of(&self, caller: &str) -> Vec<PastCall> {
        let calls = self.callers.get(caller).map_or(&[][..], Vec::as_slice);
        calls
            .iter()
            .map(|call| PastCall { at_ms: call.at_ms, end: self.ends.0[call.end as usize].clone() })
            .collect()
    }
}

impl History {
    /// A history that knows nothing until [`History::read`].
    #[must_use]
    pub fn new() -> Self {
        Self(Arc::new(Shared { memory: RwLock::default(), reading: watch::Sender::new(Reading::Under) }))
    }

    /// Reads what was logged before call `first_id`; those from there on are told with
    /// [`History::add`]. Tries until it has worked. Ends early when nobody holds the history.
    pub async fn read(self, log: LogReader, first_id: i64) {
        let weak = Arc::downgrade(&self.0);
        drop(self);
        loop {
            let (log, shared) = (log.clone(), weak.clone());
            let done = tokio::task::spawn_blocking(move || read(&log, first_id, &shared)).await;
            let Some(shared) = weak.upgrade() else { return };
            match done {
                Ok(Ok(())) => return drop(shared.reading.send_replace(Reading::Done)),
                Ok(Err(error)) => drop(shared.reading.send_replace(Reading::Failed(error.to_string()))),
                Err(_) => {
                    let why = "reading the call log broke; please report this".to_owned();
                    shared.reading.send_replace(Reading::Failed(why));
                }
            }
            drop(shared);
            sleep(TRY_AGAIN).await;
        }
    }

    /// Forgets a caller.
    pub fn forget(&self, caller: &str) {
        self.0.write().callers.remove(caller);
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
    fn default() -> Self {
        Self::new()
    }
}

impl Shared {
    fn write(&self) -> RwLockWriteGuard<'_, Memory> {
        self.memory.write().unwrap_or_else(PoisonError::into_inner)
    }

    fn memory(&self) -> RwLockReadGuard<'_, Memory> {
        self.memory.read().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Reads all there is, then takes it in at once.
fn read(log: &LogReader, first_id: i64, shared: &Weak<Shared>) -> Result<(), LogError> {
    let mut logged = Memory::default();
    log.past(first_id, |Past { from, at_ms, outcome, agent, agent_id }| {
        let end = logged.ends.place(&outcome, agent.as_deref(), agent_id.as_deref());
        logged.add(&from, at_ms, end);
    })?;
    let Some(shared) = shared.upgrade() else { return Ok(()) };
    let mut memory = shared.write();
    // What came meanwhile is little.
    let meanwhile = std::mem::replace(&mut *memory, logged);
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
    Ok(())
}

impl CallHistory for History {
    fn calls_of(&self, caller: &str) -> BoxFuture<'static, Result<Vec<PastCall>, String>> {
        let (shared, caller) = (Arc::clone(&self.0), caller.to_owned());
        async move {
            let mut reading = shared.reading.subscribe();
            let read = timeout(PATIENCE, reading.wait_for(|reading| *reading != Reading::Under)).await;
            match read.map(|reading| reading.map(|reading| reading.clone())) {
                Ok(Ok(Reading::Done)) => Ok(shared.memory().calls_of(&caller)),
                Ok(Ok(Reading::Failed(why))) => Err(why),
                Ok(Ok(Reading::Under) | Err(_)) | Err(_) => {
                    Err("the call log is still being read".to_owned())
                }
            }
        }
        .boxed()
    }
}

/// The history as the log's file tells it: for a program that answers no calls and asks once.
/// Where there is no log, nobody has called.
#[derive(Debug)]
pub struct LoggedHistory(pub Option<LogReader>);

impl CallHistory for LoggedHistory {
    fn calls_of(&self, caller: &str) -> BoxFuture<'static, Result<Vec<PastCall>, String>> {
        let calls = self.0.as_ref().map_or(Ok(Vec::new()), |log| log.past_of(caller));
        let calls = calls.map_err(|error| error.to_string());
        let past = |Past { at_ms, outcome, agent, agent_id, .. }| PastCall {
            at_ms,
            end: end(&outcome, agent.as_deref(), agent_id.as_deref()),
        };
        std::future::ready(calls.map(|calls| calls.into_iter().map(past).collect())).boxed()
    }
}
