//! Keeps a certificate for one name: shows the one that there is, asks for the next in time, and waits
//! longer and longer where the authority gives none.

use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use rustls::ServerConfig;
use rustls::sign::CertifiedKey;
use tokio::sync::watch;
use tokio::time::sleep;
use url::Url;

use super::asking::{Asking, Refused};
use super::kept::Kept;
use super::question::shown;
use super::words::{About, is_passing};
use super::{Certified, Doing, World};
use crate::plugins::reach::{Authority, Obstacle};
use crate::reach::supervisor::{ReachState, tell};

/// How often it is looked at the clock. It may be set, and computers sleep.
const LOOK: Duration = Duration::from_secs(1);
/// The pause after a first refusal; doubled up to [`LONGEST`]. An authority takes five failures of a name
/// an hour, and the owner may ask by hand in between.
const REFUSED: TimeDelta = TimeDelta::minutes(5);
/// The same where the authority was not reached, or has troubles of its own.
const PASSING: TimeDelta = TimeDelta::minutes(1);
const LONGEST: TimeDelta = TimeDelta::hours(2);
/// For so long a certificate that was just given is good, whatever our clock says of its dates: one that is
/// wrong must not make us ask without end.
const FRESH: TimeDelta = TimeDelta::hours(12);

/// Keeps one certificate, and says how that goes.
pub(in crate::reach) struct Keeper<'a> {
    /// The address at which this computer is reached.
    pub(in crate::reach) url: &'a Url,
    /// The name in it.
    pub(in crate::reach) host: &'a str,
    /// Our port, to be told to the owner.
    pub(in crate::reach) port: u16,
    /// Who gives the certificate.
    pub(in crate::reach) authority: &'a Authority,
    /// What it takes of the world.
    pub(in crate::reach) world: &'a World,
    /// What https is answered with.
    pub(in crate::reach) https: &'a watch::Sender<Option<Arc<ServerConfig>>>,
    /// Whether this computer is reached.
    pub(in crate::reach) told: &'a watch::Sender<ReachState>,
    /// How it stands with the certificate.
    pub(in crate::reach) certified: &'a watch::Sender<Option<Certified>>,
}

/// A refusal that is being waited out.
struct Waiting {
    why: Obstacle,
    again_at: DateTime<Utc>,
    times: u32,
}

impl Keeper<'_> {
    /// Goes on until it is dropped.
    pub(in crate::reach) async fn keep(&self) -> Infallible {
        let mut kept = self.read();
        let mut waiting: Option<Waiting> = None;
        let mut got_at: Option<DateTime<Utc>> = None;
        // Until when the certificate is valid that is shown.
        let mut showing: Option<DateTime<Utc>> = None;
        loop {
            let now = (self.world.now)();
            let fresh_until = got_at.map(|at| at + FRESH).filter(|until| now < *until);
            let valid = kept.as_ref().filter(|kept| kept.is_valid(now) || fresh_until.is_some());
            let valid_until = valid.map(|kept| kept.until);
            if showing != valid_until {
                showing = valid_until;
                self.show(valid.map(|kept| kept.key.clone()), None);
            }
            let rests_until =
                valid.map(|kept| kept.renews_at().max(fresh_until.unwrap_or(now))).filter(|at| now < *at);
            let doing = match (&waiting, rests_until) {
                (_, Some(renews_at)) => Doing::Resting { renews_at },
                (Some(Waiting { why, again_at, .. }), None) if now < *again_at => {
                    Doing::Failed { why: why.clone(), again_at: *again_at }
                }
                (_, None) => Doing::Asking,
            };
            self.tell(valid_until, &doing);
            if doing != Doing::Asking {
                sleep(LOOK).await;
                continue;
            }
            let certificate = valid.map(|kept| kept.key.clone());
            let got = self.ask(certificate.clone()).await;
            // The question is over.
            self.show(certificate, None);
            match got {
                Ok(new) => (kept, waiting, got_at) = (Some(new), None, Some((self.world.now)())),
                Err(refused) => waiting = Some(self.wait(&refused, waiting.map_or(0, |before| before.times))),
            }
        }
    }

    /// What was kept before, if it can be used.
    fn read(&self) -> Option<Kept> {
        let pem = self.world.shelf.read(&self.file())?;
        let kept = Kept::read(&pem);
        kept.inspect_err(|why| tracing::warn!("the certificate that was kept is not used: {why}")).ok()
    }

    fn file(&self) -> String {
        format!("{}.pem", self.host)
    }

    async fn ask(&self, certificate: Option<Arc<CertifiedKey>>) -> Result<Kept, Refused> {
        let Self { world, authority, host, .. } = *self;
        tracing::info!("{} is asked for a certificate", authority.name);
        let show = |proof| self.show(certificate.clone(), Some(proof));
        let pem = Asking { world, authority, host }.ask(&show).await?;
        let kept = Kept::read(pem.as_bytes())
            .map_err(|why| Refused { error: instant_acme::Error::Other(why.into()), not_before: None })?;
        // One that is not kept counts until the program ends.
        if let Err(error) = world.shelf.write(&self.file(), pem.as_bytes()) {
            tracing::warn!("the new certificate could not be kept: {error}");
        }
        tracing::info!("{} gave a certificate that is valid until {}", authority.name, kept.until);
        Ok(kept)
    }

    fn wait(&self, refused: &Refused, times: u32) -> Waiting {
        let Self { authority, host, port, .. } = *self;
        let why = About { authority, host, port }.obstacle(&refused.error);
        let now = (self.world.now)();
        let first = if is_passing(&refused.error) { PASSING } else { REFUSED };
        let pause = (first * 2_i32.pow(times.min(10))).min(LONGEST);
        let again_at = refused.not_before.map_or(now + pause, |at| at.max(now + pause));
        tracing::warn!("{}. {}", why.reason, why.next);
        Waiting { why, again_at, times: times + 1 }
    }

    fn show(&self, certificate: Option<Arc<CertifiedKey>>, proof: Option<Arc<CertifiedKey>>) {
        self.https.send_replace(shown(certificate, proof));
    }

    fn tell(&self, valid_until: Option<DateTime<Utc>>, doing: &Doing) {
        let certified = Certified { authority: self.authority.name.clone(), valid_until, now: doing.clone() };
        tell(self.certified, Some(certified));
        let state = match doing {
            _ if valid_until.is_some() => ReachState::Open(self.url.clone()),
            Doing::Failed { why, .. } => ReachState::Shut { why: why.clone(), tries_again: true },
            // The same as before is not forgotten while it is asked again.
            _ if matches!(*self.told.borrow(), ReachState::Shut { .. }) => return,
            _ => ReachState::Starting,
        };
        tell(self.told, state);
    }
}
