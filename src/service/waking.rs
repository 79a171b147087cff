//! Notices that this computer slept, that its clock was set, and that it is in another network: within
//! seconds of it, so that it is looked at once whether calls still arrive, and told to the owner.

use std::net::{IpAddr, Ipv4Addr, UdpSocket};
use std::sync::Arc;
use std::time::{Duration, Instant};

use chrono::{DateTime, TimeDelta, Utc};
use chrono_tz::Tz;
use tokio::time::sleep;

use super::clock::Clock;
use super::engine::Engine;
use super::feed::Feed;
use super::messages::{Event, Level, Note};
use super::outages::{Health, Stretch};
use super::proof::Prover;

/// How often it is looked.
const LOOK: Duration = Duration::from_secs(5);
/// Clocks that go apart by more between two looks did not go on alike.
const APART: Duration = Duration::from_secs(5);
/// Between two looks further apart than this nothing here ran.
const STANDSTILL: Duration = Duration::from_secs(15);

/// One look at the clocks.
#[derive(Clone, Copy, Debug)]
struct Moment {
    /// The clock on the wall.
    wall: DateTime<Utc>,
    /// How long this computer was awake, since any moment before.
    awake: Duration,
    /// How long it was on, asleep or not; the same where the system does not tell.
    passed: Duration,
}

/// What happened between two looks.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Noticed {
    /// The computer slept, or (`slept` is false) this program stood still.
    Away { from: DateTime<Utc>, until: DateTime<Utc>, slept: bool },
    /// The clock was set, forward if above zero.
    Set(TimeDelta),
}

/// What happened from one look to the next.
fn between(last: Moment, now: Moment) -> Option<Noticed> {
    let awake = now.awake.saturating_sub(last.awake);
    let passed = now.passed.saturating_sub(last.passed).max(awake);
    let slept = passed > awake + APART;
    if slept || awake > STANDSTILL {
        let from = now.wall - TimeDelta::from_std(passed).unwrap_or_default();
        return Some(Noticed::Away { from, until: now.wall, slept });
    }
    let set = (now.wall - last.wall) - TimeDelta::from_std(passed).unwrap_or_default();
    let apart = TimeDelta::from_std(APART).unwrap_or_default();
    (set.abs() > apart).then_some(Noticed::Set(set))
}

impl Noticed {
    /// What happened, in a sentence.
    fn words(&self, zone: Tz) -> String {
        match self {
            Self::Away { from, until, slept } => {
                let (from, until) = (from.with_timezone(&zone), until.with_timezone(&zone));
                let format =
                    if from.date_naive() == until.date_naive() { "%H:%M" } else { "%a %-d %b %H:%M" };
                let who = if *slept { "This computer slept" } else { "Switchboard stood still" };
                format!(
                    "{who} from {} to {}: calls were not answered by Switchboard",
                    from.format(format),
                    until.format(format)
                )
            }
            Self::Set(by) => {
                let direction = if *by > TimeDelta::zero() { "forward" } else { "back" };
                let minutes = (by.abs().num_seconds() + 30) / 60;
                let amount = match minutes {
                    0 => format!("{} seconds", by.abs().num_seconds()),
                    1..120 => format!("{minutes} min"),
                    120..2880 => format!("{} hours", minutes / 60),
                    _ => format!("{} days", minutes / 1440),
                };
                format!("This computer's clock was set {direction} by {amount}")
            }
        }
    }
}

/// What it takes to notice and tell.
pub struct Waking {
    /// Whose clock it is that was set.
    pub engine: Arc<Engine>,
    /// Looks whether calls arrive, and keeps when they did not.
    pub prover: Prover,
    /// Tells the window.
    pub feed: Feed,
    /// Tells the time.
    pub clock: Clock,
}

impl Waking {
    /// Looks from now on.
    pub async fn run(self) {
        let begun = Instant::now();
        let look = || Moment { wall: self.clock.now(), awake: begun.elapsed(), passed: self.clock.passed() };
        let (mut last, mut address) = (look(), own_address());
        loop {
            sleep(LOOK).await;
            let now = look();
            if let Some(noticed) = between(last, now) {
                self.tell(&noticed);
            }
            last = now;
            let address_now = own_address();
            if address_now != address && address_now.is_some() {
                tracing::warn!("this computer is in another network now");
                self.prover.prove();
            }
            address = address_now;
        }
    }

    fn tell(&self, noticed: &Noticed) {
        let zone = self.engine.live().table.zone.parse().unwrap_or(Tz::UTC);
        let text = noticed.words(zone);
        tracing::warn!("{text}");
        match noticed {
            Noticed::Away { from, until, .. } => {
                self.prover.note(Stretch { from: *from, until: *until, health: Health::Away(text.clone()) });
            }
            Noticed::Set(_) => self.engine.clock_was_set(),
        }
        self.feed.send(Event::Note(Note { level: Level::Warning, text }));
        self.prover.prove();
    }
}

/// The address from which this computer would reach the internet; nothing is sent to find out.
fn own_address() -> Option<IpAddr> {
    let socket = UdpSocket::bind((Ipv4Addr::UNSPECIFIED, 0)).ok()?;
    // Kept for examples in documents (RFC 5737), so nobody is there.
    socket.connect((Ipv4Addr::new(192, 0, 2, 1), 9)).ok()?;
    socket.local_addr().ok().map(|addr| addr.ip())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn moment(wall: &str, awake: u64, passed: u64) -> Moment {
        let seconds = Duration::from_secs;
        Moment { wall: wall.parse().unwrap(), awake: seconds(awake), passed: seconds(passed) }
    }

    fn told(last: Moment, now: Moment) -> Option<String> {
        between(last, now).map(|noticed| noticed.words(chrono_tz::America::New_York))
    }

    #[test]
    fn a_night_asleep_is_told_with_its_hours() {
        let evening = moment("2026-11-24T03:10:00Z", 1000, 1000);
        let morning = moment("2026-11-24T11:55:00Z", 1003, 1000 + 31_500);
        assert_eq!(
            told(evening, morning).unwrap(),
            "This computer slept from Mon 23 Nov 22:10 to Tue 24 Nov 06:55: calls were not answered by Switchboard"
        );
    }

    #[test]
    fn what_stood_still_while_the_computer_was_awake_is_told_too() {
        let last = moment("2026-11-24T15:00:00Z", 1000, 1000);
        let now = moment("2026-11-24T15:02:00Z", 1120, 1120);
        let words = "Switchboard stood still from 10:00 to 10:02: calls were not answered by Switchboard";
        assert_eq!(told(last, now).unwrap(), words);
        assert_eq!(told(last, moment("2026-11-24T15:00:12Z", 1012, 1012)), None, "a busy computer");
    }

    #[test]
    fn a_clock_that_was_set_is_no_sleep() {
        let last = moment("2026-11-24T15:00:00Z", 1000, 1000);
        for (wall, words) in [
            ("2026-11-24T15:00:15Z", "set forward by 10 seconds"),
            ("2026-11-24T14:59:55Z", "set back by 10 seconds"),
            ("2026-11-24T16:00:05Z", "set forward by 60 min"),
            ("2026-11-24T12:00:05Z", "set back by 3 hours"),
            ("2027-11-24T15:00:05Z", "set forward by 365 days"),
            ("2025-11-24T15:00:05Z", "set back by 365 days"),
        ] {
            let told = told(last, moment(wall, 1005, 1005)).unwrap();
            assert_eq!(told, format!("This computer's clock was {words}"));
        }
        assert_eq!(told(last, moment("2026-11-24T15:00:08Z", 1005, 1005)), None, "it went a little fast");
    }
}
