//! The thread of the log by hand: a full disk, too many rows, the pace of syncing.
#![allow(clippy::unwrap_used, clippy::expect_used)]

use super::*;
use crate::storage::call_log::record::Detail;

fn worker(folder: &tempfile::TempDir) -> (Worker, watch::Receiver<LogHealth>) {
    let (health, watched) = watch::channel(LogHealth::Good);
    let told = Told { health, troubles: watch::channel(Vec::new()).0, bell: Arc::default() };
    let place = Place::File(folder.path().join("calls.sqlite3"));
    (Worker::open(place, 0, (Arc::default(), Arc::default()), Arc::default(), told), watched)
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
