//! Notices that this computer slept, that its clock was set, and that its network went or is another one:
//! within seconds of it, so that it is looked at once whether calls still arrive, and told to the owner.

use std::net::{IpAddr, Ipv6Addr};
use std::sync::Arc;
use std::time::{Duration, Instant};

use chrono::{DateTime, TimeDelta, Utc};
use chrono_tz::Tz;
use tokio::time::sleep;

use super::clock::Clock;
use super::engine::Engine;
use super::feed::Feed;
use super::messages::{Event, Level, Note};
use super::network::Network;
use super::outages::{Health, Stretch};
use super::proof::Prover;

/// How often it is looked.
const LOOK: Duration = Duration::from_secs(5);
/// Clocks that go apart by more between two looks did not go on alike.
const APART: Duration = Duration::from_secs(5);
/// Between two looks further apart than this nothing here ran.
const STANDSTILL: Duration = Duration::from_secs(15);

/// So long a computer that was just started may have no network yet.
const COMING_UP: Duration = Duration::from_secs(15);

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

impl Moment {
    /// How long it was since an earlier look.
    fn since(self, earlier: Self) -> Duration {
        let awake = self.awake.saturating_sub(earlier.awake);
        self.passed.saturating_sub(earlier.passed).max(awake)
    }

    /// When it was so long ago, by the clock on the wall as it goes now.
    fn ago(self, passed: Duration) -> DateTime<Utc> {
        self.wall - TimeDelta::from_std(passed).unwrap_or_default()
    }
}

/// What happened between two looks.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Noticed {
    /// The computer slept, or (`slept` is false) this program stood still.
    Away { from: DateTime<Utc>, until: DateTime<Utc>, slept: bool },
    /// The clock was set, forward if above zero.
    Set(TimeDelta),
    /// The network went.
    NoNetwork { since: DateTime<Utc> },
    /// It came back; `elsewhere`: as another one.
    NetworkAgain { from: DateTime<Utc>, until: DateTime<Utc>, elsewhere: bool },
    /// It is another one; that happened in between.
    Elsewhere { from: DateTime<Utc>, until: DateTime<Utc> },
}

/// What happened from one look to the next.
fn between(last: Moment, now: Moment) -> Option<Noticed> {
    let (awake, passed) = (now.awake.saturating_sub(last.awake), now.since(last));
    let slept = passed > awake + APART;
    if slept || awake > STANDSTILL {
        return Some(Noticed::Away { from: now.ago(passed), until: now.wall, slept });
    }
    let set = (now.wall - last.wall) - TimeDelta::from_std(passed).unwrap_or_default();
    let apart = TimeDelta::from_std(APART).unwrap_or_default();
    (set.abs() > apart).then_some(Noticed::Set(set))
}

/// What is known of the network.
#[derive(Clone, Copy, Debug)]
struct Networked {
    /// The one that this computer is in, or was in before it went.
    network: Option<IpAddr>,
    /// When it was first seen to be gone, if it is.
    gone: Option<Moment>,
}

impl Networked {
    /// At the first look.
    fn at(address: Option<IpAddr>, now: Moment) -> Self {
        Self { network: address.map(network_of), gone: address.is_none().then_some(now) }
    }

    /// Takes in the next look, and says what is new.
    fn look(&mut self, address: Option<IpAddr>, last: Moment, now: Moment) -> Option<Noticed> {
        let Some(network) = address.map(network_of) else {
            if self.gone.is_some() {
                return None;
            }
            self.gone = Some(now);
            return Some(Noticed::NoNetwork { since: now.wall });
        };
        let before = self.network.replace(network);
        let elsewhere = before.is_some_and(|before| before != network);
        let Some(gone) = self.gone.take() else {
            let (from, until) = (now.ago(now.since(last)), now.wall);
            return elsewhere.then_some(Noticed::Elsewhere { from, until });
        };
        let passed = now.since(gone);
        let is_news = before.is_some() || passed > COMING_UP;
        is_news.then(|| Noticed::NetworkAgain { from: now.ago(passed), until: now.wall, elsewhere })
    }
}

/// What stays the same of an address as long as the network does: computers change the second half of
/// theirs by themselves where they have IPv6.
fn network_of(address: IpAddr) -> IpAddr {
    match address {
        IpAddr::V4(_) => address,
        IpAddr::V6(address) => Ipv6Addr::from(u128::from(address) & !u128::from(u64::MAX)).into(),
    }
}

