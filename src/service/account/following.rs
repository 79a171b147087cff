//! When this computer is reached at another address than before, the lines that were connected at the old
//! one are connected again, if the owner allowed it; else the owner is told.

use chrono::{DateTime, TimeDelta, Utc};
use url::Url;

use crate::service::control::Control;
use crate::service::messages::Level;
use crate::service::outages::Health;

/// After this long it is tried again where it did not succeed.
const AGAIN: TimeDelta = TimeDelta::seconds(60);

/// What was done last about an address that changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::service) struct Followed {
    address: Url,
    by_itself: bool,
    at: DateTime<Utc>,
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
        let is_known = is_told.is_some_and(|told| {
            let is_same = told.address == address && told.by_itself == by_itself;
            is_same && (!by_itself || (now - told.at).abs() < AGAIN)
        });
        if changes.is_empty() || is_known {
            return;
        }
        self.account.set_followed(Followed { address, by_itself, at: now });
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
