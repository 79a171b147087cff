//! The writing end of the call log, as the rest of the program holds it. Nothing here waits for a
//! disk: work is handed to the log's own thread.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};
use std::sync::mpsc::{self, SyncSender, TrySendError};
use std::thread;
use std::time::{Duration, Instant};

use chrono::{DateTime, Utc};
use tokio::sync::{oneshot, watch};

use super::WAITING_MAX;
use super::afterwards::{Afterwards, Times};
use super::database::Place;
use super::ends::EndNews;
use super::reader::LogReader;
use super::record::{Record, Refused};
use super::refusals::Refusals;
use super::search::Bell;
use super::worker::{Job, Told, Worker};
use crate::routing::CallEnd;
use crate::storage::{Home, Trouble};

/// How the log is doing. Calls are answered either way.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum LogHealth {
    /// Rows are written as they come.
    #[default]
    Good,
    /// What is wrong and what to do. Rows wait in memory and are written when it has passed.
    Trouble(String),
}

impl LogHealth {
    /// Whether rows are written as they come.
    #[must_use]
    pub fn is_good(&self) -> bool {
        *self == Self::Good
    }

    /// What is wrong, if anything is.
    #[must_use]
    pub fn trouble(self) -> Option<String> {
        match self {
            Self::Good => None,
            Self::Trouble(told) => Some(told),
        }
    }
}

/// Why something is not in the log, or could not be read from it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum LogError {
    /// More calls wait to be logged than memory is set aside for.
    #[error("This call is not in the log, for too many wait to be written; make room on the disk")]
    TooMany,
    /// Too much waits to be written for anything else to be done.
    #[error("Nothing was erased, for too many calls wait to be written; try again in a moment")]
    Busy,
    /// The row itself was refused.
    #[error("This call is not in the log ({0}); please report this")]
    Row(String),
    /// The log is closed, or closing took too long.
    #[error("The call log is closed; start the program again")]
    Closed,
    /// At the end of the program some rows could not be written.
    #[error("{0} calls could not be written to the log before it closed; make room on the disk")]
    Unwritten(usize),
    /// The log's own thread could not be started.
    #[error("The call log could not be started ({0}); close other programs and start again")]
    NoThread(String),
    /// Reading failed.
    #[error("The call log cannot be read just now ({0}); try again in a moment")]
    Unreadable(String),
}

/// A call on its way to the log.
#[derive(Debug)]
pub struct Ticket {
    /// The id the call has from now on.
    pub id: i64,
    committed: oneshot::Receiver<Result<(), LogError>>,
}

impl Ticket {
    /// Ends when the row would survive the death of this process, or will never be written. Giving
    /// up waiting changes nothing.
    pub async fn committed(self) -> Result<(), LogError> {
        self.committed.await.unwrap_or(Err(LogError::Closed))
    }

    /// Like [`Ticket::committed`] outside async code.
    pub fn committed_blocking(self) -> Result<(), LogError> {
        self.committed.blocking_recv().unwrap_or(Err(LogError::Closed))
    }
}

/// Hands rows to the log's own thread. Dropping it writes what waits and closes the log.
#[derive(Debug)]
pub struct LogWriter {
    jobs: SyncSender<Job>,
    next_id: AtomicI64,
    refusals: Arc<Refusals>,
    times: Arc<Times>,
    lost: Arc<AtomicU64>,
    health: watch::Receiver<LogHealth>,
    troubles: watch::Receiver<Vec<Trouble>>,
    bell: Arc<Bell>,
    place: Place,
    index_place: Place,
}

impl LogWriter {
    /// Opens the log of `home` and starts its thread. A log that is damaged is kept beside, a newer
    /// one is left alone, a disk that refuses is asked again each second; [`LogWriter::health`]
    /// and [`LogWriter::troubles`] say which. `at` is now.
    pub fn open(home: &Home, at: DateTime<Utc>) -> Result<Self, LogError> {
        let (health_told, health) = watch::channel(LogHealth::Good);
        let (troubles_told, troubles) = watch::channel(Vec::new());
        let refusals = Arc::new(Refusals::default());
        let times = Arc::new(Times::default());
        let lost = Arc::new(AtomicU64::new(0));
        let bell = Arc::new(Bell::default());
        let worker = Worker::open(
            Place::File(home.calls_file()),
            at.timestamp_millis(),
            (Arc::clone(&refusals), Arc::clone(&times)),
            Arc::clone(&lost),
            Told { health: health_told, troubles: troubles_told, bell: Arc::clone(&bell) },
        );
        let place = worker.place().clone();
        let index_place = match &place {
            Place::File(_) => Place::File(home.search_file()),
            Place::Memory(name) => Place::Memory(format!("{name}words")),
        };
        let next_id = AtomicI64::new(worker.first_id());
        let (jobs, received) = mpsc::sync_channel(WAITING_MAX);
        thread::Builder::new()
            .name("call-log".into())
            .spawn(move || worker.run(&received))
            .map_err(|error| LogError::NoThread(error.to_string()))?;
        Ok(Self { jobs, next_id, refusals, times, lost, health, troubles, bell, place, index_place })
    }

