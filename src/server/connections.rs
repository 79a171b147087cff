//! The open connections, and which of them goes first when there are too many.
//!
//! Turning away the newest would be an outage: idle sockets could fill all seats, and the
//! genuine call would stand outside. So the oldest one that has said too little goes.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::Notify;
use tokio::task::AbortHandle;
use tokio::time::timeout;

use super::limits::Limits;

/// How far a connection has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Stage {
    /// Its header has not arrived in full.
    Header,
    /// Its body has not arrived in full.
    Body,
    /// It is being answered, and is never dropped for another.
    Answering,
}

/// All open connections.
pub(super) struct Connections {
    open: Mutex<Open>,
    left: Notify,
    max: usize,
}

#[derive(Default)]
struct Open {
    /// By age: the lower the number, the older.
    seats: BTreeMap<u64, Entry>,
    next: u64,
}

struct Entry {
    stage: Stage,
    /// Ends the connection; there from just after the seat was taken. Never called while the
    /// table is locked: what it drops gives up its own seat.
    task: Option<AbortHandle>,
}

impl Connections {
    pub(super) fn new(max: usize) -> Arc<Self> {
        Arc::new(Self { open: Mutex::default(), left: Notify::new(), max })
    }

    /// Waits until another connection can be taken: a seat is free, or somebody can be dropped
    /// for it. Until then the newest waits with the system and is not refused.
    pub(super) async fn room(&self) {
        while !self.has_room() {
            self.left.notified().await;
        }
    }

    /// Seats a connection and runs it as a task of its own.
    pub(super) fn seat<F>(self: &Arc<Self>, peer: SocketAddr, serve: impl FnOnce(Arc<Seat>) -> F)
    where
        F: Future<Output = ()> + Send + 'static,
    {
        let (id, dropped) = self.lock().take_seat(self.max);
        if let Some(task) = dropped {
            task.abort();
        }
        let seat = Arc::new(Seat { table: Arc::clone(self), id, peer, delivered: Mutex::default() });
        let task = tokio::spawn(serve(seat)).abort_handle();
        // A quick connection may have left already.
        if let Some(entry) = self.lock().seats.get_mut(&id) {
            entry.task = Some(task);
        }
    }

    /// Lets the open connections finish, then ends them: first those still sending, then all.
    pub(super) async fn stop(&self, limits: &Limits) {
        if timeout(limits.stop_finish, self.empty()).await.is_ok() {
            return;
        }
        self.drop_up_to(Stage::Body);
        let rest = limits.stop_hard.saturating_sub(limits.stop_finish);
        if timeout(rest, self.empty()).await.is_err() {
            self.drop_up_to(Stage::Answering);
        }
    }

    async fn empty(&self) {
        while !self.lock().seats.is_empty() {
            self.left.notified().await;
        }
    }

    /// Ends all connections that have come no further than `last`.
    fn drop_up_to(&self, last: Stage) {
        let ended = self.lock().seats.extract_if(.., |_, entry| entry.stage <= last).collect::<Vec<_>>();
        for task in ended.into_iter().filter_map(|(_, entry)| entry.task) {
            task.abort();
        }
    }

    fn has_room(&self) -> bool {
        let open = self.lock();
        open.seats.len() < self.max || open.oldest_unread().is_some()
    }

    fn lock(&self) -> MutexGuard<'_, Open> {
        self.open.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Open {
    /// The oldest without a full header; if there is none, the oldest without a full body: a
    /// genuine request comes in one piece.
    fn oldest_unread(&self) -> Option<u64> {
        let unread = self.seats.iter().filter(|(_, entry)| entry.stage < Stage::Answering);
        unread.min_by_key(|(id, entry)| (entry.stage, **id)).map(|(id, _)| *id)
    }

    /// A new seat's number, and whom to end for it if all seats are taken.
    fn take_seat(&mut self, max: usize) -> (u64, Option<AbortHandle>) {
        let oldest = if self.seats.len() < max { None } else { self.oldest_unread() };
        let dropped = oldest.and_then(|id| self.seats.remove(&id)?.task);
        let id = self.next;
        self.next += 1;
        self.seats.insert(id, Entry { stage: Stage::Header, task: None });
        (id, dropped)
    }
}

/// One connection's place in the table, left when the connection ends.
pub(super) struct Seat {
    table: Arc<Connections>,
    id: u64,
    pub(super) peer: SocketAddr,
    delivered: Mutex<Option<Box<dyn FnOnce() + Send>>>,
}

impl Seat {
    /// Notes how far the connection has come.
    pub(super) fn reach(&self, stage: Stage) {
        if let Some(entry) = self.table.lock().seats.get_mut(&self.id) {
            entry.stage = stage;
        }
    }

    /// Keeps what is to be called when the answer has gone out.
    pub(super) fn when_delivered(&self, call: Option<Box<dyn FnOnce() + Send>>) {
        *self.delivered.lock().unwrap_or_else(PoisonError::into_inner) = call;
    }

    /// The answer has gone out.
    pub(super) fn delivered(&self) {
        let call = self.delivered.lock().unwrap_or_else(PoisonError::into_inner).take();
        if let Some(call) = call {
            call();
        }
    }
}

impl Drop for Seat {
    fn drop(&mut self) {
        self.table.lock().seats.remove(&self.id);
        self.table.left.notify_one();
    }
}
