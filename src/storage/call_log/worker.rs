//! The log's own thread: gathers what waits into groups, commits them, and keeps trying while the
//! disk is sick. Owns the only connection that writes.

use std::collections::VecDeque;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender};
use std::time::{Duration, Instant};
use std::{fs, io};

use chrono::DateTime;
use sha2::{Digest, Sha256};
use tokio::sync::{oneshot, watch};

use super::WAITING_MAX;
use super::database::{Database, DatabaseError, Place};
use super::record::{Record, Refused};
use super::refusals::Refusals;
use super::search::Bell;
use super::writer::{LogError, LogHealth};
use crate::storage::{Trouble, atomic};

/// At most so many rows share one commit.
const GROUP_MAX: usize = 256;
/// What a power cut may take at most.
const BEAT_EVERY: Duration = Duration::from_millis(250);
/// How long a sick disk is left alone.
const RETRY_AFTER: Duration = Duration::from_secs(1);
/// So many groups are written before the WAL is worth emptying.
const GROUPS_PER_CHECKPOINT: u32 = 256;

/// What the thread is asked to do, in order.
#[derive(Debug)]
pub(super) enum Job {
    Record(Box<Record>, oneshot::Sender<Result<(), LogError>>),
    AttemptAgain(i64),
    Late(i64),
    /// Something waits among the [`Refusals`].
    Refusals,
    /// Write everything and end; answered with the number of jobs that could not be written.
    Stop(SyncSender<usize>),
}

/// Where the thread tells how it is doing.
#[derive(Debug)]
pub(super) struct Told {
    pub(super) health: watch::Sender<LogHealth>,
    pub(super) troubles: watch::Sender<Vec<Trouble>>,
    /// Wakes those who search.
    pub(super) bell: Arc<Bell>,
}

#[derive(Debug)]
pub(super) struct Worker {
    place: Place,
    first_id: i64,
    /// The highest id that was written.
    highest_id: i64,
    database: Option<Database>,
    waiting: VecDeque<Job>,
    refusals: Arc<Refusals>,
    lost: Arc<AtomicU64>,
    told: Told,
    /// Wrong for as long as the program runs.
    standing: Option<String>,
    /// Since when something is committed that a power cut could take.
    dirty_since: Option<Instant>,
    /// Until when the disk is left alone.
    retry_at: Option<Instant>,
    groups_since_checkpoint: u32,
    /// The latest time anyone told us, for naming files.
    last_ms: i64,
}

impl Worker {
    /// Opens the log at `place`, or comes as close as the disk allows.
    pub(super) fn open(
        place: Place,
        at_ms: i64,
        refusals: Arc<Refusals>,
        lost: Arc<AtomicU64>,
        told: Told,
    ) -> Self {
        let mut worker = Self {
            place,
            // Above any id in a log that cannot be opened yet.
            first_id: at_ms,
            highest_id: 0,
            database: None,
            waiting: VecDeque::new(),
            refusals,
            lost,
            told,
            standing: None,
            dirty_since: None,
            retry_at: None,
            groups_since_checkpoint: 0,
            last_ms: at_ms,
        };
        if let Err(DatabaseError::Newer(_)) = worker.attempt(Worker::start) {
            worker.stay_in_memory();
            let _ = worker.attempt(Worker::start);
        }
        worker
    }

    pub(super) fn place(&self) -> &Place {
        &self.place
    }

    /// The id for the first call of this run.
    pub(super) fn first_id(&self) -> i64 {
        self.first_id
    }

    /// Works until told to stop, or until nobody is left to ask for anything.
    pub(super) fn run(mut self, jobs: &Receiver<Job>) {
        loop {
            let job = match self.next_due() {
                None => jobs.recv().map_err(|_| RecvTimeoutError::Disconnected),
                Some(due) => jobs.recv_timeout(due.saturating_duration_since(Instant::now())),
            };
            let mut stop = None;
            match job {
                Ok(job) => stop = self.take(job),
                Err(RecvTimeoutError::Timeout) => {}
                Err(RecvTimeoutError::Disconnected) => {
                    self.finish();
                    return;
                }
            }
            for job in jobs.try_iter().take(GROUP_MAX - 1) {
                stop = self.take(job).or(stop);
            }
            if let Some(stop) = stop {
                // Whoever asked may have stopped waiting for the answer.
                let _ = stop.try_send(self.finish());
                return;
            }
            self.work();
        }
    }

    fn take(&mut self, job: Job) -> Option<SyncSender<usize>> {
        match job {
            Job::Stop(done) => return Some(done),
            Job::Refusals => {}
            job => {
                if let Job::Record(record, _) = &job {
                    self.last_ms = self.last_ms.max(record.summary.at_ms);
                }
                self.waiting.push_back(job);
            }
        }
        if self.waiting.len() > WAITING_MAX
            && let Some(Job::Record(_, done)) = self.waiting.pop_front()
        {
            self.lost.fetch_add(1, Ordering::Relaxed);
            let _ = done.send(Err(LogError::TooMany));
        }
        None
    }