    /// Logs a call; its `id` is given here. Never waits.
    pub fn record(&self, mut record: Record) -> Ticket {
        let id = self.next_id.fetch_add(1, Ordering::Relaxed);
        record.summary.id = id;
        let (done, committed) = oneshot::channel();
        let not_taken = self.jobs.try_send(Job::Record(Box::new(record), done));
        if not_taken.is_err() {
            self.lost.fetch_add(1, Ordering::Relaxed);
        }
        if let Err(TrySendError::Full(Job::Record(_, done))) = not_taken {
            // The ticket is still in our hands.
            let _ = done.send(Err(LogError::TooMany));
        }
        Ticket { id, committed }
    }

    /// The id that the next call gets: those in the log from before are lower.
    #[must_use]
    pub fn next_id(&self) -> i64 {
        self.next_id.load(Ordering::Relaxed)
    }

    /// Notes that Retell asked once more for call `id`.
    pub fn attempt_again(&self, id: i64) {
        self.note(Job::AttemptAgain(id));
    }

    /// Notes that call `id` was answered before its row was safe.
    pub fn mark_late(&self, id: i64) {
        self.note(Job::Late(id));
    }

    /// Deletes all calls of a caller from the log. Ends with their number.
    pub fn erase_caller(&self, number: &str) -> oneshot::Receiver<Result<u64, LogError>> {
        let (done, erased) = oneshot::channel();
        if let Err(TrySendError::Full(Job::EraseCaller(_, done))) =
            self.jobs.try_send(Job::EraseCaller(number.to_owned(), done))
        {
            // The receiver is still in our hands.
            let _ = done.send(Err(LogError::Busy));
        }
        erased
    }

    /// Deletes some of the calls that arrived before a moment (in ms since 1970 UTC), the oldest first.
    pub fn erase_before(&self, at_ms: i64) {
        self.note(Job::EraseBefore(at_ms));
    }

    /// Notes what was told of a call. `None` if that could not be kept; else what is known of the
    /// call by now, if it is in the log.
    pub async fn end(&self, news: EndNews) -> Option<Option<(i64, CallEnd)>> {
        let (done, known) = oneshot::channel();
        self.jobs.try_send(Job::End(Box::new(news), done)).ok()?;
        known.await.ok()
    }

    /// Logs a refused request; those alike within a minute become one row. Never waits.
    pub fn refuse(&self, refused: Refused) {
        if self.refusals.add(refused) {
            self.note(Job::Nudge);
        }
    }

    /// Notes what took how long after the record of call `id` was made. Never waits.
    pub fn took(&self, id: i64, took: Afterwards) {
        if self.times.add(id, took) {
            self.note(Job::Nudge);
        }
    }

    /// How the log is doing, now and from now on.
    #[must_use]
    pub fn health(&self) -> watch::Receiver<LogHealth> {
        self.health.clone()
    }

    /// What was got over since the log was opened, such as damage, now and from now on.
    #[must_use]
    pub fn troubles(&self) -> watch::Receiver<Vec<Trouble>> {
        self.troubles.clone()
    }

    /// How many calls were answered and will be in no log, because too many waited.
    #[must_use]
    pub fn lost(&self) -> u64 {
        self.lost.load(Ordering::Relaxed)
    }

    /// Reads what this writes.
    #[must_use]
    pub fn reader(&self) -> LogReader {
        LogReader::at(self.place.clone())
    }

    /// What wakes those who search.
    pub(super) fn bell(&self) -> Arc<Bell> {
        Arc::clone(&self.bell)
    }

    /// Where the words of all calls are.
    pub(super) fn index_place(&self) -> Place {
        self.index_place.clone()
    }

    /// Writes what waits and closes the log; blocks for at most `within`.
    pub fn stop(&self, within: Duration) -> Result<(), LogError> {
        let deadline = Instant::now() + within;
        let (done, stopped) = mpsc::sync_channel(1);
        let mut job = Job::Stop(done);
        while let Err(error) = self.jobs.try_send(job) {
            job = match error {
                TrySendError::Full(job) if Instant::now() < deadline => job,
                _ => return Err(LogError::Closed),
            };
            thread::sleep(Duration::from_millis(5));
        }
        let left = deadline.saturating_duration_since(Instant::now());
        match stopped.recv_timeout(left) {
            Ok(0) => Ok(()),
            Ok(unwritten) => Err(LogError::Unwritten(unwritten)),
            Err(_) => Err(LogError::Closed),
        }
    }

    /// Small work that may be lost when the channel is full: the calls themselves come first.
    fn note(&self, job: Job) {
        let _ = self.jobs.try_send(job);
    }
}
