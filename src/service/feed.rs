//! Tells the window what happens. Never waits: when nobody listens or the listener is far
//! behind, events are dropped and the listener is told to load anew.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, SyncSender, TrySendError, sync_channel};
use std::sync::{Arc, Mutex, PoisonError};

use super::messages::Event;

/// How many events wait for the window.
const CAPACITY: usize = 4096;

/// Called whenever there is something to receive.
type Wake = Box<dyn Fn() + Send>;

/// The sending end.
#[derive(Clone, Default)]
pub struct Feed(Arc<Mutex<Option<Listener>>>);

struct Listener {
    events: SyncSender<Event>,
    lagging: Arc<AtomicBool>,
    wake: Wake,
}

/// The receiving end.
pub struct Events {
    events: Receiver<Event>,
    lagging: Arc<AtomicBool>,
}

impl Feed {
    /// Starts listening; whoever listened before no longer does. `wake` is called after each
    /// event and must return at once.
    pub fn listen(&self, wake: impl Fn() + Send + 'static) -> Events {
        let (sender, receiver) = sync_channel(CAPACITY);
        let lagging = Arc::new(AtomicBool::new(false));
        let listener = Listener { events: sender, lagging: lagging.clone(), wake: Box::new(wake) };
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(listener);
        Events { events: receiver, lagging }
    }

    /// Tells an event.
    pub fn send(&self, event: Event) {
        let mut listener = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(Listener { events, lagging, wake }) = listener.as_ref() else { return };
        match events.try_send(event) {
            // A window that breaks when it is woken must not break who tells it.
            Ok(()) => drop(catch_unwind(AssertUnwindSafe(wake))),
            Err(TrySendError::Full(_)) => lagging.store(true, Ordering::Relaxed),
            Err(TrySendError::Disconnected(_)) => *listener = None,
        }
    }
}

impl Events {
    /// The next event, if there is one now.
    #[must_use]
    pub fn next(&self) -> Option<Event> {
        self.events.try_recv().ok()
    }

    /// Whether events were dropped since this was last asked.
    #[must_use]
    pub fn take_lagging(&self) -> bool {
        self.lagging.swap(false, Ordering::Relaxed)
    }
}
