//! The thread that searches: answers the newest question, then keeps the index up to date and tells
//! what of the newest calls fits the question that was answered last.

use std::fmt;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use rusqlite::{ErrorCode, InterruptHandle};

use super::filter::Filter;
use super::index::{CHUNK, Done, Index, IndexError, matching};
use super::order::Order;
use crate::storage::call_log::database::Place;
use crate::storage::call_log::{LogReader, LogWriter, Summary};

/// So many rows are told along with what was found; others are read when they are looked at.
const ROWS: usize = 100;
/// After calls were written so long is waited for more, as a busy log has many a second.
const GATHER: Duration = Duration::from_millis(100);
/// Between two parts of a large log, so that reading it never takes more than half of a processor.
const REST: Duration = Duration::from_millis(25);
/// While a large log is read for the first time, what was asked is answered again as often.
const ANSWER_AGAIN: Duration = Duration::from_secs(2);
/// When an index that does not work is tried again.
const TRY_AGAIN: Duration = Duration::from_secs(5);

/// What was found.
#[derive(Clone, Debug, PartialEq)]
pub struct Found {
    /// The number of the question, as it was asked.
    pub question: u64,
    /// The calls, or why there are none.
    pub matches: Result<Matches, String>,
}

/// Calls that fit a question.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Matches {
    /// Their ids, in the order that was asked for.
    pub ids: Arc<[i64]>,
    /// That order.
    pub order: Order,
    /// More fit, but only the newest [`Order::MOST`] were put in order.
    pub is_cut: bool,
    /// The first of them, as lists show them.
    pub rows: Vec<Summary>,
    /// These came since the question was answered, and belong in front of the others.
    pub are_newer: bool,
    /// How much of the log was looked through, in percent; less than 100 while older calls are still
    /// being prepared.
    pub looked_through: u8,
}

/// Asks and is told. Dropping it ends the thread.
#[derive(Debug)]
pub struct Search {
    bell: Arc<Bell>,
    thread: Option<JoinHandle<()>>,
}

/// What the searching thread is woken by.
#[derive(Debug, Default)]
pub(in crate::storage::call_log) struct Bell {
    waiting: Mutex<Waiting>,
    rung: Condvar,
}

#[derive(Default)]
struct Waiting {
    asked: Option<(u64, Filter)>,
    /// Calls were written since the thread looked last.
    news: bool,
    /// Calls were deleted, and nothing of them may be left.
    rub_out: bool,
    over: bool,
    /// Ends what is being looked for, for something else is wanted.
    interrupt: Option<InterruptHandle>,
}

impl fmt::Debug for Waiting {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Waiting").field("asked", &self.asked).finish_non_exhaustive()
    }
}

impl Bell {
    /// Calls were written. Never waits for the searching thread.
    pub(in crate::storage::call_log) fn news(&self) {
        self.waiting().news = true;
        self.rung.notify_one();
    }

    /// Calls were deleted, and nothing of them may be left.
    pub(in crate::storage::call_log) fn rub_out(&self) {
        let mut waiting = self.waiting();
        (waiting.news, waiting.rub_out) = (true, true);
        self.rung.notify_one();
    }

    fn waiting(&self) -> MutexGuard<'_, Waiting> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Search {
    /// Starts searching what `log` writes. `tell` is called on the searching thread.
    pub fn start(log: &LogWriter, tell: impl Fn(Found) + Send + 'static) -> std::io::Result<Self> {
        let bell = log.bell();
        let mut searcher = Searcher {
            bell: Arc::clone(&bell),
            log: log.reader(),
            place: log.index_place(),
            index: None,
            retry_at: None,
            trouble: None,
            standing: None,
            told: None,
            answered_at: Instant::now(),
            is_outdated: false,
            has_more: true,
            tell: Box::new(tell),
        };
        let thread = thread::Builder::new().name("call-search".into()).spawn(move || searcher.run())?;
        Ok(Self { bell, thread: Some(thread) })
    }

    /// Asks; what was asked before and is not answered yet never is. `question` is any number that
    /// tells it from others.
    pub fn ask(&self, question: u64, filter: Filter) {
        let mut waiting = self.bell.waiting();
        waiting.asked = Some((question, filter));
        if let Some(running) = &waiting.interrupt {
            running.interrupt();
        }
        self.bell.rung.notify_one();
    }
}

