//! Many calls at once against the own port, to see how quickly they are answered. Only ever to this
//! computer itself, and each known to the engine as a test.

use std::net::SocketAddr;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use super::bench::Job;
use super::front_door::{own_address, send_signed};
use super::messages::{BenchEvent, BurstPart, BurstWish};
use crate::retell::{ApiKey, Inbound, payload, signature};
use crate::routing::Medium;
use crate::service::control::BROKEN;
use crate::service::messages::Event;
use crate::service::{Clock, Engine, Feed, WEBHOOK_PATH};

/// So many calls at most.
pub const MOST_CALLS: u32 = 2000;
/// So many callers at most.
pub const MOST_CALLERS: u32 = 1000;
/// So many calls on their way at once at most: the engine tells 64 tests apart from calls.
pub const MOST_AT_ONCE: u32 = 16;
/// How often the window hears of it.
const TOLD_EACH: Duration = Duration::from_millis(150);
/// Cities of the callers. Numbers from 555-0100 to 555-0199 there belong to nobody.
const AREA_CODES: [u32; 10] = [201, 212, 305, 312, 404, 415, 503, 617, 702, 808];

/// Who sends, with what.
pub(super) struct Burst {
    pub(super) wish: BurstWish,
    pub(super) addr: SocketAddr,
    pub(super) key: ApiKey,
    pub(super) engine: Arc<Engine>,
    pub(super) clock: Clock,
    pub(super) feed: Feed,
    pub(super) job: Job,
}

/// Where the calls would go, or why none may be sent there.
pub(super) fn inner_address(listening: SocketAddr) -> Result<SocketAddr, String> {
    let addr = own_address(listening);
    if addr.ip().is_loopback() {
        return Ok(addr);
    }
    Err(format!(
        "Nothing was sent: calls are received at {} only, and a burst goes to this computer's own 127.0.0.1; \
         change the address in Settings to try one",
        listening.ip()
    ))
}

impl Burst {
    /// Sends all calls and tells how long each took. Blocks until all are answered or it is stopped.
    /// Whatever breaks, a last part is told.
    pub(super) fn run(self) {
        let begun = Instant::now();
        // Once the window knows of it, it can be stopped, however long the first answer takes.
        self.tell(self.part());
        if catch_unwind(AssertUnwindSafe(|| self.send_all(begun))).is_err() {
            let (failed, seconds) = (vec![BROKEN.to_owned()], begun.elapsed().as_secs_f64());
            self.tell(BurstPart { failed, is_done: true, seconds, ..self.part() });
        }
    }

    fn send_all(&self, begun: Instant) {
        let calls = self.calls();
        let next = AtomicU32::new(0);
        let (told, heard) = std::sync::mpsc::sync_channel(256);
        thread::scope(|scope| {
            for _ in 0..self.wish.at_once.clamp(1, MOST_AT_ONCE) {
                let (told, next, this) = (told.clone(), &next, self);
                let send = move || {
                    while this.job.is_on() {
                        let index = next.fetch_add(1, Ordering::Relaxed);
                        if index >= calls || told.send(this.send(index)).is_err() {
                            return;
                        }
                    }
                };
                if thread::Builder::new().name("burst".into()).spawn_scoped(scope, send).is_err() {
                    // The system has no more threads; those that run do the work.
                    break;
                }
            }
            drop(told);
            let mut part = self.part();
            let mut told_at = Instant::now();
            for answered in heard {
                match answered {
                    Ok(took) => part.took_us.push(took.as_micros() as u64),
                    Err(why) => part.failed.push(why),
                }
                if told_at.elapsed() >= TOLD_EACH {
                    told_at = Instant::now();
                    self.tell(std::mem::replace(&mut part, self.part()));
                }
            }
            part.is_done = true;
            part.seconds = begun.elapsed().as_secs_f64();
            self.tell(part);
        });
    }

    fn calls(&self) -> u32 {
        self.wish.calls.min(MOST_CALLS)
    }

    fn part(&self) -> BurstPart {
        BurstPart { run: self.wish.run, total: self.calls(), ..BurstPart::default() }
    }

    fn tell(&self, part: BurstPart) {
        self.feed.send(Event::Bench(BenchEvent::Burst(part)));
    }

    fn send(&self, index: u32) -> Result<Duration, String> {
        let now = self.clock.now().timestamp_millis();
        let body = Inbound {
            event: payload::event(Medium::Call).to_owned(),
            event_timestamp: Some(now),
            call_id: Some(format!("burst-{}-{index}", self.wish.run)),
            from: Some(caller(index % self.wish.callers.clamp(1, MOST_CALLERS))),
            to: self.wish.to.clone(),
            ..Inbound::default()
        }
        .to_json();
        let signed = signature::sign(&self.key, body.as_bytes(), now);
        self.engine.expect_test(&signed);
        match send_signed(self.addr, WEBHOOK_PATH, body, &signed).result {
            Ok((200, _, ms)) => Ok(Duration::from_secs_f64(ms / 1000.0)),
            Ok((status, ..)) => Err(format!("it was answered with status {status}")),
            Err(why) => Err(why),
        }
    }
}

/// One of a thousand callers that cannot exist.
fn caller(index: u32) -> String {
    let area = AREA_CODES[(index / 100) as usize % AREA_CODES.len()];
    format!("+1{area}55501{:02}", index % 100)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn callers_differ_and_a_burst_stays_on_this_computer() {
        let all: std::collections::HashSet<String> = (0..MOST_CALLERS).map(caller).collect();
        assert_eq!(all.len(), MOST_CALLERS as usize);
        assert_eq!(caller(123), "+12125550123");
        for (listening, is_inner) in
            [("127.0.0.1:1", true), ("0.0.0.0:1", true), ("[::]:1", true), ("192.0.2.7:1", false)]
        {
            let addr: Option<SocketAddr> = listening.parse().ok();
            assert_eq!(addr.map(|addr| inner_address(addr).is_ok()), Some(is_inner), "{listening}");
        }
    }
}
