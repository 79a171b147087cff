//! Runs backtests beside everything else: a newer one breaks off the one before.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use tokio::runtime::Handle;

use super::{Given, NoBacktest, backtest};
use crate::routing::Table;
use crate::service::control::BROKEN;
use crate::service::feed::Feed;
use crate::service::messages::{BacktestState, Backtested, Event};

/// The progress is told each time so many more calls are done.
const STEP: usize = 1_000;
/// How long nothing newer must be wanted before it begins: somebody may be typing.
const SETTLE: Duration = Duration::from_millis(200);

/// Starts backtests. Each is answered by [`Event::Backtest`], unless a newer one is asked for before.
#[derive(Default)]
pub struct Backtesting {
    /// Goes up with each, and at the end.
    edition: Arc<AtomicU64>,
    /// What was asked last.
    asked: Option<(Arc<Table>, String)>,
}

impl Backtesting {
    /// Decides the calls of the log again. Where no rule is asked about, the one that was asked about
    /// last in the same draft is counted for, so that nobody who waits for that waits in vain.
    pub(in crate::service) fn start(&mut self, mut given: Given, version: u32, runtime: &Handle, feed: Feed) {
        let same = self.asked.take().filter(|(draft, _)| Arc::ptr_eq(draft, &given.draft));
        given.rule = given.rule.take().or(same.map(|(_, rule)| rule));
        self.asked = given.rule.clone().map(|rule| (given.draft.clone(), rule));
        let edition = self.edition.fetch_add(1, Ordering::Relaxed) + 1;
        let newest = self.edition.clone();
        runtime.spawn(async move {
            tokio::time::sleep(SETTLE).await;
            let is_wanted = move || newest.load(Ordering::Relaxed) == edition;
            if is_wanted() {
                tokio::task::spawn_blocking(move || run(&given, version, &is_wanted, &feed));
            }
        });
    }
}

impl Drop for Backtesting {
    fn drop(&mut self) {
        self.edition.fetch_add(1, Ordering::Relaxed);
    }
}

fn run(given: &Given, version: u32, is_wanted: &dyn Fn() -> bool, feed: &Feed) {
    let tell = |state| {
        let (draft, rule) = (given.draft.clone(), given.rule.clone());
        feed.send(Event::Backtest(Backtested { draft, version, rule, reach: given.reach, state }));
    };
    let progress = |done: usize, total| {
        if done > 0 && done.is_multiple_of(STEP) {
            tell(BacktestState::Running { done, total });
        }
        is_wanted()
    };
    let state = match catch_unwind(AssertUnwindSafe(|| backtest(given, progress))) {
        Ok(Ok(found)) => BacktestState::Done(Arc::new(found)),
        Ok(Err(NoBacktest::Cancelled)) => return,
        Ok(Err(why)) => BacktestState::Failed(why.to_string()),
        Err(_panic) => BacktestState::Failed(BROKEN.to_owned()),
    };
    if is_wanted() {
        tell(state);
    }
}
