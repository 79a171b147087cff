//! The last net: a request whose signature was found right is answered within the deadline even if
//! the way to its answer breaks or hangs, and what it was answered then stays its answer.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use axum::body::Bytes;
use tokio::time::timeout;

use super::engine::{DEADLINE, Engine, Passage};
use super::receiver::{Incoming, Reply};
use super::same_call::{Answered, Settled, Slot};
use crate::storage::call_log::Record;

/// When the net catches: a little before the deadline, for answering takes a moment too.
const CAUGHT_AFTER: Duration = DEADLINE.saturating_sub(Duration::from_millis(50));

/// How far a request has come, for when it comes no further.
#[derive(Default)]
pub(super) struct Way {
    genuine: AtomicBool,
    settled: Settled,
    passage: OnceLock<Arc<Passage>>,
    slot: OnceLock<Arc<Slot>>,
    record: OnceLock<i64>,
}

impl Way {
    /// The signature is right: from now on there is an answer.
    pub(super) fn found_genuine(&self) {
        self.genuine.store(true, Ordering::Release);
    }

    /// The request was read.
    pub(super) fn reads(&self, passage: &Arc<Passage>) {
        let _ = self.passage.set(passage.clone());
    }

    /// The request is the first of its call.
    pub(super) fn enters(&self, slot: &Arc<Slot>) {
        let _ = self.slot.set(slot.clone());
    }

    /// The call is on its way to the log.
    pub(super) fn recorded_as(&self, id: i64) {
        let _ = self.record.set(id);
    }

    /// What the request's call is answered, if it is a new one.
    pub(super) fn settled(&self) -> Settled {
        self.settled.clone()
    }

    /// The call's record, once it has one.
    pub(super) fn record(&self) -> Option<i64> {
        self.record.get().copied()
    }
}

/// Answers a request, whatever happens on its way.
pub(super) async fn over(engine: Arc<Engine>, incoming: Incoming) -> Reply {
    let way = Arc::new(Way::default());
    let door = incoming.door;
    let work = tokio::spawn(engine.clone().handle(incoming, way.clone()));
    if let Ok(Ok(reply)) = timeout(CAUGHT_AFTER, work).await {
        return reply;
    }
    if !way.genuine.load(Ordering::Acquire) {
        return Reply { status: 500, body: Bytes::new(), delivered: None };
    }
    let passage = way.passage.get();
    let body = engine.last_resort(passage.map(AsRef::as_ref), door);
    let body = way.settled.get_or_init(|| body).clone();
    // One that hangs while it is read is recorded when it gets on.
    if let Some(passage) = passage {
        record(&engine, &way, passage, &body);
    }
    let Some(slot) = way.slot.get().cloned() else { return Reply::ok(body) };
    slot.answer(Answered { body: body.clone(), record: way.record() });
    Reply { status: 200, body, delivered: Some(Box::new(move || slot.delivered())) }
}

/// Sees to it that the call has a record.
fn record(engine: &Engine, way: &Way, passage: &Passage, body: &Bytes) {
    let record = || {
        if way.record().is_none() {
            way.recorded_as(engine.record_caught(record_of(engine, passage, body)));
        }
    };
    // The answer goes out in any case.
    let _ = catch_unwind(AssertUnwindSafe(record));
}

/// The record of a call that was answered by the net, as full as it can be had.
pub(super) fn record_of(engine: &Engine, passage: &Passage, body: &Bytes) -> Record {
    let whole = || passage.record(engine.broken(Some(passage), passage.door));
    let mut record = catch_unwind(AssertUnwindSafe(whole)).unwrap_or_else(|_panic| passage.bare_record());
    record.detail.answer = String::from_utf8_lossy(body).into_owned();
    record
}
