//! A call's way from bytes to answer: verify, parse, recognise, look up, decide, record, answer.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

use axum::body::Bytes;
use fail::fail_point;
use tokio::time::timeout;

use super::{Engine, Passage};
use crate::retell::{Refusal, Unreadable, event, payload, signature};
use crate::routing::Medium;
use crate::service::answering::{self, Desk, Made};
use crate::service::messages::Event;
use crate::service::net::{self, Way};
use crate::service::receiver::{Incoming, Receiver, Reply};
use crate::service::same_call::{Answered, Entry, Slot};
use crate::service::{breaking, ending, proof};
use crate::storage::call_log::{Afterwards, Record, Refused, Ticket};

/// The latest that a call is decided; what is left of the time is for the last net.
const DECIDED_WITHIN: Duration = Duration::from_millis(1800);
/// How long an answer waits for its record to be safe on disk: far longer than a disk that is well
/// takes, so that not even the death of this process loses a call that was answered.
const RECORD_WAIT: Duration = Duration::from_millis(250);
/// The same while the disk is known to be slow: one call has waited for it already.
const RECORD_WAIT_SLOW: Duration = Duration::from_millis(20);

impl Engine {
    pub(in crate::service) async fn handle(self: Arc<Self>, incoming: Incoming, way: Arc<Way>) -> Reply {
        let started = Instant::now();
        let arrived_ms = self.clock.now().timestamp_millis();
        let Incoming { door, is_event, signatures, body, peer } = incoming;
        let headers: Vec<&[u8]> = signatures.iter().map(Vec::as_slice).collect();
        let body_bytes = body.len() as u64;
        let refused = |code: &str, reason: String| Refused {
            id: 0,
            at_ms: arrived_ms,
            last_ms: arrived_ms,
            peer: peer.ip().to_string(),
            code: code.to_owned(),
            reason,
            body_bytes,
            count: 1,
        };
        match signature::verify(&self.keys.load(), &headers, body, arrived_ms) {
            Ok(verified) => {
                if let Some(answer) = proof::answer(verified.body(), &self.run) {
                    return Reply::ok(answer);
                }
                way.found_genuine();
                let underway = self.memory.in_flight.begin(verified.body());
                let verify_us = started.elapsed().as_micros() as u64;
                let read = || {
                    if underway.is_deadly {
                        return Err(Unreadable::Deadly);
                    }
                    breaking::break_off(verified.body());
                    fail_point!("parse");
                    payload::parse(&verified)
                };
                let inbound =
                    catch_unwind(AssertUnwindSafe(read)).unwrap_or_else(|_panic| Err(Unreadable::Broken));
                // An owner may have pasted one address where the other belongs: what came counts.
                if let Err(wrong @ Unreadable::WrongEvent { event: name }) = &inbound {
                    if self.takes_events()
                        && let Some(event) = event::parse(&verified)
                    {
                        return self.take_event(event, arrived_ms).await;
                    }
                    // Nobody rings, so there is nothing to be answered.
                    if event::is_call_event(name) {
                        if !self.takes_events() {
                            self.refuse(refused("call_event", wrong.reason()));
                        }
                        return ending::done();
                    }
                }
                if is_event && inbound.is_err() {
                    return ending::done();
                }
                let is_test = self.is_test(&verified.mac());
                let passage =
                    Arc::new(Passage { door, verified, inbound, arrived_ms, started, verify_us, is_test });
                way.reads(&passage);
                self.pass(passage, &way).await
            }
            Err(refusal) => {
                if let Refusal::Clock { skew_ms } = refusal {
                    self.skew.refused(skew_ms, arrived_ms, started);
                }
                self.refuse(refused(code(&refusal), refusal.reason()));
                Reply { status: 401, body: Bytes::new(), delivered: None }
            }
        }
    }

    /// Everything after the signature: from here on there is an answer, and it is a 200.
    async fn pass(self: Arc<Self>, passage: Arc<Passage>, way: &Way) -> Reply {
        fail_point!("recognise");
        let deadline = DECIDED_WITHIN.saturating_sub(passage.started.elapsed());
        let slot = match self.same_call.enter(passage.marks(), way.settled(), passage.started) {
            Entry::First(slot) => slot,
            Entry::Again(slot) => return self.repeat(slot, &passage, deadline).await,
        };
        way.enters(&slot);
        self.measure(&passage);
        let desk = self.desk();
        let turns = (!passage.is_test).then(|| self.memory.turns.clone());
        let inbound = passage.inbound.clone();
        let work = tokio::spawn(answering::answer(desk.clone(), inbound, passage.door, self.budget, turns));
        let stop = work.abort_handle();
        let made = match timeout(deadline, work).await {
            Ok(Ok(made)) => made,
            Ok(Err(_panic)) => answering::emergency(
                &desk,
                &passage.inbound,
                passage.door,
                "Something in this program broke while deciding; please report it",
            ),
            Err(_late) => {
                stop.abort();
                answering::emergency(&desk, &passage.inbound, passage.door, "Deciding took too long")
            }
        };
        self.record_and_reply(&slot, &passage, made, way).await
    }

