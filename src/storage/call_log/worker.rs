//! The log's own thread: gathers what waits into groups, commits them, and keeps trying while the
//! disk is sick. Owns the only connection that writes.

mod damaged;

use std::collections::VecDeque;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender};
use std::time::{Duration, Instant};

use fail::fail_point;
use tokio::sync::{oneshot, watch};

use super::WAITING_MAX;
use super::afterwards::{Afterwards, Times};
use super::database::{Database, DatabaseError, Place};
use super::ends::{self, EndNews};
use super::record::{Record, Refused};
use super::refusals::Refusals;
use super::rescue::Rescue;
use super::search::Bell;
use super::writer::{LogError, LogHealth};
use crate::routing::CallEnd;
use crate::storage::Trouble;

/// At most so many rows share one commit.
const GROUP_MAX: usize = 256;
/// A power cut may take 250 ms of what was written; what is written meanwhile needs the rest.
const BEAT_EVERY: Duration = Duration::from_millis(200);
/// How long a sick disk is left alone.
const RETRY_AFTER: Duration = Duration::from_secs(1);
/// So many groups are written before the WAL is worth emptying.
const GROUPS_PER_CHECKPOINT: u32 = 256;
/// While calls come in, it is looked this often whether the files are as they should be.
const LOOK_EVERY: Duration = Duration::from_secs(2);

/// What the thread is asked to do, in order.
#[derive(Debug)]
pub(super) enum Job {
    Record(Box<Record>, oneshot::Sender<Result<(), LogError>>),
    AttemptAgain(i64),
    Late(i64),
    /// Delete all calls of a caller; answered with their number.
    EraseCaller(String, oneshot::Sender<Result<u64, LogError>>),
    /// Delete some of the calls from before a moment.
    EraseBefore(i64),
    /// What was told of a call; answered with what is known by then, if it is in the log.
    End(Box<EndNews>, oneshot::Sender<Option<(i64, CallEnd)>>),
    /// Something waits among the [`Refusals`] or the [`Times`].
    Nudge,
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
    times: Arc<Times>,
    lost: Arc<AtomicU64>,
    told: Told,
    /// Wrong for as long as the program runs.
    standing: Option<String>,
    /// Since when something is committed that a power cut could take.
    dirty_since: Option<Instant>,
    /// Until when the disk is left alone.
    retry_at: Option<Instant>,
    groups_since_checkpoint: u32,
    looked_at: Instant,
    looks: u64,
    /// What is still being taken over from a damaged log.
    rescue: Option<Rescue>,
    /// The latest time anyone told us, for naming files.
    last_ms: i64,
}

