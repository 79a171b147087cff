//! What the window asks of the service, on its way there. The way is bounded and the window
//! never waits for it, so what does not fit is kept here and tried again each frame.

use std::collections::VecDeque;
use std::sync::Arc;
use std::sync::mpsc::{SyncSender, TrySendError};

use crate::routing::Table;
use crate::service::messages::Command;

/// Commands that wait. Of drafts one is on its way at a time, and only the newest waits.
pub(super) struct Outbox {
    service: SyncSender<Command>,
    waiting: VecDeque<Command>,
    draft: Option<Arc<Table>>,
    saving: bool,
}

/// What came of handing commands over.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Flushed {
    /// Everything that may go now is gone.
    Empty,
    /// The service is busy; try again soon.
    Busy,
    /// The service has ended.
    Gone,
}

impl Outbox {
    pub(super) fn new(service: SyncSender<Command>) -> Self {
        Self { service, waiting: VecDeque::new(), draft: None, saving: false }
    }

    /// Asks for something other than saving the draft.
    pub(super) fn send(&mut self, command: Command) {
        match command {
            Command::SaveDraft(table) => return self.save(table),
            // It saves its own table, and an older one must not come after it.
            Command::Publish { .. } => self.draft = None,
            // They replace the draft, so what waits must be safe before.
            Command::DiscardDraft
            | Command::ImportTable(_)
            | Command::BringBack(_)
            | Command::TakeBackDraft(_) => self.queue_draft(),
            _ => {}
        }
        self.waiting.push_back(command);
    }

    /// Asks for the draft to be saved; takes the place of an older one that waits.
    pub(super) fn save(&mut self, table: Arc<Table>) {
        self.draft = Some(table);
    }

    /// The draft that was on its way is saved, or could not be.
    pub(super) fn saved(&mut self) {
        self.saving = false;
    }

    /// Whether a draft waits or is on its way.
    pub(super) fn is_saving(&self) -> bool {
        self.saving || self.draft.is_some()
    }

    /// Hands over what the service takes now.
    pub(super) fn flush(&mut self) -> Flushed {
        if !self.saving {
            self.queue_draft();
        }
        while let Some(command) = self.waiting.pop_front() {
            match self.service.try_send(command) {
                Ok(()) => {}
                Err(TrySendError::Full(command)) => {
                    self.waiting.push_front(command);
                    return Flushed::Busy;
                }
                Err(TrySendError::Disconnected(_)) => {
                    self.waiting.clear();
                    return Flushed::Gone;
                }
            }
        }
        Flushed::Empty
    }

    /// Hands over all that is left, waiting for it, at the end of the window.
    pub(super) fn finish(&mut self) {
        self.queue_draft();
        for command in self.waiting.drain(..) {
            if self.service.send(command).is_err() {
                return;
            }
        }
    }

    fn queue_draft(&mut self) {
        if let Some(table) = self.draft.take() {
            self.waiting.push_back(Command::SaveDraft(table));
            self.saving = true;
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used)]

    use std::sync::mpsc::{Receiver, sync_channel};

    use super::*;

    fn zones(received: &Receiver<Command>) -> Vec<String> {
        received
            .try_iter()
            .map(|command| match command {
                Command::SaveDraft(table) => table.zone.clone(),
                Command::Publish { table, .. } => format!("publish {}", table.zone),
                other => format!("{other:?}"),
            })
            .collect()
    }

    fn table(zone: &str) -> Arc<Table> {
        Arc::new(Table::empty("US", zone))
    }

    #[test]
    fn the_newest_draft_arrives_however_busy_the_service_is() {
        let (sender, received) = sync_channel(1);
        let mut outbox = Outbox::new(sender);
        outbox.send(Command::ForgetPreviousKey);
        for zone in ["a", "b", "c"] {
            outbox.save(table(zone));
            assert_eq!(outbox.flush(), Flushed::Busy);
        }
        assert_eq!(zones(&received), ["ForgetPreviousKey"]);
        outbox.flush();
        assert_eq!(zones(&received), ["a"]);
        outbox.saved();
        outbox.flush();
        assert_eq!(zones(&received), ["c"]);
        assert!(outbox.is_saving());
    }

    #[test]
    fn a_draft_is_never_saved_over_what_took_its_place() {
        let (sender, received) = sync_channel(9);
        let mut outbox = Outbox::new(sender);
        outbox.save(table("a"));
        outbox.send(Command::DiscardDraft);
        outbox.save(table("b"));
        outbox.send(Command::Publish {
            table: table("c"),
            note: String::new(),
            until: None,
            despite: String::new(),
        });
        outbox.save(table("d"));
        outbox.finish();
        assert_eq!(zones(&received), ["a", "DiscardDraft", "publish c", "d"]);
    }
}