    async fn record_and_reply(
        self: &Arc<Self>,
        slot: &Arc<Slot>,
        passage: &Passage,
        made: Made,
        way: &Way,
    ) -> Reply {
        let body = slot.settle(made.body.clone());
        let is_caught = body != made.body;
        let tell = if is_caught { Vec::new() } else { made.decision.tell.clone() };
        let record = if is_caught { net::record_of(self, passage, &body) } else { passage.record(made) };
        let mut summary = record.summary.clone();
        fail_point!("record");
        if way.record().is_some() {
            // The last net has recorded this call meanwhile.
            return Reply::ok(body);
        }
        self.counts.answered(&summary);
        self.memory.history.add(&summary);
        let made_at = Instant::now();
        let ticket = self.log.record(record);
        summary.id = ticket.id;
        way.recorded_as(ticket.id);
        fail_point!("wait-for-record");
        if !self.is_safe(ticket).await {
            summary.late = true;
            self.log.mark_late(summary.id);
        }
        let recorded_at = Instant::now();
        slot.answer(Answered { body: body.clone(), record: Some(summary.id) });
        fail_point!("tell");
        let id = summary.id;
        self.notice(&summary, tell);
        self.feed.send(Event::Call(summary));
        let (slot, engine) = (slot.clone(), self.clone());
        let delivered = move || {
            slot.delivered();
            let record = recorded_at.duration_since(made_at);
            engine.log.took(id, Afterwards { record, answer: recorded_at.elapsed() });
        };
        Reply { status: 200, body, delivered: Some(Box::new(delivered)) }
    }

    /// Waits for a record to be safe on disk, as long as a caller can be let wait for that; the log
    /// goes on trying by itself.
    async fn is_safe(&self, ticket: Ticket) -> bool {
        let is_slow = self.log_is_slow.load(Ordering::Relaxed);
        let wait = if is_slow { RECORD_WAIT_SLOW } else { RECORD_WAIT };
        let is_safe = matches!(timeout(wait, ticket.committed()).await, Ok(Ok(())));
        self.log_is_slow.store(!is_safe, Ordering::Relaxed);
        is_safe
    }

    /// The same call again: the first answer, byte for byte.
    async fn repeat(&self, slot: Arc<Slot>, passage: &Passage, deadline: Duration) -> Reply {
        let body = match timeout(deadline, slot.answered()).await {
            Ok(Answered { body, record }) => {
                self.counts.repeated();
                let attempts = slot.count_attempt();
                if let Some(id) = record {
                    self.log.attempt_again(id);
                    self.feed.send(Event::Again { id, attempts });
                }
                body
            }
            // The first attempt is held up; whatever it finds, this is the answer from now on.
            Err(_late) => slot.settle(self.last_resort(Some(passage), passage.door)),
        };
        Reply { status: 200, body, delivered: Some(Box::new(move || slot.delivered())) }
    }

    /// The fallback's answer; should even that break, the line's own agent.
    pub(in crate::service) fn last_resort(&self, passage: Option<&Passage>, door: Medium) -> Bytes {
        let fallback = || self.broken(passage, door).body;
        catch_unwind(AssertUnwindSafe(fallback)).unwrap_or_else(|_panic| answering::nothing(door))
    }

    /// What the fallback says where something broke.
    pub(in crate::service) fn broken(&self, passage: Option<&Passage>, door: Medium) -> Made {
        let reason = "Something in this program broke or hung; please report it";
        let unknown = Err(Unreadable::Broken);
        let inbound = passage.map_or(&unknown, |passage| &passage.inbound);
        answering::emergency(&self.desk(), inbound, door, reason)
    }

    /// Logs a call that the last net caught, and tells the window.
    pub(in crate::service) fn record_caught(&self, record: Record) -> i64 {
        let mut summary = record.summary.clone();
        self.counts.answered(&summary);
        let ticket = self.log.record(record);
        summary.id = ticket.id;
        self.notice(&summary, Vec::new());
        self.feed.send(Event::Call(summary));
        ticket.id
    }

    /// What counts at this moment.
    fn desk(&self) -> Desk {
        Desk { live: self.live(), overrides: self.overrides(), at: self.clock.now() }
    }

    /// Compares the clock with Retell's. What the owner sent is signed by this computer's own, and what
    /// comes again was signed earlier.
    fn measure(&self, passage: &Passage) {
        if !passage.is_test {
            let skew_ms = passage.arrived_ms.saturating_sub(passage.verified.timestamp_ms());
            self.skew.let_in(skew_ms, passage.arrived_ms, passage.started);
        }
    }

    pub(super) fn refuse(&self, refused: Refused) {
        self.refusals.fetch_add(1, Ordering::Relaxed);
        self.log.refuse(refused.clone());
        self.feed.send(Event::Refused(refused));
    }
}

/// The reason in one word, for grouping.
fn code(refusal: &Refusal) -> &'static str {
    match refusal {
        Refusal::NoKey => "no_key",
        Refusal::NoHeader => "no_signature",
        Refusal::SeveralHeaders => "several_signatures",
        Refusal::BadForm => "bad_form",
        Refusal::Clock { .. } => "clock",
        Refusal::Mismatch => "mismatch",
    }
}