    fn next_due(&self) -> Option<Instant> {
        let beat = self.dirty_since.map(|since| since + BEAT_EVERY);
        // While the disk is left alone, a beat would only fail as well.
        self.retry_at.or(beat)
    }

    /// One turn: whatever is due.
    fn work(&mut self) {
        if self.retry_at.is_some_and(|at| Instant::now() < at) {
            return;
        }
        let written = self.write_all();
        if written.is_ok() && self.dirty_since.is_some_and(|since| since.elapsed() >= BEAT_EVERY) {
            let _ = self.attempt(|worker| worker.beat(false));
        }
    }

    fn finish(&mut self) -> usize {
        if self.write_all().is_ok() {
            let _ = self.attempt(|worker| worker.beat(true));
        }
        self.database = None;
        self.waiting.len()
    }

    fn write_all(&mut self) -> Result<(), DatabaseError> {
        // A sick log is also tried with nothing to write, so that it is known to be well again.
        while self.retry_at.is_some() || !self.waiting.is_empty() || !self.refusals.is_empty() {
            self.attempt(Self::write_group)?;
        }
        Ok(())
    }

    /// Does `work`; a damaged log is put aside and the work done again with a fresh one. Tells how
    /// it went.
    fn attempt(
        &mut self,
        mut work: impl FnMut(&mut Self) -> Result<(), DatabaseError>,
    ) -> Result<(), DatabaseError> {
        let mut done = work(self);
        if let Err(DatabaseError::Damaged(reason)) = &done {
            let reason = reason.clone();
            done = self.put_aside(&reason).and_then(|()| work(self));
        }
        match &done {
            Ok(()) => self.retry_at = None,
            Err(error) => {
                self.retry_at = Some(Instant::now() + RETRY_AFTER);
                if let (DatabaseError::Disk(_), Place::File(_)) = (error, &self.place) {
                    self.database = None;
                }
            }
        }
        self.tell(done.as_ref().err());
        done
    }

    fn start(&mut self) -> Result<(), DatabaseError> {
        let last_id = self.database()?.last_id()?;
        self.first_id = last_id + 1;
        Ok(())
    }

    fn database(&mut self) -> Result<&mut Database, DatabaseError> {
        let database = match self.database.take() {
            Some(database) => database,
            None => Database::open(&self.place)?,
        };
        Ok(self.database.insert(database))
    }

    fn write_group(&mut self) -> Result<(), DatabaseError> {
        self.database()?;
        let refused = self.refusals.take();
        let outcomes = match self.commit(&refused) {
            Ok(outcomes) => outcomes,
            Err(error) => {
                self.refusals.give_back(refused);
                return Err(error);
            }
        };
        self.told.bell.news();
        self.dirty_since.get_or_insert_with(Instant::now);
        self.groups_since_checkpoint += 1;
        for (job, outcome) in self.waiting.drain(..outcomes.len()).zip(outcomes) {
            if let Job::Record(_, done) = job {
                // Nobody has to wait for it.
                let _ = done.send(outcome);
            }
        }
        Ok(())
    }

    /// Commits the longest-waiting jobs and `refused` together; what became of each job.
    fn commit(&mut self, refused: &[Refused]) -> Result<Vec<Result<(), LogError>>, DatabaseError> {
        let Some(database) = &mut self.database else { return Ok(Vec::new()) };
        let group = database.begin()?;
        let mut outcomes = Vec::new();
        let mut highest_id = self.highest_id;
        for job in self.waiting.iter().take(GROUP_MAX) {
            let done = match job {
                Job::Record(record, _) => {
                    let id = record.summary.id;
                    let is_late = id < highest_id;
                    highest_id = highest_id.max(id);
                    group.insert(record).and_then(|()| if is_late { group.changed(id) } else { Ok(()) })
                }
                Job::AttemptAgain(id) => group.attempt_again(*id),
                Job::Late(id) => group.mark_late(*id),
                Job::Refusals | Job::Stop(_) => Ok(()),
            };
            outcomes.push(match done {
                Err(DatabaseError::Row(error)) => {
                    self.lost.fetch_add(1, Ordering::Relaxed);
                    Err(LogError::Row(error.to_string()))
                }
                other => other.map(Ok)?,
            });
        }
        refused.iter().try_for_each(|refused| group.refuse(refused))?;
        group.commit()?;
        self.highest_id = highest_id;
        Ok(outcomes)
    }

    fn beat(&mut self, last: bool) -> Result<(), DatabaseError> {
        let Some(database) = &self.database else { return Ok(()) };
        database.beat()?;
        self.dirty_since = None;
        if last || self.groups_since_checkpoint >= GROUPS_PER_CHECKPOINT {
            database.checkpoint(last)?;
            self.groups_since_checkpoint = 0;
        }
        Ok(())
    }

