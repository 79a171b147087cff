//! Where keys and certificates are kept that this computer gets by itself, and telling the window how it
//! stands with them. Getting them is `reach`'s business.

use std::io;
use std::sync::Arc;

use tokio::sync::watch;

use super::clock::Clock;
use super::feed::Feed;
use super::messages::{Event, Level, Note};
use crate::plugins::Web;
use crate::reach::{Certified, Doing, Shelf, World};
use crate::storage::{Home, atomic};

/// What getting certificates takes of the world, on these files.
#[must_use]
pub fn certificate_world(home: &Home, web: Web, clock: &Clock) -> World {
    let clock = clock.clone();
    World { web, now: Arc::new(move || clock.now()), shelf: Arc::new(Certificates(home.clone())) }
}

/// The folder of keys and certificates, which is for its owner's eyes only, as are all files in it.
struct Certificates(Home);

impl Shelf for Certificates {
    fn read(&self, name: &str) -> Option<Vec<u8>> {
        std::fs::read(self.0.certificates_folder().join(name)).ok()
    }

    fn write(&self, name: &str, content: &[u8]) -> io::Result<()> {
        atomic::write(&self.0.certificates_folder().join(name), content)
    }
}

/// Tells the window from now on how it stands, and the owner once when the authority gives no more.
pub async fn tell_certified(mut certified: watch::Receiver<Option<Certified>>, feed: Feed) {
    let mut is_told = false;
    while certified.changed().await.is_ok() {
        let now = certified.borrow_and_update().clone();
        if let Some(now) = &now {
            match (&now.now, now.valid_until) {
                // Without one, this computer is not reached, which is told as such.
                (Doing::Failed { why, .. }, Some(until)) if !is_told => {
                    is_told = true;
                    let until = until.format("%-d %b");
                    let text = format!(
                        "The certificate could not be renewed, and is valid until {until}. {}. {}",
                        why.reason, why.next
                    );
                    feed.send(Event::Note(Note { level: Level::Warning, text }));
                }
                (Doing::Resting { .. }, _) => is_told = false,
                _ => {}
            }
        }
        feed.send(Event::Certified(now));
    }
}