impl Worker {
    /// Opens the log at `place`, or comes as close as the disk allows.
    pub(super) fn open(
        place: Place,
        at_ms: i64,
        (refusals, times): (Arc<Refusals>, Arc<Times>),
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
            times,
            lost,
            told,
            standing: None,
            dirty_since: None,
            retry_at: None,
            groups_since_checkpoint: 0,
            looked_at: Instant::now(),
            looks: 0,
            rescue: None,
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
            // A bug here must not end the log for good: what waits is still there.
            if catch_unwind(AssertUnwindSafe(|| self.work())).is_err() {
                self.rescue = None;
                let broke = "something in this program broke; please report it";
                let _ = self.attempt(|_| Err(DatabaseError::Disk(broke.to_owned())));
            }
        }
    }

    fn take(&mut self, job: Job) -> Option<SyncSender<usize>> {
        match job {
            Job::Stop(done) => return Some(done),
            Job::Nudge => {}
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
        // There is always more to take over, but what waits comes first.
        let rescue = self.rescue.is_some().then(Instant::now);
        // While the disk is left alone, a beat would only fail as well.
        self.retry_at.or(rescue).or(beat)
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
        if written.is_ok() && self.rescue.is_some() {
            let _ = self.attempt(Self::rescue_more);
        }
    }

    fn finish(&mut self) -> usize {
        if self.write_all().is_ok() {
            while self.rescue.is_some() && self.attempt(Self::rescue_more).is_ok() {}
            let _ = self.attempt(|worker| worker.beat(true));
        }
        self.database = None;
        self.waiting.len()
    }

    fn write_all(&mut self) -> Result<(), DatabaseError> {
        // A sick log is also tried with nothing to write, so that it is known to be well again.
        let waits = |worker: &Self| {
            !worker.waiting.is_empty() || !worker.refusals.is_empty() || !worker.times.is_empty()
        };
        while self.retry_at.is_some() || waits(self) {
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
            // Saving a large one takes its time.
            self.tell(done.as_ref().err());
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
        self.go_on_rescuing()?;
        let next_id = self.database()?.last_id()? + 1;
        // What is still taken over has ids of its own, all of them below the time.
        self.first_id = if self.rescue.is_some() { self.first_id.max(next_id) } else { next_id };
        Ok(())
    }

    fn database(&mut self) -> Result<&mut Database, DatabaseError> {
        let database = if let Some(database) = self.database.take() {
            database
        } else {
            let database = Database::open(&self.place)?;
            // Before anything is written to the new log.
            self.rescue.iter().try_for_each(|rescue| rescue.note(&database))?;
            database
        };
        Ok(self.database.insert(database))
    }

    fn write_group(&mut self) -> Result<(), DatabaseError> {
        self.database()?;
        let refused = self.refusals.take();
        let times = self.times.take();
        let outcomes = match self.commit(&refused, &times) {
            Ok(outcomes) => outcomes,
            Err(error) => {
                self.refusals.give_back(refused);
                return Err(error);
            }
        };
        self.told.bell.news();
        let mut has_erased = false;
        self.dirty_since.get_or_insert_with(Instant::now);
        self.groups_since_checkpoint += 1;
        for (job, outcome) in self.waiting.drain(..outcomes.len()).zip(outcomes) {
            // Nobody has to wait for it.
            match job {
                Job::Record(_, done) => drop(done.send(outcome.map(drop))),
                Job::EraseCaller(_, done) => {
                    self.told.bell.rub_out();
                    let _ = done.send(outcome);
                    has_erased = true;
                }
                Job::End(news, done) if outcome.is_ok() => {
                    let Some(database) = &self.database else { continue };
                    if let Ok(known) = ends::known(&database.connection, &news.call_id) {
                        let _ = done.send(known);
                    }
                }
                _ => {}
            }
        }
        if has_erased && let Some(database) = &self.database {
            // What was deleted still stands in the WAL; if readers hold that, the next time will do.
            database.checkpoint(true)?;
        }
        Ok(())
    }

    /// Commits the longest-waiting jobs, `refused` and `times` together; what became of each job.
    fn commit(
        &mut self,
        refused: &[Refused],
        times: &[(i64, Afterwards)],
    ) -> Result<Vec<Result<u64, LogError>>, DatabaseError> {
        let Some(database) = &mut self.database else { return Ok(Vec::new()) };
        fail_point!("log");
        let group = database.begin()?;
        let mut outcomes = Vec::new();
        let mut highest_id = self.highest_id;
        let mut erased = None;
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
                Job::EraseCaller(number, _) => group.erase_caller(number).map(|count| erased = Some(count)),
                Job::EraseBefore(at_ms) => group.erase_before(*at_ms),
                Job::End(news, _) => group.join(news),
                Job::Nudge | Job::Stop(_) => Ok(()),
            };
            outcomes.push(match done {
                Err(DatabaseError::Row(error)) => {
                    self.lost.fetch_add(1, Ordering::Relaxed);
                    Err(LogError::Row(error.to_string()))
                }
                other => other.map(|()| Ok(erased.take().unwrap_or_default()))?,
            });
        }
        refused.iter().try_for_each(|refused| group.refuse(refused))?;
        group.took(times)?;
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
        if last || self.looked_at.elapsed() >= LOOK_EVERY {
            self.looked_at = Instant::now();
            self.looks += 1;
            database.look(&self.place, self.looks)?;
        }
        Ok(())
    }

    fn tell(&self, error: Option<&DatabaseError>) {
        let sick = error.map(|error| {
            if let DatabaseError::Damaged(_) = error {
                return format!("Calls are answered, but wait to be logged: {error}, and what can be is being saved");
            }
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
#[path = "worker_tests.rs"]
mod tests;
