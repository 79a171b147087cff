//! Taking in what Retell tells of calls after they were answered. Never on a call's way: whatever
//! happens here, calls are answered as if there were no events.

use std::time::Duration;

use axum::body::Bytes;
use tokio::time::timeout;

use super::answering::call_of;
use super::engine::Engine;
use super::messages::Event;
use super::receiver::Reply;
use crate::retell::Inbound;
use crate::retell::event::CallEvent;
use crate::storage::call_log::EndNews;

/// How long an event waits to be safe on disk, well within the deadline of calls. Retell sends it again
/// if it is not.
const WAIT: Duration = Duration::from_secs(1);

impl Engine {
    /// Joins an event to its call, and says whether it needs to be sent again.
    pub(super) async fn take_event(&self, event: CallEvent, arrived_ms: i64) -> Reply {
        let CallEvent { event: _, call_id, from, to, end } = event;
        // The numbers as the log has them.
        let inbound = Inbound { from, to, ..Inbound::default() };
        let call = call_of(inbound, &self.live().table.country);
        let news = EndNews {
            call_id,
            from: call.from.number().map(str::to_owned),
            to: call.to,
            at_ms: end.started_ms.unwrap_or(arrived_ms),
            end,
        };
        match timeout(WAIT, self.take_news(news)).await {
            Ok(Some(known)) => {
                if let Some(end) = known {
                    self.tell(Event::Ends(vec![end]));
                }
                done()
            }
            _ => Reply { status: 503, body: Bytes::new(), delivered: None },
        }
    }
}

/// What an event is answered that needs nothing more.
pub(super) fn done() -> Reply {
    Reply { status: 204, body: Bytes::new(), delivered: None }
}