/// From when to when, in words.
fn stretch_words(from: DateTime<Utc>, until: DateTime<Utc>, zone: Tz) -> String {
    let is_short = until - from < TimeDelta::minutes(1);
    let (from, until) = (from.with_timezone(&zone), until.with_timezone(&zone));
    let format = if from.date_naive() != until.date_naive() {
        "%a %-d %b %H:%M"
    } else if is_short {
        "%H:%M:%S"
    } else {
        "%H:%M"
    };
    format!("from {} to {}", from.format(format), until.format(format))
}

impl Noticed {
    /// What happened, in a sentence.
    fn words(&self, zone: Tz) -> String {
        let time = |at: &DateTime<Utc>| at.with_timezone(&zone).format("%H:%M").to_string();
        match self {
            Self::Away { from, until, slept } => {
                let who = if *slept { "This computer slept" } else { "Switchboard stood still" };
                let stretch = stretch_words(*from, *until, zone);
                format!("{who} {stretch}: calls were not answered by Switchboard")
            }
            Self::NoNetwork { since } => format!("This computer lost its network at {}", time(since)),
            Self::NetworkAgain { from, until, elsewhere } => {
                let other = if *elsewhere { ", and is in another one now" } else { "" };
                format!("This computer had no network {}{other}", stretch_words(*from, *until, zone))
            }
            Self::Elsewhere { until, .. } => {
                format!("This computer has been in another network since {}", time(until))
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
    /// Tells which network it is.
    pub network: Network,
}

impl Waking {
    /// Looks from now on.
    pub async fn run(self) {
        let begun = Instant::now();
        let look = || Moment { wall: self.clock.now(), awake: begun.elapsed(), passed: self.clock.passed() };
        let mut last = look();
        let mut networked = Networked::at(self.network.address(), last);
        loop {
            sleep(LOOK).await;
            let now = look();
            if let Some(noticed) = between(last, now) {
                self.tell(&noticed);
            }
            if let Some(noticed) = networked.look(self.network.address(), last, now) {
                self.tell(&noticed);
            }
            last = now;
        }
    }

    fn tell(&self, noticed: &Noticed) {
        let zone = self.engine.live().table.time_zone();
        let text = noticed.words(zone);
        tracing::warn!("{text}");
        match noticed {
            Noticed::Away { from, until, .. } => {
                self.prover.note(Stretch { from: *from, until: *until, health: Health::Away(text.clone()) });
            }
            Noticed::NetworkAgain { from, until, .. } | Noticed::Elsewhere { from, until } => {
                let health = Health::Network(text.clone());
                self.prover.note(Stretch { from: *from, until: *until, health });
            }
            Noticed::Set(_) => self.engine.clock_was_set(),
            // It is a stretch once it is over.
            Noticed::NoNetwork { .. } => {}
        }
        self.feed.send(Event::Note(Note { level: Level::Warning, text }));
        self.prover.prove();
    }
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
    fn a_network_that_goes_or_is_another_one_is_told_with_its_time() {
        let zone = chrono_tz::America::New_York;
        let at = |seconds: u64| {
            let start = moment("2026-11-24T19:02:00Z", 0, 0);
            let passed = Duration::from_secs(seconds);
            Moment { wall: start.wall + TimeDelta::seconds(seconds as i64), awake: passed, passed }
        };
        let (home, office) = ("192.168.1.7", "10.1.0.7");
        // The second half of such an address changes by itself.
        let (six, six_later) = ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2:ffff:4:5:6");
        let mut networked = Networked::at(Some(home.parse().unwrap()), at(0));
        for (address, seconds, words) in [
            (Some(home), 5, ""),
            (None, 10, "This computer lost its network at 14:02"),
            (None, 15, ""),
            (Some(home), 310, "This computer had no network from 14:02 to 14:07"),
            (Some(office), 315, "This computer has been in another network since 14:07"),
            (None, 320, "This computer lost its network at 14:07"),
            (
                Some(six),
                325,
                "This computer had no network from 14:07:20 to 14:07:25, and is in another one now",
            ),
            (Some(six_later), 330, ""),
        ] {
            let address = address.map(|address| address.parse().unwrap());
            let told = networked.look(address, at(seconds - 5), at(seconds));
            let told = told.map(|noticed| noticed.words(zone)).unwrap_or_default();
            assert_eq!(told, words, "{seconds}");
        }
        // At the start of the computer.
        for (seconds, is_told) in [(5, false), (300, true)] {
            let mut networked = Networked::at(None, at(0));
            assert_eq!(networked.look(Some(office.parse().unwrap()), at(0), at(seconds)).is_some(), is_told);
        }
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
