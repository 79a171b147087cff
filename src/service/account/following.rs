//! When this computer is reached at another address than before, the lines that were connected at the old
//! one are connected again, if the owner allowed it; else the owner is told.

use chrono::{DateTime, TimeDelta, Utc};
use url::Url;

use crate::service::control::Control;
use crate::service::messages::Level;
use crate::service::outages::Health;

/// After this long it is tried again where it did not succeed; doubled each time, up to [`DOUBLED`] times.
const AGAIN: TimeDelta = TimeDelta::seconds(60);
/// So a failure is told four times an hour at most.
const DOUBLED: u32 = 4;

/// What was done last about an address that changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::service) struct Followed {
    address: Url,
    by_itself: bool,
    at: DateTime<Utc>,
    /// How often it was tried before.
    tries: u32,
}

impl Control {
    /// Looks whether lines are connected at an address that this computer does not have any more.
    pub(in crate::service) fn follow_address(&self) {
        let Some(account) = self.account.known() else { return };
        if self.engine.keys().is_empty() || self.account.is_changing() {
            return;
        }
        let proof = self.reachable.proof();
        // Nothing is written that was not proved to work: a slip of the owner's must not cut lines off.
        let Some(address) = proof.at.filter(|_| proof.health == Some(Health::Good)) else { return };
        let changes = self.account.connected().following(&account.numbers, &address);
        let by_itself = self.settings.follow_address;
        let (is_told, now) = (self.account.followed(), self.clock.now());
        let told = is_told.filter(|told| told.address == address && told.by_itself == by_itself);
        let rests = told.as_ref().is_some_and(|told| {
            let pause = AGAIN * 2_i32.pow(told.tries.min(DOUBLED));
            !by_itself || (now - told.at).abs() < pause
        });
        if changes.is_empty() || rests {
            return;
        }
        let tries = told.map_or(0, |told| told.tries + 1);
        self.account.set_followed(Followed { address, by_itself, at: now, tries });
        if by_itself {
            return self.change_at_retell(changes);
        }
        let mut lines: Vec<&str> = changes.iter().map(|change| change.number.as_str()).collect();
        lines.dedup();
        let lines = match lines.len() {
            1 => "1 line was".to_owned(),
            count => format!("{count} lines were"),
        };
        self.tell(
            Level::Error,
            format!(
                "This computer has another address than before, and {lines} connected at the old one: their calls do \
                 not arrive. Connect them again under Lines & agents"
            ),
        );
    }
}
