//! Calls that are older than they are to be kept: said before the first of them go, so that nobody loses
//! any by surprise, and kept while the clock is in doubt.

use std::time::Instant;

use chrono::{DateTime, TimeDelta, Utc};

use super::control::Control;
use super::messages::{Event, OldCalls};
use crate::routing::grouped;

/// So long before the first calls go it is said that they will.
const NOTICE: TimeDelta = TimeDelta::days(7);
/// Where no call came for so long, it may be the clock that is wrong: with a wrong clock no call is let
/// in, as its signature does not count. So nothing goes until one comes.
const QUIET: TimeDelta = TimeDelta::days(30);

/// What is known of old calls.
#[derive(Debug, Default)]
pub struct OldCallsWatch {
    /// When they were looked after last.
    pub(super) looked_at: Option<Instant>,
    /// What was said of them.
    said: Option<OldCalls>,
    /// Some went when they were looked after last.
    are_going: bool,
}

/// What is to be done.
#[derive(Debug, PartialEq, Eq)]
enum Care {
    /// None is to go now.
    Keep,
    /// It is to be said that they go from then on.
    Announce(DateTime<Utc>),
    /// It was said that they go from then on.
    Wait(DateTime<Utc>),
    /// Those that arrived before then go.
    LetGo(DateTime<Utc>),
}

/// What that depends on.
#[derive(Debug, Clone, Copy)]
struct Given {
    keep_days: Option<u32>,
    /// From when on calls go, as was said.
    go_from: Option<DateTime<Utc>>,
    oldest: Option<DateTime<Utc>>,
    newest: Option<DateTime<Utc>>,
    now: DateTime<Utc>,
}

impl Given {
    fn care(self) -> Care {
        let Self { keep_days, go_from, oldest, newest, now } = self;
        let Some(before) = keep_days.and_then(|days| before(now, days)) else { return Care::Keep };
        let is_none_old = oldest.is_none_or(|oldest| oldest >= before);
        let is_in_doubt = newest.is_none_or(|newest| now - newest > QUIET);
        match go_from {
            _ if is_none_old || is_in_doubt => Care::Keep,
            Some(from) if from <= now => Care::LetGo(before),
            // Farther away than is ever said: the clock was ahead then.
            Some(from) if from <= now + NOTICE => Care::Wait(from),
            _ => Care::Announce(now + NOTICE),
        }
    }
}

/// Calls from before then are older than they are to be kept.
fn before(now: DateTime<Utc>, days: u32) -> Option<DateTime<Utc>> {
    now.checked_sub_signed(TimeDelta::days(i64::from(days.max(1))))
}

impl Control {
    /// Looks after calls that are older than they are to be kept: says what will become of them, or lets
    /// some go.
    pub(super) fn look_after_old_calls(&mut self) {
        self.old_calls.looked_at = Some(Instant::now());
        // What cannot be read now is looked at again in a while.
        let Ok((oldest, newest)) = self.log.oldest_and_newest_ms() else { return };
        let moment = |ms: Option<i64>| ms.and_then(DateTime::from_timestamp_millis);
        let given = Given {
            keep_days: self.settings.keep_calls_days,
            go_from: self.settings.old_calls_go_from,
            oldest: moment(oldest),
            newest: moment(newest),
            now: self.clock.now(),
        };
        let care = given.care();
        let are_going = matches!(care, Care::LetGo(_));
        if std::mem::replace(&mut self.old_calls.are_going, are_going)
            && let Ok(total) = self.log.count()
        {
            self.feed.send(Event::TotalCalls(total));
        }
        match care {
            Care::Keep => self.tell_old_calls(None),
            Care::LetGo(before) => {
                self.tell_old_calls(None);
                self.engine.erase_before(before.timestamp_millis());
            }
            Care::Wait(from) => self.say_old_calls_go(from),
            Care::Announce(from) => {
                self.set_old_calls_go_from(from);
                self.say_old_calls_go(from);
                if let Some(OldCalls { calls, days, .. }) = &self.old_calls.said {
                    let calls = grouped(*calls as usize);
                    tracing::warn!(
                        "{calls} calls are older than {days} days and will be erased from {from} on"
                    );
                }
            }
        }
    }

    /// Lets old calls go from now on, without waiting.
    pub(super) fn let_old_calls_go(&mut self) {
        self.set_old_calls_go_from(self.clock.now());
        self.look_after_old_calls();
    }

    /// Tells a window that was just opened.
    pub(super) fn tell_old_calls_again(&self) {
        self.feed.send(Event::OldCalls(self.old_calls.said.clone()));
    }

    fn set_old_calls_go_from(&mut self, from: DateTime<Utc>) {
        let settings = crate::storage::Settings { old_calls_go_from: Some(from), ..self.settings.clone() };
        self.keep_settings(settings);
    }

    fn say_old_calls_go(&mut self, from: DateTime<Utc>) {
        let Some(days) = self.settings.keep_calls_days else { return };
        let Some(before) = before(self.clock.now(), days) else { return };
        let Ok(calls) = self.log.count_before(before.timestamp_millis()) else { return };
        self.tell_old_calls(Some(OldCalls { calls, days, from }));
    }

    fn tell_old_calls(&mut self, old_calls: Option<OldCalls>) {
        if self.old_calls.said != old_calls {
            self.old_calls.said = old_calls;
            self.tell_old_calls_again();
        }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test may panic")]
mod tests {
    use super::*;

    #[test]
    fn nothing_goes_unsaid_and_nothing_while_the_clock_is_in_doubt() {
        let at = |text: &str| -> Option<DateTime<Utc>> { Some(format!("{text}T12:00:00Z").parse().unwrap()) };
        let now = at("2026-06-01").unwrap();
        let usual = Given {
            keep_days: Some(90),
            go_from: None,
            oldest: at("2026-01-05"),
            newest: at("2026-05-31"),
            now,
        };
        let before = at("2026-03-03").unwrap();
        let said = Given { go_from: at("2026-06-04"), ..usual };
        let cases = [
            ("the first time it is said", usual, Care::Announce(at("2026-06-08").unwrap())),
            ("then it is waited", said, Care::Wait(at("2026-06-04").unwrap())),
            ("until the day", Given { go_from: at("2026-06-01"), ..usual }, Care::LetGo(before)),
            ("none is old", Given { oldest: at("2026-03-04"), ..usual }, Care::Keep),
            ("there is none", Given { oldest: None, newest: None, ..usual }, Care::Keep),
            ("all are kept", Given { keep_days: None, go_from: at("2026-01-01"), ..usual }, Care::Keep),
            ("no call came for long", Given { newest: at("2026-04-20"), ..said }, Care::Keep),
            (
                "the clock is a year ahead",
                Given { now: at("2027-06-01").unwrap(), go_from: at("2026-06-01"), ..usual },
                Care::Keep,
            ),
            (
                "it was said while the clock was ahead",
                Given { go_from: at("2027-06-08"), ..usual },
                Care::Announce(at("2026-06-08").unwrap()),
            ),
            (
                "as long as there is time",
                Given { keep_days: Some(u32::MAX), go_from: at("2026-06-01"), ..usual },
                Care::Keep,
            ),
        ];
        for (what, given, care) in cases {
            assert_eq!(given.care(), care, "{what}");
        }
    }
}
