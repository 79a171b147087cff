//! Many genuine calls at a steady rate, each on a connection of its own, and how they fared.
#![allow(dead_code, reason = "each test file uses a part")]

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::Semaphore;
use tokio::task::JoinSet;
use tokio::time::{Instant, sleep_until};

use super::wire::{self, Answer};

/// How calls come.
pub(crate) struct Load {
    pub(crate) addr: SocketAddr,
    pub(crate) key: &'static str,
    /// Calls a second; 0 for as many as are answered.
    pub(crate) per_second: u32,
    /// How many are under way at most.
    pub(crate) at_once: usize,
}

impl Load {
    /// Sends calls `numbers`; `body` writes each. Gives the answers by number.
    pub(crate) async fn send(
        &self,
        numbers: std::ops::Range<u32>,
        body: impl Fn(u32) -> String,
    ) -> Vec<(u32, Answer)> {
        let started = Instant::now();
        let seats = Arc::new(Semaphore::new(self.at_once));
        let mut under_way = JoinSet::new();
        let mut answers = Vec::new();
        for (nth, number) in (0_u32..).zip(numbers) {
            if self.per_second > 0 {
                sleep_until(started + Duration::from_secs(1) * nth / self.per_second).await;
            }
            let seat = seats.clone().acquire_owned().await.unwrap();
            let request = wire::signed(self.key, &body(number), now_ms());
            let addr = self.addr;
            under_way.spawn(async move {
                let answer = wire::send(addr, &request).await;
                drop(seat);
                (number, answer)
            });
            while let Some(answer) = under_way.try_join_next() {
                answers.push(answer.unwrap());
            }
        }
        answers.extend(under_way.join_all().await);
        answers
    }
}

/// The time that all but `share` of the calls were answered within.
pub(crate) fn all_but(share: f64, answers: &[(u32, Answer)]) -> Duration {
    let mut took: Vec<Duration> = answers.iter().map(|(_, answer)| answer.took).collect();
    took.sort_unstable();
    let place = (took.len() as f64 * (1.0 - share)).ceil() as usize;
    took[place.clamp(1, took.len()) - 1]
}

pub(crate) fn now_ms() -> i64 {
    switchboard::service::Clock::system().now().timestamp_millis()
}
