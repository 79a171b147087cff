//! Tries many requests: several at a time, told in their order.

use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, Utc};
use futures_util::stream::{self, StreamExt};

use super::decide;
use super::files::FileRequest;
use super::messages::{FileOutcome, FileTried, Knowing};
use crate::retell::payload;
use crate::routing::Overrides;
use crate::service::answering::{Desk, call_of};
use crate::service::live::Live;

/// So many are tried at a time: their look-ups take time, and calls come first.
const AT_ONCE: usize = 8;

/// What requests are tried against.
#[derive(Clone)]
pub struct Batch {
    /// The table.
    pub live: Arc<Live>,
    /// What stands above its rules.
    pub overrides: Arc<Overrides>,
    /// Look-ups that would have to ask somebody are not asked.
    pub asks_nobody: bool,
    /// How long look-ups may take for each.
    pub budget: Duration,
    /// When those come in that tell no time of their own.
    pub now: DateTime<Utc>,
}

/// Tries all requests and tells what came of each, in their order, until `told` says that it is enough.
pub async fn try_requests(
    batch: &Batch,
    requests: Vec<FileRequest>,
    mut told: impl FnMut(FileTried) -> bool,
) {
    let mut all = stream::iter(requests).map(|request| try_one(batch, request)).buffered(AT_ONCE);
    while let Some(tried) = all.next().await {
        if !told(tried) {
            return;
        }
    }
}

async fn try_one(batch: &Batch, FileRequest { place, body }: FileRequest) -> FileTried {
    let body = match body {
        Ok(body) => body,
        Err(why) => return FileTried { place, body: String::new(), result: Err(why) },
    };
    let result = match payload::parse_pasted(&body) {
        Err(unreadable) => Err(unreadable.reason()),
        Ok(inbound) => {
            let own = inbound.event_timestamp.and_then(DateTime::from_timestamp_millis);
            let at = own.unwrap_or(batch.now);
            let table = &batch.live.table;
            let call = call_of(inbound, &table.country);
            let line = table.line_by_number(&call.to).map(|line| line.name.clone());
            let desk = Desk { live: batch.live.clone(), overrides: batch.overrides.clone(), at };
            let knowing = Knowing { asks_nobody: batch.asks_nobody, ..Knowing::default() };
            let decided = decide(&desk, call.clone(), &knowing, None, batch.budget).await;
            Ok(Box::new(FileOutcome {
                call,
                at,
                line,
                action: decided.decision.action,
                by: decided.decision.by,
                effect: decided.effect,
                answer: decided.answer,
            }))
        }
    };
    FileTried { place, body, result }
}