    /// Keeps a damaged log beside, so that a fresh one begins.
    fn put_aside(&mut self, reason: &str) -> Result<(), DatabaseError> {
        self.database = None;
        let Place::File(path) = &self.place else { return Ok(()) };
        let at = DateTime::from_timestamp_millis(self.last_ms).unwrap_or_default();
        let kept = atomic::name_aside(path, "corrupt", at);
        // The log itself last: a fresh one beside a leftover WAL would be damaged again.
        for tail in ["-wal", "-shm", ""] {
            let with_tail = |path: &std::path::Path| {
                let mut name = path.as_os_str().to_owned();
                name.push(tail);
                name
            };
            match fs::rename(with_tail(path), with_tail(&kept)) {
                Err(error) if error.kind() != io::ErrorKind::NotFound => {
                    return Err(DatabaseError::Disk(error.to_string()));
                }
                _ => {}
            }
        }
        let message = format!(
            "The call log was damaged ({reason}); a new one was begun, and the damaged one is kept: {}",
            kept.display()
        );
        self.told.troubles.send_modify(|troubles| troubles.push(Trouble::kept_at(message, kept)));
        Ok(())
    }

    /// For a log that a newer program wrote.
    fn stay_in_memory(&mut self) {
        let Place::File(path) = &self.place else { return };
        self.standing = Some(format!(
            "The call log was written by a newer Switchboard and is left untouched, so calls are only logged until the program ends; install the newer program: {}",
            path.display()
        ));
        self.place = Place::Memory(hex::encode(Sha256::digest(path.as_os_str().as_encoded_bytes())));
        self.retry_at = None;
    }

    fn tell(&self, error: Option<&DatabaseError>) {
        let sick = error.map(|error| {
            let place = match &self.place {
                Place::File(path) => path.display().to_string(),
                Place::Memory(_) => "memory".to_owned(),
            };
            format!(
                "Calls are answered, but wait to be logged ({error}); make room or allow writing there, and logging goes on by itself: {place}"
            )
        });
        let health = sick.or_else(|| self.standing.clone()).map_or(LogHealth::Good, LogHealth::Trouble);
        self.told.health.send_if_modified(|told| {
            let changed = *told != health;
            *told = health;
            changed
        });
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used)]

    use super::*;
    use crate::storage::call_log::record::Detail;

    fn worker(folder: &tempfile::TempDir) -> (Worker, watch::Receiver<LogHealth>) {
        let (health, watched) = watch::channel(LogHealth::Good);
        let told = Told { health, troubles: watch::channel(Vec::new()).0, bell: Arc::default() };
        let place = Place::File(folder.path().join("calls.sqlite3"));
        (Worker::open(place, 0, Arc::default(), Arc::default(), told), watched)
    }

    fn give(worker: &mut Worker, id: i64) -> oneshot::Receiver<Result<(), LogError>> {
        let (done, committed) = oneshot::channel();
        let mut record = Record { detail: Detail::default(), ..Record::default() };
        record.summary.id = id;
        record.detail.request = "x".repeat(20_000);
        worker.take(Job::Record(Box::new(record), done));
        committed
    }

    fn limit_pages(worker: &Worker, pages: u32) {
        let database = worker.database.as_ref().unwrap();
        database.connection.pragma_update_and_check(None, "max_page_count", pages, |_| Ok(())).unwrap();
    }

    #[test]
    fn rows_wait_out_a_full_disk() {
        let folder = tempfile::tempdir().unwrap();
        let (mut worker, health) = worker(&folder);
        limit_pages(&worker, 40);
        let tickets: Vec<_> = (1..=30).map(|id| give(&mut worker, id)).collect();
        worker.work();
        assert!(matches!(&*health.borrow(), LogHealth::Trouble(told) if told.contains("full")));
        assert_eq!(worker.waiting.len(), 30);
        worker.work();
        assert!(worker.retry_at.is_some(), "the disk is left alone for a while");

        limit_pages(&worker, 10_000);
        worker.retry_at = Some(Instant::now());
        worker.work();
        assert_eq!(*health.borrow(), LogHealth::Good);
        for ticket in tickets {
            assert_eq!(ticket.blocking_recv().unwrap(), Ok(()));
        }
    }

    #[test]
    fn when_too_many_wait_the_oldest_go_and_are_counted() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::create_dir(folder.path().join("calls.sqlite3")).unwrap();
        let (mut worker, _health) = worker(&folder);
        let first = give(&mut worker, 1);
        for _ in 0..WAITING_MAX {
            worker.take(Job::AttemptAgain(1));
        }
        assert_eq!(first.blocking_recv().unwrap(), Err(LogError::TooMany));
        assert_eq!((worker.waiting.len(), worker.lost.load(Ordering::Relaxed)), (WAITING_MAX, 1));
    }

    #[test]
    fn what_a_power_cut_could_take_is_synced_by_the_next_beat() {
        let folder = tempfile::tempdir().unwrap();
        let (mut worker, _health) = worker(&folder);
        drop(give(&mut worker, 1));
        worker.work();
        let since = worker.dirty_since.expect("something to sync");
        assert!(worker.next_due().unwrap() <= since + BEAT_EVERY);
        worker.dirty_since = since.checked_sub(BEAT_EVERY);
        worker.work();
        assert_eq!((worker.dirty_since, worker.next_due()), (None, None), "then it rests");
    }
}
