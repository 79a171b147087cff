//! The test bench: the same look-ups and the same deciding as on the wire, but nothing is answered
//! and nothing is logged. `files` finds requests in files and `batch` tries them all, which
//! `files_work` does for the window; `front_door` sends real requests to our own port, and `burst`
//! many of them; `bench` does for the control thread what the window asks for.

mod batch;
mod bench;
mod burst;
mod files;
mod files_work;
mod front_door;
mod messages;

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::{Duration, Instant};

use chrono::{DateTime, Utc};

use super::answering::{Desk, decide_call, effect};
use super::live::Live;
use super::look_ups::{LookUpTrace, all_missing, gather_each};
use crate::plugins::{OpenLookUp, Registry};
use crate::routing::{Call, Facts, Overrides};

pub use batch::{Batch, try_requests};
pub use bench::BenchDesk;
pub use burst::{MOST_AT_ONCE, MOST_CALLERS, MOST_CALLS};
pub use files::{FileRequest, read_requests};
pub use messages::{
    Bench, BenchEvent, BurstPart, BurstWish, FileOutcome, FileTried, FilesPart, FrontDoor, Knowing,
    RulesAlone, Source, Trial, Tried, TriedDecision,
};

/// Why a fact is missing where nobody is asked.
const NOT_ASKED: &str = "it was not asked, as look-ups are pinned";

/// Decides a call that did not happen, against its draft or else against the live table. Where an
/// override decides, it is told too what the rules alone would have done.
pub async fn try_call(
    trial: Trial,
    live: Arc<Live>,
    overrides: Arc<Overrides>,
    registry: &Registry,
    budget: Duration,
) -> Tried {
    let table = match &trial.draft {
        Some(draft) => Live::build(0, draft.clone(), registry).map(Arc::new),
        None => Ok(live),
    };
    let table = match table {
        Ok(table) => table,
        Err(problems) => return Tried { trial, result: Err(problems) },
    };
    let version = trial.draft.is_none().then_some(table.version);
    let desk = Desk { live: table, overrides, at: trial.at };
    let result = decide(&desk, trial.call.clone(), &trial.knowing, version, budget).await;
    Tried { trial, result: Ok(result) }
}

async fn decide(
    desk: &Desk,
    call: Call,
    knowing: &Knowing,
    version: Option<u32>,
    budget: Duration,
) -> TriedDecision {
    let call = Arc::new(call);
    let started = Instant::now();
    let (facts, sources, look_ups) = find_out(&desk.live.look_ups, &call, desk.at, knowing, budget).await;
    let made = decide_call(desk, call.clone(), (facts, look_ups), started.elapsed(), None);
    let rules = desk.ruling(Some(&call)).map(|_| {
        let compiled = &desk.live.compiled;
        let decision = compiled.decide_with(&call, &made.facts, desk.at, compiled.logged());
        Box::new(RulesAlone { effect: effect(&decision, &call), decision })
    });
    TriedDecision {
        effect: effect(&made.decision, &call),
        answer: String::from_utf8_lossy(&made.body).into_owned(),
        decision: made.decision,
        facts: made.facts,
        sources,
        look_ups: made.look_ups,
        version,
        rules,
    }
}

/// What is known of a call, from whom, and how long each look-up took.
async fn find_out(
    look_ups: &[OpenLookUp],
    call: &Arc<Call>,
    at: DateTime<Utc>,
    knowing: &Knowing,
    budget: Duration,
) -> (Facts, BTreeMap<String, Source>, Vec<LookUpTrace>) {
    let found = if knowing.asks_nobody {
        let mut found = Vec::with_capacity(look_ups.len());
        for opened in look_ups {
            if opened.look_up.is_repeatable() {
                found.extend(gather_each(std::slice::from_ref(opened), call, at, budget).await);
            } else {
                found.push(unasked(opened));
            }
        }
        found
    } else {
        gather_each(look_ups, call, at, budget).await
    };
    let mut facts = Facts::default();
    let mut sources = BTreeMap::new();
    let mut traces = Vec::with_capacity(found.len());
    for (place, (found, trace)) in found.into_iter().enumerate() {
        for (name, _) in found.iter() {
            sources.insert(name.to_owned(), Source::LookUp(place));
        }
        for (name, _) in found.iter_missing() {
            sources.entry(name.to_owned()).or_insert(Source::LookUp(place));
        }
        facts.merge(found);
        traces.push(trace);
    }
    for (name, value) in &knowing.given {
        facts.set(name, value.clone());
        sources.insert(name.clone(), Source::Given);
    }
    (facts, sources, traces)
}

fn unasked(OpenLookUp { name, gives, .. }: &OpenLookUp) -> (Facts, LookUpTrace) {
    let note = Some("not asked".to_owned());
    (all_missing(gives, NOT_ASKED), LookUpTrace { name: name.clone(), took_us: 0, note, fault: None })
}