impl Drop for Search {
    fn drop(&mut self) {
        let mut waiting = self.bell.waiting();
        waiting.over = true;
        if let Some(running) = &waiting.interrupt {
            running.interrupt();
        }
        drop(waiting);
        self.bell.rung.notify_one();
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

/// What the thread does next.
enum Turn {
    Answer(u64, Box<Filter>),
    KeepUp { rub_out: bool },
    End,
}

struct Searcher {
    bell: Arc<Bell>,
    log: LogReader,
    place: Place,
    index: Option<Index>,
    /// Until when an index that does not work is left alone.
    retry_at: Option<Instant>,
    /// Why it does not work.
    trouble: Option<String>,
    /// What was asked last.
    standing: Option<(u64, Filter)>,
    /// The highest id that was looked at for it.
    told: Option<i64>,
    /// When that was answered, in whole.
    answered_at: Instant,
    /// Calls came since that belong somewhere among the others.
    is_outdated: bool,
    /// There is more to take in.
    has_more: bool,
    tell: Box<dyn Fn(Found) + Send>,
}

impl Searcher {
    fn run(&mut self) {
        loop {
            let turn = self.wait();
            let work = || match turn {
                Turn::End => false,
                Turn::Answer(question, filter) => {
                    self.standing = Some((question, *filter));
                    // What was just written is found too; a large log that was never searched before can wait.
                    if self.index.is_none() || !self.has_more {
                        self.take_in();
                    }
                    self.answer();
                    true
                }
                Turn::KeepUp { rub_out } => {
                    self.keep_up(rub_out);
                    true
                }
            };
            // Whatever breaks here, calls are answered and logged, and the next question may fare better.
            match catch_unwind(AssertUnwindSafe(work)) {
                Ok(true) => {}
                Ok(false) => return,
                Err(_panic) => {
                    tracing::error!("searching the call log broke");
                    self.index = None;
                    self.retry_at = Some(Instant::now() + TRY_AGAIN);
                }
            }
        }
    }

    /// Waits for something to do.
    fn wait(&self) -> Turn {
        let begun = Instant::now();
        let mut waiting = self.bell.waiting();
        waiting.interrupt = None;
        loop {
            if waiting.over {
                return Turn::End;
            }
            if let Some((question, filter)) = waiting.asked.take() {
                waiting.interrupt = self.index.as_ref().map(|index| index.connection.get_interrupt_handle());
                return Turn::Answer(question, Box::new(filter));
            }
            let has_news = waiting.news.then(|| begun + GATHER);
            let has_more = self.has_more.then(|| begun + REST);
            let outdated = self.is_outdated.then(|| self.answered_at + ANSWER_AGAIN);
            let due = [has_news, has_more, outdated, self.retry_at].into_iter().flatten().min();
            let now = Instant::now();
            if due.is_some_and(|due| due <= now) {
                waiting.news = false;
                return Turn::KeepUp { rub_out: std::mem::take(&mut waiting.rub_out) };
            }
            let rung = &self.bell.rung;
            waiting = match due {
                None => rung.wait(waiting).unwrap_or_else(PoisonError::into_inner),
                Some(due) => rung.wait_timeout(waiting, due - now).unwrap_or_else(PoisonError::into_inner).0,
            };
        }
    }

    fn keep_up(&mut self, rub_out: bool) {
        let was_whole = self.looked_through() == 100;
        let done = self.take_in();
        if rub_out && let Some(Err(error)) = self.index.as_ref().map(Index::rub_out) {
            tracing::warn!("what was erased could not be rubbed out of the index: {error}");
        }
        let is_sorted = self.standing.as_ref().is_some_and(|(_, filter)| filter.order != Order::Newest);
        let has_newer = done.newer || self.index.is_none();
        // They belong among the others, which is worked out anew every other second at most.
        self.is_outdated |= is_sorted && has_newer;
        let has_rested = self.answered_at.elapsed() >= ANSWER_AGAIN;
        let is_due = !was_whole && (!self.has_more || has_rested);
        if done.changed || is_due || self.is_outdated && has_rested {
            self.answer();
        } else if !is_sorted && has_newer {
            self.tell_newer();
        }
    }

    /// Takes in a part of what is new; where the index does not work, that is tried again later.
    fn take_in(&mut self) -> Done {
        if self.retry_at.is_some_and(|at| Instant::now() < at) {
            return Done::default();
        }
        let taken = self.index().and_then(|mut index| match index.take_in(&self.log) {
            Ok(done) => Ok((index, done)),
            // It is as good as before.
            Err(error) if was_interrupted(&error) => Ok((index, Done { more: true, ..Done::default() })),
            Err(error) => Err(error),
        });
        match taken {
            Ok((index, done)) => {
                self.index = Some(index);
                (self.retry_at, self.trouble) = (None, None);
                self.has_more = done.more;
                done
            }
            Err(error) => {
                tracing::warn!("the index of the call log does not work: {error}");
                self.retry_at = Some(Instant::now() + TRY_AGAIN);
                self.trouble = Some(error.to_string());
                self.has_more = false;
                Done::default()
            }
        }
    }

    /// The index of the log that is written to now.
    fn index(&mut self) -> Result<Index, IndexError> {
        let identity = self.log.identity()?;
        match self.index.take().filter(|index| index.is_of(&identity)) {
            Some(index) => Ok(index),
            None => Index::open(&self.place, &self.log),
        }
    }

    /// How much of the log can be searched, in percent.
    fn looked_through(&self) -> u8 {
        let Some(index) = &self.index else { return 0 };
        let Ok((first, last)) = self.log.first_and_last_id() else { return 0 };
        let oldest = index.reaches_back_to();
        // What came a moment ago is not worth a word.
        if oldest.is_none() && last - index.newest() <= CHUNK as i64 {
            return 100;
        }
        let found = index.newest() - oldest.unwrap_or(first) + 1;
        let share = found as f64 / (last - first + 1).max(1) as f64;
        (share * 100.0).clamp(0.0, 99.0) as u8
    }

    /// Answers what was asked last.
    fn answer(&mut self) {
        let Some((question, filter)) = self.standing.clone() else { return };
        // Also where there is no answer: what comes next asks for one again, and nothing else does.
        self.is_outdated = false;
        match matching(self.index.as_ref(), &self.log, &filter, 0) {
            // Something else was asked meanwhile.
            Err(error) if was_interrupted(&error) => {}
            Err(error) => self.say(question, Err(error.to_string())),
            Ok(None) => {
                let why = self.trouble.clone().unwrap_or_default();
                self.say(
                    question,
                    Err(format!("Calls cannot be searched just now ({why}); it is tried again")),
                );
            }
            Ok(Some(ids)) => {
                self.told = Some(ids.first().copied().unwrap_or_default());
                self.answered_at = Instant::now();
                let matches = self.in_order(ids, filter.order);
                self.say_found(question, matches, &filter);
            }
        }
    }

    /// Tells what came since.
    fn tell_newer(&mut self) {
        let (Some((question, filter)), Some(after)) = (self.standing.clone(), self.told) else { return };
        let Ok(Some(ids)) = matching(self.index.as_ref(), &self.log, &filter, after) else { return };
        if let Some(newest) = ids.first() {
            self.told = Some(*newest);
            let matches = Matches { are_newer: true, ..self.in_order(ids, Order::Newest) };
            self.say_found(question, matches, &filter);
        }
    }

    /// Calls, of which the newest come first, in another order, with the first rows.
    fn in_order(&self, mut ids: Vec<i64>, order: Order) -> Matches {
        if order.is_by_time() {
            if order == Order::Oldest {
                ids.reverse();
            }
            let rows = self.log.rows(&ids[..ids.len().min(ROWS)]).unwrap_or_default();
            return Matches { ids: ids.into(), rows, order, ..Matches::default() };
        }
        let is_cut = ids.len() > Order::MOST;
        ids.truncate(Order::MOST);
        let mut rows = self.log.rows(&ids).unwrap_or_default();
        order.sort(&mut rows);
        let ids = rows.iter().map(|call| call.id).collect();
        rows.truncate(ROWS);
        Matches { ids, order, is_cut, rows, ..Matches::default() }
    }

    fn say_found(&self, question: u64, matches: Matches, filter: &Filter) {
        let looked_through = if filter.expression().is_some() { self.looked_through() } else { 100 };
        self.say(question, Ok(Matches { looked_through, ..matches }));
    }

    fn say(&self, question: u64, matches: Result<Matches, String>) {
        (self.tell)(Found { question, matches });
    }
}

fn was_interrupted(error: &IndexError) -> bool {
    let IndexError::File(error) = error else { return false };
    error.sqlite_error_code() == Some(ErrorCode::OperationInterrupted)
}
