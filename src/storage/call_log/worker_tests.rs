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

#[test]
fn taking_calls_over_from_a_damaged_log_goes_on_after_the_next_start_but_for_those_erased_since() {
    let folder = tempfile::tempdir().unwrap();
    let (path, kept) = (folder.path().join("calls.sqlite3"), folder.path().join("calls.sqlite3.corrupt-1"));
    let (mut before, _health) = worker(&folder);
    for id in 1..=70 {
        let mut record = Record::default();
        (record.summary.id, record.summary.from) = (id, Some(format!("+121255501{id:02}")));
        before.take(Job::Record(Box::new(record), oneshot::channel().0));
    }
    assert_eq!(before.finish(), 0);
    std::fs::rename(&path, &kept).unwrap();

    let (mut stopped, _health) = worker(&folder);
    Rescue::of(&kept).unwrap().note(stopped.database.as_ref().unwrap()).unwrap();
    stopped.take(Job::EraseCaller("+12125550107".to_owned(), oneshot::channel().0));
    stopped.write_all().unwrap();
    drop(stopped);

    let (mut next, _health) = worker(&folder);
    // Who was erased may call again.
    let mut record = Record::default();
    (record.summary.id, record.summary.from) = (1000, Some("+12125550107".to_owned()));
    next.take(Job::Record(Box::new(record), oneshot::channel().0));
    while next.rescue.is_some() {
        next.work();
    }
    let count = |what: &str| {
        let connection = &next.database.as_ref().unwrap().connection;
        connection.query_row(&format!("SELECT count(*) FROM {what}"), [], |row| row.get::<_, i64>(0)).unwrap()
    };
    assert_eq!(count("calls"), 70);
    assert_eq!(count("calls WHERE caller = '+12125550107'"), 1, "the one that came since");
    assert_eq!((count("rescue"), count("erased")), (0, 0));
    assert!(next.told.troubles.borrow().iter().any(|trouble| trouble.message.contains("taken over")));
}

#[test]
fn a_damaged_log_that_is_gone_is_told_and_nothing_of_those_erased_stays() {
    let folder = tempfile::tempdir().unwrap();
    let (mut stopped, _health) = worker(&folder);
    let connection = &stopped.database.as_ref().unwrap().connection;
    connection.execute("INSERT INTO rescue VALUES ('calls.sqlite3.corrupt-gone')", []).unwrap();
    stopped.take(Job::EraseCaller("+12125550107".to_owned(), oneshot::channel().0));
    stopped.write_all().unwrap();
    drop(stopped);
    let (next, _health) = worker(&folder);
    assert!(next.rescue.is_none());
    let left = "SELECT (SELECT count(*) FROM rescue) + (SELECT count(*) FROM erased)";
    let left = next.database.as_ref().unwrap().connection.query_row(left, [], |row| row.get::<_, i64>(0));
    assert_eq!(left, Ok(0));
    assert!(next.told.troubles.borrow()[0].message.contains("its file is gone"));
}
